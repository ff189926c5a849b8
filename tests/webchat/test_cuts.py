from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.inbound import StoredUpdate
from tests.desk import open_desk
from tests.webchat.conftest import serving
from tests.webchat.cuts import CutClient

BURST = 8


@pytest.mark.parametrize("cuts", [20, pytest.param(1000, marks=pytest.mark.soak)])
async def test_cuts_lose_and_double_nothing(database_url: str, cuts: int) -> None:
    sent: list[str] = []
    async with open_desk(database_url) as desk, serving(desk, messages_per_minute=10**6) as chat:
        client = CutClient(chat.port, random.Random(cuts), cuts)
        await client.begins()
        while client.cuts_left:
            await _burst(client, sent)
        async with desk.house.db.reading() as session:
            stored = list(await session.scalars(select(StoredUpdate.raw).order_by(StoredUpdate.id)))
    assert client.cuts == cuts
    assert [one[0].partition(":")[2] for one in stored if one] == sent
    assert [message["seq"] for message in client.seen] == list(range(1, len(client.seen) + 1))
    own = [message["content"] for message in client.seen if message["author"] == "person"]
    assert [content["client"] for content in own] == sent
    assert [content["text"] for content in own] == [_words(name) for name in sent]
    # The first message also brings the notice; each gets one answer, right behind it.
    authors = [message["author"] for message in client.seen]
    assert authors == ["person", "bot", "bot", *["person", "bot"] * (len(sent) - 1)]


async def _burst(client: CutClient, sent: list[str]) -> None:
    """Some messages, while the conversation is read on a second, cut connection."""
    names = [f"m{len(sent) + number}" for number in range(BURST)]
    sent += names
    answered = 2 * len(sent) + 1

    def is_enough(seen: list[dict[str, Any]]) -> bool:
        return bool(seen) and seen[-1]["seq"] >= answered

    async def write() -> None:
        for name in names:
            await client.delivers({"id": name, "typed": _words(name)})

    async with asyncio.timeout(120):
        await asyncio.gather(write(), client.reads(is_enough))


def _words(name: str) -> str:
    return f"Sample {name}: brzzl qwopt?"
