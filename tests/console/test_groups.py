"""Groups in the console: made with their dates, opened, changed, called off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import offering
from bot.domain import timetable, waiting
from bot.domain.courses import Group
from bot.domain.db import new_id
from bot.domain.news import News
from bot.domain.opening import is_holiday
from bot.domain.people import Person
from bot.domain.reminders import Reminder
from bot.domain.seats import Signup, Wish
from bot.domain.waiting import Offer, Term
from tests.console.browser import Console, Fields, Page
from tests.console.taught import days_of, group_now, has_chat, has_course, has_group, learns, the_group, verbs

WHOLE: dict[str, Fields] = {
    "name": "A1 torek", "term": "Sample term", "seats": "2", "whens": ["evening"], "weekdays": ["1", "4"],
    "first": "2026-12-15", "clock": "17.30", "minutes": "90", "number": "5", "where": "Sample room", "childcare": "yes",
}  # fmt: skip


async def told(console: Console) -> list[tuple[int, str]]:
    async with console.desk.house.db.reading() as session:
        return [(one.signup_id, one.what) for one in await session.scalars(select(News).order_by(News.id))]


async def test_a_group_is_made_with_dates_that_skip_holidays(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    path = f"/console/courses/{course.id}/groups/new"
    await browser.get(path)
    page = await browser.submit(path, **WHOLE)
    group = await the_group(console)
    assert page.path == f"/console/groups/{group.id}?note=saved"
    assert [day for day, _off in await days_of(console, group.id)] == [
        date(2026, 12, 15), date(2026, 12, 18), date(2026, 12, 22), date(2026, 12, 29), date(2027, 1, 5),
    ]  # fmt: skip
    assert "No session on public holidays: 25 Dec 2026 · 1 Jan 2027" in page.text
    assert (group.state, group.childcare, group.term, group.zone) == ("draft", True, "Sample term", "Europe/Ljubljana")
    _group, seating, sessions = await group_now(console, group.id)
    assert (seating.seats, seating.open, seating.wanted) == (2, False, "evening")
    assert seating.starts_at == sessions[0].starts_at
    assert [(one.number, one.minute, one.minutes) for one in sessions] == [(number, 1050, 90) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first", "2026-11-22", "This day has passed."),
        ("first", "soon", "Please give a day."),
        ("clock", "late", "Please write the time like 17:00."),
        ("minutes", "5", "Please give a number from 15 to 480."),
        ("number", "999", "Please give a number from 1 to 120."),
        ("seats", "-1", "Please give a number from 1 to 60."),
        ("weekdays", [], "Please choose at least one."),
        ("whens", [], "Please choose at least one."),
        ("tutor", "77", "Please choose one."),
        ("name", " ", "Please enter a name."),
        ("map_url", "javascript:alert(1)", "A link begins with https://"),
    ],
)
async def test_a_wrong_field_is_said_and_nothing_is_saved(
    console: Console, field: str, value: Fields, sentence: str
) -> None:
    browser, course = await console.staff(), await has_course(console)
    path = f"/console/courses/{course.id}/groups/new"
    await browser.get(path)
    page = await browser.submit(path, **{**WHOLE, field: value})
    assert (page.status, sentence in page.text, "Sample term" in page.html) == (422, True, True)
    async with console.desk.house.db.reading() as session:
        assert list(await session.scalars(select(Group))) == []


async def test_opening_offers_the_seats_to_those_who_wait(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        person = Person(id=new_id(), pseudonym="w", language="en", created_at=now, seen_at=now)
        session.add(person)
        await session.flush()
        waits = await waiting.join(session, f"course:{course.id}", Wish(person.id), Term(now, now + timedelta(days=1)))
    group = await has_group(console, course, seats=1, opened=False)
    path = f"/console/groups/{group.id}"
    assert "Nobody sees this group yet." in (await browser.get(path)).text
    page = await browser.submit(f"{path}/open")
    assert "Open. People see it and can sign up." in page.text
    async with console.desk.house.db.reading() as session:
        offer = (await session.scalars(select(Offer))).one()
    assert (offer.signup_id, offer.seating_id) == (waits.id, group.id)
    assert (await verbs(console))[-1] == "open group"


async def test_a_group_that_has_begun_or_has_no_dates_does_not_open(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    for days in ((), (-1, 6)):
        group = await has_group(console, course, days, opened=False)
        await browser.get(f"/console/groups/{group.id}")
        page = await browser.submit(f"/console/groups/{group.id}/open")
        assert (page.status, "Nobody can sign up for a group that has no session ahead" in page.text) == (409, True)
        assert (await group_now(console, group.id))[1].open is False


async def test_one_session_is_moved_and_people_are_told(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group, guest = await has_group(console, course, (1, 8, 15)), await has_chat(console)
    signup = await learns(console, group, "Sample Ana", guest)
    _group, _seating, (first, second, third) = await group_now(console, group.id)
    path = f"/console/groups/{group.id}"
    await browser.get(path)
    page = await browser.submit(f"{path}/sessions/{first.id}", day="2026-12-20", clock="18:00", minutes="60")
    assert page.status == 200
    _group, seating, sessions = await group_now(console, group.id)
    assert [(one.id, one.number) for one in sessions] == [(second.id, 1), (third.id, 2), (first.id, 3)]
    assert seating.starts_at == sessions[0].starts_at
    assert await told(console) == [(signup.id, "changed")]
    assert await offering.tell_news(console.desk.house) == 1
    (laid,) = await guest.reads()
    assert laid.text.splitlines()[0] == "The dates or the place of your course have changed. Please look."
    again = await browser.submit(f"{path}/sessions/{first.id}", day="2026-12-20", clock="18:00", minutes="60")
    assert (again.status, await told(console)) == (200, [(signup.id, "changed")])


async def test_a_session_is_called_off_and_takes_place_after_all(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group, guest = await has_group(console, course, (10, 17)), await has_chat(console)
    signup = await learns(console, group, "Sample Ana", guest)
    _group, _seating, (first, second) = await group_now(console, group.id)
    path = f"/console/groups/{group.id}"
    await browser.get(path)
    page = await browser.submit(f"{path}/sessions/{first.id}/off")
    assert "The session is called off." in page.text
    _group, seating, _sessions = await group_now(console, group.id)
    assert (await days_of(console, group.id))[0][1] is True
    assert seating.starts_at == second.starts_at
    async with console.desk.house.db.reading() as session:
        planned = {one.about for one in await session.scalars(select(Reminder)) if one.state == "waiting"}
    assert planned == {f"session:{signup.id}:{second.id}"}
    await browser.submit(f"{path}/sessions/{first.id}/off", again="yes")
    _group, seating, _sessions = await group_now(console, group.id)
    assert (seating.starts_at, (await days_of(console, group.id))[0][1]) == (first.starts_at, False)


async def test_a_session_that_has_begun_is_not_moved(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course, (1, 8))
    first = (await group_now(console, group.id))[2][0]
    console.desk.clock.pass_(days=2)
    await browser.log_in()
    path = f"/console/groups/{group.id}/sessions/{first.id}"
    await browser.get(f"/console/groups/{group.id}")
    page = await browser.post(path, {"csrf": browser.csrf, "day": "2026-12-01", "clock": "10:00", "minutes": "60"})
    assert (page.status, "This session has begun already." in page.text) == (409, True)
    coming = (await group_now(console, group.id))[2][1]
    page = await browser.post(
        f"/console/groups/{group.id}/sessions/{coming.id}",
        {"csrf": browser.csrf, "day": "2026-11-01", "clock": "10:00", "minutes": "60"},
    )
    assert (page.status, "This day has passed." in page.text) == (422, True)
    stranger = await has_group(console, course, (10,), name="Other")
    theirs = (await group_now(console, stranger.id))[2][0]
    page = await browser.post(f"/console/groups/{group.id}/sessions/{theirs.id}/off", {"csrf": browser.csrf})
    assert page.status == 404


async def test_more_sessions_are_added_once(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course, (1,))
    path = f"/console/groups/{group.id}"
    fields: dict[str, Fields] = {
        "weekdays": ["1"], "first": "2026-11-24", "clock": "17:00", "minutes": "90", "number": "3",
    }  # fmt: skip
    for _time in range(2):
        await browser.get(path)
        await browser.submit(f"{path}/sessions/new", **fields)
    assert [day for day, _off in await days_of(console, group.id)] == [
        date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8),
    ]  # fmt: skip
    page = await browser.submit(f"{path}/sessions/new", **{**fields, "number": "x"})
    assert (page.status, "Please give a number from 1 to 120." in page.text) == (422, True)


async def test_fewer_seats_than_people_are_refused(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course, seats=3)
    for name in ("Ana", "Bor"):
        await learns(console, group, name)
    path = f"/console/groups/{group.id}/edit"
    await browser.get(path)
    fields: dict[str, Fields] = {"name": "Renamed", "whens": ["morning"], "where": "Sample room 2"}
    page = await browser.submit(path, **fields, seats="1")
    assert (page.status, "More people have a seat than that." in page.text) == (422, True)
    assert (await group_now(console, group.id))[0].name == "Tuesday"
    page = await browser.submit(path, **fields, seats="2")
    found, seating, sessions = await group_now(console, group.id)
    assert (found.name, seating.seats, seating.wanted, len(sessions)) == ("Renamed", 2, "morning", 4)
    assert await told(console) == []
    await browser.get(path)
    await browser.submit(path, **{**fields, "where": "Sample hall"}, seats="2")
    assert len(await told(console)) == 2


async def test_a_group_is_called_off_once_and_its_people_are_told(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course)
    signup = await learns(console, group, "Sample Ana", await has_chat(console))
    path = f"/console/groups/{group.id}"
    await browser.get(path)
    page = await browser.submit(f"{path}/call-off")
    assert "The group is called off." in page.text
    assert await told(console) == [(signup.id, "called_off")]
    async with console.desk.house.db.reading() as session:
        assert (await session.get_one(Signup, signup.id)).state == "called_off"
        assert [one for one in await session.scalars(select(Reminder)) if one.state == "waiting"] == []
    for deed in ("call-off", "open", "close"):
        refused: Page = await browser.post(f"{path}/{deed}", {"csrf": browser.csrf})
        assert (refused.status, "This group has ended." in refused.text) == (409, True)


async def test_a_group_ends_and_its_people_have_finished(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course)
    await learns(console, group, "Sample Ana")
    await browser.get(f"/console/groups/{group.id}")
    page = await browser.submit(f"/console/groups/{group.id}/close")
    assert "The group has ended." in page.text
    assert (
        "Enrolled: 1 · Active: 0 · Dropped out: 0 · Finished: 1"
        in (await browser.get("/console/courses?show=past")).text
    )
    assert (await group_now(console, group.id))[1].open is False
    async with console.desk.house.db.reading() as session:
        assert [one.state for one in await session.scalars(select(Signup))] == ["finished"]
    await browser.get(f"/console/groups/{group.id}")
    page = await browser.submit(f"/console/groups/{group.id}/reopen")
    assert "Taken back." in page.text
    async with console.desk.house.db.reading() as session:
        assert [one.state for one in await session.scalars(select(Signup))] == ["going"]
    again = await browser.post(f"/console/groups/{group.id}/reopen", {"csrf": browser.csrf})
    assert again.status == 409


async def test_who_has_finished_can_sign_up_again_and_stays_there(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group, guest = await has_group(console, course), await has_chat(console)
    await learns(console, group, "Sample Ana", guest)
    await browser.get(f"/console/groups/{group.id}")
    await browser.submit(f"/console/groups/{group.id}/close")
    later = await has_group(console, course, (50, 57), name="Next term")
    await learns(console, later, "Sample Ana", guest)
    await browser.get(f"/console/groups/{group.id}")
    await browser.submit(f"/console/groups/{group.id}/reopen")
    async with console.desk.house.db.reading() as session:
        found = [(one.seating_id, one.state) for one in await session.scalars(select(Signup).order_by(Signup.id))]
    assert found == [(group.id, "finished"), (later.id, "going")]


@given(st.sets(st.integers(0, 6), min_size=1), st.dates(date(2026, 1, 1), date(2031, 1, 1)), st.integers(1, 120))
@settings(max_examples=60, deadline=None)
def test_dates_are_on_their_weekdays_and_never_on_a_holiday(weekdays: set[int], first: date, number: int) -> None:
    laid = timetable.laid_out(weekdays, first, number)
    assert len(laid.days) == number
    assert list(laid.days) == sorted(set(laid.days))
    assert all(day.weekday() in weekdays and not is_holiday(day) and day >= first for day in laid.days)
    assert all(day.weekday() in weekdays and is_holiday(day) for day in laid.skipped)
    inside = [day for day in laid.skipped if laid.days[0] < day < laid.days[-1]]
    assert timetable.free_days_between(laid.days) == [
        day for day in inside if day.weekday() in {one.weekday() for one in laid.days}
    ]


def test_a_group_without_a_weekday_has_no_dates() -> None:
    for weekdays in (set[int](), {7}):
        with pytest.raises(ValueError, match="weekday"):
            timetable.laid_out(weekdays, date(2026, 1, 1), 3)
