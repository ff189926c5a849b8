"""Time passes: alerts, cases left alone, goodbyes, the nightly sweep; one leader on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bot import clockwork
from bot.bell import ALERTS, DESK, INBOX, OUTBOX
from bot.clockwork import Clockwork
from bot.domain import people, staff, tickets
from bot.domain.db import new_token, wait_for_sender
from bot.domain.inbound import StoredUpdate
from bot.domain.outgoing import Outgoing
from bot.domain.people import Person
from bot.domain.tickets import Alert
from tests.desk import Desk
from tests.flows.deeds import claims
from tests.flows.paper import Writer, with_paper


async def on_call_by_chat(desk: Desk, writer: Writer, login: str = "vesna") -> None:
    member = await desk.has_staff(login, on_call=True)
    async with desk.house.db.transaction() as session:
        token = await staff.invite(session, member.id, desk.clock())
    await writer.sends("command", "start", payload=f"staff-{token}")


async def test_an_alert_without_a_chat_still_counts_its_rounds(desk: Desk) -> None:
    await desk.has_staff(on_call=True)
    await desk.person("en").says("he beats me")
    for _round in range(3):
        assert await clockwork.ring_alerts(desk.house) == 0
        desk.clock.pass_(minutes=5)
    async with desk.house.db.reading() as session:
        (alert,) = await session.scalars(select(Alert))
    assert (alert.rounds, alert.taken_by) == (3, None)


async def test_two_dangers_ring_apart(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await on_call_by_chat(desk, writer)
    await desk.person("en").says("he beats me")
    assert await clockwork.ring_alerts(desk.house) == 1
    desk.clock.pass_(minutes=2)
    await desk.person("en").says("he beats me")
    assert await clockwork.ring_alerts(desk.house) == 1
    desk.clock.pass_(minutes=3)
    assert await clockwork.ring_alerts(desk.house) == 1
    desk.clock.pass_(minutes=2)
    assert await clockwork.ring_alerts(desk.house) == 1


async def test_whoever_blocked_us_or_has_left_is_not_written_to(desk: Desk) -> None:
    paper = with_paper(desk)
    blocked, gone, here = (Writer(desk, paper, key) for key in ("1", "2", "3"))
    for login, writer in (("vesna", blocked), ("miha", gone), ("ana", here)):
        await on_call_by_chat(desk, writer, login)
    await blocked.sends("left", "gone")
    async with desk.house.db.transaction() as session:
        member = await staff.by_login(session, "miha")
        assert member is not None
        await staff.disable(session, member.id, desk.clock())
    await desk.person("en").says("he beats me")
    assert await clockwork.ring_alerts(desk.house) == 1


async def test_a_bell_is_rung_for_what_came_of_a_tick(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await on_call_by_chat(desk, writer)
    guest = desk.person("en")
    with desk.house.bell.listen(ALERTS) as danger:
        await guest.says("he beats me")
        assert danger.is_set()
    with desk.house.bell.listen(OUTBOX) as outbox, desk.house.bell.listen(DESK) as console:
        await clockwork.ring_alerts(desk.house)
        assert (outbox.is_set(), console.is_set()) == (True, True)
    await claims(desk, await desk.has_staff("ana"))
    desk.clock.pass_(hours=12)
    with desk.house.bell.listen(INBOX) as inbox:
        assert await clockwork.return_left_alone(desk.house) == 1
        assert inbox.is_set()
    assert await clockwork.return_left_alone(desk.house) == 0


async def test_goodbyes_are_swept_once_they_were_read(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/delete")
    await guest.sends(typed="yes")
    await desk.serve()
    assert await clockwork.let_leavers_go(desk.house) == 0
    await guest.reads()
    assert await clockwork.let_leavers_go(desk.house) == 1
    assert await desk.count(Person) == 0


async def test_the_sweep_says_what_went(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("zxcv qwer")
    assert set((await clockwork.sweep(desk.house)).values()) == {0}
    desk.clock.pass_(days=9)
    gone = await clockwork.sweep(desk.house)
    assert {name: count for name, count in gone.items() if count} == {"inbound": 1}
    assert await desk.count(StoredUpdate) == 0
    desk.clock.pass_(days=82)
    gone = await clockwork.sweep(desk.house)
    assert {name: count for name, count in gone.items() if count} == {"outbox": 1, "messages": 2, "misses": 1}
    desk.clock.pass_(days=275)
    gone = await clockwork.sweep(desk.house)
    assert {name: count for name, count in gone.items() if count} == {"people": 1}


async def test_the_running_clockwork_does_not_wait_for_its_tick_when_there_is_danger(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await on_call_by_chat(desk, writer)
    await desk.person("en").says("he beats me")
    running = asyncio.create_task(Clockwork(desk.house).run())
    try:
        for count in (1, 2):
            with desk.house.bell.listen(OUTBOX) as event:
                if count == 2:
                    await desk.person("en").says("he beats me")
                while await rung(desk) < count:
                    assert await desk.house.bell.wait(event, 30)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def rung(desk: Desk) -> int:
    async with desk.house.db.reading() as session:
        return len(list(await session.scalars(select(Outgoing).where(Outgoing.purpose == "urgent"))))


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_one_leader_among_processes_and_another_when_it_goes(desk: Desk) -> None:
    first, second = (Clockwork(replace(desk.house, owner=new_token())) for _ in range(2))
    assert [await first._leads(), await second._leads(), await first._leads(), await second._leads()] == [
        True, False, True, False,
    ]  # fmt: skip
    assert first._leader is not None
    assert second._leader is not None
    await first._leader.close()
    assert await second._leads()
    await second._leader.close()


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_an_alert_and_the_turn_that_takes_it_do_not_wait_for_each_other(desk: Desk) -> None:
    """The turn holds its sender and wants the alert; the tick must not hold the alert and want the sender."""
    writer = Writer(desk, with_paper(desk), "1")
    await on_call_by_chat(desk, writer)
    await desk.person("en").says("he beats me")
    (case,) = await desk.tickets()
    async with desk.house.db.transaction() as session:
        member = await staff.by_login(session, "vesna")
        assert member is not None
        await wait_for_sender(session, people.sender_of("paper", "1"))
        ringing = asyncio.create_task(clockwork.ring_alerts(desk.house))
        await until_somebody_waits(desk)
        await tickets.claim(session, case.id, member.id, desk.clock())
    assert await ringing in {0, 1}


async def until_somebody_waits(desk: Desk) -> None:
    async with asyncio.timeout(30):
        while True:
            async with desk.house.db.reading() as session:
                if await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                    return


async def test_a_failing_tick_is_tried_again_and_logged_without_content(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    ran = []

    async def fails(house: object) -> None:
        ran.append(house)
        raise ValueError("canary")

    work = Clockwork(desk.house)
    await work._tick(fails)
    await work._tick(fails)
    assert len(ran) == 2
    assert [record.getMessage() for record in caplog.records] == ["clockwork: fails failed; it is tried again"] * 2
    if work._leader is not None:
        await work._leader.close()
