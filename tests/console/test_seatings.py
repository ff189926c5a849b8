"""Lists of sign-ups: who comes, who waits, who was moved and why, who came; on screen and as files."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import courses, seats, waiting
from bot.domain.attendance import Attendance
from bot.domain.audit import AuditEntry
from bot.domain.callers import callers
from bot.domain.courses import GroupPlan, Level, When
from bot.domain.events import Event
from bot.domain.happenings import Happening, Kind
from bot.domain.seats import Remind, Seating, Signup, SignupState, Wish
from bot.domain.staff import Role
from bot.domain.waiting import Term
from bot.spreadsheets import read_sheet
from tests.console.browser import Browser, Console
from tests.console.test_events import one, published
from tests.desk import Guest


async def signed_up(
    console: Console, event: Event, name: str = "", number: int = 1, **details: object
) -> tuple[Guest, Signup]:
    guest = console.desk.person(language="en")
    await guest.says("/menu")
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], now))[guest.sender]
        wish = Wish(caller.person_id, number, name, dict(details), address_id=caller.address_id, remind=Remind.CHAT)
        seating = await session.get_one(Seating, event.id)
        if seats.free_seats(seating) >= number:
            return guest, await seats.take(session, event.id, wish, now)
        return guest, await waiting.join(session, seating.list_key, wish, Term(now, now))


async def desk_with(console: Console, number: int, **fields: str) -> tuple[Browser, Event, str]:
    browser = await console.staff("vesna")
    event = await published(console, browser, seats=str(number), **fields)
    return browser, event, f"/console/seatings/{event.id}"


async def state_of(console: Console, signup: Signup) -> str:
    async with console.desk.house.db.reading() as session:
        return (await session.get_one(Signup, signup.id)).state


async def rows(console: Console, table: type) -> list[object]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(table).order_by(table.id)))  # type: ignore[attr-defined]


async def order(console: Console, event: Event) -> list[str]:
    async with console.desk.house.db.reading() as session:
        return [signup.name for signup in await waiting.on_list(session, f"event:{event.id}")]


async def test_an_empty_list_says_so(console: Console) -> None:
    browser, _event, address = await desk_with(console, 5)
    page = await browser.get(address)
    assert "Nobody has signed up yet." in page.text
    assert "Nobody waits." in page.text
    assert not [link for link in page.links() if link.endswith((".csv", ".xlsx"))]


async def test_who_comes_stands_there_with_what_is_needed(console: Console) -> None:
    browser, event, address = await desk_with(console, 5, childcare="yes")
    await signed_up(console, event, "Zoja", 2, children=2, needs="A chair")
    await signed_up(console, event)
    page = await browser.get(address)
    assert "Seats taken 3 of 5" in page.text
    said = "Name People Language Reminder Says they come Childcare Remarks Came Zoja 2 English In the chat – 2 children Needs: A chair – "
    assert said in page.text.replace("\u2068", "").replace("\u2069", "")
    assert "No name 1 English In the chat – – –" in page.text
    async with console.desk.house.db.reading() as session:
        verbs = list(await session.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "read list")))
    assert verbs == ["read list"]


async def test_files_hold_what_the_screen_shows(console: Console) -> None:
    browser, event, address = await desk_with(console, 1)
    await signed_up(console, event, "=Zoja")
    await signed_up(console, event, "Waits", needs="A chair")
    for kind in ("csv", "xlsx"):
        page = await browser.get(f"{address}/people.{kind}")
        assert page.headers["Content-Disposition"] == f'attachment; filename="people-{event.id}.{kind}"'
        assert read_sheet(page.body, "x") == [
            ["Name", "People", "Language", "Reminder", "Says they come", "Remarks", "Came"],
            ["=Zoja", "1", "English", "In the chat"],
        ]
        page = await browser.get(f"{address}/waiting.{kind}")
        assert read_sheet(page.body, "x")[1] == [
            "1",
            "Waits",
            "1",
            "English",
            "In the chat",
            "Needs: A chair",
            "2026-11-23 10:00",
        ]
    assert (await browser.get(f"{address}/people.pdf")).status == 404
    assert (await browser.get(f"{address}/staff.csv")).status == 404


async def test_nobody_is_moved_without_a_reason(console: Console) -> None:
    browser, event, address = await desk_with(console, 1)
    await signed_up(console, event, "Goes")
    for name in ("First", "Second"):
        await signed_up(console, event, name)
    _guest, signup = await signed_up(console, event, "Third")
    await browser.get(address)
    fields = {"csrf": browser.csrf, "signup": str(signup.id), "was": "3", "place": "1"}
    page = await browser.post(f"{address}/move", {**fields, "reason": "  "})
    assert (page.status, "Please write the reason. Nothing was changed." in page.text) == (422, True)
    assert await order(console, event) == ["First", "Second", "Third"]
    page = await browser.post(f"{address}/move", {**fields, "reason": "Asked by the school"})
    assert "Moved. The reason is written down." in page.text
    assert await order(console, event) == ["Third", "First", "Second"]
    assert "Third : from place 3 to place 1 · Asked by the school Vesna" in page.text
    page = await browser.post(f"{address}/move", {**fields, "reason": "Once more"})
    assert "The list has changed meanwhile." in page.text
    assert await order(console, event) == ["Third", "First", "Second"]


async def test_the_desk_ends_a_sign_up_tells_the_person_and_offers_the_seat(console: Console) -> None:
    browser, event, address = await desk_with(console, 1)
    guest, goes = await signed_up(console, event, "Goes")
    _other, waits = await signed_up(console, event, "Waits")
    await guest.reads()
    await browser.get(address)
    page = await browser.post(f"{address}/end", {"csrf": browser.csrf, "signup": str(goes.id), "reason": ""})
    assert (page.status, await state_of(console, goes)) == (422, SignupState.GOING)
    page = await browser.post(f"{address}/end", {"csrf": browser.csrf, "signup": str(goes.id), "reason": "Came twice"})
    assert "The sign-up has ended. The person is told in the chat." in page.text
    assert (await state_of(console, goes), await state_of(console, waits)) == (
        SignupState.CALLED_OFF,
        SignupState.OFFERED,
    )
    (shown,) = await guest.reads()
    assert "The desk has ended your sign-up: Sample workshop." in shown.text
    assert "Goes : sign-up ended · Came twice" in page.text
    page = await browser.post(f"{address}/end", {"csrf": browser.csrf, "signup": str(goes.id), "reason": "Again"})
    assert page.status == 404
    assert await guest.reads() == []


async def test_whoever_cannot_be_written_to_is_to_be_called(console: Console) -> None:
    browser, event, address = await desk_with(console, 1)
    _guest, signup = await signed_up(console, event, "Goes")
    async with console.desk.house.db.transaction() as session:
        (await session.get_one(Signup, signup.id)).address_id = None
    await browser.get(address)
    page = await browser.post(f"{address}/end", {"csrf": browser.csrf, "signup": str(signup.id), "reason": "Ill"})
    assert "This person cannot be written to: please call." in page.text


async def test_who_came_is_written_down_from_three_hours_before(console: Console) -> None:
    browser, event, address = await desk_with(console, 5, day="2026-11-23", time="15:00")
    _guest, signup = await signed_up(console, event, "Zoja", 2, origin="local")
    page = await browser.get(address)
    assert f"{address}/mark" not in page.actions
    fields = {"csrf": browser.csrf, "signup": str(signup.id), "came": "yes"}
    assert (await browser.post(f"{address}/mark", dict(fields))).status == 409
    console.desk.clock.pass_(hours=2)
    await browser.log_in("vesna")
    await browser.get(address)
    fields["csrf"] = browser.csrf
    for _twice in range(2):
        page = await browser.post(f"{address}/mark", dict(fields))
        assert "Came 2" in page.text
    (row,) = await rows(console, Attendance)
    assert isinstance(row, Attendance)
    assert (row.came, row.people, row.guest) == ("yes", 2, "local")
    await browser.post(f"{address}/mark", {**fields, "came": "no"})
    await browser.post(f"{address}/mark", {**fields, "came": ""})
    assert await console.desk.count(Attendance) == 0
    happened = [
        one
        for one in await rows(console, Happening)
        if isinstance(one, Happening) and one.kind in {Kind.ATTENDED, Kind.ABSENT}
    ]
    assert [(one.kind, one.data["people"]) for one in happened] == [
        (Kind.ATTENDED, 2),
        (Kind.ABSENT, 0),
        (Kind.ATTENDED, 0),
    ]
    assert {(one.data["what"], one.data["id"], one.channel) for one in happened} == {("event", str(event.id), "desk")}


async def test_those_who_just_come_in_are_counted_once_for_each_press(console: Console) -> None:
    browser, event, address = await desk_with(console, 5, day="2026-11-23", time="11:00")
    await browser.get(address)
    form = browser.hidden(f"{address}/walk-in")
    await browser.post(f"{address}/walk-in", {**form, "guest": "newcomer"})
    page = await browser.post(f"{address}/walk-in", {**form, "guest": "newcomer"})  # the same form once more
    assert "1 newcomer · 0 locals" in page.text
    page = await browser.submit(f"{address}/walk-in", guest="local")
    assert "1 newcomer · 1 local" in page.text
    page = await browser.submit(f"{address}/walk-in/undo")
    assert "1 newcomer · 0 locals" in page.text
    for wrong in ({"guest": "king"}, {"counted": "x"}, {"counted": str(2**70)}):
        assert (await browser.post(f"{address}/walk-in", {**form, "guest": "local", **wrong})).status == 400
    page = await browser.get(f"/console/events/{event.id}/door")
    assert "Came 1 With a sign-up 0 of 0" in page.text
    await browser.submit(f"{address}/walk-in", guest="local")
    page = await browser.get(f"/console/events/{event.id}/door/count")
    assert "Came 2" in page.text
    counted = [
        one.data["people"]
        for one in await rows(console, Happening)
        if isinstance(one, Happening) and one.kind == Kind.WALKED_IN
    ]
    assert counted == [1, 1, -1, 1]


async def test_the_code_at_the_door_leads_into_the_chat(console: Console) -> None:
    browser, event, _address = await desk_with(console, 5, day="2026-11-23", time="11:00")
    page = await browser.get(f"/console/events/{event.id}/door")
    assert f"http://desk.test/?start=door-{event.door}" in page.text
    assert next(attributes for tag, attributes in page.tags if tag == "img")["src"].startswith("data:image/svg+xml")
    guest, signup = await signed_up(console, event, "Zoja")
    await guest.says(f"/start door-{event.door}")
    page = await browser.get(f"/console/events/{event.id}/door/count")
    assert "With a sign-up 1 of 1" in page.text
    assert await state_of(console, signup) == SignupState.GOING


async def test_sign_ups_of_other_lists_are_not_touched(console: Console) -> None:
    browser, event, address = await desk_with(console, 5, day="2026-11-23", time="11:00")
    await published(console, browser, day="2026-11-23", time="15:00")
    events = [found for found in (await _events(console)) if found.id != event.id]
    _guest, other = await signed_up(console, events[0], "Other")
    await browser.get(address)
    for path, more in (
        ("mark", {"came": "yes"}),
        ("end", {"reason": "x"}),
        ("move", {"place": "1", "was": "1", "reason": "x"}),
    ):
        for number in (str(other.id), "7", "x", "", str(2**70)):
            page = await browser.post(f"{address}/{path}", {"csrf": browser.csrf, "signup": number, **more})
            assert (path, number, page.status) == (path, number, 404)
    assert await state_of(console, other) == SignupState.GOING
    assert await console.desk.count(Attendance) == 0


async def _events(console: Console) -> list[Event]:
    return [found for found in await rows(console, Event) if isinstance(found, Event)]


async def test_a_group_has_the_list_of_its_course(console: Console) -> None:
    browser, now = await console.staff("vesna"), console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        course = await courses.make(session, "sl", Level.A1, {"en": {"title": "Sample Slovene"}}, "postojna", now)
        plan = GroupPlan("Sample evening", 8, (When.EVENING,), "Europe/Ljubljana", ((date(2026, 12, 1), 18 * 60, 90),))
        group = await courses.add_group(session, course.id, plan, now)
        await courses.open_group(session, group.id, Term(now, now))
    page = await browser.get(f"/console/seatings/{group.id}")
    assert (page.status, "Sample Slovene · Sample evening" in page.text) == (200, True)
    assert "One list for all groups of this course." in page.text
    assert (await browser.get(f"/console/events/{group.id}")).status == 404
    assert (await browser.get(f"/console/events/{group.id}/door")).status == 404


@pytest.mark.parametrize("role", [Role.TUTOR, Role.MEDIATOR, Role.VOLUNTEER, Role.MENTOR])
async def test_lists_of_people_are_for_the_desk_alone(console: Console, role: Role) -> None:
    vesna = await console.staff("vesna")
    event = await published(console, vesna)
    browser = await console.staff("somebody", role)
    for path in ("", "/people.csv", "/waiting.xlsx"):
        assert (await browser.get(f"/console/seatings/{event.id}{path}")).status == 403
    assert event.id == (await one(console)).id
