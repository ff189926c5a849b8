"""Answers from checked texts: their source, a verdict, the Slovene of it for a counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.happenings import Happening
from bot.domain.misses import Miss
from flows.answers import body
from flows.menu import FIELDS, PARTS
from tests.desk import Desk, Guest
from tests.flows.lines import ADDRESS, UNSURE, got_number


async def counted(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(Happening).order_by(Happening.id)))
    return [(one.kind, one.topic, one.data) for one in found]


async def test_an_answer_with_source_and_verdict(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > How do I register my address?
        {ADDRESS}
        > [👍 This helped]
        < Good. You can ask more at any time. [☰ Menu]
        > [👎 It did not help]
        < I am sorry. You can ask in other words, or talk to a person at the desk. [👤 Talk to a person] [☰ Menu]
        > [🪧 Show in Slovene]
        < {{residence.address sl}} [☰ Menu]
    """)
    assert await counted(desk) == [
        ("asked", "residence.address", {"outcome": "answer"}),
        ("answered", "residence.address", {}),
        ("helped", "residence.address", {"yes": True}),
        ("helped", "residence.address", {"yes": False}),
    ]


async def test_the_slovene_text_is_large_and_left_to_right_whatever_the_language(desk: Desk) -> None:
    guest = desk.person("ar")
    answer = (await guest.says("How do I register my address?"))[0]
    shown = await press_topic_button(guest, "slovene")
    assert (answer.direction, [(laid.tone, laid.language, laid.direction, laid.title) for laid in shown]) == (
        "rtl", [("large", "sl", "ltr", desk.house.library["residence.address"].answers["sl"].title)],
    )  # fmt: skip


async def press_topic_button(guest: Guest, verb: str) -> list[Any]:
    """Press the newest button that does this, whatever its label in that language."""
    for token, laid in reversed(guest.screen):
        for button in (one for row in laid.rows for one in row):
            if button.index >= 0 and laid.binds[button.index].verb == verb and token:
                return await guest.presses_at(token, button)
    raise AssertionError(verb)


async def test_a_related_topic_and_a_person_are_one_press_away(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    shown = await guest.presses("👪 Bring your family to Slovenia")
    assert [(laid.tone, laid.topic) for laid in shown] == [("answer", "residence.family")]
    await guest.chats("""
        > [👤 Talk to a person]
        < Your question has number 1001. A person at the desk reads it and answers you here.
          Until then you can add to it or ask me something else. [☰ Menu] [🚨 I am in danger]
    """)
    (case,) = await desk.tickets()
    assert (case.card, case.subject) == (
        {"question": "How do I register my address?", "tried": ["residence.address", "residence.family"]},
        "residence.family",
    )


async def test_words_that_name_no_matter_are_said_to_be_unknown_and_kept_for_the_desk(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > zxcv qwer 0507994500123
        {UNSURE}
    """)
    kinds = [kind for kind, _topic, _data in await counted(desk)]
    async with desk.house.db.reading() as session:
        missed = list(await session.scalars(select(Miss)))
    assert (kinds, [(one.question, one.language) for one in missed]) == (["asked", "missed"], [("zxcv qwer •••", "en")])


async def test_a_less_sure_match_offers_topics_as_buttons(desk: Desk) -> None:
    guest = desk.person("en")
    shown = await guest.says(words_between(desk, "choices"))
    assert [laid.text for laid in shown] == ["Is your question about one of these?"]
    *offered, last = [bind.verb for bind in shown[0].binds]
    assert (set(offered), 1 <= len(offered) <= 3, last) == ({"topic"}, True, "none")
    first = shown[0].binds[0].object
    answer = await press_topic_button(guest, "topic")
    assert [laid.topic for laid in answer] == [first]
    assert [kind for kind, _topic, _data in await counted(desk)] == ["asked", "offered", "answered"]


def words_between(desk: Desk, kind: str) -> str:
    """Plain words that the shipped matcher takes for this kind."""
    for words in (
        "permit paper",
        "address",
        "doctor paper",
        "school course",
        "permit",
        "work permit rights",
        "insurance",
    ):
        if desk.house.matcher.match(words, "en").kind == kind:
            return words
    raise AssertionError(f"no words are taken for {kind}")


async def test_none_of_these_is_a_question_without_an_answer_and_leads_to_a_person(desk: Desk) -> None:
    guest = desk.person("en")
    words = words_between(desk, "choices")
    await guest.says(words)
    await guest.chats(f"""
        > [None of these]
        {UNSURE}
        > [👤 Talk to a person]
        {got_number(1001)}
    """)
    (case,) = await desk.tickets()
    async with desk.house.db.reading() as session:
        missed = [one.question for one in await session.scalars(select(Miss))]
    assert (case.card["question"], case.subject, missed) == (words, "", [words])
    assert [kind for kind, _topic, _data in await counted(desk)] == ["asked", "offered", "missed", "handed_over"]


async def test_a_text_that_is_not_there_in_the_language_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = desk.house.library
    topic = whole["residence.address"]
    here = {code: text for code, text in topic.answers.items() if code not in {"bn", "uk"}}
    lacking = type(whole)({**whole.topics, topic.id: replace(topic, answers=here)})
    monkeypatch.setattr(desk.house, "library", lacking)
    for code in ("bn", "uk"):
        guest = desk.person(code)
        shown = (await guest.says("How do I register my address?"))[0]
        assert (shown.topic, shown.language) == ("residence.address", code)
        first = shown.text.splitlines()[0].replace("\u2068", "").replace("\u2069", "")
        assert "English" in first


async def test_an_overdue_text_hides_its_amounts_and_says_why(desk: Desk) -> None:
    desk.clock.at = desk.clock.at.replace(year=2029)
    part, ids = PARTS["money"]
    topics = [one for one in desk.house.library if one.id.partition(".")[0] in ids]
    topic = next(one for one in topics if "[[" in one.answers["en"].body)
    guest = desk.person("en")
    await guest.says("/menu")
    await guest.presses(str(FIELDS[topic.field].msgid))
    await guest.presses(str(part.msgid))
    (answer,) = await guest.presses(f"{topic.icon} {topic.answers['en'].title}")
    assert answer.text.startswith(body(topic.answers["en"].shown(overdue=True, instead="(ask the office)")))
    assert "(ask the office)" in answer.text
    assert "This text has to be checked again. Please confirm it with the office." in answer.text.splitlines()
    assert "Checked on" not in answer.text


async def test_a_topic_that_is_gone_leads_to_the_menu(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    whole = desk.house.library
    without = {name: topic for name, topic in whole.topics.items() if name != "residence.address"}
    monkeypatch.setattr(desk.house, "library", type(whole)(without))
    shown = await guest.presses("🪧 Show in Slovene")
    assert [laid.text for laid in shown] == ["This text is not here any more. Please choose again."]


def test_the_day_of_checking_is_before_the_clock_of_these_tests(desk: Desk) -> None:
    assert all(topic.checked_on <= date(2026, 11, 23) for topic in desk.house.library)
