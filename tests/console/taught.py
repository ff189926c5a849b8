"""Courses for tests of the console: a course, a group with sessions, people in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from bot.domain import courses, seats
from bot.domain.audit import AuditEntry
from bot.domain.courses import Course, CourseState, Group, GroupPlan, Level, Session, When
from bot.domain.db import new_id
from bot.domain.people import Address, Person
from bot.domain.seats import Seating, Signup, Wish
from bot.domain.waiting import Term
from tests.console.browser import Console
from tests.desk import Guest

ZONE = "Europe/Ljubljana"


async def has_course(console: Console, title: str = "Sample Slovene") -> Course:
    async with console.desk.house.db.transaction() as session:
        texts = {"sl": {"title": "Vzorčna slovenščina", "about": ""}, "en": {"title": title, "about": ""}}
        return await courses.make(session, "sl", Level.A1, texts, "postojna", console.desk.clock())


async def has_group(
    console: Console,
    course: Course,
    days: Sequence[int] = (1, 8, 15, 22),
    *,
    seats: int = 12,
    tutor: int | None = None,
    opened: bool = True,
    name: str = "Tuesday",
) -> Group:
    """A group that meets so many days from now, from 17:00 to 18:30."""
    now = console.desk.clock()
    today = now.date()
    sessions = tuple((today + timedelta(days=number), 17 * 60, 90) for number in days)
    plan = GroupPlan(name, seats, (When.EVENING,), ZONE, sessions, tutor_id=tutor, where="Sample room 2")
    async with console.desk.house.db.transaction() as session:
        group = await courses.add_group(session, course.id, plan, now)
        if opened:
            await courses.open_group(session, group.id, Term(now, now + timedelta(days=1)))
    return group


async def learns(
    console: Console, group: Group, name: str, guest: Guest | None = None, language: str = "en", **details: str
) -> Signup:
    """Somebody with a seat: with a chat, or written down by staff."""
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        if guest is not None:
            address = (await session.scalars(select(Address).where(Address.sender == guest.sender))).one()
            person_id, address_id = address.person_id, address.id
        else:
            person = Person(id=new_id(), pseudonym=f"{name} {group.id}", language=language, created_at=now,
                            seen_at=now)  # fmt: skip
            session.add(person)
            await session.flush()
            person_id, address_id = person.id, None
        return await seats.take(session, group.id, Wish(person_id, 1, name, dict(details), address_id=address_id), now)


async def has_chat(console: Console, language: str = "en") -> Guest:
    """Somebody who has written to the desk."""
    guest = console.desk.person(language)
    await guest.says("/menu")
    return guest


async def group_now(console: Console, group_id: int) -> tuple[Group, Seating, list[Session]]:
    async with console.desk.house.db.reading() as session:
        return (
            await session.get_one(Group, group_id), await session.get_one(Seating, group_id),
            await courses.sessions(session, group_id),
        )  # fmt: skip


async def days_of(console: Console, group_id: int) -> list[tuple[date, bool]]:
    _group, _seating, dated = await group_now(console, group_id)
    return [(one.day, one.called_off) for one in dated]


async def verbs(console: Console) -> list[str]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


async def the_group(console: Console) -> Group:
    async with console.desk.house.db.reading() as session:
        return (await session.scalars(select(Group))).one()


OPEN = CourseState.OPEN
