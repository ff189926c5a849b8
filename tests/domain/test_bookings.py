"""Bookings of mentors: one wins, nobody is shown unchecked, requests pass on, meetings are believed or not."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import arranging, booking_news, bookings, checks, copies, matching, meetings, mentors, passing
from bot.domain.arranging import Asking
from bot.domain.booking_news import News, Side, What
from bot.domain.bookings import Booking, BookingError, BookingState, Busy, NotShown, Over, TimeGone
from bot.domain.callers import callers
from bot.domain.db import Database, new_id
from bot.domain.erasure import forget
from bot.domain.happenings import Happening
from bot.domain.matching import Wanted
from bot.domain.meetings import Muted, TooMany
from bot.domain.mentors import Mentor, MentorState
from bot.domain.passing import Passed
from bot.domain.people import Caller, Person
from bot.domain.places import load_desk
from bot.domain.slots import Block
from tests.domain.conftest import NOW

DESK = load_desk(None)
TUESDAY = date(2026, 11, 24)
TEN, QUARTER_PAST_ELEVEN = 600, 675
WEEK_LATER = TUESDAY + timedelta(days=7)


async def a_mentor(db: Database, name: str = "Sample Arta", **more: Any) -> Mentor:  # noqa: ANN401
    told: dict[str, Any] = {
        "state": MentorState.ACTIVE, "languages": ["en"], "topics": ["work"], "about": {}, "place": "postojna",
        "zone": "Europe/Ljubljana", "checked_on": NOW.date(), "made_at": NOW, "changed_at": NOW, **more,
    }  # fmt: skip
    async with db.transaction() as session:
        mentor = Mentor(id=new_id(), name=name, **told)
        session.add(mentor)
        await session.flush()
        await mentors.set_hours(session, mentor.id, mentors.Change(1, (Block(600, 780),)), NOW)
    return mentor


async def a_person(db: Database) -> int:
    async with db.transaction() as session:
        person = Person(id=new_id(), pseudonym=str(new_id()), language="en", created_at=NOW, seen_at=NOW)
        session.add(person)
    return person.id


async def books(
    db: Database, person_id: int, mentor: Mentor, day: date = TUESDAY, minute: int = TEN, now: datetime = NOW,
    **more: Any,  # noqa: ANN401
) -> Booking:  # fmt: skip
    asking = Asking(person_id, mentor.id, day, minute, "work", "en", **more)
    async with db.transaction() as session:
        return await arranging.book(session, asking, DESK, now)


async def run(db: Database, verb: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401
    async with db.transaction() as session:
        return await verb(session, *args, **more)


async def state(db: Database, booking: Booking) -> str:
    async with db.reading() as session:
        found = await bookings.get(session, booking.id)
        return found.state if found is not None else "gone"


async def kinds(db: Database) -> list[str]:
    async with db.reading() as session:
        return list(await session.scalars(select(Happening.kind).order_by(Happening.id)))


async def news(db: Database, booking: Booking, side: Side) -> list[str]:
    async with db.reading() as session:
        query = select(News.what).where(News.booking_id == booking.id, News.side == side).order_by(News.id)
        return list(await session.scalars(query))


async def free_of(db: Database, mentor: Mentor, now: datetime = NOW) -> list[tuple[date, int]]:
    async with db.reading() as session:
        found = await bookings.free(session, [mentor], now)
        return [(one.day, one.minute) for one in found[mentor.id]]


# Who is shown


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ({}, True),
        ({"sample": True}, True),
        ({"checked_on": None}, False),
        ({"checked_on": None, "sample": True}, False),
        ({"checked_on": date(2025, 11, 23)}, True),  # a year ago
        ({"checked_on": date(2025, 11, 22)}, False),
        ({"state": MentorState.PAUSED}, False),
        ({"state": MentorState.DRAFT}, False),
    ],
)
async def test_nobody_is_shown_without_a_dated_check_that_counts(
    db: Database, amina: Caller, more: dict[str, Any], *, seen: bool
) -> None:
    mentor = await a_mentor(db, **more)
    async with db.reading() as session:
        shown = await mentors.shown(session, checks.since(DESK, NOW))
    assert [one.id for one in shown] == ([mentor.id] if seen else [])
    if not seen:
        with pytest.raises(NotShown):
            await books(db, amina.person_id, mentor)


async def test_three_who_suit_best_first(db: Database) -> None:
    general = await a_mentor(db, "Sample General", topics=[])
    late = await a_mentor(db, "Sample Late", notice_hours=100)
    soon = await a_mentor(db, "Sample Soon")
    await a_mentor(db, "Sample Other", topics=["culture"])
    await a_mentor(db, "Sample Albanian", languages=["sq"])
    online = await a_mentor(db, "Sample Online", in_person=False, online=True, gender="woman")
    async with db.reading() as session:
        found = await mentors.shown(session, checks.since(DESK, NOW))
        free = await bookings.free(session, found, NOW)

    def best(**wanted: str) -> list[int]:
        return [one.mentor.id for one in matching.best(found, free, Wanted("work", "en", **wanted))]

    assert best() == [soon.id, online.id, late.id, general.id]
    assert best(how="online") == [online.id]
    assert best(how="in_person") == [soon.id, late.id, general.id]
    assert best(gender="woman") == [online.id]
    assert best(gender="man") == []


# One time, one winner


async def test_forty_at_once_for_one_time(db: Database) -> None:
    mentor = await a_mentor(db, most_open=500)
    people = [await a_person(db) for _number in range(40)]

    async def tries(person_id: int) -> str:
        try:
            return (await books(db, person_id, mentor)).state
        except BookingError as refused:
            return type(refused).__name__

    came = await asyncio.gather(*(tries(one) for one in people))
    assert sorted(came) == ["TimeGone"] * 39 + ["asked"]
    assert await free_of(db, mentor) == [
        (day, minute) for day in days(4) for minute in (TEN, QUARTER_PAST_ELEVEN) if (day, minute) != (TUESDAY, TEN)
    ]  # fmt: skip


def days(weeks: int) -> Sequence[date]:
    return [TUESDAY + timedelta(days=7 * number) for number in range(weeks)]


async def test_one_person_cannot_be_in_two_places(db: Database, amina: Caller) -> None:
    await books(db, amina.person_id, await a_mentor(db))
    other = await a_mentor(db, "Sample Boris", slot_minutes=30, buffer_minutes=0)
    with pytest.raises(Busy):
        await books(db, amina.person_id, other, minute=TEN + 30)
    assert (await books(db, amina.person_id, other, minute=TEN + 60)).state == "asked"


async def test_a_mentor_has_so_many_people_and_not_more(db: Database, amina: Caller) -> None:
    mentor = await a_mentor(db, most_open=1)
    first = await books(db, amina.person_id, mentor)
    assert await free_of(db, mentor) == []
    with pytest.raises(TimeGone):
        await books(db, await a_person(db), mentor, minute=QUARTER_PAST_ELEVEN)
    await run(db, arranging.cancel, first.id, Side.PERSON, DESK, NOW)
    assert len(await free_of(db, mentor)) == 8


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_in_whatever_order_no_time_is_given_twice(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    made = [await a_mentor(db, f"Sample {number}", most_open=4, notice_hours=0) for number in range(3)]
    people = [await a_person(db) for _number in range(5)]
    now = NOW
    for _deed in range(60):
        now += timedelta(minutes=chance.randrange(1, 600))
        async with db.reading() as session:
            held = list(await session.scalars(select(Booking.id)))
            free = await bookings.free(session, made, now)
        mentor = chance.choice(made)
        one = chance.choice(held) if held else 0
        slot = chance.choice(free[mentor.id]) if free[mentor.id] else None
        day, minute = (slot.day, slot.minute) if slot is not None else (TUESDAY, TEN)
        asking = Asking(chance.choice(people), mentor.id, day, minute, "work", "en")
        deed: Any = chance.choice([
            (arranging.book, asking, DESK, now), (arranging.book, asking, DESK, now), (arranging.accept, one, DESK, now),
            (arranging.decline, one, "time", now), (arranging.suggest, one, [(day, minute)], now),
            (arranging.take_suggested, one, day, minute, DESK, now), (arranging.refuse_suggested, one, now),
            (arranging.change_time, one, day, minute, DESK, now), (arranging.restore, one, DESK, now),
            (arranging.cancel, one, chance.choice(list(Side)), DESK, now), (passing.pass_on, one, DESK, now),
        ])  # fmt: skip
        with suppress(BookingError):
            await run(db, *deed)
        await nothing_overlaps(db)


async def nothing_overlaps(db: Database) -> None:
    async with db.reading() as session:
        held = list(await session.scalars(select(Booking).where(Booking.state.in_(bookings.TAKEN))))
    for one in held:
        for other in held:
            if one.id < other.id and one.mentor_id == other.mentor_id:
                buffer = timedelta(minutes=15)
                assert one.ends_at + buffer <= other.starts_at or other.ends_at + buffer <= one.starts_at
            if one.id < other.id and one.person_id == other.person_id:
                assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at


# The mentor's answer


async def test_accepted_once(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    assert (await run(db, arranging.accept, booking.id, DESK, NOW)).state == "agreed"
    with pytest.raises(Over):
        await run(db, arranging.accept, booking.id, DESK, NOW)
    assert await kinds(db) == ["booked", "agreed"]
    assert await news(db, booking, Side.PERSON) == ["agreed", "met"]


async def test_a_check_that_has_run_out_meanwhile_stops_the_answer(db: Database, amina: Caller) -> None:
    mentor = await a_mentor(db)
    booking = await books(db, amina.person_id, mentor)
    async with db.transaction() as session:
        (await session.get_one(Mentor, mentor.id)).checked_on = None
    with pytest.raises(NotShown):
        await run(db, arranging.accept, booking.id, DESK, NOW)


async def test_after_three_days_a_request_goes_to_the_next_and_to_nobody_twice(db: Database, amina: Caller) -> None:
    made = [await a_mentor(db, f"Sample {number}") for number in range(3)]
    booking = await books(db, amina.person_id, made[0], WEEK_LATER + timedelta(days=7))
    now, asked = NOW, [made[0].id]
    for _round in range(2):
        now += arranging.ANSWER_WITHIN
        assert await run(db, passing.pass_on, booking.id, DESK, now - timedelta(seconds=1)) == Passed.NOT_DUE
        assert await run(db, passing.due, now) == [booking.id]
        assert await run(db, passing.pass_on, booking.id, DESK, now) == Passed.ASKED
        assert await run(db, passing.pass_on, booking.id, DESK, now) == Passed.NOT_DUE
        asked.append((await run(db, bookings.get, booking.id)).mentor_id)
    assert asked == [one.id for one in made]
    now += arranging.ANSWER_WITHIN
    assert await run(db, passing.pass_on, booking.id, DESK, now) == Passed.NOBODY
    assert (await state(db, booking), await run(db, passing.due, now + timedelta(days=9))) == ("lapsed", [])
    assert (await news(db, booking, Side.PERSON))[-1] == "nobody"


async def test_a_request_for_tomorrow_is_not_waited_for_three_days(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    assert booking.answer_by == NOW + (booking.starts_at - NOW) / 2


async def test_declined_goes_on_at_once_and_another_time_is_asked_of_the_person(db: Database, amina: Caller) -> None:
    first = await a_mentor(db)
    second = await a_mentor(db, "Sample Boris")
    await books(db, await a_person(db), second)
    booking = await books(db, amina.person_id, first)
    await run(db, arranging.decline, booking.id, "time", NOW)
    assert (TUESDAY, TEN) in await free_of(db, first)
    assert await run(db, passing.pass_on, booking.id, DESK, NOW) == Passed.ASKED
    moved = await run(db, bookings.get, booking.id)
    assert (moved.mentor_id, moved.minute, moved.asked) == (second.id, QUARTER_PAST_ELEVEN, [first.id])
    assert (await run(db, arranging.accept, booking.id, DESK, NOW)).suggested == [(TUESDAY, QUARTER_PAST_ELEVEN)]
    agreed = await run(db, arranging.take_suggested, booking.id, TUESDAY, QUARTER_PAST_ELEVEN, DESK, NOW)
    assert (agreed.state, agreed.minute) == ("agreed", QUARTER_PAST_ELEVEN)


async def test_what_was_agreed_with_one_mentor_is_not_agreed_with_the_next(db: Database, amina: Caller) -> None:
    await a_mentor(db, "Sample Boris", state=MentorState.ACTIVE)
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.accept, booking.id, DESK, NOW)
    assert not await run(db, meetings.share, booking.id, Side.PERSON, "041 000 000", NOW)
    assert await run(db, meetings.share, booking.id, Side.MENTOR, "x@example.org", NOW)
    await run(db, arranging.change_time, booking.id, TUESDAY, QUARTER_PAST_ELEVEN, DESK, NOW)
    await run(db, arranging.decline, booking.id, "time", NOW)
    assert await run(db, passing.pass_on, booking.id, DESK, NOW) == Passed.ASKED
    moved = await run(db, bookings.get, booking.id)
    assert (moved.shares_person, moved.shares_mentor) == (False, False)
    assert not {"contact", "mentor_contact"} & moved.details.keys()


async def test_a_suggestion_that_nobody_answers_ends(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.suggest, booking.id, [(WEEK_LATER, TEN)], NOW)
    with pytest.raises(TimeGone):
        await run(db, arranging.take_suggested, booking.id, WEEK_LATER, QUARTER_PAST_ELEVEN, DESK, NOW)
    later = NOW + timedelta(days=1)
    assert await run(db, passing.pass_on, booking.id, DESK, later) == Passed.LAPSED
    assert await state(db, booking) == "lapsed"


# Called off


async def test_called_off_and_taken_back(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.accept, booking.id, DESK, NOW)
    await run(db, arranging.cancel, booking.id, Side.PERSON, DESK, NOW)
    assert await news(db, booking, Side.PERSON) == []
    with pytest.raises(Over):
        await run(db, arranging.cancel, booking.id, Side.PERSON, DESK, NOW)
    assert (await run(db, arranging.restore, booking.id, DESK, NOW)).state == "agreed"
    await run(db, arranging.cancel, booking.id, Side.PERSON, DESK, NOW)
    await books(db, await a_person(db), await run(db, mentors.get, booking.mentor_id))
    with pytest.raises(TimeGone):
        await run(db, arranging.restore, booking.id, DESK, NOW)


async def test_what_a_mentor_called_off_the_person_cannot_take_back(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.cancel, booking.id, Side.MENTOR, DESK, NOW)
    assert await news(db, booking, Side.PERSON) == ["cancelled"]
    with pytest.raises(Over):
        await run(db, arranging.restore, booking.id, DESK, NOW)


async def test_a_meeting_that_has_begun_is_not_moved_or_called_off(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.accept, booking.id, DESK, NOW)
    at = booking.starts_at
    for deed in (
        (arranging.cancel, booking.id, Side.PERSON, DESK, at),
        (arranging.change_time, booking.id, WEEK_LATER, TEN, DESK, at),
    ):
        with pytest.raises(Over):
            await run(db, *deed)


async def test_whoever_is_forgotten_frees_the_time_and_the_mentor_hears_of_it(db: Database, amina: Caller) -> None:
    mentor = await a_mentor(db)
    booking = await books(db, amina.person_id, mentor)
    async with db.transaction() as session:
        (request,) = await booking_news.due(session, NOW)
        assert await booking_news.claim(session, request.id, NOW, reached=True)
        caller = (await callers(session, [amina.sender], NOW))[amina.sender]
        await forget(session, caller, DESK, NOW)
    assert await state(db, booking) == "gone"
    assert (TUESDAY, TEN) in await free_of(db, mentor)
    async with db.reading() as session:
        (told,) = await booking_news.due(session, NOW)
        assert (told.what, told.words) == (
            What.GONE, {"day": "2026-11-24", "minute": 600, "zone": "Europe/Ljubljana"})  # fmt: skip


# Did they meet?


@pytest.mark.parametrize(
    ("said", "at_once", "later", "counted"),
    [
        ((True, True), "met", "met", "met"),
        ((True, None), "agreed", "met", "met"),
        ((None, True), "agreed", "met", "met"),
        ((False, False), "cancelled", "cancelled", None),
        ((False, None), "agreed", "alone", "no_show"),
        ((None, False), "agreed", "missed", "no_show"),
        ((True, False), "agreed", "agreed", None),
        ((False, True), "agreed", "agreed", None),
        ((None, None), "agreed", "agreed", None),
    ],
)
async def test_what_counts_as_a_meeting(
    db: Database, amina: Caller, said: tuple[bool | None, bool | None], at_once: str, later: str, counted: str | None
) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.accept, booking.id, DESK, NOW)
    with pytest.raises(Over):
        await run(db, meetings.say_met, booking.id, Side.PERSON, DESK, NOW, met=True)
    after = booking.ends_at + timedelta(hours=1)
    for side, met in zip((Side.PERSON, Side.MENTOR), said, strict=True):
        if met is not None:
            await run(db, meetings.say_met, booking.id, side, DESK, after, met=met)
    assert await state(db, booking) == at_once
    for _twice in range(2):
        await run(db, meetings.settle_late, DESK, after + timedelta(days=4))
    assert await state(db, booking) == later
    assert (await kinds(db))[2:] == ([counted] if counted else [])


async def test_the_check_in_comes_three_months_after_the_first_meeting_once(db: Database, amina: Caller) -> None:
    mentor = await a_mentor(db)
    for day in (TUESDAY, WEEK_LATER):
        booking = await books(db, amina.person_id, mentor, day)
        await run(db, arranging.accept, booking.id, DESK, NOW)
        await run(db, meetings.decide, booking.id, BookingState.MET, DESK, booking.ends_at)
    at = datetime(2027, 2, 24, 10, 0, tzinfo=DESK.zone)
    assert await run(db, meetings.check_in, at - timedelta(seconds=1)) == 0
    assert [await run(db, meetings.check_in, at), await run(db, meetings.check_in, at + timedelta(days=30))] == [1, 0]


# Words that are passed on


async def test_words_go_through_without_numbers_and_either_side_can_end_them(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    with pytest.raises(Over):
        await run(db, meetings.relay, booking.id, Side.PERSON, "Hello", NOW)
    await run(db, arranging.accept, booking.id, DESK, NOW)
    await run(db, meetings.relay, booking.id, Side.PERSON, "Call 041 123 456 or a@b.si, https://x.example", NOW)
    await run(db, meetings.relay, booking.id, Side.MENTOR, "Call 041 123 456: https://meet.example/a", NOW)
    async with db.reading() as session:
        words = [one.words["text"] for one in await booking_news.due(session, NOW) if one.what == What.WORDS]
    assert words == ["Call ••• or ••• •••", "Call •••: https://meet.example/a"]
    assert await run(db, meetings.mute, booking.id, Side.PERSON, NOW, muted=True)
    for side in (Side.PERSON, Side.MENTOR):
        with pytest.raises(Muted):
            await run(db, meetings.relay, booking.id, side, "Hello", NOW)
    assert not await run(db, meetings.mute, booking.id, Side.MENTOR, NOW, muted=False)
    assert await run(db, meetings.mute, booking.id, Side.PERSON, NOW, muted=False)
    for _number in range(meetings.MOST_A_DAY - 1):
        await run(db, meetings.relay, booking.id, Side.PERSON, "Hello", NOW)
    with pytest.raises(TooMany):
        await run(db, meetings.relay, booking.id, Side.PERSON, "Hello", NOW)
    await run(db, meetings.relay, booking.id, Side.PERSON, "Hello", NOW + timedelta(days=1, seconds=1))


async def test_contact_is_given_when_both_agree_and_can_be_taken_back_before(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db))
    await run(db, arranging.accept, booking.id, DESK, NOW)
    assert not await run(db, meetings.share, booking.id, Side.PERSON, "041 000 000", NOW)
    assert await run(db, meetings.unshare, booking.id, Side.PERSON, NOW)
    assert "contact" not in (await run(db, bookings.get, booking.id)).details
    assert not await run(db, meetings.share, booking.id, Side.MENTOR, "x@example.org", NOW)
    assert "contact" not in await news(db, booking, Side.PERSON)
    assert await run(db, meetings.share, booking.id, Side.PERSON, "041 000 000", NOW)
    assert await run(db, meetings.share, booking.id, Side.PERSON, "041 000 000", NOW)
    assert not await run(db, meetings.unshare, booking.id, Side.MENTOR, NOW)
    async with db.reading() as session:
        told = {one.side: one.words for one in await booking_news.due(session, NOW) if one.what == What.CONTACT}
    assert told == {Side.PERSON: {"contact": "x@example.org"}, Side.MENTOR: {"contact": "041 000 000"}}


async def test_the_copy_of_a_person_has_nothing_that_the_mentor_told(db: Database, amina: Caller) -> None:
    booking = await books(db, amina.person_id, await a_mentor(db), wish="A letter")
    await run(db, arranging.accept, booking.id, DESK, NOW)
    await run(db, meetings.share, booking.id, Side.MENTOR, "x@example.org", NOW)
    await run(db, arranging.change_time, booking.id, WEEK_LATER, TEN, DESK, NOW)
    await run(db, arranging.decline, booking.id, "Not my topic", NOW)
    copy = await run(db, copies.collect, amina.person_id)
    assert copy["bookings"][0]["details"] == {
        "how": "", "gender": "", "wish": "A letter", "wished": [WEEK_LATER.isoformat(), TEN]}  # fmt: skip
