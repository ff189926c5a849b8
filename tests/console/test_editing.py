"""Staff change texts and questions without a programmer; people read them at once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.answers.content import body_hash, load
from bot.console.history import changes
from bot.console.texts import clean
from bot.domain.audit import AuditEntry
from bot.domain.edits import TextEdit
from bot.domain.staff import Role
from bot.house import House
from bot.library import relearn
from tests.console.browser import Browser, Console, Page

TOPIC, PAGE = "residence.address", "/console/content/residence.address"
BODY = "Naslov prijavite na upravni enoti. To je vzorčno besedilo. " * 6
TEXT = {"title": "Vzorčni naslov", "body": BODY, "state": "human", "same": "yes"}


async def writes(browser: Browser, language: str = "sl", deed: str = "save", **fields: str) -> Page:
    await browser.get(f"{PAGE}/{language}/edit")
    return await browser.submit(f"{PAGE}/{language}/edit", **{**TEXT, "deed": deed, **fields})


async def rows(console: Console) -> list[TextEdit]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(TextEdit).order_by(TextEdit.id)))


async def test_a_changed_text_is_what_people_read_from_then_on(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await writes(browser)
    assert page.path == f"{PAGE}/sl?note=saved"
    assert "Changed by Vesna" in page.text
    guest = console.desk.person("sl")
    (shown,) = await guest.says("Kje prijavim naslov?")
    assert (shown.title.split(" ", 1)[1], shown.topic) == ("Vzorčni naslov", TOPIC)
    assert clean(BODY) in shown.text
    assert console.desk.house.library[TOPIC].answers["en"].stale
    async with console.desk.house.db.reading() as session:
        deeds = list(await session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert deeds == ["edit text"]


async def test_undo_brings_back_the_shipped_text(console: Console) -> None:
    browser, shipped = await console.staff("vesna"), console.desk.house.library
    await writes(browser)
    await browser.get(f"{PAGE}/sl")
    page = await browser.submit(f"{PAGE}/sl/undo")
    assert "Taken back." in page.text
    assert "Taken back by Vesna" in page.text
    assert console.desk.house.library == shipped
    assert (await browser.post(f"{PAGE}/sl/undo", {"csrf": browser.csrf, "edit": "1"})).status == 404
    assert (await browser.post(f"{PAGE}/sl/undo", {"csrf": browser.csrf, "edit": "9" * 40})).status == 404


async def test_an_earlier_version_and_the_shipped_one_can_be_used_again(console: Console) -> None:
    browser, shipped = await console.staff("vesna"), console.desk.house.library
    await writes(browser)
    await writes(browser, title="Drugi naslov")
    first, _second = await rows(console)
    await browser.get(f"{PAGE}/sl/history")
    await browser.post(f"{PAGE}/sl/use", {"csrf": browser.csrf, "edit": str(first.id)})
    assert console.desk.house.library[TOPIC].answers["sl"].title == "Vzorčni naslov"
    await browser.post(f"{PAGE}/sl/use", {"csrf": browser.csrf, "edit": "shipped"})
    assert console.desk.house.library == shipped
    assert "Back to the shipped text" in (await browser.get(f"{PAGE}/sl/history")).text
    assert "went back to the shipped text" in (await browser.get(f"{PAGE}/sl")).text


async def test_nobody_overwrites_what_they_have_not_seen(console: Console) -> None:
    ana, bor = await console.staff("ana"), await console.staff("bor")
    await bor.get(f"{PAGE}/sl/edit")
    await writes(ana)
    page = await bor.submit(f"{PAGE}/sl/edit", **{**TEXT, "title": "Borov naslov", "deed": "save"})
    assert page.status == 409
    assert "Ana changed this text meanwhile." in page.text
    assert "Vzorčni naslov" in page.text
    assert "Borov naslov" in page.html
    assert len(await rows(console)) == 1
    page = await bor.submit(f"{PAGE}/sl/edit", **{**TEXT, "title": "Borov naslov", "deed": "save"})
    assert page.path == f"{PAGE}/sl?note=saved"
    assert console.desk.house.library[TOPIC].answers["sl"].title == "Borov naslov"


async def test_a_number_that_nobody_checked_needs_a_call_to_the_office(console: Console) -> None:
    browser = await console.staff("vesna")
    body = f"{BODY} Pokličite [[01 000 00 00]]."
    page = await writes(browser, body=body)
    assert page.status == 422
    assert "This number or amount is not among the checked ones: 01 000 00 00" in page.text
    assert "Please ask the office first" in page.text
    assert body in page.html
    page = await writes(browser, body=body, asked="yes", asked_on="2026-11-24")
    assert "It cannot be in the future." in page.text
    page = await writes(browser, body=body, asked="yes", asked_on="2026-11-22")
    assert page.path == f"{PAGE}/sl?note=saved"
    (row,) = await rows(console)
    assert str(row.verified_on) == "2026-11-22"
    assert console.desk.house.library[TOPIC].checked_on == row.verified_on
    page = await browser.get(f"{PAGE}/sl/history")
    assert "Checked with the office on 22 Nov 2026" in page.text


async def test_advice_does_not_stop_anybody(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await writes(browser, deed="preview", body="Kratko. **Krepko** http://example.org")
    assert page.status == 200
    assert "The text has 3 words. Between 40 and 140 read well." in page.text
    assert "Leave links out." in page.text
    assert await rows(console) == []
    assert (await writes(browser, body="Kratko besedilo.")).path == f"{PAGE}/sl?note=saved"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Please enter a title."),
        ({"title": "x" * 81}, "The title is too long. At most 80 characters."),
        ({"body": "\x00\u2028 "}, "Please write a text."),
        ({"body": "x" * 6001}, "The text is too long. At most 6,000 characters."),
    ],
)
async def test_what_cannot_be_saved_says_so_beside_the_field(
    console: Console, fields: dict[str, str], sentence: str
) -> None:
    page = await writes(await console.staff("vesna"), **fields)
    assert (page.status, sentence in page.text) == (422, True)
    assert await rows(console) == []


async def test_the_preview_shows_every_channel_and_keeps_nothing(console: Console) -> None:
    browser = await console.staff("vesna")
    await browser.get(f"{PAGE}/ar/edit")
    page = await browser.post(
        f"{PAGE}/ar/preview", {**TEXT, "csrf": browser.csrf, "body": "نص تجريبي", "title": "عنوان"}
    )
    assert page.status == 200
    assert [attributes["class"] for tag, attributes in page.tags if tag == "figure"] == [
        "view telegram", "view web", "view large",
    ]  # fmt: skip
    shown = [(one["lang"], one["dir"]) for tag, one in page.tags if one.get("class") == "shown"]
    assert shown == [("ar", "rtl"), ("ar", "rtl"), ("sl", "ltr")]
    assert page.text.count("نص تجريبي") == 2
    assert await rows(console) == []


async def test_a_translation_says_which_slovene_text_it_was_made_from(console: Console) -> None:
    browser = await console.staff("vesna")
    await writes(browser)
    await writes(browser, "en", title="Sample address", body=BODY)
    assert not console.desk.house.library[TOPIC].answers["en"].stale
    (_sl, english) = await rows(console)
    assert english.made_from == body_hash(clean(BODY))
    await writes(browser, body=f"{BODY} Novo.")
    page = await browser.get(f"{PAGE}/en/edit")
    assert not any(one.get("name") == "same" and "checked" in one for _tag, one in page.tags)
    await browser.submit(f"{PAGE}/en/edit", title="Typo mended", body=BODY, state="human", deed="save")
    assert console.desk.house.library[TOPIC].answers["en"].stale


async def test_facts_that_were_asked_again_are_no_longer_overdue(console: Console) -> None:
    browser = await console.staff("vesna")
    console.desk.clock.pass_(days=400)
    await browser.log_in("vesna")
    assert "are hidden from people" in (await browser.get(f"{PAGE}/sl")).text
    page = await browser.submit(f"{PAGE}/sl/recheck", asked_on="2027-12-20")
    assert page.path == f"{PAGE}/sl?note=saved"
    assert "are hidden from people" not in page.text
    assert not console.desk.house.library[TOPIC].answers["en"].stale
    assert (await browser.post(f"{PAGE}/sl/recheck", {"csrf": browser.csrf, "asked_on": "x"})).status == 422
    assert (await browser.post(f"{PAGE}/en/recheck", {"csrf": browser.csrf, "asked_on": "2027-12-20"})).status == 404


async def test_questions_are_added_removed_and_taken_back(console: Console) -> None:
    browser = await console.staff("vesna")
    await browser.get(f"{PAGE}/en/questions")
    words = "the lodger wants to tell the town where he sleeps"
    page = await browser.submit(f"{PAGE}/en/questions", questions=f"# {words} \n\n{words}")
    assert page.text.count(words) == 2  # in the list and among the changes
    match = console.desk.house.matcher.match(words, "en")
    assert (match.kind, match.topics[0]) == ("answer", TOPIC)
    await browser.post(f"{PAGE}/en/questions/remove", {"csrf": browser.csrf, "question": words})
    assert words not in console.desk.house.library[TOPIC].questions["en"]
    page = await browser.get(f"{PAGE}/en/questions")
    await browser.submit(f"{PAGE}/en/questions/undo")
    assert words in console.desk.house.library[TOPIC].questions["en"]


async def test_a_question_of_another_topic_is_not_given_twice(console: Console) -> None:
    browser, library = await console.staff("vesna"), console.desk.house.library
    other = next(topic for topic in library if topic.id != TOPIC and topic.questions.get("en"))
    await browser.get(f"{PAGE}/en/questions")
    page = await browser.submit(f"{PAGE}/en/questions", questions=other.questions["en"][0].upper())
    assert (page.status, other.answer("en").title in page.text) == (422, True)
    assert "is already a question of" in page.text
    assert console.desk.house.library == library


async def test_mediators_change_their_languages_and_nothing_else(console: Console) -> None:
    browser = await console.staff("fatmir", Role.MEDIATOR, languages=["sq", "sl"])
    assert (await writes(browser, "sq")).path == f"{PAGE}/sq?note=saved"
    for language in ("sl", "ru"):
        assert (await browser.get(f"{PAGE}/{language}/edit")).status == 403
        for deed in ("edit", "preview", "undo", "use", "recheck", "right", "questions", "questions/remove"):
            assert (await browser.post(f"{PAGE}/{language}/{deed}", {"csrf": browser.csrf})).status == 403
    assert (await browser.get("/console/content/facts")).status == 403
    assert f"{PAGE}/sl/edit" not in (await browser.get(f"{PAGE}/sl")).links()


async def test_topics_are_found_by_word_field_language_and_state(console: Console) -> None:
    browser = await console.staff("vesna")
    await writes(browser)

    async def found(query: str) -> set[str]:
        page = await browser.get(f"/console/content?{query}")
        return {one.id for one in console.desk.house.library if any(f"/{one.id}/" in link for link in page.links())}

    assert await found("words=VZORCNI") == {TOPIC}
    assert await found("state=stale&language=en") == {TOPIC}
    assert await found("state=human&language=sl") == {TOPIC}
    assert await found("field=work") == {one.id for one in console.desk.house.library if one.field == "work"}
    assert "No topic is like this." in (await browser.get("/console/content?words=qqqqq")).text


async def test_everything_can_be_taken_home_as_files(console: Console, tmp_path: Path) -> None:
    browser = await console.staff("vesna")
    await writes(browser, title="Naslov: vzorec")
    page = await browser.get("/console/content/files.zip")
    assert page.headers["Content-Disposition"] == 'attachment; filename="faq.zip"'
    with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
        archive.extractall(tmp_path)
    assert load(tmp_path / "faq") == console.desk.house.library


async def test_another_process_follows(console: Console) -> None:
    here = console.desk.house
    there = House(here.db, here.desk, here.catalogs, here.library, here.matcher, here.channels, now=here.now)
    await relearn(there)
    assert not await relearn(there)
    await writes(await console.staff("vesna"))
    assert there.library != here.library
    assert await relearn(there)
    assert (there.library, there.edits) == (here.library, here.edits)


def test_a_change_is_shown_word_by_word() -> None:
    assert changes("one two three", "one 2 three four") == (
        ("same", "one "), ("del", "two"), ("ins", "2"), ("same", " three"), ("ins", " four"),
    )  # fmt: skip
    assert changes("", "new") == (("ins", "new"),)
    assert changes("same", "same") == (("same", "same"),)
