"""Seats: whatever has a limited number of them, and who has one. The limit lives in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, wait_for_sender
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed

_ACTIVE: Final = "state IN ('going', 'waiting', 'offered')"
_LOCK: Final = "seats"


class SignupState(StrEnum):
    """Where somebody stands who has signed up."""

    GOING = "going"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is held for them until they say yes or no, or the offer ends
    CANCELLED = "cancelled"  # by themselves
    DECLINED = "declined"  # they did not want the seat that they were offered
    EXPIRED = "expired"  # they did not answer offers
    DROPPED = "dropped"  # they stopped coming
    CALLED_OFF = "called_off"  # by the desk: the whole thing, or their seat
    FINISHED = "finished"  # they had a seat in a group until its end


ACTIVE: Final = (SignupState.GOING, SignupState.WAITING, SignupState.OFFERED)


class Remind(StrEnum):
    """Where somebody wants to be reminded."""

    CHAT = "chat"  # where they signed up
    TELEGRAM = "telegram"
    CALL = "call"
    NONE = "none"


class SeatsError(Exception):
    """A seat cannot be had; the class says why."""


class Full(SeatsError):
    """No seat is free for so many."""


class Closed(SeatsError):
    """Nobody can sign up: it is not open, called off, or has begun."""


class AlreadySignedUp(SeatsError):
    """This person has a seat here, or waits for one."""


class NotSignedUp(SeatsError):
    """There is no such sign-up, or it has ended."""


class TooFewSeats(SeatsError):
    """More people have a seat than there would be seats."""


class Seating(Base):
    """Something with seats: an event, a group of a course. `list_key`: where one waits for it, perhaps with others."""

    __tablename__ = "seatings"
    __table_args__ = (CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name="not_oversold"),)

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    kind: Mapped[str] = kept(Keep.DESK, String(8))  # "event", "group"
    list_key: Mapped[str] = kept(Keep.DESK, String(40), index=True)
    place: Mapped[str] = kept(Keep.DESK, String(40))
    seats: Mapped[int | None] = kept(Keep.DESK, nullable=True)  # None: as many as come
    taken: Mapped[int] = kept(Keep.DESK, default=0)  # by those who go, and those to whom a seat is offered
    wanted: Mapped[str] = kept(Keep.DESK, String(80), default="")  # what those on the list must want to be offered it
    open: Mapped[bool] = kept(Keep.DESK, default=False)
    starts_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)


class Signup(Base):
    """One person (with guests) who has a seat, or waits for one. The order of waiting is that of `line`."""

    __tablename__ = "signups"
    __table_args__ = (
        Index("uq_signups_active", "list_key", "person_id", unique=True, sqlite_where=text(_ACTIVE),
              postgresql_where=text(_ACTIVE)),
        Index("ix_signups_line", "list_key", "line"),
    )  # fmt: skip

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    list_key: Mapped[str] = kept(Keep.PERSON, String(40))
    seating_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"), nullable=True, index=True)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    address_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), nullable=True, index=True)
    state: Mapped[str] = kept(Keep.PERSON, String(12))
    seats: Mapped[int] = kept(Keep.PERSON, default=1)
    line: Mapped[int] = kept(Keep.PERSON, BigInteger)
    wants: Mapped[str] = kept(Keep.PERSON, String(80), default="")
    missed_offers: Mapped[int] = kept(Keep.PERSON, default=0)
    remind: Mapped[str] = kept(Keep.PERSON, String(8), default=Remind.CHAT)
    coming: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)  # what they said to a reminder
    name: Mapped[str] = kept(Keep.PERSON, Sealed("signups.name"))
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("signups.details"))
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a seat, and what they told for it. `wants`: words, one of which must be `wanted` of a seating."""

    person_id: int
    seats: int = 1
    name: str = field(default="", repr=False)
    details: dict[str, Any] = field(default_factory=dict, repr=False)
    wants: tuple[str, ...] = ()
    remind: Remind = Remind.CHAT
    address_id: int | None = None  # where what concerns it is written, if anywhere


async def hold(session: AsyncSession) -> None:
    """Keep every seat and waiting list from everybody else until the commit.

    One lock for all: two who change several of them in different orders would wait for each other. Whoever writes to
    people in the same transaction waits for their senders first. SQLite's one writer needs none.
    """
    await wait_for_sender(session, _LOCK)


async def lock(session: AsyncSession, seating_id: int) -> Seating | None:
    """The seating as it is now, kept from everybody else until the commit."""
    await hold(session)
    found = select(Seating).where(Seating.id == seating_id).with_for_update()
    return (await session.scalars(found, execution_options={"populate_existing": True})).one_or_none()


async def take(session: AsyncSession, seating_id: int, wish: Wish, now: datetime) -> Signup:
    """A seat for each of a party, or none. Raises Closed, AlreadySignedUp, Full."""
    seating = await lock(session, seating_id)
    if seating is None or not takes(seating, now):
        raise Closed
    await _refuse_twice(session, seating.list_key, wish.person_id)
    if free_seats(seating, wish.seats) < wish.seats:
        raise Full
    seating.taken += wish.seats
    return await add(session, seating.list_key, seating.id, wish, SignupState.GOING, now)


def takes(seating: Seating, now: datetime) -> bool:
    """Whether anybody can sign up now."""
    return seating.open and (seating.starts_at is None or now < seating.starts_at)


def free_seats(seating: Seating, unlimited: int = 1_000) -> int:
    """How many seats nobody has. `unlimited`: what to say where they are not counted."""
    return unlimited if seating.seats is None else seating.seats - seating.taken


async def get(session: AsyncSession, signup_id: int) -> Signup | None:
    """A sign-up as it is now."""
    return await session.get(Signup, signup_id, populate_existing=True)


async def active(session: AsyncSession, list_key: str, person_id: int) -> Signup | None:
    """The sign-up of this person here that has not ended."""
    query = select(Signup).where(Signup.list_key == list_key, Signup.person_id == person_id, text(f"signups.{_ACTIVE}"))
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


def wish_of(signup: Signup) -> Wish:
    """What somebody wanted who was signed up before, to want it again."""
    return Wish(
        signup.person_id, signup.seats, signup.name, dict(signup.details), tuple(signup.wants.split()),
        Remind(signup.remind), signup.address_id,
    )  # fmt: skip


async def of_person(session: AsyncSession, person_id: int) -> list[Signup]:
    """All sign-ups of a person that are kept, oldest first."""
    return list(await session.scalars(select(Signup).where(Signup.person_id == person_id).order_by(Signup.id)))


async def of_seating(session: AsyncSession, seating_id: int, *states: SignupState) -> list[Signup]:
    """The sign-ups of a seating in these states, oldest first."""
    query = select(Signup).where(Signup.seating_id == seating_id, Signup.state.in_(states)).order_by(Signup.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def beginnings(session: AsyncSession, seating_ids: Sequence[int]) -> dict[int, datetime | None]:
    """When each of these begins, by its id."""
    rows = await session.execute(select(Seating.id, Seating.starts_at).where(Seating.id.in_(seating_ids)))
    return {row.id: row.starts_at for row in rows}


async def called_off(session: AsyncSession, seating_id: int, list_key: str) -> list[Signup]:
    """Whose seat here, or place on this list, the desk has ended."""
    query = select(Signup).where(
        or_(Signup.seating_id == seating_id, Signup.list_key == list_key), Signup.state == SignupState.CALLED_OFF
    )
    return list(await session.scalars(query.order_by(Signup.id), execution_options={"populate_existing": True}))


async def add(
    session: AsyncSession, list_key: str, seating_id: int | None, wish: Wish, state: SignupState, now: datetime
) -> Signup:
    """Write a sign-up down at the end of the line. Raises AlreadySignedUp."""
    await _refuse_twice(session, list_key, wish.person_id)
    fresh = new_id()
    signup = Signup(
        id=fresh, list_key=list_key, seating_id=seating_id, person_id=wish.person_id, address_id=wish.address_id,
        state=state, seats=wish.seats, line=fresh, wants=" ".join(wish.wants), missed_offers=0, remind=wish.remind,
        coming=None, name=wish.name, details=dict(wish.details), made_at=now, changed_at=now,
    )  # fmt: skip
    session.add(signup)
    await session.flush()
    return signup


async def _refuse_twice(session: AsyncSession, list_key: str, person_id: int) -> None:
    if await active(session, list_key, person_id) is not None:
        raise AlreadySignedUp
