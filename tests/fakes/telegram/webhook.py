"""Delivery of updates to the bot's own address, in order within a chat, retried until they expire."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import urlsplit

from tests.fakes.telegram.forms import Json
from tests.fakes.telegram.updates import Update
from tests.fakes.telegram.world import World

LONGEST_WAIT_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 3600.0
GONE_SECONDS = 23 * 3600
"""So long an address may answer 410 before it is given up."""
ANSWER_SECONDS = 60.0


class NoAnswerError(Exception):
    """The address could not be reached or spoke no HTTP."""


@dataclass(slots=True)
class Address:
    """Where `setWebhook` points."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: float = 0.0
    gone_since: float = 0.0


@dataclass(slots=True)
class Wire:
    """A kept connection to the address."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass(slots=True)
class Answer:
    """What the address said."""

    status: int
    retry_after: float
    body: bytes


@dataclass(slots=True)
class ChatLine:
    """The updates of one chat that still have to arrive; a failing one holds up the rest of its chat."""

    updates: deque[Update] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Webhook:
    """Sends what is in the queue to one address until it is stopped."""

    def __init__(
        self, world: World, address: Address, retry_seconds: float, run_method: Callable[[Json], object]
    ) -> None:
        self.world = world
        self.address = address
        self.retry_seconds = retry_seconds
        self._run_method = run_method
        self._lines: dict[int, ChatLine] = {}
        self._seen = 0
        self._free: list[Wire] = []
        self._room = asyncio.Semaphore(address.max_connections)
        self.closed = False

    def push(self) -> None:
        """Take over what is new in the queue."""
        if self.closed:
            return
        unseen = takewhile(lambda update: update.update_id > self._seen, reversed(self.world.queue.waiting))
        fresh = list(unseen)[::-1]
        while self.world.queue.again:
            fresh.append(self.world.queue.again.popleft())
            self.world.queue.redelivered += 1
        for update in fresh:
            self._seen = max(self._seen, update.update_id)
            line = self._lines.setdefault(update.chat_id, ChatLine())
            line.updates.append(update)
            if line.task is None:
                line.task = asyncio.get_running_loop().create_task(self._drain(update.chat_id, line))

    async def stop(self) -> None:
        """Leave undelivered updates in the queue and close the connections."""
        self.closed = True
        tasks = [line.task for line in self._lines.values() if line.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while self._free:
            await _close(self._free.pop())

    async def _drain(self, chat_id: int, line: ChatLine) -> None:
        while line.updates and not self.closed:
            await self._deliver(line.updates[0])
            line.updates.popleft()
        line.task = None
        self._lines.pop(chat_id, None)

    async def _deliver(self, update: Update) -> None:
        wait, failures = 1.0, 0
        while not self.closed:
            if update.expires_at <= self.world.clock():
                self.world.queue.expire()
                return
            delay = 0.0
            self.world.counters.webhook_calls += 1
            try:
                async with self._room:
                    answer = await self._post(update.body)
            except NoAnswerError as problem:
                self._failed(str(problem))
            else:
                if 200 <= answer.status <= 299:
                    self._arrived(update, answer)
                    return
                self._failed(f"Wrong response from the webhook: {answer.status}", gone=answer.status == 410)
                delay = min(answer.retry_after, LONGEST_RETRY_AFTER_SECONDS)
            if not delay and failures:
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                delay = wait
            failures += 1
            await asyncio.sleep(delay * self.retry_seconds)

    def _arrived(self, update: Update, answer: Answer) -> None:
        self.address.gone_since = 0.0
        self.world.queue.confirm(update)
        if self.world.duplicate_share and self.world.dice.random() < self.world.duplicate_share:
            self.world.queue.again.append(update)
            self.push()
        with suppress(ValueError):
            call = json.loads(answer.body or b"null")
            name = str(call.get("method", "")).lower() if isinstance(call, dict) else ""
            if name and name not in {"setwebhook", "deletewebhook", "close", "logout"} and name[:3] != "get":
                self._run_method(call)
        self.world.changed()

    def _failed(self, why: str, *, gone: bool = False) -> None:
        now = self.world.clock()
        self.world.counters.webhook_failures += 1
        self.address.last_error, self.address.last_error_at = why, now
        if not gone:
            self.address.gone_since = 0.0
        elif not self.address.gone_since:
            self.address.gone_since = now
        elif now - self.address.gone_since > GONE_SECONDS:
            self.closed = True
        self.world.changed()

    async def _post(self, body: bytes) -> Answer:
        target = urlsplit(self.address.url)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        secret = f"X-Telegram-Bot-Api-Secret-Token: {self.address.secret}\r\n" if self.address.secret else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {target.netloc}\r\n{secret}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
        ).encode()
        while self._free:
            wire = self._free.pop()
            with suppress(OSError, ValueError, EOFError, TimeoutError):
                return await self._exchange(wire, head + body)
            await _close(wire)
        try:
            reader, writer = await asyncio.open_connection(target.hostname, target.port or 80)
        except OSError:
            raise NoAnswerError("Connection refused") from None
        wire = Wire(reader, writer)
        try:
            return await self._exchange(wire, head + body)
        except (OSError, ValueError, EOFError, TimeoutError):
            await _close(wire)
            raise NoAnswerError("Webhook connection closed") from None

    async def _exchange(self, wire: Wire, data: bytes) -> Answer:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                wire.writer.write(data)
                await wire.writer.drain()
                answer, reusable = await _read_answer(wire.reader)
        except asyncio.CancelledError:
            wire.writer.close()
            raise
        if reusable and not self.closed:
            self._free.append(wire)
        else:
            await _close(wire)
        return answer


async def _read_answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rows = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows)}
    status = int(line.split(" ")[1])
    body = b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    retry_after = headers.get("retry-after", "0")
    reusable = headers.get("connection", "").lower() != "close"
    return Answer(status, float(retry_after) if retry_after.isdigit() else 0.0, body), reusable


async def _close(wire: Wire) -> None:
    wire.writer.close()
    with suppress(OSError):
        await wire.writer.wait_closed()
