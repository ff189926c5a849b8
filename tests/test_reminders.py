"""Reminders of a list: at nine in the morning, once, to whoever may be written to; too late is not sent at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot import clockwork
from bot.domain import reminders
from bot.domain.callers import callers
from bot.domain.messages import ChatMessage
from bot.domain.reminders import Reminder, ReminderState
from bot.reminding import send_reminders
from tests.desk import Desk, Guest
from tests.flows.paper import Writer, with_paper

PUSHED = "< Something on your list is due soon. [Show] [✅ Done] [Remind me in 3 days] [🔕 Stop these reminders]"
WAITING, SENT, SKIPPED = ReminderState.WAITING, ReminderState.SENT, ReminderState.SKIPPED


async def with_a_day(desk: Desk, day: str = "23. 11. 2026") -> Guest:
    """Somebody who has told when they moved in: reminders on the second and the sixth day after."""
    guest = desk.person("en")
    await guest.says("/checklist")
    for _question in range(5):
        await guest.presses("Skip")
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    await guest.says(day)
    return guest


async def states(desk: Desk) -> list[str]:
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Reminder.state).order_by(Reminder.due_at, Reminder.id)))


def at(desk: Desk, day: int, hour: int, minute: int = 0) -> None:
    """A moment of November 2026 by the clock of Postojna, one hour ahead of UTC."""
    desk.clock.at = datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


async def test_at_nine_in_the_morning_and_once(desk: Desk) -> None:
    guest = await with_a_day(desk)
    at(desk, 25, 8, 59)
    assert await send_reminders(desk.house) == 0
    at(desk, 25, 9)
    assert await send_reminders(desk.house) == 1
    assert await send_reminders(desk.house) == 0
    await guest.chats(PUSHED)
    assert await states(desk) == [SENT, WAITING]


async def test_the_buttons_of_a_reminder(desk: Desk) -> None:
    guest = await with_a_day(desk)
    at(desk, 25, 9)
    await send_reminders(desk.house)
    await guest.chats(f"""
        {PUSHED}
        > [Remind me in 3 days]
        < We remind you on: 28 November 2026 [🧭 My first steps] [🔕 Stop these reminders]
        > [✅ Done]
        < Done: Register your address / 1 of 7 done [Next: Tax number] [↩️ Undo] [🧭 My first steps]
    """)
    assert await states(desk) == [SENT]
    await guest.presses("↩️ Undo")
    assert await states(desk) == [SENT, WAITING]
    at(desk, 29, 9)
    assert await send_reminders(desk.house) == 1


async def test_a_snoozed_reminder_comes_and_stopping_takes_all_back(desk: Desk) -> None:
    guest = await with_a_day(desk)
    at(desk, 25, 9)
    await send_reminders(desk.house)
    await guest.reads()
    await guest.presses("Remind me in 3 days")
    at(desk, 28, 9)
    assert await send_reminders(desk.house) == 1
    await guest.chats(PUSHED)
    await guest.presses("🔕 Stop these reminders")
    assert await states(desk) == [SENT, SENT]


async def test_never_at_night_and_when_the_desk_was_down_as_soon_as_people_are_awake(desk: Desk) -> None:
    guest = await with_a_day(desk)
    for hour in (21, 23):
        at(desk, 25, hour)
        assert await send_reminders(desk.house) == 0
    at(desk, 26, 7, 59)
    assert await send_reminders(desk.house) == 0
    at(desk, 26, 8)
    assert await send_reminders(desk.house) == 1
    await guest.chats(PUSHED)


async def test_after_the_last_day_it_is_too_late(desk: Desk) -> None:
    guest = await with_a_day(desk)
    desk.clock.at = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)  # the last day was the first of December
    assert await send_reminders(desk.house) == 0
    assert await states(desk) == [SKIPPED, SKIPPED]
    assert await guest.reads() == []


async def test_in_summer_and_winter_nine_is_nine(desk: Desk) -> None:
    guest = await with_a_day(desk)
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        days = [datetime(2027, month, 1, tzinfo=UTC).date() for month in (1, 7)]
        await reminders.plan(session, caller.person_id, "step:x", days, days[-1], desk.clock(), desk.house.desk.zone)
        found = [one.due_at for one in await reminders.of_person(session, caller.person_id) if one.about == "step:x"]
    assert found == [datetime(2027, 1, 1, 8, 0, tzinfo=UTC), datetime(2027, 7, 1, 7, 0, tzinfo=UTC)]


async def test_whoever_wants_no_messages_gets_none(desk: Desk) -> None:
    guest = await with_a_day(desk)
    await guest.says("/stop")
    at(desk, 25, 9)
    assert await send_reminders(desk.house) == 0
    assert await states(desk) == [SKIPPED, WAITING]


async def test_whoever_has_blocked_us_or_was_forgotten_gets_none(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await writer.sends("command", "start")
    await writer.sends("command", "language", payload="en")
    await writer.sends("command", "checklist")
    for _question in range(5):
        await writer.presses("Skip")
    await writer.presses("🏠 Register your address")
    await writer.presses("⏰ Remind me")
    await writer.sends("typed", "23. 11. 2026")
    await writer.sends("left", "gone")
    at(desk, 25, 9)
    assert await send_reminders(desk.house) == 0
    assert await states(desk) == [SKIPPED, WAITING]
    await writer.sends("command", "menu")
    at(desk, 29, 9)
    assert await send_reminders(desk.house) == 1
    await desk.outbox.claim_due()
    assert (await writer.gets())[-1] == PUSHED
    await writer.sends("command", "delete")
    await writer.sends("typed", "yes")
    assert await states(desk) == []


async def test_it_is_said_in_the_language_of_the_day(desk: Desk) -> None:
    guest = await with_a_day(desk)
    await guest.says("/language sl")
    at(desk, 25, 9)
    await send_reminders(desk.house)
    async with desk.house.db.reading() as session:
        newest = (await session.scalars(select(ChatMessage).order_by(ChatMessage.id.desc()).limit(1))).one()
    assert newest.content["language"] == "sl"


async def test_nothing_that_is_pushed_tells_what_it_is_about(desk: Desk) -> None:
    guest = await with_a_day(desk)
    at(desk, 25, 9)
    await send_reminders(desk.house)
    (laid,) = await guest.reads()
    shown = " ".join([laid.text, laid.title, *(one.label for row in laid.rows for one in row)]).lower()
    title = desk.house.library["residence.address"].answer("en").title.lower()
    assert [word for word in (*title.split(), "residence") if word in shown] == ["your"]


async def test_many_at_once_all_go(desk: Desk) -> None:
    guest = await with_a_day(desk)
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        day = datetime(2026, 11, 25, tzinfo=UTC).date()
        for number in range(150):
            about = f"step:sample.{number}"
            await reminders.add(session, caller.person_id, about, [day], day, desk.clock(), desk.house.desk.zone)
    at(desk, 25, 9)
    assert await send_reminders(desk.house) == 151


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_two_processes_send_it_once(desk: Desk) -> None:
    guest = await with_a_day(desk)
    at(desk, 25, 9)
    sent = await asyncio.gather(*(send_reminders(desk.house) for _process in range(4)))
    assert sum(sent) == 1
    assert len(await guest.reads()) == 1


async def test_the_sweep_takes_what_is_over(desk: Desk) -> None:
    await with_a_day(desk)
    at(desk, 25, 9)
    await send_reminders(desk.house)
    await clockwork.sweep(desk.house)
    assert await states(desk) == [SENT, WAITING]
    desk.clock.at = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    await clockwork.sweep(desk.house)
    assert await states(desk) == []
