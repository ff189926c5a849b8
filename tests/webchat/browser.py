"""A browser without a screen: the web chat's HTTP, as its script speaks it."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

Event = tuple[str, dict[str, Any]]


@dataclass(slots=True)
class Answer:
    """A response, read."""

    status: int
    data: Any
    headers: CIMultiDictProxy[str]


@dataclass(slots=True)
class Browser:
    """One browser; `token` is what it keeps."""

    http: aiohttp.ClientSession
    token: str = ""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def post(self, path: str, body: object, **headers: str) -> Answer:
        """A POST as the page makes it; `body` is JSON unless it is bytes."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        used = {"Content-Type": "application/json", "X-Visit": self.token, **headers}
        async with self.http.post(path, data=sent, headers=used) as response:
            return Answer(response.status, json.loads(await response.read() or b"null"), response.headers)

    async def begins(self) -> None:
        """A new conversation."""
        self.token = (await self.post("/chat/visit", {"shared": False, "hint": "en"})).data["token"]

    async def sends(self, **message: object) -> Answer:
        """A message with a fresh id, unless it has one."""
        return await self.post("/chat/messages", {"id": f"c{next(self._ids)}", "hint": "en", **message})

    @asynccontextmanager
    async def follows(self, after: int = 0) -> AsyncIterator[AsyncIterator[Event]]:
        """The conversation, live."""
        url = f"/chat/events?after={after}"
        async with self.http.get(url, headers={"X-Visit": self.token}) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            yield events_in(response.content)

    async def reads(self, after: int = 0) -> list[Event]:
        """What there is of the conversation now."""
        url = f"/chat/events?after={after}&once=1"
        async with self.http.get(url, headers={"X-Visit": self.token}) as response:
            return [event async for event in events_in(response.content)]


async def events_in(stream: aiohttp.StreamReader) -> AsyncIterator[Event]:
    """Server-sent events as they arrive, without comments."""
    name, data = "", ""
    async for line in stream:
        text = line.decode().rstrip("\n")
        if text.startswith("event: "):
            name = text[7:]
        elif text.startswith("data: "):
            data = text[6:]
        elif not text and name:
            yield name, json.loads(data)
            name, data = "", ""


async def until(events: AsyncIterator[Event], author: str, tone: str = "") -> dict[str, Any]:
    """The next message by this author (in this tone)."""
    async for name, data in events:
        if name == "message" and data["author"] == author and tone in {"", data["content"].get("tone")}:
            return data
    raise AssertionError("the stream ended")


def words_of(events: list[Event], author: str) -> list[str]:
    """What somebody has said, in order."""
    return [data["content"].get("text", "") for name, data in events if name == "message" and data["author"] == author]
