"""The transcript: every message of a conversation, in order, sealed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed

_LATELY: Final = timedelta(hours=1)  # a question older than that is not what somebody wants to ask now
_LATEST: Final = 4  # messages of one turn


class Author(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"


class ChatMessage(Base):
    """One message. `content` is what was shown; `token` names its buttons, which `content["binds"]` binds."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("address_id", "seq"),
        Index("ix_messages_brief", "at", sqlite_where=text("brief"), postgresql_where=text("brief")),
    )

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("people.id"), index=True)
    address_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("addresses.id"))
    ticket_id: Mapped[int | None] = kept(Keep.CHAT, Identity, ForeignKey("tickets.id"), nullable=True, index=True)
    seq: Mapped[int] = kept(Keep.CHAT)
    author: Mapped[str] = kept(Keep.CHAT, String(8))
    staff_id: Mapped[int | None] = kept(Keep.CHAT, Identity, ForeignKey("staff.id"), nullable=True)
    token: Mapped[str | None] = kept(Keep.CHAT, String(24), nullable=True, unique=True)
    content: Mapped[dict[str, Any]] = kept(Keep.CHAT, Sealed("messages.content"))
    at: Mapped[datetime] = kept(Keep.CHAT, Instant, index=True)
    brief: Mapped[bool] = kept(Keep.CHAT, default=False, server_default=false())  # goes as Keep.BRIEF does


async def bound_buttons(session: AsyncSession, tokens: list[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """For each known token: the address that was shown the buttons, and the message's content."""
    if not tokens:
        return {}
    rows = await session.execute(
        select(ChatMessage.token, ChatMessage.address_id, ChatMessage.content).where(ChatMessage.token.in_(tokens))
    )
    return {token: (address, content) for token, address, content in rows}


async def numbered(session: AsyncSession, address_id: int) -> list[Any]:
    """What the numbers mean that the newest message with buttons lists; nothing where it lists none."""
    newest = (
        select(ChatMessage.content)
        .where(ChatMessage.address_id == address_id, ChatMessage.author != Author.PERSON)
        .order_by(ChatMessage.seq.desc())
        .limit(_LATEST)
    )
    shown = next((content for content in await session.scalars(newest) if content.get("binds")), None)
    return list(shown["binds"]) if shown is not None and shown.get("numbered") else []


async def since(session: AsyncSession, address_id: int, seq: int, most: int = 200) -> list[ChatMessage]:
    """The messages of a conversation after `seq`, in order."""
    rows = await session.scalars(
        select(ChatMessage)
        .where(ChatMessage.address_id == address_id, ChatMessage.seq > seq)
        .order_by(ChatMessage.seq)
        .limit(most)
    )
    return list(rows)


async def of_ticket(session: AsyncSession, person_id: int, most: int = 500) -> list[ChatMessage]:
    """The newest messages of a person, oldest first, for the thread that staff read."""
    rows = await session.scalars(
        select(ChatMessage).where(ChatMessage.person_id == person_id).order_by(ChatMessage.id.desc()).limit(most)
    )
    return list(rows)[::-1]


async def lately(session: AsyncSession, address_id: int, now: datetime, most: int = 12) -> dict[str, Any]:
    """What the person last wrote in own words, and the topics that they were shown since: for a hand-over card."""
    rows = await session.scalars(
        select(ChatMessage)
        .where(ChatMessage.address_id == address_id, ChatMessage.at > now - _LATELY)
        .order_by(ChatMessage.seq.desc())
        .limit(most)
    )
    topics: list[str] = []
    for message in rows:
        if message.author == Author.BOT and message.content.get("topic"):
            topics.insert(0, message.content["topic"])
        if message.content.get("done") or message.ticket_id is not None:
            break  # it was answered, or belongs to a case that is closed
        if message.author == Author.PERSON and message.content.get("question"):
            return {"question": message.content["text"], "topics": topics}
    return {"question": "", "topics": topics}
