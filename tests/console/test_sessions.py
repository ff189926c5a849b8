"""Logging in, staying in, being put out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.responses import Response

from bot.console.gate import Gate
from bot.domain import staff
from bot.domain.staff import Role, Staff, StaffSession
from tests.console.browser import Console


async def test_logging_in_opens_the_cases_and_sets_a_shy_cookie(console: Console) -> None:
    await console.member("vesna", Role.ADVISER)
    browser = console.browser()
    await browser.get("/console/login")
    async with browser.http.post(
        f"{console.url}/console/login", data={"login": " Vesna ", "password": "a long password"}, allow_redirects=False
    ) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert (answer.status, answer.headers["Location"]) == (303, "/console")
    parts = [part.strip() for part in cookie.split(";")]
    assert parts[0].startswith("desk_session=")
    assert set(parts[1:]) == {"HttpOnly", "Path=/console", "SameSite=lax"}
    page = await browser.get("/console")
    assert (page.status, page.path, page.title) == (200, "/console/cases", "Cases · Starting Point Postojna")


async def test_with_https_the_cookie_is_bound_to_the_host(console: Console) -> None:
    console.desk.house.public_url = "https://desk.test"
    gate, response = Gate(console.desk.house, asyncio.Event()), Response()
    gate.set_cookie(response, "token")
    assert response.headers["set-cookie"] == "__Host-desk=token; HttpOnly; Path=/; SameSite=lax; Secure"


async def test_a_wrong_password_and_an_unknown_name_read_the_same(console: Console) -> None:
    await console.member("vesna", Role.ADVISER)
    gone = await console.member("gone", Role.ADVISER)
    async with console.desk.house.db.transaction() as session:
        await staff.disable(session, gone.id, console.desk.clock())
    browser = console.browser()
    pages = [
        await browser.log_in(*pair) for pair in (("vesna", "wrong"), ("nobody", "wrong"), ("gone", "a long password"))
    ]
    assert {(page.status, page.text) for page in pages} == {(401, pages[0].text)}
    assert "The log-in name or the password is wrong." in pages[0].text


async def test_guessing_is_slowed_down_and_forgiven_after_a_while(console: Console) -> None:
    await console.member("vesna", Role.ADVISER)
    browser = console.browser()
    for _ in range(10):
        assert (await browser.log_in("vesna", "wrong")).status == 401
    page = await browser.log_in("vesna")
    assert page.status == 429
    assert "Too many attempts. Please wait 15 minutes." in page.text
    console.desk.clock.pass_(minutes=15)
    assert (await browser.log_in("vesna")).path == "/console/cases"


async def test_half_an_hour_without_use_ends_a_session(console: Console) -> None:
    browser = await console.staff()
    console.desk.clock.pass_(minutes=29)
    assert (await browser.get("/console/cases")).path == "/console/cases"
    console.desk.clock.pass_(minutes=31)
    page = await browser.get("/console/content")
    assert page.path == "/console/login?note=ended&next=/console/content"
    assert "Please log in again. Your session has ended." in page.text
    page = await browser.submit("/console/login", login="vesna", password="a long password")
    assert page.path == "/console/content"


async def test_looks_of_the_page_itself_do_not_keep_a_session(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()
    for _ in range(2):
        console.desk.clock.pass_(minutes=14)
        for path in ("/console/now", "/console/cases/list", f"/console/cases/{ticket.id}/thread"):
            assert (await browser.get(path)).status == 200
    console.desk.clock.pass_(minutes=3)
    async with browser.http.get(f"{console.url}/console/now", headers={"HX-Request": "true"}) as answer:
        assert (answer.status, answer.headers["HX-Redirect"]) == (204, "/console/login?note=ended")


async def test_writing_a_long_reply_keeps_a_session(console: Console) -> None:
    browser = await console.staff()
    for _ in range(3):
        console.desk.clock.pass_(minutes=20)
        assert (await browser.post("/console/stay", {"csrf": browser.csrf})).status == 204
    assert (await browser.get("/console/cases")).path == "/console/cases"


async def test_twelve_hours_end_every_session(console: Console) -> None:
    browser = await console.staff()
    for hours, path in ((11, "/console/cases"), (12, "/console/login?note=ended&next=/console/cases")):
        async with console.desk.house.db.transaction() as session:
            began = console.desk.clock() - timedelta(hours=hours)
            await session.execute(update(StaffSession).values(created_at=began))
        assert (await browser.get("/console/cases")).path == path


async def test_a_disabled_member_is_out_at_once(console: Console) -> None:
    browser = await console.staff("luka", Role.ADVISER)
    async with console.desk.house.db.transaction() as session:
        member = await staff.by_login(session, "luka")
        assert member is not None
        await staff.disable(session, member.id, console.desk.clock())
    assert (await browser.get("/console/cases")).path.startswith("/console/login")
    assert (await browser.log_in("luka")).status == 401


async def test_logging_out_ends_the_session_also_for_a_copy_of_the_cookie(console: Console) -> None:
    browser = await console.staff()
    token = console.cookie(browser)
    await browser.get("/console/cases")
    page = await browser.submit("/console/logout")
    assert (page.path, "You are logged out." in page.text) == ("/console/login?note=out", True)
    thief = console.browser()
    page = await thief.get("/console/cases", Cookie=f"desk_session={token}")
    assert page.path.startswith("/console/login")
    assert await console.desk.count(StaffSession) == 0


async def test_tokens_are_stored_as_hashes_only(console: Console) -> None:
    browser = await console.staff()
    async with console.desk.house.db.reading() as session:
        row = await session.scalar(select(StaffSession.token_hash))
    assert row == staff.token_hash(console.cookie(browser))


async def test_after_logging_in_one_goes_to_a_page_of_ours_only(console: Console) -> None:
    await console.member("vesna", Role.ADVISER)
    for wanted, reached in (
        ("/console/content", "/console/content"),
        ("//evil.test/", "/console/cases"),
        ("https://evil.test/console", "/console/cases"),
        ("/\\evil.test", "/console/cases"),
    ):
        browser = console.browser()
        page = await browser.post("/console/login", {"login": "vesna", "password": "a long password", "next": wanted})
        assert page.path == reached


async def test_the_login_page_speaks_the_browsers_language_or_the_one_picked(console: Console) -> None:
    browser = console.browser()
    page = await browser.get("/console/login", **{"Accept-Language": "ar-SY,ar;q=0.9,en;q=0.5"})
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    page = await browser.get("/console/login?lang=uk", **{"Accept-Language": "ar"})
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    assert (html["lang"], html["dir"]) == ("uk", "ltr")


async def test_every_answer_carries_the_headers_that_protect(console: Console) -> None:
    browser = await console.staff()
    for path in ("/console/cases", "/console/login", "/console/nothing", "/console/cases/1", "/console/report.csv"):
        page = await browser.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    nonces = {(await browser.get("/console/cases")).headers["Content-Security-Policy"] for _ in range(3)}
    assert len(nonces) == 3


async def test_a_failure_shows_a_plain_page_and_logs_no_values(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await console.staff()
    async with console.desk.house.db.transaction() as session:
        await session.execute(update(Staff).values(language="a secret"))
    page = await browser.get("/console/cases")
    assert (page.status, "Something went wrong. Please try again." in page.text) == (500, True)
    assert [record.message.split(" at ")[0] for record in caplog.records if record.name == "bot.console.gate"] == [
        "a page of the console failed: KeyError"
    ]
    assert "a secret" not in caplog.text
