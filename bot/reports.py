"""The report on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Settings
from bot.domain.db import Database
from bot.domain.indicators import Report, report
from bot.domain.migrations import is_current
from bot.domain.misses import open_groups
from bot.domain.places import load_desk
from bot.domain.secrets import open_keys
from bot.house import utc_now
from bot.keys import secret_keys

_EXAMPLE_CHARS = 120


class ReportRefused(Exception):
    """There is nothing to report from; the message says why in one sentence."""


_DANGEROUS_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")  # a spreadsheet would run these (OWASP ASVS 1.2.10)


@dataclass(frozen=True, slots=True)
class Gap:
    """Open questions nearest to one topic in one language: how many, the newest day, some of them, masked."""

    nearest: str
    language: str
    count: int
    newest: date
    examples: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "nearest": self.nearest, "language": self.language, "count": self.count,
            "newest": self.newest.isoformat(), "examples": list(self.examples),
        }  # fmt: skip


async def read_gaps(settings: Settings, examples: int) -> list[Gap]:
    """What the console shows as "what to write next"."""
    desk = load_desk(settings.desk)
    async with _reading(settings) as session:
        return [
            Gap(
                one.nearest, one.language, len(one.misses), one.newest.astimezone(desk.zone).date(),
                tuple(miss.question for miss in one.misses[:examples]),
            )
            for one in await open_groups(session)
        ]  # fmt: skip


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[AsyncSession]:
    if not await asyncio.to_thread(is_current, settings.database):
        raise ReportRefused("there is no up-to-date database yet: start the desk once with run or demo")
    db = Database(settings.database)
    try:
        await open_keys(db, secret_keys(settings))
        async with db.reading() as session:
            yield session
    finally:
        await db.close()


async def read_report(settings: Settings, first: date | None, last: date | None, examples: int) -> Report:
    """The figures of a period; by default of the last year."""
    desk = load_desk(settings.desk)
    last = last or utc_now().astimezone(desk.zone).date()
    first = first or last - timedelta(days=365)
    if first > last:
        raise ReportRefused("the first day is after the last")
    async with _reading(settings) as session:
        return await report(session, first, last, desk.zone, examples)


def print_gap(gap: Gap) -> None:
    """For people."""
    print(f"{gap.count} near {gap.nearest or '?'} in {gap.language}, the newest of {gap.newest}")
    for example in gap.examples:
        print(f"   {example[:_EXAMPLE_CHARS]}")


def print_text(found: Report) -> None:
    """For people."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"{found.first} – {found.last}: {found.contacts} contacts, {found.people} people")
    for name, lines in found.tables.items():
        table = Table(name, "contacts", "people")
        for line in lines:
            table.add_row(line.group, str(line.contacts), str(line.people))
        console.print(table)
    for one in found.unanswered:
        console.print(f"{one.count} unanswered near {one.nearest or '?'} in {one.language}", markup=False)
        for example in one.examples:
            console.print(f"   {example[:_EXAMPLE_CHARS]}", markup=False)


def print_csv(found: Report, writer: Any) -> None:  # noqa: ANN401
    """For spreadsheets; a text that looks like a formula is disarmed."""
    for row in found.as_rows():
        writer.writerow([f"'{cell}" if cell.startswith(_DANGEROUS_STARTS) else cell for cell in row])
