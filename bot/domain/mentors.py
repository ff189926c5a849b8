"""Mentors: who helps with what, in which languages, when; nobody is shown before staff have checked who they are."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Date, ForeignKey, Index, String, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed


class MentorState(StrEnum):
    """Whether a mentor takes people now."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


class Gender(StrEnum):
    """As somebody has told it; nobody has to."""

    UNTOLD = ""
    WOMAN = "woman"
    MAN = "man"


class Mentor(Base):
    """Somebody who helps. Shown only while active, with a check of identity and conduct that staff have dated."""

    __tablename__ = "mentors"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    staff_id: Mapped[int | None] = kept(Keep.STAFF, Identity, ForeignKey("staff.id"), nullable=True, unique=True)
    state: Mapped[str] = kept(Keep.STAFF, String(8))
    name: Mapped[str] = kept(Keep.STAFF, Sealed("mentors.name"))  # the first name, as newcomers see it
    contact: Mapped[str] = kept(Keep.STAFF, Sealed("mentors.contact"), default="")  # given only when both agree
    languages: Mapped[list[str]] = kept(Keep.STAFF, JSON)
    topics: Mapped[list[str]] = kept(Keep.STAFF, JSON)
    about: Mapped[dict[str, Any]] = kept(Keep.STAFF, JSON)  # a line by language
    gender: Mapped[str] = kept(Keep.STAFF, String(8), default=Gender.UNTOLD)
    place: Mapped[str] = kept(Keep.STAFF, String(40))
    where: Mapped[str] = kept(Keep.STAFF, String(200), default="")
    in_person: Mapped[bool] = kept(Keep.STAFF, default=True)
    online: Mapped[bool] = kept(Keep.STAFF, default=False)
    zone: Mapped[str] = kept(Keep.STAFF, String(40))
    slot_minutes: Mapped[int] = kept(Keep.STAFF, default=60)
    buffer_minutes: Mapped[int] = kept(Keep.STAFF, default=15)
    notice_hours: Mapped[int] = kept(Keep.STAFF, default=24)
    ahead_days: Mapped[int] = kept(Keep.STAFF, default=28)  # how far ahead one can book
    most_open: Mapped[int] = kept(Keep.STAFF, default=5)  # people at the same time
    checked_on: Mapped[date | None] = kept(Keep.STAFF, Date, nullable=True)  # identity and conduct, by staff
    checked_by: Mapped[int | None] = kept(Keep.STAFF, Identity, nullable=True)
    sample: Mapped[bool] = kept(Keep.STAFF, default=False)
    made_at: Mapped[datetime] = kept(Keep.STAFF, Instant)
    changed_at: Mapped[datetime] = kept(Keep.STAFF, Instant)


class MentorHours(Base):
    """One block of a mentor's usual week (weekday 0 is Monday), in minutes of the local day."""

    __tablename__ = "mentor_hours"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    mentor_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("mentors.id"), index=True)
    weekday: Mapped[int] = kept(Keep.STAFF)
    opens: Mapped[int] = kept(Keep.STAFF)
    closes: Mapped[int] = kept(Keep.STAFF)


class MentorException(Base):
    """A day that is other than usual: instead of the week's blocks this one, or none where `opens` equals `closes`."""

    __tablename__ = "mentor_exceptions"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    mentor_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("mentors.id"), index=True)
    day: Mapped[date] = kept(Keep.STAFF, Date)
    opens: Mapped[int] = kept(Keep.STAFF)
    closes: Mapped[int] = kept(Keep.STAFF)


class BookingState(StrEnum):
    """How far a booking is."""

    ASKED = "asked"  # the mentor has not answered yet
    SUGGESTED = "suggested"  # the mentor suggests another time; the person has not answered yet
    AGREED = "agreed"
    DECLINED = "declined"  # by the mentor; passed on
    LAPSED = "lapsed"  # no answer in three days; passed on
    CANCELLED = "cancelled"
    MET = "met"
    MISSED = "missed"  # the person did not come
    ALONE = "alone"  # the mentor did not come


TAKEN: Final = (BookingState.ASKED, BookingState.SUGGESTED, BookingState.AGREED)
_TAKEN_SQL: Final = "state IN ('asked', 'suggested', 'agreed')"


class Booking(Base):
    """One meeting of a person with a mentor. Wall time and zone are stored; the instant is derived from them."""

    __tablename__ = "bookings"
    __table_args__ = (
        Index("uq_bookings_taken", "mentor_id", "starts_at", unique=True, sqlite_where=text(_TAKEN_SQL),
              postgresql_where=text(_TAKEN_SQL)),
    )  # fmt: skip

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    mentor_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("mentors.id"))
    event_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("events.id"), nullable=True)  # a mentor day
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    address_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), nullable=True, index=True)
    state: Mapped[str] = kept(Keep.PERSON, String(12))
    topic: Mapped[str] = kept(Keep.PERSON, String(40))
    language: Mapped[str] = kept(Keep.PERSON, String(8))
    day: Mapped[date] = kept(Keep.PERSON, Date)
    minute: Mapped[int] = kept(Keep.PERSON)
    minutes: Mapped[int] = kept(Keep.PERSON)
    zone: Mapped[str] = kept(Keep.PERSON, String(40))
    starts_at: Mapped[datetime] = kept(Keep.PERSON, Instant, index=True)
    online: Mapped[bool] = kept(Keep.PERSON, default=False)
    mediator: Mapped[bool] = kept(Keep.PERSON, default=False)  # a cultural mediator or interpreter is wanted
    remind: Mapped[str] = kept(Keep.PERSON, String(8))
    coming: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("bookings.details"))  # name, wish, reason, contact
    asked: Mapped[list[Any]] = kept(Keep.PERSON, JSON)  # mentors who were asked before and said no, or nothing
    shares_person: Mapped[bool] = kept(Keep.PERSON, default=False)
    shares_mentor: Mapped[bool] = kept(Keep.PERSON, default=False)
    met_person: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)  # "we met", from both sides
    met_mentor: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    answer_by: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # then it is passed on
    check_in_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # three months after they met
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


class Practice(Base):
    """Somebody who wants to practise a language with another; shown to nobody before staff have checked them."""

    __tablename__ = "practices"

    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    offers: Mapped[list[str]] = kept(Keep.PERSON, JSON)  # languages
    wants: Mapped[list[str]] = kept(Keep.PERSON, JSON)
    local: Mapped[bool] = kept(Keep.PERSON, default=False)
    age: Mapped[str] = kept(Keep.PERSON, String(8))  # "adult", "15-17"
    gender: Mapped[str] = kept(Keep.PERSON, String(8), default=Gender.UNTOLD)
    with_gender: Mapped[str] = kept(Keep.PERSON, String(8), default=Gender.UNTOLD)  # whom they want to meet
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("practices.details"))  # name, contact, when
    address_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), nullable=True, index=True)
    checked_on: Mapped[date | None] = kept(Keep.PERSON, Date, nullable=True)
    checked_by: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)
    paused: Mapped[bool] = kept(Keep.PERSON, default=False)
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


class PairState(StrEnum):
    """How far a pair is."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    ENDED = "ended"


class Pair(Base):
    """Two people who practise with each other; both say yes before either learns who the other is."""

    __tablename__ = "pairs"
    __table_args__ = (Index("uq_pairs_two", "first_id", "second_id", unique=True),)

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    first_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"))  # the smaller id of the two
    second_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    state: Mapped[str] = kept(Keep.PERSON, String(10))
    yes_first: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    yes_second: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    by_staff: Mapped[bool] = kept(Keep.PERSON, default=False)  # people of 15-17 are paired by staff alone
    languages: Mapped[list[str]] = kept(Keep.PERSON, JSON)
    check_in_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


async def shown(session: AsyncSession) -> list[Mentor]:
    """Those whom people may see: active, with a dated check."""
    query = select(Mentor).where(Mentor.state == MentorState.ACTIVE, Mentor.checked_on.is_not(None)).order_by(Mentor.id)
    return list(await session.scalars(query))
