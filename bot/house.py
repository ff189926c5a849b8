"""What every part of the service is handed: database, desk, words, answers, clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answers.content import Library
from bot.answers.matcher import Matcher
from bot.bell import Bell
from bot.channels.contract import Channel
from bot.domain.db import Database, new_token
from bot.domain.places import Desk
from bot.domain.recordings import Current
from bot.i18n import Catalogs


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the files say, below what the desk has changed in the console."""

    library: Library
    matcher: Matcher
    desk: Desk


@dataclass(slots=True)
class House:
    """The shared things of one running process. `owner` names it in leases.

    `bot.library.relearn` replaces desk, library and matcher, each as a whole: whoever uses one twice keeps it.
    """

    db: Database
    desk: Desk
    catalogs: Catalogs
    library: Library
    matcher: Matcher
    channels: dict[str, Channel]
    now: Callable[[], datetime] = utc_now
    bell: Bell = field(default_factory=Bell)
    owner: str = field(default_factory=new_token)
    public_url: str = ""
    shipped: Shipped = field(init=False)
    edits: str = ""  # the mark of the edits that are applied
    recorded: Current = field(default_factory=dict)  # the texts that can be heard; replaced as a whole
    relearning: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.shipped = Shipped(self.library, self.matcher, self.desk)
