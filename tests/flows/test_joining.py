"""A record of the desk joins the chat of its person, by a code that works once and for a quarter of an hour."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.domain import events, joining, seats, waiting, walk_ins
from bot.domain.events import Event, EventKind, Plan
from bot.domain.people import Person
from bot.domain.seats import Remind, Signup, Wish
from bot.domain.waiting import Term
from bot.domain.walk_ins import Told
from tests.desk import Desk, Guest

WHO = """< The desk has written down Sample Amina. Who is that? Then you see here what they are signed up for.
         [That is me] [I look after them] [Neither] [Cancel]"""
DONE = """What you are signed up for stands in “My things”. You can change and cancel it there.
          [📁 My things] [☰ Menu] [👤 Talk to a person]"""
NEW_ONE = "Please ask at the desk for a new one. [☰ Menu] [👤 Talk to a person]"


async def has_record(desk: Desk, name: str = "Sample Amina", language: str = "ar") -> int:
    async with desk.house.db.transaction() as session:
        told = Told(name, "+386 00 111 222", language)
        return (await walk_ins.write_down(session, told, "postojna", 1, desk.clock())).id


async def has_code(desk: Desk, record: int) -> str:
    async with desk.house.db.transaction() as session:
        return await joining.new_code(session, record, 1, desk.clock())


async def has_event(desk: Desk, number: int | None = 2, title: str = "Sewing") -> Event:
    day = desk.clock().date() + timedelta(days=20)
    plan = Plan(EventKind.WORKSHOP, day, 18 * 60, 90, "Europe/Ljubljana", "postojna", number, {"en": {"title": title}})
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan, desk.clock())
        await events.publish(session, event.id, desk.clock())
    return event


async def signs_up(desk: Desk, event: Event, person: int, number: int = 1, *, waits: bool = False) -> int:
    wish, now = Wish(person, number, "Sample", remind=Remind.CHAT), desk.clock()
    async with desk.house.db.transaction() as session:
        if waits:
            term = Term(now, now + timedelta(hours=4))
            return (await waiting.join(session, events.list_key(event.id), wish, term)).id
        return (await seats.take(session, event.id, wish, now)).id


async def person_of(desk: Desk, guest: Guest) -> int:
    await guest.says("/menu")
    async with desk.house.db.reading() as session:
        query = select(Person.id).order_by(Person.created_at.desc(), Person.id.desc()).limit(1)
        return int(await session.scalar(query) or 0)


async def standing(desk: Desk) -> list[tuple[int, str, int]]:
    """Every sign-up: whose, its state, its seats."""
    async with desk.house.db.reading() as session:
        return [
            (one.person_id, one.state, one.seats) for one in await session.scalars(select(Signup).order_by(Signup.id))
        ]


async def test_what_the_desk_wrote_down_is_in_the_chat_then(desk: Desk) -> None:
    record = await has_record(desk)
    signup = await signs_up(desk, await has_event(desk), record)
    code = await has_code(desk, record)
    amina = desk.person("en")
    await amina.chats(f"""
        > /start join-{code}
        {WHO}
        > [That is me]
        < Done. This chat and what the desk wrote down belong together now. / {DONE}
        > /start join-{code}
        < This is done already. This chat and what the desk wrote down belong together. / {DONE}
    """)
    async with desk.house.db.reading() as session:
        moved, before = await session.get_one(Signup, signup), await session.get_one(Person, record)
        person = await session.get_one(Person, moved.person_id)
        assert (before.name, before.phone, before.merged_into) == (None, None, person.id)
        assert (person.name, person.phone, person.language) == ("Sample Amina", "+386 00 111 222", "en")
        assert moved.address_id == amina.address
        found = await walk_ins.record(session, record)
        assert found is person


async def test_a_stranger_s_phone_speaks_the_language_of_the_desk_s_record(desk: Desk) -> None:
    record = await has_record(desk, language="sl")
    code = await has_code(desk, record)
    amina = desk.person(hint="de")
    notice, question = await amina.says(f"/start join-{code}")
    assert notice.language == question.language == "sl"
    await amina.presses("That is me" if question.rows[0][0].label == "That is me" else question.rows[0][0].label)
    async with desk.house.db.reading() as session:
        person = (await session.scalars(select(Person).where(Person.name.is_not(None)))).one()
        assert (person.language, person.language_chosen) == ("sl", True)


async def test_a_chat_for_somebody_else(desk: Desk) -> None:
    record = await has_record(desk)
    signup = await signs_up(desk, await has_event(desk), record)
    code = await has_code(desk, record)
    amina = desk.person("en")
    await amina.chats(f"""
        > /start join-{code}
        {WHO}
        > [I look after them]
        < Done. This chat is now also for Sample Amina. / {DONE}
    """)
    async with desk.house.db.reading() as session:
        kept, moved = await session.get_one(Person, record), await session.get_one(Signup, signup)
        assert (kept.merged_into, kept.name, moved.person_id, moved.address_id) == (
            None, "Sample Amina", record, amina.address,
        )  # fmt: skip
        assert kept.reached_by is not None


async def test_neither_changes_nothing_and_leaves_the_code_good(desk: Desk) -> None:
    record = await has_record(desk)
    code = await has_code(desk, record)
    amina, boris = desk.person("en"), desk.person("en")
    await amina.chats(f"""
        > /start join-{code}
        {WHO}
        > [Neither]
        < Fine, nothing was changed. [☰ Menu] [👤 Talk to a person]
    """)
    await boris.chats(f"""
        > /start join-{code}
        {WHO}
        > [That is me]
        < Done. This chat and what the desk wrote down belong together now. / {DONE}
    """)
    await amina.chats(f"""
        > /start join-{code}
        < This code was used already. {NEW_ONE}
    """)


async def test_codes_that_are_not_good(desk: Desk) -> None:
    record = await has_record(desk)
    first = await has_code(desk, record)
    second = await has_code(desk, record)
    amina = desk.person("en")
    await amina.chats(f"""
        > /start join-{first}
        < This code is not known. {NEW_ONE}
        > /start join-nothing-of-the-kind
        < This code is not known. {NEW_ONE}
        > /start join
        < This code is not known. {NEW_ONE}
        > /start join-{second}
        {WHO}
    """)
    desk.clock.pass_(minutes=15)
    await amina.chats(f"""
        > [That is me]
        < This code is too old. It works for 15 minutes. {NEW_ONE}
    """)
    assert await desk.count(walk_ins.WalkIn) == 1


async def test_somebody_who_asked_twice_keeps_the_better_place(desk: Desk) -> None:
    event = await has_event(desk, 1)
    record = await has_record(desk)
    amina = desk.person("en")
    me = await person_of(desk, amina)
    await signs_up(desk, event, record)
    await signs_up(desk, event, me, waits=True)
    code = await has_code(desk, record)
    await amina.chats(f"""
        > /start join-{code}
        {WHO}
        > [That is me]
        < Done. This chat and what the desk wrote down belong together now. / You were signed up twice for the same. You
        keep the better place; the other is free again. / {DONE}
    """)
    assert await standing(desk) == [(me, "going", 1), (me, "cancelled", 1)]


async def test_two_who_scan_at_once(desk: Desk) -> None:
    record = await has_record(desk)
    await signs_up(desk, await has_event(desk), record)
    code = await has_code(desk, record)
    both = [desk.person("en"), desk.person("en")]
    for one in both:
        await one.says(f"/start join-{code}")
    for one in both:
        token, laid = one.screen[-1]
        await one.sends(pressed=[token, laid.rows[0][0].index])
    await asyncio.gather(desk.serve())
    texts = sorted([laid.text.splitlines()[0] for laid in [*await both[0].reads(), *await both[1].reads()]])
    assert texts == [
        "Done. This chat and what the desk wrote down belong together now.",
        "This code was used already. Please ask at the desk for a new one.",
    ]


async def test_everything_goes_when_the_chat_says_so(desk: Desk) -> None:
    record = await has_record(desk)
    await signs_up(desk, await has_event(desk), record)
    code = await has_code(desk, record)
    amina = desk.person("en")
    await amina.says(f"/start join-{code}")
    await amina.presses("That is me")
    await amina.says("/delete")
    await amina.presses("Yes")
    async with desk.house.db.reading() as session:
        assert await session.get(Person, record) is None
    assert await standing(desk) == []
    assert await desk.count(walk_ins.WalkIn) == 0
    assert await desk.count(joining.JoinCode) == 0
