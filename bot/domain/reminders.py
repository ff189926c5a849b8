"""Reminders: a row for each, with the local day on which it is due. Claimed once, sent once, or skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Date, ForeignKey, Index, String, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, write_new_rows
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address, Person
from bot.domain.sealed import Sealed, fingerprint

AT: Final = time(9)  # local
_WAITING: Final = "state = 'waiting'"


class ReminderState(StrEnum):
    """What became of a reminder."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"  # too late, done, or nobody to be written to


class Reminder(Base):
    """One reminder. `about` names kind and object; `occasion` is unique, so that it is made once."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_waiting", "due_at", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
    )

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    occasion: Mapped[str] = kept(Keep.PERSON, String(40), unique=True)
    about: Mapped[str] = kept(Keep.PERSON, Sealed("reminders.about"))
    day: Mapped[date] = kept(Keep.PERSON, Date)
    due_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    late_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    state: Mapped[str] = kept(Keep.PERSON, String(8))


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come, and where it goes. Without an address nobody can be written to."""

    id: int
    person_id: int
    about: str
    late_at: datetime
    address_id: int | None
    sender: str


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), zone)


async def plan(
    session: AsyncSession, person_id: int, about: str, days: Iterable[date], last_day: date, now: datetime,
    zone: ZoneInfo,
) -> list[date]:  # fmt: skip
    """Remind of `about` on these days at nine, in place of what was planned; after `last_day` it is too late.

    Returns the days that are still to come.
    """
    await cancel(session, person_id, about)
    return await add(session, person_id, about, days, last_day, now, zone)


async def add(
    session: AsyncSession, person_id: int, about: str, days: Iterable[date], last_day: date, now: datetime,
    zone: ZoneInfo,
) -> list[date]:  # fmt: skip
    """The same beside what is planned already."""
    coming = [day for day in sorted(set(days)) if datetime.combine(day, AT, zone) > now]
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(), "person_id": person_id, "occasion": _occasion(person_id, about, day), "about": about,
            "day": day, "due_at": datetime.combine(day, AT, zone), "late_at": _midnight_after(last_day, zone),
            "state": ReminderState.WAITING,
        }
        for day in coming
    ]  # fmt: skip
    await write_new_rows(session, Reminder.__table__, rows, "occasion")  # type: ignore[arg-type]
    return coming


def _occasion(person_id: int, about: str, day: date) -> str:
    return fingerprint("reminder", f"{person_id}:{about}:{day.isoformat()}")


async def cancel(session: AsyncSession, person_id: int, about: str) -> None:
    """Take back what waits and is about this; an `about` that ends with a colon stands for all that begin with it."""
    waiting = select(Reminder).where(Reminder.person_id == person_id, Reminder.state == ReminderState.WAITING)
    gone = [
        one.id
        for one in await session.scalars(waiting)
        if one.about == about or (about.endswith(":") and one.about.startswith(about))
    ]
    if gone:
        await session.execute(delete(Reminder).where(Reminder.id.in_(gone)))


async def due(session: AsyncSession, now: datetime, most: int = 64) -> list[Due]:
    """What waits and is due, longest first. Whoever wants no messages or cannot be reached has no address here."""
    rows = await session.execute(
        select(Reminder.id, Reminder.person_id, Reminder.about, Reminder.late_at)
        .where(text(f"reminders.{_WAITING}"), Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(most)
    )
    found = list(rows)
    people = {row.person_id for row in found}
    reachable = await session.execute(
        select(Address.person_id, Address.id, Address.sender)
        .join(Person, Person.id == Address.person_id)
        .where(
            Person.id.in_(people), Person.stopped_at.is_(None), Person.leaving_at.is_(None),
            Address.unreachable_at.is_(None),
        )
        .order_by(Address.id)
    )  # fmt: skip
    newest = {person: (address, sender) for person, address, sender in reachable}
    return [Due(row.id, row.person_id, row.about, row.late_at, *newest.get(row.person_id, (None, ""))) for row in found]


async def claim(session: AsyncSession, reminder_id: int, state: ReminderState) -> bool:
    """Give a waiting reminder its end; whether it was still waiting."""
    claimed = await session.scalar(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.state == ReminderState.WAITING)
        .values(state=state)
        .returning(Reminder.id)
    )
    return claimed is not None


async def of_person(session: AsyncSession, person_id: int) -> list[Reminder]:
    """All reminders of a person that are kept, by day."""
    return list(
        await session.scalars(
            select(Reminder).where(Reminder.person_id == person_id).order_by(Reminder.due_at, Reminder.id)
        )
    )
