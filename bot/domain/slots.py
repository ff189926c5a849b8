"""The free times of a mentor: hours of the week, other days, public holidays, bookings. Computed; no database here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.opening import is_holiday
from bot.domain.wall import instant

_GRID_MINUTES: Final = 15  # times begin at quarters of an hour after a block opens
Span = tuple[datetime, datetime]  # from when to when


@dataclass(frozen=True, slots=True)
class Block:
    """From when to when on a day, in minutes of the local day; empty where it closes when it opens."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Rules:
    """When somebody can be booked. `week`: blocks by weekday (0 is Monday); `others`: days that are not as usual."""

    zone: ZoneInfo
    week: Mapping[int, Sequence[Block]]
    others: Mapping[date, Sequence[Block]] = field(default_factory=dict)
    minutes: int = 60
    buffer_minutes: int = 15
    notice_hours: int = 24
    ahead_days: int = 28


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A free time: instants, and the wall time from which they are derived."""

    starts_at: datetime
    ends_at: datetime
    day: date
    minute: int


def free(rules: Rules, taken: Iterable[Span], now: datetime) -> list[Slot]:
    """Every time that can be booked now, soonest first. Never on public holidays of Slovenia."""
    buffer = timedelta(minutes=rules.buffer_minutes)
    kept = [(start - buffer, end + buffer) for start, end in taken]
    soonest = now + timedelta(hours=rules.notice_hours)
    found = (
        slot
        for day in _days(rules, now)
        for block in blocks(rules, day)
        for slot in _cut(rules, day, block)
        if slot.starts_at >= soonest
    )
    return sorted({one for one in found if not any(one.starts_at < end and start < one.ends_at for start, end in kept)})


def blocks(rules: Rules, day: date) -> list[Block]:
    """The hours of a day, those that touch or overlap put together."""
    if is_holiday(day):
        return []
    told = rules.others.get(day, rules.week.get(day.weekday(), ()))
    merged: list[Block] = []
    for block in sorted((one.opens, one.closes) for one in told if one.opens < one.closes):
        opens, closes = block
        if merged and opens <= merged[-1].closes:
            merged[-1] = Block(merged[-1].opens, max(merged[-1].closes, closes))
        else:
            merged.append(Block(opens, closes))
    return merged


def _days(rules: Rules, now: datetime) -> Iterator[date]:
    today = now.astimezone(rules.zone).date()
    return (today + timedelta(days=number) for number in range(rules.ahead_days + 1))


def _cut(rules: Rules, day: date, block: Block) -> Iterator[Slot]:
    """The times of a block, with the buffer between them. A time that the clock skips in spring is none."""
    closes_at, length = instant(day, block.closes, rules.zone), timedelta(minutes=rules.minutes)
    step = -(-(rules.minutes + rules.buffer_minutes) // _GRID_MINUTES) * _GRID_MINUTES
    for minute in range(block.opens, block.closes, max(step, _GRID_MINUTES)):
        starts_at = instant(day, minute, rules.zone)
        shown = starts_at.astimezone(rules.zone)
        exists = (shown.date(), shown.hour * 60 + shown.minute) == (day, minute)
        if exists and starts_at + length <= closes_at:
            yield Slot(starts_at, starts_at + length, day, minute)
