"""Time as the clock on the wall shows it: a day and its minute, from which the instant is derived."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY_MINUTES = 24 * 60


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the clock shows this minute of the day (0-1440).

    An hour that the clock skips in spring is read as the one after it; one that comes twice, as the first.
    """
    days, rest = divmod(minute, _DAY_MINUTES)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone).astimezone(UTC)


def read_clock(typed: str) -> int:
    """The minute of the day of `9:30`, `09.30` or `9`. Raises ValueError."""
    hour, _colon, minute = typed.strip().replace(".", ":").partition(":")
    found = int(hour) * 60 + int(minute or 0)
    if not 0 <= found <= _DAY_MINUTES or int(minute or 0) >= 60:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(typed)
    return found


def write_clock(minute: int) -> str:
    """`09:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"
