"""Sample courses, mentors and events for the demo: made once, on a desk that is a sample and has nothing of its own."""

from __future__ import annotations

import secrets
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import courses, events, mentor_profiles, mentors, opening, seats, waiting
from bot.domain.courses import Course, GroupPlan, Level, When
from bot.domain.db import new_id
from bot.domain.events import Event, EventKind, Plan
from bot.domain.mentor_profiles import Profile
from bot.domain.mentors import Mentor
from bot.domain.people import Person
from bot.domain.places import Place
from bot.domain.seats import Remind, Wish
from bot.domain.slots import Block
from bot.domain.waiting import Term
from bot.house import House

_FILE: Final = Path(__file__).with_name("samples.yaml")
_WHERE: Final = "Vzorčna ulica 1, Postojna"
_ONLINE: Final = "https://example.org/sample"
_WEEKS: Final = 12  # of a course
_SEATS, _WAITING = 12, 3  # of the group that is full


@dataclass(frozen=True, slots=True)
class _Happens:
    """One sample event: which text, in how many days from now at least, on which weekday, from when, how long."""

    text: str
    kind: EventKind
    after_days: int
    weekday: int
    minute: int
    minutes: int
    seats: int | None
    more: dict[str, Any]


# The seeds' own programmes: a mentor day each month with two experts, a dinner every second month, evenings of stories.
_PROGRAMME: Final = (
    _Happens("sewing", EventKind.WORKSHOP, 3, 1, 17 * 60, 120, 10,
             {"childcare": True, "step_free": True, "fields": {"leader": "Sample leader", "bring": ""}}),
    _Happens("cv", EventKind.WORKSHOP, 8, 3, 16 * 60, 120, 8,
             {"step_free": True, "fields": {"leader": "Sample mentor A"}}),
    _Happens("stories", EventKind.STORY_EVENING, 11, 4, 18 * 60, 90, 40,
             {"most_guests": 3, "step_free": True, "fields": {"tellers": "Sample guests"}}),
    _Happens("visit", EventKind.STUDY_VISIT, 15, 5, 10 * 60, 60, 15,
             {"most_guests": 2, "fields": {"host": "Sample library", "meeting_point": _WHERE}}),
    _Happens("mentor_day", EventKind.MENTOR_DAY, 18, 2, 15 * 60, 180, 12, {}),
    _Happens("cafe", EventKind.WORLD_CAFE, 24, 2, 17 * 60, 120, 30, {"most_guests": 1, "childcare": True}),
    _Happens("mentor_day", EventKind.MENTOR_DAY, 46, 2, 15 * 60, 180, 12, {}),
)  # fmt: skip
_DINNERS: Final = 3
_DINNER: Final = _Happens("dinner", EventKind.DINNER, 20, 4, 18 * 60, 150, 24,
                          {"most_guests": 2, "step_free": False, "fields": {"speaker": "Sample speaker"}})  # fmt: skip


async def load(house: House) -> bool:
    """Make the samples, unless there is anything already. Returns whether they were made."""
    if not house.desk.sample:
        return False
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    now, place = house.now(), house.desk.place
    async with house.db.transaction() as session:
        for table in (Course, Event, Mentor):
            if await session.scalar(select(table.id).limit(1)) is not None:
                return False
        first, second = await _make_mentors(session, said, house, now)
        await _make_courses(session, said, place, now)
        await _make_events(session, said, place, now, {"expert_1": str(first), "expert_2": str(second)})
    return True


def _texts(said: dict[str, Any], one: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Titles that say in each language that this is a sample."""
    return {
        code: {"title": f"{said['sample'][code]}: {title}", "about": one["about"].get(code, "")}
        for code, title in one["title"].items()
    }


async def _make_mentors(session: AsyncSession, said: dict[str, Any], house: House, now: datetime) -> tuple[int, int]:
    """Mentors with a check of some days ago. Returns the two who are experts of the mentor days."""
    place, today = house.desk.place, now.astimezone(house.desk.zone).date()
    made = []
    for letter, one in said["mentors"].items():
        profile = Profile(
            f"Sample mentor {letter}", tuple(one["languages"]), tuple(one["topics"]), place.id, str(place.zone),
            gender=one["gender"], where=_WHERE, online=one.get("online", False), sample=True,
            about={"sl": "Vzorčni mentor", "en": "A sample mentor"},
        )  # fmt: skip
        mentor = await mentor_profiles.make(session, profile, now)
        for weekday, (opens, closes) in one["weekdays"].items():
            await mentors.set_hours(session, mentor.id, mentors.Change(weekday, (Block(opens, closes),)), now)
        await mentor_profiles.check(session, mentor.id, today - timedelta(days=10), 0, now)
        await mentor_profiles.activate(session, mentor.id, house.desk, now)
        made.append(mentor.id)
    return made[0], made[1]


async def _make_courses(session: AsyncSession, said: dict[str, Any], place: Place, now: datetime) -> None:
    """A1 in the mornings with free seats, and in the evenings, full with people who wait; A2; B1 online."""
    today, zone = now.astimezone(place.zone).date(), str(place.zone)
    ids = {}
    for name, one in said["courses"].items():
        course = await courses.make(session, "sl", Level(one["level"]), _texts(said, one), place.id, now, sample=True)
        ids[name] = course.id
    for name, group, when, weekdays, minute, number, more in (
        ("a1", "Vzorec A1 dopoldne", When.MORNING, (1, 3), 9 * 60, 14, {"childcare": True, "latin_script": True}),
        ("a1", "Vzorec A1 zvečer", When.EVENING, (0, 2), 18 * 60, _SEATS, {}),
        ("a2", "Vzorec A2 popoldne", When.AFTERNOON, (1, 4), 16 * 60, 10, {}),
        ("b1", "Vzorec B1 splet", When.WEEKEND, (5,), 10 * 60, 12, {"online_url": _ONLINE}),
    ):
        days = [day for weekday in weekdays for day in _weekly(today + timedelta(days=10), weekday)]
        told: dict[str, Any] = {"where": "" if "online_url" in more else _WHERE, **more}
        sessions = tuple((day, minute, 90) for day in sorted(days))
        plan = GroupPlan(group, number, (when,), zone, sessions, **told)
        made = await courses.add_group(session, ids[name], plan, now)
        await courses.open_group(session, made.id, _term(place, now))
        if when is When.EVENING:
            await _fill(session, made.id, ids[name], place, now)


def _weekly(start: date, weekday: int) -> list[date]:
    """One day a week, none of them a holiday."""
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    days = [first + timedelta(weeks=number) for number in range(_WEEKS)]
    return [day for day in days if not opening.is_holiday(day)]


async def _fill(session: AsyncSession, group_id: int, course_id: int, place: Place, now: datetime) -> None:
    """Sample people take every seat of a group, and some wait."""
    for number in range(1, _SEATS + _WAITING + 1):
        person = Person(
            id=new_id(), pseudonym=secrets.token_hex(16), language=("sq", "ar", "ru", "en")[number % 4],
            language_chosen=True, name=f"Sample person {number}", created_at=now, seen_at=now,
        )  # fmt: skip
        session.add(person)
        await session.flush()
        wish = Wish(person.id, name=f"Sample person {number}", wants=(When.EVENING,), remind=Remind.NONE)
        if number <= _SEATS:
            await seats.take(session, group_id, wish, now)
        else:
            await waiting.join(session, courses.list_key(course_id), wish, _term(place, now))


def _term(place: Place, now: datetime) -> Term:
    return Term(now, opening.offer_until(place, now))


async def _make_events(
    session: AsyncSession, said: dict[str, Any], place: Place, now: datetime, experts: dict[str, str]
) -> None:
    today = now.astimezone(place.zone).date()
    for one in _PROGRAMME:
        await _make_event(session, said, one, _day(today, one), place, now, experts)
    first, series = _day(today, _DINNER), None
    for number in range(_DINNERS):  # every second month, on the same weekday of the month
        event = await _make_event(session, said, _DINNER, _months_on(first, 2 * number), place, now, {}, series)
        series = event.series or event.id


def _day(today: date, one: _Happens) -> date:
    """The first such weekday so many days from now that is no holiday."""
    day = today + timedelta(days=one.after_days)
    day += timedelta(days=(one.weekday - day.weekday()) % 7)
    while opening.is_holiday(day):
        day += timedelta(weeks=1)
    return day


def _months_on(day: date, months: int) -> date:
    """The same weekday of a later month: its first, second … one; the last where the month has not so many."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % 7, weeks=(day.day - 1) // 7)
    if found.month != first.month or found.day > monthrange(year, month + 1)[1]:
        found -= timedelta(weeks=1)
    return found + timedelta(weeks=1) if opening.is_holiday(found) else found


async def _make_event(
    session: AsyncSession, said: dict[str, Any], one: _Happens, day: date, place: Place, now: datetime,
    experts: dict[str, str], series: int | None = None,
) -> Event:  # fmt: skip
    more = dict(one.more)
    if one.kind is EventKind.MENTOR_DAY:
        more["fields"] = {**experts, "topics": ""}
    plan = Plan(one.kind, day, one.minute, one.minutes, str(place.zone), place.id, one.seats,
                _texts(said, said["events"][one.text]), where=_WHERE, sample=True, **more)  # fmt: skip
    event = await events.make(session, plan, now, series=series)
    if one.kind is EventKind.DINNER and series is None:
        event.series = event.id
        await session.flush()
    await events.publish(session, event.id, now)
    return event
