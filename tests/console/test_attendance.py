"""Who came: taken in a few taps, changed, counted, printed; who missed two in a row."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import absences, attendance
from bot.domain.absences import Reason
from bot.domain.attendance import Attendance, Came
from bot.domain.courses import Group
from bot.domain.happenings import Happening
from bot.domain.seats import Signup
from bot.domain.staff import Role, Staff
from tests.console.browser import Browser, Console, Page
from tests.console.taught import group_now, has_chat, has_course, has_group, learns, verbs


async def running(console: Console, *names: str, tutor: int | None = None) -> tuple[Group, list[Signup], list[int]]:
    """A group of which three sessions have been, and one is to come."""
    group = await has_group(console, await has_course(console), (1, 8, 15, 22), tutor=tutor)
    people = [await learns(console, group, name) for name in names]
    console.desk.clock.pass_(days=15, hours=9)
    sessions = (await group_now(console, group.id))[2]
    return group, people, [one.id for one in sessions]


async def takes(browser: Browser, group: Group, session_id: int, marks: dict[Signup, str]) -> Page:
    path = f"/console/groups/{group.id}/attendance/{session_id}"
    await browser.get(path)
    return await browser.submit(path, **{f"came_{signup.id}": came for signup, came in marks.items()})


async def marks_of(console: Console) -> list[tuple[int | None, int, str]]:
    async with console.desk.house.db.reading() as session:
        rows = await session.scalars(select(Attendance).order_by(Attendance.session_id, Attendance.signup_id))
        return [(one.signup_id, one.session_id, one.came) for one in rows]


async def test_everybody_stands_as_came_and_one_tap_says_otherwise(console: Console) -> None:
    group, (ana, bor), (first, *_rest) = await running(console, "Sample Ana", "Sample Bor")
    browser = await console.staff()
    page = await browser.get(f"/console/groups/{group.id}/attendance/{first}")
    chosen = [
        one["value"] for tag, one in page.tags if tag == "input" and one.get("type") == "radio" and "checked" in one
    ]
    assert chosen == ["yes", "yes"]
    page = await takes(browser, group, first, {ana: "yes", bor: "no"})
    assert ("Saved." in page.text, "50 % came" in page.text) == (True, True)
    assert await marks_of(console) == [(ana.id, first, "yes"), (bor.id, first, "no")]
    await takes(browser, group, first, {ana: "yes", bor: "excused"})
    assert await marks_of(console) == [(ana.id, first, "yes"), (bor.id, first, "excused")]
    async with console.desk.house.db.reading() as session:
        kinds = [(one.kind, one.data) for one in await session.scalars(select(Happening).order_by(Happening.id))]
    about = {"what": "course", "id": str(group.id)}
    assert kinds == [("attended", about), ("absent", about)]
    assert (await verbs(console))[-1] == "read attendance"


async def test_the_same_taps_twice_count_once(console: Console) -> None:
    group, (ana,), (first, *_rest) = await running(console, "Sample Ana")
    browser = await console.staff()
    for _time in range(2):
        await takes(browser, group, first, {ana: "yes"})
    assert len(await marks_of(console)) == 1
    assert await console.desk.count(Happening) == 1


async def test_what_has_not_begun_or_was_called_off_is_not_marked(console: Console) -> None:
    group, (ana,), (first, _second, _third, fourth) = await running(console, "Sample Ana")
    browser = await console.staff()
    page = await browser.post(
        f"/console/groups/{group.id}/attendance/{fourth}", {"csrf": browser.csrf, f"came_{ana.id}": "yes"}
    )
    assert (page.status, "This session has not begun yet." in page.text) == (409, True)
    async with console.desk.house.db.transaction() as session:
        from bot.domain.courses import Session

        (await session.get_one(Session, first)).called_off = True
    page = await browser.post(
        f"/console/groups/{group.id}/attendance/{first}", {"csrf": browser.csrf, f"came_{ana.id}": "yes"}
    )
    assert (page.status, "This session was called off." in page.text) == (409, True)
    assert (await browser.get(f"/console/groups/{group.id}/attendance/7")).status == 404
    assert await marks_of(console) == []


async def test_strangers_and_odd_marks_change_nothing(console: Console) -> None:
    group, (ana,), (first, *_rest) = await running(console, "Sample Ana")
    browser = await console.staff()
    page = await browser.post(
        f"/console/groups/{group.id}/attendance/{first}",
        {"csrf": browser.csrf, f"came_{ana.id}": "maybe", "came_1": "yes", "came_x": "no"},
    )
    assert (page.status, await marks_of(console)) == (200, [])


async def test_the_table_shows_everybody_and_every_session(console: Console) -> None:
    group, (ana, bor), (first, second, third, _fourth) = await running(console, "Sample Ana", "Sample Bor")
    browser = await console.staff()
    await takes(browser, group, first, {ana: "yes", bor: "no"})
    page = await takes(browser, group, second, {ana: "yes", bor: "yes"})
    assert "75 % came" in page.text
    assert "Nobody has written down yet who came to 1 session." in page.text
    assert "Sample Ana 100 %" in page.text
    assert "Sample Bor 50 %" in page.text
    assert {f"/console/groups/{group.id}/attendance/{one}" for one in (first, second, third)} <= page.links()


async def test_a_tutor_marks_the_own_group_only(console: Console) -> None:
    browser = await console.staff("tina", Role.TUTOR)
    async with console.desk.house.db.reading() as session:
        tina = (await session.scalars(select(Staff).where(Staff.login == "tina"))).one()
    course = await has_course(console)
    own = await has_group(console, course, (0,), tutor=tina.id)
    other = await has_group(console, course, (0,), name="Other")
    mine, theirs = await learns(console, own, "Sample Ana"), await learns(console, other, "Sample Bor")
    page = await browser.get("/console/courses")
    (one,) = (await group_now(console, own.id))[2]
    (two,) = (await group_now(console, other.id))[2]
    assert ("Take attendance" in page.text, f"/console/groups/{own.id}/attendance/{one.id}" in page.links()) == (
        True,
        True,
    )
    page = await takes(browser, own, one.id, {mine: "no"})
    assert (page.status, await marks_of(console)) == (200, [(mine.id, one.id, "no")])
    refused = await browser.post(
        f"/console/groups/{other.id}/attendance/{two.id}", {"csrf": browser.csrf, f"came_{theirs.id}": "no"}
    )
    assert (refused.status, len(await marks_of(console))) == (404, 1)
    assert (await browser.get(f"/console/groups/{other.id}/attendance/{two.id}/sheet.pdf")).status == 404


async def test_two_absences_in_a_row_are_listed_with_what_was_said(console: Console) -> None:
    group, (ana, bor), (first, second, third, _fourth) = await running(console, "Sample Ana", "Sample Bor")
    browser = await console.staff()
    for session_id in (first, second):
        await takes(browser, group, session_id, {ana: "no", bor: "yes"})
    path = "/console/courses/absences"
    page = await browser.get(path)
    assert ("Sample Ana" in page.text, "Sample Bor" in page.text, "2 sessions missed" in page.text) == (
        True,
        False,
        True,
    )
    assert "Not asked yet" in page.text
    async with console.desk.house.db.transaction() as session:
        run = await absences.current(session, ana.id)
        assert run is not None
        run.told_at = console.desk.clock()
        await absences.answer(session, run.id, Reason.WORK, "Sample words", "en", console.desk.clock())
    page = await browser.get(path)
    assert ("Work" in page.text, "Sample words" in page.text) == (True, True)
    page = await browser.submit(f"{path}/{run.id}")
    assert "Vesna has seen to it." in page.text
    page = await browser.submit(f"{path}/{run.id}")
    assert ("Taken back." in page.text, "I have seen to it" in page.text) == (True, True)
    async with console.desk.house.db.transaction() as session:
        await absences.answer(session, run.id, Reason.HEALTH, "Private words", "en", console.desk.clock())
    page = await browser.get(path)
    assert ("Personal reasons" in page.text, "Private words" in page.text) == (True, False)
    await takes(browser, group, third, {ana: "yes", bor: "yes"})
    assert "Nobody has missed two sessions in a row." in (await browser.get(path)).text
    assert (await browser.post(f"{path}/{run.id}", {"csrf": browser.csrf})).status == 404


async def test_a_tutor_reads_the_reason_but_not_the_words(console: Console) -> None:
    browser = await console.staff("tina", Role.TUTOR)
    async with console.desk.house.db.reading() as session:
        tina = (await session.scalars(select(Staff).where(Staff.login == "tina"))).one()
    _group, (ana,), (first, second, *_rest) = await running(console, "Sample Ana", tutor=tina.id)
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        for one in (first, second):
            await attendance.mark(session, ana.seating_id or 0, ana.id, Came.NO, now, session_id=one)
        run = await absences.review(session, ana.id, now)
        assert run is not None
        await absences.answer(session, run.id, Reason.TRAVEL, "Sample words", "en", now)
    await browser.log_in("tina")
    page = await browser.get("/console/courses/absences")
    assert ("The way there" in page.text, "Sample words" in page.text) == (True, False)


async def test_a_sheet_to_sign_comes_as_a_pdf(console: Console) -> None:
    group = await has_group(console, await has_course(console))
    await learns(console, group, "عينة", await has_chat(console, "ar"))
    one = (await group_now(console, group.id))[2][0]
    browser = await console.staff()
    page = await browser.get(f"/console/groups/{group.id}/attendance/{one.id}/sheet.pdf")
    assert (page.status, page.headers["Content-Type"], page.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert page.headers["Content-Disposition"] == 'attachment; filename="prisotnost-2026-11-24.pdf"'
    assert (await verbs(console))[-1] == "print attendance"
