"""Which reminders come, and when: written anew whenever a sign-up, a booking or a date changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import absences, courses, events, opening, quiet, reminders, seats
from bot.domain.bookings import TAKEN, Booking, BookingState
from bot.domain.courses import Group
from bot.domain.events import Event, EventState
from bot.domain.leads import LEADS, Lead
from bot.domain.people import Address, Person
from bot.domain.places import Desk, Place
from bot.domain.quiet import Quiet
from bot.domain.reminders import Planned, ReminderState
from bot.domain.seats import Remind, Seating, Signup, SignupState
from bot.domain.wall import instant

_CALL: Final = "call"
_CALL_LEAD_MINUTES: Final = 24 * 60
_LOOK_BACK_DAYS: Final = 14  # for a day on which the desk is open, to call on


@dataclass(frozen=True, slots=True)
class _Date:
    """Something that begins at a minute of a local day."""

    about: str
    kind: str  # of the leads
    day: date
    minute: int
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        return instant(self.day, self.minute, self.zone)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Who is reminded, and where they want it."""

    person_id: int
    address_id: int | None
    remind: Remind
    place: Place


def about_event(signup_id: int) -> str:
    """What the reminders of a sign-up for an event are about."""
    return f"event:{signup_id}"


def about_session(signup_id: int, session_id: int) -> str:
    """The same for one session of a group."""
    return f"session:{signup_id}:{session_id}"


def about_booking(booking_id: int) -> str:
    """The same for a booking with a mentor."""
    return f"booking:{booking_id}"


async def replan_signup(session: AsyncSession, signup_id: int, desk: Desk, now: datetime) -> None:
    """Plan the reminders of a sign-up as things stand now, or take them back. Doing it twice changes nothing."""
    await session.flush()
    signup = await session.get(Signup, signup_id, populate_existing=True)
    if signup is None:
        return
    dates: list[_Date] = []
    place = desk.place
    if signup.state == SignupState.GOING and signup.seating_id is not None:
        seating = await session.get(Seating, signup.seating_id, populate_existing=True)
        if seating is not None:
            place = desk.place_of(seating.place)
            dates = await (_of_event if seating.kind == events.KIND else _of_group)(session, signup.id, seating.id)
    abouts = [about_event(signup.id), f"session:{signup.id}:"]
    whose = _Whose(signup.person_id, signup.address_id, Remind(signup.remind), place)
    await _arrange(session, whose, abouts, dates, desk, now)


async def replan_seating(session: AsyncSession, seating_id: int, desk: Desk, now: datetime) -> None:
    """The same for everybody who goes somewhere, after its date has changed or it was called off."""
    await session.flush()
    query = select(Signup.id).where(Signup.seating_id == seating_id).order_by(Signup.id)
    for signup_id in list(await session.scalars(query)):
        await replan_signup(session, signup_id, desk, now)


async def replan_booking(session: AsyncSession, booking_id: int, desk: Desk, now: datetime) -> None:
    """The same for a booking with a mentor."""
    await session.flush()
    booking = await session.get(Booking, booking_id, populate_existing=True)
    if booking is None:
        return
    about = about_booking(booking.id)
    zone = ZoneInfo(booking.zone)
    agreed = booking.state == BookingState.AGREED
    dates = [_Date(about, "booking", booking.day, booking.minute, zone)] if agreed else []
    whose = _Whose(booking.person_id, booking.address_id, Remind(booking.remind), desk.place)
    await _arrange(session, whose, [about], dates, desk, now)


async def replan_person(session: AsyncSession, person_id: int, desk: Desk, now: datetime) -> None:
    """The same for everything of one person: their quiet hours or addresses have changed."""
    await session.flush()
    for signup in await seats.of_person(session, person_id):
        await replan_signup(session, signup.id, desk, now)
    query = select(Booking.id).where(Booking.person_id == person_id).order_by(Booking.id)
    for booking_id in list(await session.scalars(query)):
        await replan_booking(session, booking_id, desk, now)


async def replan_about(session: AsyncSession, about: str, desk: Desk, now: datetime) -> None:
    """The same for whatever a reminder is about."""
    kind, _colon, rest = about.partition(":")
    number = rest.partition(":")[0]
    if number.isdecimal():
        await (replan_booking if kind == "booking" else replan_signup)(session, int(number), desk, now)


async def has_any(session: AsyncSession, person_id: int) -> bool:
    """Whether somebody, or anybody whom they reach, has or waits for a seat, or has a meeting with a mentor."""
    reached = select(Person.id).where(Person.reached_by == person_id).scalar_subquery()
    for table, states in ((Signup, seats.ACTIVE), (Booking, TAKEN)):
        theirs = (table.person_id == person_id) | table.person_id.in_(reached)
        if await session.scalar(select(table.id).where(theirs, table.state.in_(states)).limit(1)) is not None:
            return True
    return False


async def no_calls(session: AsyncSession, person_id: int, desk: Desk, now: datetime) -> None:
    """Nobody calls this person any more, nor those whom they reach: they have said that they want nothing."""
    reached = select(Person.id).where(Person.reached_by == person_id).scalar_subquery()
    for table in (Signup, Booking):
        theirs = (table.person_id == person_id) | table.person_id.in_(reached)
        changed = await session.scalars(
            update(table).where(theirs, table.remind == Remind.CALL).values(remind=Remind.NONE).returning(table.id),
            execution_options={"synchronize_session": False},
        )
        replan = replan_signup if table is Signup else replan_booking
        for number in list(changed):
            await replan(session, number, desk, now)


async def _of_event(session: AsyncSession, signup_id: int, event_id: int) -> list[_Date]:
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None or event.state != EventState.PUBLISHED:
        return []
    return [_Date(about_event(signup_id), "event", event.day, event.minute, ZoneInfo(event.zone))]


async def _of_group(session: AsyncSession, signup_id: int, group_id: int) -> list[_Date]:
    group = await session.get(Group, group_id, populate_existing=True)
    if group is None or group.state == courses.CourseState.CALLED_OFF:
        return []
    held = [one for one in await courses.sessions(session, group_id) if not one.called_off]
    first = min(held, key=lambda one: one.starts_at, default=None)
    away = await absences.excused(session, signup_id)  # whoever has said that they do not come is not reminded
    return [
        _Date(about_session(signup_id, one.id), "course_first" if one is first else "course_session", one.day,
              one.minute, ZoneInfo(one.zone))
        for one in held
        if one.id not in away
    ]  # fmt: skip


async def _arrange(
    session: AsyncSession, whose: _Whose, abouts: Sequence[str], dates: Sequence[_Date], desk: Desk, now: datetime
) -> None:
    coming = [one for one in dates if one.starts_at > now]
    wanted: list[Planned] = []
    if coming and whose.remind is not Remind.NONE:
        if whose.remind is Remind.CALL or not await reminders.reachable(session, whose.person_id, whose.address_id):
            wanted = [_call(one, whose) for one in coming if one.kind != "course_session"]
        else:
            reader = await _reader_of(session, whose)
            for one in coming:
                wanted += _messages(one, whose, await quiet.of_person(session, reader, one.zone), desk)
    await reminders.arrange(session, whose.person_id, abouts, wanted, now)


async def _reader_of(session: AsyncSession, whose: _Whose) -> int:
    """Whose quiet hours count: those of whoever reads it."""
    found = await session.scalar(select(Address.person_id).where(Address.id == whose.address_id))
    if found is None:
        found = await session.scalar(select(Person.reached_by).where(Person.id == whose.person_id))
    return int(found or whose.person_id)


def _messages(one: _Date, whose: _Whose, hours: Quiet, desk: Desk) -> list[Planned]:
    leads = desk.leads.get(one.kind, LEADS[one.kind])
    return [
        Planned(one.about, str(lead), due_at.astimezone(one.zone).date(), due_at, one.starts_at, lead.minutes,
                whose.remind, whose.address_id)
        for lead, due_at in due_times(leads, one.day, one.minute, hours)
    ]  # fmt: skip


def due_times(leads: Sequence[Lead], day: date, minute: int, hours: Quiet) -> list[tuple[Lead, datetime]]:
    """When the reminders of something go that begins at a minute of a local day, in order, outside quiet hours.

    Two that quiet hours bring to the same minute are one.
    """
    starts_at = instant(day, minute, hours.zone)
    times = {hours.moved(lead.before(day, minute, hours.zone), starts_at): lead for lead in leads}
    return sorted(((lead, due_at) for due_at, lead in times.items()), key=lambda pair: pair[1])


def _call(one: _Date, whose: _Whose) -> Planned:
    due_at = call_on(whose.place, one.day, one.starts_at)
    return Planned(one.about, _CALL, due_at.astimezone(one.zone).date(), due_at, one.starts_at, _CALL_LEAD_MINUTES,
                   whose.remind, whose.address_id, ReminderState.CALL)  # fmt: skip


def call_on(place: Place, day: date, starts_at: datetime) -> datetime:
    """From when on the desk calls somebody: the morning of its last open day before, else a day before."""
    for back in range(1, _LOOK_BACK_DAYS + 1):
        held = opening.blocks(place, day - timedelta(days=back))
        if held:
            return held[0][0]
    return starts_at - timedelta(days=1)


async def note_coming(session: AsyncSession, about: str, *, coming: bool) -> None:
    """Remember what somebody said to a reminder."""
    kind, _colon, rest = about.partition(":")
    table = Booking if kind == "booking" else Signup
    number = int(rest.partition(":")[0])
    await session.execute(
        update(table).where(table.id == number).values(coming=coming),
        execution_options={"synchronize_session": False},
    )
