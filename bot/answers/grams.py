"""What of a text is compared: pieces of its words, the words, and pairs of neighbours."""

from collections import Counter
from itertools import pairwise

from bot.answers.phrases import tokens_of

# Pieces of 3 and 4 letters find as much as 2 to 5 do (leave-one-out on our questions), at half the memory.
PIECE_CHARS = (3, 4)
# A "word" longer than this is a pasted key or a web address; only its beginning is looked at.
_MAX_WORD_CHARS = 40


def grams_of(text: str) -> Counter[str]:
    """Every gram of the text with its count. Words carry `=`, the ends of words a space."""
    words = [word[:_MAX_WORD_CHARS] for word in tokens_of(text)]
    grams = [f"={word}" for word in words]
    grams += [f"={first}_{second}" for first, second in pairwise(words)]
    for word in words:
        bounded = f" {word} "
        for chars in PIECE_CHARS:
            grams += [bounded[at : at + chars] for at in range(len(bounded) - chars + 1)]
    return Counter(grams)
