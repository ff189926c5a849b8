"""What staff write of a mentor: made, changed, checked, shown, linked to a log-in, let go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import checks, mentors
from bot.domain.bookings import TAKEN, Booking
from bot.domain.db import new_id
from bot.domain.mentors import Gender, Mentor, MentorException, MentorHours, MentorState
from bot.domain.places import Desk
from bot.domain.staff import Grant, Role, Staff


class NotReady(Exception):
    """A mentor cannot be shown; `lacks` names what is missing: "check", "languages", "hours"."""

    def __init__(self, lacks: tuple[str, ...]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class StillBooked(Exception):
    """Somebody waits for this mentor, or has a time with them."""


class LogInTaken(Exception):
    """Another mentor has this log-in."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A mentor as staff write them. `about`: a line by language."""

    name: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    place: str
    zone: str
    contact: str = field(default="", repr=False)
    about: dict[str, str] = field(default_factory=dict)
    gender: str = Gender.UNTOLD
    where: str = ""
    in_person: bool = True
    online: bool = False
    slot_minutes: int = 60
    buffer_minutes: int = 15
    notice_hours: int = 24
    ahead_days: int = 28
    most_open: int = 5
    staff_id: int | None = None
    sample: bool = False


_TOLD = ("name", "place", "zone", "contact", "about", "gender", "where", "in_person", "online", "slot_minutes",
         "buffer_minutes", "notice_hours", "ahead_days", "most_open", "staff_id", "sample")  # fmt: skip


async def make(session: AsyncSession, profile: Profile, now: datetime) -> Mentor:
    """A new mentor whom nobody sees yet. Raises LogInTaken."""
    await _refuse_taken(session, profile.staff_id, 0)
    mentor = Mentor(id=new_id(), state=MentorState.DRAFT, made_at=now, changed_at=now, **_values(profile))
    session.add(mentor)
    await session.flush()
    return mentor


async def change(session: AsyncSession, mentor_id: int, profile: Profile, now: datetime) -> Mentor | None:
    """Write a mentor anew. Another name is another person: the check goes. Raises LogInTaken."""
    mentor = await mentors.lock(session, mentor_id)
    if mentor is None:
        return None
    await _refuse_taken(session, profile.staff_id, mentor_id)
    if mentor.name != profile.name:
        mentor.checked_on = mentor.checked_by = None
    for name, value in _values(profile).items():
        setattr(mentor, name, value)
    mentor.changed_at = now
    await session.flush()
    return mentor


def _values(profile: Profile) -> dict[str, object]:
    return {name: getattr(profile, name) for name in _TOLD} | {
        "languages": list(profile.languages), "topics": list(profile.topics),
    }  # fmt: skip


async def _refuse_taken(session: AsyncSession, staff_id: int | None, mentor_id: int) -> None:
    if staff_id is not None:
        query = select(Mentor.id).where(Mentor.staff_id == staff_id, Mentor.id != mentor_id)
        if await session.scalar(query) is not None:
            raise LogInTaken


async def check(session: AsyncSession, mentor_id: int, day: date | None, staff_id: int, now: datetime) -> Mentor | None:
    """Write down on which day identity and conduct were checked (nothing of the papers), or take that back."""
    mentor = await mentors.lock(session, mentor_id)
    if mentor is not None:
        mentor.checked_on, mentor.checked_by, mentor.changed_at = day, staff_id if day is not None else None, now
        await session.flush()
    return mentor


async def activate(session: AsyncSession, mentor_id: int, desk: Desk, now: datetime) -> Mentor | None:
    """Let people see this mentor. Raises NotReady."""
    mentor = await mentors.lock(session, mentor_id)
    if mentor is None:
        return None
    lacks: tuple[str, ...] = () if checks.good(mentor.checked_on, desk, now) else ("check",)
    if not mentor.languages:
        lacks += ("languages",)
    if not await mentors.hours(session, mentor_id):
        lacks += ("hours",)
    if lacks:
        raise NotReady(lacks)
    mentor.state, mentor.changed_at = MentorState.ACTIVE, now
    await session.flush()
    return mentor


async def everybody(session: AsyncSession) -> list[Mentor]:
    """All mentors, by name."""
    found = await session.scalars(select(Mentor), execution_options={"populate_existing": True})
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


async def log_ins(session: AsyncSession, mentor_id: int) -> list[Staff]:
    """Members with the role of a mentor whom no other mentor is linked to."""
    taken = select(Mentor.staff_id).where(Mentor.staff_id.is_not(None), Mentor.id != mentor_id).scalar_subquery()
    roles = select(Grant.staff_id).where(Grant.role == Role.MENTOR).scalar_subquery()
    found = await session.scalars(
        select(Staff).where(Staff.id.in_(roles), Staff.id.not_in(taken), Staff.disabled_at.is_(None))
    )
    return sorted(found, key=lambda one: one.name.casefold())


async def let_go(session: AsyncSession, mentor_id: int, now: datetime) -> None:
    """Somebody is a mentor no more: what is personal goes; former bookings keep an empty name. Raises StillBooked."""
    mentor = await mentors.lock(session, mentor_id)
    if mentor is None:
        return
    booked = select(Booking.id).where(Booking.mentor_id == mentor_id)
    if await session.scalar(booked.where(Booking.state.in_(TAKEN)).limit(1)) is not None:
        raise StillBooked
    for table in (MentorHours, MentorException):
        await session.execute(delete(table).where(table.mentor_id == mentor_id))
    mentor.state, mentor.staff_id, mentor.changed_at = MentorState.DRAFT, None, now
    mentor.name, mentor.contact, mentor.about, mentor.gender = "", "", {}, Gender.UNTOLD
    mentor.languages, mentor.topics, mentor.where = [], [], ""
    mentor.checked_on = mentor.checked_by = None
    await session.flush()
