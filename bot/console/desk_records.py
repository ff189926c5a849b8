"""A record of the desk as its pages open it: who it is, how they are reached, and the log of looking at it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from bot.console import words
from bot.console.gate import LARGEST_ID, Refused, Visit
from bot.domain import audit, walk_ins
from bot.domain.people import Address, Person

DESK: Final = "/console/desk"


def address(person: Person) -> str:
    """Where this person stands in the console."""
    return f"{DESK}/{person.id}"


async def open_record(visit: Visit, *, alone: bool = False) -> Person:
    """The person whom the address names. Raises Refused when the desk has written down nobody of this number."""
    number = visit.request.path_params["person"]
    found = await walk_ins.record(visit.session, number, alone=alone) if number <= LARGEST_ID else None
    if found is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    return found


async def has_chat(visit: Visit, person: Person) -> bool:
    """Whether they write to the desk from a chat of their own."""
    query = select(Address.id).where(Address.person_id == person.id).limit(1)
    return await visit.session.scalar(query) is not None


async def reached_at(visit: Visit, person: Person) -> int | None:
    """Where this person is written to: their own chat, or that of whoever looks after them."""
    query = select(Address.id).where(Address.unreachable_at.is_(None)).order_by(Address.id.desc()).limit(1)
    found: int | None = await visit.session.scalar(query.where(Address.person_id == person.id))
    if found is None and person.reached_by is not None:
        found = await visit.session.scalar(query.where(Address.person_id == person.reached_by))
    return found


def back(person: Person, said: str, **more: str) -> Response:
    """Back to the page of a person, with a note above it."""
    return RedirectResponse(f"{address(person)}?{urlencode({'note': said, **more})}", 303)


async def note(visit: Visit, verb: str, person: Person) -> None:
    """One entry in the log about this person."""
    now = visit.house.now()
    await audit.note(visit.session, verb, now, staff_id=visit.member.id, pseudonym=person.pseudonym)
