"""Kinds of questions: what counts as an answer, read strictly when stored, understood kindly when typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from bot.answers.folding import fold
from bot.dialog.messages import Bind, Button
from bot.domain import pins
from bot.i18n import SOURCE_LANGUAGE, Catalogs, Text, _, _p

YES: Final = _p("words", "yes, ok, sure, right")
NO: Final = _p("words", "no, not, wrong")
_MOST_DIGITS: Final = 9
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. Its id is stored and never changes its meaning; its label is what people see."""

    id: str
    label: Text


class Gone(Exception):
    """A stored answer is no longer one of the options."""


class NotUnderstood(Exception):
    """The words are no answer to this question; `hint` says what would be."""

    def __init__(self, hint: Text) -> None:
        super().__init__(hint.msgid)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Speech:
    """The person's language, to understand labels and yes and no in it."""

    catalogs: Catalogs
    language: str

    def says(self, words: str, label: Text) -> bool:
        """Whether folded `words` are this label, in the person's language or in English."""
        return words in {fold(self.catalogs.say(label, language)) for language in self._languages()}

    def among(self, words: str, synonyms: Text) -> bool:
        """Whether folded `words` are one of a comma-separated list of synonyms."""
        return any(
            words == fold(synonym)
            for language in self._languages()
            for synonym in re.split(r"[,،]", self.catalogs.say(synonyms, language))
        )

    def _languages(self) -> tuple[str, str]:
        return (self.language, SOURCE_LANGUAGE)


class Question(Protocol):
    """What the engine needs of a question."""

    @property
    def key(self) -> str:
        """By which the answer is stored."""
        ...

    @property
    def text(self) -> Text:
        """What is asked."""
        ...

    @property
    def private(self) -> bool:
        """Whether the answer must reach no count and no log."""
        ...

    def buttons(self, run: str) -> Sequence[Button]:
        """The answers to press."""
        ...

    def read(self, stored: Any) -> Any:  # noqa: ANN401
        """The value of a stored answer. Raises Gone."""
        ...

    def understand(self, words: str, speech: Speech) -> Any:  # noqa: ANN401
        """What to store for typed words. Raises NotUnderstood."""
        ...


def answer_bind(run: str, key: str, option: str) -> Bind:
    """The button that answers `key` with `option` in this run of a flow."""
    return Bind("answer", f"{run}:{key}:{option}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options."""

    key: str
    text: Text
    options: Sequence[Option]
    private: bool = False
    beside: Sequence[Button] = ()  # that answer nothing: why this is asked

    def buttons(self, run: str) -> Sequence[Button]:
        """One for each option."""
        return [*(Button(option.label, answer_bind(run, self.key, option.id)) for option in self.options), *self.beside]

    def read(self, stored: Any) -> str:  # noqa: ANN401
        """The id, if it is still an option. Raises Gone."""
        if stored not in {option.id for option in self.options}:
            raise Gone
        return str(stored)

    def understand(self, words: str, speech: Speech) -> str:
        """An option by its number or label. Raises NotUnderstood."""
        said = fold(words).strip()
        if said.isdecimal() and len(said) <= _MOST_DIGITS and 1 <= int(said) <= len(self.options):
            return self.options[int(said) - 1].id
        for option in self.options:
            if speech.says(said, option.label):
                return option.id
        raise NotUnderstood(_("Please choose one of these."))


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Yes or no to one exact sentence."""

    key: str
    text: Text
    private: bool = False

    def buttons(self, run: str) -> Sequence[Button]:
        """Yes and No. Yes carries the sentence's fingerprint, so that it agrees to nothing else."""
        return [
            Button(_("Yes"), answer_bind(run, self.key, f"yes-{self.text.fingerprint()}")),
            Button(_("No"), answer_bind(run, self.key, "no")),
        ]

    def read(self, stored: Any) -> bool:  # noqa: ANN401
        """Whether this very sentence was agreed to. Raises Gone when it was another one."""
        if stored == "no":
            return False
        if stored == f"yes-{self.text.fingerprint()}":
            return True
        raise Gone

    def understand(self, words: str, speech: Speech) -> str:
        """Yes, no, 1 or 2. Raises NotUnderstood."""
        said = fold(words).strip()
        if said == "1" or speech.says(said, _("Yes")) or speech.among(said, YES):
            return f"yes-{self.text.fingerprint()}"
        if said == "2" or speech.says(said, _("No")) or speech.among(said, NO):
            return "no"
        raise NotUnderstood(_("Please answer yes or no."))


SKIPPED: Final = ""  # stored where a question was left out


def _skipping(question: Question, skip: Text | None, run: str) -> Sequence[Button]:
    return () if skip is None else (Button(skip, answer_bind(run, question.key, SKIPPED)),)


@dataclass(frozen=True, slots=True)
class FreeText:
    """The person's own words. With `skip`, what a button says that leaves them out: the answer is then empty."""

    key: str
    text: Text
    private: bool = False
    most_chars: int = 1000
    skip: Text | None = None
    tells: bool = False  # a story: whatever it is about, it is the answer and no question to us

    def buttons(self, run: str) -> Sequence[Button]:
        """None, or the one that skips."""
        return _skipping(self, self.skip, run)

    def read(self, stored: Any) -> str:  # noqa: ANN401
        """The words."""
        return str(stored)

    def understand(self, words: str, speech: Speech) -> str:
        """Any words that are not too many. Raises NotUnderstood."""
        said = words.strip()
        if self.skip is not None and speech.says(fold(said).strip(), self.skip):
            return SKIPPED
        if not said:
            raise NotUnderstood(_("Please write a few words."))
        if len(said) > self.most_chars:
            raise NotUnderstood(_("That is too long. Please use at most {n} characters.", n=self.most_chars))
        return said


@dataclass(frozen=True, slots=True)
class Voiced:
    """A voice note that somebody has sent: the platform's id of it, and how long it is (0 where nobody knows)."""

    file: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """A voice note, or one of a few options in its place."""

    key: str
    text: Text
    options: Sequence[Option] = ()
    private: bool = True

    def buttons(self, run: str) -> Sequence[Button]:
        """One for each option."""
        return [Button(option.label, answer_bind(run, self.key, option.id)) for option in self.options]

    def take(self, note: Voiced) -> str:
        """What to store for a voice note."""
        return f"{note.seconds}:{note.file}"

    def read(self, stored: Any) -> Voiced | str:  # noqa: ANN401
        """The voice note or the option's id. Raises Gone."""
        seconds, colon, file = str(stored).partition(":")
        if colon and seconds.isdecimal() and file:
            return Voiced(file, int(seconds))
        return Choice(self.key, self.text, self.options).read(stored)

    def understand(self, words: str, speech: Speech) -> str:
        """An option by its label. Raises NotUnderstood."""
        said = fold(words).strip()
        for option in self.options:
            if speech.says(said, option.label):
                return option.id
        raise NotUnderstood(_("Please send a voice note: hold the microphone button of your app and read."))


_WORDS: Final = "="  # before what was typed, to tell it from a voice note


@dataclass(frozen=True, slots=True)
class Story(VoiceNote):
    """The person's own words, typed or spoken; empty when the button `skip` was pressed."""

    skip: Text | None = None
    most_chars: int = 1000

    def buttons(self, run: str) -> Sequence[Button]:
        """None, or the one that skips."""
        return _skipping(self, self.skip, run)

    def read(self, stored: Any) -> Voiced | str:  # noqa: ANN401
        """The voice note or the words. Raises Gone."""
        said = str(stored)
        if said == SKIPPED or said.startswith(_WORDS):
            return said.removeprefix(_WORDS)
        return VoiceNote.read(self, stored)

    def understand(self, words: str, speech: Speech) -> str:
        """Any words that are not too many. Raises NotUnderstood."""
        written = FreeText(self.key, self.text, self.private, self.most_chars, self.skip).understand(words, speech)
        return f"{_WORDS}{written}" if written != SKIPPED else SKIPPED


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds; digits of every script count."""

    key: str
    text: Text
    least: int
    most: int
    private: bool = False
    skip: Text | None = None

    def buttons(self, run: str) -> Sequence[Button]:
        """None, or the one that skips."""
        return _skipping(self, self.skip, run)

    def read(self, stored: Any) -> int | None:  # noqa: ANN401
        """The number; None when it was skipped. Raises Gone when it is out of bounds now."""
        if self.skip is not None and stored == SKIPPED:
            return None
        if not isinstance(stored, int) or not self.least <= stored <= self.most:
            raise Gone
        return stored

    def understand(self, words: str, speech: Speech) -> int | str:
        """A number in digits. Raises NotUnderstood."""
        said = words.strip()
        if self.skip is not None and speech.says(fold(said).strip(), self.skip):
            return SKIPPED
        if said.isdecimal() and len(said) <= _MOST_DIGITS and self.least <= int(said) <= self.most:
            return int(said)
        raise NotUnderstood(_("Please write a number from {least} to {most}.", least=self.least, most=self.most))


@dataclass(frozen=True, slots=True)
class Secret:
    """Digits that nobody may read: only their keyed fingerprint is stored, and what was typed is not written down."""

    key: str
    text: Text
    least: int
    most: int
    private: bool = True

    def buttons(self, run: str) -> Sequence[Button]:
        """None."""
        del run
        return ()

    def read(self, stored: Any) -> str:  # noqa: ANN401
        """The fingerprint."""
        return str(stored)

    def understand(self, words: str, speech: Speech) -> str:
        """The fingerprint of so many digits, of whatever script. Raises NotUnderstood."""
        del speech
        said = "".join(words.split())
        if not said.isdecimal() or not self.least <= len(said) <= self.most:
            raise NotUnderstood(_("Please type {least} to {most} digits.", least=self.least, most=self.most))
        return pins.seal("".join(str(int(digit)) for digit in said))


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, written day first."""

    key: str
    text: Text
    private: bool = False
    skip: Text | None = None

    def buttons(self, run: str) -> Sequence[Button]:
        """None, or the one that skips."""
        return _skipping(self, self.skip, run)

    def read(self, stored: Any) -> date | None:  # noqa: ANN401
        """The day; None when it was skipped. Raises Gone when it cannot be read."""
        if self.skip is not None and stored == SKIPPED:
            return None
        try:
            return date.fromisoformat(stored)
        except (TypeError, ValueError):
            raise Gone from None

    def understand(self, words: str, speech: Speech) -> str:
        """`31. 12. 2026`, `31/12/2026` or `2026-12-31`. Raises NotUnderstood."""
        if self.skip is not None and speech.says(fold(words).strip(), self.skip):
            return SKIPPED
        parts = re.findall(r"\d+", words)
        if len(parts) == 3 and all(len(part) <= 4 for part in parts):  # noqa: PLR2004 - day, month, year
            numbers = [int(part) for part in parts]
            day, month, year = numbers if numbers[0] <= 31 else numbers[::-1]  # noqa: PLR2004 - no day
            with suppress(ValueError):
                # Years of another calendar, or of two digits, are not guessed.
                if _FIRST_YEAR <= year <= _LAST_YEAR:
                    return date(year, month, day).isoformat()
        raise NotUnderstood(_("Please write a date like {example}.", example="31. 12. 2026"))
