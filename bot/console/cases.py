"""The list of cases, one case with its thread, and what people have sent along."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.bell import DESK
from bot.channels.contract import Undeliverable
from bot.console import queue, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, messages, pins, policy, tickets
from bot.domain.db import new_token
from bot.domain.messages import Author, ChatMessage
from bot.domain.outgoing import Outgoing
from bot.domain.people import Address
from bot.domain.policy import Verb
from bot.domain.staff import Staff
from bot.domain.tickets import Ticket, TicketState
from bot.house import House
from bot.i18n import LANGUAGES, Text, raw

MOST_REPLY_CHARS: Final = 3500  # below Telegram's 4096, with room for the line that says who writes
FETCH_WITHIN: Final = timedelta(seconds=30)

# By their first bytes; anything else goes out without a telling name.
_ENDINGS: Final = (
    (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"OggS", "ogg"), (b"GIF8", "gif"),
    (b"ID3", "mp3"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the desk reads it."""

    id: int
    author: str
    who: Text | None
    at: datetime
    text: str
    title: str
    language: str
    direction: str
    pressed: bool
    edited: bool
    buttons: tuple[str, ...]
    handed: Text | None
    file: bool
    delivery: str


async def overview(visit: Visit) -> Answer:
    """Open cases, or the closed ones with `?show=closed`."""
    return Shown("cases.html", await _listed(visit))


async def rows(visit: Visit) -> Answer:
    """The list alone, for a page that is open."""
    return Shown("cases_list.html", await _listed(visit))


async def now(_visit: Visit) -> Answer:
    """The alerts on top of every page."""
    return Shown("now.html")


async def _listed(visit: Visit) -> dict[str, Any]:
    closed = visit.request.query_params.get("show") == "closed"
    found = await tickets.closed_cases(visit.session) if closed else []
    topics = await _topics(visit.session, closed=closed)
    return {
        "show_closed": closed,
        "closed_cases": [ticket for ticket, _who in found if visit.may(Verb.READ_CASE, ticket.case)],
        "holders": await names(visit.session),
        "subject": lambda ticket: _title(visit.house, topics.get(ticket.id, ""), visit.member.language),
        "states": words.STATES,
        "reasons": words.REASONS,
    }


async def _topics(session: AsyncSession, *, closed: bool) -> dict[int, str]:
    """What each case is about: its topic, or the first answer that was tried. No words of the person."""
    wanted = Ticket.state == TicketState.CLOSED if closed else Ticket.state != TicketState.CLOSED
    query = select(Ticket.id, Ticket.subject, Ticket.card).where(wanted).order_by(Ticket.id.desc()).limit(queue.MOST)
    tried = {ticket: (subject, card.get("tried", [])) for ticket, subject, card in await session.execute(query)}
    return {ticket: subject or str(next(iter(topics), "")) for ticket, (subject, topics) in tried.items()}


def _title(house: House, topic: str, language: str) -> str:
    if not topic or topic not in house.library:
        return ""
    known = house.library[topic]
    return f"{known.icon} {known.answer(language).title}"


async def names(session: AsyncSession) -> dict[int, str]:
    """What the members of the desk are called, by id."""
    return dict((await session.execute(select(Staff.id, Staff.name))).all())


async def case(visit: Visit) -> Answer:
    """One case: hand-over card, thread, and what can be done with it."""
    ticket = visit.file.ticket
    if ticket.unread and ticket.claimed_by == visit.member.id:
        await visit.session.execute(update(Ticket).where(Ticket.id == ticket.id).values(unread=False))
        visit.ring(DESK)
    return await shown(visit)


async def thread(visit: Visit) -> Answer:
    """The card and the thread alone, for a page that is open."""
    return await shown(visit, template="case_live.html")


async def shown(
    visit: Visit, *, template: str = "case.html", draft: str = "", problem: Text | None = None, status: int = 200
) -> Shown:
    """The page of the visit's case. Showing somebody's words is noted in the log."""
    file, house = visit.file, visit.house
    await note(visit, "read case")
    holders = await names(visit.session)
    ticket, channel = file.ticket, house.channels.get(file.address.channel)
    values = {
        "ticket": ticket,
        "number": ticket.number,
        "channel": words.CHANNELS.get(file.address.channel) or raw(file.address.channel),
        "connected": channel is not None,
        "reachable": file.address.unreachable_at is None,
        "language_of_person": LANGUAGES[file.person.language],
        "card": _card(visit, ticket),
        "states": words.STATES,
        "reasons": words.REASONS,
        "deliveries": words.DELIVERY,
        "holders": holders,
        "bubbles": await _bubbles(visit, holders),
        "most_chars": most_chars(visit),
        "draft": draft,
        "has_pin": await pins.of_person(visit.session, file.person.id) is not None,
        "problem": problem,
        "key": new_token(),
        "rights": {verb.name: policy.may(visit.actor, verb, ticket.case) for verb in Verb},
        "waiting": ticket.state == TicketState.WAITING,
        "closed": ticket.state == TicketState.CLOSED,
        "mine": ticket.claimed_by == visit.member.id,
    }
    return Shown(template, values, status)


def most_chars(visit: Visit) -> int:
    """How long a reply to this person may be: longer ones would be cut on their way."""
    channel = visit.house.channels.get(visit.file.address.channel)
    return min(MOST_REPLY_CHARS, channel.limits.text_chars) if channel else MOST_REPLY_CHARS


def _card(visit: Visit, ticket: Ticket) -> dict[str, Any]:
    tried = ticket.card.get("tried", [])
    known = [_title(visit.house, str(topic), visit.member.language) for topic in tried if isinstance(topic, str)]
    return {
        "question": str(ticket.card.get("question", "")),
        "tried": [title for title in known if title],
        "subject": _title(visit.house, ticket.subject, visit.member.language),
    }


async def _bubbles(visit: Visit, holders: dict[int, str]) -> list[Bubble]:
    written = await messages.of_ticket(visit.session, visit.file.person.id)
    ours = [message.id for message in written if message.author == Author.STAFF]
    states: dict[int, str] = {}
    if ours:
        found = await visit.session.execute(
            select(Outgoing.message_id, Outgoing.state).where(Outgoing.message_id.in_(ours))
        )
        states = dict(found.all())
    return [_bubble(message, visit.file.person.language, holders, states) for message in written]


def _bubble(message: ChatMessage, language: str, holders: dict[int, str], states: dict[int, str]) -> Bubble:
    content = message.content
    spoken = content.get("language", language)
    pressed, kind = content.get("pressed"), content.get("kind", "")
    handed = words.HANDED.get(kind, words.FILE) if kind not in {"", "edited"} else None
    by_staff = message.author == Author.STAFF
    return Bubble(
        id=message.id,
        author=message.author,
        who=raw(holders.get(message.staff_id or 0, "")) if by_staff else None,
        at=message.at,
        text=str(pressed if pressed is not None else content.get("text", "")),
        title=str(content.get("title", "")),
        language=spoken,
        direction=LANGUAGES[spoken if spoken in LANGUAGES else language].direction,
        pressed=pressed is not None,
        buttons=tuple(str(button[0]) for row in content.get("rows", ()) for button in row),
        handed=handed,
        edited=kind == "edited",
        file=bool(content.get("file")),
        delivery=states.get(message.id, ""),
    )


async def note(visit: Visit, verb: str) -> None:
    """One entry in the log about this case."""
    file = visit.file
    await audit.note(
        visit.session, verb, visit.house.now(), staff_id=visit.member.id, pseudonym=file.person.pseudonym,
        ticket_number=file.ticket.number,
    )  # fmt: skip


async def attachment(visit: Visit) -> Answer:
    """Something that a person sent along, as a download that no browser opens by itself."""
    number = visit.request.path_params["message"]
    message = await visit.session.get(ChatMessage, number) if number <= LARGEST_ID else None
    if message is None or message.person_id != visit.file.person.id or not message.content.get("file"):
        raise Refused(404, words.NO_SUCH_PAGE)
    address = await visit.session.get(Address, message.address_id)
    channel = visit.house.channels.get(address.channel) if address else None
    if channel is None:
        raise Refused(502, words.NO_FILE)
    await note(visit, "read file")
    name, wanted = f"case-{visit.file.ticket.number}-{message.seq}", str(message.content["file"])

    async def fetched() -> Response:
        try:
            async with asyncio.timeout(FETCH_WITHIN.total_seconds()):
                return _download(await channel.fetch(wanted), name)
        except (Undeliverable, TimeoutError):
            raise Refused(502, words.NO_FILE) from None

    return fetched


def _download(body: bytes, name: str) -> Response:
    ending = next((ending for start, ending in _ENDINGS if body.startswith(start)), "bin")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(body, media_type="application/octet-stream", headers=headers)
