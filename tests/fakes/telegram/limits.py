"""Flood limits and faults: how the platform says no when nothing is wrong with the call."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.forms import RefusalError


@dataclass(frozen=True, slots=True)
class Limits:
    """Sends allowed in a window; None is no limit. The documented ones are 30, 1 and 20 (Bots FAQ)."""

    overall_per_second: int | None = None
    chat_per_second: int | None = None
    group_per_minute: int | None = None


DOCUMENTED_LIMITS = Limits(overall_per_second=30, chat_per_second=1, group_per_minute=20)


class TooManyError(RefusalError):
    """429; `while_waiting` when the caller had been told to wait and did not."""

    def __init__(self, seconds: int, *, while_waiting: bool) -> None:
        super().__init__(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self.while_waiting = while_waiting


class Window:
    """A strict sliding window; closed until the told time after each refusal."""

    __slots__ = ("accepted", "closed_until")

    def __init__(self) -> None:
        self.accepted: deque[float] = deque()
        self.closed_until = 0.0

    def check(self, now: float, most: int, seconds: float) -> None:
        """Raises TooManyError when one more would be too many."""
        if now < self.closed_until:
            raise TooManyError(math.ceil(self.closed_until - now), while_waiting=True)
        while self.accepted and self.accepted[0] <= now - seconds:
            self.accepted.popleft()
        if len(self.accepted) >= most:
            wait = max(1, math.ceil(self.accepted[0] + seconds - now))
            self.closed_until = now + wait
            raise TooManyError(wait, while_waiting=False)


class Paces:
    """The windows of one bot: overall, per chat, per group."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self.clock = clock
        self._overall = Window()
        self._chats: dict[tuple[int, str], Window] = {}

    def take(self, chat: Chat) -> None:
        """Count a send to this chat. Raises TooManyError."""
        limits = self.limits
        if limits == Limits():
            return
        now = self.clock()
        windows: list[Window] = []
        for window, most, seconds in (
            (self._overall, limits.overall_per_second, 1.0),
            (self._window(chat, "second"), limits.chat_per_second, 1.0),
            (self._window(chat, "minute"), limits.group_per_minute if chat.is_group else None, 60.0),
        ):
            if most is not None:
                window.check(now, most, seconds)
                windows.append(window)
        for window in windows:
            window.accepted.append(now)

    def _window(self, chat: Chat, per: str) -> Window:
        return self._chats.setdefault((chat.id, per), Window())


class FaultKind(StrEnum):
    """What goes wrong; `before` and `after` say whether the call still took effect."""

    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    TOO_MANY = "too_many"
    FORBIDDEN = "forbidden"
    HANG = "hang"
    GARBAGE = "garbage"


@dataclass(slots=True)
class Fault:
    """A rule: the calls it concerns and how often it strikes. `times` None is without end."""

    kind: FaultKind
    method: str = "*"
    chat_id: int | None = None
    times: int | None = 1
    share: float = 1.0
    status: int = 502
    retry_after: int = 1
    seconds: float = 3600.0
    struck: int = 0

    def concerns(self, method: str, chat_id: object) -> bool:
        """Whether this rule speaks of such a call and is not used up."""
        if self.times is not None and self.struck >= self.times:
            return False
        if self.method not in {"*", method}:
            return False
        return self.chat_id is None or str(self.chat_id) == str(chat_id)


def strike(faults: list[Fault], method: str, chat_id: object, dice: random.Random) -> Fault | None:
    """The first rule that strikes this call, counted."""
    for fault in faults:
        if fault.concerns(method, chat_id) and (fault.share >= 1.0 or dice.random() < fault.share):
            fault.struck += 1
            return fault
    return None
