"""How long each column is kept, declared where the column is defined."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import MappedColumn, mapped_column


class Keep(StrEnum):
    """Why a column is kept, and so for how long."""

    RAW = "raw"  # what a platform sent, needed to recognise a repeated delivery
    CHAT = "chat"  # the words of a conversation
    BRIEF = "brief"  # what was made for somebody to take away, and what they said for it
    PERSON = "person"  # what is needed while somebody uses the desk
    CONSENT = "consent"  # proof of what somebody agreed to
    COUNT = "count"  # no personal data: kept for the yearly comparison
    STAFF = "staff"  # the desk's own people
    LOG = "log"  # who of the desk looked at or changed what
    DESK = "desk"  # the desk's own facts and keys


# Platforms repeat a delivery for up to 7 days; 8 covers it. The other periods are the desk's, shown in /privacy.
KEEP_FOR: Final[dict[Keep, timedelta | None]] = {
    Keep.RAW: timedelta(days=8),
    Keep.CHAT: timedelta(days=90),
    Keep.BRIEF: timedelta(days=1),
    Keep.PERSON: timedelta(days=365),
    Keep.CONSENT: timedelta(days=730),
    Keep.COUNT: None,
    Keep.STAFF: None,
    Keep.LOG: timedelta(days=1096),  # two years from the end of the calendar year (IP-RS 07121-1/2026/37)
    Keep.DESK: None,
}


def kept(keep: Keep, *args: Any, **options: Any) -> MappedColumn[Any]:  # noqa: ANN401
    """A column together with its retention class."""
    return mapped_column(*args, info={"keep": keep}, **options)
