"""Who may ask for what: every page, every role."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from starlette.routing import Mount, Route

from bot.console.site import PAGES, routes
from bot.domain import staff
from bot.domain.staff import Grant, Role, Staff
from tests.console.browser import Browser, Console, Page, event

ADMIN, COORDINATOR, ADVISER, MEDIATOR = Role.ADMIN, Role.COORDINATOR, Role.ADVISER, Role.MEDIATOR
EVERYBODY = frozenset(Role)
QUEUE = frozenset({ADMIN, COORDINATOR, ADVISER, MEDIATOR})
DESK = frozenset({ADMIN, COORDINATOR, ADVISER})
ADMINS = frozenset({ADMIN})
TEACH = DESK | {Role.TUTOR}
NOBODY: frozenset[Role] = frozenset()  # allowed, but there is nothing of the kind here

# Written by hand on purpose: a change of the policy, or a new page, has to be said here too.
MATRIX: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/console"): EVERYBODY,
    ("GET", "/console/"): EVERYBODY,
    ("GET", "/console/cases"): QUEUE,
    ("GET", "/console/cases/list"): QUEUE,
    ("GET", "/console/now"): QUEUE,
    ("GET", "/console/live"): QUEUE,
    ("GET", "/console/cases/{ticket:int}"): QUEUE,
    ("GET", "/console/cases/{ticket:int}/thread"): QUEUE,
    ("GET", "/console/cases/{ticket:int}/files/{message:int}"): frozenset(),  # there is no such file here
    ("POST", "/console/cases/{ticket:int}/claim"): QUEUE,
    ("POST", "/console/cases/{ticket:int}/reply"): QUEUE,
    ("POST", "/console/cases/{ticket:int}/close"): DESK,
    ("POST", "/console/cases/{ticket:int}/pin"): DESK,
    ("POST", "/console/cases/{ticket:int}/alert"): DESK,
    ("POST", "/console/on-call"): DESK,
    ("GET", "/console/calls"): DESK,
    ("POST", "/console/calls"): NOBODY,  # no call is named
    ("GET", "/console/desk"): DESK,
    ("POST", "/console/desk/find"): DESK,
    ("POST", "/console/desk/add"): DESK,
    ("GET", "/console/desk/{person:int}"): NOBODY,  # nobody is written down
    ("POST", "/console/desk/{person:int}"): NOBODY,
    ("POST", "/console/desk/{person:int}/forget"): NOBODY,
    ("POST", "/console/desk/{person:int}/signup"): NOBODY,
    ("POST", "/console/desk/{person:int}/leave"): NOBODY,
    ("POST", "/console/desk/{person:int}/again"): NOBODY,
    ("POST", "/console/desk/{person:int}/offer"): NOBODY,
    ("GET", "/console/desk/{person:int}/card"): NOBODY,
    ("POST", "/console/desk/{person:int}/code"): NOBODY,
    ("GET", "/console/desk/{person:int}/joined"): DESK,  # says only that nobody has joined
    ("GET", "/console/import"): DESK,
    ("POST", "/console/import"): DESK,
    ("POST", "/console/import/confirm"): DESK,
    ("GET", "/console/import/sample.{kind}"): DESK,
    ("GET", "/console/content"): EVERYBODY,
    ("GET", "/console/content/files.zip"): DESK,
    ("GET", "/console/content/gaps"): QUEUE,
    ("POST", "/console/content/gaps"): QUEUE,
    ("POST", "/console/content/gaps/reopen"): NOBODY,  # no such question
    ("GET", "/console/content/facts"): DESK,
    ("POST", "/console/content/facts"): NOBODY,  # no office is named
    ("POST", "/console/content/facts/undo"): NOBODY,
    ("GET", "/console/content/compare"): QUEUE,
    ("GET", "/console/content/compare/{language}"): NOBODY,  # Slovene is not compared with itself
    ("GET", "/console/content/{topic}/{language}"): EVERYBODY,
    ("GET", "/console/content/{topic}/{language}/history"): EVERYBODY,
    ("GET", "/console/content/{topic}/{language}/questions"): EVERYBODY,
    ("POST", "/console/content/{topic}/{language}/questions"): DESK,  # the Slovene ones are no mediator's
    ("POST", "/console/content/{topic}/{language}/questions/remove"): DESK,
    ("POST", "/console/content/{topic}/{language}/questions/undo"): NOBODY,
    ("GET", "/console/content/{topic}/{language}/edit"): DESK,
    ("POST", "/console/content/{topic}/{language}/edit"): DESK,
    ("POST", "/console/content/{topic}/{language}/preview"): DESK,
    ("POST", "/console/content/{topic}/{language}/undo"): NOBODY,
    ("POST", "/console/content/{topic}/{language}/use"): NOBODY,
    ("POST", "/console/content/{topic}/{language}/recheck"): DESK,
    ("GET", "/console/content/{topic}/{language}/recording"): NOBODY,  # nobody has read it aloud
    ("POST", "/console/content/{topic}/{language}/recording/remove"): DESK,
    ("POST", "/console/content/{topic}/{language}/right"): NOBODY,
    ("GET", "/console/courses"): TEACH,
    ("GET", "/console/courses/new"): DESK,
    ("POST", "/console/courses/new"): DESK,
    ("GET", "/console/courses/absences"): TEACH,
    ("POST", "/console/courses/absences/{absence:int}"): NOBODY,  # nobody has missed anything
    ("GET", "/console/courses/{course:int}"): NOBODY,  # from here on: there is no such course, no such group
    ("GET", "/console/courses/{course:int}/edit"): NOBODY,
    ("POST", "/console/courses/{course:int}/edit"): NOBODY,
    ("POST", "/console/courses/{course:int}/state"): NOBODY,
    ("GET", "/console/courses/{course:int}/levels"): NOBODY,
    ("POST", "/console/courses/{course:int}/levels"): NOBODY,
    ("GET", "/console/courses/{course:int}/groups/new"): NOBODY,
    ("POST", "/console/courses/{course:int}/groups/new"): NOBODY,
    ("GET", "/console/groups/{group:int}"): NOBODY,
    ("GET", "/console/groups/{group:int}/edit"): NOBODY,
    ("POST", "/console/groups/{group:int}/edit"): NOBODY,
    ("POST", "/console/groups/{group:int}/open"): NOBODY,
    ("POST", "/console/groups/{group:int}/close"): NOBODY,
    ("POST", "/console/groups/{group:int}/reopen"): NOBODY,
    ("POST", "/console/groups/{group:int}/call-off"): NOBODY,
    ("POST", "/console/groups/{group:int}/sessions/new"): NOBODY,
    ("POST", "/console/groups/{group:int}/sessions/{session:int}"): NOBODY,
    ("POST", "/console/groups/{group:int}/sessions/{session:int}/off"): NOBODY,
    ("GET", "/console/groups/{group:int}/attendance"): NOBODY,
    ("GET", "/console/groups/{group:int}/attendance/{session:int}"): NOBODY,
    ("POST", "/console/groups/{group:int}/attendance/{session:int}"): NOBODY,
    ("GET", "/console/groups/{group:int}/attendance/{session:int}/sheet.pdf"): NOBODY,
    ("GET", "/console/groups/{group:int}/certificates"): NOBODY,
    ("POST", "/console/groups/{group:int}/certificates"): NOBODY,
    ("GET", "/console/groups/{group:int}/certificates/{signup:int}.pdf"): NOBODY,
    ("GET", "/console/mentors"): DESK,
    ("GET", "/console/mentors/list.{kind}"): DESK,
    ("GET", "/console/mentors/new"): DESK,
    ("POST", "/console/mentors/new"): DESK,
    ("GET", "/console/mentors/{mentor:int}"): NOBODY,  # there is no such mentor here
    ("GET", "/console/mentors/{mentor:int}/edit"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/edit"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/check"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/state"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/hours"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/day"): NOBODY,
    ("POST", "/console/mentors/{mentor:int}/gone"): NOBODY,
    ("GET", "/console/bookings"): DESK,
    ("GET", "/console/bookings/list.{kind}"): DESK,
    ("GET", "/console/bookings/{booking:int}"): NOBODY,
    ("POST", "/console/bookings/{booking:int}/answer"): NOBODY,
    ("GET", "/console/pairs"): DESK,
    ("POST", "/console/pairs/check"): DESK,
    ("POST", "/console/pairs/propose"): DESK,
    ("POST", "/console/pairs/answer"): DESK,
    ("GET", "/console/events"): DESK,
    ("GET", "/console/events/past"): DESK,
    ("GET", "/console/events/calendar"): DESK,
    ("GET", "/console/events/new"): DESK,
    ("POST", "/console/events/new"): DESK,
    ("GET", "/console/events/{event:int}"): NOBODY,  # there is no such event
    ("GET", "/console/events/{event:int}/edit"): NOBODY,
    ("POST", "/console/events/{event:int}/edit"): NOBODY,
    ("POST", "/console/events/{event:int}/publish"): NOBODY,
    ("POST", "/console/events/{event:int}/call-off"): NOBODY,
    ("POST", "/console/events/{event:int}/copy"): NOBODY,
    ("POST", "/console/events/{event:int}/repeat"): NOBODY,
    ("GET", "/console/events/{event:int}/door"): NOBODY,
    ("GET", "/console/events/{event:int}/door/count"): NOBODY,
    ("GET", "/console/seatings/{seating:int}"): NOBODY,  # nor such a list
    ("GET", "/console/seatings/{seating:int}/{file}"): NOBODY,
    ("POST", "/console/seatings/{seating:int}/mark"): NOBODY,
    ("POST", "/console/seatings/{seating:int}/walk-in"): NOBODY,
    ("POST", "/console/seatings/{seating:int}/walk-in/undo"): NOBODY,
    ("POST", "/console/seatings/{seating:int}/move"): NOBODY,
    ("POST", "/console/seatings/{seating:int}/end"): NOBODY,
    ("GET", "/console/report"): DESK,
    ("GET", "/console/report.csv"): DESK,
    ("GET", "/console/staff"): ADMINS,
    ("POST", "/console/staff"): ADMINS,
    ("POST", "/console/staff/{member:int}"): ADMINS,
    ("POST", "/console/staff/{member:int}/disable"): ADMINS,
    ("POST", "/console/staff/{member:int}/enable"): ADMINS,
    ("POST", "/console/staff/{member:int}/password"): ADMINS,
    ("GET", "/console/account"): EVERYBODY,
    ("POST", "/console/account/password"): EVERYBODY,
    ("POST", "/console/account/recordings"): EVERYBODY,
    ("POST", "/console/account/telegram"): EVERYBODY,
    ("POST", "/console/account/telegram/unlink"): EVERYBODY,
    ("POST", "/console/language"): EVERYBODY,
    ("POST", "/console/stay"): EVERYBODY,
    ("POST", "/console/logout"): EVERYBODY,
}
REFUSED = {403, 404}


def filled(path: str, ticket: int, member: int) -> str:
    values = {"{ticket:int}": ticket, "{member:int}": member, "{message:int}": 1, "{language}": "sl", "{event:int}": 1,
              "{seating:int}": 1, "{file}": "people.csv",
              "{absence:int}": 1, "{course:int}": 1, "{group:int}": 1, "{session:int}": 1, "{signup:int}": 1, "{mentor:int}": 1,
              "{booking:int}": 1, "{kind}": "csv", "{person:int}": 1}  # fmt: skip
    for name, value in values.items():
        path = path.replace(name, str(value))
    return path.replace("{topic}", "residence.address")


async def asks(browser: Browser, method: str, path: str) -> int:
    if path.endswith("/live"):
        async with browser.events() as stream:
            return stream.status
    if method == "GET":
        return (await browser.get(path)).status
    return (await browser.post(path, {"csrf": browser.csrf})).status


async def test_every_page_is_in_the_matrix(console: Console) -> None:
    assert {(page.method, page.path) for page in PAGES} == set(MATRIX)
    served = [route for route in routes(console.desk.house) if isinstance(route, Route | Mount)]
    doors = {"/console/login", "/console/static", "/console/{rest:path}"}
    assert {route.path for route in served} == {page.path for page in PAGES} | doors


@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_its_pages_and_no_other(console: Console, role: Role) -> None:
    _guest, ticket = await console.case(language="en")
    target = await console.member("target", Role.TUTOR)
    browser = await console.staff("somebody", role, languages=("en",))
    for (method, path), allowed in MATRIX.items():
        status = await asks(browser, method, filled(path, ticket.id, target.id))
        assert (path, status not in REFUSED) == (path, role in allowed)


async def test_without_a_session_there_is_only_the_login_page(console: Console) -> None:
    _guest, ticket = await console.case()
    target = await console.member("target", Role.TUTOR)
    for method, path in MATRIX:
        browser = console.browser()
        page = await ask_as_stranger(browser, method, filled(path, ticket.id, target.id))
        assert (path, page.status, page.path.split("?")[0]) == (path, 200, "/console/login")
    async with console.desk.house.db.reading() as session:
        found = await session.get_one(Staff, target.id)
    assert found.disabled_at is None


async def ask_as_stranger(browser: Browser, method: str, path: str) -> Page:
    return await (browser.get(path) if method == "GET" else browser.post(path))


async def test_a_mediator_sees_own_languages_only_and_no_danger(console: Console) -> None:
    _arab, arabic = await console.case(language="ar")
    _albanian, albanian = await console.case(language="sq")
    _person, danger = await console.danger(language="ar")
    mediator = await console.staff("amina", MEDIATOR, languages=("ar",))
    page = await mediator.get("/console/cases")
    assert cases_of(page.links()) == {f"/console/cases/{arabic.id}"}
    assert (await mediator.get(f"/console/cases/{arabic.id}")).status == 200
    for hidden in (albanian, danger):
        assert (await mediator.get(f"/console/cases/{hidden.id}")).status == 404
        assert (await mediator.get(f"/console/cases/{hidden.id}/thread")).status == 404
    async with mediator.events() as stream:
        name, data = await event(stream)
    assert (name, str(arabic.id) in data, str(albanian.id) in data, '"ringing": 0' in data) == (
        "changed", True, False, True,
    )  # fmt: skip


async def test_a_role_at_another_place_opens_nothing_here(console: Console) -> None:
    _guest, ticket = await console.case()
    member = await console.member("luka", ADVISER)
    async with console.desk.house.db.transaction() as session:
        (grant,) = await staff.grants(session, member.id)
        await session.delete(grant)
        await session.flush()
        session.add(Grant(staff_id=member.id, role=ADVISER, place="elsewhere"))
    browser = console.browser()
    page = await browser.log_in("luka")
    assert cases_of(page.links()) == set()
    assert (await browser.get(f"/console/cases/{ticket.id}")).status == 404
    assert (await browser.get("/console/report?place=postojna")).status == 403


async def test_a_role_that_is_taken_away_ends_at_once(console: Console) -> None:
    browser = await console.staff("luka", ADVISER)
    admin = await console.staff("vesna", ADMIN)
    await admin.get("/console/staff")
    (action,) = [form["="] for form in admin.here.forms if form["="].endswith("/disable")] if admin.here else []
    await admin.submit(action.removesuffix("/disable"), name="Luka", roles="tutor|")
    assert (await browser.get("/console/cases")).status == 403


async def test_identities_beyond_the_database_are_not_found(console: Console) -> None:
    admin = await console.staff("vesna", ADMIN)
    assert (await admin.get(f"/console/cases/{2**70}")).status == 404
    assert (await admin.get("/console/cases/1/files/1")).status == 404
    assert (await admin.post(f"/console/staff/{2**70}/disable", {"csrf": admin.csrf})).status == 404
    assert (await admin.get("/console/cases/x")).status == 404


def cases_of(links: Iterable[str]) -> set[str]:
    return {link for link in links if link.removeprefix("/console/cases/").isdigit()}
