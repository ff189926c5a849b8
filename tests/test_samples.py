"""The demo's samples: in every language, bookable, visibly samples, made once and never on a desk of one's own."""

from __future__ import annotations

import itertools

import pytest
import yaml
from sqlalchemy import select

from bot import samples
from bot.domain import checks, courses, events, mentors, seats, waiting
from bot.domain.courses import Course, Group, Session
from bot.domain.events import Event, EventKind
from bot.domain.mentors import Mentor
from bot.domain.seats import Seating, Signup
from bot.i18n import LANGUAGES
from tests.desk import Desk


def test_every_text_is_there_in_every_language() -> None:
    said = yaml.safe_load(samples._FILE.read_text(encoding="utf-8"))
    assert set(said["sample"]) == set(LANGUAGES)
    for one in (*said["courses"].values(), *said["events"].values()):
        assert set(one["title"]) == set(one["about"]) == set(LANGUAGES)
        assert all(one["title"].values())
        assert all(one["about"].values())


async def test_made_once(desk: Desk) -> None:
    assert await samples.load(desk.house)
    counts = [await desk.count(table) for table in (Course, Group, Session, Event, Mentor, Seating, Signup)]
    assert not await samples.load(desk.house)
    assert counts == [await desk.count(table) for table in (Course, Group, Session, Event, Mentor, Seating, Signup)]


async def test_a_desk_with_something_of_its_own_gets_none(desk: Desk) -> None:
    await desk.has_event()
    assert not await samples.load(desk.house)
    assert await desk.count(Event) == 1
    assert await desk.count(Course) == 0


@pytest.mark.parametrize("days", [0, 25, 40, 130, 190, 333])
async def test_on_whatever_day_it_is_begun(desk: Desk, days: int) -> None:
    desk.clock.pass_(days=days)
    await samples.load(desk.house)
    now = desk.clock()
    async with desk.house.db.reading() as session:
        coming = await events.coming(session, now)
        assert len(coming) == 10
        assert {event.kind for event, _seating in coming} >= {
            EventKind.WORKSHOP, EventKind.MENTOR_DAY, EventKind.DINNER, EventKind.STORY_EVENING, EventKind.STUDY_VISIT,
        }  # fmt: skip
        assert all(event.sample and seating.open for event, seating in coming)
        assert all(
            event.title(code).startswith(event.texts[code]["title"][:3]) for event, _s in coming for code in LANGUAGES
        )
        dinners = [event.day for event, _seating in coming if event.kind == EventKind.DINNER]
        assert len({event.series for event, _seating in coming if event.kind == EventKind.DINNER}) == 1
        assert all(50 <= (later - day).days <= 75 for day, later in itertools.pairwise(dinners))
        found = await courses.open_courses(session)
        assert [course.level for course in found] == ["A1", "A2", "B1"]
        offered = {
            one.group.name: one for course in found for one in await courses.open_groups(session, course.id, now)
        }
        assert {name: seats.free_seats(one.seating) for name, one in offered.items()} == {
            "Vzorec A1 dopoldne": 14, "Vzorec A1 zvečer": 0, "Vzorec A2 popoldne": 10, "Vzorec B1 splet": 12,
        }  # fmt: skip
        a1 = next(course for course in found if course.level == "A1")
        assert len(await waiting.on_list(session, courses.list_key(a1.id))) == 3
        assert len(await mentors.shown(session, checks.since(desk.house.desk, now))) == 4
        assert all("Sample" in one.name for one in await session.scalars(select(Mentor)))


async def test_what_is_shown_says_that_it_is_a_sample(desk: Desk) -> None:
    await samples.load(desk.house)
    for language, word in (("en", "Sample"), ("sl", "Vzorec"), ("ar", "مثال")):
        guest = desk.person(language)
        for command in ("/events", "/courses"):
            laid = await guest.says(command)
            assert any(
                word in one.text or any(word in button.label for row in one.rows for button in row) for one in laid
            )
    assert (await desk.person("en").says("/mentors"))[-1].rows
