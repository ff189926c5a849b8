"""The dates of a group: laid out week by week without public holidays, then each changed by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import seats
from bot.domain.courses import Group, Session, sessions
from bot.domain.db import new_id
from bot.domain.opening import is_holiday

MOST_SESSIONS: Final = 120
_WEEK_DAYS: Final = 7
Slot = tuple[date, int, int]  # day, minute of the day, how many minutes


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which a group meets, and public holidays on which it would have met."""

    days: tuple[date, ...]
    skipped: tuple[date, ...]


def laid_out(weekdays: Collection[int], first: date, number: int) -> Days:
    """`number` days from `first` on, on these weekdays (Monday is 0). Raises ValueError without a weekday."""
    if not weekdays or not set(weekdays) <= set(range(_WEEK_DAYS)):
        raise ValueError("a group meets on some weekday")
    found: list[date] = []
    skipped: list[date] = []
    day = first
    while len(found) < min(number, MOST_SESSIONS):
        if day.weekday() in weekdays:
            (skipped if is_holiday(day) else found).append(day)
        day += timedelta(days=1)
    return Days(tuple(found), tuple(skipped))


def free_days_between(days: Sequence[date]) -> list[date]:
    """Public holidays on the weekdays of these days, between the first and the last of them."""
    if not days:
        return []
    weekdays = {day.weekday() for day in days}
    span = (max(days) - min(days)).days
    between = (min(days) + timedelta(days=number) for number in range(span + 1))
    return [day for day in between if day.weekday() in weekdays and is_holiday(day) and day not in days]


async def add(session: AsyncSession, group: Group, slots: Sequence[Slot]) -> None:
    """More sessions. Numbers follow the dates."""
    await seats.lock(session, group.id)
    known = await sessions(session, group.id)
    last = max((one.number for one in known), default=0)
    for number, (day, minute, minutes) in enumerate(slots, start=last + 1):
        session.add(Session(id=new_id(), group_id=group.id, number=number, day=day, minute=minute, minutes=minutes,
                            zone=group.zone, called_off=False))  # fmt: skip
    await session.flush()
    await _settle(session, group.id)


async def of_group(session: AsyncSession, group_id: int, session_id: int) -> Session | None:
    """One session of a group, kept from everybody else until the commit."""
    await seats.lock(session, group_id)
    found = await session.get(Session, session_id, populate_existing=True)
    return found if found is not None and found.group_id == group_id else None


async def move(session: AsyncSession, one: Session, slot: Slot) -> bool:
    """Another day, time or length of one session. Returns whether that changed it."""
    if (one.day, one.minute, one.minutes) == slot:
        return False
    one.day, one.minute, one.minutes = slot
    await session.flush()
    await _settle(session, one.group_id)
    return True


async def call_off(session: AsyncSession, one: Session, *, called_off: bool = True) -> bool:
    """One session does not take place, or does after all. Returns whether that changed it."""
    if one.called_off == called_off:
        return False
    one.called_off = called_off
    await session.flush()
    await _settle(session, one.group_id)
    return True


async def _settle(session: AsyncSession, group_id: int) -> None:
    """Number the sessions by date, and end sign-up when the first that takes place begins."""
    ordered = sorted(await sessions(session, group_id), key=lambda one: (one.day, one.minute, one.id))
    if [one.number for one in ordered] != list(range(1, len(ordered) + 1)):
        for one in ordered:  # out of each other's way first: a number is unique at every moment
            one.number = -one.number
        await session.flush()
        for number, one in enumerate(ordered, start=1):
            one.number = number
    seating = await session.get_one(seats.Seating, group_id)
    seating.starts_at = min((one.starts_at for one in ordered if not one.called_off), default=None)
    await session.flush()
