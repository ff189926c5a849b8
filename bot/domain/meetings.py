"""Between agreeing and afterwards: words that the desk passes on, contact details, whether they met, how it goes on."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import booking_news, bookings
from bot.domain.booking_news import Side, What
from bot.domain.bookings import Booking, BookingError, BookingState, Over
from bot.domain.checks import months_from
from bot.domain.happenings import Kind
from bot.domain.masking import masked
from bot.domain.places import Desk
from bot.domain.wall import instant

IN_TOUCH: Final = timedelta(days=100)  # so long after a meeting the desk passes words on: beyond the check-in
MOST_A_DAY: Final = 20  # messages of one side
CHECK_IN_MONTHS: Final = 3
SETTLED_AFTER: Final = timedelta(days=3)  # then what one side says is believed
_MET_STATES: Final = (BookingState.AGREED, BookingState.MET)
_LINK: Final = re.compile(r"(https://\S+)")


class Muted(BookingError):
    """One side wants no messages."""


class TooMany(BookingError):
    """This side has written very often today."""


async def relay(session: AsyncSession, booking_id: int, side: Side, words: str, now: datetime) -> None:
    """Pass words on, without what could tell how somebody is reached; a mentor may send a link to an online meeting.

    Raises Over, Muted, TooMany.
    """
    booking = await _in_touch(session, booking_id, now)
    if booking.muted_by:
        raise Muted
    if await booking_news.count_words(session, booking_id, side.other, now - timedelta(days=1)) >= MOST_A_DAY:
        raise TooMany
    told = {"text": keeping_links(words) if side is Side.MENTOR else masked(words)}
    await booking_news.add(session, booking_id, booking.mentor_id, side.other, What.WORDS, now, words=told)


def keeping_links(words: str) -> str:
    """The same as `masked`, but for links."""
    return "".join(part if _LINK.fullmatch(part) else masked(part) for part in _LINK.split(words))


async def mute(session: AsyncSession, booking_id: int, side: Side, now: datetime, *, muted: bool) -> bool:
    """No more messages for this side, or again; only who ended them can begin again. Whether that changed anything."""
    booking = await _in_touch(session, booking_id, now)
    if booking.muted_by != ("" if muted else side):
        return False
    booking.details = {**booking.details, "muted": side if muted else ""}
    await session.flush()
    return True


async def share(session: AsyncSession, booking_id: int, side: Side, contact: str, now: datetime) -> bool:
    """Agree to give the other side how one is reached. Whether both do now: then each is told, and not before.

    Raises Over.
    """
    booking = await _in_touch(session, booking_id, now)
    both = booking.shares_person and booking.shares_mentor
    if both:
        return True
    name = "contact" if side is Side.PERSON else "mentor_contact"
    booking.details = {**booking.details, name: contact}
    booking.shares_person = booking.shares_person or side is Side.PERSON
    booking.shares_mentor = booking.shares_mentor or side is Side.MENTOR
    both = booking.shares_person and booking.shares_mentor
    for told in (Side.PERSON, Side.MENTOR) if both else ():
        words = {"contact": str(booking.details["mentor_contact" if told is Side.PERSON else "contact"])}
        await booking_news.add(session, booking_id, booking.mentor_id, told, What.CONTACT, now, words=words)
    await session.flush()
    return both


async def unshare(session: AsyncSession, booking_id: int, side: Side, now: datetime) -> bool:
    """Take that back; False when the other side has it already. Raises Over."""
    booking = await _in_touch(session, booking_id, now)
    if booking.shares_person and booking.shares_mentor:
        return False
    name = "contact" if side is Side.PERSON else "mentor_contact"
    booking.details = {key: value for key, value in booking.details.items() if key != name}
    booking.shares_person = booking.shares_person and side is not Side.PERSON
    booking.shares_mentor = booking.shares_mentor and side is not Side.MENTOR
    await session.flush()
    return True


async def say_met(
    session: AsyncSession, booking_id: int, side: Side, desk: Desk, now: datetime, *, met: bool
) -> Booking:
    """What one side says of whether they met. Raises Over.

    It counts as a meeting when both say yes, or one says yes and the other nothing for three days. When one says yes
    and the other no, the desk decides (`decide`).
    """
    booking = await bookings.lock(session, booking_id)
    if booking is None or booking.state != BookingState.AGREED or booking.starts_at > now:
        raise Over
    if side is Side.PERSON:
        booking.met_person = met
    else:
        booking.met_mentor = met
    booking.changed_at = now
    await _settle(session, booking, desk, now, late=False)
    return booking


async def decide(session: AsyncSession, booking_id: int, state: BookingState, desk: Desk, now: datetime) -> Booking:
    """Staff write down what became of a meeting: MET, MISSED, ALONE or CANCELLED. Raises Over."""
    booking = await bookings.lock(session, booking_id)
    if booking is None or booking.state != BookingState.AGREED or booking.starts_at > now:
        raise Over
    await _end(session, booking, state, desk, now)
    return booking


async def settle_late(session: AsyncSession, desk: Desk, now: datetime, most: int = 64) -> int:
    """Believe the one side that has said something where the other is silent. Returns how many were settled."""
    query = (
        select(Booking.id)
        .where(
            Booking.state == BookingState.AGREED, Booking.starts_at < now - SETTLED_AFTER,
            or_(Booking.met_person.is_(None), Booking.met_mentor.is_(None)),
            or_(Booking.met_person.is_not(None), Booking.met_mentor.is_not(None)),
        )
        .order_by(Booking.id)
        .limit(most)
    )  # fmt: skip
    settled = 0
    for booking_id in list(await session.scalars(query)):
        booking = await bookings.lock(session, booking_id)
        if booking is not None and booking.state == BookingState.AGREED:
            await _settle(session, booking, desk, now, late=True)
            settled += booking.state != BookingState.AGREED
    return settled


async def check_in(session: AsyncSession, now: datetime, most: int = 64) -> int:
    """Ask those whose first meeting was three months ago how it goes, once. Returns how many."""
    query = select(Booking.id).where(Booking.check_in_at <= now).order_by(Booking.check_in_at, Booking.id).limit(most)
    found = list(await session.scalars(query))
    for booking_id in found:
        booking = await bookings.lock(session, booking_id)
        if booking is not None and booking.check_in_at is not None:
            booking.check_in_at = None
            await booking_news.add(session, booking_id, booking.mentor_id, Side.PERSON, What.CHECK_IN, now)
    await session.flush()
    return len(found)


async def _in_touch(session: AsyncSession, booking_id: int, now: datetime) -> Booking:
    """The booking, locked, of two who have agreed to meet and may still write to each other. Raises Over."""
    booking = await bookings.lock(session, booking_id)
    if booking is None or booking.state not in _MET_STATES or booking.starts_at < now - IN_TOUCH:
        raise Over
    return booking


async def _settle(session: AsyncSession, booking: Booking, desk: Desk, now: datetime, *, late: bool) -> None:
    late = late or now >= booking.ends_at + SETTLED_AFTER
    match booking.met_person, booking.met_mentor:
        case (True, True):
            await _end(session, booking, BookingState.MET, desk, now)
        case (True, None) | (None, True) if late:
            await _end(session, booking, BookingState.MET, desk, now)
        case (False, False):  # nobody is blamed
            await _end(session, booking, BookingState.CANCELLED, desk, now)
        case (False, None) if late:
            await _end(session, booking, BookingState.ALONE, desk, now)
        case (None, False) if late:
            await _end(session, booking, BookingState.MISSED, desk, now)
        case _open:
            await session.flush()


async def _end(session: AsyncSession, booking: Booking, state: BookingState, desk: Desk, now: datetime) -> None:
    booking.state, booking.changed_at = state, now
    if state is BookingState.MET:
        if not await _met_before(session, booking):
            day = booking.local_start.date()
            booking.check_in_at = instant(months_from(day, CHECK_IN_MONTHS), booking.minute, ZoneInfo(booking.zone))
        await bookings.count(session, Kind.MET, booking, desk, now)
    elif state in {BookingState.MISSED, BookingState.ALONE}:
        await bookings.count(session, Kind.NO_SHOW, booking, desk, now)
    await booking_news.take_back(session, booking.id, What.MET)
    await session.flush()


async def _met_before(session: AsyncSession, booking: Booking) -> bool:
    query = select(Booking.id).where(
        Booking.person_id == booking.person_id, Booking.mentor_id == booking.mentor_id, Booking.id != booking.id,
        Booking.state == BookingState.MET,
    )  # fmt: skip
    return await session.scalar(query.limit(1)) is not None
