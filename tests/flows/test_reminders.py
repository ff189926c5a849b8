"""Reminders of what somebody has signed up for: what they say, and what is pressed below them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.webchat import WebChat
from bot.dialog.messages import Laid, Limits
from bot.domain import arranging, attendance, dependents, planning, seats
from bot.domain.arranging import Asking
from bot.domain.attendance import Came
from bot.domain.documents import Document
from bot.domain.messages import ChatMessage
from bot.domain.people import Person
from bot.domain.seats import Remind, Seating, Signup, Wish
from bot.i18n import LANGUAGES
from bot.reminding import send_reminders
from tests.appointments import caller_of, leaves, signs_up, states_of
from tests.desk import Desk, Guest

DAY_BEFORE = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # six in the evening in Postojna
WAYS = "[✅ Coming] [❌ Can't come] [✏️ Change] [👤 Talk to a person] [☰ Menu]"
ON = "[👤 Talk to a person] [☰ Menu]"
WHEN = "Tuesday, 1 December 2026, 18:00"

NARROW = Limits(text_chars=1024, label_chars=20, buttons=3)


class Narrow(WebChat):
    """A channel with three buttons of twenty characters."""

    limits = NARROW


async def change_person(guest: Guest, **values: Any) -> None:  # noqa: ANN401
    caller = await caller_of(guest)
    async with guest.desk.house.db.transaction() as session:
        await session.execute(update(Person).where(Person.id == caller.person_id).values(**values))


async def reminded(desk: Desk, guest: Guest, **wish: Any) -> Signup:  # noqa: ANN401
    """Somebody with a seat, on the evening before."""
    event = await desk.has_event(map_url="https://map.test/1")
    signup = await signs_up(guest, event, **wish)
    desk.clock.at = DAY_BEFORE
    assert await send_reminders(desk.house) == 1
    return signup


async def taken(desk: Desk) -> int:
    async with desk.house.db.reading() as session:
        return int(await session.scalar(select(Seating.taken)) or 0)


async def coming_of(desk: Desk, signup: Signup) -> bool | None:
    async with desk.house.db.reading() as session:
        return await session.scalar(select(Signup.coming).where(Signup.id == signup.id))


async def test_weekday_date_time_address_map_and_a_file(desk: Desk) -> None:
    amina = desk.person("en")
    signup = await reminded(desk, amina)
    await amina.chats(f"""
        < ⏰ Sample workshop: {WHEN} / 📍 Sample street 1 / Map: https://map.test/1 / Are you coming? {WAYS}
        > [✅ Coming]
        < Thank you! See you: {WHEN} [❌ Can't come] {ON}
    """)
    assert await coming_of(desk, signup) is True
    async with desk.house.db.reading() as session:
        file = (await session.scalars(select(Document))).one()
    assert (file.name, file.content["title"], file.content["where"]) == (
        "termin.ics",
        "Sample workshop",
        "Sample street 1",
    )


async def test_discreet_names_nothing(desk: Desk) -> None:
    amina = desk.person("en")
    await change_person(amina, discreet=True)
    await reminded(desk, amina)
    await amina.chats(f"< ⏰ Your appointment: {WHEN} / Are you coming? {WAYS}")
    async with desk.house.db.reading() as session:
        file = (await session.scalars(select(Document))).one()
    assert (file.name, file.content["title"], file.content["where"], file.content["url"]) == (
        "termin.ics",
        "Appointment",
        "",
        "",
    )


async def test_cannot_come_frees_the_seat_and_can_be_undone(desk: Desk) -> None:
    amina = desk.person("en")
    await reminded(desk, amina)
    await amina.reads()
    await amina.presses("❌ Can't come")
    assert (await taken(desk), await states_of(desk)) == (0, ["skipped", "sent"])  # of two that were due, the nearer
    (shown,) = await amina.presses("↩️ Undo")
    assert shown.text.startswith("✅ You have a place. See you there!")
    assert (await taken(desk), await states_of(desk)) == (1, ["skipped", "sent", "waiting"])


async def test_pressed_twice_or_late_changes_nothing(desk: Desk) -> None:
    amina = desk.person("en")
    await reminded(desk, amina)
    (laid,) = await amina.reads()
    await press(amina, laid, "❌ Can't come")
    said = await press(amina, laid, "❌ Can't come")
    assert said[-1].text == "You are not signed up for this any more."
    said = await press(amina, laid, "✅ Coming")
    assert said[-1].text == "You are not signed up for this any more."
    assert await taken(desk) == 0
    await amina.presses("↩️ Undo")
    desk.clock.at = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    said = await press(amina, laid, "❌ Can't come")
    assert await taken(desk) == 1


async def press(guest: Guest, laid: Laid, label: str) -> list[Laid]:
    token = next(token for token, one in guest.screen if one is laid)
    button = next(one for row in laid.rows for one in row if one.label == label)
    return await guest.presses_at(token or "", button)


async def test_change_opens_the_sign_up(desk: Desk) -> None:
    amina = desk.person("en")
    await reminded(desk, amina)
    await amina.reads()
    (shown,) = await amina.presses("✏️ Change")
    assert shown.text.startswith("✅ You have a place.")


@pytest.mark.parametrize("what", ["event:{id}", "session:{id}:1", "booking:{id}", "event:", "event:x", "", "x:1:2:3"])
@pytest.mark.parametrize("verb", ["coming", "cantcome", "comeback"])
async def test_what_belongs_to_somebody_else_is_not_there(desk: Desk, what: str, verb: str) -> None:
    amina, other = desk.person("en"), desk.person("en")
    event = await desk.has_event()
    signup = await signs_up(amina, event)
    await caller_of(other)
    async with desk.house.db.transaction() as session:
        row = (await session.scalars(select(ChatMessage).where(ChatMessage.token.is_not(None)).order_by(
            ChatMessage.id.desc()).limit(1))).one()  # fmt: skip
        row.content = {**row.content, "binds": [[verb, what.format(id=signup.id)]] * len(row.content["binds"])}
    token, laid = other.screen[-1]
    said = await other.presses_at(token or "", laid.rows[0][0])
    assert said[-1].text == "You are not signed up for this any more."
    assert (await taken(desk), await coming_of(desk, signup)) == (1, None)


async def test_a_session_is_excused_and_the_place_stays(desk: Desk) -> None:
    amina = desk.person("en")
    group = await desk.has_group(await desk.has_course("Sample course"), minute=18 * 60, number=3)
    signup = await signs_up(amina, group)
    desk.clock.at = DAY_BEFORE
    await send_reminders(desk.house)
    excused = "You are excused this time, and your place in the course stays. Thank you for telling us."
    await amina.chats(f"""
        < ⏰ Sample course: {WHEN} / 📍 Sample street 1 / Session 1 of 3 / Are you coming? {WAYS}
        > [❌ Can't come]
        < {excused} [↩️ Undo] [🎟 My place] {ON}
    """)
    assert await marks(desk, group.id) == [(signup.id, Came.EXCUSED)]
    assert await states_of(desk) == ["skipped", "sent", *["waiting"] * 4]  # no more of this session
    await amina.chats(f"""
        > [↩️ Undo]
        < Good, you come after all. See you: {WHEN} {ON}
    """)
    assert await marks(desk, group.id) == []
    assert await states_of(desk) == ["skipped", "sent", *["waiting"] * 5]
    assert await taken(desk) == 1


async def marks(desk: Desk, group_id: int) -> list[tuple[int | None, str]]:
    async with desk.house.db.reading() as session:
        return [(one.signup_id, one.came) for one in await attendance.of_seating(session, group_id)]


async def test_a_child_is_named_to_the_parent(desk: Desk) -> None:
    parent = desk.person("en")
    caller = await caller_of(parent)
    event = await desk.has_event()
    async with desk.house.db.transaction() as session:
        child = await dependents.write_down(session, caller, "Sample child", desk.clock())
        wish = Wish(child, name="Sample child", address_id=caller.address_id)
        signup = await seats.take(session, event.id, wish, desk.clock())
        await planning.replan_signup(session, signup.id, desk.house.desk, desk.clock())
    desk.clock.at = DAY_BEFORE
    assert await send_reminders(desk.house) == 1
    await parent.chats(f"""
        < ⏰ Sample workshop: {WHEN} / 📍 Sample street 1 / For: Sample child / Are you coming? {WAYS}
        > [✅ Coming]
        < Thank you! See you: {WHEN} [❌ Can't come] {ON}
    """)


async def test_after_a_stop_nothing_and_after_a_start_again(desk: Desk) -> None:
    amina = desk.person("en")
    await signs_up(amina, await desk.has_event())
    await amina.chats("""
        > /stop
        < We will not write to you any more. If you write to us, we answer.
        / Your places and meetings stay yours, but we do not remind you of them.
        / To get messages again, write: /start [🗑 Delete everything] [☰ Menu]
    """)
    desk.clock.at = DAY_BEFORE
    assert await send_reminders(desk.house) == 0
    assert await amina.reads() == []
    await amina.says("/start")
    desk.clock.at = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert await send_reminders(desk.house) == 1
    assert await taken(desk) == 1


async def test_whoever_wanted_a_call_is_not_called_after_a_stop(desk: Desk) -> None:
    amina = desk.person("en")
    await signs_up(amina, await desk.has_event(), remind=Remind.CALL)
    assert await states_of(desk) == ["call"]
    await amina.says("/stop")
    assert await states_of(desk) == []


async def test_nothing_after_a_cancellation(desk: Desk) -> None:
    amina = desk.person("en")
    signup = await signs_up(amina, await desk.has_event())
    await leaves(desk, signup)
    desk.clock.at = DAY_BEFORE
    assert await send_reminders(desk.house) == 0
    assert await amina.reads() == []


async def test_a_meeting_with_a_mentor_is_called_off_and_stands_again(desk: Desk) -> None:
    amina = desk.person("en")
    caller = await caller_of(amina)
    mentor = await desk.has_mentor()
    asking = Asking(caller.person_id, mentor.id, date(2026, 12, 1), 10 * 60, "work", "en", address_id=caller.address_id)
    async with desk.house.db.transaction() as session:
        booking = await arranging.book(session, asking, desk.house.desk, desk.clock())
        await planning.replan_booking(session, booking.id, desk.house.desk, desk.clock())
    assert await states_of(desk) == []  # the mentor has not said yes yet
    async with desk.house.db.transaction() as session:
        await arranging.accept(session, booking.id, desk.house.desk, desk.clock())
        await planning.replan_booking(session, booking.id, desk.house.desk, desk.clock())
    desk.clock.at = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    assert await send_reminders(desk.house) == 1
    await amina.chats(f"""
        < ⏰ Meeting with a mentor: Tuesday, 1 December 2026, 10:00 / 📍 Sample street 2 / Sample Arta
        / Are you coming? {WAYS}
        > [❌ Can't come]
        < The meeting is cancelled, and the mentor is told. Thank you for telling us. [↩️ Undo] {ON}
    """)
    assert await states_of(desk) == ["skipped", "sent"]
    await amina.presses("↩️ Undo")
    assert await states_of(desk) == ["skipped", "sent", "waiting"]


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_in_every_language_and_with_three_short_buttons(desk: Desk, language: str) -> None:
    desk.house.channels["web"] = Narrow()
    amina = desk.person(language)
    await reminded(desk, amina)
    (laid,) = await amina.reads()
    assert (laid.language, laid.text.count("\n") >= 3, "1" in laid.text) == (language, True, True)
    first, second, *_more = (button for row in laid.rows for button in row)
    token = amina.screen[-1][0] or ""
    for button in (first, second):
        assert len(button.label) <= NARROW.label_chars
        (said,) = await amina.presses_at(token, button)
        assert said.language == language
    assert await taken(desk) == 0
