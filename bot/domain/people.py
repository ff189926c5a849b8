"""Anyone helped, perhaps without an address; and the addresses by which they are reached."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String, bindparam, delete, false, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, replace_rows, run, write_rows
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed, fingerprint

QUIET_FROM: Final = 20 * 60
QUIET_UNTIL: Final = 8 * 60


class Listens(StrEnum):
    """Whether somebody wants to hear answers before they read them."""

    UNASKED = ""
    NO = "no"
    YES = "yes"


class Person(Base):
    """Somebody the desk helps. Nothing personal is required: a pseudonym and a language."""

    __tablename__ = "people"

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    pseudonym: Mapped[str] = kept(Keep.PERSON, String(32), unique=True)
    language: Mapped[str] = kept(Keep.PERSON, String(8))
    language_chosen: Mapped[bool] = kept(Keep.PERSON, default=False)
    language_offered: Mapped[str] = kept(Keep.PERSON, String(8), default="")
    notice_version: Mapped[int] = kept(Keep.PERSON, default=0)
    stopped_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    merged_into: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), nullable=True)
    reached_by: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), nullable=True)
    listens: Mapped[str] = kept(Keep.PERSON, String(8), default="", server_default=text("''"))
    leaving_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True, index=True)
    # What staff wrote of somebody who came in or cannot be written to, and the number of those who want to be called.
    name: Mapped[str | None] = kept(Keep.PERSON, Sealed("people.name"), nullable=True)
    phone: Mapped[str | None] = kept(Keep.PERSON, Sealed("people.phone"), nullable=True)
    # Between these minutes of the local day nothing is pushed, but urgent things.
    quiet_from: Mapped[int] = kept(Keep.PERSON, default=QUIET_FROM, server_default=text(str(QUIET_FROM)))
    quiet_until: Mapped[int] = kept(Keep.PERSON, default=QUIET_UNTIL, server_default=text(str(QUIET_UNTIL)))
    discreet: Mapped[bool] = kept(
        Keep.PERSON, default=False, server_default=false()
    )  # reminders name no topic or place
    created_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    seen_at: Mapped[datetime] = kept(Keep.PERSON, Instant, index=True)


class Address(Base):
    """One identity of a person on a channel. `sender` is its fingerprint, by which it is found."""

    __tablename__ = "addresses"

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    channel: Mapped[str] = kept(Keep.PERSON, String(16))
    sender: Mapped[str] = kept(Keep.PERSON, String(40), unique=True)
    key: Mapped[str] = kept(Keep.PERSON, Sealed("addresses.key"))
    last_seq: Mapped[int] = kept(Keep.PERSON, default=0)
    unreachable_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    unreachable_why: Mapped[str] = kept(Keep.PERSON, String(64), default="")
    created_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


class Dialog(Base):
    """Where a conversation stands: the forms in progress, the topmost last, with their answers."""

    __tablename__ = "dialogs"

    address_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), primary_key=True)
    frames: Mapped[list[Any]] = kept(Keep.CHAT, Sealed("dialogs.frames"))
    version: Mapped[int] = kept(Keep.PERSON)
    touched_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    brief: Mapped[bool] = kept(Keep.PERSON, default=False, server_default=false())  # goes as Keep.BRIEF does


_SAVED: Final = ("language", "language_chosen", "language_offered", "notice_version", "stopped_at", "listens")
_SEEN_TO: Final = timedelta(hours=1)  # how exactly it is kept when somebody was last here


@dataclass(slots=True)
class Caller:
    """The person at the other end of a turn, as the database has them."""

    person_id: int
    address_id: int
    channel: str
    sender: str
    key: str
    pseudonym: str
    language: str
    language_chosen: bool = False
    language_offered: str = ""
    notice_version: int = 0
    stopped_at: datetime | None = None
    listens: str = Listens.UNASKED
    unreachable: bool = False
    behind: bool = False  # something waits in the outbox for this address
    last_seq: int = 0
    ticket_id: int | None = None
    ticket_number: int | None = None
    ticket_state: str = ""
    ticket_danger: bool = False
    frames: list[dict[str, Any]] = field(default_factory=list)
    dialog_version: int = 0
    leaving: bool = False  # a stand-in for somebody who was forgotten: their words are not written down
    stored: tuple[Any, ...] = ()  # what is in the database of what `save` writes; empty when it must be written

    def saved(self) -> tuple[Any, ...]:
        """What `save` writes of the person, but for when they were seen."""
        return tuple(getattr(self, name) for name in _SAVED)

    @property
    def stopped(self) -> bool:
        """Whether they said that they want no messages."""
        return self.stopped_at is not None

    def next_seq(self) -> int:
        """The place of the next message in this conversation."""
        self.last_seq += 1
        return self.last_seq


def sender_of(channel: str, key: str) -> str:
    """The fingerprint of an address, which tells nothing without the desk's key."""
    return fingerprint("address", f"{channel}:{key}")


def newcomer(channel: str, key: str, sender: str, language: str) -> Caller:
    """Somebody seen for the first time; `add` stores them."""
    return Caller(new_id(), new_id(), channel, sender, key, secrets.token_hex(16), language)


async def add(session: AsyncSession, people: list[Caller], now: datetime) -> None:
    """Store newcomers with their addresses."""
    await write_rows(session, Person.__table__, [_person_row(caller, now) for caller in people])  # type: ignore[arg-type]
    await write_rows(session, Address.__table__, [_address_row(caller, now) for caller in people])  # type: ignore[arg-type]


def _person_row(caller: Caller, now: datetime) -> dict[str, Any]:
    return {
        "id": caller.person_id, "pseudonym": caller.pseudonym, "language": caller.language,
        "language_chosen": caller.language_chosen, "language_offered": "", "notice_version": 0, "listens": "",
        "created_at": now, "seen_at": now,
    }  # fmt: skip


def _address_row(caller: Caller, now: datetime) -> dict[str, Any]:
    return {
        "id": caller.address_id, "person_id": caller.person_id, "channel": caller.channel, "sender": caller.sender,
        "key": caller.key, "last_seq": 0, "unreachable_why": "", "created_at": now,
    }  # fmt: skip


async def save(session: AsyncSession, people: list[Caller], now: datetime) -> None:
    """Write down how these people left their turn: language, notice, stop, place in the conversation."""
    changed = [_saved_row(one, now) for one in people if one.leaving or one.saved() != one.stored]
    if changed:
        await run(session, _SAVE_PERSON, changed)
    if people:
        await run(session, _SAVE_ADDRESS, [{"this": one.address_id, "seq": one.last_seq} for one in people])


def _saved_row(caller: Caller, now: datetime) -> dict[str, Any]:
    values = {f"new_{name}": getattr(caller, name) for name in _SAVED}
    leaving_at = now if caller.leaving else None
    return {"this": caller.person_id, "new_seen_at": now, "new_leaving_at": leaving_at, **values}


def still_fresh(seen_at: datetime, now: datetime) -> bool:
    """Whether it need not be written down again that somebody was here."""
    return now - seen_at < _SEEN_TO


_PEOPLE: Any = Person.__table__
_ADDRESSES: Any = Address.__table__
_SAVE_PERSON: Final = (
    update(_PEOPLE)
    .where(_PEOPLE.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in (*_SAVED, "seen_at", "leaving_at")})
)
_SAVE_ADDRESS: Final = update(_ADDRESSES).where(_ADDRESSES.c.id == bindparam("this")).values(last_seq=bindparam("seq"))


async def save_dialogs(session: AsyncSession, people: list[Caller], now: datetime) -> None:
    """Write down the forms in progress of these people; a finished conversation leaves no row."""
    rows = [
        {
            "address_id": one.address_id,
            "frames": one.frames,
            "version": one.dialog_version + 1,
            "touched_at": now,
            "brief": any(frame.get("brief", False) for frame in one.frames),
        }
        for one in people
        if one.frames
    ]
    await replace_rows(session, Dialog.__table__, rows, "address_id")  # type: ignore[arg-type]
    over = [one.address_id for one in people if not one.frames and one.dialog_version]
    if over:
        await session.execute(delete(Dialog).where(Dialog.address_id.in_(over)))


async def mark_reachable(session: AsyncSession, address_id: int) -> None:
    """They came back."""
    await session.execute(update(Address).where(Address.id == address_id).values(unreachable_at=None))


async def mark_unreachable(session: AsyncSession, address_id: int, why: str, now: datetime) -> None:
    """The platform said that this address cannot be written to."""
    await session.execute(
        update(Address).where(Address.id == address_id).values(unreachable_at=now, unreachable_why=why[:64])
    )


async def phone_of(session: AsyncSession, person_id: int) -> str:
    """The number at which somebody wants to be called; empty without one."""
    return str(await session.scalar(select(Person.phone).where(Person.id == person_id)) or "")


async def set_phone(session: AsyncSession, person_id: int, phone: str) -> None:
    """Remember it, in place of a former one."""
    await session.execute(update(Person).where(Person.id == person_id).values(phone=phone or None))


async def uses(session: AsyncSession, person_id: int, channel: str) -> bool:
    """Whether somebody can be written to on a channel."""
    query = select(Address.id).where(
        Address.person_id == person_id, Address.channel == channel, Address.unreachable_at.is_(None)
    )
    return await session.scalar(query.limit(1)) is not None


async def is_discreet(session: AsyncSession, person_id: int) -> bool:
    """Whether what is pushed to somebody names no topic and no place."""
    return bool(await session.scalar(select(Person.discreet).where(Person.id == person_id)))
