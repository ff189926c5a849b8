"""Absences: excused by those who said so before; two in a row that nobody explained are asked about, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import attendance, seats
from bot.domain.attendance import Attendance, Came
from bot.domain.courses import Session
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed
from bot.domain.seats import Signup, SignupState

STREAK: Final = 2  # so many absences in a row, and the desk asks


class Reason(StrEnum):
    """What is in the way, as somebody has chosen it."""

    WORK = "work"
    CHILD = "child"
    TRAVEL = "travel"
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    HEALTH = "health"
    OTHER = "other"
    STOP = "stop"


class Absence(Base):
    """A run of absences of one person, from the first missed session on. Asked about once."""

    __tablename__ = "absences"
    __table_args__ = (Index("uq_absences_run", "signup_id", "first_id", unique=True),)

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    signup_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("signups.id"))
    first_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("course_sessions.id"), index=True)
    missed: Mapped[int] = kept(Keep.PERSON)  # sessions so far
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    told_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # when the person was asked
    reason: Mapped[str] = kept(Keep.PERSON, Sealed("absences.reason"))  # a Reason; empty until they have said
    words: Mapped[str] = kept(Keep.PERSON, Sealed("absences.words"))
    language: Mapped[str] = kept(Keep.PERSON, String(8), default="")  # of the words
    answered_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    ended_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # they came again, or have left
    seen_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # by staff, who have seen to it
    seen_by: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)


async def review(session: AsyncSession, signup_id: int, now: datetime) -> Absence | None:
    """Look at the marks of a sign-up anew, after one has changed; the run of absences that goes on, if one does.

    A session for which somebody excused themselves, or came to, ends a run; one without a mark neither ends nor adds.
    """
    missed = await _missed(session, signup_id)
    known = await of_signup(session, signup_id)
    for one in known:
        if len(missed) >= STREAK and one.first_id == missed[0].id:
            continue
        if one.told_at is None:
            await session.delete(one)  # a slip that was corrected before anybody was asked
        elif one.ended_at is None:
            one.ended_at = now
    found = next((one for one in known if len(missed) >= STREAK and one.first_id == missed[0].id), None)
    if len(missed) >= STREAK:
        if found is None:
            found = Absence(id=new_id(), signup_id=signup_id, first_id=missed[0].id, missed=0, made_at=now, reason="",
                            words="", language="")  # fmt: skip
            session.add(found)
        found.missed, found.ended_at = len(missed), None
    await session.flush()
    return found


async def _missed(session: AsyncSession, signup_id: int) -> list[Session]:
    """The sessions of the run of absences that the last mark belongs to, oldest first."""
    rows = await session.execute(
        select(Session, Attendance.came)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Attendance.signup_id == signup_id, Session.called_off.is_(False))
        .order_by(Session.day, Session.minute, Session.id),
        execution_options={"populate_existing": True},
    )
    run: list[Session] = []
    for one, came in rows:
        run = [*run, one] if came == Came.NO else []
    return run


async def of_signup(session: AsyncSession, signup_id: int) -> list[Absence]:
    """All runs of one sign-up, oldest first."""
    query = select(Absence).where(Absence.signup_id == signup_id).order_by(Absence.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def current(session: AsyncSession, signup_id: int) -> Absence | None:
    """The run that goes on, or the last one that the person was asked about and has not answered."""
    runs = [one for one in await of_signup(session, signup_id) if one.ended_at is None or one.answered_at is None]
    return runs[-1] if runs else None


async def of_groups(session: AsyncSession, group_ids: Sequence[int]) -> list[tuple[Absence, Signup]]:
    """Runs in these groups that go on, longest unseen first: for staff. Those who have left are not there."""
    rows = await session.execute(
        select(Absence, Signup)
        .join(Signup, Signup.id == Absence.signup_id)
        .where(Signup.seating_id.in_(group_ids), Signup.state == SignupState.GOING, Absence.ended_at.is_(None))
        .order_by(Absence.seen_at.is_not(None), Absence.id),
        execution_options={"populate_existing": True},
    )
    return [(absence, signup) for absence, signup in rows]


async def mark_seen(session: AsyncSession, absence_id: int, staff_id: int | None, now: datetime) -> Absence | None:
    """Staff have seen to it; without a `staff_id` this is taken back."""
    found = await session.get(Absence, absence_id, populate_existing=True)
    if found is not None:
        found.seen_at, found.seen_by = (now, staff_id) if staff_id is not None else (None, None)
        await session.flush()
    return found


async def untold(session: AsyncSession, before: datetime, most: int = 64) -> list[tuple[Absence, Signup]]:
    """Runs that were found before an instant, go on, and that nobody was asked about yet."""
    rows = await session.execute(
        select(Absence, Signup)
        .join(Signup, Signup.id == Absence.signup_id)
        .where(
            Absence.told_at.is_(None), Absence.ended_at.is_(None), Absence.made_at < before,
            Signup.state == SignupState.GOING,
        )
        .order_by(Absence.id)
        .limit(most),
        execution_options={"populate_existing": True},
    )  # fmt: skip
    return [(absence, signup) for absence, signup in rows]


async def tell(session: AsyncSession, absence_id: int, now: datetime) -> Absence | None:
    """Note that somebody is being asked. None: they were, or there is nothing to ask about any more."""
    found = await session.get(Absence, absence_id, populate_existing=True)
    if found is None or found.told_at is not None or found.ended_at is not None:
        return None
    found.told_at = now
    await session.flush()
    return found


async def answer(
    session: AsyncSession, absence_id: int, reason: Reason, words: str, language: str, now: datetime
) -> None:
    """Write down what is in the way; a later answer replaces an earlier one."""
    found = await session.get_one(Absence, absence_id, populate_existing=True)
    found.reason, found.words, found.language, found.answered_at = reason, words, language, now
    await session.flush()


async def excused(session: AsyncSession, signup_id: int) -> set[int]:
    """The sessions for which somebody has excused themselves."""
    query = select(Attendance.session_id).where(Attendance.signup_id == signup_id, Attendance.came == Came.EXCUSED)
    return set(await session.scalars(query))


async def take(
    session: AsyncSession, group_id: int, session_id: int, marks: dict[int, Came], staff_id: int, now: datetime
) -> dict[int, Came]:
    """Write down who came to a session, by sign-up; returns the marks that this changed."""
    await seats.lock(session, group_id)
    learners = await seats.of_seating(session, group_id, SignupState.GOING, SignupState.FINISHED)
    going = {one.id for one in learners}
    changed = {}
    for signup_id, came in marks.items():
        if signup_id in going and await attendance.mark(
            session, group_id, signup_id, came, now, session_id=session_id, by=staff_id
        ):
            changed[signup_id] = came
            await review(session, signup_id, now)
    return changed
