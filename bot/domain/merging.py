"""Two records of one person become one: what the desk wrote down moves to the person who has a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import opening, planning, seats, waiting
from bot.domain.attendance import Attendance, Came
from bot.domain.bookings import TAKEN, Booking
from bot.domain.certificates import Certificate
from bot.domain.checklists import Checklist
from bot.domain.consent import Consent
from bot.domain.db import Base
from bot.domain.feedback import Feedback
from bot.domain.keeping import Keep, kept
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Address, Caller, Person
from bot.domain.places import Desk
from bot.domain.reminders import Reminder, ReminderState
from bot.domain.seats import ACTIVE, Signup, SignupState
from bot.domain.waiting import Term
from bot.domain.walk_ins import WalkIn

_FIRST: Final = tuple(one.key for one in Pair.__table__.columns if one.key.endswith("_first"))
_BEST: Final = (SignupState.GOING, SignupState.OFFERED, SignupState.WAITING)


class NotJoinable(Exception):
    """This is no record of the desk, or it has a chat already."""


class Alias(Base):
    """Two pseudonyms that are one person: what was counted under `pseudonym` counts as `same_as`. Nobody is named."""

    __tablename__ = "aliases"

    pseudonym: Mapped[str] = kept(Keep.COUNT, String(32), primary_key=True)
    same_as: Mapped[str] = kept(Keep.COUNT, String(32), index=True)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: how many sign-ups and bookings moved, and how many were there twice."""

    moved: int
    doubled: int


async def counted_as(session: AsyncSession) -> dict[str, str]:
    """Under which pseudonym somebody counts who was counted under another before."""
    return dict((await session.execute(select(Alias.pseudonym, Alias.same_as))).all())


async def counted_before(session: AsyncSession, pseudonym: str) -> list[str]:
    """The pseudonyms under which somebody was counted before they joined."""
    return list(await session.scalars(select(Alias.pseudonym).where(Alias.same_as == pseudonym)))


async def merge(session: AsyncSession, record_id: int, caller: Caller, desk: Desk, now: datetime) -> Merged:
    """Let a record of the desk become the caller. Where both are signed up, the better place stays. Raises NotJoinable.

    The record stays as an empty row that points to the caller, until the caller is forgotten.
    """
    record, person = await _both(session, record_id, caller.person_id)
    doubled = await _settle_doubles(session, record.id, person.id, Term(now, opening.offer_until(desk.place, now)))
    moved = await _ids(session, Signup.id, Signup.person_id == record.id, Signup.state.in_(ACTIVE))
    booked = await _ids(session, Booking.id, Booking.person_id == record.id, Booking.state.in_(TAKEN))
    await reach(session, record.id, caller.address_id)
    await _move_rows(session, record.id, person.id)
    await _move_pairs(session, record.id, person.id)
    await _move_facts(session, record, person)
    session.add(Alias(pseudonym=record.pseudonym, same_as=person.pseudonym))
    await session.flush()
    for signup_id in moved:
        await planning.replan_signup(session, signup_id, desk, now)
    for booking_id in booked:
        await planning.replan_booking(session, booking_id, desk, now)
    return Merged(len(moved) + len(booked), doubled)


async def reach(session: AsyncSession, person_id: int, address_id: int) -> None:
    """What concerns this person is written to this address, where it could not be written anywhere before."""
    for table in (Signup, Booking, Practice):
        await session.execute(
            update(table).where(table.person_id == person_id, table.address_id.is_(None)).values(address_id=address_id)
        )


async def _both(session: AsyncSession, record_id: int, person_id: int) -> tuple[Person, Person]:
    """Both people. Whoever signs one of them up at the desk holds the seats too, and so waits for the commit."""
    await seats.hold(session)
    query = select(Person).where(Person.id.in_((record_id, person_id)))
    found = {one.id: one for one in await session.scalars(query, execution_options={"populate_existing": True})}
    record, person = found.get(record_id), found.get(person_id)
    if record is None or person is None or record is person or record.merged_into is not None:
        raise NotJoinable
    has_chat = await session.scalar(select(Address.id).where(Address.person_id == record_id).limit(1))
    written = await session.scalar(select(WalkIn.person_id).where(WalkIn.person_id == record_id))
    if has_chat is not None or written is None:
        raise NotJoinable
    return record, person


async def _ids(session: AsyncSession, column: Any, *conditions: ColumnElement[bool]) -> list[int]:  # noqa: ANN401
    return list(await session.scalars(select(column).where(*conditions).order_by(column)))


async def _settle_doubles(session: AsyncSession, record_id: int, person_id: int, term: Term) -> int:
    """End the worse one of two sign-ups for the same; its seat goes to the next. Returns how many there were."""
    mine = select(Signup.list_key).where(Signup.person_id == person_id, Signup.state.in_(ACTIVE))
    query = select(Signup.list_key).where(
        Signup.person_id == record_id, Signup.state.in_(ACTIVE), Signup.list_key.in_(mine.scalar_subquery())
    )
    count = 0
    for list_key in sorted(await session.scalars(query)):
        one = await seats.active(session, list_key, record_id)
        other = await seats.active(session, list_key, person_id)
        if one is None or other is None:
            continue
        best, worse = sorted((one, other), key=_worth)
        await _move_marks(session, worse.id, best.id)
        await waiting.leave(session, worse.id, term)
        count += 1
    return count


def _worth(signup: Signup) -> tuple[int, int, int]:
    """A seat before an offer before waiting; then the larger party with a seat, then whoever came first."""
    rank = _BEST.index(SignupState(signup.state))
    return rank, -signup.seats if signup.state != SignupState.WAITING else 0, signup.line


async def _move_marks(session: AsyncSession, worse: int, best: int) -> None:
    """Attendance and feedback of a sign-up that ends belong to the one that stays. Having come counts."""
    query = select(Attendance).where(Attendance.signup_id.in_((worse, best)))
    marks = list(await session.scalars(query, execution_options={"populate_existing": True}))
    known = {(one.seating_id, one.session_id): one for one in marks if one.signup_id == best}
    for mark in (one for one in marks if one.signup_id == worse):
        there = known.get((mark.seating_id, mark.session_id))
        if there is None:
            mark.signup_id = best
        else:
            if mark.came == Came.YES != there.came:
                there.came, there.by, there.at = mark.came, mark.by, mark.at
            await session.delete(mark)
    await session.flush()
    for table in (Feedback, Certificate):
        there_already = exists(select(table.signup_id).where(table.signup_id == best))
        await session.execute(update(table).where(table.signup_id == worse, ~there_already).values(signup_id=best))


async def _move_rows(session: AsyncSession, record_id: int, person_id: int) -> None:
    """Rows of the record become the person's; where there can be only one, the person's own stays."""
    for table in (Practice, Checklist, WalkIn):
        own = select(table.person_id).where(table.person_id == person_id).scalar_subquery()
        await session.execute(delete(table).where(table.person_id == record_id, own.is_not(None)))
    # Planned anew for whoever they are for now.
    waits = Reminder.state == ReminderState.WAITING
    await session.execute(delete(Reminder).where(Reminder.person_id == record_id, waits))
    # Whoever shows a code is not yet known to be who was checked: staff look again.
    await session.execute(
        update(Practice).where(Practice.person_id == record_id).values(checked_on=None, checked_by=None)
    )
    for moved in (Signup, Booking, Practice, Checklist, Reminder, Consent, WalkIn):
        await session.execute(update(moved).where(moved.person_id == record_id).values(person_id=person_id))


async def _move_pairs(session: AsyncSession, record_id: int, person_id: int) -> None:
    query = select(Pair).where(or_(Pair.first_id == record_id, Pair.second_id == record_id)).order_by(Pair.id)
    for pair in list(await session.scalars(query, execution_options={"populate_existing": True})):
        other = pair.second_id if pair.first_id == record_id else pair.first_id
        notes = [{**note, "by": person_id if note["by"] == record_id else note["by"]} for note in _notes(pair)]
        pair.details = {**pair.details, "notes": notes} if notes else pair.details
        first, second = sorted((other, person_id))
        known = select(Pair.id).where(Pair.first_id == first, Pair.second_id == second)
        if other == person_id or await session.scalar(known) is not None:
            await session.delete(pair)
        elif (pair.first_id == record_id) == (first == person_id):
            pair.first_id, pair.second_id = first, second
        else:  # the smaller id comes first: what each of them said changes its place
            for name in _FIRST:
                mate = name.removesuffix("first") + "second"
                mine, theirs = getattr(pair, name), getattr(pair, mate)
                setattr(pair, name, theirs)
                setattr(pair, mate, mine)
            pair.first_id, pair.second_id = first, second
        await session.flush()


def _notes(pair: Pair) -> list[dict[str, Any]]:
    return list(pair.details.get("notes", ()))


async def _move_facts(session: AsyncSession, record: Person, person: Person) -> None:
    await session.refresh(record)
    await session.refresh(person)
    person.name, person.phone = person.name or record.name, person.phone or record.phone
    person.discreet = person.discreet or record.discreet
    if person.reached_by == record.id:
        person.reached_by = None
    record.name = record.phone = record.reached_by = None
    record.merged_into = person.id
    await session.flush()
    await session.execute(update(Person).where(Person.reached_by == record.id).values(reached_by=person.id))
