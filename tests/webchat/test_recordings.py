"""A recording in the web chat: fetched with the visit's token when somebody wants to hear it, and gone when removed."""

from __future__ import annotations

import json

import aiohttp

from bot.domain import recordings
from bot.recordings import offer_recordings
from tests.flows.test_recordings import SOUND, with_recording
from tests.webchat.conftest import Chat
from tests.webchat.test_documents import fetched, http, visit

__all__ = ["http"]


async def test_it_is_fetched_as_sound_and_is_silent_once_removed(chat: Chat, http: aiohttp.ClientSession) -> None:
    number, guest = await with_recording(chat.desk), chat.desk.person("en")
    who = await visit(chat, guest)
    await guest.says("How do I register my address?")
    await guest.presses("🔊 Listen")
    async with http.get("/chat/events?after=0&once=1", headers=who) as reply:
        events = [line.removeprefix("data: ") for line in (await reply.text()).splitlines() if line[:6] == "data: "]
    shown = [one for one in map(json.loads, events) if "document" in one.get("content", {})]
    assert [one["content"]["document"] for one in shown] == ["answer.ogg"]
    status, data, headers = await fetched(http, who, shown[0]["seq"])
    assert (status, data, headers["Content-Type"], headers["X-Content-Type-Options"]) == (
        200, SOUND, "audio/ogg", "nosniff",
    )  # fmt: skip
    async with chat.desk.house.db.transaction() as session:
        await recordings.remove(session, number, chat.desk.clock())
    await offer_recordings(chat.desk.house)
    assert (await fetched(http, who, shown[0]["seq"]))[:2] == (404, b'{"error":"file"}')


async def test_the_page_may_play_what_it_has_fetched_and_nothing_else(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as reply:
        assert "media-src blob:;" in reply.headers["Content-Security-Policy"]
