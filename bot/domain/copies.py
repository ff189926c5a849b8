"""A person's copy of everything that is kept about them (GDPR articles 15 and 20)."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ForeignKey, String, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import (
    audit,
    certificates,
    checklists,
    consent,
    dependents,
    documents,
    merging,
    pins,
    reminders,
    seats,
    tickets,
)
from bot.domain.absences import Absence
from bot.domain.attendance import Attendance
from bot.domain.bookings import Booking
from bot.domain.db import Base, Identity, Instant
from bot.domain.feedback import Feedback
from bot.domain.keeping import Keep, kept
from bot.domain.messages import ChatMessage
from bot.domain.misses import Miss
from bot.domain.news import News
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Address, Dialog, Person
from bot.domain.sealed import fingerprint
from bot.domain.seats import Signup
from bot.domain.waiting import Offer
from bot.domain.walk_ins import WalkIn

LINK_FOR: Final = timedelta(minutes=10)


class CopyLink(Base):
    """A link to a copy, good once. Only its fingerprint is stored."""

    __tablename__ = "copy_links"

    token: Mapped[str] = kept(Keep.PERSON, String(40), primary_key=True)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    used_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


async def summary(session: AsyncSession, person_id: int) -> int:
    """How many messages of this person are kept."""
    count = await session.scalar(
        select(func.count()).select_from(ChatMessage).where(ChatMessage.person_id == person_id)
    )
    return int(count or 0)


async def offer(session: AsyncSession, person_id: int, now: datetime) -> str:
    """A token for one look at the copy, within ten minutes."""
    token = secrets.token_urlsafe(24)
    session.add(CopyLink(token=fingerprint("copy", token), person_id=person_id, expires_at=now + LINK_FOR))
    await session.flush()
    return token


async def redeem(session: AsyncSession, token: str, now: datetime) -> dict[str, Any] | None:
    """The copy behind a token, which is used up by it. None when it is not good."""
    used = await session.execute(
        update(CopyLink)
        .where(CopyLink.token == fingerprint("copy", token), CopyLink.used_at.is_(None), CopyLink.expires_at > now)
        .values(used_at=now)
        .returning(CopyLink.person_id)
    )
    person_id = used.scalar_one_or_none()
    return await collect(session, person_id) if person_id else None


async def collect(session: AsyncSession, person_id: int) -> dict[str, Any]:
    """Everything that is kept about a person, as JSON values."""
    person = await session.get(Person, person_id)
    if person is None:
        return {}
    addresses = list(await session.scalars(select(Address).where(Address.person_id == person_id)))
    dialogs = await session.scalars(select(Dialog).where(Dialog.address_id.in_([one.id for one in addresses])))
    words = await session.scalars(
        select(ChatMessage).where(ChatMessage.person_id == person_id).order_by(ChatMessage.id)
    )
    missed = await session.scalars(select(Miss).where(Miss.person_id == person_id).order_by(Miss.id))
    return {
        "person": _columns(person),
        "addresses": [_columns(one) for one in addresses],
        "unfinished": [_columns(one) for one in dialogs],
        "questions": [_columns(one) for one in await tickets.of_person(session, person_id)],
        "messages": [_columns(one) for one in words],
        "unanswered": [_columns(one) for one in missed],
        "first_steps": await _first_steps(session, person_id),
        "reminders": [_columns(one) for one in await reminders.of_person(session, person_id)],
        "files": [_columns(one) for one in await documents.of_person(session, person_id)],
        "certificates": [_columns(one) for one in await certificates.of_person(session, person_id)],
        "sign_ups": [_columns(one) for one in await seats.of_person(session, person_id)],
        **{name: await _rows(session, table, person_id) for name, table in _SERVICES.items()},
        "signed_up_by_you": [await collect(session, one.id) for one in await dependents.of_person(session, person_id)],
        "pin_is_set": await pins.of_person(session, person_id) is not None,
        "told_and_agreed": [_columns(one) for one in await consent.of_person(session, person_id)],
        **await _at_the_desk(session, person_id),
        "looked_at": [
            {"at": one.at.isoformat(), "what": one.verb}
            for pseudonym in [person.pseudonym, *await merging.counted_before(session, person.pseudonym)]
            for one in await audit.about(session, pseudonym)
        ],
    }


async def _at_the_desk(session: AsyncSession, person_id: int) -> dict[str, Any]:
    """That staff wrote somebody down, and the empty records that have become this person."""
    written = await session.get(WalkIn, person_id)
    joined = await session.scalars(select(Person).where(Person.merged_into == person_id).order_by(Person.id))
    return {
        "written_down_at_the_desk": _columns(written) if written is not None else None,
        "joined_records": [_columns(one) for one in joined],
    }


_SERVICES: Final[dict[str, Any]] = {
    "bookings": Booking,
    "language_practice": Practice,
    "pairs": Pair,
    "feedback": Feedback,
    "attendance": Attendance,
    "absences": Absence,
    "seat_offers": Offer,
    "seat_news": News,
}
_BY_SIGN_UP: Final = (Feedback, Attendance, Absence, Offer, News)
_TOLD_OF_PAIRS: Final = frozenset({"id", "state", "languages", "made_at"})  # the rest says what the other said


async def _rows(session: AsyncSession, table: Any, person_id: int) -> list[Any]:  # noqa: ANN401
    """What a service keeps of a person; of a pair only that there is one."""
    if table in _BY_SIGN_UP:
        own = select(Signup.id).where(Signup.person_id == person_id).scalar_subquery()
        query: Any = select(table).where(table.signup_id.in_(own))
    elif table is Pair:
        query = select(Pair).where(or_(Pair.first_id == person_id, Pair.second_id == person_id))
    else:
        query = select(table).where(table.person_id == person_id)
    return [
        {
            name: _own_details(value) if table is Booking and name == "details" else value
            for name, value in _columns(one).items()
            if table is not Pair or name in _TOLD_OF_PAIRS
        }
        for one in await session.scalars(query)
    ]


def _own_details(details: dict[str, Any]) -> dict[str, Any]:
    """Of a booking, without what the mentor told: how they are reached, and to the desk alone why they declined."""
    return {name: value for name, value in details.items() if name not in {"mentor_contact", "reasons"}}


async def _first_steps(session: AsyncSession, person_id: int) -> dict[str, Any]:
    held = await checklists.of_person(session, person_id)
    return held.content() if held is not None else {}


def _columns(row: Base) -> dict[str, Any]:
    table = row.__table__
    values = {column.key: getattr(row, column.key) for column in table.columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
