"""Courses in the console: made, shown to people, counted; a tutor sees the own groups only."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import seats, waiting
from bot.domain.courses import Course
from bot.domain.db import new_id
from bot.domain.people import Person
from bot.domain.seats import Signup, SignupState, Wish
from bot.domain.staff import Role
from bot.domain.waiting import Term
from tests.console.browser import Console
from tests.console.taught import has_course, has_group, learns, verbs

COURSES = "/console/courses"


async def only(console: Console) -> Course:
    async with console.desk.house.db.reading() as session:
        return (await session.scalars(select(Course))).one()


async def test_a_course_is_made_and_written_anew(console: Console) -> None:
    browser = await console.staff()
    page = await browser.get(COURSES)
    assert "There is no course yet." in page.text
    await browser.get(f"{COURSES}/new")
    page = await browser.submit(f"{COURSES}/new", language="sl", level="A1", title_sl="Vzorec", about_sl="Za začetek.",
                                title_ar="عينة")  # fmt: skip
    course = await only(console)
    assert (page.path, "Saved." in page.text) == (f"{COURSES}/{course.id}?note=saved", True)
    assert (course.language, course.level, course.state, course.place) == ("sl", "A1", "open", "postojna")
    assert course.texts == {"sl": {"title": "Vzorec", "about": "Za začetek."}, "ar": {"title": "عينة", "about": ""}}
    await browser.get(f"{COURSES}/{course.id}/edit")
    page = await browser.submit(f"{COURSES}/{course.id}/edit", language="sl", level="A2", title_sl="Vzorec 2")
    course = await only(console)
    assert (course.level, course.texts) == ("A2", {"sl": {"title": "Vzorec 2", "about": ""}})
    assert (await verbs(console))[-2:] == ["add course", "change course"]


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(console: Console) -> None:
    browser = await console.staff()
    await browser.get(f"{COURSES}/new")
    page = await browser.submit(f"{COURSES}/new", language="xx", level="Z9", about_uk="Зразок", title_ru="x" * 90)
    assert page.status == 422
    for sentence in (
        "Please choose one.", "A text needs a title in its language too.", "The text is too long. At most 80 characters.",
    ):  # fmt: skip
        assert sentence in page.text
    assert ("Зразок" in page.html, "x" * 90 in page.html) == (True, True)
    page = await browser.submit(f"{COURSES}/new", language="sl", level="A1")
    assert (page.status, "A course needs a title in one language at least." in page.text) == (422, True)
    async with console.desk.house.db.reading() as session:
        assert list(await session.scalars(select(Course))) == []


async def test_a_course_is_hidden_shown_and_put_away(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    for state, sentence in (
        ("draft", "Nobody sees this course yet."), ("open", "People see this course and its open groups."),
        ("over", "This course is over."),
    ):  # fmt: skip
        await browser.get(f"{COURSES}/{course.id}")
        page = await browser.post(f"{COURSES}/{course.id}/state", {"csrf": browser.csrf, "state": state})
        assert sentence in page.text
    assert "Sample Slovene" not in (await browser.get(COURSES)).text
    assert "Sample Slovene" in (await browser.get(f"{COURSES}?show=past")).text
    page = await browser.post(f"{COURSES}/{course.id}/state", {"csrf": browser.csrf, "state": "sold"})
    assert page.status == 400


async def test_the_line_of_a_course_always_adds_up(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course, seats=3)
    for name in ("Ana", "Bor", "Cene"):
        await learns(console, group, name)
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        first = (await seats.of_seating(session, group.id, SignupState.GOING))[0]
        await waiting.leave(session, first.id, Term(now, now), SignupState.DROPPED)
        person = Person(id=new_id(), pseudonym="w", language="en", created_at=now, seen_at=now)
        session.add(person)
        await session.flush()
        await waiting.join(session, f"course:{course.id}", Wish(person.id, wants=("morning",)), Term(now, now))
    page = await browser.get(COURSES)
    assert "Enrolled: 3 · Active: 2 · Dropped out: 1 · Finished: 0" in page.text
    assert "1 person waits" in page.text


async def test_a_tutor_sees_their_own_groups_and_changes_nothing(console: Console) -> None:
    browser = await console.staff("tina", Role.TUTOR)
    assert "No group is yours yet." in (await browser.get(COURSES)).text
    async with console.desk.house.db.reading() as session:
        from bot.domain.staff import Staff

        tina = (await session.scalars(select(Staff).where(Staff.login == "tina"))).one()
    course = await has_course(console)
    own, other = await has_group(console, course, tutor=tina.id), await has_group(console, course, name="Friday")
    page = await browser.get(COURSES)
    assert ("Tuesday" in page.text, "Friday" in page.text, "Enrolled" in page.text) == (True, False, False)
    page = await browser.get(f"/console/groups/{own.id}")
    assert (page.status, page.actions - {"/console/language", "/console/logout"}) == (200, set())
    for path in (f"/console/groups/{other.id}", f"/console/groups/{other.id}/attendance"):
        assert (await browser.get(path)).status == 404
    for path in (f"{COURSES}/{course.id}", f"/console/groups/{own.id}/certificates", f"/console/seatings/{own.id}"):
        assert (await browser.get(path)).status == 403


async def test_a_member_at_another_place_opens_nothing_here(console: Console) -> None:
    browser, course = await console.staff("luka"), await has_course(console)
    group = await has_group(console, course)
    async with console.desk.house.db.transaction() as session:
        from bot.domain.staff import Grant

        grant = (await session.scalars(select(Grant))).one()
        await session.delete(grant)
        await session.flush()
        session.add(Grant(staff_id=grant.staff_id, role=Role.ADVISER, place="elsewhere"))
    for path in (f"{COURSES}/{course.id}", f"/console/groups/{group.id}", f"/console/groups/{group.id}/attendance"):
        assert (await browser.get(path)).status == 403
    assert "Sample Slovene" not in (await browser.get(COURSES)).text


async def test_level_tests_in_person_are_written_down(console: Console) -> None:
    browser, course = await console.staff(), await has_course(console)
    group = await has_group(console, course)
    asked = await learns(console, group, "Sample Ana", how="test", level="")
    await learns(console, group, "Sample Bor", how="known", level="A2")
    path = f"{COURSES}/{course.id}/levels"
    page = await browser.get(path)
    assert ("Sample Ana" in page.text, "Sample Bor" in page.text) == (True, False)
    page = await browser.submit(path, level="B1")
    assert "Tested : B1" in page.text.replace("Tested:", "Tested :")
    async with console.desk.house.db.reading() as session:
        found = await session.get_one(Signup, asked.id)
    assert found.details == {"how": "tested", "level": "B1"}
    await browser.get(path)
    await browser.submit(path, level="")
    async with console.desk.house.db.reading() as session:
        found = await session.get_one(Signup, asked.id)
    assert found.details == {"how": "test", "level": ""}
    wrong = await browser.post(path, {"csrf": browser.csrf, "signup": "1", "level": "A1"})
    assert wrong.status == 404
