"""How long before something a reminder comes: days by the clock on the wall, hours as they pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.wall import instant

_WRITTEN: Final = re.compile(r"([1-9]\d{0,2})\s*([dh])")
_HOURS: Final = {"d": 24, "h": 1}


@dataclass(frozen=True, slots=True)
class Lead:
    """So many days or hours before."""

    number: int
    unit: str  # "d", "h"

    @property
    def minutes(self) -> int:
        """About how long it is: a day counts 24 hours."""
        return self.number * _HOURS[self.unit] * 60

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    def before(self, day: date, minute: int, zone: ZoneInfo) -> datetime:
        """The instant that lies so long before this minute of a local day. A day before 18:00 is 18:00."""
        if self.unit == "d":
            return instant(day - timedelta(days=self.number), minute, zone)
        return instant(day, minute, zone) - timedelta(hours=self.number)


def read_leads(written: Iterable[str]) -> tuple[Lead, ...]:
    """`["7d", "1d", "2h"]`, longest first, each once. Raises ValueError."""
    found = set()
    for one in written:
        match = _WRITTEN.fullmatch(str(one).strip().lower())
        if match is None:
            raise ValueError(f"{one!r} is no time before: write 7d or 2h")
        found.add(Lead(int(match[1]), match[2]))
    return tuple(sorted(found, key=lambda lead: (-lead.minutes, lead.unit)))


# By what is reminded of; the desk's own file can say otherwise.
LEADS: Final[Mapping[str, tuple[Lead, ...]]] = {
    "event": read_leads(("7d", "1d", "2h")),
    "course_first": read_leads(("7d", "1d", "2h")),
    "course_session": read_leads(("1d", "2h")),
    "booking": read_leads(("7d", "1d", "2h")),
}


def leads_from(table: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[Lead, ...]]:
    """The usual leads with those that the desk's file names in their place. Raises ValueError."""
    unknown = sorted(set(table) - set(LEADS))
    if unknown:
        raise ValueError(f"reminders: {', '.join(unknown)} is none of {', '.join(LEADS)}")
    return {**LEADS, **{kind: read_leads(written) for kind, written in table.items()}}
