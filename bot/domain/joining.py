"""Somebody who came to the desk joins the record that staff made to their own chat, by a code that works once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept


class JoinCode(Base):
    """A code good once. Only its fingerprint is stored."""

    __tablename__ = "join_codes"

    token: Mapped[str] = kept(Keep.PERSON, String(40), primary_key=True)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    staff_id: Mapped[int] = kept(Keep.PERSON, Identity)
    expires_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    used_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
