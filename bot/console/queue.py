"""The open cases as one member of the desk may see them. Reads no words of anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import policy, staff
from bot.domain.outgoing import Outgoing
from bot.domain.people import Address
from bot.domain.policy import Actor, Case, Verb
from bot.domain.tickets import Alert, Ticket, TicketState

MOST: Final = 500
CLOSED: Final = "closed"  # the mark of a case that is not in the queue
# Word for word the condition of the index `ix_outbox_open`: with bound values SQLite would not use it.
_ON_THE_WAY: Final = text("outbox.state IN ('queued', 'sending', 'uncertain')")


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case without its words."""

    id: int
    number: int
    state: str
    danger: bool
    place: str
    language: str
    subject: str
    claimed_by: int | None
    unread: bool
    opened_at: datetime
    last_person_at: datetime
    last_staff_at: datetime | None
    last_seq: int
    on_the_way: int

    @property
    def case(self) -> Case:
        """What the policy needs to know."""
        return Case(self.place, self.language, self.claimed_by, self.danger)

    @property
    def waits_since(self) -> datetime | None:
        """Since when the person waits for the desk; None when it is their turn."""
        if self.state == TicketState.WAITING:
            return self.opened_at
        return self.last_person_at if self.unread else None

    @property
    def mark(self) -> str:
        """A short name of all that a page shows of this case."""
        return _mark(repr(self))


@dataclass(frozen=True, slots=True)
class Ringing:
    """A danger that nobody has taken."""

    ticket_id: int
    number: int
    language: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """What the desk looks like for one member, now."""

    cases: tuple[OpenCase, ...]
    ringing: tuple[Ringing, ...]
    on_call: int

    @property
    def waiting(self) -> int:
        """How many wait for a first answer."""
        return sum(case.state == TicketState.WAITING for case in self.cases)

    @property
    def mark(self) -> str:
        """Changes whenever a page that shows the queue should."""
        return _mark(repr((self.cases, self.ringing, self.on_call)))

    def mark_of(self, ticket_id: int) -> str:
        """The mark of one case, `closed` when it is not in the queue."""
        return next((case.mark for case in self.cases if case.id == ticket_id), CLOSED)


def _mark(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


async def look(session: AsyncSession, actor: Actor) -> Queue:
    """The queue of this member: danger first, then those who wait, the oldest first."""
    on_call = await session.scalar(
        select(func.count()).select_from(staff.Staff).where(staff.Staff.on_call, staff.Staff.disabled_at.is_(None))
    )
    if not policy.may(actor, Verb.LIST_CASES):
        return Queue((), (), int(on_call or 0))
    found = [OpenCase(*tuple(row)) for row in await session.execute(open_cases())]
    cases = tuple([case for case in found if policy.may(actor, Verb.READ_CASE, case.case)])
    return Queue(cases, await _ringing(session, actor, cases), int(on_call or 0))


def open_cases() -> Select[*tuple[Any, ...]]:
    """The query behind the queue: columns as `OpenCase` has them."""
    leaving = (
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.address_id == Ticket.address_id, _ON_THE_WAY)
        .scalar_subquery()
    )
    return (
        select(
            Ticket.id, Ticket.number, Ticket.state, Ticket.danger, Ticket.place, Ticket.language, Ticket.subject,
            Ticket.claimed_by, Ticket.unread, Ticket.opened_at, Ticket.last_person_at, Ticket.last_staff_at,
            Address.last_seq, leaving,
        )
        .join(Address, Address.id == Ticket.address_id)
        .where(Ticket.state != TicketState.CLOSED)
        .order_by(Ticket.danger.desc(), Ticket.state.desc(), Ticket.opened_at, Ticket.id)
        .limit(MOST)
    )  # fmt: skip


async def _ringing(session: AsyncSession, actor: Actor, cases: tuple[OpenCase, ...]) -> tuple[Ringing, ...]:
    rows = await session.execute(
        select(Alert.ticket_id, Alert.opened_at).where(Alert.taken_at.is_(None)).order_by(Alert.id)
    )
    readable = {case.id: case for case in cases if policy.may(actor, Verb.TAKE_ALERT, case.case)}
    return tuple(
        Ringing(ticket_id, readable[ticket_id].number, readable[ticket_id].language, since)
        for ticket_id, since in rows
        if ticket_id in readable
    )
