"""What the clock does for pairs: tell each of the two the news, pass words on, ask after three months, let go."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import OUTBOX, of_address
from bot.dialog.messages import Message
from bot.domain import pairing
from bot.domain.db import new_id, wait_for_sender
from bot.domain.pairing import Seen
from bot.domain.pairs import News, Pair, PairState
from bot.domain.people import Address, Person
from bot.house import House
from bot.post import post
from flows import pairs as said

_LATE_CHECK_IN: Final = timedelta(days=30)  # nobody is asked after three months when it has become more than four


async def tell_pairs(house: House) -> int:
    """Write to those who have not heard the news of their pair; queued and noted in one commit. Returns how many."""
    async with house.db.transaction() as session:
        await pairing.lapse(session, house.now())
    async with house.db.transaction() as session:
        found = await pairing.untold(session, house.now())
        reached = await _reached(session, found)
        # Whoever answers in the chat holds these in the same order: first the sender, then the pair.
        for sender in sorted(address.sender for address, _person in reached.values()):
            await wait_for_sender(session, sender)
        ids = [pair.id for pair in found]
        again = select(Pair).where(Pair.id.in_(ids)).order_by(Pair.id).with_for_update()
        told: list[int] = []
        for pair in list(await session.scalars(again, execution_options={"populate_existing": True})):
            told += await _tell(session, house, pair, reached)
        await session.flush()
    if told:
        house.bell.ring(OUTBOX, *map(of_address, told))
    return len(told)


Reached = dict[int, tuple[Address, Person]]


async def _reached(session: AsyncSession, found: list[Pair]) -> Reached:
    """Where each of these people is written to now, by person; not those who want no messages."""
    people = {person_id for pair in found for person_id in (pair.first_id, pair.second_id)}
    rows = await session.execute(
        select(Address, Person)
        .join(Person, Person.id == Address.person_id)
        .where(
            Person.id.in_(people), Person.stopped_at.is_(None), Person.leaving_at.is_(None),
            Address.unreachable_at.is_(None),
        )
        .order_by(Address.id)
    )  # fmt: skip
    return {person.id: (address, person) for address, person in rows}


async def _tell(session: AsyncSession, house: House, pair: Pair, reached: Reached) -> list[int]:
    """Everything that there is to tell of one pair; the addresses to which something goes."""
    sides = [await pairing.seen(session, pair.id, person_id) for person_id in (pair.first_id, pair.second_id)]
    told = [await _tell_news(session, house, one, reached) for one in sides]
    if pair.state == PairState.AGREED:
        told += await _pass_on(session, house, sides, reached)
        told += await _check_in(session, house, sides, reached)
    return [address_id for address_id in told if address_id]


async def _tell_news(session: AsyncSession, house: House, one: Seen, reached: Reached) -> int:
    news = one.news
    if news in {News.NOTHING, one.told, one.told.lstrip(pairing.UNREACHED)}:
        return 0
    held = reached.get(one.person_id)
    one.note_told(news, reached=held is not None and house.channels.get(held[0].channel) is not None)
    if held is None:
        return 0
    return await _post(session, house, one, said.news(one, held[1].language), f"pair:{one.pair.id}:{news}:", reached)


async def _pass_on(session: AsyncSession, house: House, sides: list[Seen], reached: Reached) -> list[int]:
    notes, told = one_of(sides).details.get("notes", ()), []
    for note in notes:
        to = next((one for one in sides if one.person_id != note["by"]), sides[0])
        known = note["by"] in {one.person_id for one in sides}  # else the writer is somebody else's record by now
        if known and to.person_id in reached:
            told.append(
                await _post(session, house, to, said.passed_on(to, note["words"]), f"note:{new_id()}:", reached)
            )
    if notes:
        pair = one_of(sides)
        # Words to somebody who cannot be reached are not kept either: whoever wrote them sees no answer.
        pair.details = {name: value for name, value in pair.details.items() if name != "notes"}
        pair.noted = False
    return told


async def _check_in(session: AsyncSession, house: House, sides: list[Seen], reached: Reached) -> list[int]:
    pair = one_of(sides)
    due = pair.check_in_at
    if due is None or due > house.now():
        return []
    pair.check_in_at = None
    if house.now() - due > _LATE_CHECK_IN:
        return []
    return [
        await _post(session, house, one, said.check_in(one), f"pair:{pair.id}:check:", reached)
        for one in sides
        if one.person_id in reached
    ]


def one_of(sides: list[Seen]) -> Pair:
    """The pair that these are the two sides of."""
    return sides[0].pair


async def _post(
    session: AsyncSession, house: House, one: Seen, message: Message, occasion: str, reached: Reached
) -> int:
    """Queue a message to one of the two; the address, or 0 when its channel is not connected."""
    address, person = reached[one.person_id]
    if address.channel not in house.channels:
        return 0
    shown = said.discreet(one) if person.discreet else message
    await post(session, house, address.id, shown, f"{occasion}{address.id}")
    return address.id
