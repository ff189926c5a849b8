"""Questions without an answer become examples, wanted topics, or nothing; the bot knows at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain import misses, people
from bot.domain.db import write_rows
from bot.domain.edits import QuestionEdit
from bot.domain.misses import Miss
from bot.domain.people import Caller
from bot.domain.staff import Role
from tests.console.browser import Browser, Console, Page

GAPS = "/console/content/gaps"
WORDS = "my cactus wants a bigger pot"


async def missed(console: Console, *questions: str, nearest: str = "housing.rent", language: str = "en") -> Caller:
    caller = people.newcomer("web", "k", people.sender_of("web", f"k{nearest}{language}"), language)
    rows = [misses.row(caller, one, nearest, language, console.desk.clock()) for one in questions]
    async with console.desk.house.db.transaction() as session:
        await people.add(session, [caller], console.desk.clock())
        await write_rows(session, Miss.__table__, rows)  # type: ignore[arg-type]
    return caller


async def all_misses(console: Console) -> list[Miss]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(Miss).order_by(Miss.id)))


async def does(console: Console, browser: Browser, deed: str, **fields: str) -> Page:
    page = await browser.get(GAPS)
    ticked = [str(one.id) for one in await all_misses(console) if one.state == "open"]
    assert GAPS in {action.split("#")[0] for action in page.actions}
    return await browser.post(GAPS, {"csrf": browser.csrf, "miss": ticked, "deed": deed, **fields})


async def test_an_assigned_question_is_answered_from_then_on(console: Console) -> None:
    caller = await missed(console, WORDS)
    browser = await console.staff("vesna")
    assert WORDS in (await browser.get(GAPS)).html
    page = await does(console, browser, "assign", topic="housing.rent")
    assert page.path == f"{GAPS}?note=saved"
    match = console.desk.house.matcher.match(WORDS, "en")
    assert (match.kind, match.topics[0]) == ("answer", "housing.rent")
    assert WORDS in console.desk.house.library["housing.rent"].questions["en"]
    (miss,) = await all_misses(console)
    assert (miss.state, miss.person_id) == ("assigned", None)
    del caller


async def test_undo_takes_the_example_away_and_opens_the_question_again(console: Console) -> None:
    await missed(console, WORDS)
    browser, before = await console.staff("vesna"), console.desk.house.matcher.match(WORDS, "en")
    library = console.desk.house.library
    await does(console, browser, "assign", topic="housing.rent")
    page = await browser.submit(f"{GAPS}/reopen")
    assert "Taken back." in page.text
    assert console.desk.house.matcher.match(WORDS, "en") == before
    assert console.desk.house.library == library
    assert [miss.state for miss in await all_misses(console)] == ["open"]


async def test_words_can_be_mended_and_are_masked_once_more(console: Console) -> None:
    await missed(console, WORDS)
    browser = await console.staff("vesna")
    (miss,) = await all_misses(console)
    await does(console, browser, "assign", topic="housing.rent",
               **{f"words-{miss.id}": f"{WORDS}\n my name is Sample Person, 041 123 456"})  # fmt: skip
    async with console.desk.house.db.reading() as session:
        (edit,) = await session.scalars(select(QuestionEdit))
    assert (edit.text, edit.from_miss, edit.topic) == (f"{WORDS} my name is •••, •••", True, "housing.rent")


async def test_what_is_no_matter_of_the_desk_is_learnt_as_such(console: Console) -> None:
    await missed(console, WORDS)
    await does(console, await console.staff("vesna"), "elsewhere")
    async with console.desk.house.db.reading() as session:
        (edit,) = await session.scalars(select(QuestionEdit))
    assert edit.topic == "~other"
    assert console.desk.house.matcher.match(WORDS, "en").kind != "answer"


@pytest.mark.parametrize(("deed", "said"), [("wanted", "New topics wanted"), ("dismissed", "Set aside")])
async def test_a_new_topic_is_wanted_or_a_question_set_aside(console: Console, deed: str, said: str) -> None:
    await missed(console, WORDS)
    page = await does(console, await console.staff("vesna"), deed)
    assert said in page.text
    assert "Every question was answered." in page.text
    assert [(one.state, one.person_id) for one in await all_misses(console)] == [(deed, None)]


async def test_groups_are_by_topic_and_language_and_newest_first(console: Console) -> None:
    await missed(console, "one", "two")
    console.desk.clock.pass_(minutes=5)
    await missed(console, "три", language="ru")
    await missed(console, "four", nearest="")
    async with console.desk.house.db.reading() as session:
        groups = [(one.nearest, one.language, len(one.misses)) for one in await misses.open_groups(session)]
    assert groups[2] == ("housing.rent", "en", 2)
    assert set(groups[:2]) == {("housing.rent", "ru", 1), ("", "en", 1)}
    page = await (await console.staff("vesna")).get(GAPS)
    assert "Near no topic" in page.text


async def test_a_mistake_is_said_and_nothing_is_lost(console: Console) -> None:
    await missed(console, WORDS)
    browser = await console.staff("vesna")
    assert "Please choose a topic." in (await does(console, browser, "assign", topic="", at="housing.rent-en")).text
    page = await browser.post(GAPS, {"csrf": browser.csrf, "deed": "assign", "at": "housing.rent-en"})
    assert (page.status, "Please tick at least one question." in page.text) == (422, True)
    assert (await does(console, browser, "explode")).status == 400
    assert [one.state for one in await all_misses(console)] == ["open"]


async def test_a_mediator_sees_questions_in_their_languages(console: Console) -> None:
    await missed(console, "një", language="sq")
    await missed(console, WORDS)
    browser = await console.staff("fatmir", Role.MEDIATOR, languages=["sq"])
    page = await browser.get(GAPS)
    assert ("një" in page.html, WORDS in page.html) == (True, False)
    await does(console, browser, "dismissed")
    assert [one.state for one in await all_misses(console)] == ["dismissed", "open"]


async def test_a_person_s_open_questions_go_with_them_and_the_desk_s_examples_stay(console: Console) -> None:
    guest = console.desk.person("en")
    await guest.says("/menu")
    async with console.desk.house.db.transaction() as session:
        caller = await session.scalar(select(people.Address).where(people.Address.sender == guest.sender))
        assert caller is not None
        person = people.newcomer("web", "x", "x", "en")
        person.person_id = caller.person_id
        rows = [
            misses.row(person, one, "housing.rent", "en", console.desk.clock())
            for one in (WORDS, "another cactus question")
        ]
        await write_rows(session, Miss.__table__, rows)  # type: ignore[arg-type]
    browser = await console.staff("vesna")
    first = (await all_misses(console))[0]
    await browser.get(GAPS)
    await browser.post(GAPS, {"csrf": browser.csrf, "miss": str(first.id), "deed": "assign", "topic": "housing.rent"})
    await guest.says("/delete")
    await guest.presses("Yes")
    assert [one.state for one in await all_misses(console)] == ["assigned"]
