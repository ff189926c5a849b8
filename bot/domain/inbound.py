"""What the platforms sent, stored before they are told that we have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Index, String, UniqueConstraint, bindparam, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, run, write_new_rows
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address, Person, sender_of
from bot.domain.sealed import Sealed, fingerprint

IGNORED: Final = "ignored"
OWN_CHANNEL: Final = "desk"  # updates that the desk itself makes
_WAITING: Final = "state = 'pending'"


class InboundState(StrEnum):
    """How far a stored update has come."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class StoredUpdate(Base):
    """One raw update: `raw` is its id on the platform and its text.

    `sender` is the fingerprint of the address, so that one person's stay in order, and `external_id` that of the id,
    which may hold an address.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbound_waiting", "sender", "id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
    )

    id: Mapped[int] = kept(Keep.RAW, Identity, primary_key=True, autoincrement=False)
    channel: Mapped[str] = kept(Keep.RAW, String(16))
    external_id: Mapped[str] = kept(Keep.RAW, String(80))
    sender: Mapped[str] = kept(Keep.RAW, String(40))
    raw: Mapped[list[str] | None] = kept(Keep.RAW, Sealed("inbound.raw"), nullable=True)
    state: Mapped[str] = kept(Keep.RAW, String(8))
    attempts: Mapped[int] = kept(Keep.RAW, default=0)
    reason: Mapped[str] = kept(Keep.RAW, String(200), default="")
    received_at: Mapped[datetime] = kept(Keep.RAW, Instant, index=True)


@dataclass(frozen=True, slots=True)
class Raw:
    """An update as a channel hands it in: who sent it (the channel's own key; empty if unknown) and its text."""

    channel: str
    external_id: str
    key: str
    raw: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored update that has not been dealt with."""

    id: int
    channel: str
    sender: str
    stored: list[str] | None
    attempts: int
    received_at: datetime
    language: str | None  # in which the sender is spoken to; None for strangers
    language_chosen: bool | None
    waiting_of_sender: int  # how many updates of this sender wait, this one included

    @property
    def external_id(self) -> str:
        """The platform's id of the update."""
        return self.stored[0] if self.stored else ""

    @property
    def raw(self) -> str:
        """The update as it came."""
        return self.stored[1] if self.stored else ""


async def store(session: AsyncSession, updates: Sequence[Raw], now: datetime) -> None:
    """Keep updates that we do not have yet; a repeated delivery changes nothing."""
    rows = [_row(one.channel, one.external_id, sender_of(one.channel, one.key), one.raw, now) for one in updates]
    await write_new_rows(session, StoredUpdate.__table__, rows, "channel", "external_id")  # type: ignore[arg-type]


async def store_own(session: AsyncSession, sender: str, external_id: str, raw: str, now: datetime) -> None:
    """Tell reception something about this sender's conversation, in order with what they write themselves."""
    rows = [_row(OWN_CHANNEL, external_id, sender, raw, now)]
    await write_new_rows(session, StoredUpdate.__table__, rows, "channel", "external_id")  # type: ignore[arg-type]


def _row(channel: str, external_id: str, sender: str, raw: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "channel": channel, "external_id": fingerprint("update", external_id), "sender": sender,
        "raw": [external_id, raw], "state": InboundState.PENDING, "attempts": 0, "reason": "", "received_at": now,
    }  # fmt: skip


# Tables and not classes, and made once: see bot/domain/callers.py.
_UPDATES: Any = StoredUpdate.__table__
_ADDRESSES: Any = Address.__table__
_PEOPLE: Any = Person.__table__
_HEADS: Final = (
    select(func.min(_UPDATES.c.id).label("id"), func.count().label("waiting"))
    .where(text(_WAITING))  # as it stands in the index: SQLite does not use it for a bound value
    .group_by(_UPDATES.c.sender)
    .order_by(func.min(_UPDATES.c.id))
    .limit(bindparam("most"))
    .subquery()
)
_OLDEST: Final = (
    select(
        _UPDATES.c.id, _UPDATES.c.channel, _UPDATES.c.sender, _UPDATES.c.raw, _UPDATES.c.attempts,
        _UPDATES.c.received_at, _PEOPLE.c.language, _PEOPLE.c.language_chosen, _HEADS.c.waiting,
    )
    .select_from(_HEADS)
    .join(_UPDATES, _UPDATES.c.id == _HEADS.c.id)
    .outerjoin(_ADDRESSES, _ADDRESSES.c.sender == _UPDATES.c.sender)
    .outerjoin(_PEOPLE, _PEOPLE.c.id == _ADDRESSES.c.person_id)
    .order_by(_UPDATES.c.id)
)  # fmt: skip
_MARK: Final = (
    update(_UPDATES).where(_UPDATES.c.id == bindparam("this")).values(state=bindparam("now"), reason=bindparam("why"))
)


async def oldest_waiting(session: AsyncSession, most: int) -> list[Waiting]:
    """The oldest pending update of up to `most` senders, those first who wait longest; one SELECT."""
    return [Waiting(*row) for row in await run(session, _OLDEST, {"most": most})]


async def mark(session: AsyncSession, outcomes: Sequence[tuple[int, InboundState, str]]) -> None:
    """Set the state and the reason of updates, by id."""
    if outcomes:
        await run(session, _MARK, [{"this": i, "now": state, "why": why[:200]} for i, state, why in outcomes])
    ignored = [update_id for update_id, _state, why in outcomes if why == IGNORED]
    if ignored:  # what is said in a group, say, is none of our business: only its id stays, to know a repeat
        await session.execute(update(_UPDATES).where(_UPDATES.c.id.in_(ignored)).values(raw=None, sender=""))


async def blank(session: AsyncSession, ids: Sequence[int]) -> None:
    """Forget what these updates said, which are dealt with; their ids stay, to know a repeat."""
    if ids:
        await session.execute(update(_UPDATES).where(_UPDATES.c.id.in_(ids)).values(raw=None))


async def note_failure(session: AsyncSession, update_id: int, reason: str, most: int) -> None:
    """Count a failed attempt; after `most` of them the update is set aside as dead."""
    await session.execute(
        update(StoredUpdate)
        .where(StoredUpdate.id == update_id)
        .values(
            attempts=StoredUpdate.attempts + 1,
            reason=reason[:200],
            state=case((StoredUpdate.attempts + 1 >= most, InboundState.DEAD), else_=InboundState.PENDING),
        )
    )
