"""Slowing down whoever guesses passwords. Kept in memory: nobody is locked out for long."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(minutes=15)
MOST_KEYS: Final = 10_000


class Throttle:
    """Counts attempts by name (a log-in, an address) over the last quarter of an hour."""

    def __init__(self) -> None:
        self._attempts: dict[str, deque[datetime]] = {}

    def wait(self, name: str, most: int, now: datetime) -> timedelta:
        """How long until another attempt is allowed; zero when it is allowed now."""
        made = self._recent(name, now)
        return made[-most] + WITHIN - now if len(made) >= most else timedelta(0)

    def count(self, name: str, now: datetime) -> None:
        """One more attempt. Counted before it is checked: attempts side by side do not slip through."""
        if len(self._attempts) >= MOST_KEYS:
            self._forget_old(now)
        self._attempts.setdefault(name, deque()).append(now)

    def forgive(self, name: str) -> None:
        """The attempt was right: forget the wrong ones before it."""
        self._attempts.pop(name, None)

    def uncount(self, name: str) -> None:
        """The last attempt was right and does not count; earlier ones stay."""
        made = self._attempts.get(name)
        if made:
            made.pop()

    def _recent(self, name: str, now: datetime) -> deque[datetime]:
        made = self._attempts.get(name, deque())
        while made and made[0] <= now - WITHIN:
            made.popleft()
        return made

    def _forget_old(self, now: datetime) -> None:
        for name in list(self._attempts):
            if not self._recent(name, now):
                del self._attempts[name]
        while len(self._attempts) >= MOST_KEYS:
            del self._attempts[next(iter(self._attempts))]
