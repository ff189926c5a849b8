"""How much of a language somebody knows: a self-check, their own word, or a test in person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain.courses import Level
from bot.i18n import Text, _, joined, language_name

CHECKED, KNOWN, TEST = "check", "known", "test"
LABELS: Final[dict[Level, Text]] = {
    Level.A0: _("A0: just starting"),
    Level.A1: _("A1: simple words"),
    Level.A2: _("A2: everyday things"),
    Level.B1: _("B1: I manage alone"),
    Level.B2: _("B2: I can discuss"),
    Level.C1: _("C1: almost everything"),
}
TEST_LABEL: Final = _("Not sure: test me")
_YES, _SOME, _NO = "yes", "some", "no"
_WORTH: Final = {_YES: 2, _SOME: 1, _NO: 0}


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that one can do at a level."""

    key: str
    level: Level
    text: Text


# Own sentences, after what the Common European Framework of Reference (Council of Europe) says of its levels.
STATEMENTS: Final = (
    Statement("can.introduce", Level.A1, _("I can say who I am, where I live and how old I am.")),
    Statement("can.signs", Level.A1, _("I understand short words on doors and forms: open, closed, name, address.")),
    Statement(
        "can.shop", Level.A2, _("I can buy what I need and ask the way, and I understand the answer when it is slow.")
    ),
    Statement(
        "can.write", Level.A2, _("I can write a short message, for example that I am ill and come tomorrow.")
    ),
    Statement(
        "can.explain", Level.B1, _("I can explain a problem to a doctor or a teacher, and say what I would like.")
    ),
    Statement(
        "can.discuss", Level.B2, _("I can talk with several people about work or news, and say why I do not agree.")
    ),
)  # fmt: skip
KEYS: Final = ("level.how", "level", *(one.key for one in STATEMENTS))  # to ask all of it again


@dataclass(frozen=True, slots=True)
class Placement:
    """What somebody brings along, and how that is known. Without a level it is to be tested in person."""

    level: Level | None
    how: str

    @property
    def line(self) -> Text:
        """As it stands in a review."""
        return _("To be tested in person") if self.level is None else LABELS[self.level]


async def level_of(talk: Talk, language: str) -> Placement:
    """Ask how much of the language somebody knows. What the self-check finds is only a hint: they choose."""
    name = language_name(language, talk.person.language)
    how = await talk.choose(
        "level.how", _("{language}: how much do you know already?", language=name),
        [
            Option(CHECKED, _("Short self-check")), Option(KNOWN, _("I know my level")),
            Option(TEST, TEST_LABEL),
        ],
    )  # fmt: skip
    if how == TEST:
        return Placement(None, TEST)
    if how == CHECKED:
        found = reached(await _answers(talk, name))
        text = joined([
            _("Your answers look like {level}.", level=LABELS[found]),
            _("This is only a hint. Choose what you think is right. You can change it later with the teacher."),
        ])  # fmt: skip
        levels = [found, *(one for one in LABELS if one is not found)]
    else:
        text = _("Which level do you have?")
        levels = list(LABELS)
    options = [*(Option(one, LABELS[one]) for one in levels), Option(TEST, TEST_LABEL)]
    level = await talk.choose("level", text, options)
    return Placement(None, TEST) if level == TEST else Placement(Level(level), how)


async def _answers(talk: Talk, language: str) -> list[str]:
    """What somebody says of themselves, up to the level that they have not reached: nobody is asked the rest."""
    said: list[str] = []
    for number, one in enumerate(STATEMENTS, start=1):
        if number > 1 and one.level is not STATEMENTS[number - 2].level and not _reaches(one.level, said):
            break
        text = joined([
            _("{language}, {number} of at most {all}", language=language, number=number, all=len(STATEMENTS)), one.text
        ])  # fmt: skip
        options = [Option(_YES, _("Yes")), Option(_SOME, _("A little")), Option(_NO, _("Not yet"))]
        said.append(await talk.choose(one.key, text, options))
    return said


def reached(said: Sequence[str]) -> Level:
    """The highest level whose statements, and those of all levels before it, are mostly true."""
    found = Level.A0
    for level in (Level.A1, Level.A2, Level.B1, Level.B2):
        own = [_WORTH[answer] for one, answer in zip(STATEMENTS, said, strict=False) if one.level is level]
        asked = sum(one.level is level for one in STATEMENTS)
        # Three of four points where there are two statements; a single one has to be wholly true.
        if len(own) < asked or sum(own) < 2 * asked - (asked > 1):
            return found
        found = level
    return found


def _reaches(level: Level, said: Sequence[str]) -> bool:
    """Whether the levels before this one are reached."""
    levels = list(Level)
    return reached(said) is levels[levels.index(level) - 1]
