"""Those who are at the other end of a turn: person, address, open case, unfinished forms, in one look."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.db import run
from bot.domain.outgoing import waits_for
from bot.domain.people import Address, Caller, Dialog, Person, still_fresh
from bot.domain.tickets import Ticket, TicketState

# Tables and not classes, and made once: this runs for every message, and what SQLAlchemy's ORM does on top costs more
# than the database does.
_PEOPLE: Any = Person.__table__
_ADDRESSES: Any = Address.__table__
_TICKETS: Any = Ticket.__table__
_DIALOGS: Any = Dialog.__table__
_P, _A, _T, _D = _PEOPLE.c, _ADDRESSES.c, _TICKETS.c, _DIALOGS.c
_CALLERS: Final = (
    select(
        _P.id, _A.id, _A.channel, _A.sender, _A.key, _P.pseudonym, _P.language, _P.language_chosen,
        _P.language_offered, _P.notice_version, _P.stopped_at, _P.listens, _P.seen_at, _P.leaving_at, _A.unreachable_at,
        waits_for(_A.id), _A.last_seq, _T.id, _T.number, _T.state, _T.danger, _D.frames, _D.version,
    )
    .select_from(_PEOPLE)
    .join(_ADDRESSES, _A.person_id == _P.id)
    .outerjoin(_TICKETS, and_(_T.person_id == _P.id, _T.state != TicketState.CLOSED))
    .outerjoin(_DIALOGS, _D.address_id == _A.id)
    .where(_A.sender.in_(bindparam("senders", expanding=True)))
)  # fmt: skip


async def callers(session: AsyncSession, senders: list[str], now: datetime, owner: str = "") -> dict[str, Caller]:
    """Those who are known among `senders`, by fingerprint: one SELECT. `owner`: the process that asks."""
    found = {}
    for row in await run(session, _CALLERS, {"senders": senders, "owner": owner}):
        (person, address, channel, sender, key, pseudonym, language, chosen, offered, notice, stopped, listens, seen,
         leaving, lost, behind, seq, ticket, number, state, danger, frames, version) = row  # fmt: skip
        caller = Caller(
            person, address, channel, sender, key, pseudonym, language, chosen, offered, notice, stopped, listens,
            lost is not None, behind, seq, ticket, number, state or "", bool(danger), frames or [], version or 0,
        )  # fmt: skip
        if leaving is None and still_fresh(seen, now):
            caller.stored = caller.saved()
        found[sender] = caller
    return found
