"""What every part of the service is handed: database, desk, words, answers, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answers.content import Library
from bot.answers.matcher import Matcher
from bot.bell import Bell
from bot.channels.contract import Channel
from bot.domain.db import Database, new_token
from bot.domain.places import Desk
from bot.i18n import Catalogs


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class House:
    """The shared things of one running process. `owner` names it in leases."""

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
