"""Updates that the platform brings: secret first, 200 only after the commit."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from random import Random

import aiohttp
import pytest

from bot.channels.contract import Malformed
from bot.channels.telegram import Telegram
from tests.channels.conftest import NOW, QUESTION, SOON_S, WANTED, Inbox, Platform, running, served, texts
from tests.channels.updates import said
from tests.fakes.telegram import TEST_TOKEN, FaultKind

SECRET = "a-secret-of-the-tests"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        yield server


@pytest.fixture
def address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}/telegram/hook"


@pytest.fixture
async def channel(tg: Platform, address: str) -> AsyncIterator[Telegram]:
    telegram = Telegram(TEST_TOKEN, tg.url, webhook_url=address, webhook_secret=SECRET, first_pause_s=SOON_S)
    yield telegram
    await telegram.close()


@pytest.fixture
async def hooked(
    tg: Platform, channel: Telegram, inbox: Inbox, listening: socket.socket
) -> AsyncIterator[aiohttp.ClientSession]:
    """The webhook is up and the platform knows it; the session plays somebody else who has found it."""
    async with served(channel, inbox.receive, listening), running(channel, inbox.receive):
        await tg.until(lambda: tg.intake.webhook)
        async with aiohttp.ClientSession() as session:
            yield session
        await tg.intake.stop()


async def test_updates_are_stored(tg: Platform, hooked: aiohttp.ClientSession, inbox: Inbox) -> None:
    user = tg.user(41)
    for number in range(30):
        user.says(str(number))
    await tg.settled()
    assert texts(await inbox.stored()) == [str(number) for number in range(30)]


async def test_two_hundred_only_after_the_commit(tg: Platform, hooked: aiohttp.ClientSession, inbox: Inbox) -> None:
    inbox.failures = 3
    tg.user(41).says("hello")
    await tg.settled()
    assert texts(await inbox.stored()) == ["hello"]
    assert tg.counters.webhook_failures == 3


async def test_malformed_is_set_aside_and_not_sent_again(
    tg: Platform, hooked: aiohttp.ClientSession, channel: Telegram, inbox: Inbox, address: str
) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for body in (b"{", b"\xff\xfe", b"[]", b'{"update_id": "x"}', b"[" * 100_000):
        async with hooked.post(address, data=body, headers=headers) as answer:
            assert answer.status == 200
    stored = await inbox.stored()
    assert [name[:4] for name, _raw in stored] == ["bad-"] * 5
    for name, raw in stored:
        with pytest.raises(Malformed):
            channel.read(name, raw, NOW)


async def test_without_the_secret_nothing_is_taken(hooked: aiohttp.ClientSession, inbox: Inbox, address: str) -> None:
    dice = Random(5)
    wrong = ["", " ", SECRET[:-1], SECRET + "x", SECRET.upper(), "ä" * 20, TEST_TOKEN]
    for _ in range(200):
        letters = list(SECRET)
        letters[dice.randrange(len(letters))] = dice.choice("abcXYZ019_-")
        wrong += ["".join(letters)] if "".join(letters) != SECRET else []
    for secret in wrong:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with hooked.post(address, data=said(text="forged"), headers=headers) as answer:
            assert (answer.status, await answer.read()) == (403, b"")
    async with hooked.post(address, data=said(text="forged")) as answer:
        assert answer.status == 403
    async with hooked.get(address) as answer:
        assert answer.status == 405
    assert inbox.calls == 0


async def test_a_body_larger_than_any_update_is_refused(
    hooked: aiohttp.ClientSession, inbox: Inbox, address: str
) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    async with hooked.post(address, data=endless(), headers=headers) as answer:
        assert answer.status == 413
    assert inbox.calls == 0


async def test_presses_are_answered_in_the_answer(
    tg: Platform, hooked: aiohttp.ClientSession, channel: Telegram, inbox: Inbox
) -> None:
    user = tg.user(41)
    await channel.send("41", QUESTION, "AAAA")
    user.presses(user.got[0], "A")
    await tg.settled()
    assert [press.answers for press in tg.world.presses.values()] == [[""]]


async def test_the_platform_is_told_in_the_end(
    tg: Platform, channel: Telegram, inbox: Inbox, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    tg.fault(FaultKind.ERROR_BEFORE, method="setWebhook", times=3)
    async with running(channel, inbox.receive):
        await tg.until(lambda: tg.intake.webhook)
    assert tg.intake.webhook is not None
    assert (tg.intake.webhook.address.url, tg.intake.webhook.address.secret) == (address, SECRET)
    assert tg.world.queue.allowed == WANTED
    assert SECRET not in caplog.text


async def test_without_a_secret_in_the_settings_each_start_makes_one(tg: Platform, address: str) -> None:
    channels = [Telegram(TEST_TOKEN, tg.url, webhook_url=address) for _ in range(2)]
    secrets = {channel.webhook_secret for channel in channels}
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 40
    for channel in channels:
        await channel.bot.set_webhook(address, secret_token=channel.webhook_secret)
        await channel.close()


async def test_without_a_webhook_there_is_no_route(tg: Platform, inbox: Inbox) -> None:
    assert Telegram(TEST_TOKEN, tg.url).routes(inbox.receive) == []
