"""What those who signed up have yet to be told: that something was changed or called off, or that no seat came free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, write_rows
from bot.domain.keeping import Keep, kept
from bot.domain.seats import Signup

_UNTOLD: Final = "told_at IS NULL"


class What(StrEnum):
    """What there is to tell."""

    CHANGED = "changed"  # another day, time or place
    CALLED_OFF = "called_off"
    NO_SEAT = "no_seat"  # it has begun, and they still waited


class News(Base):
    """One thing to tell one person, once; the same told twice before it was written is one."""

    __tablename__ = "seat_news"
    __table_args__ = (
        Index("uq_seat_news_untold", "signup_id", "what", unique=True, sqlite_where=text(_UNTOLD),
              postgresql_where=text(_UNTOLD)),
    )  # fmt: skip

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    signup_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("signups.id"), index=True)
    seating_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"), index=True)
    what: Mapped[str] = kept(Keep.PERSON, String(12))
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    told_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


async def write_down(
    session: AsyncSession, signups: Sequence[Signup], seating_id: int, what: What, now: datetime
) -> None:
    """Note that these are to be told; whoever has the same before them is told once."""
    waiting = set(
        await session.scalars(
            select(News.signup_id).where(
                News.signup_id.in_([one.id for one in signups]), News.what == what, News.told_at.is_(None)
            )
        )
    )
    rows = [
        {"id": new_id(), "signup_id": one.id, "seating_id": seating_id, "what": what, "made_at": now, "told_at": None}
        for one in signups
        if one.id not in waiting
    ]
    await write_rows(session, News.__table__, rows)  # type: ignore[arg-type]


async def known(session: AsyncSession, signup_ids: Sequence[int], what: What) -> set[int]:
    """Those of these sign-ups whose people have been told this, or will be."""
    return set(await session.scalars(select(News.signup_id).where(News.signup_id.in_(signup_ids), News.what == what)))


async def untold(session: AsyncSession) -> list[tuple[News, Signup]]:
    """What nobody was told yet, oldest first."""
    rows = await session.execute(
        select(News, Signup)
        .join(Signup, Signup.id == News.signup_id)
        .where(text(f"seat_news.{_UNTOLD}"))
        .order_by(News.id),
        execution_options={"populate_existing": True},
    )
    return [(one, signup) for one, signup in rows]


async def tell(session: AsyncSession, news_id: int, now: datetime) -> News | None:
    """Note that this is being told. None: it was."""
    one = await session.get(News, news_id, populate_existing=True)
    if one is None or one.told_at is not None:
        return None
    one.told_at = now
    await session.flush()
    return one
