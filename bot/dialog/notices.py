"""A reminder whose time has come, as a service is handed it to say what it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.content import Library
from bot.dialog.messages import Message
from bot.domain.places import Desk
from bot.i18n import Catalogs


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder whose time has come. `about`: "event:<signup>", "session:<signup>:<session>", "booking:<id>"."""

    session: AsyncSession = field(repr=False)
    desk: Desk
    library: Library = field(repr=False)
    catalogs: Catalogs = field(repr=False)
    language: str  # of whoever reads it
    discreet: bool  # then nothing is named: no topic, no title, no place
    about: str
    lead_minutes: int
    now: datetime

    @property
    def kind(self) -> str:
        """What sort of thing it is: "event", "session", "booking"."""
        return self.about.partition(":")[0]

    @property
    def object(self) -> str:
        """The ids after the kind: "<signup>", "<signup>:<session>", "<id>"."""
        return self.about.partition(":")[2]

    def number(self, place: int = 0) -> int:
        """One of these ids; 0 where there is none."""
        parts = self.object.split(":")
        return int(parts[place]) if place < len(parts) and parts[place].isdecimal() else 0


NoticeOf: TypeAlias = Callable[[Notice], Awaitable[Message | None]]
