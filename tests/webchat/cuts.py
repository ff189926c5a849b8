"""A client whose connections are cut at random bytes: after part of a request, or of what comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Enough = Callable[[list[dict[str, Any]]], bool]
_MOST_REPLY_BYTES = 200  # what a 202 takes


@dataclass(slots=True)
class CutClient:
    """Sends in order, each message again with its id until it is accepted; reads, and resumes after each cut."""

    port: int
    rng: random.Random
    cuts_left: int
    token: str = ""
    cuts: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def begins(self) -> None:
        """A token, unharmed."""
        status, body = await self._exchange(self._request("/chat/visit", {}), None)
        assert status == 200
        self.token = json.loads(body)["token"]

    async def delivers(self, message: dict[str, Any]) -> None:
        """One message, until the server says that it has it."""
        request = self._request("/chat/messages", message)
        while True:
            limit = self._next_cut(len(request) + _MOST_REPLY_BYTES)
            status, _body = await self._exchange(request, limit)
            if status is not None:
                assert status == 202
                return

    async def reads(self, is_enough: Enough) -> None:
        """Follow the conversation, cut and resumed, until `is_enough(seen)`."""
        while not is_enough(self.seen):
            after = self.seen[-1]["seq"] if self.seen else 0
            await self._read_until_cut(after, is_enough)

    async def _read_until_cut(self, after: int, is_enough: Enough) -> None:
        limit = self._next_cut(4000)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        path = f"/chat/events?after={after}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: desk\r\nX-Visit: {self.token}\r\n\r\n".encode())
        got = b""
        try:
            while not is_enough(self.seen) and (limit is None or len(got) < limit):
                piece = await reader.read(limit - len(got) if limit is not None else 4096)
                if not piece:
                    break
                got += piece
                self._take(got)
        finally:
            self._cut(writer)

    def _take(self, got: bytes) -> None:
        """Whole events only, and none twice: what the page's script does."""
        body = _unchunked(got.partition(b"\r\n\r\n")[2])
        for block in body.split(b"\n\n")[:-1]:
            lines = block.split(b"\n")
            if b"event: message" in lines:
                message = json.loads(lines[-1].removeprefix(b"data: "))
                if not self.seen or message["seq"] > self.seen[-1]["seq"]:
                    self.seen.append(message)

    def _next_cut(self, most: int) -> int | None:
        if self.cuts_left == 0 or self.rng.random() < 0.3:
            return None
        self.cuts_left -= 1
        self.cuts += 1
        return self.rng.randrange(1, most)

    def _request(self, path: str, body: dict[str, Any]) -> bytes:
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\nX-Visit: {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data

    async def _exchange(self, request: bytes, limit: int | None) -> tuple[int | None, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request[:limit])
        if limit is not None and limit <= len(request):
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            self._cut(writer)
            return None, b""
        if limit is not None:
            await reader.read(limit - len(request))
            self._cut(writer)
            return None, b""
        answer = await reader.read()
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    def _cut(self, writer: asyncio.StreamWriter) -> None:
        if self.rng.random() < 0.5:
            writer.close()
        else:
            writer.transport.abort()


def _unchunked(body: bytes) -> bytes:
    """The whole chunks so far."""
    found = b""
    while b"\r\n" in body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        if len(rest) < length + 2:
            break
        found += rest[:length]
        body = rest[length + 2 :]
    return found
