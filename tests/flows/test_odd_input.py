"""What nobody expects: a kind answer, or ignored on purpose; nothing is lost and nothing crashes."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bot.channels.contract import RawUpdate
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.people import Address, Person
from tests.desk import Desk
from tests.flows.lines import (
    GREETING,
    HELP,
    MENU,
    NOTICE,
    OLD_BUTTON,
    PICK_LANGUAGE,
    SURE_TO_DELETE,
    UNKNOWN_COMMAND,
    WHAT_QUESTION,
)
from tests.flows.paper import Writer, with_paper

ONLY_WORDS = "< I can only read words. Please write your question."


async def states(desk: Desk) -> list[tuple[str, str]]:
    async with desk.house.db.reading() as session:
        found = await session.scalars(select(StoredUpdate).order_by(StoredUpdate.id))
        return [(one.state, one.reason) for one in found]


async def test_things_that_are_no_words(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.chats(f"""
        > (sticker)
        {NOTICE}
        {ONLY_WORDS}
        > (location)
        {ONLY_WORDS}
        > (contact)
        {ONLY_WORDS}
        > /person
        {WHAT_QUESTION}
        > (sticker)
        {ONLY_WORDS}
        {WHAT_QUESTION}
    """)


async def test_a_changed_message_is_asked_for_again(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    await writer.chats("""
        > (edited) How do I register my address?
        < I see that you changed a message. Please send it again as a new message.
    """)


async def test_unknown_commands(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /nonsense
        {UNKNOWN_COMMAND}
        {HELP}
        > /start nonsense-payload
        {GREETING}
        > /start event-
        < 📅 Events | No event is planned yet. A person at the desk can tell you what else there is.
          [👤 Talk to a person] [☰ Menu]
    """)


async def test_the_button_of_somebody_else_does_nothing(desk: Desk) -> None:
    amina, boris = desk.person("en"), desk.person("en")
    await amina.says("/delete")
    token, question = amina.screen[-1]
    await boris.says("/menu")
    shown = await boris.presses_at(str(token), question.rows[0][0])
    assert [laid.text for laid in shown][:1] == [OLD_BUTTON.removeprefix("< ")]
    assert await desk.count(Person) == 2
    await amina.chats(f"""
        > hm
        < Please answer yes or no. / {SURE_TO_DELETE.removeprefix("< ")}
    """)


async def test_a_number_beyond_the_buttons_does_nothing(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/delete")
    token, question = guest.screen[-1]
    count = len(question.binds)
    for index in (count, 19):
        await guest.sends(pressed=[token, index])
    await guest.sends(pressed=["A" * 22, 0])
    await desk.serve()
    texts = [laid.text for laid in await guest.reads()]
    assert texts == [OLD_BUTTON.removeprefix("< "), question.text] * 3


async def test_a_forged_number_of_a_platform_that_lets_it_through(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "delete")
    (token,) = {str(token) for _key, laid, token in writer.paper.sent if laid.text.startswith("Delete everything")}
    for index in (-1, -3, 3, 10**9):
        shown = await writer.sends("pressed", token=token, index=index)
        assert (index, shown) == (index, [OLD_BUTTON, SURE_TO_DELETE])
    assert await writer.sends("pressed", token="", index=0) == [OLD_BUTTON, SURE_TO_DELETE]


async def test_an_old_button_says_where_we_are(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/delete")
    token, question = guest.screen[-1]
    await guest.says("no")
    for button in (one for row in question.rows for one in row):
        shown = await guest.presses_at(str(token), button)
        if button.label != "Cancel":
            assert [laid.text for laid in shown] == [
                OLD_BUTTON.removeprefix("< "),
                "How can we help? Choose, or write your question in your own words.",
            ]


async def test_buttons_of_the_menu_stay_good(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    token, menu = guest.screen[-1]
    await guest.says("/help")
    (slovene,) = (one for row in menu.rows for one in row if one.label == "🗣 Slovene language")
    shown = await guest.presses_at(str(token), slovene)
    assert [laid.title for laid in shown] == ["🗣 Slovene language"]


@pytest.mark.parametrize("channel", ["web", "paper"])
async def test_a_hundred_kilobytes_are_read_at_their_beginning_or_refused(desk: Desk, channel: str) -> None:
    book = "How do I register my address? " * 3400
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    if channel == "paper":
        shown = await writer.sends("typed", book)
        assert [line.split("}")[0] for line in shown] == ["< {residence.address en"]
    else:
        guest = desk.person("en")
        await guest.says(book)
        assert (await states(desk))[-1] == ("dead", "too long")


async def test_a_hundred_kilobytes_as_an_answer_are_kindly_refused(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    await writer.chats(f"""
        > /person
        {WHAT_QUESTION}
    """)
    shown = await writer.sends("typed", "long " * 20_000)
    assert shown == ["< That is too long. Please use at most 1,000 characters. / " + WHAT_QUESTION.removeprefix("< ")]


STRANGE = [
    "\u202e\u2066\u200f", "\U0001f469\u200d\U0001f467" * 50, "{n} {0} %s %(x)s {{", "<b>&lt;script&gt;", "\\' OR 1=1;--",
    "\ufdfd" * 300, "ﷺ", "١٢٣", "\x07\x1b[31m", "a\nb\nc", "．．／", "🇸🇮" * 40, "?" * 999,
]  # fmt: skip


async def test_strange_signs_are_answered_like_any_words(desk: Desk) -> None:
    people = [desk.person("en") for _ in STRANGE]
    for step in (STRANGE, ["/person"] * len(STRANGE)):
        for guest, words in zip(people, step, strict=True):
            await guest.sends(typed=words)
        await desk.serve()
        for guest, words in zip(people, step, strict=True):
            shown = await guest.reads()
            assert (words, len(shown) > 0, [laid.tone for laid in shown][:1]) == (words, True, [shown[0].tone])
    assert {state for state, _reason in await states(desk)} == {"done"}


UNREADABLE = {
    "": "not JSON", "[]": "not an object", "{}": "nothing to read", '{"typed": 7}': "nothing to read",
    '{"typed": "  "}': "empty", '{"pressed": ["x", true]}': "nothing to read",
    '{"pressed": ["x", -1]}': "no such button", '{"command": ["DROP TABLE", ""]}': "no such command",
}  # fmt: skip


async def test_what_cannot_be_read_is_set_aside_and_blocks_nobody(desk: Desk) -> None:
    updates = [RawUpdate(f"k:{place}", "k", raw) for place, raw in enumerate(UNREADABLE)]
    await desk.reception.receive("web", [*updates, RawUpdate("k:last", "k", '{"typed": "/start"}')])
    await desk.serve()
    assert await states(desk) == [*(("dead", reason) for reason in UNREADABLE.values()), ("done", "")]
    assert await desk.count(Person) == 1


async def test_what_is_ignored_on_purpose_makes_nobody(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    assert await writer.sends("ignored") == []
    assert await writer.sends("malformed") == []
    await desk.reception.receive("smoke signals", [RawUpdate("1", "7", "puff")])
    await desk.serve()
    assert await states(desk) == [("done", "ignored"), ("dead", "made so"), ("dead", "no such channel")]
    assert await desk.count(Person) == 0


async def test_blocking_us_and_coming_back(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")

    async def unreachable() -> list[bool]:
        async with desk.house.db.reading() as session:
            return [one.unreachable_at is not None for one in await session.scalars(select(Address))]

    assert (await writer.sends("left", "gone"), await unreachable()) == ([], [])
    await writer.sends("command", "start")
    assert (await writer.sends("left", "gone"), await unreachable()) == ([], [True])
    assert (await writer.sends("left", "back"), await unreachable()) == ([], [False])
    await writer.sends("left", "gone")
    assert (await writer.sends("typed", "menu"), await unreachable()) == ([MENU], [False])


async def test_a_stranger_s_old_button(desk: Desk) -> None:
    guest = desk.person()
    await guest.sends(pressed=["A" * 22, 0])
    await desk.serve()
    texts = [laid.text for laid in await guest.reads()]
    assert texts[0] == OLD_BUTTON.removeprefix("< ")
    await desk.person().chats(f"""
        > /start
        {PICK_LANGUAGE}
    """)


async def test_what_is_stored_of_a_press_is_its_label(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    await guest.presses("💼 Work")
    async with desk.house.db.reading() as session:
        found = await session.scalars(
            select(ChatMessage).where(ChatMessage.author == "person").order_by(ChatMessage.seq)
        )
        contents = [dict(one.content) for one in found]
    for content in contents:
        content.pop("client")
    assert [json.dumps(content, ensure_ascii=False) for content in contents] == [
        '{"text": "/menu"}', '{"pressed": "💼 Work"}',
    ]  # fmt: skip
