"""Files made for somebody, until they have had time to take them: sealed, as what they are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import recordings
from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import KEEP_FOR, Keep, kept
from bot.domain.messages import ChatMessage
from bot.domain.sealed import Sealed


class Document(Base):
    """One file. `content` is what `maker` (a name in `bot/paper`) makes it from."""

    __tablename__ = "documents"

    id: Mapped[int] = kept(Keep.BRIEF, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.BRIEF, Identity, ForeignKey("people.id"), index=True)
    name: Mapped[str] = kept(Keep.BRIEF, String(80))
    maker: Mapped[str] = kept(Keep.BRIEF, String(16))
    content: Mapped[dict[str, Any]] = kept(Keep.BRIEF, Sealed("documents.content"))
    made_at: Mapped[datetime] = kept(Keep.BRIEF, Instant, index=True)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a file is made from."""

    name: str
    maker: str
    content: dict[str, Any]


class Handed(Protocol):
    """What a message brings along."""

    @property
    def id(self) -> int:
        """By which it is found."""
        ...

    @property
    def name(self) -> str:
        """What the file is called."""
        ...

    @property
    def maker(self) -> str:
        """Which maker makes it."""
        ...

    @property
    def content(self) -> Mapping[str, Any]:
        """What from."""
        ...


def row(handed: Handed, person_id: int, now: datetime) -> dict[str, Any]:
    """A document to be written."""
    return {
        "id": handed.id, "person_id": person_id, "name": handed.name, "maker": handed.maker,
        "content": dict(handed.content), "made_at": now,
    }  # fmt: skip


async def recipe(session: AsyncSession, document_id: int, now: datetime) -> Recipe | None:
    """What the file is made from, or None when it is not kept any more."""
    period = KEEP_FOR[Keep.BRIEF]
    found = await session.execute(
        select(Document.name, Document.maker, Document.content, Document.made_at).where(Document.id == document_id)
    )
    one = found.one_or_none()
    if one is None or (period is not None and one.made_at < now - period):
        return None
    if one.maker != recordings.MAKER:
        return Recipe(one.name, one.maker, one.content)
    audio = await recordings.audio_of(session, int(one.content["recording"]))
    return Recipe(one.name, one.maker, {"audio": audio}) if audio is not None else None


async def recipe_at(session: AsyncSession, address_id: int, seq: int, now: datetime) -> Recipe | None:
    """The same for the file of the message at this place of a conversation."""
    content = await session.scalar(
        select(ChatMessage.content).where(ChatMessage.address_id == address_id, ChatMessage.seq == seq)
    )
    held = content.get("document") if content else None
    return await recipe(session, int(held["id"]), now) if held else None


async def of_person(session: AsyncSession, person_id: int) -> list[Document]:
    """All files that are kept for a person, oldest first."""
    return list(await session.scalars(select(Document).where(Document.person_id == person_id).order_by(Document.id)))
