"""Whom the desk telephones: those who asked for it, those who cannot be written to; and what came too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import seated
from bot.domain.bookings import Booking
from bot.domain.courses import Session
from bot.domain.people import Person
from bot.domain.places import Desk
from bot.domain.reminders import CALLS, Reminder, ReminderState
from bot.domain.seated import Seated
from bot.domain.seats import Remind, Signup
from bot.domain.wall import instant

_MOST: Final = 500
_TO_CALL: Final = (ReminderState.CALL, ReminderState.NO_ANSWER)


class Deed(StrEnum):
    """What somebody of the desk did."""

    CALLED = "called"
    NO_ANSWER = "noanswer"
    UNDO = "undo"


_BECOMES: Final = {
    Deed.CALLED: (ReminderState.CALLED, _TO_CALL),
    Deed.NO_ANSWER: (ReminderState.NO_ANSWER, _TO_CALL),
    Deed.UNDO: (ReminderState.CALL, (ReminderState.CALLED, ReminderState.NO_ANSWER)),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the list: who, about what (nothing for a meeting with a mentor), and how far it is."""

    id: int
    state: str
    asked_for: bool  # they want to be called; else they cannot be written to
    pseudonym: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str
    seating_id: int | None
    thing: Seated | None
    starts_at: datetime  # by the clock of its place
    place: str
    called_by: int | None = None
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """The desk's list for today."""

    to_call: Sequence[Call]
    called: Sequence[Call]  # today
    missed: Sequence[Call]  # nobody was reminded in time


async def today(session: AsyncSession, desk: Desk, now: datetime) -> Calls:
    """Everything on the list, what begins first on top."""
    rows = await session.scalars(
        select(Reminder)
        .where(Reminder.state.in_((*CALLS, ReminderState.MISSED)), Reminder.due_at < _midnight(desk.zone, now, days=1))
        .order_by(Reminder.late_at, Reminder.id)
        .limit(_MOST),
        execution_options={"populate_existing": True},
    )
    found = [(row, call) for row in rows if (call := await _call(session, row, desk)) is not None]
    begun = _midnight(desk.zone, now, days=0)
    return Calls(
        [call for row, call in found if row.state in _TO_CALL and row.late_at > now],
        [call for row, call in found if row.state == ReminderState.CALLED and (row.called_at or begun) >= begun],
        [call for row, call in reversed(found)
         if row.state == ReminderState.MISSED or (row.state in _TO_CALL and row.late_at <= now)],
    )  # fmt: skip


def _midnight(zone: ZoneInfo, now: datetime, *, days: int) -> datetime:
    return instant(now.astimezone(zone).date() + timedelta(days=days), 0, zone)


async def find(session: AsyncSession, reminder_id: int, desk: Desk) -> Call | None:
    """One line of the list."""
    row = await session.get(Reminder, reminder_id, populate_existing=True)
    return await _call(session, row, desk) if row is not None and row.state in CALLS else None


async def note(session: AsyncSession, reminder_id: int, deed: Deed, staff_id: int, now: datetime) -> bool:
    """Write down what was done; False when it is so already, or somebody else has done it."""
    becomes, states = _BECOMES[deed]
    undone = deed is Deed.UNDO
    changed = await session.scalar(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.state.in_(states))
        .values(state=becomes, called_by=None if undone else staff_id, called_at=None if undone else now)
        .returning(Reminder.id)
    )
    return changed is not None


async def _call(session: AsyncSession, row: Reminder, desk: Desk) -> Call | None:
    kind, _colon, rest = row.about.partition(":")
    number, _colon, second = rest.partition(":")
    person = await session.get(Person, row.person_id)
    if person is None or row.starts_at is None:
        return None
    phone = person.phone or await _phone_of(session, person.reached_by)
    common: dict[str, Any] = {
        "id": row.id, "state": row.state, "asked_for": row.remind == Remind.CALL, "pseudonym": person.pseudonym,
        "phone": phone, "language": person.language, "called_by": row.called_by, "called_at": row.called_at,
    }  # fmt: skip
    if kind == "booking":
        booking = await session.get(Booking, seated.number_of(number))
        if booking is None:
            return None
        return Call(**common, name=person.name or "", seating_id=None, thing=None, starts_at=booking.local_start,
                    place=desk.place.id)  # fmt: skip
    signup = await session.get(Signup, seated.number_of(number))
    thing = await seated.of_signup(session, signup) if signup is not None else None
    if signup is None or thing is None or thing.zone is None:
        return None
    held = await session.get(Session, seated.number_of(second)) if second else None
    return Call(
        **common, name=signup.name or person.name or "", seating_id=signup.seating_id,
        thing=thing,
        starts_at=(held.starts_at if held is not None else row.starts_at).astimezone(thing.zone), place=thing.place,
    )  # fmt: skip


async def _phone_of(session: AsyncSession, person_id: int | None) -> str:
    person = await session.get(Person, person_id) if person_id is not None else None
    return (person.phone or "") if person is not None else ""
