"""The bots that are compared: how each is started."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = "starting-point"
OURS_ON_POSTGRES = "starting-point, PostgreSQL"
PTB_ECHO = "python-telegram-bot echo"
PTB_ORM = "python-telegram-bot + ORM"
AIOGRAM_ORM = "aiogram + ORM"
BARE = "no library, echo"


@dataclass(frozen=True, slots=True)
class Bot:
    """One row of the table."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    postgres: bool = False

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""
        absent = [name for name in self.needs if find_spec(name) is None]
        if absent:
            return f"{', '.join(absent)} is not installed"
        if not Path(self.command[0]).exists():
            return f"{Path(self.command[0]).name} is not installed"
        return ""


def _baseline(name: str, module: str, *needs: str) -> Bot:
    return Bot(name, (sys.executable, "-m", f"bench.baselines.{module}"), needs)


def all_bots(command: str, extra: Mapping[str, str], *, postgres: bool) -> list[Bot]:
    """Ours first; `command` replaces how ours is started."""
    ours = tuple(shlex.split(command)) or (str(Path(sys.executable).with_name("starting-point")), "run")
    rows = [Bot(OURS, ours, environment=extra)]
    if postgres:
        rows.append(Bot(OURS_ON_POSTGRES, ours, ("psycopg",), extra, postgres=True))
    return [
        *rows,
        _baseline(PTB_ECHO, "ptb_echo", "telegram"),
        _baseline(PTB_ORM, "ptb_orm", "telegram", "sqlalchemy", "aiosqlite"),
        _baseline(AIOGRAM_ORM, "aiogram_orm", "aiogram", "sqlalchemy", "aiosqlite"),
        _baseline(BARE, "bare_echo"),
    ]


def environment(bot: Bot, more: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without its own SP_ settings, then what the bot needs."""
    # An installed service has its bytecode on disk; without it a start is mostly compiling.
    dropped = {"PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name[:3] != "SP_" and name not in dropped}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more, **bot.environment}
