"""The sender of reminders is killed with -9 while it claims and queues: each is queued exactly once."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.domain import events, people, planning, seats
from bot.domain.db import Database
from bot.domain.events import EventKind, Plan
from bot.domain.outgoing import Outgoing
from bot.domain.people import Caller
from bot.domain.places import load_desk
from bot.domain.reminders import Reminder, ReminderState
from bot.domain.seats import Wish
from bot.domain.secrets import open_keys
from bot.house import utc_now
from tests.desk import SECRET

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("Europe/Ljubljana")
PEOPLE, KILLS = 400, 4
# A process that sends what is due, and nothing else; what is sent waits for browsers that never come.
SENDER = """
import asyncio, sys
from bot.channels.webchat import WebChat
from bot.domain.db import Database
from bot.domain.places import load_desk
from bot.domain.secrets import open_keys
from bot.house import House
from bot.i18n import Catalogs
from bot.paths import LOCALES
from bot.reminding import send_reminders

async def main():
    db = Database(sys.argv[1])
    await open_keys(db, [sys.argv[2]])
    house = House(db, load_desk(None), Catalogs(LOCALES), None, None, {"web": WebChat()})
    print("ready", flush=True)
    await send_reminders(house)
    await db.close()

asyncio.run(main())
"""


async def sender(url: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, url, SECRET, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1]
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def prepare(db: Database) -> None:
    """Everybody goes to something that begins in a while, and is to be reminded of it now."""
    now, desk = utc_now(), load_desk(None)
    begins = (now + timedelta(minutes=100)).astimezone(ZONE)
    plan = Plan(EventKind.WORKSHOP, begins.date(), begins.hour * 60 + begins.minute, 60, str(ZONE), "postojna", None,
                {"en": {"title": "Sample"}})  # fmt: skip
    then = now - timedelta(hours=3)
    async with db.transaction() as session:
        event = await events.make(session, plan, then)
        await events.publish(session, event.id, then)
        for number in range(PEOPLE):
            key = f"browser {number}"
            caller: Caller = people.newcomer("web", key, people.sender_of("web", key), "en")
            await people.add(session, [caller], then)
            person = await session.get_one(people.Person, caller.person_id)
            person.quiet_from = person.quiet_until = 0
            wish = Wish(caller.person_id, address_id=caller.address_id)
            signup = await seats.take(session, event.id, wish, then)
            await planning.replan_signup(session, signup.id, desk, then)


async def counts(db: Database) -> tuple[int, int, int]:
    """How many reminders say that they were sent, how many messages there are, and for how many reminders."""
    async with db.reading() as session:
        sent = await session.scalar(
            select(func.count()).select_from(Reminder).where(Reminder.state == ReminderState.SENT)
        )
        rows = list(await session.scalars(select(Outgoing.occasion)))
    return int(sent or 0), len(rows), len(set(rows))


async def test_killed_between_claim_and_queue(database_url: str) -> None:
    chance = random.Random(database_url[:6])
    db = Database(database_url)
    try:
        await open_keys(db, [SECRET])
        await prepare(db)
        for _kill in range(KILLS):
            process = await sender(database_url)
            await asyncio.sleep(chance.uniform(0, 0.4))  # the moment of the kill, not a wait for anything
            if process.returncode is None:
                process.kill()
            await process.wait()
            sent, messages, different = await counts(db)
            assert sent == messages == different
        process = await sender(database_url)
        assert await process.wait() == 0
        assert await counts(db) == (PEOPLE, PEOPLE, PEOPLE)
    finally:
        await db.close()
