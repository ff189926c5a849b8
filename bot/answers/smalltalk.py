"""Greetings and thanks: a text that is nothing else needs no topic."""

from pathlib import Path

from bot.answers.phrases import Phrases, tokens_of

# Longer texts are no greeting even when every word could be one.
_MAX_WORDS = 12


class Smalltalk:
    """The small talk phrases of every language."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    @classmethod
    def load(cls, folder: Path) -> "Smalltalk":
        """The phrase files of the folder. Raises ContentError."""
        return cls(Phrases.load(folder))

    def covers(self, text: str) -> bool:
        """Whether the whole text is small talk."""
        tokens = tokens_of(text)
        if not 0 < len(tokens) <= _MAX_WORDS:
            return False
        at = 0
        while at < len(tokens):
            step = self._phrases.longest_at(tokens, at)
            if not step:
                return False
            at += step
        return True
