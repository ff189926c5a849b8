"""Courses: what is taught at which level, its groups with seats, and their sessions. One waiting list for a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, Index, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats, waiting
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.seats import Seating, Signup, Wish
from bot.domain.waiting import Term
from bot.domain.wall import instant

KIND: Final = "group"


class Level(StrEnum):
    """How much of the language one brings along (the levels of the Common European Framework)."""

    A0 = "A0"  # nothing yet
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"


class When(StrEnum):
    """When a group meets, and when somebody can come."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    WEEKEND = "weekend"


class CourseState(StrEnum):
    """Whether people see a course or a group."""

    DRAFT = "draft"
    OPEN = "open"
    OVER = "over"
    CALLED_OFF = "called_off"


class Course(Base):
    """What is taught: a language at a level. `texts`: title and about by language. Nothing here is about a person."""

    __tablename__ = "courses"

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    language: Mapped[str] = kept(Keep.DESK, String(8))  # that is taught
    level: Mapped[str] = kept(Keep.DESK, String(4))
    state: Mapped[str] = kept(Keep.DESK, String(12))
    texts: Mapped[dict[str, Any]] = kept(Keep.DESK, JSON)
    place: Mapped[str] = kept(Keep.DESK, String(40))
    sample: Mapped[bool] = kept(Keep.DESK, default=False)
    made_at: Mapped[datetime] = kept(Keep.DESK, Instant)
    changed_at: Mapped[datetime] = kept(Keep.DESK, Instant)

    def title(self, language: str) -> str:
        """The title in a language, else in Slovene, else in whatever there is."""
        return str(self._text(language).get("title", ""))

    def about(self, language: str) -> str:
        """What it is about, likewise."""
        return str(self._text(language).get("about", ""))

    def _text(self, language: str) -> dict[str, str]:
        told = {code: one for code, one in self.texts.items() if one.get("title")}
        return told.get(language) or told.get("sl") or next(iter(told.values()), {})


class Group(Base):
    """A group of a course in one term. Its id is that of its seating, whose `wanted` says when it meets (When)."""

    __tablename__ = "course_groups"

    id: Mapped[int] = kept(Keep.DESK, Identity, ForeignKey("seatings.id"), primary_key=True, autoincrement=False)
    course_id: Mapped[int] = kept(Keep.DESK, Identity, ForeignKey("courses.id"), index=True)
    state: Mapped[str] = kept(Keep.DESK, String(12))
    name: Mapped[str] = kept(Keep.DESK, String(80))  # as staff call it: "A1 torek"
    term: Mapped[str] = kept(Keep.DESK, String(40), default="")
    tutor_id: Mapped[int | None] = kept(Keep.DESK, Identity, ForeignKey("staff.id"), nullable=True)
    where: Mapped[str] = kept(Keep.DESK, String(200), default="")
    map_url: Mapped[str] = kept(Keep.DESK, String(300), default="")
    online_url: Mapped[str] = kept(Keep.DESK, String(300), default="")
    childcare: Mapped[bool] = kept(Keep.DESK, default=False)
    latin_script: Mapped[bool] = kept(Keep.DESK, default=False)  # for those who learn to read it first
    zone: Mapped[str] = kept(Keep.DESK, String(40))
    made_at: Mapped[datetime] = kept(Keep.DESK, Instant)
    changed_at: Mapped[datetime] = kept(Keep.DESK, Instant)


class Session(Base):
    """One meeting of a group, numbered from 1."""

    __tablename__ = "course_sessions"
    __table_args__ = (Index("uq_course_sessions_number", "group_id", "number", unique=True),)

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    group_id: Mapped[int] = kept(Keep.DESK, Identity, ForeignKey("course_groups.id"))
    number: Mapped[int] = kept(Keep.DESK)
    day: Mapped[date] = kept(Keep.DESK, Date, index=True)
    minute: Mapped[int] = kept(Keep.DESK)
    minutes: Mapped[int] = kept(Keep.DESK)
    zone: Mapped[str] = kept(Keep.DESK, String(40))
    called_off: Mapped[bool] = kept(Keep.DESK, default=False)

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins, derived from the place's wall time."""
        return instant(self.day, self.minute, ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What staff write of a group. `sessions`: day, minute of the day, how many minutes; None: as they are."""

    name: str
    seats: int
    when: tuple[When, ...]
    zone: str
    sessions: tuple[tuple[date, int, int], ...] | None
    term: str = ""
    tutor_id: int | None = None
    where: str = ""
    map_url: str = ""
    online_url: str = ""
    childcare: bool = False
    latin_script: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A group that somebody can see, with its seats and sessions."""

    course: Course
    group: Group
    seating: Seating
    sessions: list[Session] = field(default_factory=list)


_TO_COME: Final = frozenset({CourseState.DRAFT, CourseState.OPEN})
_TOLD: Final = ("name", "term", "tutor_id", "where", "map_url", "online_url", "childcare", "latin_script", "zone")


def list_key(course_id: int) -> str:
    """Where one waits for a place in any group of the course, in this term or a later one."""
    return f"course:{course_id}"


async def make(
    session: AsyncSession, language: str, level: Level, texts: dict[str, dict[str, str]], place: str, now: datetime, *,
    sample: bool = False,
) -> Course:  # fmt: skip
    """A new course, without groups."""
    course = Course(id=new_id(), language=language, level=level, state=CourseState.OPEN, texts=texts, place=place,
                    sample=sample, made_at=now, changed_at=now)  # fmt: skip
    session.add(course)
    await session.flush()
    return course


async def change(
    session: AsyncSession, course_id: int, language: str, level: Level, texts: dict[str, dict[str, str]], place: str,
    now: datetime,
) -> Course | None:  # fmt: skip
    """Write a course anew; its groups stay as they are."""
    course = await session.get(Course, course_id, populate_existing=True)
    if course is None:
        return None
    course.language, course.level, course.texts, course.place, course.changed_at = language, level, texts, place, now
    await session.flush()
    return course


async def set_state(session: AsyncSession, course_id: int, state: CourseState, now: datetime) -> Course | None:
    """Show a course to people (OPEN), or do not."""
    course = await session.get(Course, course_id, populate_existing=True)
    if course is not None:
        course.state, course.changed_at = state, now
        await session.flush()
    return course


async def add_group(session: AsyncSession, course_id: int, plan: GroupPlan, now: datetime) -> Group:
    """A new group that nobody sees yet."""
    course = await session.get_one(Course, course_id)
    fresh = new_id()
    session.add(Seating(id=fresh, kind=KIND, list_key=list_key(course_id), place=course.place, seats=plan.seats,
                        taken=0, wanted=" ".join(plan.when), open=False, starts_at=None))  # fmt: skip
    await session.flush()
    group = Group(id=fresh, course_id=course_id, state=CourseState.DRAFT, made_at=now, changed_at=now,
                  **{name: getattr(plan, name) for name in _TOLD})  # fmt: skip
    session.add(group)
    await session.flush()
    await _set_sessions(session, group, plan.sessions or ())
    return group


async def change_group(session: AsyncSession, group_id: int, plan: GroupPlan, term: Term) -> Group | None:
    """Write a group anew; sessions keep their number, so what is known of attendance stays. Raises TooFewSeats."""
    group = await session.get(Group, group_id, populate_existing=True)
    if group is None:
        return None
    await waiting.change_seats(session, group_id, plan.seats, term)
    for name in _TOLD:
        setattr(group, name, getattr(plan, name))
    group.changed_at = term.now
    (await session.get_one(Seating, group_id)).wanted = " ".join(plan.when)
    if plan.sessions is not None:
        await _set_sessions(session, group, plan.sessions)
    await session.flush()
    return group


async def open_group(session: AsyncSession, group_id: int, term: Term) -> Group | None:
    """Let people see it; those who wait for such a group are offered its seats first.

    None without sessions, and where it has ended or was called off.
    """
    seating = await seats.lock(session, group_id)
    group = await session.get(Group, group_id, populate_existing=True)
    if seating is None or group is None or group.state not in _TO_COME or not await sessions(session, group_id):
        return None
    group.state, group.changed_at = CourseState.OPEN, term.now
    seating.open = True
    await session.flush()
    await waiting.offer_free(session, group_id, term)
    return group


async def close_group(session: AsyncSession, group_id: int, now: datetime) -> Group | None:
    """The group has come to its end: whoever has a seat has finished, and can sign up for the course again."""
    seating = await seats.lock(session, group_id)
    group = await session.get(Group, group_id, populate_existing=True)
    if seating is None or group is None or group.state != CourseState.OPEN:
        return None
    seating.open = False
    group.state, group.changed_at = CourseState.OVER, now
    for signup in await seats.of_seating(session, group_id, seats.SignupState.GOING):
        signup.state, signup.changed_at = seats.SignupState.FINISHED, now
    await session.flush()
    return group


async def reopen_group(session: AsyncSession, group_id: int, now: datetime) -> Group | None:
    """It goes on after all. Whoever has signed up for the course again meanwhile stays where they are now."""
    seating = await seats.lock(session, group_id)
    group = await session.get(Group, group_id, populate_existing=True)
    if seating is None or group is None or group.state != CourseState.OVER:
        return None
    seating.open = True  # nobody can sign up all the same: it has begun
    group.state, group.changed_at = CourseState.OPEN, now
    for signup in await seats.of_seating(session, group_id, seats.SignupState.FINISHED):
        if await seats.active(session, signup.list_key, signup.person_id) is None:
            signup.state, signup.changed_at = seats.SignupState.GOING, now
    await session.flush()
    return group


async def call_off_group(session: AsyncSession, group_id: int, now: datetime) -> list[Signup]:
    """The group does not take place. Returns those who had a seat: tell each."""
    await seats.lock(session, group_id)
    group = await session.get(Group, group_id, populate_existing=True)
    if group is None or group.state not in _TO_COME:
        return []
    group.state, group.changed_at = CourseState.CALLED_OFF, now
    await session.flush()
    return await waiting.close(session, group_id, now)


async def sessions(session: AsyncSession, group_id: int) -> list[Session]:
    """All sessions of a group by number."""
    return list(await session.scalars(select(Session).where(Session.group_id == group_id).order_by(Session.number)))


async def open_courses(session: AsyncSession) -> list[Course]:
    """The courses that people see, by language and level."""
    query = select(Course).where(Course.state == CourseState.OPEN).order_by(Course.language, Course.level, Course.id)
    return list(await session.scalars(query))


async def open_groups(session: AsyncSession, course_id: int, now: datetime) -> list[Offered]:
    """The groups of a course that take people and have not begun, soonest first, full ones too."""
    rows = await session.execute(
        select(Course, Group, Seating)
        .join(Group, Group.course_id == Course.id)
        .join(Seating, Seating.id == Group.id)
        .where(Course.id == course_id, Group.state == CourseState.OPEN, Seating.open.is_(True), Seating.starts_at > now)
        .order_by(Seating.starts_at, Group.id),
        execution_options={"populate_existing": True},
    )
    return [Offered(*row, await sessions(session, row[1].id)) for row in list(rows)]


async def enrol(session: AsyncSession, group_id: int, wish: Wish, now: datetime) -> Signup:
    """A seat in a group. Raises Closed, Full, AlreadySignedUp."""
    return await seats.take(session, group_id, wish, now)


async def learners(session: AsyncSession, group_id: int) -> int:
    """How many people have a seat in a group."""
    query = select(func.count()).select_from(Signup)
    found = await session.scalar(query.where(Signup.seating_id == group_id, Signup.state == seats.SignupState.GOING))
    return int(found or 0)


async def _set_sessions(session: AsyncSession, group: Group, plan: Sequence[tuple[date, int, int]]) -> None:
    """Sessions by number: changed, added, or called off where the plan has fewer. Sign-up ends with the first."""
    known = {one.number: one for one in await sessions(session, group.id)}
    for number, (day, minute, minutes) in enumerate(sorted(plan), start=1):
        one = known.pop(number, None)
        if one is None:
            one = Session(id=new_id(), group_id=group.id, number=number, called_off=False)
            session.add(one)
        one.day, one.minute, one.minutes, one.zone, one.called_off = day, minute, minutes, group.zone, False
    for one in known.values():
        one.called_off = True
    await session.flush()
    kept_ones = [one for one in await sessions(session, group.id) if not one.called_off]
    seating = await session.get_one(Seating, group.id)
    seating.starts_at = min((one.starts_at for one in kept_ones), default=None)
    await session.flush()
