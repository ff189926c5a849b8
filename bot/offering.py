"""What those who have signed up are told without asking: a free place, its end, a change, and "how was it?" afterwards.

Each message is queued in the commit that notes that it was told, so that it goes once or not at all. Nobody is woken:
in their quiet hours it waits, and an offer's time runs only from when it was told.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import OUTBOX, of_address
from bot.dialog.messages import Message
from bot.domain import events, feedback, happenings, news, opening, planning, reminders, seated, seats, telling, waiting
from bot.domain.db import wait_for_sender
from bot.domain.events import Event
from bot.domain.happenings import Kind
from bot.domain.news import News, What
from bot.domain.people import Address, Caller, Person
from bot.domain.quiet import Quiet
from bot.domain.reminders import Reader
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Signup, SignupState
from bot.domain.waiting import Offer, OfferState, Term
from bot.house import House
from bot.post import post
from flows import offers
from flows.feedback import request

log = logging.getLogger(__name__)

_ASKED_WITHIN: Final = timedelta(hours=24)  # after the end; later nobody remembers, and an evening ends in quiet hours
_TO_GET_THERE: Final = timedelta(hours=2)  # so long before the start people are on their way
T = TypeVar("T")


async def tell_offers(house: House) -> int:
    """Write offers, and the end of those that nobody answered, to their people. Returns how many messages."""
    async with house.db.reading() as session:
        found = await telling.untold(session)
        readers = await reminders.readers(session, [signup for _offer, signup in found], house.channels)
    return await tell_each(house, [(offer, signup, readers.get(signup.id)) for offer, signup in found], _tell_offer)


async def _tell_offer(
    session: AsyncSession, house: House, offer: Offer, signup: Signup, reader: Reader
) -> tuple[Message, str] | None:
    await seats.hold(session)  # so that nobody is told of what they are just giving up
    thing = await seated.of_seating(session, offer.seating_id)
    now = await seats.get(session, signup.id)
    if thing is None or now is None:
        return None
    if offer.state == OfferState.OPEN:
        told = await telling.tell(session, offer.id, _term(house, thing))
        if told is None:
            return None
        await _count(session, house, Kind.SEAT_OFFERED, now, reader, thing)
        message = offers.offer_message(thing, told, house.desk, await _addressed(session, now, reader))
        return message, f"offer:{offer.id}"
    if await telling.tell_end(session, offer.id, house.now()) is None:
        return None
    return offers.over_message(thing, now, await _addressed(session, now, reader)), f"offer-over:{offer.id}"


async def end_offers(house: House) -> int:
    """Let offers end whose time is over; each seat goes to the next. Returns how many.

    One that could not be told yet, for the desk was down or it is night there, is told first.
    """
    over = 0
    async with house.db.reading() as session:
        found = await telling.ended(session, house.now())
        readers = await reminders.readers(session, [signup for _offer, signup in found], house.channels)
    for offer, signup in found:
        async with house.db.transaction() as session:
            thing = await seated.of_seating(session, offer.seating_id)
            begun = thing is None or thing.starts_at is None or thing.starts_at <= house.now()
            if thing is None or (offer.told_at is None and signup.id in readers and not begun):
                continue
            try:
                await waiting.pass_on(session, offer.id, OfferState.EXPIRED, _term(house, thing))
            except waiting.OfferOver:  # answered at this moment
                continue
            over += 1
    return over


async def end_lists(house: House) -> int:
    """Let go of those who still wait for an event that has begun. Returns how many."""
    gone = 0
    async with house.db.reading() as session:
        found = await events.still_waited_for(session, house.now())
    for event_id in found:
        async with house.db.transaction() as session:
            left = await waiting.close_list(session, events.list_key(event_id), SignupState.EXPIRED, house.now())
            await news.write_down(session, left, event_id, What.NO_SEAT, house.now())
            gone += len(left)
    return gone


async def tell_changed(session: AsyncSession, house: House, event_id: int, what: What) -> int:
    """After a change by the desk, in its transaction: whom it concerns is told by the clockwork, reminders follow.

    `event_id`: of an event or of a group of a course. CALLED_OFF concerns those whom calling it off has ended, all
    others those who go, wait or have an offer. Returns how many people it concerns.
    """
    if what is What.CALLED_OFF:
        found = await seats.called_off(session, event_id, events.list_key(event_id))
        told = await news.known(session, [one.id for one in found], what)
        found = [one for one in found if one.id not in told]
    else:
        found = await seats.of_seating(session, event_id, *ACTIVE)
        found += [one for one in await waiting.on_list(session, events.list_key(event_id)) if one not in found]
    await news.write_down(session, found, event_id, what, house.now())
    await planning.replan_seating(session, event_id, house.desk, house.now())
    return len(found)


async def tell_news(house: House) -> int:
    """Write what was changed or called off to those whom it concerns. Returns how many messages."""
    async with house.db.reading() as session:
        found = await news.untold(session)
        readers = await reminders.readers(session, [signup for _one, signup in found], house.channels)
        begins = await seats.beginnings(session, [one.seating_id for one, _signup in found])

    def cannot_wait(one: News, quiet: Quiet) -> bool:
        starts_at = begins.get(one.seating_id)
        return starts_at is not None and quiet.after(house.now()) > starts_at - _TO_GET_THERE

    told = [(one, signup, readers.get(signup.id)) for one, signup in found]
    return await tell_each(house, told, _tell_news, cannot_wait)


async def _tell_news(
    session: AsyncSession, house: House, one: News, signup: Signup, reader: Reader
) -> tuple[Message, str] | None:
    now = await seats.get(session, signup.id)
    if now is None or await news.tell(session, one.id, house.now()) is None:
        return None
    thing = await seated.of_seating(session, one.seating_id)
    if thing is None or not _concerns(What(one.what), now):
        return None
    message = offers.news_message(thing, now, What(one.what), await _addressed(session, now, reader))
    return message, f"news:{one.id}"


async def _addressed(session: AsyncSession, signup: Signup, reader: Reader) -> offers.Addressed:
    """To whom it is said, and for whom, where somebody else's phone is written to."""
    person = await session.get_one(Person, signup.person_id)
    name = "" if person.id == reader.person_id else signup.name or person.name or ""
    return offers.Addressed(reader.language, reader.discreet, name)


def _concerns(what: What, signup: Signup) -> bool:
    """Whoever has left meanwhile need not know of a change."""
    return what is not What.CHANGED or signup.state in ACTIVE


async def ask_feedback(house: House) -> int:
    """Ask those who were there how it was, right after the end, once. Returns how many messages."""
    async with house.db.reading() as session:
        over = await events.just_over(session, house.now(), _ASKED_WITHIN)
        found = [(event, signup) for event in over for signup in await feedback.to_ask(session, event.id)]
        readers = await reminders.readers(session, [signup for _event, signup in found], house.channels)
    return await tell_each(house, [(event, signup, readers.get(signup.id)) for event, signup in found], _ask)


async def _ask(
    session: AsyncSession, house: House, event: Event, signup: Signup, reader: Reader
) -> tuple[Message, str] | None:
    thing, now = await seated.of_seating(session, event.id), await seats.get(session, signup.id)
    if thing is None or now is None or now.state != SignupState.GOING:
        return None
    if not await feedback.ask(session, now, reader.language, house.now()):
        return None
    return request(thing, now.id, reader.language, discreet=reader.discreet), f"feedback:{now.id}"


async def tell_each(
    house: House, found: Sequence[tuple[T, Signup, Reader | None]],
    tell: Callable[[AsyncSession, House, T, Signup, Reader], Awaitable[tuple[Message, str] | None]],
    cannot_wait: Callable[[T, Quiet], bool] | None = None,
) -> int:  # fmt: skip
    """One commit for each message, the person's conversation kept from others first. One that fails is tried again.

    Whoever wants nothing or has no chat has no reader: the lists of the console show them. `cannot_wait`: what would
    come too late after the quiet hours.
    """
    told = 0
    for one, signup, reader in found:
        if reader is None:
            continue
        quiet = Quiet(house.desk.zone, reader.quiet_from, reader.quiet_until)
        if quiet.holds(house.now()) and not (cannot_wait is not None and cannot_wait(one, quiet)):
            continue
        try:
            async with house.db.transaction() as session:
                await wait_for_sender(session, reader.sender)
                written = await tell(session, house, one, signup, reader)
                if written is not None:
                    await post(session, house, reader.address_id, *written)
        except Exception:
            log.exception("telling about a seat failed; it is tried again")
            continue
        if written is not None:
            told += 1
            house.bell.ring(OUTBOX, of_address(reader.address_id))
    return told


def _term(house: House, thing: Seated) -> Term:
    return Term(house.now(), opening.offer_until(house.desk.place_of(thing.place), house.now()))


async def _count(
    session: AsyncSession, house: House, kind: Kind, signup: Signup, reader: Reader, thing: Seated
) -> None:
    """A happening of somebody who is not here: as if it had happened in the chat where they are told."""
    person = await session.get_one(Person, signup.person_id)
    address = await session.get_one(Address, reader.address_id)
    caller = Caller(person.id, address.id, address.channel, "", "", person.pseudonym, person.language)
    row = happenings.row(kind, caller, house.now(), house.desk.zone, thing.place, what=thing.what,
                         id=str(signup.seating_id), kind=thing.sort)  # fmt: skip
    await happenings.record(session, row)
