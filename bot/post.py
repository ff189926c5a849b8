"""Writing to people from anywhere but a turn: staff replies, alerts, notices. Only in a transaction."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialog.layout import lay_out
from bot.dialog.messages import Message, Tone
from bot.domain import documents, inbound, outgoing
from bot.domain.db import new_id, new_token, wait_for_sender, write_rows
from bot.domain.messages import Author, ChatMessage
from bot.domain.outgoing import Outgoing, Priority, Purpose
from bot.domain.people import Address, Person
from bot.domain.tickets import Ticket
from bot.house import House

_PRIORITY: Final = {
    Purpose.URGENT: Priority.DANGER, Purpose.REPLY: Priority.REPLY, Purpose.SERVICE: Priority.SERVICE,
    Purpose.TOPIC: Priority.BULK,
}  # fmt: skip


async def post(
    session: AsyncSession, house: House, address_id: int, message: Message, occasion: str, *,
    ticket_id: int | None = None, staff_id: int | None = None, sender: str = "", purpose: Purpose = Purpose.SERVICE,
) -> int:  # fmt: skip
    """Queue `message` in the person's language for an address; returns its place in the conversation.

    Ring the bells `outbox` and that of the address after the commit.
    """
    row = await session.execute(
        select(Address.channel, Address.sender, Address.person_id, Person.language)
        .join(Person, Person.id == Address.person_id)
        .where(Address.id == address_id)
    )
    channel, fingerprint, person_id, language = row.one()
    await wait_for_sender(session, fingerprint)
    seq = await session.scalar(
        update(Address).where(Address.id == address_id).values(last_seq=Address.last_seq + 1)
        .returning(Address.last_seq)
    )  # fmt: skip
    laid = lay_out(message, language, house.catalogs, house.channels[channel].limits, sender)
    now, message_id = house.now(), new_id()
    shown = {
        "id": message_id, "person_id": person_id, "address_id": address_id, "ticket_id": ticket_id, "seq": seq,
        "author": Author.STAFF if message.tone is Tone.STAFF else Author.BOT, "staff_id": staff_id,
        "token": new_token() if laid.binds else None, "content": laid.content(), "at": now,
    }  # fmt: skip
    await write_rows(session, ChatMessage.__table__, [shown])  # type: ignore[arg-type]
    if laid.document is not None:
        handed = documents.row(laid.document, person_id, now)
        await write_rows(session, documents.Document.__table__, [handed])  # type: ignore[arg-type]
    leaving = outgoing.row(
        new_id(), message_id, address_id, occasion, now, purpose=purpose, priority=_PRIORITY[purpose]
    )
    await write_rows(session, Outgoing.__table__, [leaving])  # type: ignore[arg-type]
    return int(seq or 0)


async def tell_reception(session: AsyncSession, house: House, ticket: Ticket, why: str, occasion: str) -> None:
    """Let the conversation of this case go on with the bot, in order. Ring the bell `inbox` after the commit."""
    sender = await session.scalar(select(Address.sender).where(Address.id == ticket.address_id))
    if sender is not None:
        await inbound.store_own(session, sender, occasion, f"{why}:{ticket.number}", house.now())
