"""What happened, counted: append-only, without personal data, the only source of automatic indicators."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, Index, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, write_rows
from bot.domain.keeping import Keep, kept
from bot.domain.people import Caller


class Kind(StrEnum):
    """What can happen."""

    STARTED = "started"  # first contact or a start link; data: source
    ASKED = "asked"  # a question was put
    ANSWERED = "answered"  # a topic was shown as the answer
    OFFERED = "offered"  # a short list was shown
    MISSED = "missed"  # no answer was known
    HELPED = "helped"  # "did this help?"; data: yes
    LANGUAGE = "language"  # switched; data: before
    HANDED_OVER = "handed_over"  # a case was opened
    CLAIMED = "claimed"
    REPLIED = "replied"  # a person of the desk answered
    CLOSED = "closed"
    DANGER = "danger"
    STOPPED = "stopped"
    ERASED = "erased"
    CHECKLIST = "checklist"  # a list of first steps was made (without a topic), or this step of it is done
    SIGNED_UP = "signed_up"  # from here on, data: what ("event", "course", "mentor", "pair"), id
    WAITS = "waits"
    SEAT_OFFERED = "seat_offered"
    SEAT_TAKEN = "seat_taken"
    LEFT = "left"
    ATTENDED = "attended"
    ABSENT = "absent"
    WALKED_IN = "walked_in"
    BOOKED = "booked"
    AGREED = "agreed"
    MET = "met"
    NO_SHOW = "no_show"
    PAIRED = "paired"
    RATED = "rated"
    FINISHED = "finished"  # a form came to its end; data: flow


AT_THE_DESK: Final = "desk"  # the channel of what staff do for somebody who stands before them


class Happening(Base):
    """One thing that happened to one pseudonym on one local day."""

    __tablename__ = "happenings"
    __table_args__ = (Index("ix_happenings_kind_day", "kind", "day"),)

    id: Mapped[int] = kept(Keep.COUNT, Identity, primary_key=True, autoincrement=False)
    kind: Mapped[str] = kept(Keep.COUNT, String(16))
    at: Mapped[datetime] = kept(Keep.COUNT, Instant)
    day: Mapped[date] = kept(Keep.COUNT, Date)
    pseudonym: Mapped[str] = kept(Keep.COUNT, String(32))
    channel: Mapped[str] = kept(Keep.COUNT, String(16))
    language: Mapped[str] = kept(Keep.COUNT, String(8))
    place: Mapped[str] = kept(Keep.COUNT, String(40))
    topic: Mapped[str] = kept(Keep.COUNT, String(40), default="")
    region_group: Mapped[str] = kept(Keep.COUNT, String(16), default="")
    age_band: Mapped[str] = kept(Keep.COUNT, String(8), default="")
    data: Mapped[dict[str, Any]] = kept(Keep.COUNT, JSON)


def row(
    kind: Kind, caller: Caller, now: datetime, zone: ZoneInfo, place: str, topic: str = "", /,
    **data: Any,  # noqa: ANN401
) -> dict[str, Any]:  # fmt: skip
    """A happening of this person, dated by the desk's local day."""
    return {
        "id": new_id(), "kind": kind, "at": now, "day": now.astimezone(zone).date(), "pseudonym": caller.pseudonym,
        "channel": caller.channel, "language": caller.language, "place": place, "topic": topic, "region_group": "",
        "age_band": "", "data": data,
    }  # fmt: skip


async def has(session: AsyncSession, kind: Kind, pseudonym: str, what: str, since: date) -> bool:
    """Whether this has happened to somebody since a local day, with `what` as its object's id."""
    query = select(Happening.data).where(
        Happening.kind == kind, Happening.day >= since, Happening.pseudonym == pseudonym
    )
    return any(data.get("id") == what for data in await session.scalars(query))


async def record(session: AsyncSession, *rows: dict[str, Any]) -> None:
    """Write happenings in the transaction of what they tell."""
    await write_rows(session, Happening.__table__, rows)  # type: ignore[arg-type]
