"""The language is picked or accepted, never flipped."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.happenings import Happening
from tests.desk import Desk
from tests.flows.lines import ADDRESS, CHOOSE_LANGUAGE, MENU, WHAT_QUESTION

RUSSIAN = "Как зарегистрировать временный адрес?"


async def test_another_language_is_offered_once_and_not_taken(desk: Desk) -> None:
    guest = desk.person("en")
    first = await guest.says(RUSSIAN)
    second = await guest.says(RUSSIAN)
    assert [(laid.language, laid.tone) for laid in first] == [("en", "answer"), ("ru", "info")]
    assert [(laid.language, laid.tone) for laid in second] == [("en", "answer")]
    assert [[button.label for button in row] for row in first[1].rows] == [["Русский"]]


async def test_the_offer_is_accepted_by_its_button(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says(RUSSIAN)
    shown = await guest.presses("Русский")
    assert [laid.language for laid in shown] == ["ru"]
    again = await guest.says(RUSSIAN)
    assert [(laid.language, laid.topic) for laid in again] == [("ru", "residence.address")]
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(Happening).where(Happening.kind == "language")))
    assert [(one.language, one.data) for one in found] == [("ru", {"before": "en"})]


async def test_whoever_only_has_a_phone_in_that_language_is_offered_another_too(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    shown = await guest.says(RUSSIAN)
    assert [(laid.language, laid.tone) for laid in shown] == [("en", "answer"), ("ru", "info")]


async def test_short_and_mixed_words_offer_nothing(desk: Desk) -> None:
    guest = desk.person("en")
    for words in ("ja", "prosim", "Postojna Upravna enota", "EMŠO", "permit за работу please now", "112233", "👍👍👍"):
        assert (words, {laid.language for laid in await guest.says(words)}) == (words, {"en"})


async def test_the_same_language_is_not_offered(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > How do I register my address?
        {ADDRESS}
    """)


async def test_the_list_is_always_reachable(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > /language
        {CHOOSE_LANGUAGE}
        > change language
        {CHOOSE_LANGUAGE}
        > [English]
        {MENU}
    """)
    await guest.says("/mydata")
    await guest.presses("⚙️ Settings")
    shown = await guest.presses("🌐 Language")
    assert [len([one for row in laid.rows for one in row]) for laid in shown] == [14]


async def test_the_list_in_the_middle_of_a_form_leads_back_to_it(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > /person
        {WHAT_QUESTION}
        > /language
        {CHOOSE_LANGUAGE}
        {WHAT_QUESTION}
        > [English]
        {WHAT_QUESTION}
    """)


async def test_a_page_s_own_picker_names_the_language(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.sends(command=["language", "uk"])
    await desk.serve()
    assert [laid.language for laid in await guest.reads()] == ["uk"]
    await guest.sends(command=["language", "xx"])
    await desk.serve()
    (shown,) = await guest.reads()
    assert (shown.language, len(shown.binds)) == ("uk", 14)


async def test_a_question_while_waiting_in_another_language_is_offered_it_too(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    shown = await guest.says(RUSSIAN)
    assert [(laid.language, laid.tone) for laid in shown] == [("en", "answer"), ("ru", "info")]
