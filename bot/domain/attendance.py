"""Who came: to a session of a course or to an event, with a sign-up or without one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept


class Came(StrEnum):
    """Whether somebody came."""

    YES = "yes"
    NO = "no"
    EXCUSED = "excused"


class Guest(StrEnum):
    """Whom we count apart."""

    NEWCOMER = "newcomer"
    LOCAL = "local"


_SIGNED = "signup_id IS NOT NULL"


class Attendance(Base):
    """One person at one session (`session_id`, 0 at an event). Without a sign-up: `people` who just came in."""

    __tablename__ = "attendances"
    __table_args__ = (
        Index("uq_attendances_signup", "seating_id", "session_id", "signup_id", unique=True,
              sqlite_where=text(_SIGNED), postgresql_where=text(_SIGNED)),
    )  # fmt: skip

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    seating_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"))
    session_id: Mapped[int] = kept(Keep.PERSON, Identity, default=0)
    signup_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("signups.id"), nullable=True, index=True)
    came: Mapped[str] = kept(Keep.PERSON, String(8))
    guest: Mapped[str] = kept(Keep.PERSON, String(8), default=Guest.NEWCOMER)
    people: Mapped[int] = kept(Keep.PERSON, default=1)
    by: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)  # of staff; None: checked in by themselves
    at: Mapped[datetime] = kept(Keep.PERSON, Instant)


async def mark(
    session: AsyncSession, seating_id: int, signup_id: int, came: Came, now: datetime, *, session_id: int = 0,
    by: int | None = None, people: int = 1, guest: Guest = Guest.NEWCOMER,
) -> bool:  # fmt: skip
    """Write down whether somebody with a sign-up came; a former mark is replaced. Returns whether that changed it."""
    await seats.hold(session)  # a tap at the door and one of staff at the same moment
    query = select(Attendance).where(
        Attendance.seating_id == seating_id, Attendance.session_id == session_id, Attendance.signup_id == signup_id
    )
    found = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if found is not None:
        changed = (found.came, found.people, found.guest) != (came, people, guest)
        found.came, found.people, found.guest, found.by, found.at = came, people, guest, by, now
    else:
        changed = True
        session.add(Attendance(id=new_id(), seating_id=seating_id, session_id=session_id, signup_id=signup_id,
                               came=came, guest=guest, people=people, by=by, at=now))  # fmt: skip
    await session.flush()
    return changed


async def of_signup(session: AsyncSession, seating_id: int, signup_id: int, session_id: int = 0) -> Attendance | None:
    """The mark of somebody with a sign-up, if there is one."""
    query = select(Attendance).where(
        Attendance.seating_id == seating_id, Attendance.session_id == session_id, Attendance.signup_id == signup_id
    )
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def unmark(session: AsyncSession, seating_id: int, signup_id: int, session_id: int = 0) -> None:
    """Take a mark back."""
    await session.execute(
        delete(Attendance).where(
            Attendance.seating_id == seating_id, Attendance.session_id == session_id, Attendance.signup_id == signup_id
        ),
        execution_options={"synchronize_session": False},
    )


async def count_walk_in(
    session: AsyncSession, seating_id: int, guest: Guest, people: int, now: datetime, *, session_id: int = 0,
    by: int | None = None, as_id: int | None = None,
) -> int | None:  # fmt: skip
    """People who just came in. Returns the id by which it can be taken back; None where `as_id` was counted before."""
    fresh = as_id or new_id()
    if as_id is not None and await session.get(Attendance, as_id) is not None:
        return None
    session.add(Attendance(id=fresh, seating_id=seating_id, session_id=session_id, signup_id=None, came=Came.YES,
                           guest=guest, people=people, by=by, at=now))  # fmt: skip
    await session.flush()
    return fresh


async def forget_walk_in(session: AsyncSession, attendance_id: int) -> None:
    """Take such a count back."""
    await session.execute(
        delete(Attendance).where(Attendance.id == attendance_id, Attendance.signup_id.is_(None)),
        execution_options={"synchronize_session": False},
    )


async def of_seating(session: AsyncSession, seating_id: int) -> list[Attendance]:
    """Every mark of a seating, oldest first."""
    query = select(Attendance).where(Attendance.seating_id == seating_id).order_by(Attendance.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))
