"""The web chat on a real socket, with the real reception behind it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.webchat.routes import routes
from tests.desk import Desk, open_desk


@dataclass(slots=True)
class Chat:
    """A desk whose web chat answers at `url`."""

    desk: Desk
    port: int
    closing: asyncio.Event
    server: uvicorn.Server

    @property
    def url(self) -> str:
        """Its root."""
        return f"http://127.0.0.1:{self.port}"


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(desk: Desk, messages_per_minute: int = 30) -> AsyncIterator[Chat]:
    """The web chat of this desk on a free port, and reception at work."""
    closing = asyncio.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    web = Starlette(routes=routes(desk.house, desk.reception.receive, closing, messages_per_minute=messages_per_minute))
    config = uvicorn.Config(web, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = _Server(config)
    tasks = [asyncio.create_task(server.serve([listener])), asyncio.create_task(desk.reception.run())]
    try:
        yield Chat(desk, listener.getsockname()[1], closing, server)
    finally:
        closing.set()
        server.should_exit = True
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        listener.close()


@pytest.fixture
async def chat(database_url: str) -> AsyncIterator[Chat]:
    """A desk with its web chat, on each database."""
    async with open_desk(database_url) as desk, serving(desk) as running:
        yield running
