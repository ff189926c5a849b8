"""Forgetting: a person on their own request, and whatever has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import happenings, leaving, opening, people, reminders
from bot.domain.audit import AuditEntry
from bot.domain.checklists import Checklist
from bot.domain.consent import Consent
from bot.domain.copies import CopyLink
from bot.domain.documents import Document
from bot.domain.happenings import Kind
from bot.domain.inbound import InboundState, StoredUpdate
from bot.domain.keeping import KEEP_FOR, Keep
from bot.domain.messages import ChatMessage
from bot.domain.misses import Miss
from bot.domain.outgoing import OutboxState, Outgoing
from bot.domain.people import Address, Caller, Dialog, Person
from bot.domain.pins import Pin
from bot.domain.places import Desk
from bot.domain.reminders import Reminder
from bot.domain.staff import Staff
from bot.domain.tickets import Alert, Ticket, TicketState
from bot.domain.visits import ReturnCode, Visit
from bot.domain.waiting import Term

GOODBYE_WITHIN: Final = timedelta(minutes=10)  # how long the last message may try to arrive


async def forget(session: AsyncSession, caller: Caller, desk: Desk, now: datetime) -> Caller:
    """Delete everything of this person; only counts without a name stay.

    Returns a nameless stand-in that exists until the goodbye has been sent; `let_leavers_go` removes it too.
    """
    row = happenings.row(Kind.ERASED, caller, now, desk.zone, desk.place.id)
    await happenings.record(session, row)
    senders = list(await session.scalars(select(Address.sender).where(Address.person_id == caller.person_id)))
    await _delete_person(session, caller.person_id, senders, Term(now, opening.offer_until(desk.place, now)))
    stand_in = people.newcomer(caller.channel, caller.key, caller.sender, caller.language)
    stand_in.leaving = True
    await people.add(session, [stand_in], now)
    await session.execute(update(Person).where(Person.id == stand_in.person_id).values(leaving_at=now))
    return stand_in


async def forget_record(session: AsyncSession, person: Person, desk: Desk, now: datetime) -> None:
    """The same for somebody whom the desk wrote down and who has no chat: nothing but counts stays."""
    told = Caller(person.id, 0, happenings.AT_THE_DESK, "", "", person.pseudonym, person.language)
    await happenings.record(session, happenings.row(Kind.ERASED, told, now, desk.zone, desk.place.id))
    await _delete_person(session, person.id, [], Term(now, opening.offer_until(desk.place, now)))


async def _delete_person(session: AsyncSession, person_id: int, senders: list[str], term: Term) -> None:
    # First what is tied to them: those whom they alone reach, and what the desk wrote down before they joined.
    for other in await leaving.dependents(session, person_id):
        await _delete_person(session, other, [], term)
    await leaving.leave_services(session, person_id, term)
    addresses = select(Address.id).where(Address.person_id == person_id).scalar_subquery()
    tickets = select(Ticket.id).where(Ticket.person_id == person_id).scalar_subquery()
    await session.execute(update(Staff).where(Staff.address_id.in_(addresses)).values(address_id=None))
    for statement in (
        delete(Alert).where(Alert.ticket_id.in_(tickets)),
        delete(Outgoing).where(Outgoing.address_id.in_(addresses)),
        delete(ChatMessage).where(ChatMessage.person_id == person_id),
        delete(Ticket).where(Ticket.person_id == person_id),
        delete(Consent).where(Consent.person_id == person_id),
        delete(Miss).where(Miss.person_id == person_id),
        delete(CopyLink).where(CopyLink.person_id == person_id),
        delete(Checklist).where(Checklist.person_id == person_id),
        delete(Reminder).where(Reminder.person_id == person_id),
        delete(Document).where(Document.person_id == person_id),
        delete(Pin).where(Pin.person_id == person_id),
        delete(Dialog).where(Dialog.address_id.in_(addresses)),
        delete(ReturnCode).where(ReturnCode.address_id.in_(addresses)),
        delete(Visit).where(Visit.sender.in_(senders)),
        delete(Address).where(Address.person_id == person_id),
    ):
        await session.execute(statement, execution_options={"synchronize_session": False})
    # The update's id stays for eight days, so that a repeated delivery is still recognised; its content goes now.
    await session.execute(
        update(StoredUpdate)
        .where(StoredUpdate.sender.in_(senders), StoredUpdate.state != InboundState.PENDING)
        .values(raw=None, sender="")
    )
    await session.execute(update(Person).where(Person.reached_by == person_id).values(reached_by=None))
    await session.execute(delete(Person).where(Person.id == person_id))


async def let_leavers_go(session: AsyncSession, now: datetime) -> int:
    """Remove the stand-ins of those who were forgotten, once their goodbye was sent. Returns how many."""
    on_the_way = exists().where(
        Outgoing.address_id == Address.id,
        Outgoing.state.in_((OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCERTAIN)),
    )
    rows = await session.execute(
        select(Person.id, Address.sender)
        .join(Address, Address.person_id == Person.id)
        .where(Person.leaving_at.is_not(None), or_(~on_the_way, Person.leaving_at <= now - GOODBYE_WITHIN))
    )
    found = list(rows)
    for person_id, sender in found:
        await _delete_person(session, person_id, [sender] if sender else [], _term(now))
    return len(found)


async def sweep(session: AsyncSession, now: datetime) -> dict[str, int]:
    """Delete what has been kept for as long as its class says. Returns how many rows of each table went."""
    raw, chat = _before(Keep.RAW, now), _before(Keep.CHAT, now)
    # A case in which nobody has written for as long as words are kept is over, whoever forgot to close it.
    await session.execute(
        update(Ticket)
        .where(
            Ticket.state != TicketState.CLOSED, Ticket.last_person_at < chat,
            or_(Ticket.last_staff_at.is_(None), Ticket.last_staff_at < chat),
        )
        .values(state=TicketState.CLOSED, closed_at=now, close_reason="expired")
    )  # fmt: skip
    over = select(Ticket.id).where(Ticket.state == TicketState.CLOSED).scalar_subquery()
    await session.execute(
        update(Alert).where(Alert.taken_at.is_(None), Alert.ticket_id.in_(over)).values(taken_at=now, next_at=None)
    )
    old_case = select(Ticket.id).where(Ticket.state == TicketState.CLOSED, Ticket.closed_at < chat).scalar_subquery()
    open_case = select(Ticket.person_id).where(Ticket.state != TicketState.CLOSED)
    old_words = (ChatMessage.at < chat) & ChatMessage.person_id.not_in(open_case)
    words = select(ChatMessage.id).where(old_words).scalar_subquery()
    gone: dict[str, int] = {}
    for name, table, condition in (
        ("inbound", StoredUpdate, (StoredUpdate.received_at < raw) & (StoredUpdate.state != InboundState.PENDING)),
        ("outbox", Outgoing, Outgoing.message_id.in_(words)),
        ("messages", ChatMessage, old_words),
        ("alerts", Alert, Alert.ticket_id.in_(old_case)),
        ("tickets", Ticket, Ticket.id.in_(old_case) & ~exists().where(ChatMessage.ticket_id == Ticket.id)),
        ("misses", Miss, Miss.at < chat),
        ("reminders", Reminder, reminders.over(now)),
        ("checklists", Checklist, Checklist.touched_at < _before(Keep.PERSON, now)),
        ("visits", Visit, Visit.seen_at < _before(Keep.CHAT, now)),
        ("dialogs", Dialog, Dialog.touched_at < chat),
        ("copy_links", CopyLink, CopyLink.expires_at < now),
        ("return_codes", ReturnCode, ReturnCode.expires_at < now),
        ("consents", Consent, Consent.at < _before(Keep.CONSENT, now)),
        ("audit", AuditEntry, AuditEntry.at < _before(Keep.LOG, now)),
    ):
        gone[name] = await _delete_where(session, table, condition)
    gone |= await leaving.sweep_services(session, _before(Keep.PERSON, now), _before(Keep.LOG, now))
    old = select(Person.id, Address.sender).outerjoin(Address, Address.person_id == Person.id)
    old = old.where(Person.seen_at < _before(Keep.PERSON, now), Person.id.not_in(open_case))
    strangers = list(await session.execute(old))
    for name, count in (await sweep_brief(session, now)).items():
        gone[name] = gone.get(name, 0) + count
    for person_id, sender in strangers:
        await _delete_person(session, person_id, [sender] if sender else [], _term(now))
    gone["people"] = len(strangers)
    return gone


async def sweep_brief(session: AsyncSession, now: datetime) -> dict[str, int]:
    """The same for what is kept briefly."""
    brief = _before(Keep.BRIEF, now)
    passed = and_(text("messages.brief"), ChatMessage.at < brief)  # as it stands in the index
    words = select(ChatMessage.id).where(passed).scalar_subquery()
    return {
        "documents": await _delete_where(session, Document, Document.made_at < brief),
        "outbox": await _delete_where(session, Outgoing, Outgoing.message_id.in_(words)),
        "messages": await _delete_where(session, ChatMessage, passed),
        "dialogs": await _delete_where(session, Dialog, Dialog.brief.is_(True) & (Dialog.touched_at < brief)),
    }


def _term(now: datetime) -> Term:
    """Nobody waits for these seats to become free; whoever is offered one has a day."""
    return Term(now, now + timedelta(days=1))


async def _delete_where(session: AsyncSession, table: type, condition: ColumnElement[bool]) -> int:
    result = await session.execute(delete(table).where(condition), execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0))


def _before(keep: Keep, now: datetime) -> datetime:
    period = KEEP_FOR[keep]
    if period is None:
        raise ValueError(f"{keep} is kept for ever")
    return now - period
