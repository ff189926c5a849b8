"""What is done with a case: taken, answered, closed, its alert taken. One transaction each, twice does no harm."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK, INBOX, OUTBOX, of_address
from bot.console import cases, words
from bot.console.gate import Answer, Refused, Visit
from bot.dialog.messages import Bind, Button, Message, Tone
from bot.domain import happenings, pins, tickets
from bot.domain.happenings import Kind
from bot.domain.outgoing import Outgoing, Purpose
from bot.domain.people import Caller
from bot.domain.policy import Verb
from bot.domain.tickets import Alert, NotOpen, TicketState
from bot.i18n import Text, _, raw
from bot.post import post, tell_reception

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,40}")


def _back(visit: Visit, note: str, part: str = "") -> Response:
    return RedirectResponse(f"/console/cases/{visit.file.ticket.id}?note={note}{part}", 303)


async def claim(visit: Visit) -> Answer:
    """Take the case: the bot is silent from now on."""
    if visit.file.ticket.state == TicketState.CLOSED:
        return _back(visit, "closed")
    if not await _take(visit):
        return _back(visit, "taken")
    await cases.note(visit, "claim")
    await _tell_claimed(visit)
    return _back(visit, "yours")


async def _take(visit: Visit) -> bool:
    """Make the case this member's; False when somebody else has it."""
    ticket, before = visit.file.ticket, visit.file.ticket.claimed_by
    try:
        await tickets.claim(visit.session, ticket.id, visit.member.id, visit.house.now())
    except NotOpen:
        return False
    if before is None:
        await _happened(visit, Kind.CLAIMED)
    visit.ring(DESK, of_address(visit.file.address.id))
    return True


async def _tell_claimed(visit: Visit) -> None:
    """From now on the bot is silent: say so, and that somebody is there. Once for each time a case is taken."""
    house, ticket = visit.house, visit.file.ticket
    if ticket.claimed_by is not None or visit.file.address.channel not in house.channels:
        return
    said = Message(
        _("A person at the desk reads your question {number} now and answers you here.", number=str(ticket.number)),
        tone=Tone.INFO,
    )
    occasion = f"claimed:{ticket.id}:{int(house.now().timestamp())}"
    await post(visit.session, house, visit.file.address.id, said, occasion, ticket_id=ticket.id)
    visit.ring(OUTBOX)


async def _happened(visit: Visit, kind: Kind, **data: str) -> None:
    house, file = visit.house, visit.file
    address, person = file.address, file.person
    caller = Caller(
        person.id, address.id, address.channel, address.sender, address.key, person.pseudonym, person.language
    )
    row = happenings.row(kind, caller, house.now(), house.desk.zone, file.ticket.place, file.ticket.subject, **data)
    await happenings.record(visit.session, row)


async def take_alert(visit: Visit) -> Answer:
    """See to a danger: its alerts stop, and the case is this member's unless somebody has it."""
    ticket = visit.file.ticket
    rings = await visit.session.scalar(
        select(Alert.id).where(Alert.ticket_id == ticket.id, Alert.taken_at.is_(None)).limit(1)
    )
    if rings is None:
        return _back(visit, "alert_taken")
    if ticket.claimed_by is None and visit.may(Verb.CLAIM, ticket.case):
        await _take(visit)
    await tickets.take_alerts(visit.session, ticket.id, visit.member.id, visit.house.now())
    await cases.note(visit, "take alert")
    visit.ring(DESK)
    return _back(visit, "alert")


async def reply(visit: Visit) -> Answer:
    """Write to the person. The same words sent twice from one form go out once."""
    said, key = visit.form.text("words").strip(), visit.form.text("key")
    if not _KEY.fullmatch(key):
        raise Refused(400, words.TOO_OLD)
    # With a hash of the words: a form that was mended after a doubtful first try still goes out.
    occasion = f"desk:{visit.member.id}:{key}:{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    if await visit.session.scalar(select(Outgoing.id).where(Outgoing.occasion == occasion)):
        return _back(visit, "sent", "#end")
    problem = _problem(visit, said)
    if problem is not None:
        return await cases.shown(visit, draft=said, problem=problem, status=422)
    if visit.file.ticket.state == TicketState.CLOSED:
        return await cases.shown(visit, draft=said, problem=words.NOTES["closed"], status=409)
    if not await _take(visit):
        return await cases.shown(visit, draft=said, problem=words.NOTES["taken"], status=409)
    await _send(visit, said, occasion)
    return _back(visit, "sent", "#end")


def _problem(visit: Visit, said: str) -> Text | None:
    if not said:
        return _("Please write something.")
    most = cases.most_chars(visit)
    if len(said) > most:
        return _("Your reply is too long. At most {n} characters can be sent.", n=most)
    if visit.file.address.channel not in visit.house.channels:
        return _("This channel is not connected now. Nothing can be sent.")
    return None


async def _send(visit: Visit, said: str, occasion: str) -> None:
    house, file = visit.house, visit.file
    await tickets.note_reply(visit.session, file.ticket.id, visit.member.id, house.now())
    await _happened(visit, Kind.REPLIED)
    await cases.note(visit, "reply")
    await post(
        visit.session, house, file.address.id, Message(raw(said), tone=Tone.STAFF), occasion,
        ticket_id=file.ticket.id, staff_id=visit.member.id,
        sender=house.catalogs.say(words.A_PERSON, file.person.language),
        purpose=Purpose.URGENT if file.ticket.danger else Purpose.REPLY,
    )  # fmt: skip
    visit.ring(OUTBOX)


async def remove_pin(visit: Visit) -> Answer:
    """Take away the PIN of somebody who has forgotten it. They are told, in case it was not they who asked."""
    house, file = visit.house, visit.file
    if await pins.of_person(visit.session, file.person.id) is None:
        return _back(visit, "no_pin")
    await pins.remove(visit.session, file.person.id)
    await cases.note(visit, "remove pin")
    said = Message(
        _("A person at the desk has taken your PIN away, as you asked. You can set a new one in your settings."),
        tone=Tone.INFO, buttons=(Button(_("⚙️ Settings"), Bind("settings")),),
    )  # fmt: skip
    occasion = f"nopin:{file.ticket.id}:{int(house.now().timestamp())}"
    await post(visit.session, house, file.address.id, said, occasion, ticket_id=file.ticket.id)
    visit.ring(OUTBOX)
    return _back(visit, "no_pin")


async def close(visit: Visit) -> Answer:
    """End the case; the conversation goes on with the bot."""
    house, ticket, reason = visit.house, visit.file.ticket, visit.form.text("reason")
    if reason not in words.REASONS:
        return await cases.shown(visit, problem=_("Please choose a reason."), status=422)
    try:
        await tickets.close(visit.session, ticket.id, visit.member.id, reason, house.now())
    except NotOpen:
        return _back(visit, "closed")
    await _happened(visit, Kind.CLOSED, reason=reason)
    await cases.note(visit, "close")
    await tell_reception(visit.session, house, ticket, "closed", f"closed:{ticket.id}")
    visit.ring(INBOX, DESK, of_address(visit.file.address.id))
    return _back(visit, "closed")
