"""Which reminders are planned: by the clock of the place, outside quiet hours, anew at every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import bookings, courses, events, people, planning, reminders, seats, waiting
from bot.domain.bookings import Booking, BookingState
from bot.domain.courses import GroupPlan, Level, When
from bot.domain.db import Database, new_id
from bot.domain.events import Event, EventKind, Plan
from bot.domain.leads import LEADS, Lead, leads_from, read_leads
from bot.domain.mentors import Mentor, MentorState
from bot.domain.people import Caller, Person
from bot.domain.places import SAMPLE_DESK, DeskError, load_desk
from bot.domain.quiet import Quiet
from bot.domain.reminders import Reminder, ReminderState
from bot.domain.seats import Remind, Signup, SignupState, Wish
from bot.domain.waiting import Term
from bot.domain.wall import instant

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = "Europe/Ljubljana"
LJUBLJANA = ZoneInfo(ZONE)
DESK = load_desk(None)
LATER = Term(NOW, NOW + timedelta(days=1))
USUAL = LEADS["event"]


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LJUBLJANA)


def plan(day: date, minute: int = 18 * 60) -> Plan:
    return Plan(EventKind.WORKSHOP, day, minute, 90, ZONE, "postojna", 10, {"en": {"title": "Sample workshop"}})


async def with_seat(
    session: AsyncSession, person: Caller, day: date, minute: int = 18 * 60, remind: Remind = Remind.CHAT,
    now: datetime = NOW,
) -> tuple[Event, Signup]:  # fmt: skip
    event = await events.make(session, plan(day, minute), now)
    await events.publish(session, event.id, now)
    wish = Wish(person.person_id, remind=remind, address_id=person.address_id)
    signup = await seats.take(session, event.id, wish, now)
    await planning.replan_signup(session, signup.id, DESK, now)
    return event, signup


async def rows(session: AsyncSession, person: Caller, *states: ReminderState) -> list[Reminder]:
    found = await reminders.of_person(session, person.person_id)
    return [one for one in found if not states or one.state in states]


async def due(session: AsyncSession, person: Caller) -> list[datetime]:
    return [one.due_at.astimezone(LJUBLJANA) for one in await rows(session, person, ReminderState.WAITING)]


# When


def test_leads_as_the_desk_writes_them() -> None:
    assert read_leads(["2h", "7d", " 1D "]) == (Lead(7, "d"), Lead(1, "d"), Lead(2, "h"))
    assert [one.minutes for one in USUAL] == [10080, 1440, 120]
    assert leads_from({"booking": ["3d"]})["booking"] == (Lead(3, "d"),)
    for wrong in (["0d"], ["2w"], [""], ["d"], "7d", ["-1d"]):
        with pytest.raises(ValueError, match="is no time before"):
            read_leads(wrong)
    with pytest.raises(ValueError, match="none of"):
        leads_from({"party": ["1d"]})


def test_the_desks_own_file_says_how_long_before(tmp_path: Path) -> None:
    shipped = SAMPLE_DESK.read_text(encoding="utf-8")
    file = tmp_path / "desk.toml"
    file.write_text(shipped.replace('booking = ["7d", "1d", "2h"]', 'booking = ["3d"]'), encoding="utf-8")
    assert load_desk(file).leads == {**LEADS, "booking": (Lead(3, "d"),)}
    file.write_text(shipped.replace('booking = ["7d", "1d", "2h"]', 'booking = ["soon"]'), encoding="utf-8")
    with pytest.raises(DeskError, match="'soon' is no time before: write 7d or 2h"):
        load_desk(file)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 3, 28), [local(2027, 3, 21, 18), local(2027, 3, 27, 18), local(2027, 3, 28, 16)]),  # one hour less
        (date(2027, 10, 31), [local(2027, 10, 24, 18), local(2027, 10, 30, 18), local(2027, 10, 31, 16)]),
        (date(2028, 3, 1), [local(2028, 2, 23, 18), local(2028, 2, 29, 18), local(2028, 3, 1, 16)]),  # a leap day
        (date(2027, 1, 1), [local(2026, 12, 25, 18), local(2026, 12, 31, 18), local(2027, 1, 1, 16)]),
    ],
)
def test_a_day_before_is_the_same_hour_the_day_before(day: date, expected: list[datetime]) -> None:
    assert [at for _lead, at in planning.due_times(USUAL, day, 18 * 60, Quiet(LJUBLJANA))] == expected


def test_hours_are_hours_also_when_the_clock_is_changed() -> None:
    night = Quiet(LJUBLJANA, 0, 0)
    two = read_leads(["2h"])
    spring = planning.due_times(two, date(2027, 3, 28), 3 * 60 + 30, night)
    autumn = planning.due_times(two, date(2027, 10, 31), 3 * 60 + 30, night)
    assert [at.astimezone(UTC) for _lead, at in spring] == [datetime(2027, 3, 27, 23, 30, tzinfo=UTC)]
    assert [at.astimezone(UTC) for _lead, at in autumn] == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]


def test_two_that_fall_together_are_one() -> None:
    both = planning.due_times(read_leads(["2h", "1h"]), date(2026, 12, 1), 7 * 60, Quiet(LJUBLJANA))
    assert both == [(Lead(1, "h"), local(2026, 11, 30, 19, 59))]


leads = st.lists(st.builds(Lead, st.integers(1, 30), st.sampled_from("dh")), min_size=1, max_size=5, unique=True)
zones = st.sampled_from([ZONE, "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]).map(ZoneInfo)
minutes = st.integers(0, 24 * 60 - 1)


@given(
    leads=leads, day=st.dates(date(2026, 1, 1), date(2029, 12, 31)), minute=minutes, zone=zones, begins=minutes,
    ends=minutes,
)  # fmt: skip
def test_never_quiet_never_too_late_and_in_order(
    leads: list[Lead], day: date, minute: int, zone: ZoneInfo, begins: int, ends: int
) -> None:
    hours, starts_at = Quiet(zone, begins, ends), instant(day, minute, zone)
    found = planning.due_times(leads, day, minute, hours)
    times = dict(found)
    assert found
    assert all(at < starts_at and not hours.holds(at) for at in times.values())
    assert [at for _lead, at in found] == sorted(set(times.values()))
    meant = {lead: lead.before(day, minute, zone) for lead in leads}
    kept = sorted(times, key=lambda lead: meant[lead])
    assert [times[lead] for lead in kept] == sorted(times.values())
    # Each that is left out has fallen on the minute of another.
    assert {hours.moved(meant[lead], starts_at) for lead in leads} == set(times.values())


# What


async def test_a_sign_up_is_reminded_of_three_times(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        _event, signup = await with_seat(session, amina, date(2026, 12, 9))
        assert await due(session, amina) == [local(2026, 12, 2, 18), local(2026, 12, 8, 18), local(2026, 12, 9, 16)]
        assert {one.about for one in await rows(session, amina)} == {f"event:{signup.id}"}
        assert {one.late_at for one in await rows(session, amina)} == {local(2026, 12, 9, 18)}


async def test_what_has_passed_is_not_planned(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        await with_seat(session, amina, date(2026, 11, 24))
        assert await due(session, amina) == [local(2026, 11, 23, 18), local(2026, 11, 24, 16)]
    async with db.transaction() as session:
        await with_seat(session, amina, date(2026, 11, 23), 12 * 60)
        assert len(await due(session, amina)) == 2


async def test_twice_is_once_and_nothing_changes(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        _event, signup = await with_seat(session, amina, date(2026, 12, 9))
        before = [one.id for one in await rows(session, amina)]
        for _time in range(3):
            await planning.replan_signup(session, signup.id, DESK, NOW)
        assert [one.id for one in await rows(session, amina)] == before


async def test_another_date_moves_them_and_what_was_sent_is_not_sent_again(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        event, _signup = await with_seat(session, amina, date(2026, 12, 9))
        first = (await rows(session, amina))[0]
        assert await reminders.claim(session, first.id, ReminderState.SENT)
        now = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
        await events.change(session, event.id, plan(date(2026, 12, 16), 19 * 60), replace(LATER, now=now))
        await planning.replan_seating(session, event.id, DESK, now)
        assert await due(session, amina) == [local(2026, 12, 9, 19), local(2026, 12, 15, 19), local(2026, 12, 16, 17)]
        await events.change(session, event.id, plan(date(2026, 12, 9)), replace(LATER, now=now))
        await planning.replan_seating(session, event.id, DESK, now)
        assert await due(session, amina) == [local(2026, 12, 8, 18), local(2026, 12, 9, 16)]
        assert len(await rows(session, amina, ReminderState.SENT)) == 1


async def test_one_that_waits_still_goes_when_things_are_planned_anew_after_its_minute(
    db: Database, amina: Caller
) -> None:
    async with db.transaction() as session:
        _event, signup = await with_seat(session, amina, date(2026, 12, 9))
        late = local(2026, 12, 8, 18, 1)
        await planning.replan_signup(session, signup.id, DESK, late)
        assert len(await due(session, amina)) == 3


async def test_whoever_leaves_is_not_reminded(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        event, signup = await with_seat(session, amina, date(2026, 12, 9))
        await waiting.leave(session, signup.id, LATER)
        await planning.replan_signup(session, signup.id, DESK, NOW)
        assert await rows(session, amina) == []
        await seats.take(session, event.id, seats.wish_of(signup), NOW)
        await planning.replan_seating(session, event.id, DESK, NOW)
        assert len(await due(session, amina)) == 3
        await events.call_off(session, event.id, NOW)
        await planning.replan_seating(session, event.id, DESK, NOW)
        assert await rows(session, amina) == []


async def test_whoever_waits_or_wants_none_is_not_reminded(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        await with_seat(session, amina, date(2026, 12, 9), remind=Remind.NONE)
        event = await events.make(session, replace(plan(date(2026, 12, 10)), seats=0), NOW)
        await events.publish(session, event.id, NOW)
        signup = await waiting.join(session, events.list_key(event.id), Wish(amina.person_id), LATER)
        await planning.replan_signup(session, signup.id, DESK, NOW)
        assert await rows(session, amina) == []


async def test_a_course_is_reminded_of_by_session(db: Database, amina: Caller) -> None:
    sessions = tuple((date(2026, 12, day), 18 * 60, 90) for day in (8, 15, 22))
    group_plan = GroupPlan("A1 Sample", 10, (When.EVENING,), ZONE, sessions)
    async with db.transaction() as session:
        course = await courses.make(session, "sl", Level.A1, {"en": {"title": "Sample"}}, "postojna", NOW)
        group = await courses.add_group(session, course.id, group_plan, NOW)
        await courses.open_group(session, group.id, LATER)
        wish = Wish(amina.person_id, address_id=amina.address_id)
        signup = await courses.enrol(session, group.id, wish, NOW)
        await planning.replan_signup(session, signup.id, DESK, NOW)
        assert await due(session, amina) == [
            local(2026, 12, 1, 18), local(2026, 12, 7, 18), local(2026, 12, 8, 16),
            local(2026, 12, 14, 18), local(2026, 12, 15, 16), local(2026, 12, 21, 18), local(2026, 12, 22, 16),
        ]  # fmt: skip
        held = await courses.sessions(session, group.id)
        held[1].called_off = True
        await planning.replan_seating(session, group.id, DESK, NOW)
        assert len(await due(session, amina)) == 5


async def booked(session: AsyncSession, person: Caller, day: date, state: BookingState) -> Booking:
    mentor = Mentor(
        id=new_id(), state=MentorState.ACTIVE, name="Sample mentor", contact="", languages=["sl"], topics=["work"],
        about={}, gender="", place="postojna", where="", zone=ZONE, made_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(mentor)
    await session.flush()
    booking = Booking(
        id=new_id(), mentor_id=mentor.id, event_id=None, person_id=person.person_id, address_id=person.address_id,
        state=state, topic="work", language="en", day=day, minute=10 * 60, minutes=60, zone=ZONE,
        starts_at=instant(day, 10 * 60, LJUBLJANA), remind=Remind.CHAT, details={}, asked=[], made_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    session.add(booking)
    await session.flush()
    await planning.replan_booking(session, booking.id, DESK, NOW)
    return booking


async def test_a_booking_is_reminded_of_once_it_is_agreed(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        booking = await booked(session, amina, date(2026, 12, 9), BookingState.ASKED)
        assert await rows(session, amina) == []
        booking.state = BookingState.AGREED
        await planning.replan_booking(session, booking.id, DESK, NOW)
        assert await due(session, amina) == [local(2026, 12, 2, 10), local(2026, 12, 8, 10), local(2026, 12, 9, 8)]
        found = await bookings.get(session, booking.id)
        assert found is not None
        found.state = BookingState.CANCELLED
        await planning.replan_booking(session, booking.id, DESK, NOW)
        assert await rows(session, amina) == []


async def test_quiet_hours_of_ones_own(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        _event, signup = await with_seat(session, amina, date(2026, 12, 9))
        await session.execute(
            update(Person).where(Person.id == amina.person_id).values(quiet_from=15 * 60, quiet_until=9 * 60)
        )
        await planning.replan_person(session, amina.person_id, DESK, NOW)
        assert await due(session, amina) == [local(2026, 12, 3, 9), local(2026, 12, 9, 9), local(2026, 12, 9, 14, 59)]
        assert signup.state == SignupState.GOING


# Calls


async def test_a_call_on_the_last_open_day_before(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        await with_seat(session, amina, date(2026, 12, 7), remind=Remind.CALL)  # a Monday
        (one,) = await rows(session, amina)
        assert (one.state, one.due_at) == (ReminderState.CALL, local(2026, 12, 4, 8))
    async with db.transaction() as session:  # signed up in the evening before: it can be called at once
        await with_seat(session, amina, date(2026, 11, 24), remind=Remind.CALL)
        assert next(found.due_at for found in await rows(session, amina)) == local(2026, 11, 23, 8)


async def test_whoever_cannot_be_written_to_is_called(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        _event, signup = await with_seat(session, amina, date(2026, 12, 9))
        await people.mark_unreachable(session, amina.address_id, "blocked", NOW)
        await planning.replan_signup(session, signup.id, DESK, NOW)
        assert [one.state for one in await rows(session, amina)] == [ReminderState.CALL]
        await people.mark_reachable(session, amina.address_id)
        await planning.replan_signup(session, signup.id, DESK, NOW)
        assert [one.state for one in await rows(session, amina)] == [ReminderState.WAITING] * 3


async def test_somebody_without_a_chat_is_called_and_a_child_is_reminded_of_in_the_parents(
    db: Database, amina: Caller
) -> None:
    async with db.transaction() as session:
        child = Person(id=new_id(), pseudonym="a child", language="en", reached_by=amina.person_id, created_at=NOW,
                       seen_at=NOW)  # fmt: skip
        walk_in = Person(id=new_id(), pseudonym="a walk-in", language="en", created_at=NOW, seen_at=NOW)
        session.add_all([child, walk_in])
        await session.flush()
        event = await events.make(session, plan(date(2026, 12, 9)), NOW)
        await events.publish(session, event.id, NOW)
        for person in (child, walk_in):
            signup = await seats.take(session, event.id, Wish(person.id), NOW)
            await planning.replan_signup(session, signup.id, DESK, NOW)
        ofs = {person.id: await reminders.of_person(session, person.id) for person in (child, walk_in)}
        assert [one.state for one in ofs[child.id]] == [ReminderState.WAITING] * 3
        assert [one.state for one in ofs[walk_in.id]] == [ReminderState.CALL]
        (first, *_later) = await reminders.due(session, local(2026, 12, 2, 18))
        assert first.reader is not None
        assert (first.person_id, first.reader.address_id) == (child.id, amina.address_id)


async def test_a_stop_takes_back_the_calls(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        await with_seat(session, amina, date(2026, 12, 9), remind=Remind.CALL)
        assert await planning.has_any(session, amina.person_id)
        await planning.no_calls(session, amina.person_id, DESK, NOW)
        assert await rows(session, amina) == []
