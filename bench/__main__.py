"""`python -m bench`: how fast a full turn is, beside small baseline bots, in one run."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench import script, table
from bench.bots import OURS, OURS_ON_POSTGRES, Bot, all_bots
from bench.rounds import Figures, Plan, interleaved, pin

NewDatabase = Callable[[], Awaitable[str]]


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, no result")
    parser.add_argument("--rounds", type=int, help="default 3")
    parser.add_argument("--seconds", type=float, help="of each measured stretch; default 5")
    parser.add_argument("--only", nargs="+", metavar="WORDS", help="only bots whose name contains one of these")
    parser.add_argument("--people", type=int, default=64, help="people at once; default 64")
    parser.add_argument("--script", type=Path, default=script.DEFAULT, help="what they say; see people.txt")
    parser.add_argument("--command", default="", help="how our bot is started; default: starting-point run")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="more for our bot")
    parser.add_argument("--database-url", default="", help="also ours on PostgreSQL: `postgres`, or a URL")
    parser.add_argument("--json", type=Path, help="write everything there")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")
    return parser.parse_args()


def chosen(arguments: argparse.Namespace, console: Console) -> list[Bot]:
    """The bots that are wanted and can run here."""
    extra = dict(pair.partition("=")[::2] for pair in arguments.env)
    bots = all_bots(arguments.command, extra, postgres=bool(arguments.database_url))
    if arguments.only:
        bots = [bot for bot in bots if any(words in bot.name for words in arguments.only)]
    able = []
    for bot in bots:
        if why := bot.missing():
            console.print(f"{bot.name}: left out, {why}")
        else:
            able.append(bot)
    return able


@contextmanager
def databases(wanted: str) -> Iterator[NewDatabase]:
    """Fresh PostgreSQL databases: of a server of our own, or always the one at a given URL."""
    if wanted != "postgres":

        async def given() -> str:
            return wanted

        yield given
        return
    from tests.databases import running_postgres

    with running_postgres() as server:
        wait_for_the_disk(server.create())

        async def fresh() -> str:
            return await asyncio.to_thread(server.create)

        yield fresh


def wait_for_the_disk(url: str) -> None:
    """The tests' server does not; a reply here must mean that the commit is on disk."""
    import psycopg

    plain = url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        for name in (b"fsync", b"synchronous_commit", b"full_page_writes"):
            connection.execute(b"ALTER SYSTEM RESET " + name)
        connection.execute(b"SELECT pg_reload_conf()")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Measure, print, write; the exit code."""
    bots = chosen(arguments, console)
    if not bots:
        console.print("nothing to measure")
        return 1
    rounds = arguments.rounds or (1 if arguments.quick else 3)
    seconds = arguments.seconds or (1.5 if arguments.quick else 5.0)
    started = time.perf_counter()
    with databases(arguments.database_url) as new_database:
        plan = Plan(script.read(arguments.script), arguments.people, min(2.0, seconds), seconds, pin())
        if plan.cores is None:
            console.print("only one core: server and bot share it, ratios are flattened")
        results = asyncio.run(interleaved(bots, plan, rounds, new_database, console.print))
    table.show(results, console)
    if arguments.json:
        write(arguments.json, table.as_json(results, plan, time.perf_counter() - started))
    return verdict(results, check=arguments.check)


def verdict(results: dict[str, list[Figures]], *, check: bool) -> int:
    """1 when a bot failed in every round, or when goals count and one is missed."""
    if not all(results.values()):
        return 1
    found = table.medians(results)
    reached = [goal.reached for ours in (OURS, OURS_ON_POSTGRES) if ours in found for goal in table.goals(found, ours)]
    return int(check and not all(reached))


def write(path: Path, value: object) -> None:
    """As indented JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    width = None if os.isatty(1) else 200
    sys.exit(run(read_arguments(), Console(width=width)))
