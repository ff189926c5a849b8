"""While somebody waits, while a person answers, and afterwards."""

from __future__ import annotations

import pytest

from bot.domain.tickets import NotOpen
from tests.desk import Desk, Guest
from tests.dialog.conftest import Offers, offers  # noqa: F401 - a fixture
from tests.flows.deeds import claims, closes, replies
from tests.flows.lines import (
    ADDRESS,
    ADDRESS_AUTOMATIC,
    HELP,
    HELP_AUTOMATIC,
    MENU,
    MENU_AUTOMATIC,
    NOBODY_READS,
    NUMBERS,
    SURE_TO_DELETE,
    UNKNOWN_COMMAND,
    WHAT_QUESTION,
    got_number,
    is_with_the_desk,
)
from tests.flows.paper import Writer, with_paper

CLOSED = "< Question 1001 is closed. You can ask me again at any time."
ALONE = "< Nobody at the desk has written for a while. I answer again what I can; question 1001 stays with the desk."


async def waiting(desk: Desk) -> Guest:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    return guest


async def test_while_waiting_clear_questions_are_answered_and_marked_the_rest_is_added(desk: Desk) -> None:
    guest = await waiting(desk)
    await guest.chats(f"""
        > How do I register my address?
        {ADDRESS_AUTOMATIC}
        > It is the front door.
        < Added to your question 1001.
        > /menu
        {MENU_AUTOMATIC}
        > /nonsense
        {UNKNOWN_COMMAND}
        {HELP_AUTOMATIC}
        > /person
        {is_with_the_desk(1001)}
    """)
    (case,) = await desk.tickets()
    assert (case.state, case.unread, case.card["question"]) == ("waiting", True, "My door does not close.")


async def test_a_claim_silences_the_bot_but_not_commands_and_danger(desk: Desk) -> None:
    guest = await waiting(desk)
    await claims(desk, await desk.has_staff())
    await guest.chats(f"""
        > How do I register my address?
        > It is the front door.
        > thank you
        > /help
        {HELP}
        > he beats me
        {NUMBERS}
        {NOBODY_READS}
        > /danger
        {NUMBERS}
        {NOBODY_READS}
        > /mydata
        < 📁 My things | Question 1001: a person is answering / Language: English / We keep 15 messages of this chat.
          [⚙️ Settings] [📄 Get a copy] [🔒 Your data] [🗑 Delete everything] [👤 Talk to a person] [☰ Menu]
    """)
    (case,) = await desk.tickets()
    assert (case.state, case.danger, case.unread) == ("human", True, True)


async def test_the_first_reply_silences_the_bot_too_and_arrives_with_its_sender(desk: Desk) -> None:
    guest = await waiting(desk)
    case = await replies(desk, await desk.has_staff(), "Push it up while you turn the key.")
    await guest.chats("""
        < (Vesna) Push it up while you turn the key.
        > How do I register my address?
        > thank you!
    """)
    assert (case.state, case.first_reply_at) == ("human", desk.clock())


async def test_what_is_handed_in_while_a_person_answers_is_theirs(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    await writer.sends("voice")
    await claims(desk, await desk.has_staff())
    for kind in ("voice", "sticker", "location", "contact", "photo", "edited"):
        assert (kind, await writer.sends(kind, "look")) == (kind, [])


async def test_closing_leads_back_to_the_menu(desk: Desk) -> None:
    guest = await waiting(desk)
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    await closes(desk, vesna)
    await guest.chats(f"""
        {CLOSED}
        {MENU}
        > How do I register my address?
        {ADDRESS}
        > /mydata
        < 📁 My things | Question 1001: answered / Language: English / We keep 8 messages of this chat.
          [⚙️ Settings] [📄 Get a copy] [🔒 Your data] [🗑 Delete everything] [👤 Talk to a person] [☰ Menu]
    """)


async def test_closing_leads_back_to_the_form_that_was_left(desk: Desk, offers: Offers) -> None:  # noqa: F811
    from bot.dialog.talk import Talk
    from bot.i18n import Text, raw

    async def survey(talk: Talk) -> Text:
        one = await talk.text("one", raw("First?"))
        two = await talk.text("two", raw("Second?"))
        return raw(f"{one}, {two}.")

    offers("survey", survey)
    guest = desk.person("en")
    await guest.chats(f"""
        > /survey
        < First? [Cancel]
        > alpha
        < Second? [Back] [Cancel]
        > /person
        {WHAT_QUESTION}
        > My door does not close.
        {got_number(1001)}
        < (Automatic answer) Second? [Back] [Cancel]
    """)
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    await replies(desk, vesna, "We come on Tuesday.")
    await guest.chats("""
        < (Vesna) We come on Tuesday.
        > It is the front door.
    """)
    await closes(desk, vesna)
    await guest.chats(f"""
        {CLOSED}
        < Second? [Back] [Cancel]
        > omega
        < alpha, omega.
    """)


async def test_after_twelve_hours_without_staff_the_bot_answers_again_and_says_so(desk: Desk) -> None:
    guest = await waiting(desk)
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    desk.clock.pass_(hours=11, minutes=59)
    await desk.tick()
    await guest.chats("> Are you there?")
    desk.clock.pass_(minutes=1)
    await desk.tick()
    await desk.tick()
    await guest.chats(f"""
        {ALONE}
        {MENU_AUTOMATIC}
        > How do I register my address?
        {ADDRESS_AUTOMATIC}
        > Are you there?
        < Added to your question 1001.
    """)
    (case,) = await desk.tickets()
    assert (case.state, case.claimed_by, case.unread) == ("waiting", None, True)


async def test_a_reply_within_the_twelve_hours_keeps_the_case_with_its_person(desk: Desk) -> None:
    guest = await waiting(desk)
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    desk.clock.pass_(hours=11)
    await replies(desk, vesna, "I am looking for somebody.")
    desk.clock.pass_(hours=11)
    await desk.tick()
    await guest.chats("< (Vesna) I am looking for somebody.\n> thank you")
    desk.clock.pass_(hours=1)
    await desk.tick()
    assert [laid.text for laid in await guest.reads()][:1] == [ALONE.removeprefix("< ")]
    await claims(desk, vesna)
    desk.clock.pass_(hours=12)
    await desk.tick()
    assert [laid.text for laid in await guest.reads()][:1] == [ALONE.removeprefix("< ")]


async def test_a_case_has_one_person_at_a_time(desk: Desk) -> None:
    await waiting(desk)
    vesna, miha = await desk.has_staff("vesna"), await desk.has_staff("miha")
    case = await claims(desk, vesna)
    with pytest.raises(NotOpen):
        await claims(desk, miha)
    with pytest.raises(NotOpen):
        await replies(desk, miha, "Me too.")
    assert (await claims(desk, vesna)).claimed_by == vesna.id
    assert case.claimed_at == desk.clock()


async def test_a_new_question_after_closing_is_a_new_case(desk: Desk) -> None:
    guest = await waiting(desk)
    vesna = await desk.has_staff()
    await closes(desk, vesna)
    await guest.reads()
    await guest.says("/person")
    await guest.says("Now the window.")
    assert [(case.number, case.state) for case in await desk.tickets()] == [(1001, "closed"), (1002, "waiting")]


async def test_delete_asked_while_waiting_is_asked_again_after_closing(desk: Desk) -> None:
    guest = await waiting(desk)
    await guest.says("/delete")
    await closes(desk, await desk.has_staff())
    await guest.chats(f"""
        {CLOSED}
        {SURE_TO_DELETE}
        > no
        < Fine, nothing was deleted. [☰ Menu]
    """)
