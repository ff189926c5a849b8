"""Lists of words and phrases of all languages, found in a text at one go."""

from collections.abc import Iterable
from pathlib import Path

from bot.answers.content import ContentError, read_lines
from bot.answers.folding import fold, latin

# A lone word open after fewer letters would match half the dictionary.
MIN_BEGINNING_CHARS = 2


class Phrases:
    """Phrases of one or more words; a `*` after the last word lets any ending follow."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._whole: set[str] = set()
        # What a longer phrase begins with, so that a search knows when to stop.
        self._heads: set[str] = set()
        # Beginnings of the last word by what stands before it, and how long they are.
        self._beginnings: dict[str, set[str]] = {}
        for phrase in phrases:
            self._add(phrase)
        self._lengths = {
            head: sorted({len(beginning) for beginning in beginnings}) for head, beginnings in self._beginnings.items()
        }

    @classmethod
    def load(cls, folder: Path, without: str = "\0") -> "Phrases":
        """All `*.txt` files of the folder, whatever their language, lines ending with `without` left out.

        Raises ContentError.
        """
        lines: list[str] = []
        for file in sorted(folder.glob("*.txt")):
            for number, line in read_lines(file):
                if "*" in line[:-1]:
                    raise ContentError(file, number, "a `*` may only stand after the last word")
                if not any(sign.isalnum() for sign in line):
                    raise ContentError(file, number, "there is no letter and no digit in this line")
                if line.endswith("*") and len(latin(fold(line))) < MIN_BEGINNING_CHARS:
                    raise ContentError(file, number, "too few letters stand before the `*`")
                if not line.endswith(without):
                    lines.append(line)
        return cls(lines)

    def __bool__(self) -> bool:
        return bool(self._whole or self._beginnings)

    def longest_at(self, tokens: list[str], start: int) -> int:
        """How many tokens the longest phrase beginning at `start` covers; 0 if none does."""
        longest = 0
        head = ""
        for at in range(start, len(tokens)):
            token = tokens[at]
            if head in self._beginnings and self._begins(head, token):
                longest = at - start + 1
            head = f"{head} {token}" if head else token
            if head in self._whole:
                longest = at - start + 1
            if head not in self._heads:
                break
        return longest

    def _begins(self, head: str, token: str) -> bool:
        beginnings = self._beginnings[head]
        for length in self._lengths[head]:  # noqa: SIM110 - a plain loop is faster; every word comes by here
            if token[:length] in beginnings:
                return True
        return False

    def _add(self, phrase: str) -> None:
        tokens = tokens_of(phrase)
        if not tokens:
            return
        for count in range(1, len(tokens)):
            self._heads.add(" ".join(tokens[:count]))
        if phrase.rstrip().endswith("*"):
            self._beginnings.setdefault(" ".join(tokens[:-1]), set()).add(tokens[-1])
        else:
            self._whole.add(" ".join(tokens))


def tokens_of(text: str) -> list[str]:
    """The words of a text in the one spelling that phrases are kept in."""
    return latin(fold(text)).split()
