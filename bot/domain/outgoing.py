"""Messages on their way: one row per person and occasion, claimed, sent, marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, run
from bot.domain.keeping import Keep, kept
from bot.domain.messages import ChatMessage
from bot.domain.people import Address

LEASE: Final = timedelta(seconds=60)
MOST_UNCERTAIN: Final = 2  # a reply whose fate is unknown goes once more, marked; then it rests
_OPEN: Final = "state IN ('queued', 'sending', 'uncertain')"
# As it stands in the index, for SQLite does not use it for bound values; with the table's name where others are joined.
_IS_OPEN: Final = text(f"outbox.{_OPEN}")


class OutboxState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"  # the platform may or may not have it
    UNDELIVERABLE = "undeliverable"


class Purpose(StrEnum):
    """Why a message is sent, which decides what may hold it back."""

    REPLY = "reply"
    SERVICE = "service"
    TOPIC = "topic"
    URGENT = "urgent"


class Priority(IntEnum):
    """Lower goes first: a person who waits for an answer overtakes everything but danger."""

    DANGER = 0
    REPLY = 1
    SERVICE = 5
    BULK = 9


class Outgoing(Base):
    """One message to be sent, edited or deleted. `occasion` is unique: nobody gets the same thing twice."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "address_id", "id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    occasion: Mapped[str] = kept(Keep.CHAT, String(80), unique=True)
    address_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("addresses.id"))
    message_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("messages.id"), index=True)
    operation: Mapped[str] = kept(Keep.CHAT, String(8), default="send")
    purpose: Mapped[str] = kept(Keep.CHAT, String(8))
    priority: Mapped[int] = kept(Keep.CHAT)
    due_at: Mapped[datetime] = kept(Keep.CHAT, Instant)
    not_before_at: Mapped[datetime] = kept(Keep.CHAT, Instant)
    expires_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)
    lease_owner: Mapped[str] = kept(Keep.CHAT, String(24), default="")
    leased_until: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)
    attempts: Mapped[int] = kept(Keep.CHAT, default=0)
    repeated: Mapped[bool] = kept(Keep.CHAT, default=False)
    platform_id: Mapped[str] = kept(Keep.CHAT, String(40), default="")
    state: Mapped[str] = kept(Keep.CHAT, String(16))
    reason: Mapped[str] = kept(Keep.CHAT, String(64), default="")
    sent_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)


@dataclass(slots=True)
class Parcel:
    """A claimed row with all that a channel needs to send it."""

    id: int
    address_id: int
    channel: str
    key: str
    seq: int
    token: str | None
    content: dict[str, Any]
    attempts: int = 0
    repeated: bool = False
    laid: Any = None  # the same as `content`, where it need not be read from it again


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt to send."""

    id: int
    state: OutboxState
    platform_id: str = ""
    reason: str = ""
    not_before_at: datetime | None = None
    sent_at: datetime | None = None
    lost_address: int | None = None  # that cannot be written to any more


def row(
    outgoing_id: int, message_id: int, address_id: int, occasion: str, now: datetime, *, owner: str = "",
    purpose: Purpose = Purpose.REPLY, priority: Priority = Priority.REPLY,
) -> dict[str, Any]:  # fmt: skip
    """An outbox row; with an `owner` it is born leased to that process, which sends it after the commit."""
    return {
        "id": outgoing_id, "occasion": occasion, "address_id": address_id, "message_id": message_id,
        "operation": "send", "purpose": purpose, "priority": priority, "due_at": now, "not_before_at": now,
        "lease_owner": owner, "leased_until": now + LEASE if owner else None, "attempts": 1 if owner else 0,
        "repeated": False, "platform_id": "", "state": OutboxState.SENDING if owner else OutboxState.QUEUED,
        "reason": "",
    }  # fmt: skip


async def claim(
    session: AsyncSession, owner: str, now: datetime, channels: Sequence[str], most: int = 64
) -> list[Parcel]:
    """Lease the next due row of up to `most` addresses: the head of each, so that order holds.

    A row whose lease ran out may have been sent before its process died: it goes once more, marked `repeated`.
    """
    heads = (
        select(func.min(Outgoing.id))
        .where(
            _IS_OPEN,
            or_(
                Outgoing.state.in_((OutboxState.QUEUED, OutboxState.SENDING)),
                and_(Outgoing.state == OutboxState.UNCERTAIN, Outgoing.attempts < MOST_UNCERTAIN),
            ),
        )
        .group_by(Outgoing.address_id)
    )
    due = (
        select(Outgoing.id)
        .join(Address, Address.id == Outgoing.address_id)
        .where(
            Outgoing.id.in_(heads),
            Address.channel.in_(channels),
            Outgoing.not_before_at <= now,
            or_(Outgoing.state != OutboxState.SENDING, Outgoing.leased_until <= now),
        )
        .order_by(Outgoing.priority, Outgoing.id)
        .limit(most)
        .with_for_update(of=Outgoing, skip_locked=True)
    )
    ids = list(await session.scalars(due))
    if not ids:
        return []
    await session.execute(
        update(Outgoing)
        .where(Outgoing.id.in_(ids))
        .values(
            repeated=Outgoing.state != OutboxState.QUEUED, state=OutboxState.SENDING, lease_owner=owner,
            leased_until=now + LEASE, attempts=Outgoing.attempts + 1,
        )
    )  # fmt: skip
    return await parcels(session, ids)


def waits_for(address_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Whether something waits to be claimed for an address, or is another process's to send.

    What the process bound as `owner` sends now does not count: what it sends next comes behind that by itself.
    """
    row: Any = Outgoing.__table__
    waiting = or_(
        row.c.state == OutboxState.QUEUED,
        and_(row.c.state == OutboxState.SENDING, row.c.lease_owner != bindparam("owner")),
        and_(row.c.state == OutboxState.UNCERTAIN, row.c.attempts < MOST_UNCERTAIN),
    )
    return exists().where(row.c.address_id == address_id, _IS_OPEN, waiting)


async def parcels(session: AsyncSession, ids: Sequence[int]) -> list[Parcel]:
    """What is needed to send these rows, in their order."""
    rows = await session.execute(
        select(
            Outgoing.id, Address.id, Address.channel, Address.key, ChatMessage.seq, ChatMessage.token,
            ChatMessage.content, Outgoing.attempts, Outgoing.repeated,
        )
        .join(Address, Address.id == Outgoing.address_id)
        .join(ChatMessage, ChatMessage.id == Outgoing.message_id)
        .where(Outgoing.id.in_(ids))
        .order_by(Outgoing.priority, Outgoing.id)
    )  # fmt: skip
    return [Parcel(*found) for found in rows]


async def give_up_leases_of_others(session: AsyncSession, owner: str, now: datetime) -> None:
    """At the start of the only process: what a former one was sending is free at once."""
    await session.execute(
        update(Outgoing)
        .where(Outgoing.state == OutboxState.SENDING, Outgoing.lease_owner != owner)
        .values(leased_until=now)
    )


async def settle(session: AsyncSession, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of attempts."""
    if not outcomes:
        return
    await run(
        session,
        _SETTLE,
        [
            {"this": o.id, "became": o.state, "platform": o.platform_id, "why": o.reason[:64], "later": o.not_before_at,
             "sent": o.sent_at}
            for o in outcomes
        ],
    )  # fmt: skip


_OUTBOX: Any = Outgoing.__table__
_SETTLE: Final = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("this"))
    .values(
        state=bindparam("became"), platform_id=bindparam("platform"), reason=bindparam("why"),
        not_before_at=func.coalesce(bindparam("later", type_=Instant), _OUTBOX.c.not_before_at),
        sent_at=bindparam("sent", type_=Instant), leased_until=None, lease_owner="",
    )
)  # fmt: skip


async def acknowledge(session: AsyncSession, address_id: int, seq: int, now: datetime) -> None:
    """A browser says that it shows everything up to `seq`: those rows are sent."""
    shown = select(ChatMessage.id).where(ChatMessage.address_id == address_id, ChatMessage.seq <= seq)
    await session.execute(
        update(Outgoing)
        .where(
            Outgoing.address_id == address_id,
            Outgoing.message_id.in_(shown),
            _IS_OPEN,
        )
        .values(state=OutboxState.SENT, sent_at=now, leased_until=None, lease_owner="")
    )
