"""What people thought of an event or a course: three faces, and words if they like."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed


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
