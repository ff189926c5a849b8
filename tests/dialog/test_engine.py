"""The engine's rules, each played as a conversation with a small flow."""

from __future__ import annotations

from contextlib import suppress

import pytest

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.i18n import Text, joined, raw
from tests.desk import Desk
from tests.dialog.conftest import Offers
from tests.dialog.shop import Shop

MENU = (
    "[🧭 My first steps] [🗣 Slovene language] [📄 Papers and offices] [🤝 People and contacts] [📅 Workshops, events] "
    "[🏛 Culture and places] [💼 Work] [🏪 Own business] [👤 Talk to a person] [📁 My things] [🚨 I am in danger]"
)


async def test_answers_are_kept_by_name_and_the_place_follows_from_them(desk: Desk, offers: Offers) -> None:
    offers("buy", Shop().buy)
    await desk.person("en").chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > [Bread]
        < How many? [Back] [Cancel]
        > 3
        < Here: 3 bread.
    """)


async def test_an_option_that_is_gone_is_said_and_asked_again(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
    """)
    shop.goods.remove("bread")
    await amina.chats("""
        > [Bread]
        < That choice is no longer available. / What do you want? [Apple] [Cancel]
        > apple
        < How many? [Back] [Cancel]
    """)
    shop.goods = ["cheese"]
    await amina.chats("""
        > 2
        < That choice is no longer available. / What do you want? [Cheese] [Cancel]
        > 1
        < How many? [Back] [Cancel]
        > 2
        < Here: 2 cheese.
    """)


async def test_words_that_are_no_option_are_answered_with_what_would_be(desk: Desk, offers: Offers) -> None:
    offers("buy", Shop().buy)
    await desk.person("en").chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > xyzzy
        < Please choose one of these. / What do you want? [Apple] [Bread] [Cancel]
        > 3
        < Please choose one of these. / What do you want? [Apple] [Bread] [Cancel]
        > BREAD
        < How many? [Back] [Cancel]
        > ten
        < Please write a number from 1 to 9. / How many? [Back] [Cancel]
        > 10
        < Please write a number from 1 to 9. / How many? [Back] [Cancel]
        > 9
        < Here: 9 bread.
    """)


async def test_an_inserted_question_is_asked_next(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > [Bread]
        < How many? [Back] [Cancel]
    """)
    shop.asks_first = True
    await amina.chats(f"""
        > [Cancel]
        < Stopped. Nothing was saved.
        < How can we help? Choose, or write your question in your own words. {MENU}
        > /buy
        < Which bag? [Cancel]
        > a blue one
        < What do you want? [Apple] [Bread] [Back] [Cancel]
        > 2
        < How many? [Back] [Cancel]
        > 1
        < Here: 1 bread.
    """)


async def test_a_typed_reply_belongs_to_the_question_that_was_shown(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > [Bread]
        < How many? [Back] [Cancel]
    """)
    shop.asks_first = True
    await amina.chats("""
        > 3
        < Which bag? [Cancel]
        > red
        < How many? [Back] [Cancel]
        > 4
        < Here: 4 bread.
    """)


async def test_a_pressed_reply_belongs_to_the_question_that_was_shown(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
    """)
    shop.asks_first = True
    await amina.chats("""
        > [Bread]
        < Which bag? [Cancel]
        > red
        < What do you want? [Apple] [Bread] [Back] [Cancel]
    """)


async def test_the_answer_to_a_question_that_was_taken_away_is_ignored(desk: Desk, offers: Offers) -> None:
    shop = Shop(asks_first=True)
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < Which bag? [Cancel]
        > blue
        < What do you want? [Apple] [Bread] [Back] [Cancel]
    """)
    shop.asks_first, shop.asks_last = False, False
    await amina.chats("""
        > apple
        < Here is your apple.
    """)


async def test_a_form_that_has_nothing_left_to_ask_comes_to_its_end(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("buy", shop.buy)
    amina = desk.person("en")
    await amina.chats("""
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > [Bread]
        < How many? [Back] [Cancel]
    """)
    shop.asks_last = False
    await amina.chats("""
        > 2
        < Here is your bread.
    """)


async def test_a_button_of_an_earlier_run_answers_nothing(desk: Desk, offers: Offers) -> None:
    offers("buy", Shop().buy)
    amina = desk.person("en")
    await amina.says("/buy")
    token, question = amina.screen[-1]
    await amina.says("/buy")
    shown = await amina.presses_at(str(token), question.rows[0][0])
    assert [laid.text for laid in shown] == [
        "This button is from an earlier message. Here is where we are now.",
        "What do you want?",
    ]


async def test_another_language_in_the_middle_keeps_the_answers(desk: Desk, offers: Offers) -> None:
    offers("buy", Shop().buy)
    amina = desk.person("en")
    await amina.says("/buy")
    await amina.says("2")
    await amina.says("/language")
    shown = await amina.presses("Русский")
    assert [(laid.language, laid.text) for laid in shown] == [("ru", "How many?")]
    await amina.chats("""
        > ٣
        < Here: 3 bread.
    """)


async def test_what_is_said_before_a_question_is_said_once(desk: Desk, offers: Offers) -> None:
    async def talkative(talk: Talk) -> Text:
        talk.say(raw("Welcome."))
        one = await talk.text("one", raw("First?"))
        talk.say(Message(raw("Half done."), buttons=(Button(raw("Where?"), Bind("menu")),)))
        two = await talk.text("two", raw("Second?"))
        talk.say(raw("All done."))
        return raw(f"{one} and {two}.")

    offers("talkative", talkative)
    await desk.person("en").chats("""
        > /talkative
        < Welcome.
        < First? [Cancel]
        > a
        < Half done. [Where?]
        < Second? [Back] [Cancel]
        > b
        < All done.
        < a and b.
    """)


async def test_a_flow_cannot_swallow_its_own_pause(desk: Desk, offers: Offers) -> None:
    async def careless(talk: Talk) -> Text:
        with suppress(Exception):
            await talk.text("name", raw("Who are you?"))
        return raw("The end.")

    offers("careless", careless)
    await desk.person("en").chats("""
        > /careless
        < Who are you? [Cancel]
        > Amina
        < The end.
    """)


async def test_indexed_keys_let_a_question_be_asked_many_times(desk: Desk, offers: Offers) -> None:
    async def children(talk: Talk) -> Text:
        many = await talk.number("children", raw("How many?"), 0, 9)
        names = [await talk.text(f"child.{n}.name", raw(f"Child {n}?")) for n in range(1, many + 1)]
        return joined([raw(name) for name in names])

    offers("children", children)
    await desk.person("en").chats("""
        > /children
        < How many? [Cancel]
        > 2
        < Child 1? [Back] [Cancel]
        > Ana
        < Child 2? [Back] [Cancel]
        > [Back]
        < Child 1? [Back] [Cancel]
        > Iva
        < Child 2? [Back] [Cancel]
        > Jan
        < Iva / Jan
    """)


async def test_one_form_waits_while_another_is_filled_in(desk: Desk, offers: Offers) -> None:
    offers("buy", Shop().buy)
    offers("order", Shop().order)
    await desk.person("en").chats(
        """
        > /buy
        < What do you want? [Apple] [Bread] [Cancel]
        > 2
        < How many? [Back] [Cancel]
        > /order
        < What do you want? [Apple] [Bread] [Cancel]
        > 1
        < apple for 5, right? [Yes] [No] [Back] [Cancel]
        > no
        < Fine, nothing was ordered.
        < How many? [Back] [Cancel]
        > /privacy-is-no-command
        < I do not know this command.
        < Write your question in your own words, in your language. I look for a checked answer.
          / If I do not know, or if you want, a person at the desk answers you here.
          / All topics: /menu / Talk to a person: /person / Another language: /language
          / What we keep about you: /mydata / Delete everything about you: /delete
          / Emergency numbers: /danger [☰ Menu] [👤 Talk to a person] [🚨 I am in danger]
        < How many? [Back] [Cancel]
        > 5
        < Here: 5 bread.
    """.replace("/privacy-is-no-command", "/nonsense")
    )


async def test_a_flow_that_this_release_does_not_know_ends_at_the_menu(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, offers: Offers
) -> None:
    with monkeypatch.context() as earlier_release:
        from flows import COMMANDS, FLOWS

        earlier_release.setitem(FLOWS, "bazaar", Shop().buy)
        earlier_release.setitem(COMMANDS, "bazaar", "bazaar")
        amina = desk.person("en")
        await amina.chats("""
            > /bazaar
            < What do you want? [Apple] [Bread] [Cancel]
        """)
    await amina.chats(f"""
        > [Bread]
        < This button is from an earlier message. Here is where we are now.
        < How can we help? Choose, or write your question in your own words. {MENU}
    """)
