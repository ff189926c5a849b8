"""Two records of one person become one: no seat is lost, none is held twice, they count once."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain import (
    attendance,
    copies,
    erasure,
    events,
    happenings,
    joining,
    merging,
    people,
    seats,
    waiting,
    walk_ins,
)
from bot.domain.attendance import Attendance, Came
from bot.domain.bookings import Booking
from bot.domain.db import Database
from bot.domain.events import Event, EventKind, Plan
from bot.domain.feedback import Feedback
from bot.domain.happenings import Kind
from bot.domain.indicators import report
from bot.domain.joining import JoinRefused
from bot.domain.mentors import Mentor
from bot.domain.merging import Alias, NotJoinable
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Caller, Person
from bot.domain.places import load_desk
from bot.domain.reminders import Reminder
from bot.domain.seats import ACTIVE, Seating, Signup, SignupState, Wish
from bot.domain.waiting import Term
from bot.domain.walk_ins import Told, WalkIn
from tests.domain.conftest import NOW

DESK = load_desk(None)
TERM = Term(NOW, NOW + timedelta(hours=4))


async def has_record(db: Database, name: str = "Sample Amina") -> int:
    async with db.transaction() as session:
        return (await walk_ins.write_down(session, Told(name, "00 111 222", "ar"), "postojna", 1, NOW)).id


async def has_event(db: Database, number: int | None = 2) -> Event:
    day = (NOW + timedelta(days=20)).date()
    plan = Plan(EventKind.WORKSHOP, day, 600, 60, "Europe/Ljubljana", "postojna", number, {"en": {"title": "x"}})
    async with db.transaction() as session:
        event = await events.make(session, plan, NOW)
        await events.publish(session, event.id, NOW)
    return event


async def takes(db: Database, event: Event, person: int, number: int = 1) -> int:
    async with db.transaction() as session:
        return (await seats.take(session, event.id, Wish(person, number), NOW)).id


async def waits(db: Database, event: Event, person: int, number: int = 1) -> int:
    async with db.transaction() as session:
        return (await waiting.join(session, events.list_key(event.id), Wish(person, number), TERM)).id


async def merges(db: Database, record: int, caller: Caller) -> merging.Merged:
    async with db.transaction() as session:
        return await merging.merge(session, record, caller, DESK, NOW)


async def states(db: Database) -> dict[int, tuple[int, str]]:
    async with db.reading() as session:
        return {one.id: (one.person_id, one.state) for one in await session.scalars(select(Signup))}


async def test_seats_and_all_that_hangs_on_them_move(db: Database, amina: Caller) -> None:
    record, event = await has_record(db), await has_event(db)
    signup = await takes(db, event, record)
    async with db.transaction() as session:
        await attendance.mark(session, event.id, signup, Came.YES, NOW)
    done = await merges(db, record, amina)
    assert (done.moved, done.doubled) == (1, 0)
    assert await states(db) == {signup: (amina.person_id, "going")}
    async with db.reading() as session:
        moved = await session.get_one(Signup, signup)
        assert moved.address_id == amina.address_id
        reminders = list(await session.scalars(select(Reminder)))
        assert {one.person_id for one in reminders} == {amina.person_id}
        assert (await session.scalars(select(WalkIn.person_id))).all() == [amina.person_id]
        assert (await session.get_one(Seating, event.id)).taken == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "stays", "taken"),
    [
        ("seat", "seat", "record", 2),
        ("seat", "list", "record", 2),
        ("list", "seat", "chat", 1),
        ("list", "list", "record", 2),
    ],
)
async def test_the_better_place_stays(
    db: Database, amina: Caller, mine: str, theirs: str, stays: str, taken: int
) -> None:
    """`mine`: what the record of the desk has, for two people; the chat's is for one."""
    record = await has_record(db)
    event = await has_event(db, 2 if "list" in (mine, theirs) else 3)
    if mine == theirs == "list":
        other = await has_record(db, "Sample Other")
        await takes(db, event, other, 2)
    if theirs == "seat" and mine == "list":
        other = await has_record(db, "Sample Other")
        first = await takes(db, event, amina.person_id)
        await takes(db, event, other)
        second = await waits(db, event, record, 2)
        taken = 2
    else:
        second = await (takes if mine == "seat" else waits)(db, event, record, 2)
        first = await (takes if theirs == "seat" else waits)(db, event, amina.person_id)
    done = await merges(db, record, amina)
    assert done.doubled == 1
    kept, dropped = (second, first) if stays == "record" else (first, second)
    found = await states(db)
    assert found[dropped] == (amina.person_id, "cancelled")
    assert found[kept] == (amina.person_id, "going" if "seat" in (mine, theirs) else "waiting")
    async with db.reading() as session:
        assert (await session.get_one(Seating, event.id)).taken == taken


async def test_the_seat_that_becomes_free_goes_to_the_next(db: Database, amina: Caller) -> None:
    record, other, event = await has_record(db), await has_record(db, "Sample Other"), await has_event(db, 2)
    await takes(db, event, record)
    await takes(db, event, amina.person_id)
    third = await waits(db, event, other)
    await merges(db, record, amina)
    assert (await states(db))[third] == (other, "offered")


async def test_having_come_and_what_was_said_stay(db: Database, amina: Caller) -> None:
    record, event = await has_record(db), await has_event(db, 3)
    worse = await takes(db, event, record)
    best = await takes(db, event, amina.person_id, 2)
    async with db.transaction() as session:
        await attendance.mark(session, event.id, worse, Came.YES, NOW)
        await attendance.mark(session, event.id, best, Came.NO, NOW)
        session.add(
            Feedback(signup_id=worse, seating_id=event.id, asked_at=NOW, face=3, words="", voice="", language="ar")
        )
    await merges(db, record, amina)
    async with db.reading() as session:
        marks = [(one.signup_id, one.came) for one in await session.scalars(select(Attendance))]
        assert marks == [(best, "yes")]
        assert (await session.scalars(select(Feedback.signup_id))).all() == [best]


async def test_pairs_bookings_and_those_whom_they_reach(db: Database, amina: Caller) -> None:
    record, child, other = await has_record(db), await has_record(db, "Sample Child"), await has_record(db, "Sample O")
    async with db.transaction() as session:
        (await session.get_one(Person, child)).reached_by = record
        session.add(Mentor(id=1, state="draft", name="x", languages=[], topics=[], about={}, place="postojna",
                           zone="Europe/Ljubljana", made_at=NOW, changed_at=NOW))  # fmt: skip
        await session.flush()
        session.add_all([
            Booking(id=1, mentor_id=1, person_id=record, state="agreed", topic="x", language="en", day=NOW.date(),
                    minute=1, minutes=1, zone="Europe/Ljubljana", starts_at=NOW, remind="chat", details={}, asked=[],
                    made_at=NOW, changed_at=NOW),
            Practice(person_id=record, offers=["ar"], wants=["sl"], age="adult", details={}, made_at=NOW,
                     checked_on=NOW.date(), checked_by=1),
            Pair(id=1, first_id=record, second_id=other, state="agreed", yes_first=True, yes_second=False,
                 languages=[], made_at=NOW, changed_at=NOW),
        ])  # fmt: skip
    await merges(db, record, amina)
    async with db.reading() as session:
        assert (await session.get_one(Booking, 1)).person_id == amina.person_id
        practice = await session.get_one(Practice, amina.person_id)
        assert practice.checked_on is None  # whoever shows a code is not who was looked at
        pair = await session.get_one(Pair, 1)
        said = {pair.first_id: pair.yes_first, pair.second_id: pair.yes_second}
        assert said == {amina.person_id: True, other: False}
        assert pair.first_id < pair.second_id
        assert (await session.get_one(Person, child)).reached_by == amina.person_id


async def test_who_has_a_chat_is_no_record(db: Database, amina: Caller) -> None:
    boris = people.newcomer("web", "b", people.sender_of("web", "b"), "ru")
    async with db.transaction() as session:
        await people.add(session, [boris], NOW)
    record = await has_record(db)
    for one in (boris.person_id, amina.person_id, 77):
        with pytest.raises(NotJoinable):
            await merges(db, one, amina)
    await merges(db, record, amina)
    with pytest.raises(NotJoinable):
        await merges(db, record, boris)


async def test_they_count_once_also_after_they_are_forgotten(db: Database, amina: Caller) -> None:
    record = await has_record(db)
    async with db.transaction() as session:
        person = await session.get_one(Person, record)
        told = Caller(record, 0, happenings.AT_THE_DESK, "", "", person.pseudonym, "ar")
        rows = [happenings.row(Kind.SIGNED_UP, one, NOW, DESK.zone, "postojna") for one in (told, amina)]
        await happenings.record(session, *rows)
    assert await _people(db) == (2, 2)
    await merges(db, record, amina)
    assert await _people(db) == (2, 1)  # two channels on a day are two contacts of one person
    async with db.transaction() as session:
        await erasure.forget(session, amina, DESK, NOW)
    assert await _people(db) == (2, 1)
    async with db.reading() as session:
        assert await session.get(Person, record) is None
        assert await session.scalar(select(func.count()).select_from(Alias)) == 1


async def _people(db: Database) -> tuple[int, int]:
    async with db.reading() as session:
        found = await report(session, NOW.date(), NOW.date(), DESK.zone)
    return found.contacts, found.people


async def test_a_copy_tells_of_the_desk_s_record(db: Database, amina: Caller) -> None:
    record = await has_record(db)
    await merges(db, record, amina)
    async with db.reading() as session:
        copy = await copies.collect(session, amina.person_id)
    assert copy["written_down_at_the_desk"]["person_id"] == amina.person_id
    assert [one["id"] for one in copy["joined_records"]] == [record]
    assert copy["person"]["name"] == "Sample Amina"


async def test_a_record_looked_after_outlives_who_looks_after_it(db: Database, amina: Caller) -> None:
    record = await has_record(db)
    async with db.transaction() as session:
        token = await joining.new_code(session, record, 1, NOW)
    async with db.transaction() as session:
        await joining.look_after(session, token, amina, NOW)
    async with db.transaction() as session:
        await erasure.forget(session, amina, DESK, NOW)
    async with db.reading() as session:
        kept = await session.get_one(Person, record)
        assert (kept.reached_by, kept.name) == (None, "Sample Amina")


async def test_one_code_joins_once_however_many_try_at_once(db: Database) -> None:
    record, event = await has_record(db), await has_event(db)
    await takes(db, event, record)
    async with db.transaction() as session:
        token = await joining.new_code(session, record, 1, NOW)
        callers = [people.newcomer("web", f"k{n}", people.sender_of("web", f"k{n}"), "en") for n in range(8)]
        await people.add(session, callers, NOW)

    async def tries(caller: Caller) -> str:
        try:
            async with db.transaction() as session:
                await joining.join(session, token, caller, DESK, NOW)
        except JoinRefused as refused:
            return refused.why
        return "joined"

    found = await asyncio.gather(*map(tries, callers))
    assert sorted(found) == ["joined", *["used"] * 7]
    async with db.reading() as session:
        going = [one for one in await session.scalars(select(Signup)) if one.state == SignupState.GOING]
        assert len(going) == 1


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_both_had_seats_and_lists_stay_right(db: Database, amina: Caller, seed: int) -> None:
    """Random seats and waiting, then a merge: never oversold, nobody twice, whoever had a seat has one."""
    choose = random.Random(seed)
    record, happening = await has_record(db), [await has_event(db, choose.randint(1, 3)) for _event in range(4)]
    others = [await has_record(db, f"Sample {number}") for number in range(3)]
    ours = (record, amina.person_id)
    for event in happening:
        for person in choose.sample([*others, *ours], choose.randint(2, 5)):
            try:
                await takes(db, event, person, choose.randint(1, 2))
            except seats.Full:
                await waits(db, event, person, choose.randint(1, 2))
    before = await _had(db, ours)
    await merges(db, record, amina)
    after = await _had(db, (amina.person_id,))
    assert {key for key, held in before.items() if held} <= {key for key, held in after.items() if held}
    assert set(after) == set(before)
    async with db.reading() as session:
        for event in happening:
            seating = await session.get_one(Seating, event.id)
            holding = await seats.of_seating(session, event.id, SignupState.GOING, SignupState.OFFERED)
            assert seating.taken == sum(one.seats for one in holding) <= (seating.seats or 0)
        assert await session.scalar(select(func.count()).select_from(Signup).where(Signup.person_id == record)) == 0


async def _had(db: Database, persons: tuple[int, ...]) -> dict[str, bool]:
    """Every list on which one of them stands, and whether with a seat."""
    found: dict[str, bool] = {}
    async with db.reading() as session:
        query: Any = select(Signup).where(Signup.person_id.in_(persons), Signup.state.in_(ACTIVE))
        for one in await session.scalars(query):
            found[one.list_key] = found.get(one.list_key, False) or one.state == SignupState.GOING
    return found
