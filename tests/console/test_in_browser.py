"""The console in a real browser."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.bell import DESK
from bot.domain.staff import Role, StaffSession
from bot.domain.tickets import Ticket
from bot.i18n import LANGUAGES
from tests.console.browser import PASSWORD, Console
from tests.console.test_cases import PAYLOADS
from tests.databases import sqlite_url, unavailable

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> str:
    """One database is enough to see the pages."""
    shutil.copy(empty_sqlite, tmp_path / "desk.db")
    return sqlite_url(tmp_path)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser; skips where there is none."""
    if find_spec("playwright") is None:
        unavailable("browser", "playwright is not installed (make install)")
    path = shutil.which("chromium")
    if path is None:
        unavailable("browser", "there is no chromium (on Debian and Ubuntu: apt-get install chromium)")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        await browser.close()


class Screens:
    """Staff at their screens. What their pages complain about fails the test."""

    def __init__(self, chromium: Browser, console: Console) -> None:
        self.chromium = chromium
        self.console = console
        self.complaints: list[str] = []

    async def screen(
        self, login: str = "vesna", *roles: Role, width: int = 1280, language: str = "en", path: str = "/console"
    ) -> Page:
        """A member of the desk who logs in by the form and opens a page."""
        await self.console.member(login, *roles, language=language)
        context = await self.chromium.new_context(
            viewport={"width": width, "height": 800}, locale="en-GB", reduced_motion="reduce"
        )
        page = await context.new_page()
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))
        await page.goto(f"{self.console.url}/console/login")
        await page.fill("[name=login]", login)
        await page.fill("[name=password]", PASSWORD)
        await page.press("[name=password]", "Enter")
        await page.wait_for_url("**/console/c*")
        await page.goto(self.console.url + path)
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.complaints.append(text)


@pytest.fixture
async def screens(chromium: Browser, console: Console) -> AsyncIterator[Screens]:
    """The desk's own people with browsers."""
    screens = Screens(chromium, console)
    yield screens
    assert screens.complaints == []


def at(ticket: Ticket) -> str:
    return f"/console/cases/{ticket.id}"


async def test_a_new_case_appears_by_itself(screens: Screens) -> None:
    page = await screens.screen(path="/console/cases")
    assert await page.inner_text(".empty p >> nth=0") == "No open cases."
    assert await page.title() == "Cases · Starting Point Postojna"
    await screens.console.case(language="sq")
    await page.wait_for_selector(".cases .waiting")
    assert await page.inner_text(".cases .number") == "1001"
    await page.wait_for_function("() => document.title.startsWith('(1) Cases')")


async def test_a_danger_rings_on_an_open_page_until_it_is_taken(screens: Screens) -> None:
    page = await screens.screen(path="/console/content")
    other = await screens.screen("luka", path="/console/account")
    _guest, ticket = await screens.console.danger()
    await page.wait_for_selector(".alarm")
    await other.wait_for_selector(".alarm")
    assert "Danger: case 1001" in await page.inner_text(".alarm")
    await page.click(".alarm button")
    await page.wait_for_url(f"**{at(ticket)}?note=alert")
    await other.wait_for_selector(".alarm", state="detached")


async def test_an_answer_by_keyboard(screens: Screens) -> None:
    guest, _first = await screens.console.case(language="en")
    screens.console.desk.clock.pass_(minutes=1)
    _other, second = await screens.console.case(language="en")
    page = await screens.screen(path="/console/cases")
    for key in ("j", "j", "k", "j", "Enter"):
        await page.keyboard.press(key)
    await page.wait_for_url(f"**{at(second)}")
    await page.keyboard.press("r")
    await page.keyboard.type("Dober dan")
    await page.keyboard.press("Enter")
    await page.keyboard.type("jrk")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_selector(".bubble.staff")
    assert await page.inner_text(".bubble.staff .says") == "Dober dan\njrk"
    assert await guest.says("/menu") != []


async def test_an_open_case_shows_new_words_and_keeps_the_reply_that_is_being_written(screens: Screens) -> None:
    guest, ticket = await screens.console.case(language="en")
    page = await screens.screen(path=at(ticket))
    await page.click("text=Take this case")
    await page.wait_for_selector("text=This case is yours now.")
    await page.fill("#words", "Let me see")
    await guest.says("One more thing")
    await page.wait_for_selector(".bubble.person >> text=One more thing")
    assert await page.input_value("#words") == "Let me see"


async def test_a_session_that_ends_does_not_cost_the_words(screens: Screens) -> None:
    _guest, ticket = await screens.console.case(language="en")
    page = await screens.screen(path=at(ticket))
    await page.fill("#words", "A long answer")
    await end_sessions(screens.console)
    await page.wait_for_url("**/console/login?note=ended**")
    await page.fill("[name=login]", "vesna")
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(f"**{at(ticket)}")
    assert await page.input_value("#words") == "A long answer"
    await page.click("text=Send")
    await page.wait_for_selector(".bubble.staff")
    assert await page.input_value("#words") == ""


async def end_sessions(console: Console) -> None:
    async with console.desk.house.db.transaction() as session:
        long_ago = console.desk.clock().replace(year=2020)
        await session.execute(update(StaffSession).values(seen_at=long_ago))
    console.desk.house.bell.ring(DESK)


async def test_words_of_people_do_nothing(screens: Screens) -> None:
    guest, ticket = await screens.console.case(PAYLOADS[0], language="en")
    for payload in PAYLOADS[1:]:
        await guest.says(payload)
    page = await screens.screen(path=at(ticket))
    title = await page.title()
    await guest.says(PAYLOADS[6])  # the same through the live update
    await page.wait_for_function("n => document.querySelectorAll('.bubble.person').length === n", arg=len(PAYLOADS) + 2)
    assert await page.title() == title
    assert await page.locator(".thread").locator("script, img, svg, form, [hx-get], [onerror]").count() == 0
    assert page.url.endswith(at(ticket))


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_page_fits_a_phone(screens: Screens, language: str) -> None:
    _guest, ticket = await screens.console.case("كيف أسجل أطفالي في المدرسة؟", language="ar")
    await screens.console.danger()
    page = await screens.screen("vesna", Role.ADMIN, width=390, language=language)
    for path in (
        "/console/cases", "/console/cases?show=closed", at(ticket), "/console/content",
        "/console/content/residence.family/sl", "/console/report", "/console/staff", "/console/account",
    ):  # fmt: skip
        await page.goto(screens.console.url + path)
        assert (path, await page.evaluate("document.documentElement.scrollWidth")) == (path, 390)
        assert await page.evaluate("document.dir") == LANGUAGES[language].direction
        small = "[...document.querySelectorAll('button, select, nav a')].filter(one => one.offsetHeight && "
        small += "one.offsetHeight < 44).map(one => one.outerHTML)"
        assert (path, await page.evaluate(small)) == (path, [])


async def test_two_tabs_share_one_stream(screens: Screens) -> None:
    page = await screens.screen(path="/console/cases")
    second = await page.context.new_page()
    await second.goto(f"{screens.console.url}/console/content")
    await screens.console.danger()
    await second.wait_for_selector(".alarm")
    streams = "performance.getEntriesByType('resource').filter(one => one.name.endsWith('/console/live')).length"
    held = "navigator.locks.query().then(found => found.held.length + found.pending.length)"
    assert await second.evaluate(held) == 2
    assert await second.evaluate(streams) == 0
    await page.close()
    # A loop of its own: wait_for_function takes a promise, whatever it holds, for a yes.
    free = "async () => { while ((await navigator.locks.query()).pending.length) await new Promise(requestAnimationFrame) }"
    async with asyncio.timeout(30):
        await second.evaluate(free)


async def test_it_works_without_scripts(console: Console, chromium: Browser) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    await console.member("vesna")
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{console.url}{at(ticket)}")
    await page.fill("[name=login]", "vesna")
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(f"**{at(ticket)}")
    await page.fill("#words", "Good morning")
    await page.click("text=Send")
    await page.wait_for_selector(".bubble.staff")
    assert [laid.text for laid in await guest.reads()] == ["Good morning"]
