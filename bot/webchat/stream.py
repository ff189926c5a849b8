"""A conversation as server-sent events: first what there is, then what comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from starlette.responses import StreamingResponse
from starlette.types import Send

from bot.bell import of_address, of_sender
from bot.domain import messages, visits
from bot.domain.messages import ChatMessage
from bot.house import House
from bot.webchat.door import Visitor
from bot.webchat.lookout import Lookout, place_of

BEAT_S: Final = 15.0  # below the 30 to 60 seconds after which proxies close a silent connection
_PAGE: Final = 200
_SHOWN: Final = ("text", "title", "tone", "language", "direction", "sender", "rows", "pressed", "client", "document")


class Stream(StreamingResponse):
    """The response to one open page; ends when the page goes, the visit ends or the service closes."""

    def __init__(self, house: House, visitor: Visitor, after: int, lookout: Lookout, *, once: bool) -> None:
        super().__init__((), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._house = house
        self._visitor = visitor
        self._after = after
        self._address: int | None = None
        self._language = ""
        self._lookout = lookout
        self._once = once

    async def stream_response(self, send: Send) -> None:
        """Answer as ASGI asks for it; cancelled when the page goes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _say(send, b": hello\n\n")
        self._address, _language = await place_of(self._house, self._visitor.sender)
        if self._once:
            await self._send_news(send)
        else:
            await self._live(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _live(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        with self._lookout.watching(self._visitor.sender):
            while not self._lookout.closing.is_set():
                if not await self._is_welcome():
                    await _say(send, b"event: gone\ndata: {}\n\n")
                    return
                beat_at = loop.time() + BEAT_S
                while loop.time() < beat_at and not self._lookout.closing.is_set():
                    await self._send_news_and_wait(send, beat_at - loop.time())
                await _say(send, b": beat\n\n")

    async def _send_news_and_wait(self, send: Send, most_s: float) -> None:
        # The address comes with the first message, and another one after a deletion: the sender's bell rings for it.
        names = [of_sender(self._visitor.sender)]
        if self._address is not None:
            names.append(of_address(self._address))
        bell, before = self._house.bell, self._address
        # Listen before looking: what is written in between then rings.
        with bell.listen(*names) as event:
            await self._send_news(send)
            if self._address == before and not self._lookout.closing.is_set():
                await bell.wait(event, most_s)

    async def _send_news(self, send: Send) -> None:
        """Send all that is not sent; start anew where a deletion has put another address in the place."""
        address, language = await place_of(self._house, self._visitor.sender)
        if address != self._address:
            if self._address is not None:
                self._after = 0
                await _say(send, b"event: anew\ndata: {}\n\n")
            self._address = address
        if language != self._language:
            self._language = language
            await _say(send, f'event: language\ndata: {{"language":"{language}"}}\n\n'.encode())
        while self._address is not None:
            async with self._house.db.reading() as session:
                found = await messages.since(session, self._address, self._after, _PAGE)
            if not found:
                return
            await _say(send, b"".join(map(event_of, found)))
            self._after = found[-1].seq

    async def _is_welcome(self) -> bool:
        async with self._house.db.reading() as session:
            return await visits.key_of(session, self._visitor.token, self._house.now()) is not None


def event_of(message: ChatMessage) -> bytes:
    """One message as an event; what its buttons do stays here."""
    content: dict[str, Any] = {name: message.content[name] for name in _SHOWN if name in message.content}
    if "client" in content:  # stored with the key in front
        content["client"] = str(content["client"]).rpartition(":")[2]
    if "document" in content:  # the page asks for it by its place in the conversation
        content["document"] = content["document"]["name"]
    data = {
        "seq": message.seq, "author": message.author, "at": message.at.isoformat(), "token": message.token,
        "content": content,
    }  # fmt: skip
    return f"id: {message.seq}\nevent: message\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def _say(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
