"""Courses as they are kept: what people see, what fits, what is at the same time, and runs of absences."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import absences, attendance, catalogue, clashes, courses, events, registers, seats, staff, waiting
from bot.domain.attendance import Came
from bot.domain.catalogue import Meeting
from bot.domain.courses import Course, CourseState, Group, GroupPlan, Level, Session, When
from bot.domain.db import Database
from bot.domain.events import EventKind, Plan
from bot.domain.people import Caller
from bot.domain.seats import Wish
from bot.domain.staff import Role
from bot.domain.waiting import Term
from tests.domain.conftest import NOW

ZONE = "Europe/Ljubljana"
TERM = Term(NOW, NOW + timedelta(hours=8))


def plan(
    *days: date, minute: int = 1020, when: Sequence[When] = (When.EVENING,), places: int = 5, tutor_id: int | None = None
) -> GroupPlan:  # fmt: skip
    return GroupPlan("x", places, tuple(when), ZONE, tuple((day, minute, 90) for day in days), tutor_id=tutor_id)


def weeks(number: int, first: date = date(2026, 12, 1)) -> list[date]:
    return [first + timedelta(weeks=week) for week in range(number)]


async def course_of(session: AsyncSession, level: Level = Level.A1) -> Course:
    return await courses.make(session, "sl", level, {"sl": {"title": "Vzorec"}}, "postojna", NOW)


async def open_group(session: AsyncSession, course: Course, told: GroupPlan) -> Group:
    group = await courses.add_group(session, course.id, told, NOW)
    assert await courses.open_group(session, group.id, TERM) is not None
    return group


def held(day: date, minute: int = 1020, minutes: int = 90) -> Session:
    return Session(id=1, group_id=1, number=1, day=day, minute=minute, minutes=minutes, zone=ZONE, called_off=False)


def test_the_usual_week() -> None:
    tuesdays = [held(day) for day in weeks(8)]
    assert catalogue.weekly(tuesdays) == [Meeting((1,), 1020, 1110)]
    both = [*tuesdays, *(held(day + timedelta(days=2)) for day in weeks(8))]
    assert catalogue.weekly(both) == [Meeting((1, 3), 1020, 1110)]
    other = [*tuesdays, *(held(day + timedelta(days=4), 540) for day in weeks(8))]
    assert catalogue.weekly(other) == [Meeting((1,), 1020, 1110), Meeting((5,), 540, 630)]
    assert catalogue.weekly([held(date(2026, 12, 1) + timedelta(days=number)) for number in range(4)]) == []
    assert catalogue.weekly([]) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from([540, 1020])), max_size=12))
def test_the_usual_week_names_each_meeting_once_or_nothing(slots: list[tuple[int, int]]) -> None:
    found = catalogue.weekly([held(date(2026, 11, 30) + timedelta(days=day), minute) for day, minute in slots])
    said = {(day, one.opens) for one in found for day in one.weekdays}
    assert said == (set(slots) if len(set(slots)) <= 3 else set())


@pytest.mark.parametrize(
    ("level", "brings"),
    [(Level.A1, Level.A0), (Level.A1, Level.A1), (Level.A2, Level.A1), (Level.B2, Level.B1), (Level.A0, Level.A0)],
)
def test_a_course_fits_at_the_level_and_one_below(level: Level, brings: Level) -> None:
    assert catalogue.fits(Course(level=level), brings)
    assert not any(
        catalogue.fits(Course(level=level), other)
        for other in Level
        if catalogue.LEVELS.index(other) > catalogue.LEVELS.index(level)
    )


async def test_what_people_see(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        first, second = await course_of(session, Level.A2), await course_of(session)
        hidden = await course_of(session)
        await courses.set_state(session, hidden.id, CourseState.DRAFT, NOW)
        late = await open_group(session, second, plan(*weeks(2, date(2026, 12, 8)), places=1))
        soon = await open_group(session, second, plan(*weeks(2)))
        await courses.add_group(session, second.id, plan(*weeks(2)), NOW)  # nobody sees it yet
        await seats.take(session, late.id, Wish(amina.person_id), NOW)
    async with db.reading() as session:
        found = await catalogue.entries(session, NOW)
        assert [one.course.id for one in found] == [second.id, first.id]
        assert [one.group.id for one in found[0].groups] == [soon.id, late.id]
        assert ([one.free for one in found], found[0].waiting) == ([5, 0], 0)
        assert [len(one.sessions) for one in found[0].groups] == [2, 2]
        ordered = catalogue.in_order(found[0].groups, ["evening"], reads_latin=True, childcare=False)
        assert [one.group.id for one in ordered] == [soon.id, late.id]
        assert await catalogue.entry(session, hidden.id, NOW) is None
        assert await catalogue.entry(session, 1, NOW) is None
        mine = await catalogue.of_people(session, [amina.person_id])
        assert [(signup.seating_id, course.id) for signup, course in mine] == [(late.id, second.id)]
        after = await catalogue.entry(session, second.id, datetime(2026, 12, 2, tzinfo=UTC))
        assert after is not None
        assert [one.group.id for one in after.groups] == [late.id]


async def test_groups_that_begin_with_the_letters_come_first_for_those_who_need_them(db: Database) -> None:
    async with db.transaction() as session:
        course = await course_of(session)
        await open_group(session, course, plan(*weeks(2)))
        letters = GroupPlan("x", 5, (When.EVENING,), ZONE, ((date(2026, 12, 9), 1020, 90),), latin_script=True)
        other = await open_group(session, course, letters)
        entry = await catalogue.entry(session, course.id, NOW)
        assert entry is not None
        for reads, first in ((False, True), (True, False)):
            ordered = catalogue.in_order(entry.groups, [], reads_latin=reads, childcare=False)
            assert (ordered[0].group.id == other.id) is first


async def test_one_list_goes_on_from_term_to_term(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        course = await course_of(session)
        signup = await waiting.join(
            session, courses.list_key(course.id), Wish(amina.person_id, wants=("morning",)), TERM
        )
        autumn = await open_group(session, course, plan(*weeks(2)))
        assert (await waiting.position(session, signup), signup.state) == (1, "waiting")
        await courses.call_off_group(session, autumn.id, NOW)
        spring = await open_group(session, course, plan(*weeks(2, date(2027, 3, 2)), minute=540, when=(When.MORNING,)))
        offer = await waiting.open_offer(session, signup.id)
        assert offer is not None
        assert offer.seating_id == spring.id


async def test_what_is_at_the_same_time(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        course = await course_of(session)
        group = await open_group(session, course, plan(*weeks(3)))
        await seats.take(session, group.id, Wish(amina.person_id), NOW)
        event = await events.make(
            session, Plan(EventKind.WORKSHOP, date(2026, 12, 5), 600, 60, ZONE, "postojna", 5, {"sl": {"title": "x"}}), NOW
        )  # fmt: skip
        await events.publish(session, event.id, NOW)
        await seats.take(session, event.id, Wish(amina.person_id), NOW)
        busy = await clashes.busy(session, amina.person_id, NOW)
    assert [begins.day for begins, _ends in busy] == [1, 5, 8, 15]
    assert only_what_overlaps_is_found(busy)


def only_what_overlaps_is_found(busy: Sequence[clashes.Span]) -> bool:
    """What ends when something begins is at no time the same."""
    begins, ends = busy[0]
    hour = timedelta(hours=1)
    return (
        clashes.overlapping([(begins - hour, begins), (ends, ends + hour)], busy) == []
        and clashes.overlapping([(ends - hour, ends)], busy) == [begins]
        and clashes.overlapping([(begins - hour, ends + hour)], busy) == [begins]
    )


def run_of(said: Sequence[str]) -> int:
    """How many absences the last marks are, as a person would count them."""
    known = [one for one in said if one]
    number = 0
    while number < len(known) and known[-1 - number] == "no":
        number += 1
    return number


@pytest.mark.parametrize("seed", range(6))
async def test_runs_of_absences_are_those_that_a_person_would_count(db: Database, amina: Caller, seed: int) -> None:
    """Marks are made, changed and taken back in random order; after each the run is as if counted by hand."""
    chance = random.Random(seed)
    async with db.transaction() as session:
        course = await course_of(session)
        group = await open_group(session, course, plan(*weeks(6)))
        signup = await seats.take(session, group.id, Wish(amina.person_id), NOW)
        meetings = await courses.sessions(session, group.id)
        said = [""] * len(meetings)
        for _step in range(40):
            number, mark = chance.randrange(len(meetings)), chance.choice(["", *Came])
            if mark:
                await attendance.mark(session, group.id, signup.id, Came(mark), NOW, session_id=meetings[number].id)
            else:
                await attendance.unmark(session, group.id, signup.id, meetings[number].id)
            said[number] = mark
            found = await absences.review(session, signup.id, NOW)
            assert (found.missed if found is not None else 0) == (run_of(said) if run_of(said) >= 2 else 0)
            going_on = [one for one in await absences.of_signup(session, signup.id) if one.ended_at is None]
            assert len(going_on) == (run_of(said) >= 2)
            if found is not None and chance.random() < 0.3:
                await absences.tell(session, found.id, NOW)
                assert await absences.tell(session, found.id, NOW) is None


async def test_a_register_is_open_to_its_tutor_on_its_day(db: Database, amina: Caller) -> None:
    early, late = timedelta(minutes=15), timedelta(days=7)
    async with db.transaction() as session:
        tina = await staff.add(session, "tina", "Tina", "a long password", [Role.TUTOR], languages=[], now=NOW)
        course = await course_of(session)
        group = await open_group(session, course, plan(*weeks(3), tutor_id=tina.id))
        await seats.take(session, group.id, Wish(amina.person_id, name="Sample"), NOW)
        first, second, _third = await courses.sessions(session, group.id)
        for at, open_ones in (
            (first.starts_at - timedelta(minutes=16), []),
            (first.starts_at - timedelta(minutes=15), [first.id]),
            (first.starts_at.replace(hour=22, minute=59), [first.id]),
            (first.starts_at + timedelta(days=6), [first.id]),
            (second.starts_at, [second.id, first.id]),
            (second.starts_at + timedelta(days=1), [second.id]),
        ):
            found = await registers.open_to(session, tina.id, at, early, late, everywhere=False)
            assert (at, [one.session.id for one in found]) == (at, open_ones)
            assert await registers.open_to(session, 1, at, early, late, everywhere=False) == []
            found = await registers.open_to(session, 1, at, early, late, everywhere=True)
            assert [one.session.id for one in found] == open_ones
        assert list((await registers.names(session, group.id)).values()) == ["Sample"]
