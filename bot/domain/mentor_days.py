"""Mentor days: an event with two checked experts, whose time is cut into pieces that people book one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import arranging, booking_news, bookings, checks, events, mentors, planning
from bot.domain.arranging import ASK_AFTER
from bot.domain.booking_news import Side, What
from bot.domain.bookings import TAKEN, Booking, BookingError, BookingState, Busy, NotShown, Over, TimeGone
from bot.domain.db import new_id
from bot.domain.events import Event, EventKind, EventState
from bot.domain.happenings import Kind
from bot.domain.matching import OTHER
from bot.domain.mentors import Mentor
from bot.domain.places import Desk
from bot.domain.seats import Remind
from bot.domain.slots import Slot
from bot.domain.wall import instant

PIECE_MINUTES: Final = 30
EXPERTS: Final = ("expert_1", "expert_2")  # fields of the event: ids of mentors
_DAY: Final = timedelta(days=1)


class HasOne(BookingError):
    """This person has a time with this expert on this day."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time with an expert that somebody wants."""

    event_id: int
    mentor_id: int
    starts_at: datetime
    person_id: int
    language: str
    remind: Remind
    address_id: int | None
    mediator: bool = False
    words: str = field(default="", repr=False)


def pieces(event: Event) -> list[Slot]:
    """The times of an event, half an hour each; what is left over at the end is none. By instants: no hour is lost."""
    zone, length = ZoneInfo(event.zone), timedelta(minutes=PIECE_MINUTES)
    found = []
    starts_at = event.starts_at
    while starts_at + length <= event.ends_at:
        shown = starts_at.astimezone(zone)
        found.append(Slot(starts_at, starts_at + length, shown.date(), shown.hour * 60 + shown.minute))
        starts_at += length
    # An hour that comes twice: its second run has the wall time of the first, which stands for the earlier instant.
    return [one for one in found if instant(one.day, one.minute, zone) == one.starts_at]


def expert_ids(event: Event) -> list[int]:
    """The mentors whom staff have chosen."""
    told = (str(event.fields.get(name, "")) for name in EXPERTS)
    return [int(one) for one in told if one.isdecimal()]


async def experts(session: AsyncSession, event: Event, desk: Desk, now: datetime) -> list[Mentor]:
    """The event's experts whose check counts now, in their order."""
    found = [await mentors.get(session, one) for one in expert_ids(event)]
    return [one for one in found if one is not None and one.name and checks.good(one.checked_on, desk, now)]


async def free(session: AsyncSession, event: Event, found: Sequence[Mentor], now: datetime) -> dict[int, list[Slot]]:
    """The pieces that nobody has, by expert."""
    query = select(Booking).where(
        Booking.mentor_id.in_([one.id for one in found]), Booking.state.in_(TAKEN),
        Booking.starts_at > event.starts_at - _DAY, Booking.starts_at < event.ends_at,
    )  # fmt: skip
    taken = list(await session.scalars(query, execution_options={"populate_existing": True}))
    return {
        one.id: [
            piece
            for piece in pieces(event)
            if piece.starts_at > now and not any(
                each.mentor_id == one.id and each.starts_at < piece.ends_at and piece.starts_at < each.ends_at
                for each in taken
            )
        ]
        for one in found
    }  # fmt: skip


async def of_person(session: AsyncSession, event_id: int, person_id: int) -> list[Booking]:
    """The times that somebody has on a mentor day."""
    query = select(Booking).where(
        Booking.event_id == event_id, Booking.person_id == person_id, Booking.state.in_(TAKEN)
    )
    return list(await session.scalars(query.order_by(Booking.starts_at)))


async def book(session: AsyncSession, wanted: Wanted, desk: Desk, now: datetime) -> Booking:
    """Give somebody a time with an expert; it is agreed at once. Raises Over, NotShown, TimeGone, HasOne, Busy."""
    mentor = await mentors.lock(session, wanted.mentor_id)
    found = await events.find(session, wanted.event_id)
    if found is None or not is_open(found[0], now):
        raise Over
    event = found[0]
    if mentor is None or mentor.id not in {one.id for one in await experts(session, event, desk, now)}:
        raise NotShown
    slots = (await free(session, event, [mentor], now))[mentor.id]
    piece = next((one for one in slots if one.starts_at == wanted.starts_at), None)
    if piece is None:
        raise TimeGone
    await _refuse_second(session, wanted, piece)
    booking = Booking(
        id=new_id(), mentor_id=mentor.id, event_id=event.id, person_id=wanted.person_id, address_id=wanted.address_id,
        state=BookingState.AGREED, topic=OTHER, language=wanted.language, day=piece.day, minute=piece.minute,
        minutes=PIECE_MINUTES, zone=event.zone, starts_at=piece.starts_at, online=not event.where
        and bool(event.online_url), mediator=wanted.mediator, remind=wanted.remind, coming=None,
        details={"wish": wanted.words, "where": event.where}, asked=[], shares_person=False, shares_mentor=False,
        met_person=None, met_mentor=None, answer_by=None, check_in_at=None, made_at=now, changed_at=now,
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(booking)
            await session.flush()
    except IntegrityError:  # the last guard: nobody gets past the lock
        raise TimeGone from None
    for side in (Side.PERSON, Side.MENTOR):
        await booking_news.add(session, booking.id, mentor.id, side, What.MET, now, due_at=booking.ends_at + ASK_AFTER)
    for kind in (Kind.BOOKED, Kind.AGREED):
        await bookings.count(session, kind, booking, desk, now)
    await planning.replan_booking(session, booking.id, desk, now)
    return booking


def is_open(event: Event, now: datetime) -> bool:
    """Whether its times can be booked."""
    return event.kind == EventKind.MENTOR_DAY and event.state == EventState.PUBLISHED and event.ends_at > now


async def _refuse_second(session: AsyncSession, wanted: Wanted, piece: Slot) -> None:
    """One time with an expert a day, and nobody is in two places at once. Raises HasOne, Busy."""
    query = select(Booking).where(
        Booking.person_id == wanted.person_id, Booking.state.in_(TAKEN), Booking.starts_at > piece.starts_at - _DAY,
        Booking.starts_at < piece.starts_at + _DAY,
    )  # fmt: skip
    held = list(await session.scalars(query))
    if any((one.event_id, one.mentor_id) == (wanted.event_id, wanted.mentor_id) for one in held):
        raise HasOne
    if any(one.starts_at < piece.ends_at and piece.starts_at < one.ends_at for one in held):
        raise Busy


async def tidy(session: AsyncSession, event_id: int, desk: Desk, now: datetime) -> int:
    """After the event was changed or called off: times that there are no more are called off, and both are told.

    Returns how many.
    """
    await session.flush()
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None:
        return 0
    stands = {one.starts_at for one in pieces(event)} if event.state == EventState.PUBLISHED else set()
    known = set(expert_ids(event)) if event.kind == EventKind.MENTOR_DAY else set()
    query = select(Booking).where(Booking.event_id == event_id, Booking.state.in_(TAKEN), Booking.starts_at > now)
    held = list(await session.scalars(query.order_by(Booking.id), execution_options={"populate_existing": True}))
    gone = [one for one in held if one.starts_at not in stands or one.mentor_id not in known]
    for one in held:
        one.details = {**one.details, "where": event.where}
    for one in gone:
        await arranging.cancel(session, one.id, Side.DESK, desk, now)
        await planning.replan_booking(session, one.id, desk, now)
    return len(gone)
