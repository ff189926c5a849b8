"""To a person: a case with the question and what was tried, one open case at a time."""

from __future__ import annotations

from tests.desk import Desk
from tests.flows.deeds import closes
from tests.flows.lines import (
    ADDRESS,
    MENU,
    UNSURE,
    WHAT_QUESTION,
    got_number,
    is_with_the_desk,
)
from tests.flows.paper import Writer, with_paper


async def test_unsure_then_a_person_then_a_case(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > How do I register my address?
        {ADDRESS}
        > zxcv qwer
        {UNSURE}
        > [👤 Talk to a person]
        {got_number(1001)}
        > /person
        {is_with_the_desk(1001)}
    """)
    (case,) = await desk.tickets()
    assert (case.state, case.number, case.language, case.place, case.danger, case.unread) == (
        "waiting", 1001, "en", "postojna", False, True,
    )  # fmt: skip
    assert case.card == {"question": "zxcv qwer", "tried": []}


async def test_without_a_question_it_is_asked_for(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > /person
        {WHAT_QUESTION}
        > back
        < This is the first question.
        {WHAT_QUESTION}
        > cancel
        < Stopped. Nothing was saved.
        {MENU}
        > talk to a person
        {WHAT_QUESTION}
        > My door does not close.
        {got_number(1001)}
    """)
    (case,) = await desk.tickets()
    assert case.card == {"question": "My door does not close.", "tried": []}


async def test_answers_already_tried_stand_on_the_card(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    await guest.presses("👪 Bring your family to Slovenia")
    await guest.says("/person")
    (case,) = await desk.tickets()
    assert case.card == {
        "question": "How do I register my address?", "tried": ["residence.address", "residence.family"],
    }  # fmt: skip


async def test_card_keeps_the_question(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    await guest.presses("🚨 I am in danger")
    (case,) = await desk.tickets()
    assert (case.card, case.danger) == (
        {"question": "My door does not close.", "tried": [], "danger": True}, True,
    )  # fmt: skip


async def test_a_voice_note_goes_to_a_person_and_keeps_the_question(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    await writer.chats("""
        > (voice)
        < Thank you. I cannot listen or look myself. It went to a person at the desk: question 1001. [☰ Menu]
        > (photo) this letter came
        < Thank you. I cannot listen or look myself. It went to a person at the desk: question 1001. [☰ Menu]
        > (document)
        < Thank you. I cannot listen or look myself. It went to a person at the desk: question 1001. [☰ Menu]
    """)
    (case,) = await desk.tickets()
    assert case.card == {"question": "this letter came", "file": True}


async def test_numbers_go_on_after_a_case_is_closed(desk: Desk) -> None:
    vesna = await desk.has_staff()
    for number in (1001, 1002):
        guest = desk.person("en")
        await guest.says("/person")
        await guest.chats(f"""
            > My door does not close.
            {got_number(number)}
        """)
        await closes(desk, vesna)
    assert [(case.number, case.state) for case in await desk.tickets()] == [(1001, "closed"), (1002, "closed")]


async def test_a_question_of_yesterday_is_not_today_s(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    desk.clock.pass_(days=1)
    await guest.chats(f"""
        > /person
        {WHAT_QUESTION}
    """)


async def test_a_question_whose_answer_helped_is_not_handed_over(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > How do I register my address?
        {ADDRESS}
        > [👎 It did not help]
        < I am sorry. You can ask in other words, or talk to a person at the desk. [👤 Talk to a person] [☰ Menu]
        > [👍 This helped]
        < Good. You can ask more at any time. [☰ Menu]
        > /person
        {WHAT_QUESTION}
    """)


async def test_a_number_is_never_given_twice(desk: Desk) -> None:
    for number in (1001, 1002, 1003):
        guest = desk.person("en")
        await guest.says("/person")
        await guest.chats(f"""
            > My door does not close.
            {got_number(number)}
        """)
        await guest.says("/delete")
        await guest.says("yes")
        await desk.tick()


async def test_words_for_a_person(desk: Desk) -> None:
    guest = desk.person("en")
    for words in ("person", "Human", "operator", "Talk to a person!"):
        await guest.chats(f"""
            > {words}
            {WHAT_QUESTION}
        """)


async def test_my_things_list_the_cases(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    shown = await guest.says("/mydata")
    assert shown[0].text.splitlines() == [
        "Question 1001: waiting for a person", "Language: English", "We keep 4 messages of this chat.",
    ]  # fmt: skip
