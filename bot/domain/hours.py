"""Opening hours of a week: typed as people write them, kept in one spelling, said in every language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from babel.dates import get_day_names

from bot.i18n import LANGUAGES

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = r"(\d{1,2})(?:[:.](\d{2}))?"
_RANGE: Final = re.compile(rf"{_CLOCK}\s*[-–—]\s*{_CLOCK}")
_BETWEEN: Final = re.compile(r"[\s,;+&/]*")
_DAY_MINUTES: Final = 24 * 60


class HoursError(ValueError):
    """These are no opening hours; `day` says of which day."""

    def __init__(self, day: str) -> None:
        super().__init__(f"these are no hours of {day}: write 8:00-12:00, 13:00-15:00")
        self.day = day


def read_hours(text: str) -> tuple[str, ...]:
    """The seven days of `mon 08:00-12:00; wed 08:00-12:00, 13:00-18:00`, empty where closed. Raises HoursError."""
    days = dict.fromkeys(DAYS, "")
    for part in filter(None, (one.strip() for one in text.split(";"))):
        day, _blank, ranges = part.partition(" ")
        if day not in days or days[day]:
            raise HoursError(day)
        days[day] = read_day(day, ranges)
    return tuple(days.values())


def read_day(day: str, typed: str) -> str:
    """The hours of one day in the one spelling; empty for nothing. Raises HoursError."""
    found, at, last = [], 0, 0
    for match in _RANGE.finditer(typed):
        if not _BETWEEN.fullmatch(typed[at : match.start()]):
            raise HoursError(day)
        opens, closes = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if not last <= opens < closes <= _DAY_MINUTES:
            raise HoursError(day)
        found.append(f"{_clock(opens)}-{_clock(closes)}")
        at, last = match.end(), closes
    if not _BETWEEN.fullmatch(typed[at:]):
        raise HoursError(day)
    return ", ".join(found)


def write_hours(days: Sequence[str]) -> str:
    """Seven days as they are kept: closed days are left out."""
    return "; ".join(f"{day} {hours}" for day, hours in zip(DAYS, days, strict=True) if hours)


def say_hours(text: str, language: str) -> str:
    """The kept hours with the names of days in a language; days that are alike are put together."""
    names = get_day_names("abbreviated", locale=LANGUAGES[language].locale)
    said = []
    for hours, days in groupby(enumerate(read_hours(text)), key=lambda one: one[1]):
        if hours:
            numbers = [number for number, _hours in days]
            first, last = names[numbers[0]], names[numbers[-1]]
            span = first if len(numbers) == 1 else f"{first}–{last}"
            said.append(f"{span} {hours.replace('-', '–')}")
    return "; ".join(said)


def _minutes(hour: str, minute: str | None) -> int:
    return int(hour) * 60 + int(minute or 0) if int(minute or 0) < 60 else -1  # noqa: PLR2004 - minutes of an hour


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
