"""A question in the middle of a form: asked back, never taken for the wrong thing."""

from __future__ import annotations

from tests.desk import Desk
from tests.flows.lines import ADDRESS, MENU, OLD_BUTTON, WHAT_QUESTION, got_number

DOUBT = "< Was that a question? [Answer it] [It is my answer]"


async def test_answer_it(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > /person
        {WHAT_QUESTION}
        > How do I register my address?
        {DOUBT}
        > [Answer it]
        {ADDRESS}
        {WHAT_QUESTION}
        > My neighbour never signs anything.
        {got_number(1001)}
    """)
    (case,) = await desk.tickets()
    assert case.card == {"question": "My neighbour never signs anything.", "tried": []}


async def test_it_is_my_answer(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > How do I register my address?
        {DOUBT}
        > [It is my answer]
        {got_number(1001)}
    """)
    (case,) = await desk.tickets()
    assert case.card["question"] == "How do I register my address?"


async def test_other_words_after_the_doubt_are_the_answer(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > How do I register my address?
        {DOUBT}
        > How do I register my address without a lease?
        {got_number(1001)}
        > [It is my answer]
        {OLD_BUTTON}
        < (Automatic answer) {MENU.removeprefix("< ")}
    """)


async def test_what_was_answered_on_the_way_is_on_the_card_of_a_later_case(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > How do I register my address?
        {DOUBT}
        > [Answer it]
        {ADDRESS}
        {WHAT_QUESTION}
        > [Cancel]
        < Stopped. Nothing was saved.
        {MENU}
        > /person
        {got_number(1001)}
    """)
    (case,) = await desk.tickets()
    assert case.card == {"question": "How do I register my address?", "tried": ["residence.address"]}


async def test_short_words_are_the_answer(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > register my address
        {got_number(1001)}
    """)
