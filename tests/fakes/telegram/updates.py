"""The queue of updates: what the platform keeps until the bot has confirmed it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from tests.fakes.telegram.forms import Json

MESSAGE_KEPT_SECONDS = 86_400
"""From the message's date (Bot API, "Getting updates")."""
PRESS_KEPT_SECONDS = 150
"""The Bot API server keeps callback queries only so long."""
FIRST_UPDATE_ID = 700_000_001
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """One update, ready to be sent."""

    update_id: int
    kind: str
    chat_id: int
    body: bytes
    expires_at: float


class UpdateQueue:
    """Updates in order; confirmed ones are forgotten, old ones expire."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.waiting: deque[Update] = deque()
        self.again: deque[Update] = deque()
        self.remembered: deque[Update] = deque(maxlen=REMEMBERED)
        self.allowed: frozenset[str] | None = None
        self.next_id = FIRST_UPDATE_ID
        self.made = 0
        self.confirmed = 0
        self.expired = 0
        self.redelivered = 0

    def __len__(self) -> int:
        return len(self.waiting) + len(self.again)

    def takes(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update."""
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def add(self, kind: str, content: object, chat_id: int) -> int:
        """Append an update and return its number; 0 when the bot does not want this kind."""
        if not self.takes(kind):
            return 0
        return self.add_raw({kind: content}, kind=kind, chat_id=chat_id)

    def add_raw(self, payload: Json, *, kind: str = "", chat_id: int = 0) -> int:
        """Append any object as an update, malformed or not; an `update_id` in it is kept."""
        given = payload.get("update_id")
        number = given if isinstance(given, int) else self.next_id
        self.next_id = max(self.next_id, number + 1)
        kept = PRESS_KEPT_SECONDS if kind == "callback_query" else MESSAGE_KEPT_SECONDS
        body = json.dumps({"update_id": number, **payload}, separators=(",", ":")).encode()
        self.waiting.append(Update(number, kind, chat_id, body, self.clock() + kept))
        self.made += 1
        return number

    def expire(self) -> None:
        """Drop what nobody took in time."""
        now = self.clock()
        before = len(self.waiting)
        self.waiting = deque(update for update in self.waiting if update.expires_at > now)
        self.expired += before - len(self.waiting)

    def confirm_below(self, offset: int) -> None:
        """Forget all updates with a smaller number."""
        while self.waiting and self.waiting[0].update_id < offset:
            self._done(self.waiting.popleft())

    def confirm(self, update: Update) -> None:
        """Forget one update, as after a webhook's 2xx."""
        try:
            self.waiting.remove(update)
        except ValueError:
            return
        self._done(update)

    def keep_last(self, count: int) -> None:
        """Forget all but the last `count`, as a negative offset asks."""
        while len(self.waiting) > count:
            self._done(self.waiting.popleft())

    def take(self, limit: int) -> list[Update]:
        """The next updates, oldest first; re-deliveries come first and only once."""
        now = self.clock()
        if any(update.expires_at <= now for update in islice(self.waiting, limit)):
            self.expire()
        batch: list[Update] = []
        while self.again and len(batch) < limit:
            batch.append(self.again.popleft())
            self.redelivered += 1
        batch += islice(self.waiting, limit - len(batch))
        return batch

    def redeliver(self, update_id: int) -> None:
        """Send a confirmed update once more. Raises LookupError when it is not known."""
        for update in self.remembered:
            if update.update_id == update_id:
                self.again.append(update)
                return
        raise LookupError(update_id)

    def drop(self) -> None:
        """Forget everything that waits."""
        self.waiting.clear()
        self.again.clear()

    def _done(self, update: Update) -> None:
        self.confirmed += 1
        self.remembered.append(update)
