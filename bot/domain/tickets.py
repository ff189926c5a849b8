"""Cases: questions that a person of the desk answers. waiting → human → closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, and_, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import happenings
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.happenings import Kind
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address, Caller, Person
from bot.domain.policy import Case
from bot.domain.sealed import Sealed

SILENT_FOR: Final = timedelta(hours=12)  # without staff for so long, the bot answers again and says so
_CASES: Final = "cases"
_FIRST_NUMBER: Final = 1001
_OPEN: Final = "state <> 'closed'"


class TicketState(StrEnum):
    """Who answers: while `waiting` the bot still does, from `human` on only a person."""

    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Ticket(Base):
    """One case. A person has at most one open; `card` is the hand-over card."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("uq_tickets_open", "person_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    number: Mapped[int] = kept(Keep.CHAT, unique=True)
    person_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("people.id"))
    address_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("addresses.id"))
    place: Mapped[str] = kept(Keep.CHAT, String(40))
    state: Mapped[str] = kept(Keep.CHAT, String(8), index=True)
    danger: Mapped[bool] = kept(Keep.CHAT, default=False)
    language: Mapped[str] = kept(Keep.CHAT, String(8))
    subject: Mapped[str] = kept(Keep.CHAT, String(40), default="")
    card: Mapped[dict[str, Any]] = kept(Keep.CHAT, Sealed("tickets.card"))
    claimed_by: Mapped[int | None] = kept(Keep.CHAT, Identity, ForeignKey("staff.id"), nullable=True)
    unread: Mapped[bool] = kept(Keep.CHAT, default=True)
    opened_at: Mapped[datetime] = kept(Keep.CHAT, Instant)
    claimed_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)
    first_reply_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)
    last_staff_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)
    last_person_at: Mapped[datetime] = kept(Keep.CHAT, Instant)
    closed_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True, index=True)
    close_reason: Mapped[str] = kept(Keep.CHAT, String(16), default="")

    @property
    def case(self) -> Case:
        """What the policy needs to know."""
        return Case(self.place, self.language, self.claimed_by, self.danger)


class Counter(Base):
    """A number that only grows."""

    __tablename__ = "counters"

    name: Mapped[str] = kept(Keep.DESK, String(16), primary_key=True)
    value: Mapped[int] = kept(Keep.DESK)


class Alert(Base):
    """A danger that nobody has taken yet: repeated to everybody on call until somebody does."""

    __tablename__ = "alerts"

    id: Mapped[int] = kept(Keep.CHAT, Identity, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = kept(Keep.CHAT, Identity, ForeignKey("tickets.id"), index=True)
    opened_at: Mapped[datetime] = kept(Keep.CHAT, Instant)
    next_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True, index=True)
    rounds: Mapped[int] = kept(Keep.CHAT, default=0)
    taken_by: Mapped[int | None] = kept(Keep.CHAT, Identity, ForeignKey("staff.id"), nullable=True)
    taken_at: Mapped[datetime | None] = kept(Keep.CHAT, Instant, nullable=True)


class NotOpen(Exception):
    """The case is closed, or somebody else has it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a case did: its number, and whether it is new."""

    id: int
    number: int
    new: bool


async def open_ticket(
    session: AsyncSession, caller: Caller, card: dict[str, Any], *, place: str, zone: ZoneInfo, now: datetime,
    subject: str = "", danger: bool = False,
) -> Opened:  # fmt: skip
    """Open a case for this person, or add to the one that is open. A danger also raises an alert."""
    ticket = await session.scalar(
        select(Ticket).where(Ticket.person_id == caller.person_id, Ticket.state != TicketState.CLOSED)
    )
    new = ticket is None
    if ticket is None:
        number = await _next_number(session)
        ticket = Ticket(
            id=new_id(), number=number, person_id=caller.person_id, address_id=caller.address_id, place=place,
            state=TicketState.WAITING, danger=danger, language=caller.language, subject=subject[:40], card=card,
            unread=True, opened_at=now, last_person_at=now,
        )  # fmt: skip
        session.add(ticket)
        await session.flush()
        row = happenings.row(Kind.HANDED_OVER, caller, now, zone, place, subject[:40], danger=danger)
        await happenings.record(session, row)
    else:
        question = ticket.card.get("question") or card.get("question", "")
        ticket.card = {**ticket.card, **card, "question": question}
        ticket.last_person_at = now
        ticket.unread = True
    if danger:
        ticket.danger = True
        await _raise_alert(session, ticket.id, now)
    await session.flush()
    caller.ticket_id, caller.ticket_number, caller.ticket_state = ticket.id, ticket.number, ticket.state
    caller.ticket_danger = ticket.danger
    return Opened(ticket.id, ticket.number, new)


async def _next_number(session: AsyncSession) -> int:
    """A case's number is never given twice, also when the case is forgotten: it stands in alerts and in memories."""
    number = await session.scalar(
        update(Counter).where(Counter.name == _CASES).values(value=Counter.value + 1).returning(Counter.value)
    )
    if number is None:
        number = _FIRST_NUMBER
        session.add(Counter(name=_CASES, value=number))
        await session.flush()
    return int(number)


async def _raise_alert(session: AsyncSession, ticket_id: int, now: datetime) -> None:
    ringing = await session.scalar(select(Alert.id).where(Alert.ticket_id == ticket_id, Alert.taken_at.is_(None)))
    if ringing is None:
        session.add(Alert(id=new_id(), ticket_id=ticket_id, opened_at=now, next_at=now, rounds=0))
        await session.flush()


async def claim(session: AsyncSession, ticket_id: int, staff_id: int, now: datetime) -> Ticket:
    """Take a case: from now on the bot is silent. Raises NotOpen when it is closed or somebody else has it."""
    taken = await session.execute(
        update(Ticket)
        .where(
            Ticket.id == ticket_id,
            Ticket.state != TicketState.CLOSED,
            or_(Ticket.claimed_by.is_(None), Ticket.claimed_by == staff_id),
        )
        .values(
            claimed_by=staff_id, state=TicketState.HUMAN, claimed_at=func.coalesce(Ticket.claimed_at, now),
            last_staff_at=now, unread=False,
        )
        .returning(Ticket.id)
    )  # fmt: skip
    if taken.scalar_one_or_none() is None:
        raise NotOpen
    await take_alerts(session, ticket_id, staff_id, now)
    return await get(session, ticket_id)


async def take_alerts(session: AsyncSession, ticket_id: int, staff_id: int, now: datetime) -> None:
    """Somebody sees to this danger: its alerts stop."""
    await session.execute(
        update(Alert)
        .where(Alert.ticket_id == ticket_id, Alert.taken_at.is_(None))
        .values(taken_by=staff_id, taken_at=now, next_at=None)
    )


async def note_reply(session: AsyncSession, ticket_id: int, staff_id: int, now: datetime) -> Ticket:
    """A person of the desk writes: the case is theirs if it was nobody's. Raises NotOpen."""
    ticket = await claim(session, ticket_id, staff_id, now)
    if ticket.first_reply_at is None:
        ticket.first_reply_at = now
        await session.flush()
    return ticket


async def close(session: AsyncSession, ticket_id: int, staff_id: int, reason: str, now: datetime) -> Ticket:
    """End a case. Raises NotOpen when it is ended already."""
    ended = await session.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.state != TicketState.CLOSED)
        .values(state=TicketState.CLOSED, closed_at=now, close_reason=reason[:16], last_staff_at=now, unread=False)
        .returning(Ticket.id)
    )
    if ended.scalar_one_or_none() is None:
        raise NotOpen
    await take_alerts(session, ticket_id, staff_id, now)
    return await get(session, ticket_id)


async def get(session: AsyncSession, ticket_id: int) -> Ticket:
    """The case as it stands in the database now. Raises NotOpen when there is none."""
    ticket = await session.get(Ticket, ticket_id, populate_existing=True)
    if ticket is None:
        raise NotOpen
    return ticket


async def note_person_wrote(session: AsyncSession, ticket_ids: list[int], now: datetime) -> None:
    """The newcomers of these cases have written."""
    if ticket_ids:
        await session.execute(update(Ticket).where(Ticket.id.in_(ticket_ids)).values(last_person_at=now, unread=True))


async def open_cases(session: AsyncSession, most: int = 200) -> list[tuple[Ticket, str]]:
    """Open cases with their pseudonym: danger first, then by how long they wait."""
    rows = await session.execute(
        select(Ticket, Person.pseudonym)
        .join(Person, Person.id == Ticket.person_id)
        .where(Ticket.state != TicketState.CLOSED)
        .order_by(Ticket.danger.desc(), Ticket.state.desc(), Ticket.opened_at)
        .limit(most)
    )
    return [(ticket, pseudonym) for ticket, pseudonym in rows]


async def closed_cases(session: AsyncSession, most: int = 50) -> list[tuple[Ticket, str]]:
    """The cases that were closed last."""
    rows = await session.execute(
        select(Ticket, Person.pseudonym)
        .join(Person, Person.id == Ticket.person_id)
        .where(Ticket.state == TicketState.CLOSED)
        .order_by(Ticket.closed_at.desc())
        .limit(most)
    )
    return [(ticket, pseudonym) for ticket, pseudonym in rows]


async def of_person(session: AsyncSession, person_id: int) -> list[Ticket]:
    """All cases of a person, newest first."""
    return list(await session.scalars(select(Ticket).where(Ticket.person_id == person_id).order_by(Ticket.id.desc())))


async def left_alone(session: AsyncSession, now: datetime) -> list[tuple[Ticket, Address]]:
    """Cases in which a person answers but has not done so for twelve hours."""
    rows = await session.execute(
        select(Ticket, Address)
        .join(Address, Address.id == Ticket.address_id)
        .where(Ticket.state == TicketState.HUMAN, Ticket.last_staff_at <= now - SILENT_FOR)
    )
    return [(ticket, address) for ticket, address in rows]


async def give_back(session: AsyncSession, ticket_id: int, now: datetime) -> bool:
    """Put a case that was left alone back among those waiting; False when somebody has just answered."""
    back = await session.execute(
        update(Ticket)
        .where(
            and_(Ticket.id == ticket_id, Ticket.state == TicketState.HUMAN, Ticket.last_staff_at <= now - SILENT_FOR)
        )
        .values(state=TicketState.WAITING, claimed_by=None, unread=True)
        .returning(Ticket.id)
    )
    return back.scalar_one_or_none() is not None


async def alerts_due(session: AsyncSession, now: datetime) -> list[tuple[Alert, Ticket]]:
    """Dangers that nobody has taken and whose next round is due."""
    rows = await session.execute(
        select(Alert, Ticket)
        .join(Ticket, Ticket.id == Alert.ticket_id)
        .where(Alert.taken_at.is_(None), Alert.next_at <= now)
        .order_by(Alert.id)
        .with_for_update(of=Alert, skip_locked=True)
    )
    return [(alert, ticket) for alert, ticket in rows]


async def ringing(session: AsyncSession) -> list[tuple[Alert, Ticket]]:
    """Every danger that nobody has taken."""
    rows = await session.execute(
        select(Alert, Ticket)
        .join(Ticket, Ticket.id == Alert.ticket_id)
        .where(Alert.taken_at.is_(None))
        .order_by(Alert.id)
    )
    return [(alert, ticket) for alert, ticket in rows]
