"""What members of the desk set for themselves."""

from __future__ import annotations

import re

from bot.domain import staff
from bot.domain.staff import Role, Staff
from tests.console.browser import PASSWORD, Console
from tests.desk import told

NEW = "another long password"


async def member(console: Console, login: str = "vesna") -> Staff:
    async with console.desk.house.db.reading() as session:
        found = await staff.by_login(session, login)
    assert found is not None
    return found


async def test_the_interface_is_in_the_members_language(console: Console) -> None:
    browser = await console.staff(language="en")
    await browser.get("/console/content")
    page = await browser.submit("/console/language", language="ar")
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    assert (page.path, html["lang"], html["dir"]) == ("/console/content", "ar", "rtl")
    page = await browser.submit("/console/language", language="xx")
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    assert html["lang"] == "ar"
    page = await browser.get("/console/cases")  # a page without choices of its own
    options = [attributes["value"] for tag, attributes in page.tags if tag == "option"]
    assert options == ["sl", "en", "bs", "sr", "sq", "mk", "ar", "fa", "ps", "ur", "bn", "ru", "uk", "es"]


async def test_being_on_call_is_a_switch(console: Console) -> None:
    browser = await console.staff()
    page = await browser.get("/console/cases")
    assert "Nobody is on call now." in page.text
    page = await browser.submit("/console/on-call")
    assert ("Nobody is on call now." in page.text, (await member(console)).on_call) == (False, True)
    page = await browser.submit("/console/on-call")
    assert ("Nobody is on call now." in page.text, (await member(console)).on_call) == (True, False)


async def test_telegram_is_linked_by_a_word_that_works_once(console: Console) -> None:
    browser = await console.staff()
    page = await browser.get("/console/account")
    assert "Your Telegram is not linked." in page.text
    page = await browser.submit("/console/account/telegram")
    (invitation,) = re.findall(r"/start staff-[\w-]{32}", page.text)
    (code,) = [one["src"] for tag, one in page.tags if tag == "img"]
    assert code.startswith("data:image/svg+xml")
    guest, stranger = console.desk.person(language="en"), console.desk.person(language="en")
    said = [told(laid, console.desk) for laid in await guest.says(invitation)]
    assert said[-1].startswith("< Done.")
    said = [told(laid, console.desk) for laid in await stranger.says(invitation)]
    assert said[-1].startswith("< This invitation is not valid any more.")
    assert "Your Telegram is linked." in (await browser.get("/console/account")).text
    await browser.submit("/console/account/telegram/unlink")
    assert (await member(console)).address_id is None


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(console: Console) -> None:
    browser = await console.staff()
    other = console.browser()
    await other.log_in()
    await browser.get("/console/account")
    page = await browser.submit("/console/account/password", current="wrong", new=NEW, again=NEW)
    assert (page.status, "The current password is wrong." in page.text) == (403, True)
    await browser.get("/console/account")
    page = await browser.submit("/console/account/password", current=PASSWORD, new=NEW, again=NEW)
    assert "Saved." in page.text
    assert (await browser.get("/console/cases")).path == "/console/cases"
    assert (await other.get("/console/cases")).path.startswith("/console/login")
    assert (await other.log_in()).status == 401
    assert (await other.log_in("vesna", NEW)).path == "/console/cases"


async def test_a_poor_password_is_refused_with_its_reason(console: Console) -> None:
    browser = await console.staff()
    for new, again, reason in (
        ("too short", "too short", "The password needs at least 12 characters."),
        (NEW, NEW + "!", "The two new passwords are not the same."),
        ("VESNA in Postojna", "VESNA in Postojna", "The password must not hold your log-in name."),
        ("x" * 201, "x" * 201, "The password may have at most 200 characters."),
    ):
        await browser.get("/console/account")
        page = await browser.submit("/console/account/password", current=PASSWORD, new=new, again=again)
        assert (page.status, reason in page.text) == (422, True)
    assert (await console.browser().log_in()).path == "/console/cases"


async def test_tutors_have_content_and_their_account_only(console: Console) -> None:
    browser = await console.staff("luka", Role.TUTOR)
    page = await browser.get("/console")
    assert page.path == "/console/content"
    assert {link for link in page.links() if link.count("/") == 2 and "?" not in link} == {
        "/console/content",
        "/console/courses",
        "/console/account",
    }
    assert "On call" not in page.text
