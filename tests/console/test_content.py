"""Topics, the state of their texts, and who made the words of the interface."""

from __future__ import annotations

from pathlib import Path

from bot.answers.content import load
from bot.console.content import Block, blocks
from bot.console.translations import catalog_state, catalog_states
from bot.domain.staff import Role
from bot.i18n import LANGUAGES
from tests.console.browser import Console

HEADER = 'msgid ""\nmsgstr ""\n"Language: sq\\n"\n{state}"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def topic(folder: Path, body: str) -> list[Block]:
    place = folder / "home.rent"
    place.mkdir()
    (place / "topic.yaml").write_text(
        'id: home.rent\nfield: work\nicon: "🏠"\nowner: desk\nsources: ["x"]\nofficial_url: https://x.test/\n'
        "decides: desk\nchecked_on: 2026-01-01\nreview_by: 2026-06-01\nlegal_notice: false\ntrack: any\nrelated: []\n"
    )
    (place / "sl.md").write_text(f"---\ntitle: Najem\nstate: human\n---\n{body}\n")
    return blocks(load(folder)["home.rent"].answers["sl"])


def plain(*words: str) -> tuple[tuple[tuple[str, bool], ...], ...]:
    return tuple(((one, False),) for one in words)


def test_a_text_becomes_paragraphs_and_lists(tmp_path: Path) -> None:
    body = "One.\nTwo.\n\nBring:\n- a <b>\n- b\n\n1. First\n2. Pay [[5 EUR]] or [[6 EUR]] now"
    assert topic(tmp_path, body) == [
        Block("p", plain("One.", "Two.")),
        Block("p", plain("Bring:")),
        Block("ul", plain("a <b>", "b")),
        Block(
            "ol",
            (
                (("First", False),),
                (("Pay ", False), ("5 EUR", True), (" or ", False), ("6 EUR", True), (" now", False)),
            ),
        ),
    ]


async def test_topics_are_listed_with_the_state_of_each_text(console: Console) -> None:
    browser = await console.staff("luka", Role.VOLUNTEER)
    page = await browser.get("/console/content")
    for one in console.desk.house.library:
        for language in one.answers:
            assert f"/console/content/{one.id}/{language}" in page.links()
    assert "Machine-made" in page.text
    assert "To be checked again by 20 May 2027" in page.text


async def test_a_text_that_is_overdue_says_so(console: Console) -> None:
    browser = await console.staff("luka", Role.VOLUNTEER)
    console.desk.clock.pass_(days=400)
    browser = console.browser()
    await browser.log_in("luka")
    page = await browser.get("/console/content")
    assert "To be checked again since 20 May 2027" in page.text
    page = await browser.get("/console/content/residence.address/sl")
    assert "are hidden from people until the text is checked again" in page.text


async def test_a_text_is_shown_as_people_read_it(console: Console) -> None:
    browser = await console.staff("luka", Role.VOLUNTEER)
    written = console.desk.house.library["residence.address"].answers["sl"]
    page = await browser.get("/console/content/residence.address/sl")
    assert page.title == f"{written.title} · Starting Point Postojna"
    article = next(attributes for tag, attributes in page.tags if tag == "article")
    assert (article["lang"], article["dir"]) == ("sl", "ltr")
    assert (await browser.get("/console/content/residence.address/xx")).status == 404
    assert (await browser.get("/console/content/no.topic/sl")).status == 404


def test_a_catalog_says_itself_who_made_it(tmp_path: Path) -> None:
    file = tmp_path / "sq" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    for state, expected in (
        ('"X-State: machine\\n"\n', "machine"),
        ('"X-State: human\\n"\n', "human"),
        ('"X-State: checked\\n"\n', "checked"),
        ("", "machine"),
    ):
        file.write_text(HEADER.format(state=state) + 'msgid "a"\nmsgstr "X-State: human"\n')
        assert catalog_state(tmp_path, "sq") == expected
    states = catalog_states(tmp_path)
    assert (set(states), states["en"], states["sq"], states["ru"]) == (set(LANGUAGES), "source", "machine", "missing")
