"""People who are reached by somebody else's phone alone: children, parents, neighbours. They have no address."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.db import new_id
from bot.domain.people import Address, Caller, Person, still_fresh

MOST: Final = 12  # of one phone; whoever arranges things for more of them is helped by a person


class TooMany(Exception):
    """So many are reached by this phone already that no more are written down."""


def _of(person_id: int) -> Select[Person]:
    # Whoever has a chat of their own by now is not anybody else's to look at.
    own = select(Address.person_id).scalar_subquery()
    return (
        select(Person)
        .where(Person.reached_by == person_id, Person.merged_into.is_(None), Person.id.not_in(own))
        .order_by(Person.id)
    )


async def of_person(session: AsyncSession, person_id: int) -> list[Person]:
    """Those who are reached by this person alone, in the order in which they were written down."""
    return list(await session.scalars(_of(person_id), execution_options={"populate_existing": True}))


async def belongs(session: AsyncSession, person_id: int, caller_id: int) -> bool:
    """Whether what is kept of a person may be shown to the caller: themselves, or somebody they are reached by."""
    if person_id == caller_id:
        return True
    return (await session.scalars(_of(caller_id).where(Person.id == person_id))).one_or_none() is not None


async def household(session: AsyncSession, caller_id: int) -> dict[int, str]:
    """The caller (with an empty name) and those who are reached by them, by id."""
    return {caller_id: "", **{one.id: one.name or "" for one in await of_person(session, caller_id)}}


async def write_down(session: AsyncSession, caller: Caller, name: str, now: datetime) -> int:
    """The id of somebody of this name who is reached by the caller; one name is one person. Raises TooMany."""
    # Locked, so that the same name told at the same moment on two chats of one person is written down once.
    await session.scalar(select(Person.id).where(Person.id == caller.person_id).with_for_update())
    known = await of_person(session, caller.person_id)
    found = next((one for one in known if _same(one.name or "", name)), None)
    if found is None:
        if len(known) >= MOST:
            raise TooMany
        found = Person(
            id=new_id(), pseudonym=secrets.token_hex(16), language=caller.language, language_chosen=True,
            reached_by=caller.person_id, name=" ".join(name.split()), created_at=now, seen_at=now,
        )  # fmt: skip
        session.add(found)
    await touch(session, found.id, now)
    return found.id


async def touch(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Something was arranged for this person: they are kept as if they had written themselves."""
    found = await session.get(Person, person_id)
    if found is not None and not still_fresh(found.seen_at, now):
        found.seen_at = now
    await session.flush()


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


async def pseudonym(session: AsyncSession, person_id: int) -> str:
    """The name under which somebody is counted; empty for nobody."""
    return str(await session.scalar(select(Person.pseudonym).where(Person.id == person_id)) or "")
