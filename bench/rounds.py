"""One bot measured once: start, first contact, saturation, half load, slow network, start again."""

import asyncio
import gc
import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.bots import Bot, environment
from bench.crowd import Crowd
from bench.process import BotDiedError, Process, start
from bench.script import Script
from tests.fakes.telegram import TEST_TOKEN, FakeTelegram

SLOW_CALL_SECONDS = 0.05
ROUND_SECONDS = 600
"""Nothing that is measured once takes longer; a bot that hangs is ended."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and with whom."""

    script: Script
    people: int = 64
    warm_seconds: float = 2.0
    seconds: float = 5.0
    cores: tuple[int, int] | None = None
    """The server's and the bot's; None leaves both to the system."""


@dataclass(slots=True)
class Figures:
    """What one round found."""

    first_start_seconds: float = 0.0
    updates_per_second: float = 0.0
    cpu_micros: float = 0.0
    saturated_p50_ms: float = 0.0
    saturated_p99_ms: float = 0.0
    half_p50_ms: float = 0.0
    half_p99_ms: float = 0.0
    rss_mb: float = 0.0
    slow_updates_per_second: float = 0.0
    slow_p99_ms: float = 0.0
    cold_start_seconds: float = 0.0
    cold_start_cpu_seconds: float = 0.0
    load: float = 0.0
    """The machine's load average before the round; far above 0 somebody else is measured too."""
    lost: int = 0
    duplicates: int = 0
    shown: dict[str, list[str]] = field(default_factory=dict)


async def measure(bot: Bot, plan: Plan, new_database: Callable[[], Awaitable[str]]) -> Figures:
    """All figures of one bot, from an empty data folder. Raises BotDiedError, NoAnswerError, TimeoutError."""
    found = Figures(load=os.getloadavg()[0])
    gc.collect()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        async with asyncio.timeout(ROUND_SECONDS), FakeTelegram() as tg:
            crowd = Crowd(tg, plan.script, plan.people)
            settings = _settings(tg, Path(folder))
            if bot.postgres:
                settings["SP_DATABASE_URL"] = await new_database()
            async with _running(bot, settings, plan) as process:
                found.first_start_seconds = await crowd.wakes(process.check)
                await crowd.meets()
                gc.collect()
                gc.disable()
                try:
                    await _load(found, crowd, process, plan)
                finally:
                    gc.enable()
            async with _running(bot, settings, plan) as process:
                found.cold_start_seconds = await crowd.wakes(process.check)
                found.cold_start_cpu_seconds = process.cpu_seconds()
            found.duplicates = tg.counters.duplicates
            found.shown = crowd.shown
    return found


async def _load(found: Figures, crowd: Crowd, process: Process, plan: Plan) -> None:
    crowd.meter = process.cpu_seconds
    tally = await crowd.everybody(plan.warm_seconds, plan.seconds)
    process.check()
    found.updates_per_second = len(tally.latencies) / plan.seconds
    found.saturated_p50_ms, found.saturated_p99_ms = tally.percentile_ms(50), tally.percentile_ms(99)
    found.cpu_micros = tally.cpu_seconds / max(1, len(tally.latencies)) * 1e6
    found.lost += tally.lost
    tally = await crowd.steadily(max(1.0, found.updates_per_second / 2), plan.warm_seconds, plan.seconds)
    process.check()
    found.half_p50_ms, found.half_p99_ms = tally.percentile_ms(50), tally.percentile_ms(99)
    found.lost += tally.lost
    crowd.tg.latency_seconds = SLOW_CALL_SECONDS
    tally = await crowd.everybody(plan.warm_seconds, plan.seconds)
    crowd.tg.latency_seconds = 0.0
    process.check()
    found.slow_updates_per_second = len(tally.latencies) / plan.seconds
    found.slow_p99_ms = tally.percentile_ms(99)
    found.rss_mb = process.rss_bytes() / 1024**2
    found.lost += tally.lost


def _settings(tg: FakeTelegram, folder: Path) -> dict[str, str]:
    return {
        "SP_TELEGRAM_TOKEN": TEST_TOKEN,
        "SP_TELEGRAM_API_URL": tg.url,
        "SP_DATA_DIR": str(folder),
        "SP_SECRET_KEY": secrets.token_urlsafe(32),
        "SP_LISTEN": f"127.0.0.1:{_free_port()}",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _running(bot: Bot, settings: dict[str, str], plan: Plan) -> AsyncIterator[Process]:
    output = Path(settings["SP_DATA_DIR"]) / "output.txt"
    core = plan.cores[1] if plan.cores else None
    process = await start(list(bot.command), environment(bot, settings), output, core)
    try:
        yield process
    except Exception as problem:
        if not isinstance(problem, BotDiedError):
            problem.add_note(process.last_lines())
        raise
    finally:
        await process.end()


def pin() -> tuple[int, int] | None:
    """This process, the server and its people, to one core; returns that and the one left for the bot."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return None
    os.sched_setaffinity(0, {cores[0]})
    return cores[0], cores[1]


async def interleaved(
    bots: list[Bot],
    plan: Plan,
    rounds: int,
    new_database: Callable[[], Awaitable[str]],
    say: Callable[[str], None],
) -> dict[str, list[Figures]]:
    """Every bot once a round, each round starting with another; a bot that fails is left out from then on."""
    results: dict[str, list[Figures]] = {bot.name: [] for bot in bots}
    failed: set[str] = set()
    for number in range(rounds):
        turn = number % len(bots)
        for bot in bots[turn:] + bots[:turn]:
            if bot.name in failed:
                continue
            try:
                found = await measure(bot, plan, new_database)
            except Exception as problem:  # noqa: BLE001 - the others are still worth their rows
                failed.add(bot.name)
                notes = "\n".join(getattr(problem, "__notes__", ()))
                say(f"{bot.name}: {type(problem).__name__} {problem}\n{notes}")
                continue
            results[bot.name].append(found)
            say(f"round {number + 1}, {bot.name}: {found.updates_per_second:.0f} updates/s")
    return results
