"""What of a text is compared: pieces of its words, the words, and pairs of neighbours; each as a number."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from bot.answers.phrases import tokens_of

# Pieces of 3 and 4 letters find as much as 2 to 5 do (on questions held back), at half the memory.
PIECE_CHARS = (3, 4)
# A "word" longer than this is a pasted key or a web address; only its beginning is looked at.
_MAX_WORD_CHARS = 40
# Few words make up most of what is written.
_WORDS_KEPT = 8_192


def grams_of(text: str) -> Counter[int]:
    """Every gram of the text with its count."""
    words = [word[:_MAX_WORD_CHARS] for word in tokens_of(text)]
    grams = [number for word in words for number in _of_word(word)]
    grams += [number_of(f"={first}_{second}") for first, second in pairwise(words)]
    return Counter(grams)


def number_of(gram: str) -> int:
    """32 bits that stand for a gram, the same in every process."""
    return crc32(gram.encode("utf-8", "replace"))


@lru_cache(maxsize=_WORDS_KEPT)
def _of_word(word: str) -> tuple[int, ...]:
    """The word, marked by `=`, and its pieces, its ends marked by spaces."""
    bounded = f" {word} "
    pieces = (bounded[at : at + chars] for chars in PIECE_CHARS for at in range(len(bounded) - chars + 1))
    return (number_of(f"={word}"), *map(number_of, pieces))
