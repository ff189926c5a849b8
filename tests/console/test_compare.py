"""A mediator compares translations with the Slovene, one after another."""

from __future__ import annotations

from pathlib import Path

from bot.answers.content import body_hash, load
from bot.console.compare import pairs
from bot.domain.staff import Role
from tests.answers.sample import write_answer, write_topic
from tests.console.browser import Browser, Console, Page

COMPARE = "/console/content/compare"


async def mediator(console: Console, *languages: str) -> Browser:
    return await console.staff("fatmir", Role.MEDIATOR, languages=languages or ("sq",))


def topic_of(page: Page) -> str:
    return next(form["="] for form in page.forms if form["="].endswith("/right")).split("/")[3]


async def test_right_marks_the_text_and_shows_the_next_one(console: Console) -> None:
    browser, library = await mediator(console), console.desk.house.library
    first, second = [topic.id for topic in library if "sq" in topic.answers][:2]
    page = await browser.get(f"{COMPARE}/sq?at={first}")
    assert (topic_of(page), f"0 of {len(library)}" in page.text) == (first, True)
    page = await browser.submit(f"/console/content/{first}/sq/right")
    assert (topic_of(page), f"1 of {len(library)}" in page.text) == (second, True)
    answer = console.desk.house.library[first].answers["sq"]
    source = console.desk.house.library[first].answers["sl"]
    assert (answer.state, answer.stale, answer.made_from) == ("checked", False, body_hash(source.body))
    assert answer.body == library[first].answers["sq"].body


async def test_right_can_be_taken_back(console: Console) -> None:
    browser, library = await mediator(console), console.desk.house.library
    first = next(topic.id for topic in library if "sq" in topic.answers)
    await browser.get(f"{COMPARE}/sq?at={first}")
    await browser.submit(f"/console/content/{first}/sq/right")
    page = await browser.submit(f"/console/content/{first}/sq/undo")
    assert (topic_of(page), f"0 of {len(library)}" in page.text) == (first, True)
    assert console.desk.house.library == library


async def test_a_correction_is_checked_and_leads_on(console: Console) -> None:
    browser, library = await mediator(console), console.desk.house.library
    first, second = [topic.id for topic in library if "sq" in topic.answers][:2]
    await browser.get(f"/console/content/{first}/sq/edit?back=compare")
    page = await browser.submit(
        f"/console/content/{first}/sq/edit", title="Shembull", body="Tekst shembull.", state="checked", same="yes",
        deed="save",
    )  # fmt: skip
    assert (page.path, topic_of(page)) == (f"{COMPARE}/sq?after={first}", second)
    assert console.desk.house.library[first].answers["sq"].state == "checked"


async def test_what_changed_meanwhile_is_shown_again(console: Console) -> None:
    browser, vesna = await mediator(console), await console.staff("vesna")
    first = next(topic.id for topic in console.desk.house.library if "sq" in topic.answers)
    await browser.get(f"{COMPARE}/sq?at={first}")
    await vesna.get(f"/console/content/{first}/sl/edit")
    await vesna.submit(f"/console/content/{first}/sl/edit", title="Vzorec", body="Vzorec.", state="human", deed="save")
    page = await browser.submit(f"/console/content/{first}/sq/right")
    assert "Somebody has changed a text meanwhile." in page.text
    assert console.desk.house.library[first].answers["sq"].state != "checked"


async def test_only_own_languages_are_offered(console: Console) -> None:
    browser = await mediator(console, "sq", "sl")
    page = await browser.get(COMPARE)
    assert {link for link in page.links() if link.startswith(f"{COMPARE}/")} == {f"{COMPARE}/sq"}
    assert ((await browser.get(f"{COMPARE}/ru")).status, (await browser.get(f"{COMPARE}/sl")).status) == (403, 404)


def test_lines_stand_beside_each_other_where_they_match(tmp_path: Path) -> None:
    place = write_topic(tmp_path, "sample.bicycle", languages=("sl",))
    write_answer(place, "sl", "title: T\nstate: human\n", "Ena.\n\n- dve [[3 EUR]]")
    write_answer(place, "en", "title: T\nstate: human\n", "One.\n- two [[3 EUR]]")
    write_answer(place, "es", "title: T\nstate: human\n", "Uno. Dos.")
    answers = load(tmp_path)["sample.bicycle"].answers
    assert pairs(answers["sl"], answers["en"]) == [
        ((("Ena.", False),), (("One.", False),)),
        ((("- dve ", False), ("3 EUR", True)), (("- two ", False), ("3 EUR", True))),
    ]
    assert len(pairs(answers["sl"], answers["es"])) == 1
