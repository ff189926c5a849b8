"""What the desk reports: contacts and people by language, channel, month and topic; questions without an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import merging, misses
from bot.domain.happenings import Happening, Kind

_NOT_CONTACTS = frozenset({  # the desk's deeds, and what is counted without anybody's being known
    Kind.ERASED, Kind.CLAIMED, Kind.REPLIED, Kind.CLOSED, Kind.SEAT_OFFERED, Kind.ABSENT, Kind.NO_SHOW, Kind.WALKED_IN,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: contacts are person × channel × local day, people are different pseudonyms."""

    group: str
    contacts: int
    people: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Questions without an answer that are nearest to one topic, in one language."""

    nearest: str
    language: str
    count: int
    examples: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """The figures of a period. `contacts` and `people` are two different numbers, both named."""

    first: date
    last: date
    contacts: int
    people: int
    tables: dict[str, list[Line]] = field(default_factory=dict)
    happenings: dict[str, int] = field(default_factory=dict)
    unanswered: list[Unanswered] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "first": self.first.isoformat(), "last": self.last.isoformat(), "contacts": self.contacts,
            "people": self.people,
            "tables": {
                name: [{"group": one.group, "contacts": one.contacts, "people": one.people} for one in lines]
                for name, lines in self.tables.items()
            },
            "happenings": self.happenings,
            "unanswered": [
                {"nearest": one.nearest, "language": one.language, "count": one.count, "examples": list(one.examples)}
                for one in self.unanswered
            ],
        }  # fmt: skip

    def as_rows(self) -> list[tuple[str, str, str, str]]:
        """One table for a spreadsheet: table, group, contacts, people."""
        rows = [("table", "group", "contacts", "people"), ("total", "", str(self.contacts), str(self.people))]
        for name, lines in self.tables.items():
            rows += [(name, line.group, str(line.contacts), str(line.people)) for line in lines]
        rows += [
            ("unanswered", f"{one.nearest or '?'} · {one.language}", str(one.count), "") for one in self.unanswered
        ]
        return rows


async def report(
    session: AsyncSession, first: date, last: date, zone: ZoneInfo, examples: int = 5, place: str = ""
) -> Report:
    """The figures from `first` to `last`, both included, by the desk's local days."""
    query = select(Happening).where(Happening.day >= first, Happening.day <= last)
    if place:
        query = query.where(Happening.place == place)
    happened = list(await session.scalars(query))
    touched = [one for one in happened if one.kind not in _NOT_CONTACTS and one.data.get("by") != "desk"]
    same = await merging.counted_as(session)
    who = {one.id: same.get(one.pseudonym, one.pseudonym) for one in touched}
    found = Report(first, last, len({_contact(one, who) for one in touched}), len(set(who.values())))
    found.tables = {
        "language": _table(((one.language, one) for one in touched), who),
        "channel": _table(((one.channel, one) for one in touched), who),
        "month": _table(((one.day.strftime("%Y-%m"), one) for one in touched), who),
        "topic": _table(((one.topic, one) for one in touched if one.kind == Kind.ANSWERED), who),
        "source": _table(((one.data.get("source", ""), one) for one in touched if one.kind == Kind.STARTED), who),
    }
    found.happenings = dict(sorted(Counter(one.kind for one in happened).items()))
    found.unanswered = await _unanswered(session, datetime.combine(first, time.min, zone), last, zone, examples)
    return found


def _contact(one: Happening, who: dict[int, str]) -> tuple[str, str, date]:
    return (who[one.id], one.channel, one.day)


def _table(pairs: Iterable[tuple[str, Happening]], who: dict[int, str]) -> list[Line]:
    contacts: dict[str, set[tuple[str, str, date]]] = defaultdict(set)
    people: dict[str, set[str]] = defaultdict(set)
    for group, one in pairs:
        contacts[group].add(_contact(one, who))
        people[group].add(who[one.id])
    return [Line(group or "unknown", len(contacts[group]), len(people[group])) for group in sorted(contacts)]


async def _unanswered(
    session: AsyncSession, start: datetime, last: date, zone: ZoneInfo, examples: int
) -> list[Unanswered]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for miss in await misses.since(session, start):
        if miss.at.astimezone(zone).date() <= last:
            groups[miss.nearest, miss.language].append(miss.question)
    found = [
        Unanswered(nearest, language, len(questions), tuple(questions[-examples:] if examples else ()))
        for (nearest, language), questions in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.nearest, one.language))
