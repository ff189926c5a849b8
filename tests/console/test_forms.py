"""Forms are taken from our own pages only."""

from __future__ import annotations

from bot.domain.tickets import TicketState
from tests.console.browser import Console


async def state_of(console: Console) -> str:
    (ticket,) = await console.desk.tickets()
    return ticket.state


async def test_a_form_without_its_token_is_refused(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()
    for fields in ({}, {"csrf": ""}, {"csrf": "x" * 32}):
        page = await browser.post(f"/console/cases/{ticket.id}/claim", dict(fields))
        assert (page.status, "This form is too old" in page.text) == (403, True)
    assert await state_of(console) == TicketState.WAITING


async def test_the_token_of_another_session_is_refused(console: Console) -> None:
    _guest, ticket = await console.case()
    browser, other = await console.staff("vesna"), await console.staff("luka")
    await other.get("/console/cases")
    page = await browser.post(f"/console/cases/{ticket.id}/claim", {"csrf": other.csrf})
    assert page.status == 403
    assert await state_of(console) == TicketState.WAITING


async def test_a_form_from_another_site_is_refused_though_its_token_is_right(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()
    await browser.get("/console/cases")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": console.url + ".evil.test"},
    ):
        page = await browser.post(f"/console/cases/{ticket.id}/claim", {"csrf": browser.csrf}, **headers)
        assert (page.status, "came from another site" in page.text) == (403, True)
        await browser.get("/console/cases")
    assert await state_of(console) == TicketState.WAITING


async def test_a_form_from_our_own_page_is_taken(console: Console) -> None:
    browser = await console.staff()
    for headers in (
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": console.url},
        {"Origin": console.desk.house.public_url},
    ):
        await browser.get("/console/cases")
        assert (await browser.post("/console/on-call", {"csrf": browser.csrf}, **headers)).status == 200


async def test_logging_in_from_another_site_is_refused(console: Console) -> None:
    await console.member("vesna")
    browser = console.browser()
    fields: dict[str, str | list[str]] = {"login": "vesna", "password": "a long password"}
    assert (await browser.post("/console/login", fields, Origin="https://evil.test")).status == 403
    assert (await browser.get("/console/cases")).path.startswith("/console/login")


async def test_too_much_is_not_read(console: Console) -> None:
    browser = await console.staff()
    assert (await browser.post("/console/language", {"language": "x" * 100_000})).status == 413
    assert (await browser.post("/console/language", {"language": ["x"] * 1000})).status == 400


async def test_a_deed_cannot_be_done_by_a_link(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()
    for path in (f"/console/cases/{ticket.id}/claim", "/console/logout", "/console/on-call"):
        assert (await browser.get(path)).status == 404
    assert await state_of(console) == TicketState.WAITING
