"""A request that a mentor declined or did not answer goes to the next who suits; nobody is asked twice."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import booking_news, bookings, checks, matching, mentors
from bot.domain.arranging import answer_by
from bot.domain.booking_news import Side, What
from bot.domain.bookings import Booking, BookingState
from bot.domain.matching import Fit, Wanted
from bot.domain.places import Desk
from bot.domain.slots import Slot
from bot.domain.wall import instant

_WAITING: Final = (BookingState.ASKED, BookingState.SUGGESTED, BookingState.DECLINED)
_FORGOTTEN: Final = (What.REQUEST, What.MOVED, What.RESTORED, What.SUGGESTED, What.PASSED)

# What stands in the details of a booking and is between the person and one mentor.
_OF_ONE_MENTOR: Final = {"suggested", "other_time", "contact", "mentor_contact", "muted"}


class Passed(StrEnum):
    """What became of a request whose time was over."""

    NOT_DUE = "not_due"
    LAPSED = "lapsed"  # the person did not answer what the mentor suggested
    ASKED = "asked"  # somebody else was asked
    NOBODY = "nobody"  # nobody is left: a person of the desk sees to it


async def due(session: AsyncSession, now: datetime, most: int = 64) -> list[int]:
    """Requests that wait for nobody any more."""
    query = select(Booking.id).where(Booking.state.in_(_WAITING), Booking.answer_by <= now)
    return list(await session.scalars(query.order_by(Booking.answer_by, Booking.id).limit(most)))


async def pass_on(session: AsyncSession, booking_id: int, desk: Desk, now: datetime) -> Passed:
    """Ask the next mentor who suits, for the same time where they are free then, else for one near to it."""
    booking = await bookings.get(session, booking_id)
    if booking is None or not _is_due(booking, now):
        return Passed.NOT_DUE
    fit = None if booking.state == BookingState.SUGGESTED else await _next(session, booking, desk, now)
    if fit is not None and await _still_free(session, fit, desk, now) is None:
        return Passed.NOT_DUE  # somebody was quicker; the next tick looks again
    booking = await bookings.lock(session, booking_id)
    if booking is None or not _is_due(booking, now):
        return Passed.NOT_DUE
    if booking.state == BookingState.SUGGESTED:
        return await _lapse(session, booking, now)
    for_the_next = booking.asked if fit is None else [*booking.asked, booking.mentor_id]
    if booking.state == BookingState.ASKED:
        words = booking_news.when(booking.day, booking.minute, booking.zone)  # the next may have another time
        await booking_news.add(session, booking.id, booking.mentor_id, Side.MENTOR, What.LAPSED, now, words=words)
    await booking_news.take_back(session, booking.id, *_FORGOTTEN)
    booking.asked = for_the_next
    if fit is None:
        return await _nobody(session, booking, now)
    return await _ask(session, booking, fit, now)


def _is_due(booking: Booking, now: datetime) -> bool:
    return booking.state in _WAITING and booking.answer_by is not None and booking.answer_by <= now


async def _next(session: AsyncSession, booking: Booking, desk: Desk, now: datetime) -> Fit | None:
    """The best mentor who was not asked yet, with the time to ask for as the first."""
    wanted = Wanted(booking.topic, booking.language, str(booking.details.get("how", "")),
                    str(booking.details.get("gender", "")))  # fmt: skip
    found = await mentors.shown(session, checks.since(desk, now))
    free = await bookings.free(session, found, now)
    fits = matching.best(found, free, wanted, but={*booking.asked, booking.mentor_id})
    wished = _wished(booking)
    nearest = [Fit(one.mentor, sorted(one.slots, key=lambda slot: abs(slot.starts_at - wished)), one.online)
               for one in fits]  # fmt: skip
    # `sorted` keeps the order of those who are as near.
    return next(iter(sorted(nearest, key=lambda one: one.slots[0].starts_at != wished)), None)


def _wished(booking: Booking) -> datetime:
    day, minute = booking.details.get("wished", (booking.day.isoformat(), booking.minute))
    return instant(date.fromisoformat(day), int(minute), ZoneInfo(booking.zone))


async def _still_free(session: AsyncSession, fit: Fit, desk: Desk, now: datetime) -> Slot | None:
    """The time, while the mentor is kept from everybody else."""
    mentor = await mentors.lock(session, fit.mentor.id)
    if mentor is None or not mentors.is_shown(mentor, checks.since(desk, now)):
        return None
    slots = (await bookings.free(session, [mentor], now))[mentor.id]
    return next((one for one in slots if one == fit.slots[0]), None)


async def _ask(session: AsyncSession, booking: Booking, fit: Fit, now: datetime) -> Passed:
    slot, mentor = fit.slots[0], fit.mentor
    details = {key: value for key, value in booking.details.items() if key not in _OF_ONE_MENTOR}
    if slot.starts_at != _wished(booking):
        details["other_time"] = True
    try:
        async with session.begin_nested():
            booking.mentor_id, booking.state, booking.online = mentor.id, BookingState.ASKED, fit.online
            booking.shares_person = booking.shares_mentor = False  # what was agreed with another is not agreed now
            booking.coming = None
            booking.day, booking.minute, booking.starts_at = slot.day, slot.minute, slot.starts_at
            booking.minutes, booking.zone, booking.details = mentor.slot_minutes, mentor.zone, details
            booking.answer_by, booking.changed_at = answer_by(slot.starts_at, now), now
            await session.flush()
    except IntegrityError:  # the last guard: nobody gets past the lock
        return Passed.NOT_DUE
    await booking_news.add(session, booking.id, mentor.id, Side.MENTOR, What.REQUEST, now)
    await booking_news.add(session, booking.id, mentor.id, Side.PERSON, What.PASSED, now)
    return Passed.ASKED


async def _nobody(session: AsyncSession, booking: Booking, now: datetime) -> Passed:
    if booking.state == BookingState.ASKED:
        booking.state = BookingState.LAPSED
    booking.answer_by, booking.changed_at = None, now
    await booking_news.add(session, booking.id, booking.mentor_id, Side.PERSON, What.NOBODY, now)
    return Passed.NOBODY


async def _lapse(session: AsyncSession, booking: Booking, now: datetime) -> Passed:
    booking.state, booking.answer_by, booking.changed_at = BookingState.LAPSED, None, now
    await booking_news.take_back(session, booking.id, What.SUGGESTED)
    for side in (Side.PERSON, Side.MENTOR):
        await booking_news.add(session, booking.id, booking.mentor_id, side, What.LAPSED, now)
    return Passed.LAPSED
