"""Waiting lists: arrival order, each free seat offered to one at a time, to each person once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import seats, telling, waiting
from bot.domain.db import Database
from bot.domain.seats import Full, Seating, Signup, SignupState, Wish
from bot.domain.waiting import Offer, OfferOver, OfferState, Term
from tests.domain.conftest import NOW
from tests.domain.test_seats import TERM, Hall, open_hall

SEATS, SIGN_UPS, CANCELLATIONS = 20, 300, 100
LATE = Term(TERM.until, TERM.until + timedelta(hours=8))


async def offers(db: Database) -> list[tuple[int, str]]:
    """Who was offered a seat (as a number in the order of people), and what came of it."""
    async with db.reading() as session:
        rows = list(await session.execute(select(Signup.person_id, Offer.state).join(Signup).order_by(Offer.id)))
        order = sorted({row[0] for row in rows})
    return [(order.index(person), state) for person, state in rows]


async def full_hall(db: Database, waiters: int) -> tuple[Hall, Signup, list[Signup]]:
    """One seat, which somebody has, and so many who wait."""
    hall = await open_hall(db, 1, waiters + 1)
    going = await hall.take(0)
    return hall, going, [await hall.join(n + 1) for n in range(waiters)]


async def pass_on(hall: Hall, offer: Offer, state: OfferState, term: Term = TERM) -> Signup:
    async with hall.db.transaction() as session:
        return await waiting.pass_on(session, offer.id, state, term)


async def open_offer(hall: Hall, signup: Signup) -> Offer:
    async with hall.db.reading() as session:
        found = await waiting.open_offer(session, signup.id)
    assert found is not None
    return found


async def test_the_first_in_line_is_offered_the_seat_and_takes_it(db: Database) -> None:
    hall, going, (first, second) = await full_hall(db, 2)
    async with db.reading() as session:
        assert [await waiting.position(session, one) for one in (first, second)] == [1, 2]
    await hall.leave(going)
    offer = await open_offer(hall, first)
    assert (offer.expires_at, await hall.taken()) == (TERM.until, 1)
    with pytest.raises(Full):  # it is held: nobody jumps the queue
        await hall.take(0)
    async with db.transaction() as session:
        taken = await waiting.accept(session, offer.id, NOW)
        with pytest.raises(OfferOver):
            await waiting.accept(session, offer.id, NOW)
    assert (taken.state, await hall.states()) == ("going", ["cancelled", "going", "waiting"])


@pytest.mark.parametrize(
    ("said", "becomes"),
    [(OfferState.DECLINED, "declined"), (OfferState.LATER, "waiting"), (OfferState.EXPIRED, "waiting")],
)
async def test_no_later_and_no_answer_pass_it_to_the_next(db: Database, said: OfferState, becomes: str) -> None:
    hall, going, (first, second) = await full_hall(db, 2)
    await hall.leave(going)
    await pass_on(hall, await open_offer(hall, first), said, LATE)
    assert await hall.states() == ["cancelled", becomes, "offered"]
    await pass_on(hall, await open_offer(hall, second), OfferState.LATER, LATE)
    # Everybody was asked: the seat is free for whoever comes, and nobody is asked for it twice.
    assert (await hall.states(), await hall.taken()) == (["cancelled", becomes, "waiting"], 0)
    assert len(await offers(db)) == 2


async def test_the_second_offer_without_an_answer_ends_the_wait_but_only_if_it_was_told(db: Database) -> None:
    hall, going, (first,) = await full_hall(db, 1)
    term = TERM
    for round_, told in enumerate((True, False, True)):
        await hall.leave(going)
        offer = await open_offer(hall, first)
        async with db.transaction() as session:
            if told:
                assert await telling.tell(session, offer.id, term) is not None
                assert await telling.tell(session, offer.id, term) is None
        late = replace(term, now=offer.expires_at, until=offer.expires_at + timedelta(hours=8))
        now = await pass_on(hall, offer, OfferState.EXPIRED, late)
        assert (round_, now.state, now.missed_offers) == (
            round_, "expired" if round_ == 2 else "waiting", (1, 1, 2)[round_],
        )  # fmt: skip
        going = await hall.take(0)


async def test_an_offer_does_not_expire_before_its_time_and_cannot_be_taken_after_it(db: Database) -> None:
    hall, going, (first,) = await full_hall(db, 1)
    await hall.leave(going)
    offer = await open_offer(hall, first)
    with pytest.raises(OfferOver):
        await pass_on(hall, offer, OfferState.EXPIRED)
    async with db.transaction() as session:
        with pytest.raises(OfferOver):
            await waiting.accept(session, offer.id, offer.expires_at)


async def test_yes_and_the_end_at_the_same_moment(db: Database) -> None:
    hall, going, (first, _second) = await full_hall(db, 2)
    await hall.leave(going)
    offer = await open_offer(hall, first)

    async def accept() -> Signup:
        async with db.transaction() as session:
            return await waiting.accept(session, offer.id, NOW)

    came = await asyncio.gather(
        accept(), accept(), pass_on(hall, offer, OfferState.EXPIRED, LATE), pass_on(hall, offer, OfferState.DECLINED),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in came) == ["OfferOver"] * 3 + ["Signup"]
    assert await hall.taken() == 1


async def test_a_party_too_large_is_passed_over_until_it_is_smaller(db: Database) -> None:
    hall = await open_hall(db, 1, 3)
    going, large, small = await hall.take(0), await hall.join(1, 3), await hall.join(2)
    await hall.leave(going)
    await pass_on(hall, await open_offer(hall, small), OfferState.LATER)
    async with db.transaction() as session:
        changed = await waiting.change_party(session, large.id, 1, TERM)
    assert (changed.state, await hall.taken()) == ("offered", 1)


async def test_somebody_new_does_not_have_the_others_asked_again(db: Database) -> None:
    hall = await open_hall(db, 1, 3)
    going, first = await hall.take(0), await hall.join(1)
    await hall.leave(going)
    await pass_on(hall, await open_offer(hall, first), OfferState.LATER)
    assert (await hall.join(2)).state == "offered"
    assert await offers(db) == [(0, "later"), (1, "open")]


async def test_whoever_said_later_can_still_take_the_seat_while_it_is_free(db: Database) -> None:
    hall, going, (first, second) = await full_hall(db, 2)
    async with db.transaction() as session:
        with pytest.raises(Full):
            await waiting.claim(session, first.id, hall.id, NOW)
    await hall.leave(going)
    for one in (first, second):
        await pass_on(hall, await open_offer(hall, one), OfferState.LATER)
    async with db.transaction() as session:
        assert (await waiting.claim(session, second.id, hall.id, NOW)).state == "going"
    async with db.transaction() as session:
        with pytest.raises(Full):
            await waiting.claim(session, first.id, hall.id, NOW)
    assert await hall.taken() == 1


async def test_more_seats_are_offered_and_fewer_than_taken_cannot_be(db: Database) -> None:
    hall, _going, waiters = await full_hall(db, 4)
    async with db.transaction() as session:
        await waiting.change_seats(session, hall.id, 3, TERM)
    assert (await hall.states(), await hall.taken()) == (["going", "offered", "offered", "waiting", "waiting"], 3)
    async with db.transaction() as session:
        with pytest.raises(seats.TooFewSeats):
            await waiting.change_seats(session, hall.id, 2, TERM)
    await hall.leave(waiters[0])
    assert await hall.states() == ["going", "cancelled", "offered", "offered", "waiting"]


async def test_called_off_and_begun(db: Database) -> None:
    hall, going, (first, second) = await full_hall(db, 2)
    await hall.leave(going)
    async with db.transaction() as session:
        gone = await waiting.close_list(session, hall.key, SignupState.EXPIRED, NOW)
    assert ([one.id for one in gone], await hall.taken()) == ([first.id, second.id], 0)
    assert await offers(db) == [(0, "withdrawn")]
    async with db.transaction() as session:
        assert await waiting.close(session, hall.id, NOW) == []
    with pytest.raises(seats.Closed):
        await hall.take(0)


async def test_a_move_has_a_reason_and_is_written_down(db: Database) -> None:
    hall, _going, waiters = await full_hall(db, 3)
    async with db.transaction() as session:
        with pytest.raises(ValueError, match="reason"):
            await waiting.move(session, waiters[2].id, 1, "  ", 7, NOW)
        await waiting.move(session, waiters[2].id, 1, "lives far away", 7, NOW)
    async with db.reading() as session:
        row = [one.id for one in await waiting.on_list(session, hall.key)]
        (moved,) = await waiting.moves(session, hall.key)
    assert row == [waiters[2].id, waiters[0].id, waiters[1].id]
    assert (moved.was, moved.became, moved.reason, moved.staff_id) == (3, 1, "lives far away", 7)


async def test_two_lists_changed_in_opposite_order_at_once_do_not_wait_for_each_other(db: Database) -> None:
    one, other = await open_hall(db, 3, 2), await open_hall(db, 3, 0)

    async def both(first: Hall, second: Hall, person: int) -> None:
        async with db.transaction() as session:
            await seats.take(session, first.id, Wish(person), NOW)
            await asyncio.sleep(0)
            await seats.take(session, second.id, Wish(person), NOW)

    await asyncio.gather(both(one, other, one.people[0]), both(other, one, one.people[1]))
    assert (await one.taken(), await other.taken()) == (2, 2)


@dataclass(slots=True)
class Chaos:
    """Sign-ups and cancellations in random order, with whatever people say to offers in between."""

    session: AsyncSession
    hall: Hall
    dice: random.Random
    newest: int = 0  # of the offers that were looked at

    async def run(self) -> None:
        order = ["sign up"] * SIGN_UPS + ["cancel"] * CANCELLATIONS
        self.dice.shuffle(order)
        newcomers = iter(self.hall.people)
        for deed in order:
            if deed == "sign up":
                await self._sign_up(next(newcomers))
            else:
                await self._cancel()
            await self.check()
            if self.dice.random() < 0.4:
                await self._answer()
                await self.check()

    async def _sign_up(self, person: int) -> None:
        try:
            await seats.take(self.session, self.hall.id, Wish(person), NOW)
        except Full:
            await waiting.join(self.session, self.hall.key, Wish(person), TERM)

    async def _cancel(self) -> None:
        active = select(Signup.id).where(Signup.state.in_(seats.ACTIVE)).order_by(Signup.line)
        found = list(await self.session.scalars(active))
        if found:
            await waiting.leave(self.session, self.dice.choice(found), TERM)

    async def _answer(self) -> None:
        query = select(Offer.id, Offer.expires_at).where(Offer.state == OfferState.OPEN).order_by(Offer.id)
        found = (await self.session.execute(query)).all()
        if not found:
            return
        said = self.dice.choice([OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LATER, OfferState.EXPIRED])
        offer_id, ends = self.dice.choice(found)
        if said is OfferState.ACCEPTED:
            await waiting.accept(self.session, offer_id, NOW)
        else:
            now = ends if said is OfferState.EXPIRED else NOW
            await waiting.pass_on(self.session, offer_id, said, Term(now, ends + timedelta(minutes=1)))

    async def check(self) -> None:
        """Never more than there are; what is held is counted; each offer went to the first who could have it."""
        held_now = select(func.count()).where(Signup.state.in_(("going", "offered"))).scalar_subquery()
        newest = select(func.coalesce(func.max(Offer.id), 0)).scalar_subquery()
        query = select(Seating.taken, held_now, newest).where(Seating.id == self.hall.id)
        seats_taken, people_held, last_offer = (await self.session.execute(query)).one()
        assert seats_taken == people_held <= SEATS
        if last_offer != self.newest:
            await self._check_offers()

    async def _check_offers(self) -> None:
        rows = await self.session.execute(select(Signup.id, Signup.line, Signup.state).order_by(Signup.line))
        states = {row.id: (row.line, row.state) for row in rows}
        held = [one for one, (_line, state) in states.items() if state in {"going", "offered"}]
        waits = {one: line for one, (line, state) in states.items() if state == "waiting"}
        offers = (await self.session.execute(select(Offer.id, Offer.chain, Offer.signup_id).order_by(Offer.id))).all()
        if len(held) < SEATS:  # everybody who waits was asked for what is free
            assert waits.keys() <= {offer.signup_id for offer in offers}
        last = max(states, key=lambda one: states[one][0], default=0)
        for offer in (one for one in offers if one.id > self.newest):
            # Somebody new may have a seat that all others did not want when it became free.
            asked = {one.signup_id for one in offers if offer.signup_id == last or one.chain == offer.chain}
            before = [one for one, line in waits.items() if line < states[offer.signup_id][0] and one not in asked]
            assert before == []
        self.newest = max((one.id for one in offers), default=0)
        assert max(Counter((one.chain, one.signup_id) for one in offers).values(), default=1) == 1


SOAK = [pytest.mark.soak, pytest.mark.slow]  # a thousand seeds, in parts that end before a test is taken to hang


@pytest.mark.parametrize(
    "seeds",
    [range(2), pytest.param(range(2, 26), marks=pytest.mark.slow),
     *(pytest.param(range(first, first + 20), marks=SOAK) for first in range(0, 1000, 20))],
)  # fmt: skip
async def test_twenty_seats_three_hundred_sign_ups_a_hundred_cancellations(db: Database, seeds: range) -> None:
    hall = await open_hall(db, SEATS, SIGN_UPS)
    for seed in seeds:
        async with db.transaction() as session:
            await Chaos(session, hall, random.Random(seed)).run()
            await session.rollback()
