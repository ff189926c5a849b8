"""Those who are at the other end of a turn: person, address, open case, unfinished forms, in one look."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outgoing import waits_for
from bot.domain.people import Address, Caller, Dialog, Person, still_fresh
from bot.domain.tickets import Ticket, TicketState


async def callers(session: AsyncSession, senders: list[str], now: datetime) -> dict[str, Caller]:
    """Those who are known among `senders`, by fingerprint: one SELECT."""
    rows = await session.execute(
        select(
            Person.id, Address.id, Address.channel, Address.sender, Address.key, Person.pseudonym, Person.language,
            Person.language_chosen, Person.language_offered, Person.notice_version, Person.stopped_at,
            Person.seen_at, Person.leaving_at, Address.unreachable_at, waits_for(Address.id), Address.last_seq,
            Ticket.id, Ticket.number, Ticket.state, Ticket.danger, Dialog.frames, Dialog.version,
        )
        .join(Address, Address.person_id == Person.id)
        .outerjoin(Ticket, and_(Ticket.person_id == Person.id, Ticket.state != TicketState.CLOSED))
        .outerjoin(Dialog, Dialog.address_id == Address.id)
        .where(Address.sender.in_(senders))
    )  # fmt: skip
    found = {}
    for row in rows:
        (person, address, channel, sender, key, pseudonym, language, chosen, offered, notice, stopped, seen, leaving,
         lost, behind, seq, ticket, number, state, danger, frames, version) = row  # fmt: skip
        caller = Caller(
            person, address, channel, sender, key, pseudonym, language, chosen, offered, notice, stopped,
            lost is not None, behind, seq, ticket, number, state or "", bool(danger), frames or [], version or 0,
        )  # fmt: skip
        if leaving is None and still_fresh(seen, now):
            caller.stored = caller.saved()
        found[sender] = caller
    return found
