"""Questions for which no answer was known: what the desk should write next."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.people import Caller
from bot.domain.sealed import Sealed

# Numbers that could be an EMŠO, tax number, permit, account or phone, and e-mail addresses.
_PERSONAL: Final = re.compile(r"\S+@\S+|\b[A-Z]{2}\d[\d ]{8,}\b|(?:\b[A-Z]{1,2})?[+(]?\d[\d /.()-]{5,}\d")


class Miss(Base):
    """One unanswered question, with personal numbers masked."""

    __tablename__ = "misses"

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("people.id"), index=True)
    language: Mapped[str] = kept(Keep.CHAT, String(8))
    nearest: Mapped[str] = kept(Keep.CHAT, String(40))
    question: Mapped[str] = kept(Keep.CHAT, Sealed("misses.question"))
    at: Mapped[datetime] = kept(Keep.CHAT, Instant, index=True)


def masked(words: str) -> str:
    """`words` without numbers and addresses that could name somebody."""
    return _PERSONAL.sub("•••", words)


def row(caller: Caller, question: str, nearest: str, language: str, now: datetime) -> dict[str, Any]:
    """A miss to be written."""
    return {
        "id": new_id(), "person_id": caller.person_id, "language": language, "nearest": nearest,
        "question": masked("".join(sign if sign.isprintable() else " " for sign in question))[:500], "at": now,
    }  # fmt: skip


async def since(session: AsyncSession, start: datetime) -> list[Miss]:
    """Unanswered questions from `start` on, oldest first."""
    return list(await session.scalars(select(Miss).where(Miss.at >= start).order_by(Miss.id)))
