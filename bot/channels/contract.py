"""What the service asks of every channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.routing import BaseRoute

from bot.dialog.messages import Inbound, Laid, Limits


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as it came: the channel's id for it, whom it is from (empty if unreadable), and its text."""

    external_id: str
    key: str
    raw: str


class Malformed(Exception):
    """A stored update cannot be read; the message says why, without any of its content."""


class Undeliverable(Exception):
    """The platform refused a message.

    `permanent`: this address cannot be written to any more. `retry_after_s`: try again after so many seconds.
    `uncertain`: it may have arrived all the same. `why` is a code without content.
    """

    def __init__(
        self, why: str, *, permanent: bool = False, retry_after_s: float | None = None, uncertain: bool = False
    ) -> None:
        super().__init__(why)
        self.why = why
        self.permanent = permanent
        self.retry_after_s = retry_after_s
        self.uncertain = uncertain


# Stores updates and returns after the commit: only then may the platform be told that we have them.
Receive = Callable[[str, Sequence[RawUpdate]], Awaitable[None]]


class Channel(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """The first half of its addresses."""
        ...

    @property
    def limits(self) -> Limits:
        """What it can show."""
        ...

    def read(self, external_id: str, raw: str, received_at: datetime) -> Inbound | None:
        """A stored update as a message; None if it is ignored on purpose. Raises Malformed."""
        ...

    async def send(self, key: str, laid: Laid, token: str | None) -> str:
        """Show a message; returns the platform's id for it. Raises Undeliverable."""
        ...

    async def fetch(self, file: str) -> bytes:
        """A file that somebody sent, by the platform's id, for staff to see. Raises Undeliverable."""
        ...

    async def run(self, receive: Receive) -> None:
        """Fetch updates until cancelled (nothing to do for a channel that is called by its platform)."""
        ...

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """What its platform calls, if it calls."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
