"""What people thought of an event or a course: three faces, and words if they like."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.attendance import Attendance, Came
from bot.domain.db import Base, Identity, Instant, write_new_rows
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed
from bot.domain.seats import Signup, SignupState


class Face(IntEnum):
    """How it was."""

    BAD = 1
    MIDDLING = 2
    GOOD = 3


class Feedback(Base):
    """What one person said of one seating, once. `asked_at` is when we asked; `face` is empty until they answer."""

    __tablename__ = "feedbacks"

    signup_id: Mapped[int] = kept(
        Keep.PERSON, Identity, ForeignKey("signups.id"), primary_key=True, autoincrement=False
    )
    seating_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"), index=True)
    asked_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    face: Mapped[int | None] = kept(Keep.PERSON, nullable=True)
    words: Mapped[str] = kept(Keep.PERSON, Sealed("feedbacks.words"))
    voice: Mapped[str] = kept(Keep.PERSON, Sealed("feedbacks.voice"))  # the platform's id of a voice note
    language: Mapped[str] = kept(Keep.PERSON, String(8))
    answered_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


async def of_signup(session: AsyncSession, signup_id: int) -> Feedback | None:
    """What somebody was asked and has said."""
    return await session.get(Feedback, signup_id, populate_existing=True)


async def of_seating(session: AsyncSession, seating_id: int) -> list[Feedback]:
    """What people have said of a seating, oldest first; without those who have not answered."""
    query = select(Feedback).where(Feedback.seating_id == seating_id, Feedback.face.is_not(None))
    return list(await session.scalars(query.order_by(Feedback.answered_at, Feedback.signup_id)))


async def to_ask(session: AsyncSession, seating_id: int) -> list[Signup]:
    """Who was there and was not asked yet; where nobody took attendance, everybody who had a seat."""
    marks = await session.execute(
        select(Attendance.signup_id, Attendance.came).where(
            Attendance.seating_id == seating_id, Attendance.signup_id.is_not(None)
        )
    )
    came = {mark.signup_id: mark.came for mark in marks}
    asked = select(Feedback.signup_id).where(Feedback.seating_id == seating_id).scalar_subquery()
    query = select(Signup).where(
        Signup.seating_id == seating_id, Signup.state == SignupState.GOING, Signup.id.not_in(asked)
    )
    there = await session.scalars(query.order_by(Signup.id))
    return [one for one in there if not came or came.get(one.id) == Came.YES]


async def ask(session: AsyncSession, signup: Signup, language: str, now: datetime) -> bool:
    """Note that somebody is being asked. False: they were."""
    if signup.seating_id is None or await of_signup(session, signup.id) is not None:
        return False
    row = {"signup_id": signup.id, "seating_id": signup.seating_id, "asked_at": now, "face": None, "words": "",
           "voice": "", "language": language, "answered_at": None}  # fmt: skip
    await write_new_rows(session, Feedback.__table__, [row], "signup_id")  # type: ignore[arg-type]
    return True


async def rate(session: AsyncSession, signup: Signup, face: Face, language: str, now: datetime) -> bool:
    """Write down a face, or another in its place. Returns whether it is the first."""
    await ask(session, signup, language, now)
    said = await session.get_one(Feedback, signup.id, populate_existing=True)
    first = said.face is None
    said.face, said.language, said.answered_at = face, language, now
    await session.flush()
    return first


async def add_words(session: AsyncSession, signup_id: int, *, words: str = "", voice: str = "") -> None:
    """What somebody wants to add to their face, in place of what they said before."""
    said = await of_signup(session, signup_id)
    if said is not None:
        said.words, said.voice = words, voice
        await session.flush()
