"""A Telegram channel, the fake platform in front of it and the real table of raw updates behind it."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.contract import RawUpdate
from bot.channels.telegram import Telegram
from bot.dialog.messages import Inbound, Laid, LaidButton
from bot.domain import inbound
from bot.domain.db import Database
from bot.domain.inbound import Raw, StoredUpdate
from bot.domain.secrets import open_keys
from tests.databases import sqlite_url
from tests.fakes.telegram import TEST_TOKEN, FakeTelegram
from tests.fakes.telegram.forms import Call

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUESTION = Laid("Which?", rows=((LaidButton("A", index=0),),))
WANTED = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
SOON_S = 0.01  # the pause after a first failure


class Platform(FakeTelegram):
    """The fake, which also remembers the parameters of every call that it accepted."""

    def __init__(self) -> None:
        super().__init__(webhook_retry_seconds=0.0)
        self.bodies: list[tuple[str, dict[str, Any]]] = []

    def run(self, call: Call) -> object:
        self.bodies.append((call.method, dict(call.values)))
        return super().run(call)

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [body for name, body in self.bodies if name == method.lower()]


class Inbox:
    """The database as the channel meets it: `receive` commits, or fails as often as `failures` says."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.failures = 0
        self.calls = 0

    async def receive(self, channel: str, updates: Sequence[RawUpdate]) -> None:
        self.calls += 1
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        async with self.db.transaction() as session:
            raws = [Raw(channel, one.external_id, one.key, one.raw) for one in updates]
            await inbound.store(session, raws, NOW)

    async def stored(self) -> list[tuple[str, str]]:
        """The id and the text of every stored update, oldest first."""
        async with self.db.reading() as session:
            rows = await session.scalars(select(StoredUpdate.raw).order_by(StoredUpdate.id))
            return [(name, raw) for name, raw in filter(None, rows)]

    async def read_by(self, channel: Telegram) -> list[Inbound | None]:
        return [channel.read(name, raw, NOW) for name, raw in await self.stored()]


def texts(stored: Sequence[tuple[str, str]]) -> list[str]:
    """The words of stored messages."""
    return [json.loads(raw)["message"]["text"] for _name, raw in stored]


@pytest.fixture
async def tg() -> AsyncIterator[Platform]:
    async with Platform() as fake:
        yield fake


@pytest.fixture
async def inbox(tmp_path: Path, empty_sqlite: Path) -> AsyncIterator[Inbox]:
    shutil.copy(empty_sqlite, tmp_path / "desk.db")
    db = Database(sqlite_url(tmp_path))
    await open_keys(db, ["a key for tests"])
    yield Inbox(db)
    await db.close()


@pytest.fixture
async def channel(tg: Platform) -> AsyncIterator[Telegram]:
    telegram = Telegram(TEST_TOKEN, tg.url, first_pause_s=SOON_S)
    yield telegram
    await telegram.close()


@asynccontextmanager
async def running(channel: Telegram, receive: Callable[..., Awaitable[None]]) -> AsyncIterator[None]:
    """The channel's intake while the block runs."""
    task = asyncio.create_task(channel.run(receive))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def served(
    channel: Telegram, receive: Callable[..., Awaitable[None]], listening: socket.socket
) -> AsyncIterator[None]:
    """The channel's webhook on a real web server."""
    app = Starlette(routes=list(channel.routes(receive)))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield
    finally:
        server.should_exit = True
        await task
