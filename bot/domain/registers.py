"""The register of a meeting: whose it is, who is on it, and what is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import attendance
from bot.domain.attendance import Attendance, Came
from bot.domain.courses import Course, CourseState, Group, Session
from bot.domain.seats import Signup, SignupState


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session with its group."""

    session: Session
    group: Group
    level: str  # of the course


async def open_to(
    session: AsyncSession, staff_id: int, now: datetime, early: timedelta, late: timedelta, *, everywhere: bool
) -> list[Meeting]:
    """Meetings of today, then earlier ones of which nothing is written down: of one's own groups.

    `everywhere`: of all groups, one's own first. `early`: how long before the beginning; `late`: for how long after.
    """
    query = (
        select(Session, Group, Course.level)
        .join(Group, Group.id == Session.group_id)
        .join(Course, Course.id == Group.course_id)
        .where(
            Session.called_off.is_(False), Group.state == CourseState.OPEN,
            Session.day.between((now - late).date(), (now + early).date() + timedelta(days=1)),
        )
        .order_by(Session.day, Session.minute, Session.id)
    )  # fmt: skip
    if not everywhere:
        query = query.where(Group.tutor_id == staff_id)
    found = [
        Meeting(one, group, level) for one, group, level in await session.execute(query) if one.starts_at - early <= now
    ]
    written = set(
        await session.scalars(
            select(Attendance.session_id).where(
                Attendance.session_id.in_([one.session.id for one in found]), Attendance.by.is_not(None)
            )
        )
    )
    kept = [one for one in found if _is_today(one.session, now) or one.session.id not in written]
    return sorted(kept, key=lambda one: (one.group.tutor_id != staff_id, not _is_today(one.session, now)))


def _is_today(one: Session, now: datetime) -> bool:
    return now.astimezone(ZoneInfo(one.zone)).date() == one.day


async def names(session: AsyncSession, group_id: int) -> dict[int, str]:
    """Who has a seat in a group, by sign-up, in order of names. Two of one name are numbered."""
    going = await session.execute(
        select(Signup.id, Signup.name).where(Signup.seating_id == group_id, Signup.state == SignupState.GOING)
    )
    found: dict[int, str] = {}
    told = Counter[str]()
    for number, name in sorted(going, key=lambda row: (row.name.casefold(), row.id)):
        told[name] += 1
        found[number] = f"{name or '?'} ({told[name]})" if told[name] > 1 else name or "?"
    return found


async def marks(session: AsyncSession, group_id: int, session_id: int) -> dict[int, Came]:
    """What is written down of a meeting, by sign-up."""
    return {
        one.signup_id: Came(one.came)
        for one in await attendance.of_seating(session, group_id)
        if one.session_id == session_id and one.signup_id is not None
    }


async def preset(session: AsyncSession, group_id: int, session_id: int) -> dict[str, str]:
    """What somebody who takes attendance begins with, by sign-up: what is written down, and else that all are there."""
    known = await marks(session, group_id, session_id)
    return {str(number): str(known.get(number, Came.YES)) for number in await names(session, group_id)}


async def people(session: AsyncSession, signup_ids: Collection[int]) -> dict[int, int]:
    """Whose sign-ups these are."""
    rows = await session.execute(select(Signup.id, Signup.person_id).where(Signup.id.in_(signup_ids)))
    return {number: person_id for number, person_id in rows}  # noqa: C416 - rows are no pairs to `dict`
