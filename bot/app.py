"""Wiring: the one module that may import everything."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import logs, pages
from bot.answers.learnt import load_answers
from bot.channels.contract import Channel
from bot.channels.webchat import WebChat
from bot.clockwork import Clockwork
from bot.config import Settings, SettingsError
from bot.console import routes as console_routes
from bot.domain.db import Database
from bot.domain.migrations import upgrade
from bot.domain.places import load_desk
from bot.domain.secrets import open_keys
from bot.house import House
from bot.i18n import Catalogs
from bot.keys import make_data_dir, secret_keys
from bot.library import relearn
from bot.lock import only_process
from bot.outbox import Outbox
from bot.paths import FAQ, LOCALES
from bot.reception import Reception
from bot.recordings import offer_recordings
from bot.webchat.routes import routes as webchat_routes

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

log = logging.getLogger(__name__)

_DRAIN_S: Final = 10.0


@contextlib.asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Everything that the parts share: the database upgraded and unlocked, content and catalogs loaded."""
    desk = load_desk(settings.desk)
    make_data_dir(settings)
    await asyncio.to_thread(upgrade, settings.database)
    db = Database(settings.database)
    channels: dict[str, Channel] = {WebChat.name: WebChat()}
    try:
        keys = secret_keys(settings)
        logs.hide(*keys)
        await open_keys(db, keys)
        library, matcher = await asyncio.to_thread(load_answers, FAQ, settings.data_dir)
        public_url = settings.public_url.rstrip("/") or "http://{}:{}".format(*settings.host_and_port)
        house = House(db, desk, Catalogs(LOCALES), library, matcher, channels, public_url=public_url)
        await relearn(house)  # before the first question: what the desk has changed counts
        await offer_recordings(house)
        if settings.telegram_token.get_secret_value():
            telegram = _telegram(settings, house)
            channels[telegram.name] = telegram
        yield house
    finally:
        for channel in channels.values():
            await channel.close()
        await db.close()


def _telegram(settings: Settings, house: House) -> Telegram:
    from bot.channels.telegram import Telegram

    return Telegram(
        settings.telegram_token.get_secret_value(), settings.telegram_api_url, house.catalogs,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(), desk_name=house.desk.name,
    )  # fmt: skip


@dataclass(slots=True)
class Service:
    """The running parts of one process."""

    house: House
    reception: Reception = field(init=False)
    outbox: Outbox = field(init=False)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        pushed = [name for name in self.house.channels if name != WebChat.name]
        self.outbox = Outbox(self.house, pushed)
        self.reception = Reception(self.house, self.outbox)

    def web(self) -> Starlette:
        """All pages."""
        house, receive = self.house, self.reception.receive
        routes: list[BaseRoute] = [*pages.routes(house), *console_routes(house, self.closing)]
        for channel in house.channels.values():
            routes += channel.routes(receive)
        return Starlette(routes=[*routes, *webchat_routes(house, receive, self.closing)])

    async def serve(self, door: socket.socket) -> None:
        """Run until SIGTERM or SIGINT, then let what is being sent arrive. `door`: where the pages are served."""
        server = _Server(uvicorn.Config(self.web(), log_config=None, access_log=False, timeout_graceful_shutdown=5))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.closing.set)
        parts = [
            loop.create_task(part, name=name)
            for name, part in (
                ("web", server.serve(sockets=[door])), ("reception", self.reception.run()),
                ("outbox", self.outbox.run()), ("clockwork", Clockwork(self.house).run()),
                *((name, channel.run(self.reception.receive)) for name, channel in self.house.channels.items()),
            )
        ]  # fmt: skip
        stop = loop.create_task(self.closing.wait())
        try:
            done, _running = await asyncio.wait([*parts, stop], return_when=asyncio.FIRST_COMPLETED)
            for part in done - {stop}:
                part.result()  # a part that ends by itself has failed: say so
        finally:
            await self._end(server, parts, stop)

    async def _end(self, server: _Server, parts: list[asyncio.Task[None]], stop: asyncio.Task[bool]) -> None:
        self.closing.set()
        server.should_exit = True
        web, *others = parts
        for part in (*others, stop):
            part.cancel()
        await asyncio.gather(*others, stop, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await self.outbox.drain()
        await asyncio.gather(web, return_exceptions=True)


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: `Service.serve` listens."""
        yield


def open_door(settings: Settings) -> socket.socket:
    """Listen before anything else is touched. Raises SettingsError."""
    host, port = settings.host_and_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(f"SP_LISTEN cannot be used: {error.strerror or error}") from None


def settle_memory() -> None:
    """Take what was loaded out of the garbage collector's sight: else each full collection walks through it all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    # The database's thread must not wait 5 ms, Python's default, for its turn.
    sys.setswitchinterval(0.001)


async def run(settings: Settings) -> None:
    """The service with every channel that is configured."""
    with open_door(settings) as door, only_process(settings):
        async with open_house(settings) as house:
            settle_memory()
            await Service(house).serve(door)
