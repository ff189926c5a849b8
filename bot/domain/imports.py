"""Lists of people taken in for an event or a group: who gets a seat, who waits, who is there already; all at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Index, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import events, happenings, planning, seated, seats, waiting, walk_ins
from bot.domain.attendance import Guest
from bot.domain.courses import CourseState, Group
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.events import Event, EventState
from bot.domain.happenings import Kind
from bot.domain.keeping import Keep, kept
from bot.domain.people import Caller, Person
from bot.domain.places import Desk
from bot.domain.sealed import fingerprint
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Remind, Seating, Signup, SignupState
from bot.domain.waiting import Term
from bot.domain.walk_ins import Told, WalkIn

_AT_ONCE: Final = 400  # values in one query
_PLANNED_AT_ONCE: Final = 25


class Import(Base):
    """That a list was taken in. `mark`: a fingerprint of what stood in it; nothing of its content is kept here."""

    __tablename__ = "imports"
    __table_args__ = (Index("uq_imports_list", "seating_id", "mark", unique=True),)

    id: Mapped[int] = kept(Keep.LOG, Identity, primary_key=True, autoincrement=False)
    seating_id: Mapped[int] = kept(Keep.LOG, Identity)
    mark: Mapped[str] = kept(Keep.LOG, String(40))
    staff_id: Mapped[int] = kept(Keep.LOG, Identity)
    rows: Mapped[int] = kept(Keep.LOG)
    # Reminders are planned beside it, some people at a time: thousands at once would keep everybody else waiting.
    planned_to: Mapped[int] = kept(Keep.LOG, Identity)  # the last sign-up that is seen to
    planned: Mapped[bool] = kept(Keep.LOG, default=False)
    at: Mapped[datetime] = kept(Keep.LOG, Instant)


class Fate(StrEnum):
    """What becomes of a row."""

    SEAT = "seat"
    WAITS = "waits"
    KNOWN = "known"  # signed up already: nothing is changed


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody on the list. `row`: as the spreadsheet counts, the first line is 1."""

    row: int
    told: Told
    people: int = 1
    children: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A row with its fate. `person_id`: of a record that is there already."""

    row: Row
    fate: Fate
    person_id: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done with a list, in the order in which it is done."""

    places: Sequence[Place]

    def count(self, fate: Fate) -> int:
        """How many rows meet this fate."""
        return sum(one.fate is fate for one in self.places)

    @property
    def mark(self) -> str:
        """Changes when what would be done does."""
        told = [f"{one.row.row}:{one.fate}:{one.row.people}:{one.person_id}" for one in self.places]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


class Changed(Exception):
    """What would be done now is not what was agreed to."""


class TakenIn(Exception):
    """The same list was taken in here before."""

    def __init__(self, at: datetime, staff_id: int) -> None:
        super().__init__(at.isoformat())
        self.at = at
        self.staff_id = staff_id


def mark_of(content: str) -> str:
    """By which the same list is known again."""
    return fingerprint("import", content)


async def taken_in(session: AsyncSession, seating_id: int, mark: str) -> Import | None:
    """When and by whom this list was taken in here before."""
    query = select(Import).where(Import.seating_id == seating_id, Import.mark == mark)
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


def takes(thing: Seated, now: datetime) -> bool:
    """Whether staff can add people: also before it is published, and to a course that has begun."""
    if thing.event is not None:
        return not thing.called_off and now < thing.event.ends_at
    over = {CourseState.CALLED_OFF, CourseState.OVER}
    return thing.group is not None and thing.group.state not in over


async def things(session: AsyncSession, now: datetime) -> list[Seated]:
    """Everything to which people can be added: events that are not over, soonest first, then groups by course."""
    query = select(Event).where(Event.day >= now.date() - timedelta(days=2), Event.state != EventState.CALLED_OFF)
    ids = [one.id for one in await session.scalars(query.order_by(Event.day, Event.minute, Event.id))]
    groups = select(Group).where(Group.state.in_((CourseState.DRAFT, CourseState.OPEN)))
    ids += [one.id for one in await session.scalars(groups.order_by(Group.course_id, Group.id))]
    found = [await seated.of_seating(session, one) for one in ids]
    return [one for one in found if one is not None and takes(one, now)]


async def plan(session: AsyncSession, seating: Seating, rows: Sequence[Row], now: datetime) -> Plan:
    """Seats in the order in which people signed up, as far as they go; who has one or waits keeps what they have."""
    marks = {one.row: one.told.mark for one in rows}
    known: dict[str, int] = {}
    listed = list(marks.values())
    for start in range(0, len(listed), _AT_ONCE):
        known |= await walk_ins.by_mark(session, listed[start : start + _AT_ONCE])
    query = select(Signup.person_id).where(Signup.list_key == seating.list_key, Signup.state.in_(ACTIVE))
    there = set(await session.scalars(query))
    today, free = now.date(), seats.free_seats(seating, 10**6)
    places = []
    for one in sorted(rows, key=lambda row: (row.since or today, row.row)):
        person_id = known.get(marks[one.row])
        if person_id in there:
            fate = Fate.KNOWN
        elif one.people <= free:
            fate, free = Fate.SEAT, free - one.people
        else:
            fate = Fate.WAITS
        places.append(Place(one, fate, person_id))
    return Plan(places)


async def take_in(
    session: AsyncSession, thing: Seated, rows: Sequence[Row], agreed: tuple[str, str], staff_id: int, desk: Desk,
    term: Term,
) -> Plan:  # fmt: skip
    """Write them all, or nothing. `agreed`: the marks of the list and of its plan. Raises TakenIn, Changed, Closed."""
    content, mark = agreed
    seating = await seats.lock(session, thing.seating.id) if thing.seating is not None else None
    if seating is None or not takes(thing, term.now):
        raise seats.Closed
    before = await taken_in(session, seating.id, content)
    if before is not None:
        raise TakenIn(before.at, before.staff_id)
    done = await plan(session, seating, rows, term.now)
    if done.mark != mark:
        raise Changed
    people = await _write_people(session, done, seating.place, staff_id, term.now)
    session.add(Import(id=new_id(), seating_id=seating.id, mark=content, staff_id=staff_id, rows=len(rows),
                       planned_to=new_id(), planned=False, at=term.now))  # fmt: skip
    await _write_signups(session, seating, done, people, term)
    await _count(session, seating, thing, done, people, desk, term.now)
    return done


async def plan_reminders(session: AsyncSession, desk: Desk, now: datetime) -> bool:
    """Plan the reminders of some who were taken in. Returns whether there may be more."""
    query = select(Import).where(Import.planned.is_(False)).order_by(Import.id).limit(1).with_for_update()
    one = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if one is None:
        return False
    ours = select(Signup.id).where(Signup.seating_id == one.seating_id, Signup.id > one.planned_to)
    found = list(await session.scalars(ours.order_by(Signup.id).limit(_PLANNED_AT_ONCE)))
    for signup_id in found:
        await planning.replan_signup(session, signup_id, desk, now)
    one.planned_to, one.planned = max([one.planned_to, *found]), len(found) < _PLANNED_AT_ONCE
    await session.flush()
    return True


async def _write_people(
    session: AsyncSession, plan_: Plan, place: str, staff_id: int, now: datetime
) -> dict[int, Person]:
    """Who stands in each row; whoever is not written down yet is now."""
    ids = [one.person_id for one in plan_.places if one.person_id is not None]
    known: dict[int, Person] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(Person).where(Person.id.in_(ids[start : start + _AT_ONCE]))
        known |= {one.id: one for one in await session.scalars(query)}
    people: dict[int, Person] = {}
    fresh = []
    for one in plan_.places:
        told = one.row.told
        if one.person_id is not None:
            people[one.row.row] = known[one.person_id]
            continue
        person = Person(
            id=new_id(), pseudonym=secrets.token_hex(16), language=told.language, language_chosen=True, name=told.name,
            phone=told.phone or None, created_at=now, seen_at=now,
        )  # fmt: skip
        people[one.row.row] = person
        fresh.append((person, WalkIn(person_id=person.id, staff_id=staff_id, place=place, mark=told.mark, made_at=now)))
    session.add_all(person for person, _written in fresh)
    await session.flush()
    session.add_all(written for _person, written in fresh)
    for person in known.values():
        await walk_ins.touch(session, person, now)
    await session.flush()
    return people


async def _write_signups(
    session: AsyncSession, seating: Seating, plan_: Plan, people: dict[int, Person], term: Term
) -> None:
    """In order: the number of a row grows, and so does its place in the line."""
    for one in plan_.places:
        if one.fate is Fate.KNOWN:
            continue
        row, person, fresh = one.row, people[one.row.row], new_id()
        going = one.fate is Fate.SEAT
        is_event = seating.kind == events.KIND
        details: dict[str, Any] = {"children": row.children, "needs": "", "origin": Guest.NEWCOMER} if is_event else {}
        session.add(Signup(
            id=fresh, list_key=seating.list_key, seating_id=seating.id if going else None, person_id=person.id,
            address_id=None, state=SignupState.GOING if going else SignupState.WAITING, seats=row.people, line=fresh,
            wants="" if is_event else seating.wanted, missed_offers=0,
            remind=Remind.CALL if person.phone else Remind.CHAT, coming=None, name=row.told.name, details=details,
            made_at=term.now, changed_at=term.now,
        ))  # fmt: skip
        seating.taken += row.people if going else 0
    await session.flush()
    if plan_.count(Fate.WAITS):  # another group of the same course may have a free seat
        query = select(Seating.id).where(Seating.list_key == seating.list_key, Seating.open.is_(True))
        for seating_id in sorted(await session.scalars(query)):
            await waiting.offer_free(session, seating_id, term)


async def _count(
    session: AsyncSession, seating: Seating, thing: Seated, plan_: Plan, people: dict[int, Person], desk: Desk,
    now: datetime,
) -> None:  # fmt: skip
    kinds = {Fate.SEAT: Kind.SIGNED_UP, Fate.WAITS: Kind.WAITS}
    what, _colon, number = seating.list_key.partition(":")
    told = {"what": what, "id": number, "kind": thing.event.kind if thing.event is not None else ""}
    rows = []
    for one in plan_.places:
        if one.fate in kinds:
            person = people[one.row.row]
            who = Caller(person.id, 0, happenings.AT_THE_DESK, "", "", person.pseudonym, person.language)
            rows.append(happenings.row(kinds[one.fate], who, now, desk.zone, seating.place, **told))
    await happenings.record(session, *rows)
