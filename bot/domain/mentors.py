"""Mentors: who helps with what, in which languages, when; nobody is shown before staff have checked who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, String, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address
from bot.domain.sealed import Sealed
from bot.domain.slots import Block, Rules
from bot.domain.staff import Staff


class MentorState(StrEnum):
    """Whether a mentor takes people now."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


class Gender(StrEnum):
    """As somebody has told it; nobody has to."""

    UNTOLD = ""
    WOMAN = "woman"
    MAN = "man"


class Mentor(Base):
    """Somebody who helps. Shown only while active, with a check of identity and conduct that staff have dated."""

    __tablename__ = "mentors"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    staff_id: Mapped[int | None] = kept(Keep.STAFF, Identity, ForeignKey("staff.id"), nullable=True, unique=True)
    state: Mapped[str] = kept(Keep.STAFF, String(8))
    name: Mapped[str] = kept(Keep.STAFF, Sealed("mentors.name"))  # the first name, as newcomers see it
    contact: Mapped[str] = kept(Keep.STAFF, Sealed("mentors.contact"), default="")  # given only when both agree
    languages: Mapped[list[str]] = kept(Keep.STAFF, JSON)
    topics: Mapped[list[str]] = kept(Keep.STAFF, JSON)
    about: Mapped[dict[str, Any]] = kept(Keep.STAFF, JSON)  # a line by language
    gender: Mapped[str] = kept(Keep.STAFF, String(8), default=Gender.UNTOLD)
    place: Mapped[str] = kept(Keep.STAFF, String(40))
    where: Mapped[str] = kept(Keep.STAFF, String(200), default="")
    in_person: Mapped[bool] = kept(Keep.STAFF, default=True)
    online: Mapped[bool] = kept(Keep.STAFF, default=False)
    zone: Mapped[str] = kept(Keep.STAFF, String(40))
    slot_minutes: Mapped[int] = kept(Keep.STAFF, default=60)
    buffer_minutes: Mapped[int] = kept(Keep.STAFF, default=15)
    notice_hours: Mapped[int] = kept(Keep.STAFF, default=24)
    ahead_days: Mapped[int] = kept(Keep.STAFF, default=28)  # how far ahead one can book
    most_open: Mapped[int] = kept(Keep.STAFF, default=5)  # people at the same time
    checked_on: Mapped[date | None] = kept(Keep.STAFF, Date, nullable=True)  # identity and conduct, by staff
    checked_by: Mapped[int | None] = kept(Keep.STAFF, Identity, nullable=True)
    sample: Mapped[bool] = kept(Keep.STAFF, default=False)
    made_at: Mapped[datetime] = kept(Keep.STAFF, Instant)
    changed_at: Mapped[datetime] = kept(Keep.STAFF, Instant)


class MentorHours(Base):
    """One block of a mentor's usual week (weekday 0 is Monday), in minutes of the local day."""

    __tablename__ = "mentor_hours"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    mentor_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("mentors.id"), index=True)
    weekday: Mapped[int] = kept(Keep.STAFF)
    opens: Mapped[int] = kept(Keep.STAFF)
    closes: Mapped[int] = kept(Keep.STAFF)


class MentorException(Base):
    """A day that is other than usual: instead of the week's blocks this one, or none where `opens` equals `closes`."""

    __tablename__ = "mentor_exceptions"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    mentor_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("mentors.id"), index=True)
    day: Mapped[date] = kept(Keep.STAFF, Date)
    opens: Mapped[int] = kept(Keep.STAFF)
    closes: Mapped[int] = kept(Keep.STAFF)


@dataclass(frozen=True, slots=True)
class Change:
    """What a mentor, or staff for them, changes of the week: the blocks of one weekday (0 is Monday)."""

    weekday: int
    blocks: tuple[Block, ...]


def is_shown(mentor: Mentor, since: date) -> bool:
    """Whether people may see this mentor: active, with a check that was made `since` this day (`checks.since`)."""
    return mentor.state == MentorState.ACTIVE and mentor.checked_on is not None and mentor.checked_on >= since


async def shown(session: AsyncSession, since: date) -> list[Mentor]:
    """Those whom people may see: active, with a check that was made `since` this day (`checks.since`)."""
    query = select(Mentor).where(Mentor.state == MentorState.ACTIVE, Mentor.checked_on >= since).order_by(Mentor.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def get(session: AsyncSession, mentor_id: int) -> Mentor | None:
    """The mentor as they stand in the database now."""
    return await session.get(Mentor, mentor_id, populate_existing=True)


async def lock(session: AsyncSession, mentor_id: int) -> Mentor | None:
    """The same, kept from everybody else until the commit: so no time is given twice."""
    found = select(Mentor).where(Mentor.id == mentor_id).with_for_update()
    return (await session.scalars(found, execution_options={"populate_existing": True})).one_or_none()


async def of_chat(session: AsyncSession, address_id: int) -> Mentor | None:
    """The mentor whose log-in is linked to this chat."""
    query = (
        select(Mentor)
        .join(Staff, Staff.id == Mentor.staff_id)
        .where(Staff.address_id == address_id, Staff.disabled_at.is_(None))
    )
    return (await session.scalars(query, execution_options={"populate_existing": True})).first()


async def address_of(session: AsyncSession, mentor: Mentor) -> Address | None:
    """The chat in which this mentor can be written to, if they have linked one."""
    query = (
        select(Address)
        .join(Staff, Staff.address_id == Address.id)
        .where(Staff.id == mentor.staff_id, Staff.disabled_at.is_(None), Address.unreachable_at.is_(None))
    )
    return (await session.scalars(query)).one_or_none()


async def rules(session: AsyncSession, found: Sequence[Mentor]) -> dict[int, Rules]:
    """When each of these mentors can be booked, by id."""
    ids = [one.id for one in found]
    week: dict[int, dict[int, list[Block]]] = {one: {} for one in ids}
    others: dict[int, dict[date, list[Block]]] = {one: {} for one in ids}
    for row in await session.scalars(select(MentorHours).where(MentorHours.mentor_id.in_(ids))):
        week[row.mentor_id].setdefault(row.weekday, []).append(Block(row.opens, row.closes))
    for other in await session.scalars(select(MentorException).where(MentorException.mentor_id.in_(ids))):
        others[other.mentor_id].setdefault(other.day, []).append(Block(other.opens, other.closes))
    return {
        one.id: Rules(ZoneInfo(one.zone), week[one.id], others[one.id], one.slot_minutes, one.buffer_minutes,
                      one.notice_hours, one.ahead_days)
        for one in found
    }  # fmt: skip


async def hours(session: AsyncSession, mentor_id: int) -> list[MentorHours]:
    """The blocks of the usual week, Monday first."""
    query = select(MentorHours).where(MentorHours.mentor_id == mentor_id)
    return list(await session.scalars(query.order_by(MentorHours.weekday, MentorHours.opens)))


async def other_days(session: AsyncSession, mentor_id: int, since: date) -> list[MentorException]:
    """The days from `since` on that are not as usual."""
    query = select(MentorException).where(MentorException.mentor_id == mentor_id, MentorException.day >= since)
    return list(await session.scalars(query.order_by(MentorException.day, MentorException.opens)))


async def set_hours(session: AsyncSession, mentor_id: int, change: Change, now: datetime) -> None:
    """Write the blocks of one weekday anew. Bookings that stand already stay."""
    await _touch(session, mentor_id, now)
    await session.execute(
        delete(MentorHours).where(MentorHours.mentor_id == mentor_id, MentorHours.weekday == change.weekday)
    )
    session.add_all(
        MentorHours(id=new_id(), mentor_id=mentor_id, weekday=change.weekday, opens=one.opens, closes=one.closes)
        for one in change.blocks
    )
    await session.flush()


async def set_day(
    session: AsyncSession, mentor_id: int, day: date, blocks: Sequence[Block] | None, now: datetime
) -> None:
    """Make one day other than usual: these blocks, none at all (an empty sequence), or as usual again (None)."""
    await _touch(session, mentor_id, now)
    await session.execute(
        delete(MentorException).where(MentorException.mentor_id == mentor_id, MentorException.day == day)
    )
    told = [] if blocks is None else list(blocks) or [Block(0, 0)]
    session.add_all(
        MentorException(id=new_id(), mentor_id=mentor_id, day=day, opens=one.opens, closes=one.closes) for one in told
    )
    await session.flush()


async def set_paused(session: AsyncSession, mentor_id: int, now: datetime, *, paused: bool) -> bool:
    """Take no new people for a while, or again. A draft stays one. Returns whether that changed anything."""
    mentor = await lock(session, mentor_id)
    was, becomes = (MentorState.ACTIVE, MentorState.PAUSED) if paused else (MentorState.PAUSED, MentorState.ACTIVE)
    if mentor is None or mentor.state != was:
        return False
    mentor.state, mentor.changed_at = becomes, now
    await session.flush()
    return True


async def _touch(session: AsyncSession, mentor_id: int, now: datetime) -> None:
    mentor = await lock(session, mentor_id)
    if mentor is not None:
        mentor.changed_at = now
