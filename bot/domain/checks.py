"""Checks of who somebody is and how they treat others: dated by staff, and good for as long as the desk says."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from bot.domain.places import Desk


def since(desk: Desk, now: datetime) -> date:
    """The earliest day of a check that still counts."""
    today = now.astimezone(desk.zone).date()
    return months_from(today, -desk.check_months)


def good(checked_on: date | None, desk: Desk, now: datetime) -> bool:
    """Whether this check counts now."""
    return checked_on is not None and checked_on >= since(desk, now)


def months_from(day: date, months: int) -> date:
    """The same day so many months later; the month's last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
