"""First contact: the language, one honest notice, the menu."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from bot.domain.consent import NOTICE_VERSION, Consent
from bot.domain.happenings import Happening
from bot.domain.people import Person
from bot.i18n import LANGUAGES
from tests.desk import Desk, shipped_catalogs
from tests.flows.lines import ADDRESS, CHOOSE_LANGUAGE, GREETING, MENU, NOTICE, PICK_LANGUAGE


async def test_a_phone_in_a_known_language_is_greeted_in_it(desk: Desk) -> None:
    await desk.person(hint="en-US").chats(f"""
        > /start
        {NOTICE}
        {GREETING}
        > /start
        {GREETING}
    """)


async def test_without_a_known_language_it_is_picked_from_native_names(desk: Desk) -> None:
    await desk.person(hint="xx").chats(f"""
        > /start
        {PICK_LANGUAGE}
        > [English]
        {NOTICE}
        {MENU}
    """)


async def test_every_language_can_be_picked_at_the_start(desk: Desk) -> None:
    catalogs = shipped_catalogs()
    for code, language in LANGUAGES.items():
        guest = desk.person()
        await guest.says("/start")
        shown = await guest.presses(language.native)
        assert [laid.language for laid in shown] == [code, code]
        assert [laid.direction for laid in shown] == [language.direction] * 2
        assert [laid.tone for laid in shown] == ["notice", "bot"]
        assert catalogs.listed(["Starting Point Postojna"], code) in shown[0].text.replace("\u2068", "").replace(
            "\u2069", ""
        )


async def test_a_typed_question_is_answered_in_its_own_language_at_once(desk: Desk) -> None:
    guest = desk.person()
    shown = await guest.says("Как зарегистрировать адрес проживания в Словении?")
    assert [(laid.language, laid.tone, laid.topic) for laid in shown] == [
        ("ru", "notice", ""), ("ru", "answer", "residence.address"),
    ]  # fmt: skip


async def test_a_typed_english_question(desk: Desk) -> None:
    await desk.person().chats(f"""
        > How do I register my address?
        {NOTICE}
        {ADDRESS}
    """)


async def test_first_words_without_doubt_count_more_than_the_phone(desk: Desk) -> None:
    shown = await desk.person(hint="en").says("Si e regjistroj adresën e përkohshme?")
    assert [(laid.language, laid.topic) for laid in shown] == [("sq", ""), ("sq", "residence.address")]


async def test_short_and_mixed_first_words_do_not(desk: Desk) -> None:
    for words in ("ja", "Postojna Upravna enota", "permit за работу please now"):
        shown = await desk.person(hint="en").says(words)
        assert (words, {laid.language for laid in shown}) == (words, {"en"})


async def test_a_word_too_short_to_tell_a_language_is_answered_in_english(desk: Desk) -> None:
    await desk.person(hint="").chats(f"""
        > zx
        {NOTICE}
        < I do not have a checked answer to this. A person at the desk can help you. [👤 Talk to a person] [☰ Menu]
        > /language
        {CHOOSE_LANGUAGE}
    """)


async def test_nothing_personal_is_asked_before_an_answer(desk: Desk) -> None:
    guest = desk.person(hint="en")
    shown = await guest.says("How do I register my address?")
    assert [laid.tone for laid in shown] == ["notice", "answer"]


async def test_the_notice_is_proven_by_what_was_shown(desk: Desk) -> None:
    guest = desk.person(hint="en")
    notice, _menu = await guest.says("/start")
    await guest.says("/menu")
    await guest.says("/start")
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(Consent)))
    assert [
        (one.purpose, one.given, one.version, one.text_hash, one.language, one.channel, one.at) for one in found
    ] == [("notice", True, NOTICE_VERSION, hashlib.sha256(notice.text.encode()).hexdigest(), "en", "web", desk.clock())]


async def test_a_new_notice_is_told_again(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    async with desk.house.db.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        person.notice_version = NOTICE_VERSION - 1
    await guest.chats(f"""
        > /menu
        {NOTICE}
        {MENU}
        > /menu
        {MENU}
    """)


async def test_the_source_of_a_start_link_is_counted_if_it_looks_like_one(desk: Desk) -> None:
    for said in ("/start from-poster-7", "/start", "/start from-<b>x</b>", "/start from-" + "a" * 33):
        await desk.person(hint="en").says(said)
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(Happening).order_by(Happening.id)))
    assert [(one.kind, one.data) for one in found] == [
        ("started", {"source": "poster-7"}), ("started", {"source": ""}), ("started", {"source": ""}),
        ("started", {"source": ""}),
    ]  # fmt: skip


async def test_start_links_open_services(desk: Desk) -> None:
    guest = desk.person("en")
    titles = {}
    for payload in ("course", "mentor", "event-7", "course-a1"):
        shown = await guest.says(f"/start {payload}")
        titles[payload] = [laid.text for laid in shown]
    assert titles == {
        "course": ["No course is open now. A person at the desk can tell you more, and these pages too:"],
        "mentor": ["A person at the desk finds a mentor for you or somebody to practise Slovene with."],
        "event-7": ["This event is not here any more."],
        "course-a1": ["No course is open now. A person at the desk can tell you more, and these pages too:"],
    }
