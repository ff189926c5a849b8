"""A file for a calendar: one appointment (RFC 5545), with times in UTC, so that every calendar shows its own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from icalendar import Calendar, Event, vUri

_MADE_BY: Final = "-//Starting Point//help desk//EN"


def calendar(content: Mapping[str, Any]) -> bytes:
    """The file. A newer one with the same `uid` replaces it; one that is called off takes it out of the calendar."""
    called_off = bool(content.get("called_off", False))
    entry = Event()
    entry.add("uid", f"{content['uid']}@starting-point")
    entry.add("sequence", _sequence(content, called_off=called_off))
    entry.add("dtstamp", _instant(content["written_at"]))
    entry.add("dtstart", _instant(content["starts_at"]))
    entry.add("dtend", _instant(content["ends_at"]))
    entry.add("summary", content["title"])
    if content.get("where"):
        entry.add("location", content["where"])
    if content.get("url"):
        entry.add("url", vUri(content["url"]))
    entry.add("status", "CANCELLED" if called_off else "CONFIRMED")
    entry.add("class", "PRIVATE")
    whole = Calendar()
    whole.add("prodid", _MADE_BY)
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if called_off else "PUBLISH")
    whole.add_component(entry)
    return bytes(whole.to_ical())


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _sequence(content: Mapping[str, Any], *, called_off: bool) -> int:
    """Minutes at the last change: it grows with each, and fits into 32 bits until the year 6053."""
    return int(_instant(content["changed_at"]).timestamp() // 60) + called_off
