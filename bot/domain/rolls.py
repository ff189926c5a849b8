"""The attendance of a group as a table: who came to which session, and how much of the course that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import attendance, seats
from bot.domain.attendance import Came
from bot.domain.courses import CourseState, Group, Session, sessions
from bot.domain.seats import Signup, SignupState


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a course somebody attended, of all its sessions that were not called off."""

    attended: int
    all: int
    minutes: int
    all_minutes: int

    @property
    def percent(self) -> int:
        """Whole percent of the sessions, never rounded up over a limit."""
        return self.attended * 100 // self.all if self.all else 0


@dataclass(frozen=True, slots=True)
class Roll:
    """The table: learners by name, sessions by date, and what is known of each of them."""

    sessions: Sequence[Session]
    learners: Sequence[Signup] = field(repr=False)
    gone: Sequence[Signup] = field(repr=False)  # who had a seat, came at least once, and left
    marks: Mapping[tuple[int, int], Came]  # by sign-up and session
    taken: frozenset[int]  # sessions of which somebody of the desk wrote down who came

    @property
    def held(self) -> list[Session]:
        """Sessions that were not called off."""
        return [one for one in self.sessions if not one.called_off]

    def begun(self, now: datetime) -> list[Session]:
        """Those of them that have begun."""
        return [one for one in self.held if one.starts_at <= now]

    def unmarked(self, now: datetime) -> list[Session]:
        """Sessions that have begun, of which nobody wrote down who came."""
        return [one for one in self.begun(now) if one.id not in self.taken]

    def standing(self, signup: Signup, of: Sequence[Session] | None = None) -> Standing:
        """How much of the course this person attended; or of these sessions."""
        wanted = self.held if of is None else of
        came = [one for one in wanted if self.marks.get((signup.id, one.id)) is Came.YES]
        return Standing(len(came), len(wanted), sum(one.minutes for one in came), sum(one.minutes for one in wanted))

    def known(self, now: datetime) -> list[Session]:
        """Sessions that have begun, of which somebody wrote down who came."""
        return [one for one in self.begun(now) if one.id in self.taken]

    def came(self, session_id: int) -> int:
        """How many came to a session."""
        return sum(mark is Came.YES for (_signup, one), mark in self.marks.items() if one == session_id)

    def marked(self, session_id: int) -> bool:
        """Whether somebody wrote down who came. That people have excused themselves is not that."""
        return session_id in self.taken

    def rate(self, now: datetime) -> int | None:
        """How many percent of those who were expected came, over all sessions of which that is known."""
        wanted = {one.id for one in self.known(now)}
        known = [mark for (_signup, one), mark in self.marks.items() if one in wanted]
        return sum(mark is Came.YES for mark in known) * 100 // len(known) if known else None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of those who got a seat: each stands in one of the three."""

    active: int = 0
    dropped: int = 0
    finished: int = 0

    @property
    def enrolled(self) -> int:
        """All of them."""
        return self.active + self.dropped + self.finished

    def __add__(self, other: Report) -> Report:
        return Report(self.active + other.active, self.dropped + other.dropped, self.finished + other.finished)


async def of_group(session: AsyncSession, group_id: int) -> Roll:
    """The table of a group."""
    rows = [one for one in await attendance.of_seating(session, group_id) if one.signup_id is not None]
    marks = {(one.signup_id or 0, one.session_id): Came(one.came) for one in rows}
    taken = frozenset(one.session_id for one in rows if one.by is not None)
    everybody = await seats.of_seating(session, group_id, *SignupState)
    came = {signup_id for (signup_id, _session), mark in marks.items() if mark is Came.YES}
    learners = [one for one in everybody if one.state in {SignupState.GOING, SignupState.FINISHED}]
    gone = [one for one in everybody if _left(one, came)]
    dated = await sessions(session, group_id)
    return Roll(dated, sorted(learners, key=_by_name), sorted(gone, key=_by_name), marks, taken)


async def report(session: AsyncSession, group: Group) -> Report:
    """What became of those who got a seat in a group."""
    roll = await of_group(session, group.id)
    going = len(roll.learners)
    if group.state == CourseState.OVER:
        return Report(finished=going, dropped=len(roll.gone))
    return Report(active=going, dropped=len(roll.gone))


def _left(signup: Signup, came: set[int]) -> bool:
    """Whether somebody began and stopped. Who gave a seat back before coming once has not begun."""
    if signup.state == SignupState.DROPPED:
        return True
    return signup.state == SignupState.CANCELLED and signup.id in came


def _by_name(signup: Signup) -> tuple[str, int]:
    return signup.name.casefold(), signup.id
