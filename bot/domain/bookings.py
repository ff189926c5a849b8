"""Bookings of a mentor, and which times of a mentor are free. What is done with them is in `arranging`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, Index, String, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import happenings, mentors, slots
from bot.domain.db import Base, Identity, Instant
from bot.domain.happenings import Kind
from bot.domain.keeping import Keep, kept
from bot.domain.mentors import Mentor
from bot.domain.people import Address, Caller, Person
from bot.domain.places import Desk
from bot.domain.sealed import Sealed
from bot.domain.slots import Slot

_DAY: Final = timedelta(days=1)


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
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("bookings.details"))  # wish, contact, reasons, times
    asked: Mapped[list[Any]] = kept(Keep.PERSON, JSON)  # mentors who were asked before and said no, or nothing
    shares_person: Mapped[bool] = kept(Keep.PERSON, default=False)
    shares_mentor: Mapped[bool] = kept(Keep.PERSON, default=False)
    met_person: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)  # "we met", from both sides
    met_mentor: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    answer_by: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # then it is passed on
    check_in_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # three months after they met
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def local_start(self) -> datetime:
        """When it begins, by the clock of the place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def suggested(self) -> list[tuple[date, int]]:
        """The times that the mentor suggests: days with the minute of the local day."""
        return [(date.fromisoformat(day), int(minute)) for day, minute in self.details.get("suggested", ())]

    @property
    def muted_by(self) -> str:
        """Which side wants no messages of the other; empty when both do."""
        return str(self.details.get("muted", ""))


class BookingError(Exception):
    """Something cannot be done with a booking; the class says why."""


class NotShown(BookingError):
    """This mentor takes nobody now, or their check has not been renewed."""


class TimeGone(BookingError):
    """The time is not free, or not any more."""


class Busy(BookingError):
    """The person has another appointment with a mentor at this time."""


class Over(BookingError):
    """There is no such booking, it has ended, or it is not so far."""


async def free(session: AsyncSession, found: Sequence[Mentor], now: datetime, *, but: int = 0) -> dict[int, list[Slot]]:
    """The times at which each of these can be booked, by id. `but`: a booking that does not count, for it moves."""
    rules = await mentors.rules(session, found)
    taken: dict[int, list[tuple[datetime, datetime]]] = {one.id: [] for one in found}
    people: dict[int, set[int]] = {one.id: set() for one in found}
    query = select(Booking).where(
        Booking.mentor_id.in_(taken), Booking.state.in_(TAKEN), Booking.starts_at > now - _DAY, Booking.id != but
    )
    for one in await session.scalars(query, execution_options={"populate_existing": True}):
        taken[one.mentor_id].append((one.starts_at, one.ends_at))
        if one.ends_at > now:
            people[one.mentor_id].add(one.person_id)
    return {
        one.id: slots.free(rules[one.id], taken[one.id], now) if len(people[one.id]) < one.most_open else []
        for one in found
    }


async def get(session: AsyncSession, booking_id: int) -> Booking | None:
    """The booking as it stands in the database now."""
    return await session.get(Booking, booking_id, populate_existing=True)


async def lock(session: AsyncSession, booking_id: int) -> Booking | None:
    """The same, kept from everybody else until the commit."""
    query = select(Booking).where(Booking.id == booking_id).with_for_update()
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def of_people(session: AsyncSession, person_ids: Sequence[int]) -> list[Booking]:
    """All bookings of these people that are kept, soonest first."""
    query = select(Booking).where(Booking.person_id.in_(person_ids)).order_by(Booking.starts_at, Booking.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def of_mentor(session: AsyncSession, mentor_id: int, *states: BookingState, since: datetime) -> list[Booking]:
    """The bookings of a mentor in these states that begin after `since`, soonest first."""
    query = (
        select(Booking)
        .where(Booking.mentor_id == mentor_id, Booking.state.in_(states), Booking.starts_at > since)
        .order_by(Booking.starts_at, Booking.id)
    )
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def count(session: AsyncSession, kind: Kind, booking: Booking, desk: Desk, now: datetime) -> None:
    """Write down what happened to the person of a booking, whoever made it happen. No personal data."""
    person = await session.get_one(Person, booking.person_id)
    address = await session.get(Address, booking.address_id) if booking.address_id is not None else None
    caller = Caller(person.id, booking.address_id or 0, address.channel if address is not None else "desk", "", "",
                    person.pseudonym, person.language)  # fmt: skip
    await happenings.record(
        session,
        happenings.row(kind, caller, now, desk.zone, desk.place.id, booking.topic, what="mentor", id=str(booking.id)),
    )
