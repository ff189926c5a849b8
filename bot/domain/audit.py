"""Who of the desk looked at or changed what: one entry for each, without any content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept


class AuditEntry(Base):
    """One deed of a member of staff."""

    __tablename__ = "audit"

    id: Mapped[int] = kept(Keep.LOG, Identity, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = kept(Keep.LOG, Instant, index=True)
    staff_id: Mapped[int | None] = kept(Keep.LOG, Identity, nullable=True)
    verb: Mapped[str] = kept(Keep.LOG, String(24))
    pseudonym: Mapped[str] = kept(Keep.LOG, String(32), default="", index=True)
    ticket_number: Mapped[int | None] = kept(Keep.LOG, nullable=True)


async def note(
    session: AsyncSession, verb: str, now: datetime, *, staff_id: int | None = None, pseudonym: str = "",
    ticket_number: int | None = None,
) -> None:  # fmt: skip
    """Write an entry in the transaction of the deed."""
    session.add(
        AuditEntry(id=new_id(), at=now, staff_id=staff_id, verb=verb, pseudonym=pseudonym, ticket_number=ticket_number)
    )
    await session.flush()


async def about(session: AsyncSession, pseudonym: str) -> list[AuditEntry]:
    """Everything that was done with one person's data, oldest first."""
    query = select(AuditEntry).where(AuditEntry.pseudonym == pseudonym).order_by(AuditEntry.id)
    return list(await session.scalars(query))
