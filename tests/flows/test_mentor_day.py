"""A time with an expert of a mentor day: chosen, given to one person, called off when the day changes."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain import events, mentor_days, people
from bot.domain.booking_news import News, Side
from bot.domain.bookings import Booking, BookingError, BookingState, Busy, NotShown, Over, TimeGone
from bot.domain.events import Event, EventKind
from bot.domain.happenings import Happening
from bot.domain.mentor_days import HasOne, Wanted
from bot.domain.mentors import Mentor
from bot.domain.people import Dialog
from bot.domain.reminders import Reminder
from bot.domain.seats import Remind
from tests.desk import Desk, Guest, told
from tests.flows.test_practice import deed_of
from tests.flows.test_walk import fits
from tests.flows.test_walk_forms import Forms, option

DAY = date(2026, 12, 1)


async def a_day(desk: Desk, ana: dict[str, Any] | None = None, **more: Any) -> tuple[Event, Mentor, Mentor]:  # noqa: ANN401
    """A mentor day of three half hours from 18:00 with Ana, who speaks English, and Bor, who does not."""
    one = await desk.has_mentor("Sample Ana", hours={}, **(ana or {}))
    other = await desk.has_mentor("Sample Bor", hours={}, languages=["sl"])
    fields = {"expert_1": str(one.id), "expert_2": str(other.id)}
    event = await desk.has_event(
        "Sample mentor day", kind=EventKind.MENTOR_DAY, **{"minutes": 90, "fields": fields, **more}
    )
    return event, one, other


async def does(guest: Guest, *steps: str) -> str:
    """Say or press one after another; the last thing that appears."""
    said = ""
    for one in steps:
        laid = await (guest.presses(one[1:-1]) if one.startswith("[") else guest.says(one))
        said = told(laid[-1], guest.desk)
    return said


def wanted(event: Event, mentor: Mentor, person_id: int, piece: int = 0) -> Wanted:
    starts_at = event.starts_at + piece * timedelta(minutes=30)
    return Wanted(event.id, mentor.id, starts_at, person_id, "en", Remind.NONE, None)


async def books(desk: Desk, one: Wanted) -> type[BookingError] | None:
    try:
        async with desk.house.db.transaction() as session:
            await mentor_days.book(session, one, desk.house.desk, desk.clock())
    except BookingError as reason:
        return type(reason)
    return None


async def somebody(desk: Desk, number: int = 1) -> int:
    caller = people.newcomer("web", f"key {number}", people.sender_of("web", f"key {number}"), "en")
    async with desk.house.db.transaction() as session:
        await people.add(session, [caller], desk.clock())
    return caller.person_id


async def states(desk: Desk) -> list[str]:
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Booking.state).order_by(Booking.id)))


async def test_a_time_is_booked(desk: Desk) -> None:
    event, _ana, _bor = await a_day(desk)
    amina = desk.person("en")
    assert "[🧑‍🏫 Book a time]" in await does(amina, f"/start event-{event.id}")
    await amina.chats("""
        > [🧑‍🏫 Book a time]
        < How old are you? For people under 18 a person at the desk arranges meetings. [18 or older] [15 to 17]
          [Under 15] [Cancel]
        > [18 or older]
        < Each talk takes 30 minutes. Whom do you want to talk to? / 1. Sample Ana. Languages: English and Slovenščina
          / 2. Sample Bor. Languages: Slovenščina [1. Sample Ana] [2. Sample Bor] [Back] [Cancel]
        > [1. Sample Ana]
        < When do you want to talk to Sample Ana? [18:00] [18:30] [19:00] [Back] [Cancel]
        > [18:30]
        < What do you want to talk about? A few words help Sample Ana to prepare. Please write no phone number. [Skip]
          [Back] [Cancel]
        > I would like to open a shop
        < Where may we remind you? / Honestly: a message in this chat is seen only when you open this page.
          [In this chat] [In Telegram] [Call me] [No reminders] [Back] [Cancel]
        > [In this chat]
        < Expert: Sample Ana / When: Tuesday, 1 December 2026, 18:30 / Where: Sample street 1 / Reminders: In this chat
          / Is this right? [Yes] [No] [Back] [Cancel]
        > [Yes]
        < 🧑‍🏫 Mentor day | You have a time with Sample Ana: Tuesday, 1 December 2026, 18:30 / Where: Sample street 1 /
          We remind you in this chat. Please open this page from time to time. [🤝 My meeting] [🧑‍🏫 Mentor day]
          [👤 Talk to a person] [☰ Menu]
    """)
    said = await does(amina, "[🤝 My meeting]")
    assert ("This meeting is agreed." in said, "Where: Sample street 1" in said) == (True, True)
    assert "[🕐 Another time]" not in said
    async with desk.house.db.reading() as session:
        (held,) = await session.scalars(select(Booking))
        assert (held.state, held.event_id, held.details["wish"]) == ("agreed", event.id, "I would like to open a shop")
        assert len(list(await session.scalars(select(Reminder)))) > 0
        counted = sorted(await session.scalars(select(Happening.kind).where(Happening.kind.in_(("booked", "agreed")))))
        assert counted == ["agreed", "booked"]
        asked = await session.scalars(select(News.side).where(News.what == "met"))
        assert set(asked) == {Side.PERSON, Side.MENTOR}


async def test_the_other_expert_and_an_interpreter(desk: Desk) -> None:
    event, _ana, _bor = await a_day(desk)
    amina = desk.person("en")
    steps = (f"/start event-{event.id}", "[🧑‍🏫 Book a time]", "[18 or older]", "[2. Sample Bor]", "[18:00]")
    assert "Do you need a cultural mediator or an interpreter at the meeting?" in await does(amina, *steps)
    said = await does(amina, "[Yes]", "[Skip]", "[No reminders]", "[Yes]")
    assert "You asked for a mediator or an interpreter. The desk arranges it." in said
    again = await does(amina, f"/start event-{event.id}", "[🧑‍🏫 Book a time]")
    assert again.startswith("< Each talk takes 30 minutes. Whom do you want to talk to? / 1. Sample Ana.")
    assert ("2. Sample Bor" in again, "[🤝 My meeting]" in again) == (False, True)


async def test_under_eighteen(desk: Desk) -> None:
    event, _ana, _bor = await a_day(desk)
    for age in ("[15 to 17]", "[Under 15]"):
        said = await does(desk.person("en"), f"/start event-{event.id}", "[🧑‍🏫 Book a time]", age)
        assert said.startswith("< 🧑‍🏫 Mentor day | A person at the desk helps you")
    assert await desk.count(Booking) == 0


async def test_a_time_that_went_meanwhile_is_asked_again(desk: Desk) -> None:
    event, ana, _bor = await a_day(desk)
    amina = desk.person("en")
    await does(amina, f"/start event-{event.id}", "[🧑‍🏫 Book a time]", "[18 or older]", "[1. Sample Ana]", "[18:30]",
               "[Skip]", "[No reminders]")  # fmt: skip
    assert await books(desk, wanted(event, ana, await somebody(desk), 1)) is None
    said = await does(amina, "[Yes]")
    assert "When do you want to talk to Sample Ana? [18:00] [19:00]" in said
    assert await states(desk) == ["agreed"]


async def test_nobody_unchecked_is_offered(desk: Desk) -> None:
    event, ana, bor = await a_day(desk, ana={"checked_on": date(2025, 11, 22)})
    said = await does(desk.person("en"), f"/start event-{event.id}", "[🧑‍🏫 Book a time]", "[18 or older]")
    assert ("Sample Ana" in said, "1. Sample Bor" in said) == (False, True)
    person = await somebody(desk)
    assert await books(desk, wanted(event, ana, person)) is NotShown
    stranger = await desk.has_mentor("Sample Eve", hours={})
    assert await books(desk, wanted(event, stranger, person)) is NotShown
    assert await books(desk, wanted(event, bor, person)) is None


async def test_all_taken(desk: Desk) -> None:
    event, ana, bor = await a_day(desk, minutes=30)
    for number, mentor in enumerate((ana, bor)):
        assert await books(desk, wanted(event, mentor, await somebody(desk, number))) is None
    said = await does(desk.person("en"), f"/start event-{event.id}", "[🧑‍🏫 Book a time]")
    assert "All times with the experts are taken." in said


async def test_what_is_refused(desk: Desk) -> None:
    event, ana, bor = await a_day(desk)
    person, other = await somebody(desk), await somebody(desk, 2)
    assert await books(desk, wanted(event, ana, person)) is None
    assert await books(desk, wanted(event, ana, person, 1)) is HasOne
    assert await books(desk, wanted(event, bor, person)) is Busy
    assert await books(desk, wanted(event, bor, person, 1)) is None
    assert await books(desk, wanted(event, ana, other)) is TimeGone
    assert await books(desk, wanted(event, ana, other, 3)) is TimeGone  # there is no such piece
    assert await books(desk, wanted(await desk.has_event(), ana, other)) is Over
    desk.clock.pass_(days=9)
    assert await books(desk, wanted(event, ana, other, 2)) is Over
    for object_ in (str(event.id), "0", "9" * 30):
        said = await does(desk.person("en"), f"/start event-{object_}")
        assert "[🧑‍🏫 Book a time]" not in said


async def test_ten_at_once_for_one_time(desk: Desk) -> None:
    event, ana, _bor = await a_day(desk)
    crowd = [await somebody(desk, number) for number in range(10)]
    results = await asyncio.gather(*(books(desk, wanted(event, ana, person)) for person in crowd))
    assert sorted(results, key=str) == [TimeGone] * 9 + [None]


async def test_a_day_that_changes(desk: Desk) -> None:
    event, ana, bor = await a_day(desk)
    person = await somebody(desk)
    for mentor, piece in ((ana, 0), (bor, 2)):
        assert await books(desk, wanted(event, mentor, person, piece)) is None
    assert await tidies(desk, event) == 0
    await change(desk, event, minutes=60, where="Sample hall")
    assert await tidies(desk, event) == 1
    assert await states(desk) == [BookingState.AGREED, BookingState.CANCELLED]
    async with desk.house.db.reading() as session:
        assert (await session.scalars(select(Booking).order_by(Booking.id))).first().details["where"] == "Sample hall"  # type: ignore[union-attr]
        assert list(await session.scalars(select(News.side).where(News.what == "cancelled").order_by(News.side))) == [
            Side.MENTOR, Side.PERSON
        ]  # fmt: skip
    await change(desk, event, fields={"expert_1": str(bor.id), "expert_2": str(bor.id)})
    assert await tidies(desk, event) == 1
    assert await tidies(desk, event) == 0


async def test_a_day_that_is_called_off(desk: Desk) -> None:
    event, ana, _bor = await a_day(desk)
    assert await books(desk, wanted(event, ana, await somebody(desk))) is None
    async with desk.house.db.transaction() as session:
        await events.call_off(session, event.id, desk.clock())
    assert await tidies(desk, event) == 1
    assert await states(desk) == [BookingState.CANCELLED]


async def change(desk: Desk, event: Event, **values: Any) -> None:  # noqa: ANN401
    async with desk.house.db.transaction() as session:
        found = await session.get_one(Event, event.id)
        for name, value in values.items():
            setattr(found, name, value)
        await session.flush()


async def tidies(desk: Desk, event: Event) -> int:
    async with desk.house.db.transaction() as session:
        return await mentor_days.tidy(session, event.id, desk.house.desk, desk.clock())


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), DAY])
def test_pieces_have_no_gap_and_no_doubled_wall_time(day: date) -> None:
    event = Event(day=day, minute=30, minutes=300, zone="Europe/Ljubljana")
    found = mentor_days.pieces(event)
    walls = [(one.day, one.minute) for one in found]
    assert len(walls) == len(set(walls))
    for one in found:
        assert one.ends_at - one.starts_at == timedelta(minutes=30)
        assert event.starts_at <= one.starts_at < one.ends_at <= event.ends_at
        shown = one.starts_at.astimezone(ZoneInfo(event.zone))
        assert (shown.date(), shown.hour * 60 + shown.minute) == (one.day, one.minute)
    assert len(found) == (8 if day.month == 10 else 10)  # an hour that comes twice is used once


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_in_every_language(desk: Desk) -> None:
    event, _ana, _bor = await a_day(desk, minutes=8 * 60)
    forms = Forms(desk)
    await forms.begin()
    await forms.say(f"/start event-{event.id}")
    await forms.press(deed_of("mentorday"))
    await forms.press(option("adult"))
    for walk in forms.walks:
        await one_books(walk.guest)
    for walk in forms.walks:
        walk.shown += [laid for _token, laid in walk.guest.screen]
        fits(desk, walk)
    await forms.say("/menu")
    assert await desk.count(Dialog) == 0
    assert await desk.count(Booking) == len(forms.walks)


async def one_books(guest: Guest) -> None:
    """The first time that is left with Bor, whose only language is Slovene."""
    await guest.reads()
    interpreter = [] if guest.language == "sl" else ["2"]
    for words in ("2", "1", *interpreter, "w" * 500, "4", "1"):
        await guest.says(words)
