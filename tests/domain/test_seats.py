"""Seats: never more than there are, whoever comes at once; and a sign-up is one person's, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain import people, seats, waiting
from bot.domain.db import Database, new_id
from bot.domain.people import Caller
from bot.domain.seats import Remind, Seating, Signup, SignupState, Wish
from bot.domain.waiting import Term
from tests.domain.conftest import NOW

TERM = Term(NOW, NOW + timedelta(hours=8))


@dataclass(slots=True)
class Hall:
    """Something with seats, and people who could come."""

    db: Database
    id: int
    people: Sequence[int]

    @property
    def key(self) -> str:
        return f"event:{self.id}"

    async def take(self, person: int, number: int = 1) -> Signup:
        async with self.db.transaction() as session:
            return await seats.take(session, self.id, Wish(self.people[person], number), NOW)

    async def join(self, person: int, number: int = 1) -> Signup:
        async with self.db.transaction() as session:
            return await waiting.join(session, self.key, Wish(self.people[person], number), TERM)

    async def leave(self, signup: Signup) -> Signup:
        async with self.db.transaction() as session:
            return await waiting.leave(session, signup.id, TERM)

    async def states(self) -> list[str]:
        async with self.db.reading() as session:
            return list(await session.scalars(select(Signup.state).order_by(Signup.line)))

    async def taken(self) -> int:
        async with self.db.reading() as session:
            return (await session.get_one(Seating, self.id)).taken


async def open_hall(db: Database, number: int | None, guests: int) -> Hall:
    """A hall with so many seats, and so many people outside."""
    outside = [people.newcomer("web", f"k{n}", people.sender_of("web", f"k{n}"), "en") for n in range(guests)]
    fresh = new_id()
    async with db.transaction() as session:
        await people.add(session, outside, NOW)
        session.add(Seating(id=fresh, kind="event", list_key=f"event:{fresh}", place="postojna", seats=number, taken=0,
                            wanted="", open=True, starts_at=NOW + timedelta(days=7)))  # fmt: skip
    return Hall(db, fresh, [one.person_id for one in outside])


async def test_one_seat_and_forty_who_want_it_at_once(db: Database) -> None:
    hall = await open_hall(db, 1, 40)
    came = await asyncio.gather(*(hall.take(n) for n in range(40)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["Full"] * 39 + ["Signup"]
    assert (await hall.taken(), await hall.states()) == (1, ["going"])


async def test_a_party_comes_whole_or_not_at_all(db: Database) -> None:
    hall = await open_hall(db, 4, 3)
    await hall.take(0, 3)
    with pytest.raises(seats.Full):
        await hall.take(1, 2)
    await hall.take(1, 1)
    assert await hall.taken() == 4


async def test_nobody_signs_up_twice_also_on_two_phones_at_once(db: Database) -> None:
    hall = await open_hall(db, 5, 1)
    came = await asyncio.gather(*(hall.take(0) for _phone in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["AlreadySignedUp"] * 3 + ["Signup"]
    with pytest.raises(seats.AlreadySignedUp):
        await hall.join(0)
    assert await hall.taken() == 1
    nothing_open = Hall(db, 1, hall.people)  # a list for which there are no seats yet
    came = await asyncio.gather(*(nothing_open.join(0) for _phone in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["AlreadySignedUp"] * 3 + ["Signup"]


@pytest.mark.parametrize("case", ["closed", "begun", "unknown"])
async def test_closed_begun_or_unknown(db: Database, case: str) -> None:
    hall = await open_hall(db, 5, 1)
    async with db.transaction() as session:
        seating = await session.get_one(Seating, hall.id)
        seating.open = case != "closed"
        seating.starts_at = NOW if case == "begun" else NOW + timedelta(seconds=1)
    with pytest.raises(seats.Closed):
        await Hall(db, 1 if case == "unknown" else hall.id, hall.people).take(0)
    assert (await hall.taken(), await hall.states()) == (0, [])


async def test_as_many_as_come_where_seats_are_not_counted(db: Database) -> None:
    hall = await open_hall(db, None, 30)
    await asyncio.gather(*(hall.take(n, 5) for n in range(30)))
    assert await hall.taken() == 150


async def test_what_was_wanted_once_can_be_wanted_again(db: Database, amina: Caller) -> None:
    hall = await open_hall(db, 2, 0)
    wish = Wish(amina.person_id, 2, "Amina", {"needs": "a ramp"}, ("morning",), Remind.CALL, amina.address_id)
    async with db.transaction() as session:
        first = await seats.take(session, hall.id, wish, NOW)
        await waiting.leave(session, first.id, TERM)
        assert seats.wish_of(first) == wish
        again = await seats.take(session, hall.id, seats.wish_of(first), NOW)
    assert (again.state, again.id != first.id, await hall.taken()) == (SignupState.GOING, True, 2)
