"""Every column says how long it is kept, and the sweep keeps nothing longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import clockwork
from bot.domain import (
    attendance,
    audit,
    checklists,
    copies,
    courses,
    edits,
    events,
    news,
    recordings,
    reminders,
    seats,
    staff,
    tickets,
    visits,
    waiting,
)
from bot.domain.absences import Absence
from bot.domain.attendance import Came
from bot.domain.audit import AuditEntry
from bot.domain.booking_news import News as BookingNews
from bot.domain.bookings import Booking
from bot.domain.callers import callers
from bot.domain.certificates import Certificate
from bot.domain.consent import Consent
from bot.domain.db import new_id
from bot.domain.documents import Document
from bot.domain.feedback import Feedback
from bot.domain.happenings import Happening
from bot.domain.imports import Import
from bot.domain.inbound import StoredUpdate
from bot.domain.joining import JoinCode
from bot.domain.keeping import KEEP_FOR, Keep
from bot.domain.mentors import Mentor, MentorException, MentorHours
from bot.domain.merging import Alias
from bot.domain.messages import ChatMessage
from bot.domain.outgoing import Outgoing
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Dialog, Person
from bot.domain.pins import Pin
from bot.domain.seats import Wish
from bot.domain.tables import METADATA, NOUNS
from bot.domain.tickets import Ticket
from bot.domain.waiting import Term
from bot.domain.walk_ins import WalkIn
from tests.desk import Desk, Guest
from tests.flows.deeds import claims, closes

FOR_EVER = {
    "happenings", "counters", "staff", "grants", "secrets", "staff_sessions", "invitations", "text_edits",
    "question_edits", "desk_facts", "recordings", "seatings", "events", "courses", "course_groups", "course_sessions",
    "mentors", "mentor_hours", "mentor_exceptions", "aliases",
}  # fmt: skip


def test_every_column_has_a_retention_class() -> None:
    without = [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if not isinstance(column.info.get("keep"), Keep)
    ]
    assert without == []
    assert set(KEEP_FOR) == set(Keep)


def test_every_table_belongs_to_a_noun() -> None:
    modules = {mapper.class_.__module__ for mapper in Person.registry.mappers}
    assert modules == {noun.__name__ for noun in NOUNS}


def test_only_counts_keys_and_the_desk_s_own_people_are_kept_for_ever() -> None:
    for_ever = {
        table.name
        for table in METADATA.sorted_tables
        if {KEEP_FOR[column.info["keep"]] for column in table.columns} == {None}
    }
    assert for_ever == FOR_EVER


async def with_a_full_life(desk: Desk) -> Guest:
    """A row in every table, as the desk makes them."""
    vesna = await desk.has_staff(on_call=True)
    guest = desk.person(hint="en")
    for words in ("/start", "zxcv qwer", "/export", "/stop", "/start", "he beats me"):
        await guest.says(words)
    await claims(desk, vesna)
    await closes(desk, vesna)
    await guest.says("/person")
    await guest.says("/delete")
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        await visits.begin(session, guest.key, guest.sender, desk.clock())
        await visits.new_code(session, caller.address_id, desk.clock())
        await audit.note(session, "read", desk.clock(), staff_id=vesna.id, pseudonym=caller.pseudonym)
        await checklists.make(session, caller.person_id, {}, ["residence.address"], desk.clock())
        day = desk.clock().date()
        await reminders.add(session, caller.person_id, "step:x", [day + timedelta(days=2)], day + timedelta(days=8),
                            desk.clock(), desk.house.desk.zone)  # fmt: skip
        session.add(Document(id=new_id(), person_id=caller.person_id, name="a.txt", maker="plain", content={"text": "x"},
                             made_at=desk.clock()))  # fmt: skip
        await staff.log_in(session, vesna, desk.clock())
        await staff.invite(session, vesna.id, desk.clock())
        await edits.save_text(
            session, edits.TextEdit(id=new_id(), topic="x", language="sl", staff_id=vesna.id, at=desk.clock()), None
        )
        await recordings.keep_recording(session, ("x", "sl", "h"), "telegram", "f", 3, vesna.id, desk.clock())
        await edits.note_question(session, "x", "sl", "x", vesna.id, desk.clock())
        await edits.save_facts(session, "ue", {"phone": "0"}, desk.clock().date(), vesna.id, desk.clock(), "0.0")
        session.add(
            StoredUpdate(id=new_id(), channel="web", external_id="dead", sender="", raw=["1", "{}"], state="dead",
                         attempts=3, reason="x", received_at=desk.clock())
        )  # fmt: skip
    await closes_if_open(desk, vesna)
    await takes_part(desk, caller.person_id, vesna.id)
    return guest


async def takes_part(desk: Desk, person_id: int, staff_id: int) -> None:
    """A row in every table of courses, events and mentors."""
    now, day = desk.clock(), desk.clock().date()
    plan = events.Plan(events.EventKind.WORKSHOP, day + timedelta(days=2), 600, 60, "Europe/Ljubljana", "postojna", 1,
                       {"sl": {"title": "x"}})  # fmt: skip
    term = Term(now, now + timedelta(days=1))
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan, now)
        await events.publish(session, event.id, now)
        other = Person(id=new_id(), pseudonym="o", language="en", created_at=now, seen_at=now)
        session.add(other)
        await session.flush()
        mine = await seats.take(session, event.id, Wish(person_id), now)
        await waiting.join(session, event_key := events.list_key(event.id), Wish(other.id), term)
        await waiting.leave(session, mine.id, term)
        waits = await waiting.join(session, event_key, Wish(person_id), term)
        await waiting.move(session, waits.id, 1, "x", staff_id, now)
        await attendance.mark(session, event.id, mine.id, Came.YES, now)
        await news.write_down(session, [mine], event.id, news.What.CHANGED, now)
        session.add(Feedback(signup_id=mine.id, seating_id=event.id, asked_at=now, words="", voice="", language="en"))
        course = await courses.make(session, "sl", courses.Level.A1, {}, "postojna", now)
        group = await courses.add_group(session, course.id, courses.GroupPlan(
            "x", 5, (courses.When.MORNING,), "Europe/Ljubljana", ((day, 600, 60),)), now)  # fmt: skip
        (meeting,) = await courses.sessions(session, group.id)
        session.add(Absence(id=1, signup_id=mine.id, first_id=meeting.id, missed=2, made_at=now, reason="", words=""))
        session.add(Certificate(id=1, number=1, signup_id=mine.id, seating_id=event.id, name="x", facts={}, language="en",
                                reason="", issued_on=day, issued_by=staff_id, changed_at=now))  # fmt: skip
        session.add(Mentor(id=1, state="draft", name="x", languages=[], topics=[], about={}, place="postojna",
                           zone="Europe/Ljubljana", made_at=now, changed_at=now))  # fmt: skip
        await session.flush()
        session.add_all([
            MentorHours(id=1, mentor_id=1, weekday=0, opens=0, closes=1),
            MentorException(id=1, mentor_id=1, day=day, opens=0, closes=0),
            Booking(id=1, mentor_id=1, person_id=person_id, state="asked", topic="x", language="en", day=day, minute=1,
                    minutes=1, zone="Europe/Ljubljana", starts_at=now, remind="chat", details={}, asked=[],
                    made_at=now, changed_at=now),
            Practice(person_id=person_id, offers=[], wants=[], age="adult", details={}, made_at=now),
            Pair(id=1, first_id=min(person_id, other.id), second_id=max(person_id, other.id), state="proposed",
                 languages=[], made_at=now, changed_at=now),
            Pin(person_id=person_id, code="x", misses=0),
            JoinCode(token="x", person_id=person_id, staff_id=staff_id, expires_at=now),
            WalkIn(person_id=person_id, staff_id=staff_id, place="postojna", mark="x", made_at=now),
            Alias(pseudonym="x", same_as="y"),
            Import(id=1, seating_id=event.id, mark="x", staff_id=staff_id, rows=1, planned_to=0, at=now),
        ])  # fmt: skip
        await session.flush()
        session.add(BookingNews(id=1, booking_id=1, mentor_id=1, side="person", what="agreed", words={}, made_at=now,
                                due_at=now))  # fmt: skip


async def closes_if_open(desk: Desk, member: Any) -> None:  # noqa: ANN401
    if any(case.state != "closed" for case in await desk.tickets()):
        await closes(desk, member)


async def counts(desk: Desk) -> dict[str, int]:
    return {
        mapper.class_.__tablename__: await desk.count(mapper.class_)
        for mapper in sorted(Person.registry.mappers, key=lambda mapper: str(mapper.class_.__tablename__))
    }


async def test_after_four_hundred_days_nothing_is_overdue(desk: Desk) -> None:
    await with_a_full_life(desk)
    before = await counts(desk)
    assert [name for name, count in before.items() if not count] == []
    desk.clock.pass_(days=400)
    await clockwork.sweep(desk.house)
    left = {name: count for name, count in (await counts(desk)).items() if count}
    assert left == {name: before[name] for name in FOR_EVER | {"audit", "imports", "waiting_moves"}}
    desk.clock.pass_(days=700)
    await clockwork.sweep(desk.house)
    assert set({name for name, count in (await counts(desk)).items() if count}) == FOR_EVER


async def test_counts_do_not_change_by_the_sweep(desk: Desk) -> None:
    await with_a_full_life(desk)
    async with desk.house.db.reading() as session:
        before = [(one.kind, one.day, one.pseudonym) for one in await session.scalars(select(Happening))]
    desk.clock.pass_(days=4000)
    await clockwork.sweep(desk.house)
    async with desk.house.db.reading() as session:
        assert [(one.kind, one.day, one.pseudonym) for one in await session.scalars(select(Happening))] == before


@pytest.mark.parametrize(
    ("table", "days"),
    [(StoredUpdate, 8), (ChatMessage, 90), (Outgoing, 90), (Dialog, 90), (Person, 365), (Consent, 365)],
)
async def test_each_class_goes_on_its_day_and_not_before(desk: Desk, table: type, days: int) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    await guest.says("/delete")
    kept = await desk.count(table)
    assert kept > 0
    desk.clock.pass_(days=days)
    await clockwork.sweep(desk.house)
    assert await desk.count(table) == kept
    desk.clock.pass_(seconds=1)
    await clockwork.sweep(desk.house)
    assert await desk.count(table) == 0


async def test_a_proof_is_kept_two_years_while_somebody_comes_back(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    for _quarter in range(7):
        desk.clock.pass_(days=104)
        await guest.says("/menu")
        await clockwork.sweep(desk.house)
    assert await desk.count(Consent) == 1
    desk.clock.pass_(days=3)
    await clockwork.sweep(desk.house)
    assert (await desk.count(Consent), await desk.count(Person)) == (0, 1)


async def test_an_open_case_keeps_its_words_while_somebody_writes(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    for _month in range(5):
        desk.clock.pass_(days=80)
        await guest.says("Still open.")
        await clockwork.sweep(desk.house)
    assert (await desk.count(Ticket), await desk.count(ChatMessage)) == (1, 14)


async def test_a_case_without_a_word_for_ninety_days_is_over_and_goes_like_any_other(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("he beats me")
    desk.clock.pass_(days=90)
    await clockwork.sweep(desk.house)
    assert [(case.state, case.close_reason) for case in await desk.tickets()] == [("waiting", "")]
    desk.clock.pass_(seconds=1)
    await clockwork.sweep(desk.house)
    assert [(case.state, case.close_reason) for case in await desk.tickets()] == [("closed", "expired")]
    async with desk.house.db.reading() as session:
        assert await tickets.alerts_due(session, desk.clock()) == []
    desk.clock.pass_(days=90, seconds=1)
    await clockwork.sweep(desk.house)
    assert (await desk.count(Ticket), await desk.count(ChatMessage), await desk.count(Person)) == (0, 0, 1)


async def test_what_waits_is_not_swept(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.sends(typed="/menu")
    desk.clock.pass_(days=30)
    await clockwork.sweep(desk.house)
    assert len(await guest_reads_after_serving(desk, guest)) == 1


async def guest_reads_after_serving(desk: Desk, guest: Guest) -> Sequence[object]:
    await desk.serve()
    return await guest.reads()


async def test_links_go_when_they_are_of_no_use(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/export")
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        await visits.new_code(session, caller.address_id, desk.clock())
    for table, passes in ((copies.CopyLink, timedelta(minutes=10)), (visits.ReturnCode, timedelta(days=30))):
        await clockwork.sweep(desk.house)
        assert await desk.count(table) == 1
        desk.clock.at += passes + timedelta(seconds=1)
        await clockwork.sweep(desk.house)
        assert await desk.count(table) == 0


async def test_the_log_of_deeds_is_kept_two_calendar_years(desk: Desk) -> None:
    at: Callable[[int, int, int], datetime] = lambda *day: desk.clock.at.replace(year=day[0], month=day[1], day=day[2])  # noqa: E731
    async with desk.house.db.transaction() as session:
        await audit.note(session, "read", at(2026, 1, 2))
    for day, left in (((2028, 12, 31), 1), ((2029, 1, 2), 1), ((2029, 1, 3), 0)):
        desk.clock.at = at(*day)
        await clockwork.sweep(desk.house)
        assert (day, await desk.count(AuditEntry)) == (day, left)
