from __future__ import annotations

import asyncio
import itertools
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.bell import OUTBOX, of_address
from bot.dialog.messages import Message, Tone
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.outgoing import OutboxState, Outgoing
from bot.domain.people import Address
from bot.domain.visits import VISIT_FOR
from bot.i18n import LANGUAGES, raw
from bot.post import post
from bot.webchat.page import languages_of
from bot.webchat.words import WORDS, interface
from tests.desk import open_desk
from tests.webchat.browser import Browser, until, words_of
from tests.webchat.conftest import Chat, serving


@asynccontextmanager
async def browsing(chat: Chat) -> AsyncIterator[Browser]:
    """A browser that has nothing yet."""
    async with aiohttp.ClientSession(chat.url, cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Browser(http)


@pytest.fixture
async def browser(chat: Chat) -> AsyncIterator[Browser]:
    """A browser that has begun a conversation."""
    async with browsing(chat) as browser:
        await browser.begins()
        yield browser


@pytest.fixture
async def stranger(chat: Chat) -> AsyncIterator[Browser]:
    """Another browser, with nothing."""
    async with browsing(chat) as browser:
        yield browser


async def rows(chat: Chat, table: Any) -> list[Any]:  # noqa: ANN401
    """All of a table, oldest first."""
    async with chat.desk.house.db.reading() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def served(browser: Browser, **message: object) -> dict[str, Any]:
    """Send, and wait for the first answer."""
    async with browser.follows() as events:
        assert (await browser.sends(**message)).status == 202
        return await until(events, "bot")


# The page


async def test_page_speaks_the_browsers_language(stranger: Browser) -> None:
    shown = []
    for url, accepted in (
        ("/", ""), ("/", "de-AT, ar;q=0.8, en;q=0.5"), ("/", "hr-HR,hr;q=0.9"),
        ("/?lang=ur", "ar"), ("/?lang=zz", "uk"),
    ):  # fmt: skip
        async with stranger.http.get(url, headers={"Accept-Language": accepted}) as response:
            assert response.status == 200
            assert "Set-Cookie" not in response.headers
            tag = re.search('<html lang="(.*)" dir="(.*)">', await response.text())
            assert tag is not None
            shown.append((response.headers["Content-Language"], *tag.groups()))
    assert shown == [
        ("en", "en", "ltr"), ("ar", "ar", "rtl"), ("bs", "bs", "ltr"), ("ur", "ur", "rtl"), ("uk", "uk", "ltr"),
    ]  # fmt: skip


def test_accept_language_is_read_by_weight() -> None:
    assert languages_of("sq;q=0.1, sl, en;q=0.5, de, x;q=bad, ru;q=0") == ["sl", "en", "sq"]


async def test_page_is_guarded_and_refers_only_to_itself(stranger: Browser) -> None:
    async with stranger.http.get("/") as response:
        page = await response.text()
        headers = response.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    used = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {one for one in used if not one.startswith(("/chat/static/", "#", "tel:"))} == set()
    assert re.findall(r"\sstyle=|\son[a-z]+=|<script>|<style", page) == []


async def test_files_may_be_kept_for_ever(stranger: Browser) -> None:
    async with stranger.http.get("/") as response:
        page = await response.text()
    files = set(re.findall(r'"(/chat/static/[^"]+)"', page))
    assert {file.rpartition("/")[2] for file in files} >= {"chat.js", "shell.css", "talk.css", "mark.svg"}
    for file in files:
        async with stranger.http.get(file) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_words_in_every_language(chat: Chat, stranger: Browser) -> None:
    for code in LANGUAGES:
        async with stranger.http.get(f"/chat/words?lang={code}") as response:
            assert await response.json() == interface(chat.desk.house, code)
    async with stranger.http.get("/chat/words?lang=zz") as response:
        assert (response.status, await response.json()) == (404, {"error": "language"})


async def test_page_and_script_use_every_word_and_no_other(stranger: Browser) -> None:
    async with stranger.http.get("/") as response:
        page = await response.text()
    used = set(re.findall(r'data-(?:word|label|title|placeholder)="(\w+)"', page))
    for file in set(re.findall(r'"(/chat/static/[^"]+\.js)"', page)):
        async with stranger.http.get(file) as response:
            used |= set(re.findall(r'"(\w+)"', await response.text())) & set(WORDS)
    assert used == set(WORDS)


# Messages


async def test_message_is_stored_then_answered_live(chat: Chat, browser: Browser) -> None:
    async with browser.follows() as events:
        answer = await browser.sends(id="my-first", command=["start", ""])
        assert (answer.status, answer.data) == (202, {"id": "my-first"})
        own = await until(events, "person")
        assert (own["seq"], own["content"]) == (1, {"text": "/start", "client": "my-first"})
        notice = await until(events, "bot", Tone.NOTICE)
        assert notice["content"]["language"] == "en"
        assert notice["token"]
        assert "binds" not in json.dumps(notice)
    assert [update.state for update in await rows(chat, StoredUpdate)] == ["done"]


async def test_language_of_the_person_comes_first(browser: Browser) -> None:
    await served(browser, command=["start", ""], hint="ar-SY")
    assert (await browser.reads())[0] == ("language", {"language": "ar"})


async def test_button_is_pressed_by_its_token_and_place(browser: Browser) -> None:
    async with browser.follows() as events:
        await browser.sends(command=["menu", ""])
        await until(events, "bot", Tone.NOTICE)
        menu = await until(events, "bot", Tone.BOT)
        label, _url, index = menu["content"]["rows"][0][0]
        await browser.sends(pressed=[menu["token"], index])
        pressed = await until(events, "person")
        assert pressed["content"]["pressed"] == label


async def test_repeated_message_changes_nothing(chat: Chat, browser: Browser) -> None:
    for _ in range(3):
        assert (await browser.sends(id="same", typed="/menu")).status == 202
    await served(browser, id="other", typed="/help")
    stored = [row.raw[0] for row in await rows(chat, StoredUpdate)]
    assert [one.partition(":")[2] for one in stored] == ["same", "other"]


async def test_stream_resumes_after_a_place(browser: Browser) -> None:
    await served(browser, typed="/menu")
    everything = [data["seq"] for name, data in await browser.reads() if name == "message"]
    later = [data["seq"] for name, data in await browser.reads(after=2) if name == "message"]
    assert everything[:2] == [1, 2]
    assert later == everything[2:]


async def test_staff_reply_appears_live(chat: Chat, browser: Browser) -> None:
    house = chat.desk.house
    await served(browser, typed="/menu")
    async with browser.follows() as events:
        address = (await rows(chat, Address))[0].id
        async with house.db.transaction() as session:
            reply = Message(raw("A sample reply."), tone=Tone.STAFF)
            await post(session, house, address, reply, "sample:1", sender="Vesna")
        house.bell.ring(OUTBOX, of_address(address))
        shown = await until(events, "staff")
        assert (shown["content"]["text"], shown["content"]["sender"]) == ("A sample reply.", "Vesna")


async def test_what_another_process_wrote_appears_without_a_bell(
    chat: Chat, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webchat.lookout.LOOK_EVERY_S", 0.05)
    house = chat.desk.house
    await served(browser, typed="/menu")
    async with browser.follows() as events:
        await until(events, "bot")
        address = (await rows(chat, Address))[0].id
        async with house.db.transaction() as session:
            await post(session, house, address, Message(raw("From elsewhere."), tone=Tone.STAFF), "sample:1")
        assert (await until(events, "staff"))["content"]["text"] == "From elsewhere."


async def test_rows_count_as_sent_once_the_page_has_shown_them(chat: Chat, browser: Browser) -> None:
    await served(browser, typed="/menu")
    last = (await browser.reads())[-1][1]["seq"]
    assert {row.state for row in await rows(chat, Outgoing)} == {OutboxState.QUEUED}
    assert (await browser.post("/chat/ack", {"seq": last - 1})).status == 200
    assert [row.state for row in await rows(chat, Outgoing)] == [OutboxState.SENT, OutboxState.QUEUED]
    assert (await browser.post("/chat/ack", {"seq": last})).status == 200
    assert {row.state for row in await rows(chat, Outgoing)} == {OutboxState.SENT}
    assert (await browser.post("/chat/ack", {"seq": "all"})).data == {"error": "seq"}


async def test_half_characters_and_nul_do_no_harm(browser: Browser) -> None:
    await served(browser, typed="a\0b \ud83d c")
    assert words_of(await browser.reads(), "person") == ["ab \ufffd c"]


async def test_unreadable_messages_are_refused_by_name(chat: Chat, browser: Browser) -> None:
    expected: list[tuple[dict[str, Any], int, str]] = [
        ({"typed": "a" * 4001}, 413, "too long"),
        ({"typed": "  "}, 400, "empty"),
        ({}, 400, "nothing to read"),
        ({"typed": ["a"]}, 400, "nothing to read"),
        ({"pressed": ["x", 1000]}, 400, "no such button"),
        ({"command": ["../menu", ""]}, 400, "no such command"),
        ({"id": "with space", "typed": "a"}, 400, "id"),
        ({"id": 5, "typed": "a"}, 400, "id"),
        ({"id": "x" * 41, "typed": "a"}, 400, "id"),
    ]
    answers = [await browser.post("/chat/messages", {"id": "c1", **message}) for message, _status, _code in expected]
    assert [(one.status, one.data["error"]) for one in answers] == [(status, code) for _, status, code in expected]
    assert await rows(chat, StoredUpdate) == []


async def test_longest_text_fits_in_every_script(browser: Browser) -> None:
    for number, letter in enumerate("aжকع"):
        body = json.dumps({"id": f"long-{number}", "typed": letter * 4000}, ensure_ascii=False).encode()
        assert (await browser.post("/chat/messages", body)).status == 202


async def test_bodies_that_are_no_small_json(browser: Browser) -> None:
    bodies = [b"{", b"[]", b"", b"\xff", b"[" * 16_000, b" " * 16_385, b"a" * 100_000]
    answers = [await browser.post("/chat/messages", body) for body in bodies]
    assert [(one.status, one.data) for one in answers] == [
        *[(400, {"error": "json"})] * 5,
        *[(413, {"error": "too long"})] * 2,
    ]


# Who may


PATHS = ("visit", "messages", "ack", "code", "resume", "leave")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403, "origin"),
        ({"Sec-Fetch-Site": "same-site"}, 403, "origin"),
        ({"Origin": "https://example.org"}, 403, "origin"),
        ({"Origin": "null"}, 403, "origin"),
        ({"Content-Type": "text/plain"}, 415, "json"),
    ],
)
async def test_foreign_pages_change_nothing(browser: Browser, headers: dict[str, str], status: int, code: str) -> None:
    body = {"id": "c1", "typed": "a", "seq": 1, "code": "x"}
    answers = [await browser.post(f"/chat/{path}", body, **headers) for path in PATHS]
    assert [(one.status, one.data) for one in answers] == [(status, {"error": code})] * len(PATHS)


async def test_own_page_may_also_behind_a_proxy(chat: Chat, browser: Browser) -> None:
    assert (await browser.sends(typed="a")).status == 202
    for origin in (chat.url, chat.desk.house.public_url):
        answer = await browser.post(
            "/chat/messages", {"id": "c9", "typed": "a"}, **{"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status == 202


async def test_without_a_visit_there_is_nothing(stranger: Browser) -> None:
    for token, path in itertools.product(("", "unknown"), ("messages", "ack", "code", "leave")):
        stranger.token = token
        answer = await stranger.post(f"/chat/{path}", {"id": "c1", "typed": "a", "seq": 1})
        assert (answer.status, answer.data) == (401, {"error": "visit"})
        async with stranger.http.get("/chat/events", headers={"X-Visit": token}) as response:
            assert response.status == 401


async def test_places_in_the_conversation_are_numbers(browser: Browser) -> None:
    for after in ("-1", "x", "9999999999", "1.5", "²"):
        headers = {"X-Visit": browser.token}
        async with browser.http.get("/chat/events", params={"after": after}, headers=headers) as response:
            assert (response.status, await response.json()) == (400, {"error": "after"})


async def test_visit_grows_old(chat: Chat, browser: Browser) -> None:
    chat.desk.clock.pass_(days=VISIT_FOR.days, seconds=1)
    assert (await browser.sends(typed="a")).status == 401


async def test_left_browser_is_forgotten(browser: Browser) -> None:
    await served(browser, typed="/menu")
    assert (await browser.post("/chat/leave", {})).status == 200
    assert (await browser.sends(typed="a")).status == 401


async def test_so_many_messages_a_minute_and_danger_always(database_url: str) -> None:
    async with open_desk(database_url) as desk, serving(desk, messages_per_minute=3) as chat, browsing(chat) as browser:
        await browser.begins()
        answers = [await browser.sends(typed="/menu") for _ in range(4)]
        assert [answer.status for answer in answers] == [202, 202, 202, 429]
        assert (answers[-1].data, answers[-1].headers["Retry-After"]) == ({"error": "pace"}, "20")
        assert (await browser.sends(command=["danger", ""])).status == 202
        desk.clock.pass_(seconds=20)
        assert [(await browser.sends(typed="/menu")).status for _ in range(2)] == [202, 429]


async def test_conversations_cannot_be_begun_without_end(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.webchat.routes._VISITS_PER_MINUTE", 2)
    async with open_desk(database_url) as desk, serving(desk) as chat, browsing(chat) as stranger:
        statuses = [(await stranger.post("/chat/visit", {})).status for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_eight_open_pages_are_enough(browser: Browser) -> None:
    headers = {"X-Visit": browser.token}
    pages = [await browser.http.get("/chat/events", headers=headers) for _ in range(9)]
    for page in pages[:8]:
        assert await page.content.readline() == b": hello\n"
    ninth = await browser.http.get("/chat/events", headers=headers)
    assert ninth.status == 429
    for page in [*pages, ninth]:
        page.close()
    async with asyncio.timeout(20):
        while (again := await browser.http.get("/chat/events", headers=headers)).status == 429:
            again.close()
    again.close()


# Continuing elsewhere


async def test_code_opens_the_conversation_once(browser: Browser, stranger: Browser) -> None:
    assert (await browser.post("/chat/code", {})).data == {"error": "nothing yet"}
    await served(browser, typed="/menu")
    code = (await browser.post("/chat/code", {})).data["code"]
    assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", code)
    answer = await stranger.post("/chat/resume", {"code": code.lower().replace("-", " ")})
    assert answer.status == 200
    stranger.token = answer.data["token"]
    assert stranger.token != browser.token
    assert await stranger.reads() == await browser.reads()
    again = await stranger.post("/chat/resume", {"code": code})
    assert (again.status, again.data) == (404, {"error": "code"})


async def test_codes_cannot_be_guessed_quickly(chat: Chat, stranger: Browser) -> None:
    tries = ["ABCDE-FGHJK", "", "x" * 100, 7, None, "ABCDE-FGHJK"]
    statuses = [(await stranger.post("/chat/resume", {"code": code})).status for code in tries]
    assert statuses == [404] * 5 + [429]
    chat.desk.clock.pass_(seconds=12)
    assert (await stranger.post("/chat/resume", {"code": "ABCDE-FGHJK"})).status == 404


# Endings


async def test_deletion_clears_the_page_then_says_goodbye_and_ends(chat: Chat, browser: Browser) -> None:
    async with browser.follows() as events:
        await browser.sends(typed="/delete")
        asked = await until(events, "bot", Tone.BOT)
        index = asked["content"]["rows"][0][0][2]
        await browser.sends(pressed=[asked["token"], index])
        async for name, _data in events:
            if name == "anew":
                break
        goodbye = await until(events, "bot", Tone.INFO)
        assert goodbye["seq"] == 1
        assert [row.seq for row in await rows(chat, ChatMessage)] == [1]
    assert (await browser.sends(typed="a")).status == 401


async def test_open_pages_let_go_when_the_service_closes(chat: Chat, browser: Browser) -> None:
    async with browser.follows() as events:
        await browser.sends(typed="/menu")
        await until(events, "bot")
        chat.closing.set()
        assert [name async for name, _data in events if name == "gone"] == []
    async with browser.follows(after=1000) as events:
        assert [event async for event in events if event[0] == "message"] == []


async def test_page_of_an_ended_visit_hears_it(chat: Chat, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.webchat.stream.BEAT_S", 0.01)
    async with browser.follows() as events:
        assert (await browser.post("/chat/leave", {})).status == 200
        assert [event async for event in events] == [("gone", {})]


async def test_nothing_personal_is_logged(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await served(browser, typed="zanzibar marzipan")
    await browser.post("/chat/code", {})
    logged = caplog.text
    assert browser.token not in logged
    assert "zanzibar" not in logged
