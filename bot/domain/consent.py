"""What each person was told and agreed to: purpose by purpose, with the text's version, hash and language."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.people import Caller

NOTICE_VERSION = 1  # raise it when the meaning of the notice changes: everybody is then told again


class Aim(StrEnum):
    """What a consent, or a notice, is about."""

    NOTICE = "notice"  # was told who runs the desk and what is kept; the service rests on the desk's public task
    MESSAGES = "messages"  # may be written to beyond answers to their own questions


class Consent(Base):
    """One statement. The newest of a purpose holds; older ones are kept as proof."""

    __tablename__ = "consents"

    id: Mapped[int] = kept(Keep.CONSENT, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.CONSENT, Identity, ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = kept(Keep.CONSENT, String(16))
    given: Mapped[bool] = kept(Keep.CONSENT)
    version: Mapped[int] = kept(Keep.CONSENT)
    text_hash: Mapped[str] = kept(Keep.CONSENT, String(64))
    language: Mapped[str] = kept(Keep.CONSENT, String(8))
    channel: Mapped[str] = kept(Keep.CONSENT, String(16))
    at: Mapped[datetime] = kept(Keep.CONSENT, Instant)


def row(caller: Caller, aim: Aim, *, given: bool, shown: str, now: datetime) -> dict[str, Any]:
    """A consent row; `shown` is the sentence as the person read it."""
    return {
        "id": new_id(), "person_id": caller.person_id, "purpose": aim, "given": given, "version": NOTICE_VERSION,
        "text_hash": hashlib.sha256(shown.encode()).hexdigest(), "language": caller.language,
        "channel": caller.channel, "at": now,
    }  # fmt: skip


async def of_person(session: AsyncSession, person_id: int) -> list[Consent]:
    """All statements of a person, oldest first."""
    return list(await session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id)))
