"""What staff do with a case, as the console does it: one transaction each, bells after the commit."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import DESK, INBOX, OUTBOX
from bot.dialog.messages import Message, Tone
from bot.domain import tickets
from bot.domain.db import wait_for_sender
from bot.domain.outgoing import Purpose
from bot.domain.people import Address
from bot.domain.staff import Staff
from bot.domain.tickets import Ticket, TicketState
from bot.i18n import raw
from bot.post import post, tell_reception
from tests.desk import Desk


async def hold(desk: Desk, session: AsyncSession, case: Ticket) -> None:
    """Before anything of the case: wait for whoever serves its person now."""
    address = await session.get(Address, case.address_id)
    if address is not None:
        await wait_for_sender(session, address.sender)


async def open_case(desk: Desk) -> Ticket:
    """The one case that is open."""
    found = [ticket for ticket in await desk.tickets() if ticket.state != TicketState.CLOSED]
    assert len(found) == 1
    return found[0]


async def claims(desk: Desk, member: Staff) -> Ticket:
    """Take the open case."""
    case = await open_case(desk)
    async with desk.house.db.transaction() as session:
        await hold(desk, session, case)
        ticket = await tickets.claim(session, case.id, member.id, desk.clock())
    desk.house.bell.ring(DESK)
    return ticket


async def replies(desk: Desk, member: Staff, words: str) -> Ticket:
    """Write to the person of the open case."""
    case = await open_case(desk)
    async with desk.house.db.transaction() as session:
        await hold(desk, session, case)
        ticket = await tickets.note_reply(session, case.id, member.id, desk.clock())
        await post(
            session, desk.house, case.address_id, Message(raw(words), tone=Tone.STAFF),
            f"desk:{member.id}:{words}", ticket_id=case.id, staff_id=member.id, sender="Vesna",
            purpose=Purpose.REPLY,
        )  # fmt: skip
    desk.house.bell.ring(OUTBOX, DESK)
    return ticket


async def closes(desk: Desk, member: Staff) -> Ticket:
    """End the open case; its conversation goes on with the bot."""
    case = await open_case(desk)
    async with desk.house.db.transaction() as session:
        await hold(desk, session, case)
        ticket = await tickets.close(session, case.id, member.id, "answered", desk.clock())
        await tell_reception(session, desk.house, ticket, "closed", f"closed:{ticket.id}")
    desk.house.bell.ring(INBOX, DESK)
    await desk.serve()
    return ticket
