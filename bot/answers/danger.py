"""Words that mean somebody may be hurt: emergency numbers come before anything else."""

from collections.abc import Iterable
from pathlib import Path

from bot.answers.content import ContentError, read_lines
from bot.answers.phrases import Phrases, tokens_of

# Everything a person writes in panic stands near the beginning; a pasted book is not read to its end.
MAX_CHARS = 1_000
# A bare number ("112") asks for help when hardly anything stands beside it; "room 112 upstairs" is no call.
_NUMBER_BESIDE_WORDS = 2
_CRY = "!"
# Arabic writes "and" as a letter before the word; shorter words begin with it by themselves.
_ARABIC_AND = "و"
_MIN_CHARS_AFTER_AND = 3


class Danger:
    """The danger phrases of every language at once: people write in the language of their fear.

    A line that ends with `!` is a cry: danger only as the whole message ("fire!", not "the boss will fire me").
    """

    def __init__(self, phrases: Phrases, cries: Iterable[str] = ()) -> None:
        self._phrases = phrases
        self._cries = frozenset(" ".join(tokens_of(cry)) for cry in cries)

    @classmethod
    def load(cls, folder: Path) -> "Danger":
        """The phrase files of the folder. Raises ContentError, also when there is no phrase at all."""
        phrases = Phrases.load(folder, without=_CRY)
        if not phrases:
            raise ContentError(folder, 0, "there are no danger words")
        lines = [line for file in sorted(folder.glob("*.txt")) for _number, line in read_lines(file)]
        return cls(phrases, [line for line in lines if line.endswith(_CRY)])

    def sounds(self, text: str) -> bool:
        """Whether a danger phrase stands in the text, negated or not."""
        tokens = tokens_of(text[:MAX_CHARS])
        if self._stands_in(tokens) or " ".join(tokens) in self._cries:
            return True
        bare = [_without_and(token) for token in tokens]
        return bare != tokens and self._stands_in(bare)

    def _stands_in(self, tokens: list[str]) -> bool:
        few = len(tokens) <= 1 + _NUMBER_BESIDE_WORDS
        for start, token in enumerate(tokens):
            covered = self._phrases.longest_at(tokens, start)
            if covered > 1 or (covered == 1 and (few or not token.isdecimal())):
                return True
        return False


def _without_and(token: str) -> str:
    if token.startswith(_ARABIC_AND) and len(token) > _MIN_CHARS_AFTER_AND:
        return token[len(_ARABIC_AND) :]
    return token
