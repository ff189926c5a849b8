"""Settings: quiet hours, discreet messages, and a PIN that nobody can guess or read."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from bot.domain import pins
from bot.domain.callers import callers
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import Author, ChatMessage
from bot.domain.people import Dialog
from bot.domain.pins import Pin
from bot.domain.reminders import Reminder
from tests.desk import Desk, Guest
from tests.flows.lines import MENU

WAYS = "[👤 Talk to a person] [☰ Menu]"
WRONG = (
    "This is not the right PIN. / Forgotten? A person at the desk can take the PIN away. "
    f"Deleting everything works without it: /delete [🔁 Try again] {WAYS}"
)
ASKED = "< Please type your PIN. [Cancel]"
ABOUT = (
    "A PIN locks “My things” in this chat: whoever holds your phone does not see them. / After you have typed it, "
    "they stay open for 10 minutes. / Choose 4 to 8 digits. [Cancel]"
)
SET = (
    "< Your PIN is set. / We do not keep the digits. Delete them from this chat on your phone, too. "
    "[⚙️ Settings] [☰ Menu]"
)


async def with_a_pin(desk: Desk, digits: str = "1234") -> Guest:
    guest = desk.person("en")
    for words in ("/mydata", digits, digits):
        if words == "/mydata":
            await guest.says(words)
            await guest.presses("⚙️ Settings")
            await guest.presses("🔢 Set a PIN")
        else:
            await guest.says(words)
    return guest


async def test_quiet_hours_move_what_is_planned(desk: Desk) -> None:
    await desk.has_event()
    guest = desk.person("en")
    await guest.says("/events")
    for press in ("1. Sample workshop", "✅ Sign up", "No name", "Skip", "Rather not say", "In this chat", "Yes"):
        await guest.presses(press)
    await guest.says("/mydata")
    await guest.presses("⚙️ Settings")
    await guest.chats("""
        > [🌙 Quiet hours]
        < When shall we not write to you? Reminders wait until then; only danger does not wait. [20:00 to 08:00] [22:00 to 07:00] [No quiet hours] [Other hours] [Cancel]
        > [Other hours]
        < From which hour? Write a number from 0 to 23. [Back] [Cancel]
        > 12
        < Until which hour? Write a number from 0 to 23. [Back] [Cancel]
        > 17
        < Quiet hours: 12:00 to 17:00 [⚙️ Settings] [☰ Menu]
    """)
    async with desk.house.db.reading() as session:
        due = [one.due_at for one in await session.scalars(select(Reminder).order_by(Reminder.due_at))]
    # The event is at 18:00; two hours before it is still quiet, so that one waits until five.
    assert [at.astimezone(desk.house.desk.zone).time() for at in due] == [time(18), time(18), time(17)]


async def test_discreet_things_name_nothing(desk: Desk) -> None:
    await desk.has_event()
    guest = desk.person("en")
    await guest.says("/events")
    for press in ("1. Sample workshop", "✅ Sign up", "No name", "Skip", "Rather not say", "In this chat", "Yes"):
        await guest.presses(press)
    await guest.says("/mydata")
    await guest.presses("⚙️ Settings")
    await guest.chats("""
        > [🤫 Discreet messages]
        < From now on, reminders say only that there is something, and when. Open the chat to see more. [⚙️ Settings] [☰ Menu]
    """)
    shown = "".join(guest._told(one) for one in await guest.says("/mydata"))
    assert ("workshop" in shown, "• Appointment, Tuesday, 1 December 2026, 18:00" in shown) == (False, True)


async def test_a_pin_is_set_twice_asked_after_ten_minutes_and_taken_away(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/mydata")
    await guest.presses("⚙️ Settings")
    await guest.chats(f"""
        > [🔢 Set a PIN]
        < {ABOUT}
        > 12
        < Please type 4 to 8 digits. / {ABOUT}
        > 1234
        < Please type the same PIN again. [Back] [Cancel]
        > 1235
        < These two were not the same. / {ABOUT}
        > 1234
        < Please type the same PIN again. [Back] [Cancel]
        > ١٢٣٤
        {SET}
        > [☰ Menu]
        {MENU}
    """)
    assert "My things" in guest._told((await guest.says("/mydata"))[0])
    desk.clock.pass_(minutes=10)
    await guest.chats(f"""
        > /mydata
        {ASKED}
        > 4321
        < {WRONG}
        > /export
        {ASKED}
    """)
    assert "https" not in guest._told((await guest.says("4321"))[0])
    await guest.says("/mydata")
    assert "⚙️ Settings" in guest._told((await guest.says("1234"))[0])
    await guest.presses("⚙️ Settings")
    await guest.chats("""
        > [🔓 No PIN]
        < Your PIN is gone. “My things” are open to whoever holds this phone. [⚙️ Settings] [☰ Menu]
    """)
    assert await desk.count(Pin) == 0


async def test_guessing_a_pin_takes_ever_longer(desk: Desk) -> None:
    guest = await with_a_pin(desk)
    desk.clock.pass_(minutes=10)
    tried, hours = 0, 0
    while tried < 12:
        if guest._told((await guest.says("/mydata"))[0]) == ASKED:
            tried += 1
            assert guest._told((await guest.says(str(4000 + tried)))[0]) == f"< {WRONG}"
        else:
            desk.clock.pass_(hours=1)
            hours += 1
    assert (tried, hours) == (12, 81)  # three at once, then 1, 1, 1, 2, 4, 8, 16, 24 and 24 hours


async def test_everything_can_be_deleted_without_the_pin(desk: Desk) -> None:
    guest = await with_a_pin(desk)
    desk.clock.pass_(hours=1)
    await guest.says("/delete")
    await guest.presses("Yes")
    assert await desk.count(Pin) == 0


async def test_the_digits_are_written_down_nowhere(desk: Desk) -> None:
    guest = await with_a_pin(desk, "73519")
    desk.clock.pass_(minutes=10)
    await guest.says("/mydata")
    await guest.says("73519")
    async with desk.house.db.reading() as session:
        words = [one.content for one in await session.scalars(select(ChatMessage))]
        frames = [one.frames for one in await session.scalars(select(Dialog))]
        raws = [one.raw for one in await session.scalars(select(StoredUpdate))]
        said = await session.scalars(select(ChatMessage).where(ChatMessage.author == Author.PERSON))
        assert [one.content.get("text") for one in said].count("••••") == 3
    assert "73519" not in f"{words}{frames}{raws}"


async def test_a_pin_opens_one_chat_only(desk: Desk) -> None:
    guest = await with_a_pin(desk)
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        pin = await pins.of_person(session, caller.person_id)
        assert [pins.is_open(pin, address, desk.clock()) for address in (caller.address_id, 1)] == [True, False]
