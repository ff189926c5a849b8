"""Somebody who came to the desk joins the record that staff made to their own chat, by a code that works once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import dependents, merging, walk_ins
from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.merging import Merged, NotJoinable
from bot.domain.people import Caller, Person
from bot.domain.places import Desk
from bot.domain.sealed import fingerprint

CODE_FOR: Final = timedelta(minutes=15)


class JoinCode(Base):
    """A code good once. Only its fingerprint is stored."""

    __tablename__ = "join_codes"

    token: Mapped[str] = kept(Keep.PERSON, String(40), primary_key=True)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    staff_id: Mapped[int] = kept(Keep.PERSON, Identity)
    expires_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    used_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


class Why(StrEnum):
    """Why a code joins nothing."""

    UNKNOWN = "unknown"
    OVER = "over"  # its time
    USED = "used"
    MINE = "mine"  # by the same person: nothing is left to be done


class JoinRefused(Exception):
    """A code is not good."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


async def new_code(session: AsyncSession, person_id: int, staff_id: int, now: datetime) -> str:
    """A code for this record, good for a quarter of an hour. A former one stops working."""
    await session.execute(delete(JoinCode).where(JoinCode.person_id == person_id, JoinCode.used_at.is_(None)))
    token = secrets.token_urlsafe(16)
    session.add(JoinCode(token=fingerprint("join", token), person_id=person_id, staff_id=staff_id,
                         expires_at=now + CODE_FOR))  # fmt: skip
    await session.flush()
    return token


async def look(session: AsyncSession, token: str, caller: Caller, now: datetime) -> Person:
    """The record that a code is for; the code stays good. Raises JoinRefused."""
    code = await session.get(JoinCode, fingerprint("join", token), populate_existing=True)
    if code is None:
        raise JoinRefused(Why.UNKNOWN)
    person = await session.get(Person, code.person_id, populate_existing=True)
    if person is None or code.used_at is not None or person.merged_into is not None:
        mine = person is not None and caller.person_id in {person.merged_into, person.reached_by}
        raise JoinRefused(Why.MINE if mine else Why.USED)
    if code.expires_at <= now:
        raise JoinRefused(Why.OVER)
    return person


async def join(session: AsyncSession, token: str, caller: Caller, desk: Desk, now: datetime) -> Merged:
    """The record and the caller become one person; the code is used up. Raises JoinRefused."""
    person_id = await _use(session, token, caller, now)
    try:
        return await merging.merge(session, person_id, caller, desk, now)
    except NotJoinable:
        raise JoinRefused(Why.USED) from None


async def look_after(session: AsyncSession, token: str, caller: Caller, now: datetime) -> None:
    """The record is of somebody who is reached by the caller; the code is used up. Raises JoinRefused, TooMany."""
    if len(await dependents.of_person(session, caller.person_id)) >= dependents.MOST:
        raise dependents.TooMany
    person_id = await _use(session, token, caller, now)
    person = await walk_ins.record(session, person_id, alone=True)
    if person is None or person.id != person_id or person.reached_by is not None:
        raise JoinRefused(Why.USED)
    person.reached_by = caller.person_id
    await merging.reach(session, person_id, caller.address_id)


async def _use(session: AsyncSession, token: str, caller: Caller, now: datetime) -> int:
    person_id: int | None = await session.scalar(
        update(JoinCode)
        .where(JoinCode.token == fingerprint("join", token), JoinCode.used_at.is_(None), JoinCode.expires_at > now)
        .values(used_at=now)
        .returning(JoinCode.person_id),
        execution_options={"synchronize_session": False},
    )
    if person_id is None:
        await look(session, token, caller, now)
        raise JoinRefused(Why.USED)
    return person_id


async def joined(session: AsyncSession, person_id: int) -> bool:
    """Whether this record belongs to a chat by now."""
    query = select(Person).where(Person.id == person_id)
    person = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    return person is not None and (person.merged_into is not None or person.reached_by is not None)
