"""At the door: one tap or one scan, on the day, and twice does no harm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain import attendance, events, waiting
from bot.domain.attendance import Attendance, Came
from bot.domain.events import Event
from bot.domain.waiting import Term
from tests.desk import Desk
from tests.flows.test_events import counted, signs_up, signups

WALK_IN = (
    "< Welcome to Sample workshop! You have no place booked, and that is fine. Who are you? [A newcomer] "
    "[I am from here] [Cancel]"
)
COUNTED = "< ✅ Welcome! You are counted. Please come in. / Sample workshop [{}☰ Menu]"
NO_CODE = "< This code is not good any more. Please ask at the door. [📅 All events] [👤 Talk to a person] [☰ Menu]"
TO_EVENT = "[📅 To the event] [👤 Talk to a person] [☰ Menu]"


async def marks(desk: Desk) -> list[tuple[str, str, int, bool]]:
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Attendance).order_by(Attendance.id))
        return [(one.came, one.guest, one.people, one.signup_id is not None) for one in rows]


async def today(desk: Desk, **more: object) -> Event:
    """An event whose door is open."""
    event = await desk.has_event(**more)  # type: ignore[arg-type]
    desk.clock.at = event.starts_at - timedelta(hours=3)
    return event


async def test_a_party_checks_in_and_scanning_again_says_so(desk: Desk) -> None:
    guest = desk.person("en")
    event = await desk.has_event(most_guests=2)
    await signs_up(guest, event.id, "No name", "1 person with me", "Skip", "I am from here", "No reminders")
    desk.clock.at = event.starts_at - timedelta(hours=3)
    await guest.chats(f"""
        > /start door-{event.door}
        < ✅ Welcome! You are checked in. / Sample workshop / 2 people [🎟 My place] [☰ Menu]
        > /start door-{event.door}
        < ✅ You are checked in already. Welcome! / Sample workshop / 2 people [🎟 My place] [☰ Menu]
    """)
    assert await marks(desk) == [("yes", "local", 2, True)]
    assert [kind for kind, _data in await counted(desk)] == ["signed_up", "attended"]


async def test_somebody_just_comes_in(desk: Desk) -> None:
    event = await today(desk)
    guest = desk.person("en")
    await guest.chats(f"""
        > /start door-{event.door}
        {WALK_IN}
        > [I am from here]
        {COUNTED.format("📅 All events] [")}
        > /start door-{event.door}
        {COUNTED.format("")}
    """)
    assert await marks(desk) == [("yes", "local", 1, False)]
    assert [kind for kind, _data in await counted(desk)] == ["walked_in"]
    assert await signups(desk) == []


async def test_whoever_waits_is_counted_as_having_come_in(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    first, second = desk.person("en"), desk.person("en")
    await signs_up(first, event.id)
    await signs_up(second, event.id)
    desk.clock.at = event.ends_at
    await second.chats(f"""
        > /start door-{event.door}
        {WALK_IN}
        > [A newcomer]
        {COUNTED.format("📅 All events] [")}
    """)
    assert await marks(desk) == [("yes", "newcomer", 1, False)]


@pytest.mark.parametrize("case", ["early", "late", "called off", "unknown", "draft"])
async def test_only_on_the_day_and_only_a_good_code(desk: Desk, case: str) -> None:
    event = await today(desk)
    guest = desk.person("en")
    door = event.door if case != "unknown" else "x"
    said = NO_CODE
    if case == "early":
        desk.clock.pass_(seconds=-1)
        said = f"< You are early. The check-in begins: Tuesday, 1 December 2026, 15:00 {TO_EVENT}"
    elif case == "late":
        desk.clock.at = event.ends_at + timedelta(seconds=1)
        said = f"< This event is over. {TO_EVENT}"
    elif case == "called off":
        async with desk.house.db.transaction() as session:
            await events.call_off(session, event.id, desk.clock())
        said = f"< This event was called off. We are sorry. {TO_EVENT}"
    elif case == "draft":
        async with desk.house.db.transaction() as session:
            (await session.get_one(Event, event.id)).state = "draft"
    await guest.chats(f"""
        > /start door-{door}
        {said}
    """)
    assert await marks(desk) == []


async def test_what_staff_have_counted_stands_and_what_they_marked_as_absent_is_put_right(desk: Desk) -> None:
    event = await desk.has_event(most_guests=2)
    here, marked = desk.person("en"), desk.person("en")
    for one in (here, marked):
        await signs_up(one, event.id, "No name", "2 people with me", "Skip", "A newcomer", "No reminders")
    first, second = await signups(desk)
    desk.clock.at = event.starts_at
    async with desk.house.db.transaction() as session:
        await attendance.mark(session, event.id, first.id, Came.YES, desk.clock(), by=1, people=2)
        await attendance.mark(session, event.id, second.id, Came.NO, desk.clock(), by=1)
    (shown,) = await here.says(f"/start door-{event.door}")
    assert shown.text == "✅ You are checked in already. Welcome!\nSample workshop\n2 people"
    (shown,) = await marked.says(f"/start door-{event.door}")
    assert shown.text == "✅ Welcome! You are checked in.\nSample workshop\n3 people"
    assert await marks(desk) == [("yes", "newcomer", 2, True), ("yes", "newcomer", 3, True)]


async def test_whoever_has_given_up_their_place_just_comes_in(desk: Desk) -> None:
    event = await desk.has_event()
    guest = desk.person("en")
    await signs_up(guest, event.id)
    (mine,) = await signups(desk)
    async with desk.house.db.transaction() as session:
        await waiting.leave(session, mine.id, Term(desk.clock(), desk.clock()))
    desk.clock.at = event.starts_at
    await guest.chats(f"""
        > /start door-{event.door}
        {WALK_IN}
    """)
