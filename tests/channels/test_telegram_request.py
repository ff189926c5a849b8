"""HTTP under python-telegram-bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram.request import Faulty, Request, TooLarge, Unreached
from tests.channels.conftest import Platform
from tests.fakes.telegram import TEST_TOKEN, FaultKind


@pytest.fixture
async def bot(tg: Platform) -> AsyncIterator[Bot]:
    async with Bot(TEST_TOKEN, f"{tg.url}/bot", f"{tg.url}/file/bot", Request(), Request(connections=1)) as ready:
        yield ready


async def test_ordinary_calls_of_the_library_work(tg: Platform, bot: Bot) -> None:
    tg.user(41)
    assert (await bot.get_me()).username == "desk_under_test_bot"
    assert (await bot.send_message(41, "Hello")).text == "Hello"
    sent = await bot.send_document(41, InputFile(b"%PDF", "paper.pdf"), caption="A form")
    assert sent.document is not None
    assert sent.document.file_name == "paper.pdf"
    assert sent.caption == "A form"
    file = await bot.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b"%PDF"


async def test_an_answer_that_does_not_come_in_time_is_uncertain(tg: Platform, bot: Bot) -> None:
    tg.user(41)
    tg.fault(FaultKind.HANG, method="sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(41, "Hello", read_timeout=0.01, connect_timeout=5, pool_timeout=5, write_timeout=5)


async def test_a_pool_that_has_no_connection_left_sends_nothing(tg: Platform) -> None:
    tg.user(41)
    tg.fault(FaultKind.HANG, method="getMe")
    narrow = Request(connections=1)
    bot = Bot(TEST_TOKEN, f"{tg.url}/bot", f"{tg.url}/file/bot", narrow, narrow)
    hanging = asyncio.create_task(bot.get_me())
    while not tg.counters.faults["hang"]:
        await asyncio.sleep(0)
    with pytest.raises(Unreached):
        await bot.send_message(41, "Hello", connect_timeout=0.005, pool_timeout=0.005)
    assert tg.sent == []
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    await narrow.shutdown()


@pytest.mark.parametrize(
    "root", ["http://127.0.0.1:{free}", "http://host.invalid", "http://", "http://host:port", "not an address"]
)
async def test_no_connection_is_told_from_a_lost_one(root: str) -> None:
    with socket.socket() as unused:  # bound, but nobody listens
        unused.bind(("127.0.0.1", 0))
        request = Request()
        address = root.format(free=unused.getsockname()[1]) + "/bot"
        bot = Bot(TEST_TOKEN, address, request=request, get_updates_request=request)
        with pytest.raises(Unreached) as raised:
            await bot.get_me()
        await request.shutdown()
    assert TEST_TOKEN not in repr(raised.value)


async def test_redirects_are_not_followed(bot: Bot) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        request = Request()
        with pytest.raises(Faulty):
            await request.download(f"{address}/file", 100)
        with pytest.raises(NetworkError):
            await request.post(f"{address}/method")
        await request.shutdown()
    assert [head.split(b" ")[:2] for head in asked] == [[b"GET", b"/file"], [b"POST", b"/method"]]
    assert all(b"accept-encoding" not in head.lower() for head in asked)


async def test_downloads_stop_at_the_limit(tg: Platform) -> None:
    tg.user(41).sends_document(b"x" * 1000)
    address = f"{tg.url}/file/bot{TEST_TOKEN}/{tg.world.files['file-id-1'].path}"
    request = Request()
    assert len(await request.download(address, 1000)) == 1000
    with pytest.raises(TooLarge):
        await request.download(address, 999)
    with pytest.raises(Faulty):
        await request.download(f"{address}x", 999)
    await request.shutdown()
    with pytest.raises(Unreached):
        await request.download("http://127.0.0.1:1/x", 999)
    await request.shutdown()


async def test_proxies_of_the_environment_are_not_asked(
    tg: Platform, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await bot.get_me()).id == 1000001


async def test_as_many_calls_as_connections_go_at_once(tg: Platform, bot: Bot) -> None:
    tg.user(41)
    tg.fault(FaultKind.HANG, method="sendChatAction", times=128, seconds=0.0)
    together = asyncio.Barrier(129)

    async def call() -> None:
        await together.wait()
        with pytest.raises(NetworkError):
            await bot.send_chat_action(41, "typing")

    async with asyncio.TaskGroup() as group:
        for _ in range(128):
            group.create_task(call())
        await together.wait()
    assert tg.counters.faults["hang"] == 128


async def test_the_pool_opens_again_after_it_was_closed(tg: Platform) -> None:
    request = Request()
    for _ in range(2):
        assert await request.post(f"{tg.url}/bot{TEST_TOKEN}/deleteWebhook") is True
        await request.shutdown()
