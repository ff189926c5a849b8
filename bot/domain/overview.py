"""What somebody has going on at the desk, and those who are reached by them: one look for "My things"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import bookings, dependents, pairs, seated, seats
from bot.domain.bookings import TAKEN, Booking
from bot.domain.people import Person
from bot.domain.reminders import Reminder, ReminderState
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Signup


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign-up or meeting that is not over. `name`: whose it is, where it is not the person's own."""

    name: str
    signup: Signup | None = None
    thing: Seated | None = None
    booking: Booking | None = None

    @property
    def starts_at(self) -> datetime | None:
        """When it is, if anybody knows."""
        return self.booking.starts_at if self.booking is not None else self.thing.starts_at if self.thing else None


@dataclass(frozen=True, slots=True)
class Overview:
    """What is going on: entries soonest first, whether they practise a language, how many reminders are to come."""

    entries: list[Entry]
    practises: bool
    reminders: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How somebody wants to be written to: quiet from and until which minutes of the day, naming nothing or not."""

    quiet_from: int
    quiet_until: int
    discreet: bool


async def of_person(session: AsyncSession, person_id: int, now: datetime) -> Overview:
    """Everything that is not over."""
    names = await dependents.household(session, person_id)
    entries = []
    for whose, name in names.items():
        for signup in await seats.of_person(session, whose):
            thing = await seated.of_signup(session, signup) if signup.state in ACTIVE else None
            if thing is not None and not _is_over(thing, now):
                entries.append(Entry(name, signup, thing))
    entries += [
        Entry(names[booking.person_id], booking=booking)
        for booking in await bookings.of_people(session, list(names))
        if booking.state in TAKEN and booking.starts_at > now
    ]
    entries.sort(key=lambda one: (one.starts_at is None, one.starts_at or now))
    waiting = select(func.count()).select_from(Reminder)
    waiting = waiting.where(Reminder.person_id.in_(list(names)), Reminder.state == ReminderState.WAITING)
    practises = await pairs.of_person(session, person_id) is not None
    return Overview(entries, practises, int(await session.scalar(waiting) or 0))


def _is_over(thing: Seated, now: datetime) -> bool:
    """An event that has ended. A group goes on after its first session."""
    return thing.event is not None and thing.event.ends_at <= now


async def settings(session: AsyncSession, person_id: int) -> Settings:
    """How somebody wants to be written to."""
    row = await session.execute(
        select(Person.quiet_from, Person.quiet_until, Person.discreet).where(Person.id == person_id)
    )
    return Settings(*row.one())


async def set_quiet(session: AsyncSession, person_id: int, begins: int, ends: int) -> None:
    """Set the quiet hours, in minutes of the local day; equal: none. Plan reminders anew after it."""
    person = await session.get_one(Person, person_id, populate_existing=True)
    person.quiet_from, person.quiet_until = begins, ends
    await session.flush()


async def set_discreet(session: AsyncSession, person_id: int, *, discreet: bool) -> None:
    """Whether what is pushed names no topic and no place."""
    person = await session.get_one(Person, person_id, populate_existing=True)
    person.discreet = discreet
    await session.flush()
