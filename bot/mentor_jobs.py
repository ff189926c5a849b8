"""What the clock does for mentors: pass requests on, settle who met, ask after three months, tell the news."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import DESK, OUTBOX, of_address
from bot.domain import booking_news, bookings, meetings, mentors, passing, planning, quiet, tickets
from bot.domain.booking_news import News, Side, What
from bot.domain.bookings import Booking
from bot.domain.db import wait_for_sender
from bot.domain.mentors import Mentor
from bot.domain.outgoing import Purpose
from bot.domain.passing import Passed
from bot.domain.people import Address, Caller, Person
from bot.house import House
from bot.i18n import _
from bot.post import post
from flows.meeting_lines import SUBJECT, spoken, topic_name
from flows.mentor_news import Tell, discreet, holds, in_calendar, told

_STAFF_LANGUAGE: Final = "sl"  # of the card that staff read


async def see_to_mentors(house: House) -> int:
    """Everything that is due for mentors and those who wait for them. Returns how many messages were queued."""
    await pass_requests_on(house)
    async with house.db.transaction() as session:
        await meetings.settle_late(session, house.desk, house.now())
        await meetings.check_in(session, house.now())
    return await tell_news(house)


async def pass_requests_on(house: House) -> int:
    """Each request that nobody answered, or that was declined, in a commit of its own. Returns how many moved."""
    async with house.db.reading() as session:
        found = await passing.due(session, house.now())
    moved = 0
    for booking_id in found:
        async with house.db.transaction() as session:
            address = await _address_of(session, booking_id)
            if address is not None:  # first the sender, then the rows: whoever talks holds them in this order
                await wait_for_sender(session, address.sender)
            came = await passing.pass_on(session, booking_id, house.desk, house.now())
            if came is Passed.NOBODY:
                await _open_case(session, house, booking_id, address)
            await planning.replan_booking(session, booking_id, house.desk, house.now())
        moved += came is not Passed.NOT_DUE
        if came is Passed.NOBODY:
            house.bell.ring(DESK)
    return moved


async def _address_of(session: AsyncSession, booking_id: int) -> Address | None:
    query = select(Address).join(Booking, Booking.address_id == Address.id).where(Booking.id == booking_id)
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def _open_case(session: AsyncSession, house: House, booking_id: int, address: Address | None) -> None:
    """A person of the desk goes on looking. Whoever has no chat stands among the bookings of the console alone."""
    booking = await bookings.get(session, booking_id)
    person = await session.get(Person, booking.person_id) if booking is not None else None
    if booking is None or person is None or address is None:
        return
    caller = Caller(address.person_id, address.id, address.channel, address.sender, address.key, person.pseudonym,
                    person.language)  # fmt: skip
    card = _("No mentor has time. Topic: {topic}. Language: {language}. Wished time: {when}",
             topic=topic_name(booking.topic), language=spoken(booking.language, _STAFF_LANGUAGE),
             when=booking.local_start)  # fmt: skip
    await tickets.open_ticket(
        session, caller, {"question": house.catalogs.say(card, _STAFF_LANGUAGE)}, place=house.desk.place.id,
        zone=house.desk.zone, now=house.now(), subject=SUBJECT,
    )  # fmt: skip


async def tell_news(house: House) -> int:
    """Write what is due to each side; claimed and queued in one commit. Returns how many messages were queued."""
    sent = 0
    while True:
        async with house.db.transaction() as session:
            found = await booking_news.due(session, house.now())
            reached = {one.id: await _reached(session, house, one) for one in found}
            for sender in sorted({address.sender for address in reached.values() if address is not None}):
                await wait_for_sender(session, sender)
            addresses = [address for one in found if (address := await _tell(session, house, one, reached[one.id]))]
        if addresses:
            house.bell.ring(OUTBOX, *map(of_address, addresses))
        sent += len(addresses)
        if not found:
            return sent


async def _reached(session: AsyncSession, house: House, one: News) -> Address | None:
    """Where this side is written to; None where nobody can be, and the desk's console shows it."""
    if one.side == Side.MENTOR:
        mentor = await mentors.get(session, one.mentor_id)
        address = await mentors.address_of(session, mentor) if mentor is not None else None
    else:
        address = await _address_of(session, one.booking_id or 0)
    known = address is not None and address.unreachable_at is None and address.channel in house.channels
    return address if known else None


async def _tell(session: AsyncSession, house: House, one: News, address: Address | None) -> int | None:
    """Tell one thing; the address to which it goes, or None."""
    mentor = await session.get_one(Mentor, one.mentor_id, populate_existing=True)
    booking = await bookings.get(session, one.booking_id) if one.booking_id is not None else None
    person = await session.get(Person, address.person_id) if address is not None else None
    language = person.language if person is not None else _STAFF_LANGUAGE
    tell = Tell(What(one.what), Side(one.side), mentor, booking, house.desk, language, dict(one.words))
    if not await _still(session, one, tell, person):
        await booking_news.drop(session, one.id)
        return None
    if address is not None and (later := await _held_until(session, house, one, booking, address)) is not None:
        await booking_news.put_off(session, one.id, later)
        return None
    reached = address is not None and person is not None
    if not await booking_news.claim(session, one.id, house.now(), reached=reached) or address is None or person is None:
        return None
    file = in_calendar(tell, house.catalogs, house.now(), discreet=person.discreet)
    message = replace(discreet(tell) if person.discreet else told(tell), document=file)
    await post(session, house, address.id, message, f"mentor:{one.id}")
    return address.id


async def _held_until(
    session: AsyncSession, house: House, one: News, booking: Booking | None, address: Address
) -> datetime | None:
    """When the reader's quiet hours end, unless the meeting would be too near by then. None: it goes now."""
    zone = ZoneInfo(booking.zone) if booking is not None else house.desk.zone
    until = await quiet.hold(session, address.id, Purpose.SERVICE, zone, house.now())
    soon = booking is not None and house.now() < booking.starts_at <= until + quiet.TOO_SOON
    return None if until <= house.now() or soon or one.what == What.WORDS else until


async def _still(session: AsyncSession, one: News, tell: Tell, person: Person | None) -> bool:
    """Whether it is still to be told: it is so, the mentor knew of it before, the person wants to be asked."""
    if not holds(tell):
        return False
    if tell.what is What.CANCELLED and tell.side is Side.MENTOR and one.booking_id is not None:
        return await booking_news.was_told(session, one.booking_id, one.mentor_id, What.REQUEST, What.MOVED)
    return tell.what is not What.CHECK_IN or person is None or person.stopped_at is None
