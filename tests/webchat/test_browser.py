"""The page in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.bell import OUTBOX, of_address
from bot.dialog.messages import Message, Tone
from bot.domain.inbound import StoredUpdate
from bot.domain.people import Address
from bot.i18n import LANGUAGES, raw
from bot.post import post
from tests.databases import unavailable
from tests.webchat.conftest import Chat

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route, ViewportSize

pytestmark = pytest.mark.browser
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PHONE: ViewportSize = {"width": 360, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
QUESTION = "How do I register my address in Postojna?"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> str:
    """One database is enough to see the page."""
    shutil.copy(empty_sqlite, tmp_path / "desk.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"


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


class Phones:
    """Browsers of several people at this desk. What their pages complain about fails the test."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium = chromium
        self.url = url
        self.complaints: list[str] = []

    async def page(self, locale: str = "en", size: ViewportSize = PHONE, path: str = "/") -> Page:
        """A browser of its own with the page open."""
        context = await self.chromium.new_context(locale=locale, viewport=size, reduced_motion="reduce")
        await context.route(re.compile("^https:"), lambda route: route.fulfill(body="elsewhere"))
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))
        await page.goto(self.url + path)
        await page.wait_for_selector("html.ready")
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.complaints.append(text)


@pytest.fixture
async def phones(chat: Chat, chromium: Browser) -> AsyncIterator[Phones]:
    """People with browsers."""
    phones = Phones(chromium, chat.url)
    yield phones
    assert phones.complaints == []


async def writes(page: Page, words: str) -> None:
    """Type into the field and press Enter."""
    await page.fill("#say", words)
    await page.press("#say", "Enter")


async def shown(page: Page, selector: str = ".bubble") -> list[str]:
    """The texts of all that matches, in order."""
    return await page.locator(selector).all_inner_texts()


async def settled(page: Page, own: int) -> None:
    """Until the server has all of the person's own messages, and the newest is answered."""
    await page.wait_for_function(
        "own => document.querySelectorAll('.kept .person').length === own && !document.querySelector('.leaving > *')"
        " && document.querySelector('.kept > :last-child:not(.person)')",
        arg=own,
    )


async def stored(chat: Chat) -> int:
    async with chat.desk.house.db.reading() as session:
        return len(list(await session.scalars(select(StoredUpdate.id))))


async def test_asking(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    assert await page.is_visible("#welcome")
    await writes(page, QUESTION)
    await settled(page, own=1)
    assert await page.is_hidden("#welcome")
    assert await shown(page, ".person .bubble") == [QUESTION]
    assert "Register your address" in (await shown(page, ".answer .title"))[0]
    assert await page.input_value("#say") == ""
    assert await page.evaluate("document.activeElement.id") == "say"
    assert await stored(chat) == 1


async def test_start_button_then_a_topic_button(phones: Phones) -> None:
    page = await phones.page()
    await page.click("#start")
    await page.wait_for_selector(".message.bot .choice")
    label = await page.locator(".message.bot .choice").first.inner_text()
    await page.locator(".message.bot .choice").first.click()
    await settled(page, own=1)
    assert await shown(page, ".person .bubble") == [label]
    assert await page.locator(".rows:not(.old)").count() == 1


async def test_reload_keeps_the_conversation(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await writes(page, QUESTION)
    await settled(page, own=1)
    before = await shown(page)
    await page.reload()
    await settled(page, own=1)
    assert await shown(page) == before
    assert await page.is_hidden("#welcome")
    assert await stored(chat) == 1


async def test_shared_phone_keeps_nothing(phones: Phones) -> None:
    page = await phones.page()
    await page.check("#welcome .shared")
    await writes(page, QUESTION)
    await settled(page, own=1)
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    await page.reload()
    await page.wait_for_selector("html.ready")
    assert await page.is_visible("#welcome")
    assert await shown(page) == []


async def test_phone_becomes_shared_in_the_middle(phones: Phones) -> None:
    page = await phones.page()
    await writes(page, QUESTION)
    await settled(page, own=1)
    await page.click("#more")
    await page.check("#panel .shared")
    assert await page.evaluate("localStorage.length") == 0
    await page.keyboard.press("Escape")
    await writes(page, "/menu")
    await settled(page, own=2)
    await page.reload()
    assert await page.is_visible("#welcome")


async def test_conversation_goes_on_elsewhere_by_code(phones: Phones) -> None:
    page = await phones.page()
    await writes(page, QUESTION)
    await settled(page, own=1)
    await page.click("#more")
    await page.click("[data-opens=elsewhere]")
    await page.click("#get-code")
    await page.wait_for_selector("#new-code:not([hidden])")
    code = await page.inner_text("#new-code")
    other = await phones.page(size=DESKTOP)
    await other.click("[data-opens=elsewhere]")
    await other.fill("#code", "ABCDE-FGHJK")
    await other.press("#code", "Enter")
    await other.wait_for_function("() => document.getElementById('code-says').textContent")
    assert await other.inner_text("#code-says") == "This code does not work. Please check it."
    await other.fill("#code", code.lower())
    await other.press("#code", "Enter")
    await settled(other, own=1)
    assert await shown(other) == await shown(page)
    await writes(other, "/menu")
    await settled(other, own=2)
    await settled(page, own=2)
    assert await shown(other) == await shown(page)


async def test_message_waits_while_there_is_no_line(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await page.context.set_offline(True)
    await writes(page, "/menu")
    await writes(page, "/help")
    await page.wait_for_function("() => document.getElementById('says').textContent")
    assert await page.inner_text("#says") == "You are offline. Your message is kept and will be sent."
    assert await page.locator("[data-state=sending]").count() == 2
    await page.context.set_offline(False)
    await settled(page, own=2)
    assert await shown(page, ".person .bubble") == ["Menu", "/help"]
    assert await page.inner_text("#says") == ""
    assert await stored(chat) == 2


async def test_unsent_message_survives_a_reload(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await page.route("**/chat/messages", lambda route: route.abort())
    await writes(page, QUESTION)
    await page.wait_for_function("() => document.getElementById('says').textContent")
    await page.unroute("**/chat/messages")
    await page.reload()
    await settled(page, own=1)
    assert await shown(page, ".person .bubble") == [QUESTION]
    assert await stored(chat) == 1


async def test_lost_answers_double_nothing(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    lost: list[int] = []

    async def lose(route: Route) -> None:
        response = await route.fetch()
        if len(lost) < 2:
            lost.append(response.status)
            await route.abort()
        else:
            await route.fulfill(response=response)

    await page.route("**/chat/messages", lose)
    await writes(page, QUESTION)
    await page.wait_for_function("() => !Object.keys(localStorage).some(name => name.includes('unsent'))")
    await settled(page, own=1)
    assert lost == [202, 202]
    assert await stored(chat) == 1


async def test_danger_shows_numbers_without_any_line(phones: Phones) -> None:
    page = await phones.page()
    await page.context.set_offline(True)
    await page.click("#danger")
    await page.wait_for_selector("#help:not([hidden])")
    links = page.locator("#help a")
    assert [await link.get_attribute("href") for link in await links.all()] == ["tel:112", "tel:113"]


async def test_danger_answer_can_be_called(phones: Phones) -> None:
    page = await phones.page()
    await page.click("#danger")
    await page.wait_for_selector(".message.danger .tel")
    hrefs = [await link.get_attribute("href") for link in await page.locator(".message.danger .tel").all()]
    assert hrefs[:4] == ["tel:112", "tel:113", "tel:0801155", "tel:116123"]
    assert await page.is_hidden("#help")


async def test_numbers_stand_there_when_no_script_runs(chat: Chat, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(chat.url)
    await page.wait_for_selector(".late", state="visible")
    assert [await link.get_attribute("href") for link in await page.locator(".late a").all()] == ["tel:112", "tel:113"]


async def test_staff_reply_appears_by_itself(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await writes(page, "/menu")
    await settled(page, own=1)
    house = chat.desk.house
    async with house.db.transaction() as session:
        address = await session.scalar(select(Address.id))
        assert address is not None
        reply = Message(raw("A sample reply: 05 700 00 00\n<img src=x onerror=alert(1)>"), tone=Tone.STAFF)
        await post(session, house, address, reply, "sample:1", sender="Vesna")
    house.bell.ring(OUTBOX, of_address(address))
    await page.wait_for_selector(".staff .bubble")
    assert await shown(page, ".staff .sender") == ["Vesna"]
    assert await shown(page, ".staff p") == [
        "Vesna", "A sample reply: 05 700 00 00", "<img src=x onerror=alert(1)>", *await shown(page, ".staff .meta"),
    ]  # fmt: skip
    assert await page.get_attribute(".staff .tel", "href") == "tel:057000000"
    assert await page.locator(".staff img").count() == 0


async def test_too_long_text_stays_in_the_field(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await writes(page, "ж" * 4001)
    assert await page.inner_text("#says") == "This text is too long. Please send it in parts."
    assert await page.input_value("#say") == "ж" * 4001
    assert await stored(chat) == 0


async def test_ended_visit_begins_anew_and_loses_nothing(chat: Chat, phones: Phones) -> None:
    page = await phones.page()
    await writes(page, "/menu")
    await settled(page, own=1)
    await page.evaluate(
        "fetch('/chat/leave', {method: 'POST', body: '{}', headers: {'Content-Type': 'application/json',"
        " 'X-Visit': localStorage.getItem('starting-point.visit')}})"
    )
    await writes(page, QUESTION)
    await page.wait_for_selector(".answer")
    await settled(page, own=1)
    assert await shown(page, ".person .bubble") == [QUESTION]
    assert await stored(chat) == 2


# Leaving


@pytest.mark.parametrize("how", ["button", "escape"])
@pytest.mark.parametrize("shared", [False, True])
async def test_quick_exit(phones: Phones, how: str, *, shared: bool) -> None:
    page = await phones.page()
    if shared:
        await page.check("#welcome .shared")
    await writes(page, QUESTION)
    await settled(page, own=1)
    if how == "button":
        await page.click("#exit")
    else:
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
    await page.wait_for_url("https://sl.wikipedia.org/")
    assert await page.inner_text("body") == "elsewhere"
    await page.goto(phones.url)
    await page.wait_for_selector("html.ready")
    assert await page.is_visible("#welcome") is shared


async def test_quick_exit_shows_nothing_on_the_way(phones: Phones) -> None:
    page = await phones.page()
    await writes(page, QUESTION)
    await settled(page, own=1)
    seen = await page.evaluate(
        "() => { document.getElementById('exit').click(); return [document.body.textContent, document.title]; }"
    )
    assert seen == ["", "Close"]


async def test_leaving_the_conversation_forgets_it_here(phones: Phones) -> None:
    page = await phones.page(size=DESKTOP)
    await writes(page, QUESTION)
    await settled(page, own=1)
    await page.click("[data-opens=leaving]")
    await page.click("#leave")
    assert await page.is_visible("#welcome")
    await page.reload()
    await page.wait_for_selector("html.ready")
    assert await page.is_visible("#welcome")


# Layout, languages, keyboard


async def test_language_is_picked_from_its_own_name(phones: Phones) -> None:
    page = await phones.page()
    await page.click("[data-lang=ar]")
    await page.wait_for_selector(".message.bot")
    assert await page.get_attribute("html", "dir") == "rtl"
    assert await page.get_attribute("html", "lang") == "ar"
    assert await page.input_value("#language") == "ar"
    assert await page.get_attribute(".message.notice .bubble", "dir") == "rtl"


async def test_right_to_left_mirrors_the_page(phones: Phones) -> None:
    page = await phones.page("ar-SY")
    await writes(page, "مرحبا")
    await settled(page, own=1)
    places = {}
    for name, selector in (
        ("own", ".person .bubble"), ("theirs", ".notice .bubble"), ("send", "#send"), ("exit", "#exit"),
        ("danger", "#danger"),
    ):  # fmt: skip
        box = await page.locator(selector).first.bounding_box()
        assert box is not None
        places[name] = "left" if box["x"] < PHONE["width"] - box["x"] - box["width"] else "right"
    assert places == {"own": "left", "theirs": "right", "send": "left", "exit": "right", "danger": "left"}


SMALL = """() => [...document.querySelectorAll('button, select, textarea, .choice')].filter(node => node.offsetParent
    && !node.matches('.inline') && (node.offsetHeight < 44 || node.offsetWidth < 44)).map(node => node.outerHTML)"""
WIDTH = "() => Math.max(document.body.scrollWidth, ...[...document.querySelectorAll('div')].map(n => n.scrollWidth))"


async def fits(page: Page) -> None:
    """Nothing runs out of the page at any width, and a finger finds everything."""
    for width in (320, 360, 430, 1280):
        await page.set_viewport_size({"width": width, "height": 640})
        assert await page.evaluate(WIDTH) <= width
        assert await page.evaluate(SMALL) == []


async def test_page_fits_in_every_language(phones: Phones) -> None:
    page = await phones.page()
    for language in LANGUAGES:
        await page.goto(f"{phones.url}/?lang={language}")
        await page.wait_for_selector("html.ready")
        await page.set_viewport_size(PHONE)
        await page.click("#more")
        await page.click("[data-opens=elsewhere]")
        await fits(page)


@pytest.mark.parametrize("locale", ["uk", "ar"])
async def test_conversation_fits(phones: Phones, locale: str) -> None:
    page = await phones.page(locale)
    await page.click("#start")
    await page.wait_for_selector(".message.bot .choice")
    await writes(page, QUESTION)
    await page.click("#danger")
    await page.wait_for_selector(".message.danger")
    await fits(page)


async def test_keyboard_alone_is_enough(phones: Phones) -> None:
    page = await phones.page()
    await page.keyboard.press("Tab")
    assert await page.inner_text(":focus") == "Go to the text field"
    await page.keyboard.press("Enter")
    assert await page.get_attribute(":focus", "id") == "say"
    await page.keyboard.type("/menu")
    await page.keyboard.press("Shift+Enter")
    assert await page.input_value("#say") == "/menu\n"
    await page.keyboard.press("Enter")
    await settled(page, own=1)
    await page.keyboard.press("Shift+Tab")
    label = await page.inner_text(":focus")
    assert label == (await shown(page, ".choice"))[-1]
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Shift+Tab")
    label = await page.inner_text(":focus")
    await page.keyboard.press("Enter")
    await settled(page, own=2)
    assert (await shown(page, ".person .bubble"))[-1] == label


async def test_panel_opens_and_closes_by_keyboard(phones: Phones) -> None:
    page = await phones.page()
    await page.focus("#more")
    await page.keyboard.press("Enter")
    assert await page.inner_text(":focus") == "Menu"
    await page.keyboard.press("Escape")
    assert await page.get_attribute(":focus", "id") == "more"
    assert await page.is_hidden("#panel")


async def test_screen_readers_hear_who_speaks(phones: Phones) -> None:
    page = await phones.page()
    await writes(page, "/menu")
    await settled(page, own=1)
    tree = await page.locator("#log").aria_snapshot()
    assert tree.startswith('- log "Conversation":')
    assert '- text: "You:"\n  - paragraph: Menu\n' in tree
    nameless = await page.evaluate(
        "[...document.querySelectorAll('button, a, input, select, textarea')].filter(node => node.offsetParent"
        " && !(node.textContent.trim() || node.getAttribute('aria-label') || (node.labels && node.labels.length)))"
        ".map(node => node.outerHTML)"
    )
    assert nameless == []


async def test_script_finds_what_can_be_pressed_in_a_text(phones: Phones) -> None:
    page = await phones.page()
    found = await page.evaluate(
        """async text => {
            const {lively} = await import(document.querySelector('script[src]').src.replace('chat.js', 'nodes.js'));
            const box = document.createElement('p');
            box.append(lively(text));
            return [box.textContent, [...box.children].map(n => n.href || '/' + n.dataset.command)];
        }""",
        TEXT,
    )
    assert found == [
        TEXT.replace("https://infotujci.si/.", "infotujci.si."),
        ["https://infotujci.si/", "tel:0801155", "tel:+38657000000", "tel:112", "tel:116111", "/privacy"],
    ]


TEXT = (
    "See https://infotujci.si/. Call 080 11 55 or +386 5 700 00 00 or 112, 116\u00a0111; costs 113 EUR, 1\u00a0000 or"
    " 1.112; more: \u2068/privacy\u2069, not /privacy/x, a/menu, 2/112 or javascript://x"
)
