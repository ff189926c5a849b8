"""`python -m tests.channels.measure`: what reading and sending cost, in microseconds of processor time."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from statistics import median

from telegram import Update

from bot.channels.telegram import Telegram
from bot.channels.telegram.intake import raw_update
from bot.channels.telegram.read import read
from bot.channels.telegram.show import bodies
from bot.dialog.messages import Laid, LaidButton
from tests.channels.conftest import NOW
from tests.channels.updates import CORPUS
from tests.fakes.telegram import TEST_TOKEN

ROUNDS = 7
KINDS = {"text": 0, "command": 1, "voice": 4, "photo": 8, "edited": 16, "press": 17, "blocked": 18}
LAID = Laid(
    "To register your address, go to the administrative unit. " * 8,
    "Register your address",
    ((LaidButton("Yes, it helped", index=0), LaidButton("No", index=1)), (LaidButton("Talk to a person", index=2),)),
)


def tell(what: str, microseconds: float) -> None:
    sys.stdout.write(f"{what:<34}{microseconds:>9.1f} µs\n")


def cost(deed: Callable[[], object], times: int) -> float:
    def once() -> float:
        start = time.process_time()
        for _ in range(times):
            deed()
        return (time.process_time() - start) / times * 1e6

    return min(once() for _ in range(ROUNDS))


async def sending(channel: Telegram, at_once: int, total: int) -> tuple[float, float]:
    """Processor and wall time of one send."""
    left = iter(range(total))

    async def sender() -> None:
        for _ in left:
            await channel.send("41", LAID, "AAAAAAAAAAAAAAAAAAAAAA")

    wall, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(sender())
    return (time.process_time() - cpu) / total * 1e6, (time.perf_counter() - wall) / total * 1e6


async def fake_beside_us(stack: AsyncExitStack) -> str:
    """The fake in a process of its own, so that its work is not counted; returns its address."""
    command = (sys.executable, "-m", "tests.fakes.telegram")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    stack.push_async_callback(process.wait)
    stack.callback(process.terminate)
    if process.stdout is None:
        raise RuntimeError("no output")
    return (await process.stdout.readline()).decode().strip()


async def measure_sending() -> None:
    import aiohttp

    async with AsyncExitStack() as stack:
        url = await fake_beside_us(stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await session.post(f"{url}/control/acts", json=[{"user": 41, "does": "says", "text": "hello"}])
        channel = Telegram(TEST_TOKEN, url)
        stack.push_async_callback(channel.close)
        for at_once in (1, 32, 128):
            await sending(channel, at_once, 500)
            rounds = [await sending(channel, at_once, 2000) for _ in range(3)]
            tell(f"send, {at_once} at once: processor", median(cpu for cpu, _wall in rounds))
            tell(f"send, {at_once} at once: wall", median(wall for _cpu, wall in rounds))


def main() -> None:
    for name, number in KINDS.items():
        raw = json.dumps(CORPUS[number])
        tell(f"read, {name}", cost(lambda raw=raw: read("5", raw, NOW), 2000))  # type: ignore[misc]
    raw = json.dumps(CORPUS[0])
    tell("Update.de_json, text", cost(lambda: Update.de_json(json.loads(raw)), 1000))
    tell("raw_update, text", cost(lambda: raw_update(CORPUS[0]), 2000))
    tell("bodies", cost(lambda: bodies(41, LAID, "AAAAAAAAAAAAAAAAAAAAAA"), 2000))
    asyncio.run(measure_sending())
    import uvloop

    sys.stdout.write("with uvloop\n")
    uvloop.run(measure_sending())


if __name__ == "__main__":
    main()
