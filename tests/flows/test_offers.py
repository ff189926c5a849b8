"""A place becomes free: told, taken, put off, refused, let pass; and what the desk changes is told, each thing once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import offering
from bot.dialog.messages import Bind, Button, Message
from bot.domain import courses, events, opening, seats, waiting
from bot.domain.courses import GroupPlan, Level, When
from bot.domain.db import new_id
from bot.domain.happenings import Happening
from bot.domain.news import What
from bot.domain.people import Person
from bot.domain.seats import Signup, Wish
from bot.domain.waiting import Offer, Term
from bot.i18n import raw
from bot.post import post
from tests.desk import Desk, Guest
from tests.flows.lines import MENU
from tests.flows.test_events import FACTS, WHEN, signs_up, signups

WAYS_ON = "[👤 Talk to a person] [☰ Menu]"
OFFER = (
    f"< Good news: a place is free for you. / {FACTS} / We hold it for you until {{}}. / Later: the next person gets "
    "this place, and you keep yours on the list. [✅ Yes, I take it] [🕓 Later] [❌ No, thank you] "
    f"{WAYS_ON}"
)
TUESDAY = "Tuesday, 24 November 2026, 10:00"  # eight hours of a desk that is open from 8 to 16, from Monday at ten
TAKEN = f"< ✅ You have a place. See you there! / {FACTS} [🎟 My place] {WAYS_ON}"


async def with_a_list(desk: Desk, waiters: int = 2, language: str = "en") -> tuple[Guest, list[Guest], int]:
    """A full event with one place, whoever has it, and those who wait."""
    event = await desk.has_event(seats=1)
    going = desk.person("en")
    await signs_up(going, event.id)
    rest = [desk.person("en") for _ in range(waiters)]
    for one in rest:
        await signs_up(one, event.id)
    return going, rest, event.id


async def gives_up(guest: Guest) -> None:
    for label in ("🎟 My place", "❌ Cancel my place", "Yes"):
        await guest.presses(label)


async def states(desk: Desk) -> list[str]:
    return [one.state for one in await signups(desk)]


async def test_told_once_and_taken(desk: Desk) -> None:
    going, (first, second), _event = await with_a_list(desk)
    await gives_up(going)
    assert [await offering.tell_offers(desk.house) for _twice in range(2)] == [1, 0]
    await first.chats(f"""
        {OFFER.format(TUESDAY)}
        > [✅ Yes, I take it]
        {TAKEN}
        > [✅ Yes, I take it]
        < You have this place already. [🎟 My place] {WAYS_ON}
        > [❌ No, thank you]
        < You have this place already. [🎟 My place] {WAYS_ON}
    """)
    assert await second.reads() == []
    assert await states(desk) == ["cancelled", "going", "waiting"]
    async with desk.house.db.reading() as session:
        kinds = list(await session.scalars(select(Happening.kind).order_by(Happening.id)))
    assert kinds[-3:] == ["left", "seat_offered", "seat_taken"]


async def test_later_and_no(desk: Desk) -> None:
    going, (first, second), _event = await with_a_list(desk)
    await gives_up(going)
    await offering.tell_offers(desk.house)
    await first.chats(f"""
        {OFFER.format(TUESDAY)}
        > [🕓 Later]
        < Fine. The next person gets this place, and you stay on the list. / Your place on the list: 1 [🎟 My place]
          {WAYS_ON}
    """)
    assert await offering.tell_offers(desk.house) == 1
    await second.chats(f"""
        {OFFER.format(TUESDAY)}
        > [❌ No, thank you]
        < Fine. The place goes to the next person, and you are not on the list any more. [⏳ Join again] {WAYS_ON}
        > [✅ Yes, I take it]
        < This offer has ended. [⏳ Join again] {WAYS_ON}
    """)
    assert await states(desk) == ["cancelled", "waiting", "declined"]
    # Nobody else wants it: it is free again for whoever had put it off.
    await first.chats(f"""
        > [🎟 My place]
        < ⏳ You are on the waiting list. / {FACTS} / Your place on the list: 1 / 1 place left [✅ Take a free place]
          [❌ Leave the list] {WAYS_ON}
        > [✅ Take a free place]
        {TAKEN}
    """)


async def test_no_answer_passes_it_on_and_is_told_kindly(desk: Desk) -> None:
    going, (first, second), _event = await with_a_list(desk)
    await gives_up(going)
    await offering.tell_offers(desk.house)
    await first.reads()
    desk.clock.at = datetime(2026, 11, 24, 8, 59, tzinfo=UTC)
    assert await offering.end_offers(desk.house) == 0
    desk.clock.pass_(minutes=1)
    assert [await offering.end_offers(desk.house) for _twice in range(2)] == [1, 0]
    assert [await offering.tell_offers(desk.house) for _twice in range(2)] == [2, 0]
    await first.chats(f"""
        < The place went to the next person, as we did not hear from you. You keep your place on the list. / Sample
          workshop [🎟 My place] {WAYS_ON}
        > [✅ Yes, I take it]
        < This offer has ended. You are still on the waiting list. [🎟 My place] {WAYS_ON}
    """)
    await second.chats(OFFER.format("Wednesday, 25 November 2026, 10:00"))
    await second.presses("✅ Yes, I take it")
    await gives_up(second)
    await offering.tell_offers(desk.house)
    desk.clock.pass_(days=1)
    await offering.end_offers(desk.house)
    await offering.tell_offers(desk.house)
    assert first._told((await first.reads())[-1]) == (
        "< We did not hear from you twice, so you are not on the waiting list any more. You can join it again. / "
        f"Sample workshop [⏳ Join again] {WAYS_ON}"
    )
    assert await states(desk) == ["cancelled", "expired", "cancelled"]


async def test_nobody_is_woken_and_time_runs_only_from_when_it_was_told(desk: Desk) -> None:
    going, (first, _second), _event = await with_a_list(desk)
    desk.clock.at = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    await gives_up(going)
    assert await offering.tell_offers(desk.house) == 0
    desk.clock.at = datetime(2026, 11, 24, 6, 59, tzinfo=UTC)
    assert await offering.tell_offers(desk.house) == 0
    desk.clock.at = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # the desk was down until the afternoon
    assert await offering.tell_offers(desk.house) == 1
    await first.chats(OFFER.format("Wednesday, 25 November 2026, 15:00"))


async def test_an_offer_that_nobody_could_be_told_of_does_not_end_before_it_is_told(desk: Desk) -> None:
    going, (first, _second), _event = await with_a_list(desk)
    await gives_up(going)
    desk.clock.at = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # the desk was down for two days
    assert [await offering.end_offers(desk.house), await offering.tell_offers(desk.house)] == [0, 1]
    await first.chats(OFFER.format("Thursday, 26 November 2026, 11:00"))


async def test_what_cannot_wait_for_the_morning_is_told_at_night(desk: Desk) -> None:
    event = await desk.has_event(minute=8 * 60 + 30)
    guest = desk.person("en")
    await signs_up(guest, event.id)
    desk.clock.at = datetime(2026, 11, 29, 21, 0, tzinfo=UTC)
    assert await changes(desk, event.id, What.CHANGED) == 0
    desk.clock.at = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    assert await offering.tell_news(desk.house) == 1


async def test_of_somebody_who_is_reached_by_another_phone_it_is_said_for_whom(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    going, parent = desk.person("en"), desk.person("en")
    await signs_up(going, event.id)
    await parent.says("/menu")
    async with desk.house.db.transaction() as session:
        mother = await session.scalar(select(Person.id).order_by(Person.id.desc()))
        child = Person(id=new_id(), pseudonym="c", language="en", name="Lea", reached_by=mother,
                       created_at=desk.clock(), seen_at=desk.clock())  # fmt: skip
        session.add(child)
        await session.flush()
        term = Term(desk.clock(), desk.clock() + timedelta(days=1))
        await waiting.join(session, events.list_key(event.id), Wish(child.id, name="Lea"), term)
    await gives_up(going)
    await offering.tell_offers(desk.house)
    (shown,) = await parent.reads()
    assert shown.text.startswith("Good news: a place is free for you.\nFor: Lea\nSample workshop\n")
    (shown,) = await parent.presses("✅ Yes, I take it")
    assert shown.text.startswith("✅ You have a place.")
    assert [(one.state, one.person_id == child.id) for one in await signups(desk)][-1] == ("going", True)
    async with desk.house.db.reading() as session:
        rows = await session.execute(select(Happening.kind, Happening.pseudonym).order_by(Happening.id))
        assert [tuple(row) for row in rows][-2:] == [("seat_offered", "c"), ("seat_taken", "c")]


async def test_office_hours_count_over_a_weekend_and_a_holiday(desk: Desk) -> None:
    place = desk.house.desk.place
    friday = datetime(2026, 12, 4, 13, 0, tzinfo=UTC)
    assert opening.offer_until(place, friday) == datetime(2026, 12, 7, 13, 0, tzinfo=UTC)
    christmas = datetime(2026, 12, 24, 11, 0, tzinfo=UTC)  # Thursday noon; 25 and 26 December are holidays
    assert opening.offer_until(place, christmas) == datetime(2026, 12, 28, 11, 0, tzinfo=UTC)


async def test_whoever_wants_no_messages_is_not_told_and_has_missed_nothing(desk: Desk) -> None:
    going, (first, second), _event = await with_a_list(desk)
    await first.says("/stop")
    await gives_up(going)
    assert await offering.tell_offers(desk.house) == 0
    (mine,) = await first.presses("🎟 My place")
    assert mine.text.startswith("⏳ A place is held for you. Please answer.\n")
    desk.clock.pass_(days=1)
    await offering.end_offers(desk.house)
    assert await offering.tell_offers(desk.house) == 1
    assert await first.reads() == []
    await second.chats(OFFER.format("Wednesday, 25 November 2026, 10:00"))
    assert [(one.state, one.missed_offers) for one in await signups(desk)][1] == ("waiting", 0)


async def test_discreet_phones_show_nothing(desk: Desk) -> None:
    going, (first, _second), event_id = await with_a_list(desk)
    async with desk.house.db.transaction() as session:
        for person in await session.scalars(select(Person)):
            person.discreet = True
    await gives_up(going)
    await offering.tell_offers(desk.house)
    await first.chats(f"""
        < What you wait for is free. / We hold it for you until {TUESDAY}. [Show] [☰ Menu]
        > [Show]
        < ⏳ A place is held for you. Please answer. / {FACTS} / We hold it for you until {TUESDAY}. [✅ Yes, I take it]
          [🕓 Later] [❌ No, thank you] {WAYS_ON}
    """)
    await changes(desk, event_id, What.CALLED_OFF)
    assert first._told((await first.reads())[-1]) == (
        f"< Something has changed in what you signed up for. Please look. [🎟 My place] {WAYS_ON}"
    )


async def changes(desk: Desk, event_id: int, what: What) -> int:
    """As the console does it; then the clockwork tells."""
    async with desk.house.db.transaction() as session:
        if what is What.CALLED_OFF:
            await events.call_off(session, event_id, desk.clock())
        await offering.tell_changed(session, desk.house, event_id, what)
    return await offering.tell_news(desk.house)


async def test_calling_it_off_is_told_to_everybody_in_their_language_once(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    going, waits, left = desk.person("en"), desk.person("sl"), desk.person("en")
    await signs_up(left, event.id)
    await gives_up(left)
    await signs_up(going, event.id)
    await join_the_list(desk, waits, event.id)
    assert await changes(desk, event.id, What.CALLED_OFF) == 2
    assert await changes(desk, event.id, What.CALLED_OFF) == 0
    await going.chats(f"< This was called off. We are sorry. / Sample workshop / {WHEN} [📅 All events] {WAYS_ON}")
    assert [one.language for one in await waits.reads()][-1:] == ["sl"]
    assert await left.reads() == []
    assert await states(desk) == ["cancelled", "called_off", "called_off"]
    assert await offering.end_lists(desk.house) == 0


async def join_the_list(desk: Desk, guest: Guest, event_id: int) -> None:
    await guest.says("/menu")
    async with desk.house.db.transaction() as session:
        person = await session.scalar(select(Person.id).order_by(Person.id.desc()))
        wish = Wish(person or 0, address_id=guest.address)
        await waiting.join(session, events.list_key(event_id), wish, Term(desk.clock(), desk.clock()))


async def test_a_change_is_told_once_however_often_it_was_made_and_not_to_those_who_have_left(desk: Desk) -> None:
    going, (first, _second), event_id = await with_a_list(desk)
    async with desk.house.db.transaction() as session:
        event = await session.get_one(events.Event, event_id)
        plan = events.Plan(events.EventKind.WORKSHOP, date(2026, 12, 2), 19 * 60, 60, event.zone, "postojna", 1,
                           event.texts, where="Sample street 2")  # fmt: skip
        term = Term(desk.clock(), desk.clock() + timedelta(hours=8))
        await events.change(session, event_id, plan, term)
        await offering.tell_changed(session, desk.house, event_id, What.CHANGED)
        await offering.tell_changed(session, desk.house, event_id, What.CHANGED)
    await first.presses("🎟 My place")
    await first.presses("❌ Leave the list")
    await first.presses("Yes")
    assert [await offering.tell_news(desk.house) for _twice in range(2)] == [2, 0]
    await going.chats(f"""
        < Something has changed. Please read when and where it is now. / Sample workshop / Wednesday, 2 December 2026,
          19:00 to 20:00 / 📍 Sample street 2 [🎟 My place] {WAYS_ON}
    """)
    assert await first.reads() == []


async def test_whoever_still_waits_when_it_begins_is_let_go(desk: Desk) -> None:
    going, (first, second), event_id = await with_a_list(desk)
    async with desk.house.db.reading() as session:
        desk.clock.at = (await session.get_one(events.Event, event_id)).starts_at
    assert [await offering.end_lists(desk.house) for _twice in range(2)] == [2, 0]
    assert await offering.tell_news(desk.house) == 2
    line = f"< No place became free this time. We are sorry. / Sample workshop [📅 All events] {WAYS_ON}"
    for one in (first, second):
        await one.chats(line)
    assert await going.reads() == []
    assert await states(desk) == ["going", "expired", "expired"]


async def test_a_place_in_a_group_is_offered_in_the_same_way(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    async with desk.house.db.transaction() as session:
        term = Term(desk.clock(), opening.offer_until(desk.house.desk.place, desk.clock()))
        course = await courses.make(
            session, "sl", Level.A1, {"en": {"title": "Sample Slovene A1"}}, "postojna", term.now
        )
        person = await session.scalar(select(Person.id))
        await waiting.join(session, courses.list_key(course.id), Wish(person or 0, address_id=guest.address), term)
        plan = GroupPlan("A1 torek", 1, (When.EVENING,), "Europe/Ljubljana", ((date(2026, 12, 1), 1080, 90),),
                         where="Sample street 3")  # fmt: skip
        group = await courses.add_group(session, course.id, plan, term.now)
        await courses.open_group(session, group.id, term)
    await offering.tell_offers(desk.house)
    about = "Sample Slovene A1 / A1 torek / Tuesday, 1 December 2026, 18:00 to 19:30 / 📍 Sample street 3"
    await guest.chats(f"""
        < Good news: a place is free for you. / {about} / We hold it for you until {TUESDAY}. / Later: the next person
          gets this place, and you keep yours on the list. [✅ Yes, I take it] [🕓 Later] [❌ No, thank you] {WAYS_ON}
        > [✅ Yes, I take it]
        < ✅ You have a place. See you there! / {about} [🎟 My place] {WAYS_ON}
    """)
    async with desk.house.db.reading() as session:
        (mine,) = await session.scalars(select(Signup))
    assert (mine.state, mine.seating_id) == (seats.SignupState.GOING, group.id)


@pytest.mark.parametrize("verb", ["offeryes", "offerlater", "offerno"])
async def test_the_offers_of_others_and_unknown_ones(desk: Desk, verb: str) -> None:
    going, (first, second), _event = await with_a_list(desk)
    await gives_up(going)
    async with desk.house.db.transaction() as session:
        (offer,) = await session.scalars(select(Offer))
        forged = [Button(raw(f"b{n}"), Bind(verb, what)) for n, what in enumerate((str(offer.id), "1", "x", ""))]
        await post(session, desk.house, second.address, Message(raw("?"), buttons=forged), "forged")
    await second.reads()
    said = MENU.replace("How can we help? Choose, or write your question in your own words.",
                        "I do not find this offer. It may be too old.")  # fmt: skip
    for n in range(4):
        assert [second._told(one) for one in await second.presses(f"b{n}")] == [said]
    assert await states(desk) == ["cancelled", "offered", "waiting"]
    assert await first.reads() == []
