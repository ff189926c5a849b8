"""Arranging a meeting with a mentor: ask, answer, suggest, move, call off. Each verb notes what is to be told to whom.

Locks are taken in one order: the mentor, then the booking. After each verb, whoever calls it plans the reminders anew
(`planning.replan_booking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import booking_news, bookings, checks, mentors
from bot.domain.booking_news import Side, What
from bot.domain.bookings import TAKEN, Booking, BookingState, Busy, NotShown, Over, TimeGone
from bot.domain.db import new_id
from bot.domain.happenings import Kind
from bot.domain.mentors import Mentor
from bot.domain.places import Desk
from bot.domain.seats import Remind
from bot.domain.slots import Slot

ANSWER_WITHIN: Final = timedelta(days=3)  # then a request is passed on by itself
ASK_AFTER: Final = timedelta(hours=1)  # so long after the end both are asked whether they met
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks of a mentor. `how` and `gender` matter if it is passed on; empty: it does not matter."""

    person_id: int
    mentor_id: int
    day: date
    minute: int
    topic: str
    language: str
    online: bool = False
    how: str = ""
    gender: str = ""
    mediator: bool = False
    wish: str = field(default="", repr=False)
    remind: Remind = Remind.CHAT
    address_id: int | None = None


def answer_by(starts_at: datetime, now: datetime) -> datetime:
    """Until when an answer is waited for: three days, or half of the time that is left before the meeting."""
    return min(now + ANSWER_WITHIN, now + (starts_at - now) / 2)


async def book(session: AsyncSession, asking: Asking, desk: Desk, now: datetime) -> Booking:
    """Ask a mentor for a time, which nobody else can have from now on. Raises NotShown, TimeGone, Busy."""
    mentor = await _bookable(session, asking.mentor_id, desk, now)
    slot = await _free_slot(session, mentor, asking.day, asking.minute, now)
    await _refuse_overlap(session, asking.person_id, slot)
    details = {"how": asking.how, "gender": asking.gender, "wish": asking.wish,
               "wished": [slot.day.isoformat(), slot.minute]}  # fmt: skip
    booking = Booking(
        id=new_id(), mentor_id=mentor.id, event_id=None, person_id=asking.person_id, address_id=asking.address_id,
        state=BookingState.ASKED, topic=asking.topic, language=asking.language, day=slot.day, minute=slot.minute,
        minutes=mentor.slot_minutes, zone=mentor.zone, starts_at=slot.starts_at, online=asking.online,
        mediator=asking.mediator, remind=asking.remind, coming=None, details=details, asked=[], shares_person=False,
        shares_mentor=False, met_person=None, met_mentor=None, answer_by=answer_by(slot.starts_at, now),
        check_in_at=None, made_at=now, changed_at=now,
    )  # fmt: skip
    await _write(session, booking)
    await booking_news.add(session, booking.id, mentor.id, Side.MENTOR, What.REQUEST, now)
    await bookings.count(session, Kind.BOOKED, booking, desk, now)
    return booking


async def accept(session: AsyncSession, booking_id: int, desk: Desk, now: datetime) -> Booking:
    """The mentor says yes. Where the request came to them with another time, the person is asked first.

    Raises Over, NotShown.
    """
    booking = await _open(session, booking_id, now, BookingState.ASKED)
    mentor = await mentors.get(session, booking.mentor_id)
    if mentor is None or not checks.good(mentor.checked_on, desk, now):
        raise NotShown
    if booking.details.get("other_time"):
        return await _suggest(session, booking, [(booking.day, booking.minute)], now)
    return await _agree(session, booking, desk, now)


async def decline(session: AsyncSession, booking_id: int, reason: str, now: datetime) -> Booking:
    """The mentor says no; the reason is for the desk alone. The clockwork passes the request on. Raises Over."""
    booking = await _open(session, booking_id, now, BookingState.ASKED, BookingState.SUGGESTED)
    return await _give_up(session, booking, now, reasons=[*booking.details.get("reasons", ()), reason])


async def suggest(session: AsyncSession, booking_id: int, times: Sequence[tuple[date, int]], now: datetime) -> Booking:
    """The mentor names other times that are free. Raises Over, TimeGone."""
    booking = await _open(session, booking_id, now, BookingState.ASKED, BookingState.SUGGESTED)
    mentor = await session.get_one(Mentor, booking.mentor_id)
    for day, minute in times:
        await _free_slot(session, mentor, day, minute, now, but=booking.id)
    return await _suggest(session, booking, times, now)


async def take_suggested(
    session: AsyncSession, booking_id: int, day: date, minute: int, desk: Desk, now: datetime
) -> Booking:
    """The person takes one of these times: it is agreed. Raises Over, NotShown, TimeGone, Busy."""
    mentor, booking = await _with_mentor(session, booking_id, desk, now, BookingState.SUGGESTED)
    if (day, minute) not in booking.suggested:
        raise TimeGone
    await _move(session, booking, mentor, day, minute, now)
    return await _agree(session, booking, desk, now)


async def refuse_suggested(session: AsyncSession, booking_id: int, now: datetime) -> Booking:
    """None of these times suits the person: somebody else is asked. Raises Over."""
    return await _give_up(session, await _open(session, booking_id, now, BookingState.SUGGESTED), now)


async def change_time(
    session: AsyncSession, booking_id: int, day: date, minute: int, desk: Desk, now: datetime
) -> Booking:
    """The person wants another time: the old one is given up, and the mentor is asked again.

    Raises Over, NotShown, TimeGone, Busy.
    """
    mentor, booking = await _with_mentor(session, booking_id, desk, now, *TAKEN)
    await _move(session, booking, mentor, day, minute, now)
    await _forget_news(session, booking.id)
    booking.state, booking.answer_by, booking.coming = BookingState.ASKED, answer_by(booking.starts_at, now), None
    booking.details = {**_without(booking.details, "suggested", "other_time"), "wished": [day.isoformat(), minute]}
    await booking_news.add(session, booking.id, mentor.id, Side.MENTOR, What.MOVED, now)
    await session.flush()
    return booking


async def cancel(session: AsyncSession, booking_id: int, side: Side, desk: Desk, now: datetime) -> Booking:
    """Call it off; the other side (both, when the desk does) is told. Raises Over."""
    del desk
    booking = await _open(session, booking_id, now, *TAKEN, BookingState.DECLINED, BookingState.LAPSED)
    if booking.state not in TAKEN and booking.answer_by is None:
        raise Over
    before = [booking.state, booking.answer_by.isoformat() if booking.answer_by else ""]
    booking.details = {**booking.details, "before": before, "by": side}
    booking.state, booking.answer_by, booking.changed_at = BookingState.CANCELLED, None, now
    await _forget_news(session, booking.id)
    for told in {Side.PERSON, Side.MENTOR} - {side}:
        if told is Side.PERSON or before[0] in TAKEN:
            await booking_news.add(session, booking.id, booking.mentor_id, told, What.CANCELLED, now)
    await session.flush()
    return booking


async def restore(session: AsyncSession, booking_id: int, desk: Desk, now: datetime) -> Booking:
    """Take back what the person called off, while the time is free. Raises Over, NotShown, TimeGone, Busy."""
    mentor, booking = await _with_mentor(session, booking_id, desk, now, BookingState.CANCELLED)
    before, until = booking.details.get("before", ("", ""))
    if booking.details.get("by") != Side.PERSON or before not in TAKEN:
        raise Over
    known_since = now - timedelta(hours=mentor.notice_hours)  # what was theirs needs no notice again
    await _move(session, booking, mentor, booking.day, booking.minute, known_since, BookingState(before))
    booking.changed_at = now
    booking.details = _without(booking.details, "before", "by")
    booking.answer_by = datetime.fromisoformat(until) if until else None
    await booking_news.take_back(session, booking.id, What.CANCELLED)
    known = await booking_news.was_told(session, booking.id, mentor.id, What.REQUEST, What.MOVED)
    told = What.RESTORED if known and before != BookingState.ASKED else What.REQUEST
    await booking_news.add(session, booking.id, mentor.id, Side.MENTOR, told, now)
    if before == BookingState.AGREED:
        await _ask_later(session, booking, now)
    await session.flush()
    return booking


async def leave_bookings(session: AsyncSession, person_id: int, now: datetime) -> None:
    """The person leaves the desk for good: mentors who know of a meeting to come are told that it is off."""
    for booking in await bookings.of_people(session, [person_id]):
        known = await booking_news.was_told(session, booking.id, booking.mentor_id, What.REQUEST, What.MOVED)
        if booking.state in TAKEN and booking.starts_at > now and known:
            words = booking_news.when(booking.day, booking.minute, booking.zone)
            await booking_news.add(session, None, booking.mentor_id, Side.MENTOR, What.GONE, now, words=words)


async def _open(session: AsyncSession, booking_id: int, now: datetime, *states: BookingState) -> Booking:
    """The booking, locked, if it is in one of these states and has not begun. Raises Over."""
    booking = await bookings.lock(session, booking_id)
    if booking is None or booking.state not in states or booking.starts_at <= now:
        raise Over
    return booking


async def _with_mentor(
    session: AsyncSession, booking_id: int, desk: Desk, now: datetime, *states: BookingState
) -> tuple[Mentor, Booking]:
    """The booking and its mentor, both locked, the mentor first. Raises Over, NotShown."""
    mentor_id = await session.scalar(select(Booking.mentor_id).where(Booking.id == booking_id))
    if mentor_id is None:
        raise Over
    mentor = await mentors.lock(session, mentor_id)
    booking = await _open(session, booking_id, now, *states)
    if booking.mentor_id != mentor_id or booking.event_id is not None:
        raise Over  # passed on in between; a slot of a mentor day is not moved
    if mentor is None or not mentors.is_shown(mentor, checks.since(desk, now)):
        raise NotShown
    return mentor, booking


async def _bookable(session: AsyncSession, mentor_id: int, desk: Desk, now: datetime) -> Mentor:
    mentor = await mentors.lock(session, mentor_id)
    if mentor is None or not mentors.is_shown(mentor, checks.since(desk, now)):
        raise NotShown
    return mentor


async def _free_slot(
    session: AsyncSession, mentor: Mentor, day: date, minute: int, now: datetime, *, but: int = 0
) -> Slot:
    """The slot at this wall time, if it is free. Raises TimeGone."""
    found = (await bookings.free(session, [mentor], now, but=but))[mentor.id]
    slot = next((one for one in found if (one.day, one.minute) == (day, minute)), None)
    if slot is None:
        raise TimeGone
    return slot


async def _refuse_overlap(session: AsyncSession, person_id: int, slot: Slot, *, but: int = 0) -> None:
    query = select(Booking).where(
        Booking.person_id == person_id, Booking.state.in_(TAKEN), Booking.id != but,
        Booking.starts_at < slot.ends_at, Booking.starts_at > slot.starts_at - _DAY,
    )  # fmt: skip
    if any(one.ends_at > slot.starts_at for one in await session.scalars(query)):
        raise Busy


async def _move(
    session: AsyncSession, booking: Booking, mentor: Mentor, day: date, minute: int, now: datetime,
    state: BookingState | None = None,
) -> None:  # fmt: skip
    """Put a booking at another free time of its mentor. Raises TimeGone, Busy."""
    slot = await _free_slot(session, mentor, day, minute, now, but=booking.id)
    await _refuse_overlap(session, booking.person_id, slot, but=booking.id)
    booking.day, booking.minute, booking.starts_at = slot.day, slot.minute, slot.starts_at
    booking.minutes, booking.zone, booking.changed_at = mentor.slot_minutes, mentor.zone, now
    booking.state = state or booking.state
    await _write(session, booking)


async def _write(session: AsyncSession, booking: Booking) -> None:
    """Write it down; the unique index is the last guard of a time. Raises TimeGone."""
    try:
        async with session.begin_nested():
            session.add(booking)
            await session.flush()
    except IntegrityError:
        raise TimeGone from None


async def _agree(session: AsyncSession, booking: Booking, desk: Desk, now: datetime) -> Booking:
    booking.state, booking.answer_by, booking.coming = BookingState.AGREED, None, None
    booking.details, booking.changed_at = _without(booking.details, "suggested", "other_time"), now
    await booking_news.add(session, booking.id, booking.mentor_id, Side.PERSON, What.AGREED, now)
    await _ask_later(session, booking, now)
    await bookings.count(session, Kind.AGREED, booking, desk, now)
    await session.flush()
    return booking


async def _ask_later(session: AsyncSession, booking: Booking, now: datetime) -> None:
    """Both are asked after the end whether they met."""
    for side in (Side.PERSON, Side.MENTOR):
        await booking_news.add(
            session, booking.id, booking.mentor_id, side, What.MET, now, due_at=booking.ends_at + ASK_AFTER
        )


async def _suggest(
    session: AsyncSession, booking: Booking, times: Sequence[tuple[date, int]], now: datetime
) -> Booking:
    told = [[day.isoformat(), minute] for day, minute in times]
    booking.state, booking.changed_at = BookingState.SUGGESTED, now
    booking.answer_by = answer_by(booking.starts_at, now)
    booking.details = {**booking.details, "suggested": told}
    await booking_news.add(session, booking.id, booking.mentor_id, Side.PERSON, What.SUGGESTED, now)
    await session.flush()
    return booking


async def _give_up(session: AsyncSession, booking: Booking, now: datetime, **details: Any) -> Booking:  # noqa: ANN401
    """This mentor and this person do not meet: the time is free, and the clockwork looks for somebody else."""
    booking.state, booking.answer_by, booking.changed_at = BookingState.DECLINED, now, now
    booking.details = {**booking.details, **details}
    await _forget_news(session, booking.id)
    await session.flush()
    return booking


async def _forget_news(session: AsyncSession, booking_id: int) -> None:
    """What was to be told of how it stood before."""
    await booking_news.take_back(session, booking_id, What.REQUEST, What.MOVED, What.RESTORED, What.AGREED,
                                 What.SUGGESTED, What.PASSED, What.MET)  # fmt: skip


def _without(details: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in names}
