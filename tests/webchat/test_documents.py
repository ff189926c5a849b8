"""Files in the web chat: only to the visit whose conversation they stand in, and not for longer than they are kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.dialog.messages import Document, Message
from bot.domain import visits
from bot.domain.callers import callers
from bot.i18n import raw
from bot.post import post
from tests.desk import Guest
from tests.webchat.conftest import Chat

SHEET = {"language": "sl", "title": "Vzorec", "paragraphs": [["text", "Vzorčno pismo"]]}


@pytest.fixture
async def http(chat: Chat) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(chat.url, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def visit(chat: Chat, guest: Guest) -> dict[str, str]:
    """The header of a browser that holds this conversation."""
    await guest._begin()
    async with chat.desk.house.db.transaction() as session:
        token = await visits.begin(session, guest.key, guest.sender, chat.desk.clock())
    return {"X-Visit": token}


async def handed(chat: Chat, guest: Guest, document: Document | None) -> int:
    """The place of a message, perhaps with a file, in the guest's conversation."""
    async with chat.desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], chat.desk.clock()))[guest.sender]
        message = Message(raw("Here it is."), document=document)
        return await post(session, chat.desk.house, caller.address_id, message, f"test:{caller.last_seq}:{guest.key}")


async def fetched(http: aiohttp.ClientSession, who: dict[str, str], seq: object) -> tuple[int, bytes, dict[str, str]]:
    async with http.get(f"/chat/document?seq={seq}", headers=who) as reply:
        return reply.status, await reply.read(), dict(reply.headers)


async def test_a_file_to_its_own_visit_and_nobody_else(chat: Chat, http: aiohttp.ClientSession) -> None:
    guest, stranger = chat.desk.person("en"), chat.desk.person("en")
    who, other = await visit(chat, guest), await visit(chat, stranger)
    plain = await handed(chat, guest, None)
    seq = await handed(chat, guest, Document("pismo.pdf", "sheet", SHEET))
    assert await handed(chat, stranger, None) == plain
    status, data, headers = await fetched(http, who, seq)
    assert (status, data[:5]) == (200, b"%PDF-")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'attachment; filename="pismo.pdf"'
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert (await fetched(http, other, seq))[:2] == (404, b'{"error":"file"}')
    assert (await fetched(http, who, plain))[0] == 404
    assert (await fetched(http, {}, seq))[0] == 401
    assert (await fetched(http, {"X-Visit": "x"}, seq))[0] == 401


async def test_the_page_is_told_the_name_and_not_the_number(chat: Chat, http: aiohttp.ClientSession) -> None:
    guest = chat.desk.person("en")
    who = await visit(chat, guest)
    await handed(chat, guest, Document("koledar.txt", "plain", {"text": "x"}))
    async with http.get("/chat/events?after=0&once=1", headers=who) as reply:
        lines = [line.removeprefix("data: ") for line in (await reply.text()).splitlines() if "content" in line]
    assert [json.loads(line)["content"]["document"] for line in lines] == ["koledar.txt"]


@pytest.mark.parametrize("seq", ["", "-1", "x", "1.5", "9999999999999"])
async def test_no_such_place(chat: Chat, http: aiohttp.ClientSession, seq: str) -> None:
    assert (await fetched(http, await visit(chat, chat.desk.person("en")), seq))[0] == 400


async def test_a_visit_without_a_conversation_has_no_files(chat: Chat, http: aiohttp.ClientSession) -> None:
    assert (await fetched(http, await visit(chat, chat.desk.person()), 1))[0] == 404


async def test_after_a_day_it_is_gone_and_ten_a_minute_are_enough(chat: Chat, http: aiohttp.ClientSession) -> None:
    guest = chat.desk.person("en")
    who = await visit(chat, guest)
    seq = await handed(chat, guest, Document("a.txt", "plain", {"text": "čaj"}))
    chat.desk.clock.pass_(hours=24)
    assert (await fetched(http, who, seq))[:2] == (200, "čaj".encode())
    chat.desk.clock.pass_(minutes=1)
    assert [(await fetched(http, who, seq))[0] for _try in range(11)] == [404] * 10 + [429]
