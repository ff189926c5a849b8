"""Reminders of what has an hour leave once: over clock changes, jumps, downtime, several processes and cancellations."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from bot.domain import events, people, planning
from bot.domain.outgoing import Outgoing
from bot.domain.people import Person
from bot.domain.seats import Remind
from bot.domain.waiting import Term
from bot.reminding import send_reminders
from tests.appointments import all_reminders, caller_of, leaves, signs_up, states_of
from tests.desk import Desk, Guest

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
STEP = timedelta(minutes=15)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LJUBLJANA)


async def goes(desk: Desk, day: date, minute: int = 18 * 60, **wish: object) -> Guest:
    """Somebody who signs up three weeks before."""
    guest = desk.person("en")
    desk.clock.at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - timedelta(days=21)
    await signs_up(guest, await desk.has_event(day=day, minute=minute), **wish)
    return guest


async def sent_at(desk: Desk, until: datetime, step: timedelta = STEP) -> list[datetime]:
    """Let the clock tick; when reminders left, by the clock of Postojna."""
    found = []
    while desk.clock.at < until:
        desk.clock.at += step
        found += [desk.clock.at.astimezone(LJUBLJANA)] * await send_reminders(desk.house)
    return found


async def outgoing(desk: Desk) -> list[str]:
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Outgoing.occasion).order_by(Outgoing.id))
        return [one for one in rows if one.startswith("reminder:")]


@pytest.mark.parametrize(
    ("day", "minute", "expected"),
    [
        (date(2027, 3, 28), 1080, [local(2027, 3, 21, 18), local(2027, 3, 27, 18), local(2027, 3, 28, 16)]),
        (date(2027, 10, 31), 1080, [local(2027, 10, 24, 18), local(2027, 10, 30, 18), local(2027, 10, 31, 16)]),
        (date(2028, 3, 1), 1080, [local(2028, 2, 23, 18), local(2028, 2, 29, 18), local(2028, 3, 1, 16)]),
        (date(2027, 1, 1), 1080, [local(2026, 12, 25, 18), local(2026, 12, 31, 18), local(2027, 1, 1, 16)]),
        (date(2027, 3, 28), 540, [local(2027, 3, 21, 9), local(2027, 3, 27, 9), local(2027, 3, 28, 8)]),
        (date(2027, 10, 31), 1290, [local(2027, 10, 25, 8), local(2027, 10, 31, 8), local(2027, 10, 31, 19, 30)]),
    ],
    ids=["spring", "autumn", "leap day", "new year", "spring morning", "autumn evening"],
)
async def test_each_goes_once_at_its_hour(desk: Desk, day: date, minute: int, expected: list[datetime]) -> None:
    guest = await goes(desk, day, minute)
    until = datetime(day.year, day.month, day.day, 23, tzinfo=UTC) + timedelta(days=1)
    desk.clock.at = until - timedelta(days=9)
    assert await sent_at(desk, until) == expected
    assert await states_of(desk) == ["sent"] * 3
    assert len(set(await outgoing(desk))) == 3
    assert len(await guest.reads()) == 3


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)], ids=["an hour", "a day"])
async def test_a_clock_that_jumps_ahead_or_back_doubles_nothing(desk: Desk, jump: timedelta) -> None:
    await goes(desk, date(2026, 12, 9))
    desk.clock.at = local(2026, 12, 2, 17, 45)
    desk.clock.at += jump
    assert await send_reminders(desk.house) == 1  # the one of a week before
    desk.clock.at -= jump
    assert len(await sent_at(desk, local(2026, 12, 8, 12), timedelta(hours=1))) == 0
    desk.clock.at = local(2026, 12, 8, 17, 45) + jump
    assert await send_reminders(desk.house) == 1
    desk.clock.at -= jump
    left = len(await sent_at(desk, local(2026, 12, 10, 12)))
    assert left == (1 if jump < timedelta(days=1) else 0)
    assert len(await outgoing(desk)) == 2 + left
    assert "waiting" not in await states_of(desk)


async def test_six_hours_of_downtime(desk: Desk) -> None:
    guest = await goes(desk, date(2026, 12, 9))
    await sent_at(desk, local(2026, 12, 9, 10), timedelta(hours=1))
    desk.clock.at = local(2026, 12, 9, 17)  # since eleven nothing ran: the last reminder was due at four
    assert await send_reminders(desk.house) == 1
    assert await send_reminders(desk.house) == 0
    assert (await states_of(desk), len(await guest.reads())) == (["sent"] * 3, 3)


async def test_too_late_is_not_sent_and_the_desk_sees_it(desk: Desk) -> None:
    guest = await goes(desk, date(2026, 12, 9))
    await sent_at(desk, local(2026, 12, 9, 12), timedelta(hours=1))
    desk.clock.at = local(2026, 12, 9, 18)
    assert await send_reminders(desk.house) == 0
    assert (await states_of(desk), len(await guest.reads())) == (["sent", "sent", "missed"], 2)


async def test_in_quiet_hours_a_late_one_waits_for_the_morning_but_not_beyond_its_use(desk: Desk) -> None:
    await goes(desk, date(2026, 12, 9))
    desk.clock.at = local(2026, 12, 8, 23)  # it was due at six in the evening
    assert await send_reminders(desk.house) == 0
    assert await sent_at(desk, local(2026, 12, 9, 12)) == [local(2026, 12, 9, 8)]
    await goes(desk, date(2026, 12, 18), 7 * 60)  # at seven: the last one was meant for the evening before
    desk.clock.at = local(2026, 12, 17, 21)
    assert await send_reminders(desk.house) == 1


async def test_quiet_hours_that_were_changed_after_it_was_planned_count(desk: Desk) -> None:
    guest = await goes(desk, date(2026, 12, 9))
    caller = await caller_of(guest)
    async with desk.house.db.transaction() as session:
        await session.execute(
            update(Person).where(Person.id == caller.person_id).values(quiet_from=17 * 60, quiet_until=19 * 60)
        )
    desk.clock.at = local(2026, 12, 2, 17, 50)
    assert await sent_at(desk, local(2026, 12, 2, 23)) == [local(2026, 12, 2, 19, 5)]


async def test_whoever_blocked_us_is_put_on_the_list_of_calls(desk: Desk) -> None:
    guest = await goes(desk, date(2026, 12, 9))
    caller = await caller_of(guest)
    async with desk.house.db.transaction() as session:
        await people.mark_unreachable(session, caller.address_id, "blocked", desk.clock())
    desk.clock.at = local(2026, 12, 2, 18)
    assert await send_reminders(desk.house) == 0
    assert [(one.state, one.due_at) for one in await all_reminders(desk)] == [("call", local(2026, 12, 8, 8))]


async def test_an_event_that_was_moved_is_reminded_of_at_its_new_time(desk: Desk) -> None:
    guest = desk.person("en")
    event = await desk.has_event(day=date(2026, 12, 9))
    await signs_up(guest, event)
    desk.clock.at = local(2026, 12, 2, 18)
    assert await send_reminders(desk.house) == 1
    plan = events.Plan(**{name: getattr(event, name) for name in (
        "kind", "minute", "minutes", "zone", "texts", "where")}, day=date(2026, 12, 10), place="postojna", seats=20)  # fmt: skip
    async with desk.house.db.transaction() as session:
        await events.change(session, event.id, plan, Term(desk.clock(), desk.clock()))
        await planning.replan_seating(session, event.id, desk.house.desk, desk.clock())
    assert await sent_at(desk, local(2026, 12, 11, 8), timedelta(hours=1)) == [
        local(2026, 12, 3, 18),
        local(2026, 12, 9, 18),
        local(2026, 12, 10, 16),
    ]


async def test_telegram_is_used_where_it_was_asked_for_and_known(desk: Desk) -> None:
    guest = desk.person("en")
    await signs_up(guest, await desk.has_event(day=date(2026, 12, 9)), remind=Remind.TELEGRAM)
    desk.clock.at = local(2026, 12, 2, 18)
    assert await send_reminders(desk.house) == 1
    assert len(await guest.reads()) == 1  # nobody knows them in Telegram: the chat


async def test_a_failing_one_holds_up_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    first = await goes(desk, date(2026, 12, 9))
    second = await goes(desk, date(2026, 12, 9))
    async with desk.house.db.transaction() as session:
        caller = await caller_of(first)
        await session.execute(update(Person).where(Person.id == caller.person_id).values(language="xx"))
    desk.clock.at = local(2026, 12, 2, 18)
    assert await send_reminders(desk.house) == 1
    assert len(await second.reads()) == 1
    assert "a reminder failed" in caplog.text
    async with desk.house.db.transaction() as session:
        await session.execute(update(Person).values(language="en"))
    assert await send_reminders(desk.house) == 1


async def test_none_after_a_committed_cancellation(desk: Desk) -> None:
    event = await desk.has_event(day=date(2026, 12, 9), seats=None)
    guests = [desk.person("en") for _number in range(24)]
    signups = [await signs_up(guest, event) for guest in guests]
    desk.clock.at = local(2026, 12, 2, 18)
    before: dict[int, int] = {}

    async def written(person_id: int) -> int:
        async with desk.house.db.reading() as session:
            query = select(func.count()).select_from(Outgoing).join(people.Address, people.Address.id ==
                                                                    Outgoing.address_id)  # fmt: skip
            found = await session.scalar(
                query.where(people.Address.person_id == person_id, Outgoing.occasion.startswith("reminder:"))
            )
        return int(found or 0)

    async def cancels(number: int) -> None:
        await leaves(desk, signups[number])
        before[number] = await written(signups[number].person_id)

    await asyncio.gather(
        *(cancels(number) for number in range(0, 24, 2)), *(send_reminders(desk.house) for _process in range(3))
    )
    await send_reminders(desk.house)
    after = {number: await written(signup.person_id) for number, signup in enumerate(signups)}
    assert {number: after[number] for number in before} == before
    assert [after[number] for number in range(1, 24, 2)] == [1] * 12
    assert max(after.values()) == 1
