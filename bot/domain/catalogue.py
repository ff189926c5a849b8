"""What people see of courses: those that are open, their groups with free seats, when they meet, and what fits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import courses, seats
from bot.domain.courses import Course, CourseState, Group, Level, Offered, Session, When
from bot.domain.seats import ACTIVE, Seating, Signup, SignupState

LEVELS: Final = tuple(Level)
_SEVERAL: Final = 3  # with more meetings of a week than that, the dates say more than a pattern
_WAITS: Final = (SignupState.WAITING, SignupState.OFFERED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A course with the groups that take people, and how many people wait for a place in it."""

    course: Course
    groups: list[Offered]
    waiting: int

    @property
    def free(self) -> int | None:
        """How many seats are free in all groups together; None where they are not counted."""
        if any(one.seating.seats is None for one in self.groups):
            return None
        return sum(seats.free_seats(one.seating) for one in self.groups)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One time of the week at which a group meets. Weekday 0 is Monday."""

    weekdays: tuple[int, ...]
    opens: int
    closes: int


async def entries(session: AsyncSession, now: datetime) -> list[Entry]:
    """All courses that people see, by language and level, with their groups."""
    return await _entries(session, await courses.open_courses(session), now)


async def entry(session: AsyncSession, course_id: int, now: datetime) -> Entry | None:
    """One of them; None for a course that people do not see."""
    course = await session.get(Course, course_id, populate_existing=True)
    if course is None or course.state != CourseState.OPEN:
        return None
    return (await _entries(session, [course], now))[0]


async def _entries(session: AsyncSession, found: Sequence[Course], now: datetime) -> list[Entry]:
    ids = [one.id for one in found]
    rows = await session.execute(
        select(Group, Seating)
        .join(Seating, Seating.id == Group.id)
        .where(
            Group.course_id.in_(ids), Group.state == CourseState.OPEN, Seating.open.is_(True), Seating.starts_at > now
        )
        .order_by(Seating.starts_at, Group.id),
        execution_options={"populate_existing": True},
    )  # fmt: skip
    groups = list(rows)
    meetings = await _sessions(session, [group.id for group, _seating in groups])
    waiting = await _waiting(session, ids)
    return [
        Entry(
            course,
            [Offered(course, group, seating, meetings.get(group.id, []))
             for group, seating in groups if group.course_id == course.id],
            waiting.get(courses.list_key(course.id), 0),
        )
        for course in found
    ]  # fmt: skip


async def _sessions(session: AsyncSession, group_ids: Collection[int]) -> dict[int, list[Session]]:
    query = select(Session).where(Session.group_id.in_(group_ids), Session.called_off.is_(False))
    found: dict[int, list[Session]] = {}
    query = query.order_by(Session.day, Session.minute, Session.id)
    for one in await session.scalars(query, execution_options={"populate_existing": True}):
        found.setdefault(one.group_id, []).append(one)
    return found


async def _waiting(session: AsyncSession, course_ids: Collection[int]) -> dict[str, int]:
    keys = [courses.list_key(one) for one in course_ids]
    query = select(Signup.list_key, func.count()).where(Signup.list_key.in_(keys), Signup.state.in_(_WAITS))
    return {key: count for key, count in await session.execute(query.group_by(Signup.list_key))}  # noqa: C416 - rows


async def of_people(session: AsyncSession, person_ids: Collection[int]) -> list[tuple[Signup, Course]]:
    """The sign-ups of these people for courses that have not ended, oldest first."""
    query = select(Signup).where(
        Signup.person_id.in_(person_ids), Signup.state.in_(ACTIVE), Signup.list_key.startswith("course:")
    )
    found = []
    for signup in await session.scalars(query.order_by(Signup.id), execution_options={"populate_existing": True}):
        course = await course_of(session, signup)
        if course is not None:
            found.append((signup, course))
    return found


async def course_of(session: AsyncSession, signup: Signup) -> Course | None:
    """The course that somebody has signed up for; None for a sign-up for something else."""
    kind, _colon, course_id = signup.list_key.partition(":")
    return await session.get(Course, int(course_id)) if kind == "course" and course_id.isdecimal() else None


async def group_of(session: AsyncSession, signup: Signup) -> Offered | None:
    """The group in which somebody has a seat, or is offered one, with its sessions that are not called off."""
    group = await session.get(Group, signup.seating_id, populate_existing=True) if signup.seating_id else None
    if group is None:
        return None
    course = await session.get_one(Course, group.course_id)
    seating = await session.get_one(Seating, group.id, populate_existing=True)
    return Offered(course, group, seating, (await _sessions(session, [group.id])).get(group.id, []))


def weekly(sessions: Iterable[Session]) -> list[Meeting]:
    """When a group usually meets, by the clock; nothing where it is different each time."""
    times: dict[tuple[int, int], set[int]] = {}
    for one in sessions:
        times.setdefault((one.minute, one.minute + one.minutes), set()).add(one.day.weekday())
    if sum(map(len, times.values())) > _SEVERAL:
        return []
    found = [Meeting(tuple(sorted(days)), *clock) for clock, days in times.items()]
    return sorted(found, key=lambda one: (one.weekdays, one.opens))


def first_day(sessions: Sequence[Session]) -> date | None:
    """The local day of the first session."""
    return min((one.day for one in sessions), default=None)


def suits(offered: Offered, when: Collection[str]) -> bool:
    """Whether a group meets when somebody can come. Whoever said nothing can come at any time."""
    wanted = offered.seating.wanted.split()
    return not when or not wanted or bool(set(when) & set(wanted))


def fits(course: Course, brings: Level) -> bool:
    """Whether a course is right for somebody who brings a level along: it repeats that level, or goes one further."""
    return LEVELS.index(Level(course.level)) - LEVELS.index(brings) in {0, 1}


def in_order(groups: Iterable[Offered], when: Collection[str], *, reads_latin: bool, childcare: bool) -> list[Offered]:
    """Groups as somebody should see them: first those that suit, have what they need, and a free seat."""
    return sorted(
        groups,
        key=lambda one: (
            seats.free_seats(one.seating) <= 0,
            not suits(one, when),
            not reads_latin and not one.group.latin_script,
            childcare and not one.group.childcare,
            one.seating.starts_at,
            one.group.id,
        ),
    )


def meets(groups: Iterable[Offered], when: When) -> bool:
    """Whether any of these groups meets at this time of the day or week."""
    return any(when in one.seating.wanted.split() for one in groups)
