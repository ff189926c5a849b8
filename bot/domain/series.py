"""Events that come again: the dates of a series, and changes to all that follow."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import events
from bot.domain.events import Event, EventState, Plan
from bot.domain.opening import is_holiday
from bot.domain.seats import Seating
from bot.domain.waiting import Term
from bot.domain.wall import instant

MOST_DATES: Final = 52
_WEEK: Final = timedelta(days=7)
_LAST: Final = 5  # the fifth weekday of a month is read as its last


class Every(StrEnum):
    """How often it comes."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"  # on the same weekday: the third Tuesday
    TWO_MONTHS = "two_months"


@dataclass(frozen=True, slots=True)
class Dates:
    """The days on which it comes again, and public holidays on which it would have come."""

    days: tuple[date, ...]
    skipped: tuple[date, ...]


def dates(first: date, every: Every, times: int) -> Dates:
    """The next `times` days after `first`, without public holidays. At most `MOST_DATES`."""
    found: list[date] = []
    skipped: list[date] = []
    for day in _after(first, every):
        if len(found) >= min(times, MOST_DATES):
            break
        (skipped if is_holiday(day) else found).append(day)
    return Dates(tuple(found), tuple(skipped))


def _after(first: date, every: Every) -> Iterator[date]:
    if every in {Every.WEEK, Every.TWO_WEEKS}:
        step = _WEEK if every is Every.WEEK else 2 * _WEEK
        while True:
            first += step
            yield first
    which, weekday = (first.day + 6) // 7, first.weekday()
    month = first.year * 12 + first.month - 1
    while True:
        month += 1 if every is Every.MONTH else 2
        yield _nth(month // 12, month % 12 + 1, weekday, which)


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    """The n-th weekday of a month; the last one where there are not so many."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year, month, calendar.monthrange(year, month)[1])
    if which == _LAST:
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    return day


def plan_of(event: Event, seating: Seating) -> Plan:
    """What stands in an event, as staff write it."""
    known = {one.name for one in fields(Plan)} - {"seats", "place", "kind", "texts", "fields"}
    return Plan(
        kind=events.EventKind(event.kind), seats=seating.seats, place=seating.place,
        texts={code: dict(one) for code, one in event.texts.items()}, fields=dict(event.fields),
        **{name: getattr(event, name) for name in known},
    )  # fmt: skip


async def repeat(session: AsyncSession, event: Event, days: Sequence[date], now: datetime, by: int) -> list[Event]:
    """The same event on other days, as drafts of one series. A day on which the series has one already is left out."""
    seating = await session.get_one(Seating, event.id)
    if event.series is None:
        event.series = event.id
    taken = set(
        await session.scalars(
            select(Event.day).where(Event.series == event.series, Event.state != EventState.CALLED_OFF)
        )
    )
    plan = plan_of(event, seating)
    return [
        await events.make(session, replace(plan, day=day), now, by=by, series=event.series)
        for day in days
        if day not in taken
    ]


async def of_series(session: AsyncSession, series: int) -> list[Event]:
    """All events of a series by date."""
    query = select(Event).where(Event.series == series).order_by(Event.day, Event.minute, Event.id)
    return list(await session.scalars(query))


async def following(session: AsyncSession, event: Event) -> list[Event]:
    """Those of its series that come after it and were not called off."""
    if event.series is None:
        return []
    after = (event.day, event.minute, event.id)
    return [
        one
        for one in await of_series(session, event.series)
        if (one.day, one.minute, one.id) > after and one.state != EventState.CALLED_OFF
    ]


def shifted(before: Plan, after: Plan, other: Plan) -> Plan:
    """`other` with whatever differs between the two; another day moves it by as many days."""
    changed: dict[str, Any] = {
        one.name: getattr(after, one.name)
        for one in fields(Plan)
        if getattr(after, one.name) != getattr(before, one.name)
    }
    if "day" in changed:
        changed["day"] = other.day + (after.day - before.day)
    return replace(other, **changed)


async def change_following(
    session: AsyncSession, event: Event, before: Plan, after: Plan, term: Term
) -> list[tuple[Event, Plan]]:
    """Change all that follow likewise; returns them with their plan before. Raises TooFewSeats."""
    found = []
    for one in await following(session, event):
        old = plan_of(one, await session.get_one(Seating, one.id))
        await events.change(session, one.id, shifted(before, after, old), term)
        found.append((one, old))
    return found


async def clashes(session: AsyncSession, plan: Plan, but: int = 0) -> list[Event]:
    """Events that were not called off, at the same place and address, at the same time."""
    around = (plan.day - timedelta(days=1), plan.day + timedelta(days=1))
    rows = await session.scalars(
        select(Event)
        .join(Seating, Seating.id == Event.id)
        .where(Event.day.between(*around), Event.state != EventState.CALLED_OFF, Event.id != but)
        .where(Seating.place == plan.place)
        .order_by(Event.day, Event.minute)
    )
    begins = instant(plan.day, plan.minute, ZoneInfo(plan.zone))
    ends = begins + timedelta(minutes=plan.minutes)
    return [
        one
        for one in rows
        if one.where.strip().casefold() == plan.where.strip().casefold()
        and one.starts_at < ends
        and begins < one.ends_at
    ]
