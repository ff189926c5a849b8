"""Wakes whoever waits inside this process. A hint only: the rows are the truth, and waiters look again."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Bell:
    """Named bells. A ring wakes everybody who waits for that name now."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, *names: str) -> None:
        """Wake those who wait for one of these names."""
        for name in names:
            for event in self._waiting.get(name, ()):
                event.set()

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        """Wait for a listener's event; False when the time ran out. Clears it."""
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True

    def listen(self, *names: str) -> Listener:
        """`with bell.listen("a") as event:` an event that the bells set while the block runs."""
        return Listener(self._waiting, names)


class Listener:
    """The block during which an event is joined to its bells."""

    def __init__(self, waiting: dict[str, set[asyncio.Event]], names: tuple[str, ...]) -> None:
        self._waiting = waiting
        self._names = names
        self._event = asyncio.Event()

    def __enter__(self) -> asyncio.Event:
        for name in self._names:
            self._waiting[name].add(self._event)
        return self._event

    def __exit__(self, *_: object) -> None:
        for name in self._names:
            self._waiting[name].discard(self._event)
            if not self._waiting[name]:
                del self._waiting[name]


OUTBOX, INBOX, DESK, ALERTS = "outbox", "inbox", "desk", "alerts"


def of_address(address_id: int) -> str:
    """The bell of one conversation."""
    return f"address:{address_id}"


def of_sender(sender: str) -> str:
    """The bell of whoever has this fingerprint, known before their address is."""
    return f"sender:{sender}"
