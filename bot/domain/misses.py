"""Questions for which no answer was known: what the desk should write next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.masking import masked
from bot.domain.people import Caller
from bot.domain.sealed import Sealed

MOST_CHARS: Final = 500
_MOST_READ_CHARS: Final = 1000
ELSEWHERE: Final = "~other"  # the label of what somebody of the desk called no matter of the desk

__all__ = ["ELSEWHERE", "MOST_CHARS", "Group", "Miss", "MissState", "masked", "open_groups", "row", "settle", "since",
           "unsettle"]  # fmt: skip


class MissState(StrEnum):
    """What the desk made of a question."""

    OPEN = "open"
    ASSIGNED = "assigned"  # it belongs to a topic, and is one of its example questions now
    ELSEWHERE = "elsewhere"  # no matter of the desk
    WANTED = "wanted"  # a new topic should be written
    DISMISSED = "dismissed"


class Miss(Base):
    """One unanswered question, with what could name somebody masked.

    The person is known only so long as the question is open: so that it goes when they want to be forgotten.
    """

    __tablename__ = "misses"

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = kept(Keep.CHAT, Identity, ForeignKey("people.id"), nullable=True, index=True)
    language: Mapped[str] = kept(Keep.CHAT, String(8))
    nearest: Mapped[str] = kept(Keep.CHAT, String(40))
    question: Mapped[str] = kept(Keep.CHAT, Sealed("misses.question"))
    at: Mapped[datetime] = kept(Keep.CHAT, Instant, index=True)
    state: Mapped[str] = kept(Keep.CHAT, String(12), default=MissState.OPEN, server_default="open", index=True)
    edit_id: Mapped[int | None] = kept(Keep.CHAT, Identity, nullable=True)  # the example question it became
    settled_by: Mapped[int | None] = kept(Keep.CHAT, Identity, nullable=True)
    settled_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)


@dataclass(frozen=True, slots=True)
class Group:
    """Open questions that are nearest to one topic, in one language; newest first."""

    nearest: str
    language: str
    misses: tuple[Miss, ...]

    @property
    def newest(self) -> datetime:
        """When the last one was asked."""
        return self.misses[0].at


def row(caller: Caller, question: str, nearest: str, language: str, now: datetime) -> dict[str, Any]:
    """A miss to be written."""
    readable = "".join(sign if sign.isprintable() else " " for sign in question[:_MOST_READ_CHARS])
    return {
        "id": new_id(), "person_id": caller.person_id, "language": language, "nearest": nearest,
        "question": masked(readable)[:MOST_CHARS], "at": now, "state": MissState.OPEN,
    }  # fmt: skip


async def since(session: AsyncSession, start: datetime) -> list[Miss]:
    """Unanswered questions from `start` on, oldest first."""
    return list(await session.scalars(select(Miss).where(Miss.at >= start).order_by(Miss.id)))


async def open_groups(session: AsyncSession, state: MissState = MissState.OPEN) -> list[Group]:
    """Questions of a state by nearest topic and language: the group with the newest question first."""
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    found = await session.scalars(select(Miss).where(Miss.state == state).order_by(Miss.at.desc(), Miss.id.desc()))
    for miss in found:
        groups[miss.nearest, miss.language].append(miss)
    return [Group(nearest, language, tuple(misses)) for (nearest, language), misses in groups.items()]


async def settle(
    session: AsyncSession, misses: Sequence[Miss], state: MissState, staff_id: int, now: datetime,
    edit_id: int | None = None,
) -> None:  # fmt: skip
    """Write down what the desk made of these questions. Whose they were is forgotten with it."""
    for miss in misses:
        miss.state, miss.edit_id, miss.person_id = state, edit_id, None
        miss.settled_by, miss.settled_at = staff_id, now
    await session.flush()


async def unsettle(session: AsyncSession, misses: Sequence[Miss]) -> list[int]:
    """Open these questions again. Returns the edits of example questions that came of them, to be undone."""
    edits = [miss.edit_id for miss in misses if miss.edit_id is not None]
    for miss in misses:
        miss.state, miss.edit_id, miss.settled_by, miss.settled_at = MissState.OPEN, None, None, None
    await session.flush()
    return edits
