"""A fake Bot API server with a clock that tests move, and two ways to call it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from tests.fakes.telegram import TEST_TOKEN, FakeTelegram, Message

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """Calls methods as bare HTTP."""

    def __init__(self, session: aiohttp.ClientSession, tg: FakeTelegram) -> None:
        self.session = session
        self.tg = tg

    async def __call__(self, method: str, **values: object) -> Json:
        async with self.session.post(f"{self.tg.url}/bot{TEST_TOKEN}/{method}", json=values) as answer:
            body: Json = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body

    async def refused(self, method: str, **values: object) -> str:
        body = await self(method, **values)
        assert body["ok"] is False
        return f"{body['error_code']} {body['description']}"

    async def control(self, path: str, value: object = None) -> Any:  # noqa: ANN401 - JSON
        url = f"{self.tg.url}/control/{path}"
        request = self.session.get(url) if value is None else self.session.post(url, json=value)
        async with request as answer:
            return await answer.json()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tg(clock: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=clock, webhook_retry_seconds=0.0) as fake:
        yield fake


@pytest.fixture
async def call(tg: FakeTelegram) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, tg)


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(TEST_TOKEN, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot") as real:
        yield real


def texts(body: Json) -> list[str]:
    return [update["message"]["text"] for update in body["result"]]


async def sent_by(call: Caller, chat_id: int, text: str = "hello", **more: object) -> Message:
    await call("sendMessage", chat_id=chat_id, text=text, **more)
    return call.tg.sent[-1]


def key(**parts: object) -> Json:
    return {"inline_keyboard": [[{"text": "a", **parts}]]}
