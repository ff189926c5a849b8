"""What the two sides of a booking have yet to be told: a row for each thing, written with what it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed

_UNTOLD: Final = "told_at IS NULL"


class Side(StrEnum):
    """Who does something with a booking, or is told of it."""

    PERSON = "person"
    MENTOR = "mentor"
    DESK = "desk"

    @property
    def other(self) -> Side:
        """To whom one writes."""
        return Side.MENTOR if self is Side.PERSON else Side.PERSON


class What(StrEnum):
    """What there is to tell."""

    REQUEST = "request"  # to the mentor: somebody asks for a time
    MOVED = "moved"  # to the mentor: the same, for another time than before
    RESTORED = "restored"  # to the mentor: called off by mistake, it stands again
    AGREED = "agreed"
    SUGGESTED = "suggested"  # to the person: other times
    PASSED = "passed"  # to the person: another mentor was asked
    NOBODY = "nobody"  # to the person: no mentor is left, the desk sees to it
    LAPSED = "lapsed"  # nobody answered in time
    CANCELLED = "cancelled"
    GONE = "gone"  # to the mentor: the person has left the desk for good
    WORDS = "words"  # a short message of the other side
    CONTACT = "contact"  # both agreed to give each other how to reach them
    MET = "met"  # did you meet?
    CHECK_IN = "check_in"  # three months later


class News(Base):
    """One thing to tell one side, once, from `due_at` on. Its words go as soon as they are told."""

    __tablename__ = "booking_news"
    __table_args__ = (
        Index("ix_booking_news_untold", "due_at", sqlite_where=text(_UNTOLD), postgresql_where=text(_UNTOLD)),
    )

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    # None: the booking was deleted together with the person.
    booking_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("bookings.id"), nullable=True, index=True)
    mentor_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("mentors.id"))
    side: Mapped[str] = kept(Keep.PERSON, String(8))
    what: Mapped[str] = kept(Keep.PERSON, String(12))
    words: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("booking_news.words"))
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    due_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    told_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    reached: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)  # whether there was a chat to write to


def when(day: date, minute: int, zone: str) -> dict[str, Any]:
    """The wall time of a meeting that will not be there, or not be the same, when it is told."""
    return {"day": day.isoformat(), "minute": minute, "zone": zone}


async def add(
    session: AsyncSession, booking_id: int | None, mentor_id: int, side: Side, what: What, now: datetime, *,
    due_at: datetime | None = None, words: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Note that something is to be told."""
    session.add(News(id=new_id(), booking_id=booking_id, mentor_id=mentor_id, side=side, what=what, reached=None,
                     words=dict(words or {}), made_at=now, due_at=due_at or now, told_at=None))  # fmt: skip
    await session.flush()


async def take_back(session: AsyncSession, booking_id: int, *what: What) -> int:
    """What of these kinds was not told yet need not be told. Returns how much."""
    gone = await session.scalars(
        delete(News)
        .where(News.booking_id == booking_id, News.told_at.is_(None), News.what.in_(what))
        .returning(News.id),
        execution_options={"synchronize_session": False},
    )
    return len(list(gone))


async def was_told(session: AsyncSession, booking_id: int, mentor_id: int, *what: What) -> bool:
    """Whether this mentor knows of the booking by any of these."""
    query = select(News.id).where(
        News.booking_id == booking_id, News.mentor_id == mentor_id, News.side == Side.MENTOR, News.what.in_(what),
        News.told_at.is_not(None),
    )  # fmt: skip
    return await session.scalar(query.limit(1)) is not None


async def count_words(session: AsyncSession, booking_id: int, to: Side, since: datetime) -> int:
    """How many messages went to this side since then."""
    query = select(func.count()).where(
        News.booking_id == booking_id, News.side == to, News.what == What.WORDS, News.made_at > since
    )
    return int(await session.scalar(query) or 0)


async def due(session: AsyncSession, now: datetime, most: int = 64) -> list[News]:
    """What is to be told now, oldest first."""
    query = select(News).where(text(f"booking_news.{_UNTOLD}"), News.due_at <= now).order_by(News.due_at, News.id)
    return list(await session.scalars(query.limit(most), execution_options={"populate_existing": True}))


async def claim(session: AsyncSession, news_id: int, now: datetime, *, reached: bool) -> bool:
    """Note that this is being told, or cannot be; its words go. False: it was told, or taken back."""
    query = select(News).where(News.id == news_id).with_for_update()
    one = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if one is None or one.told_at is not None:
        return False
    one.told_at, one.reached, one.words = now, reached, {}
    await session.flush()
    return True


async def drop(session: AsyncSession, news_id: int) -> None:
    """It is not so any more, and nobody is told."""
    await session.execute(
        delete(News).where(News.id == news_id, News.told_at.is_(None)),
        execution_options={"synchronize_session": False},
    )


async def put_off(session: AsyncSession, news_id: int, until: datetime) -> None:
    """It is quiet where the reader is: tell it later."""
    await session.execute(
        update(News).where(News.id == news_id, News.told_at.is_(None)).values(due_at=until),
        execution_options={"synchronize_session": False},
    )
