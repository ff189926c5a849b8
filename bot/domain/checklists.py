"""Each person's own list of first steps: what they answered, what is done, which days they told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed


class Checklist(Base):
    """A list: nobody but its person sees it, and it decides about nothing else."""

    __tablename__ = "checklists"

    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("checklists.content"))
    touched_at: Mapped[datetime] = kept(Keep.PERSON, Instant, index=True)


@dataclass(slots=True)
class Held:
    """A list as read: answers by question, topics in order, those that are done, and the days by topic."""

    answers: dict[str, str]
    topics: list[str]
    done: list[str] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """As it is stored."""
        days = {topic: day.isoformat() for topic, day in self.days.items()}
        return {"answers": self.answers, "topics": self.topics, "done": self.done, "days": days}


def _held(content: Mapping[str, Any]) -> Held:
    days = {topic: date.fromisoformat(day) for topic, day in content["days"].items()}
    return Held(dict(content["answers"]), list(content["topics"]), list(content["done"]), days)


async def of_person(session: AsyncSession, person_id: int) -> Held | None:
    """The list of a person, if they have made one."""
    found = await session.get(Checklist, person_id, populate_existing=True)
    return _held(found.content) if found is not None else None


async def make(
    session: AsyncSession, person_id: int, answers: Mapping[str, str], topics: Sequence[str], now: datetime
) -> Held:
    """A new list in place of a former one. What was done and is on the new list too stays done, with its day."""
    former = await of_person(session, person_id)
    held = Held(dict(answers), list(topics))
    if former is not None:
        held.done = [topic for topic in former.done if topic in held.topics]
        held.days = {topic: day for topic, day in former.days.items() if topic in held.topics}
    await save(session, person_id, held, now)
    return held


async def save(session: AsyncSession, person_id: int, held: Held, now: datetime) -> None:
    """Write the list down."""
    found = await session.get(Checklist, person_id)
    if found is None:
        session.add(Checklist(person_id=person_id, content=held.content(), touched_at=now))
    else:
        found.content, found.touched_at = held.content(), now
    await session.flush()


async def tick(session: AsyncSession, person_id: int, topic: str, now: datetime, *, done: bool) -> Held | None:
    """Mark a step as done, or not; the list, or None where there is none with this step."""
    held = await of_person(session, person_id)
    if held is None or topic not in held.topics:
        return None
    others = [one for one in held.done if one != topic]
    held.done = [*others, topic] if done else others
    await save(session, person_id, held, now)
    return held


async def remove(session: AsyncSession, person_id: int) -> None:
    """Forget the list."""
    await session.execute(delete(Checklist).where(Checklist.person_id == person_id))
    session.expire_all()
