"""The service is killed with -9 at random moments: nothing is lost, nothing happens twice, order holds."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.db import Database
from bot.domain.happenings import Happening, Kind
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import Author, ChatMessage
from bot.domain.outgoing import Outgoing
from bot.domain.secrets import open_keys
from tests.fakes.telegram import TEST_TOKEN, FakeTelegram

pytestmark = pytest.mark.slow

KEY = "a key for the killed"
PEOPLE = 20
WORDS = "zxcv x{number} qwer"  # no question that anybody could answer: each is one miss, whatever was said before


@dataclass(frozen=True, slots=True)
class Counts:
    """How many updates there are, and how often the service is killed meanwhile."""

    updates: int
    kills: int


BOUNDED = Counts(updates=160, kills=4)
FULL = Counts(updates=2_000, kills=50)


@asynccontextmanager
async def service(
    folder: Path, telegram: FakeTelegram, port: int, *, webhook: bool
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ, "SP_DATA_DIR": str(folder), "SP_SECRET_KEY": KEY, "SP_TELEGRAM_TOKEN": TEST_TOKEN,
        "SP_TELEGRAM_API_URL": telegram.url, "SP_LISTEN": f"127.0.0.1:{port}", "SP_LOG_LEVEL": "ERROR",
        "SP_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram" if webhook else "",
        "SP_TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-tests" if webhook else "",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("counts", [BOUNDED, pytest.param(FULL, marks=pytest.mark.soak)], ids=["bounded", "full"])
async def test_killed_at_random_moments(tmp_path: Path, way: str, counts: Counts) -> None:
    chance = random.Random(f"{way} {counts}")
    port, webhook = free_port(), way == "webhook"
    async with FakeTelegram(webhook_retry_seconds=0.05) as telegram:
        said: dict[int, list[str]] = defaultdict(list)
        left = list(range(counts.updates))
        for _kill in range(counts.kills):
            async with service(tmp_path, telegram, port, webhook=webhook) as process:
                now, left = left[: counts.updates // counts.kills], left[counts.updates // counts.kills :]
                said_before = partial(more_sent, telegram, len(telegram.sent))
                for number in now:
                    speak(telegram, said, chance.randrange(PEOPLE), number)
                await telegram.until(said_before, seconds=60)
                await asyncio.sleep(chance.uniform(0, 0.15))  # the moment of the kill, not a wait for anything
                process.kill()
        for number in left:
            speak(telegram, said, chance.randrange(PEOPLE), number)
        for person in said:
            telegram.user(1000 + person).says("/privacy")
        async with service(tmp_path, telegram, port, webhook=webhook):
            await telegram.until(lambda: answered(telegram, said), seconds=120)
        await check(tmp_path, telegram, said, counts)


def more_sent(telegram: FakeTelegram, before: int) -> bool:
    return len(telegram.sent) > before


def speak(telegram: FakeTelegram, said: dict[int, list[str]], person: int, number: int) -> None:
    words = WORDS.format(number=number)
    said[person].append(words)
    telegram.user(1000 + person, language_code="en").says(words)


def answered(telegram: FakeTelegram, said: dict[int, list[str]]) -> bool:
    """Everybody has read the answer to the last thing they sent; what they sent before is then answered too."""
    heard = {message.chat_id for message in telegram.sent if message.text.startswith("Your data")}
    return heard == {1000 + person for person in said}


async def check(folder: Path, telegram: FakeTelegram, said: dict[int, list[str]], counts: Counts) -> None:
    db = Database(f"sqlite+aiosqlite:///{folder / 'desk.db'}")
    try:
        await open_keys(db, [KEY])
        async with db.reading() as session:
            states = dict((await session.execute(
                select(StoredUpdate.state, func.count()).group_by(StoredUpdate.state))).all())  # fmt: skip
            assert states == {"done": counts.updates + len(said)}
            assert (
                await session.scalar(select(func.count()).select_from(Happening).where(Happening.kind == Kind.ASKED))
                == counts.updates
            )
            told = defaultdict(list)
            for message in await session.scalars(
                select(ChatMessage).where(ChatMessage.author == Author.PERSON).order_by(ChatMessage.seq)
            ):
                told[message.address_id].append(message.content["text"])
            assert sorted(told.values()) == sorted([*words, "/privacy"] for words in said.values())
            states = dict((await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))).all())
            assert list(states) == ["sent"]
            attempts, once = (await session.execute(
                select(func.sum(Outgoing.attempts), func.sum(Outgoing.attempts).filter(~Outgoing.repeated)))).one()  # fmt: skip
            unflagged = await session.scalar(select(func.count()).select_from(Outgoing).where(~Outgoing.repeated))
        assert once == unflagged  # whatever may have been sent twice says so
        assert states["sent"] <= len(telegram.sent) <= attempts
    finally:
        await db.close()
