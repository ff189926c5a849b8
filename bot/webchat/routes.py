"""The addresses of the web chat."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.contract import Malformed, RawUpdate, Receive
from bot.channels.webchat import NAME, reply_in
from bot.dialog.messages import Commanded
from bot.domain import documents, outgoing, visits
from bot.domain.db import new_token
from bot.domain.people import sender_of
from bot.house import House
from bot.i18n import language_of_platform
from bot.paper.makers import make
from bot.webchat import page
from bot.webchat.door import Refused, Visitor, accepted, kindly, object_in, of_our_page, visitor
from bot.webchat.lookout import Lookout, place_of
from bot.webchat.pace import Pace
from bot.webchat.stream import Stream
from bot.webchat.words import interface

MESSAGES_PER_MINUTE: Final = 30
_CODES_PER_MINUTE: Final = 5
_DOCUMENTS_PER_MINUTE: Final = 10  # each takes a third of a second of CPU
_VISITS_PER_MINUTE: Final = 60  # a whole house may share one address of the internet
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MOST_SEQ: Final = 2**31 - 1


def routes(
    house: House, receive: Receive, closing: asyncio.Event | None = None, *,
    messages_per_minute: int = MESSAGES_PER_MINUTE,
) -> list[BaseRoute]:  # fmt: skip
    """The page and what it talks to. Set `closing` when the service stops: open pages then let go at once."""
    chat = _Chat(house, receive, closing or asyncio.Event(), messages_per_minute)
    files = page.LastingFiles(directory=page.STATIC)
    packed = [Middleware(GZipMiddleware, minimum_size=500)]
    return [
        Route("/", chat.page, middleware=packed),
        Route("/chat/words", kindly(chat.words)),
        Route("/chat/events", kindly(chat.events)),
        Route("/chat/document", kindly(chat.document)),
        *(
            Route(f"/chat/{name}", kindly(answer), methods=["POST"])
            for name, answer in (
                ("visit", chat.visit), ("messages", chat.messages), ("ack", chat.ack), ("code", chat.code),
                ("resume", chat.resume), ("leave", chat.leave),
            )
        ),
        Mount(page.FILES, files, middleware=packed),
    ]  # fmt: skip


class _Chat:
    """What the addresses share."""

    def __init__(self, house: House, receive: Receive, closing: asyncio.Event, per_minute: int) -> None:
        self._house = house
        self._receive = receive
        self._lookout = Lookout(house, closing)
        self._messages = Pace(per_minute)
        self._dangers = Pace(per_minute)
        self._codes = Pace(_CODES_PER_MINUTE)
        self._documents = Pace(_DOCUMENTS_PER_MINUTE)
        self._visits = Pace(_VISITS_PER_MINUTE)

    async def _body(self, request: Request) -> dict[str, Any]:
        of_our_page(request, self._house)
        return await object_in(request)

    async def _visitor(self, request: Request) -> Visitor:
        return await visitor(request, self._house)

    def _limit(self, pace: Pace, name: str) -> None:
        wait_s = pace.wait_s(name, self._house.now())
        if wait_s:
            raise Refused(429, "pace", wait_s)

    async def page(self, request: Request) -> Response:
        """GET / is the whole page."""
        return page.show(self._house, request)

    async def words(self, request: Request) -> Response:
        """GET /chat/words?lang=xx: what the page says in that language."""
        language = language_of_platform(request.query_params.get("lang"))
        if language is None:
            raise Refused(404, "language")
        return accepted(interface(self._house, language))

    async def visit(self, request: Request) -> Response:
        """POST /chat/visit: a token for a new conversation. Its address appears with the first message."""
        await self._body(request)
        self._limit(self._visits, _origin_of(request))
        key = new_token()
        return accepted({"token": await self._begin(key, sender_of(NAME, key))})

    async def _begin(self, key: str, sender: str) -> str:
        async with self._house.db.transaction() as session:
            return await visits.begin(session, key, sender, self._house.now())

    async def messages(self, request: Request) -> Response:
        """POST /chat/messages: 202 once it is stored; the same id again changes nothing."""
        data = await self._body(request)
        who = await self._visitor(request)
        client = data.get("id")
        if not isinstance(client, str) or not _ID.fullmatch(client):
            raise Refused(400, "id")
        try:
            reply = reply_in(data)
        except Malformed as malformed:
            code = str(malformed)
            raise Refused(413 if code == "too long" else 400, code) from None
        in_danger = isinstance(reply, Commanded) and reply.name == "danger"
        self._limit(self._dangers if in_danger else self._messages, who.sender)
        raw = {name: data[name] for name in ("typed", "pressed", "command", "hint") if name in data}
        # ASCII: a half character that JSON may carry cannot be stored otherwise.
        await self._receive(NAME, [RawUpdate(f"{who.key}:{client}", who.key, json.dumps(raw))])
        return accepted({"id": client}, 202)

    async def events(self, request: Request) -> Response:
        """GET /chat/events?after=7: the conversation after that place; with `once` only what there is now."""
        who = await self._visitor(request)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal()) or int(after[:10]) > _MOST_SEQ:
            raise Refused(400, "after")
        once = "once" in request.query_params
        if not once and self._lookout.is_full(who.sender):
            raise Refused(429, "streams", retry_after_s=15)
        return Stream(self._house, who, int(after), self._lookout, once=once)

    async def document(self, request: Request) -> Response:
        """GET /chat/document?seq=7: the file of the message at that place of the visitor's own conversation."""
        who = await self._visitor(request)
        seq = request.query_params.get("seq", "")
        if not (seq.isascii() and seq.isdecimal()) or int(seq[:10]) > _MOST_SEQ:
            raise Refused(400, "seq")
        self._limit(self._documents, who.sender)
        address, _language = await place_of(self._house, who.sender)
        async with self._house.db.reading() as session:
            recipe = await documents.recipe_at(session, address or 0, int(seq), self._house.now())
        if recipe is None:
            raise Refused(404, "file")
        file = await asyncio.to_thread(make, recipe.maker, recipe.name, recipe.content)
        headers = {
            "Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff",
        }  # fmt: skip
        return Response(file.data, media_type=file.media_type, headers=headers)

    async def ack(self, request: Request) -> Response:
        """POST /chat/ack: the page shows everything up to `seq`."""
        data = await self._body(request)
        who = await self._visitor(request)
        seq = data.get("seq")
        if not isinstance(seq, int) or not 0 <= seq <= _MOST_SEQ:
            raise Refused(400, "seq")
        address, _language = await place_of(self._house, who.sender)
        if address is not None:
            async with self._house.db.transaction() as session:
                await outgoing.acknowledge(session, address, seq, self._house.now())
                await visits.touch(session, who.token, self._house.now())
        return accepted()

    async def code(self, request: Request) -> Response:
        """POST /chat/code: a return code for this conversation."""
        await self._body(request)
        who = await self._visitor(request)
        self._limit(self._codes, who.sender)
        address, _language = await place_of(self._house, who.sender)
        if address is None:
            raise Refused(409, "nothing yet")
        async with self._house.db.transaction() as session:
            return accepted({"code": await visits.new_code(session, address, self._house.now())})

    async def resume(self, request: Request) -> Response:
        """POST /chat/resume: a token for the conversation that a return code opens."""
        data = await self._body(request)
        self._limit(self._codes, _origin_of(request))
        code = data.get("code")
        if not isinstance(code, str) or len(code) > 40:  # noqa: PLR2004 - a code with many spaces
            raise Refused(404, "code")
        async with self._house.db.transaction() as session:
            found = await visits.redeem(session, code, self._house.now())
            if found is None or found[1] != sender_of(NAME, found[0]):
                raise Refused(404, "code")
            return accepted({"token": await visits.begin(session, *found, self._house.now())})

    async def leave(self, request: Request) -> Response:
        """POST /chat/leave: forget this browser."""
        await self._body(request)
        who = await self._visitor(request)
        async with self._house.db.transaction() as session:
            await visits.end(session, who.token)
        return accepted()


def _origin_of(request: Request) -> str:
    return request.client.host if request.client else ""
