"""Medians over the rounds, ratios against the goals, as a table and as JSON."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from bench.bots import AIOGRAM_ORM, OURS, OURS_ON_POSTGRES, PTB_ECHO, PTB_ORM
from bench.rounds import Figures, Plan
from bot.paths import FAQ

PACKAGES = (
    "python-telegram-bot",
    "aiogram",
    "SQLAlchemy",
    "aiosqlite",
    "aiohttp",
    "httpx",
    "uvloop",
    "psycopg",
)
_COLUMNS = (
    ("updates/s", "updates_per_second", 0),
    ("CPU µs", "cpu_micros", 0),
    ("sat. p99 ms", "saturated_p99_ms", 0),
    ("half p50 ms", "half_p50_ms", 1),
    ("half p99 ms", "half_p99_ms", 1),
    ("RSS MB", "rss_mb", 0),
    ("first start s", "first_start_seconds", 2),
    ("cold start s", "cold_start_seconds", 2),
    ("of it CPU s", "cold_start_cpu_seconds", 2),
    ("50 ms: updates/s", "slow_updates_per_second", 1),
    ("50 ms: p99 ms", "slow_p99_ms", 0),
    ("lost", "lost", 0),
)
_FEW_TOPICS = 13  # the twelve of issue 2, and the emergency
Medians = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What issue 2 asks for, and what this run found; None when one of its rows is missing."""

    name: str
    at_least: float | None
    below: float | None
    found: float | None

    @property
    def reached(self) -> bool | None:
        """Whether it holds."""
        if self.found is None:
            return None
        if self.at_least is not None:
            return self.found >= self.at_least
        return self.below is not None and self.found < self.below


def medians(results: Mapping[str, list[Figures]]) -> Medians:
    """The middle of every figure, bot by bot; the lost turns are summed."""
    names = [field.name for field in fields(Figures) if field.name != "shown"]
    found: Medians = {}
    for bot, rounds in results.items():
        if rounds:
            found[bot] = {name: float(median(getattr(figures, name) for figures in rounds)) for name in names}
            found[bot]["lost"] = float(sum(figures.lost for figures in rounds))
    return found


def goals(found: Medians, ours: str = OURS) -> list[Goal]:
    """What issue 2 asks for; memory and start are those of issue 3 where more than its twelve topics are loaded."""
    topics = sum(1 for _one in FAQ.glob("*/topic.yaml"))
    most_mb, most_s = (200, 2) if topics <= _FEW_TOPICS else (300, 5)

    def ratio(bot: str, figure: str) -> float | None:
        if ours not in found or bot not in found or not found[bot][figure]:
            return None
        return found[ours][figure] / found[bot][figure]

    def own(figure: str) -> float | None:
        return found[ours][figure] if ours in found else None

    return [
        Goal(f"saturation, times {PTB_ORM}", 5, None, ratio(PTB_ORM, "updates_per_second")),
        Goal(f"saturation, times {AIOGRAM_ORM}", 3, None, ratio(AIOGRAM_ORM, "updates_per_second")),
        Goal(f"50 ms a call, times {PTB_ECHO}", 25, None, ratio(PTB_ECHO, "slow_updates_per_second")),
        Goal("p99 at half load, ms", None, 50, own("half_p99_ms")),
        Goal(f"memory with {topics} topics, MB", None, most_mb, own("rss_mb")),
        Goal(f"cold start with {topics} topics, s", None, most_s, own("cold_start_seconds")),
        Goal("lost turns", None, 1, own("lost")),
    ]


def show(results: Mapping[str, list[Figures]], console: Console) -> None:
    """Print the rows, every round's saturation, and the goals."""
    found = medians(results)
    rows = Table(box=box.SIMPLE, title="Medians")
    rows.add_column("bot", no_wrap=True)
    for title, _, _ in _COLUMNS:
        rows.add_column(title, justify="right")
    for bot, figures in found.items():
        rows.add_row(bot, *(f"{figures[name]:,.{digits}f}" for _, name, digits in _COLUMNS))
    if found:
        console.print(rows)
    for bot in found:
        each = ", ".join(f"{one.updates_per_second:,.0f} (load {one.load:.1f})" for one in results[bot])
        console.print(f"  {bot}, updates/s in each round: {each}")
    for ours in (OURS, OURS_ON_POSTGRES):
        if ours in found:
            console.print(_goal_table(goals(found, ours), ours))


def _goal_table(wanted: list[Goal], ours: str) -> Table:
    table = Table(box=box.SIMPLE, title=f"Goals: {ours}")
    for title in ("goal", "wanted", "found", ""):
        table.add_column(title, justify="left" if title in {"goal", ""} else "right")
    for goal in wanted:
        limit = f"≥ {goal.at_least:g}" if goal.at_least is not None else f"< {goal.below:g}"
        result = {None: "not measured", True: "reached", False: "MISSED"}[goal.reached]
        table.add_row(goal.name, limit, "–" if goal.found is None else f"{goal.found:,.1f}", result)
    return table


def as_json(results: Mapping[str, list[Figures]], plan: Plan, seconds: float) -> dict[str, object]:
    """Everything: where it ran, how, each round, medians and goals."""
    found = medians(results)
    return {
        "machine": _machine(),
        "plan": {
            "people": plan.people,
            "warm_seconds": plan.warm_seconds,
            "seconds": plan.seconds,
            "pinned": plan.cores is not None,
            "first_contact": list(plan.script.first_contact),
            "questions": list(plan.script.questions),
        },
        "took_seconds": round(seconds),
        "rounds": {bot: [asdict(figures) for figures in rounds] for bot, rounds in results.items()},
        "medians": found,
        "goals": {
            ours: [{**asdict(goal), "reached": goal.reached} for goal in goals(found, ours)]
            for ours in (OURS, OURS_ON_POSTGRES)
            if ours in found
        },
    }


def _machine() -> dict[str, object]:
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.machine(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": sys.version.split()[0],
        "versions": versions,
    }
