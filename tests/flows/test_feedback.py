"""How was it: asked once, right after, only of those who were there; a face, then words or a voice note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import offering
from bot.domain import attendance, copies, feedback
from bot.domain.attendance import Came
from bot.domain.events import Event
from bot.domain.feedback import Feedback
from bot.domain.people import Person
from tests.desk import Desk, Guest
from tests.flows.lines import MENU
from tests.flows.paper import Writer, with_paper
from tests.flows.test_events import counted, signs_up, signups

ASKED = "< Sample workshop / How was it? One tap is enough. [😊 Good] [😐 Middling] [🙁 Not good] [☰ Menu]"
MORE = "< Thank you! Do you want to say more? Write it, or send a voice note. Only the desk sees it. [Skip] [Cancel]"
THANKS = "< Thank you. It helps us. [👤 Talk to a person] [☰ Menu]"
NOT_NOW = MENU.replace("How can we help? Choose, or write your question in your own words.",
                       "There is nothing to say about this now.")  # fmt: skip


async def afternoon(desk: Desk, people: int = 1, language: str = "en") -> tuple[Event, list[Guest]]:
    """An event that has just ended at four in the afternoon, and those who had a place."""
    event = await desk.has_event(minute=14 * 60)
    guests = [desk.person("en") for _ in range(people)]
    for one in guests:
        await signs_up(one, event.id)
    desk.clock.at = event.ends_at
    return event, guests


async def said(desk: Desk) -> list[tuple[int | None, str, str, str]]:
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Feedback).order_by(Feedback.signup_id))
        return [(one.face, one.words, one.voice, one.language) for one in rows]


async def test_a_face_and_a_few_words(desk: Desk) -> None:
    event, (guest,) = await afternoon(desk)
    assert [await offering.ask_feedback(desk.house) for _twice in range(2)] == [1, 0]
    await guest.chats(f"""
        {ASKED}
        > [😊 Good]
        {MORE}
        > The soup was very good and people were kind.
        {THANKS}
    """)
    assert await said(desk) == [(3, "The soup was very good and people were kind.", "", "en")]
    assert (await counted(desk))[-1] == (
        "rated", {"what": "event", "id": str(event.id), "kind": "workshop", "face": 3},
    )  # fmt: skip


async def test_a_face_is_enough_and_the_newest_counts_once(desk: Desk) -> None:
    _event, (guest,) = await afternoon(desk)
    await offering.ask_feedback(desk.house)
    await guest.chats(f"""
        {ASKED}
        > [🙁 Not good]
        {MORE}
        > [😐 Middling]
        {MORE}
        > [Skip]
        {THANKS}
    """)
    assert await said(desk) == [(2, "", "", "en")]
    assert [kind for kind, _data in await counted(desk)].count("rated") == 1


async def test_a_voice_note(desk: Desk) -> None:
    paper = with_paper(desk)
    writer = Writer(desk, paper, "7")
    event = await desk.has_event(minute=14 * 60)
    await writer.sends("command", "start", payload=f"event-{event.id}")
    for label in ("✅ Sign up", "No name", "Skip", "A newcomer", "No reminders", "Yes"):
        await writer.presses(label)
    desk.clock.at = event.ends_at
    await offering.ask_feedback(desk.house)
    await desk.outbox.claim_due()
    assert (await writer.gets())[-1] == ASKED
    assert await writer.presses("😊 Good") == [MORE]
    assert await writer.sends("voice", file="v1") == [THANKS]
    assert await said(desk) == [(3, "", "paper:v1", "en")]


async def test_only_those_who_came_and_everybody_where_nobody_looked(desk: Desk) -> None:
    event, guests = await afternoon(desk, 3)
    came, stayed_away, unmarked = await signups(desk)
    async with desk.house.db.transaction() as session:
        await attendance.mark(session, event.id, came.id, Came.YES, desk.clock())
        await attendance.mark(session, event.id, stayed_away.id, Came.NO, desk.clock())
    assert await offering.ask_feedback(desk.house) == 1
    assert [len(await one.reads()) for one in guests] == [1, 0, 0]
    async with desk.house.db.transaction() as session:
        for one in (came, stayed_away):
            await attendance.unmark(session, event.id, one.id)
    assert await offering.ask_feedback(desk.house) == 2
    assert unmarked.state == "going"


async def test_not_at_night_and_not_after_stop(desk: Desk) -> None:
    event = await desk.has_event()  # until eight in the evening
    loud, stopped = desk.person("en"), desk.person("en")
    for one in (loud, stopped):
        await signs_up(one, event.id)
    await stopped.says("/stop")
    desk.clock.at = event.ends_at - timedelta(seconds=1)
    assert await offering.ask_feedback(desk.house) == 0
    desk.clock.at = event.ends_at + timedelta(hours=12, minutes=-1)
    assert await offering.ask_feedback(desk.house) == 0
    desk.clock.pass_(minutes=1)
    assert await offering.ask_feedback(desk.house) == 1


async def test_not_a_day_later(desk: Desk) -> None:
    _event, (late,) = await afternoon(desk)
    desk.clock.pass_(hours=25)
    assert await offering.ask_feedback(desk.house) == 0
    assert await late.reads() == []


async def test_discreetly_and_in_their_language(desk: Desk) -> None:
    _event, guests = await afternoon(desk, 2)
    async with desk.house.db.transaction() as session:
        first, second = await session.scalars(select(Person).order_by(Person.id))
        first.discreet, second.language = True, "sl"
    await offering.ask_feedback(desk.house)
    await guests[0].chats(ASKED.replace("Sample workshop / ", ""))
    (shown,) = await guests[1].reads()
    assert shown.language == "sl"
    await guests[1].presses_at(str(guests[1].screen[-1][0]), shown.rows[0][0])
    assert (await said(desk))[1] == (3, "", "", "sl")


async def test_from_my_place_without_being_asked(desk: Desk) -> None:
    _event, (guest,) = await afternoon(desk)
    await guest.presses("🎟 My place")
    await guest.chats(f"""
        > [💬 Say how it was]
        < Sample workshop / How was it? One tap is enough. [😊 Good] [😐 Middling] [🙁 Not good] [👤 Talk to a person]
          [☰ Menu]
        > [😊 Good]
        {MORE}
        > [Skip]
        {THANKS}
    """)
    assert await offering.ask_feedback(desk.house) == 0


@pytest.mark.parametrize("verb", ["face", "feedback"])
async def test_what_is_not_theirs_or_not_over_yet(desk: Desk, verb: str) -> None:
    from bot.dialog.messages import Bind, Button, Message
    from bot.i18n import raw
    from bot.post import post

    event = await desk.has_event(minute=14 * 60)
    mine, other = desk.person("en"), desk.person("en")
    await signs_up(mine, event.id)
    await other.says("/menu")
    (held,) = await signups(desk)
    object_ = f"{held.id}:3" if verb == "face" else str(held.id)
    for guest in (mine, other):
        await guest.says("/menu")
        async with desk.house.db.transaction() as session:
            forged = [
                Button(raw(f"b{n}"), Bind(verb, what)) for n, what in enumerate((object_, f"{held.id}:9", "", "x"))
            ]
            await post(session, desk.house, guest.address, Message(raw("?"), buttons=forged), f"f{guest.address}")
        await guest.reads()
        if guest is other:
            desk.clock.at = event.ends_at
        for n in range(4):
            assert [guest._told(one) for one in await guest.presses(f"b{n}")] == [NOT_NOW]
    assert await said(desk) == []


async def test_it_is_in_the_copy_and_goes_with_the_person(desk: Desk) -> None:
    _event, (guest,) = await afternoon(desk)
    await offering.ask_feedback(desk.house)
    await guest.reads()
    await guest.presses("😊 Good")
    await guest.says("Very good.")
    (mine,) = await signups(desk)
    async with desk.house.db.reading() as session:
        copy = await copies.collect(session, mine.person_id)
        assert [(one["face"], one["words"]) for one in copy["feedback"]] == [(3, "Very good.")]
        assert [one.words for one in await feedback.of_seating(session, mine.seating_id or 0)] == ["Very good."]
    await guest.says("/delete")
    await guest.says("yes")
    assert await said(desk) == []
