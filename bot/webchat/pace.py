"""How often somebody may do something: token buckets in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime
from typing import Final

_MOST_NAMES: Final = 20_000  # some 3 MB; whoever is pushed out was the longest without asking


class Pace:
    """So many times a minute for each name, all at once if need be."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def wait_s(self, name: str, now: datetime) -> int:
        """0 and counted, or the whole seconds after which to ask again."""
        left, since = self._left.pop(name, (self._most, now))
        left = min(self._most, left + max(0.0, (now - since).total_seconds()) * self._per_second)
        allowed = left >= 1
        self._left[name] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST_NAMES:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._per_second))
