"""Where the desk and the offices are: asked, written down, shown to people, taken back."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.edits import DeskFact
from tests.console.browser import Browser, Console, Page

FACTS = "/console/content/facts"
NOTHING = "Address, phone and opening hours: ask the office."


async def fills_in(console: Console, browser: Browser, subject: str = "ue", **fields: str) -> Page:
    page = await browser.get(FACTS)
    version = next(form["version"] for form in page.forms if form.get("subject") == subject)
    plain = {"csrf": browser.csrf, "subject": subject, "version": version, "checked_on": "2026-11-20", **fields}
    return await browser.post(FACTS, {**plain})


async def small_print(console: Console, language: str = "en") -> str:
    shown, *_offer = await console.desk.person(language).says("How do I register my address?")
    return shown.text


async def rows(console: Console) -> list[DeskFact]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(DeskFact).order_by(DeskFact.id)))


async def test_what_was_asked_at_the_office_is_shown_below_its_answers(console: Console) -> None:
    assert NOTHING in await small_print(console)
    browser = await console.staff("vesna")
    page = await fills_in(console, browser, address="Vzorčna 1", phone="00 000 00 00", mon="8-12", tue="8-12")
    assert page.path == f"{FACTS}?note=saved&at=ue"
    said = "Office: Upravna enota Postojna, Vzorčna 1, 00\u00a0000\u00a000\u00a000, Mon–Tue 08:00–12:00"
    assert said in await small_print(console)
    assert "Vzorčna 1" in await small_print(console, "ar")
    assert [(row.field, row.value) for row in await rows(console)] == [
        ("address", "Vzorčna 1"), ("phone", "00 000 00 00"), ("hours", "mon 08:00-12:00; tue 08:00-12:00"),
    ]  # fmt: skip


async def test_the_desk_s_own_address_stands_in_help_and_below_a_case(console: Console) -> None:
    browser = await console.staff("vesna")
    await fills_in(console, browser, "place:postojna", address="Vzorčna 2", wed="9-17")
    guest = console.desk.person("en")
    (shown,) = await guest.says("/help")
    assert "The desk: Vzorčna 2, Wed 09:00–17:00" in shown.text
    await guest.says("/person")
    shown, *_more = await guest.says("About a bicycle")
    assert shown.text.endswith("The desk: Vzorčna 2, Wed 09:00–17:00")


async def test_undo_leaves_what_was_known_before(console: Console) -> None:
    browser = await console.staff("vesna")
    await fills_in(console, browser, address="Vzorčna 1")
    await browser.get(FACTS)
    page = await browser.submit(f"{FACTS}/undo")
    assert "Taken back." in page.text
    assert "Taken back by Vesna" in page.text
    assert NOTHING in await small_print(console)


async def test_what_is_not_right_is_said_beside_its_field(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await fills_in(console, browser, phone="ask", email="at home", mon="morning", checked_on="2026-11-24")
    assert page.status == 422
    for sentence in (
        "This is no telephone number.", "This is no e-mail address.", "Please write hours like 8:00-12:00",
        "It cannot be in the future.",
    ):  # fmt: skip
        assert sentence in page.text
    assert "morning" in page.html
    assert await rows(console) == []


async def test_two_who_write_at_once_see_each_other(console: Console) -> None:
    ana, bor = await console.staff("ana"), await console.staff("bor")
    await bor.get(FACTS)
    old = next(form["version"] for form in (bor.here or Page(0, "", {}, b"")).forms if form.get("subject") == "ue")
    await fills_in(console, ana, address="Vzorčna 1")
    page = await bor.post(
        FACTS, {"csrf": bor.csrf, "subject": "ue", "version": old, "address": "Vzorčna 9", "checked_on": "2026-11-20"}
    )
    assert page.status == 409
    assert "Ana changed this meanwhile." in page.text
    assert "Vzorčna 9" in page.html
    assert [row.value for row in await rows(console)] == ["Vzorčna 1"]


async def test_facts_of_long_ago_are_to_be_checked_again(console: Console) -> None:
    browser = await console.staff("vesna")
    assert "To be checked again" not in (await browser.get(FACTS)).text
    console.desk.clock.pass_(days=95)
    await browser.log_in("vesna")
    page = await browser.get(FACTS)
    assert page.text.count("To be checked again") == 2  # the two whose facts came with the program
    page = await fills_in(console, browser, "advocate", address="Železna cesta 16, Ljubljana", phone="080 81 80",
                          email="gp@zagovornik-rs.si", checked_on="2027-02-25")  # fmt: skip
    assert page.text.count("To be checked again") == 1
