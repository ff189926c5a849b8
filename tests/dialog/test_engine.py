"""The engine's rules, each played as a conversation with a small flow."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialog.engine import step
from bot.dialog.messages import Bind, Button, Message
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Chosen, FlowError, Frame, Scene, Talk
from bot.domain import copies, people
from bot.domain.copies import CopyLink
from bot.domain.happenings import Happening, Kind
from bot.domain.inbound import StoredUpdate
from bot.i18n import Text, joined, raw
from tests.desk import Desk, shipped_catalogs
from tests.dialog.conftest import Offers

MENU = (
    "[🧭 My first steps] [🗣 Slovene language] [📄 Papers and offices] [🤝 People and contacts] [📅 Workshops, events] "
    "[🏛 Culture and places] [💼 Work] [🏪 Own business] [👤 Talk to a person] [📁 My things] [🚨 I am in danger]"
)


@dataclass
class Shop:
    """What changes in the world while somebody is asked."""

    goods: list[str] = field(default_factory=lambda: ["apple", "bread"])
    price: int = 5
    asks_first: bool = False
    asks_last: bool = True
    looked: int = 0

    def options(self) -> list[Option]:
        return [Option(one, raw(one.title())) for one in self.goods]

    async def buy(self, talk: Talk) -> Text:
        if self.asks_first:
            await talk.text("bag", raw("Which bag?"))
        what = await talk.choose("what", raw("What do you want?"), self.options())
        if not self.asks_last:
            return raw(f"Here is your {what}.")
        how_many = await talk.number("how many", raw("How many?"), 1, 9)
        return raw(f"Here: {how_many} {what}.")

    async def order(self, talk: Talk) -> Text:
        what = await talk.choose("what", raw("What do you want?"), self.options())
        if not await talk.confirm("sure", raw(f"{what} for {self.price}, right?")):
            return raw("Fine, nothing was ordered.")
        return raw(f"Ordered: {what} for {self.price}.")


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


async def test_keep_reads_once_so_that_the_path_stays(desk: Desk, offers: Offers) -> None:
    shop = Shop()

    async def counted(session: AsyncSession) -> int:
        shop.looked += 1
        return shop.price

    async def priced(talk: Talk) -> Text:
        price = await talk.keep("price", counted)
        name = await talk.text("name", raw(f"It costs {price}. Who are you?"))
        colour = await talk.text("colour", raw("Which colour?"))
        return raw(f"{name}, {colour}, {price}.")

    offers("priced", priced)
    amina = desk.person("en")
    await amina.chats("""
        > /priced
        < It costs 5. Who are you? [Cancel]
    """)
    shop.price = 99
    await amina.chats("""
        > Amina
        < Which colour? [Back] [Cancel]
        > red
        < Amina, red, 5.
    """)
    assert shop.looked == 1


async def test_back_also_forgets_what_was_kept_after_that_answer(desk: Desk, offers: Offers) -> None:
    async def reversed_(session: AsyncSession, word: str) -> str:
        return word[::-1]

    async def mirror(talk: Talk) -> Text:
        word = await talk.text("word", raw("A word?"))
        found = await talk.keep("found", reversed_, word)
        await talk.text("more", raw(f"{found}. More?"))
        return raw(f"The end of {found}.")

    offers("mirror", mirror)
    await desk.person("en").chats("""
        > /mirror
        < A word? [Cancel]
        > xyz
        < zyx. More? [Back] [Cancel]
        > [Back]
        < A word? [Cancel]
        > abc
        < cba. More? [Back] [Cancel]
        > no
        < The end of cba.
    """)


async def test_a_sentence_that_changes_is_confirmed_again(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("order", shop.order)
    amina = desk.person("en")
    await amina.chats("""
        > /order
        < What do you want? [Apple] [Bread] [Cancel]
        > 1
        < apple for 5, right? [Yes] [No] [Back] [Cancel]
    """)
    shop.price = 6
    await amina.chats("""
        > [Yes]
        < That choice is no longer available. / apple for 6, right? [Yes] [No] [Back] [Cancel]
        > [Yes]
        < Ordered: apple for 6.
    """)


async def test_a_typed_yes_agrees_only_to_the_sentence_that_was_shown(desk: Desk, offers: Offers) -> None:
    shop = Shop()
    offers("order", shop.order)
    amina = desk.person("en")
    await amina.chats("""
        > /order
        < What do you want? [Apple] [Bread] [Cancel]
        > 1
        < apple for 5, right? [Yes] [No] [Back] [Cancel]
    """)
    shop.price = 6
    shown = await amina.says("yes")
    assert [laid.text.splitlines()[-1] for laid in shown] == ["apple for 6, right?"]
    await amina.chats("""
        > yes
        < Ordered: apple for 6.
    """)


async def test_a_yes_given_earlier_does_not_hold_for_another_sentence(desk: Desk, offers: Offers) -> None:
    shop = Shop()

    async def thorough(talk: Talk) -> Text:
        await talk.confirm("sure", raw(f"It costs {shop.price}, right?"))
        name = await talk.text("name", raw("Who are you?"))
        return raw(f"{name} pays {shop.price}.")

    offers("thorough", thorough)
    amina = desk.person("en")
    await amina.chats("""
        > /thorough
        < It costs 5, right? [Yes] [No] [Cancel]
        > yes
        < Who are you? [Back] [Cancel]
    """)
    shop.price = 7
    await amina.chats("""
        > Amina
        < That choice is no longer available. / It costs 7, right? [Yes] [No] [Cancel]
        > yes
        < Who are you? [Back] [Cancel]
        > Amina
        < Amina pays 7.
    """)


async def test_no_is_an_answer_too(desk: Desk, offers: Offers) -> None:
    offers("order", Shop().order)
    await desk.person("en").chats("""
        > /order
        < What do you want? [Apple] [Bread] [Cancel]
        > 2
        < bread for 5, right? [Yes] [No] [Back] [Cancel]
        > perhaps
        < Please answer yes or no. / bread for 5, right? [Yes] [No] [Back] [Cancel]
        > wrong
        < Fine, nothing was ordered.
    """)


async def test_ask_again_undoes_the_write_and_drops_what_was_asked_after(desk: Desk, offers: Offers) -> None:
    full = {"tuesday"}

    async def enrol(session: AsyncSession, person_id: int, group: str, now: datetime) -> None:
        await copies.offer(session, person_id, now)
        if group in full:
            raise KeyError(group)

    async def course(talk: Talk) -> Text:
        level = await talk.choose("level", raw("Which level?"), [Option("a1", raw("A1"))])
        options = [Option("tuesday", raw("Tuesday")), Option("friday", raw("Friday"))]
        group = await talk.choose("group", raw("When?"), options)
        name = await talk.text("name", raw("Who are you?"))
        talk.note(Kind.FINISHED, flow="course")
        try:
            await talk.do(enrol, talk.person.person_id, group, talk.scene.now)
        except KeyError:
            raise AskAgain("group", because=raw("That group has just filled up.")) from None
        return raw(f"{name}: {level} on {group}.")

    offers("course", course)
    amina = desk.person("en")
    await amina.chats("""
        > /course
        < Which level? [A1] [Cancel]
        > 1
        < When? [Tuesday] [Friday] [Back] [Cancel]
        > [Tuesday]
        < Who are you? [Back] [Cancel]
        > Amina
        < That group has just filled up. / When? [Tuesday] [Friday] [Back] [Cancel]
    """)
    assert (await desk.count(CopyLink), await desk.count(Happening)) == (0, 0)
    await amina.chats("""
        > [Friday]
        < Who are you? [Back] [Cancel]
        > Amina
        < Amina: a1 on friday.
    """)
    assert (await desk.count(CopyLink), await desk.count(Happening)) == (1, 1)


async def test_back_drops_the_last_answer(desk: Desk, offers: Offers) -> None:
    offers("order", Shop().order)
    await desk.person("en").chats("""
        > /order
        < What do you want? [Apple] [Bread] [Cancel]
        > 1
        < apple for 5, right? [Yes] [No] [Back] [Cancel]
        > [Back]
        < What do you want? [Apple] [Bread] [Cancel]
        > back
        < This is the first question.
        < What do you want? [Apple] [Bread] [Cancel]
        > 2
        < bread for 5, right? [Yes] [No] [Back] [Cancel]
    """)


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


# What only a programmer can do wrong: the engine refuses it.


async def played(desk: Desk, flow: object, answers: dict[str, object], reply: Chosen | str | None = None) -> None:
    house = desk.house
    async with house.db.transaction() as session:
        caller = people.newcomer("web", "k", people.sender_of("web", "k"), "en")
        await people.add(session, [caller], desk.clock())
        scene = Scene(session, caller, house.desk, house.library, shipped_catalogs(), desk.clock())
        await step(flow, Frame("flow", "run", answers), reply, scene)  # type: ignore[arg-type]


async def test_a_key_used_twice_is_refused(desk: Desk) -> None:
    async def twice(talk: Talk) -> Text:
        await talk.text("name", raw("Who are you?"))
        await talk.text("name", raw("Who is your child?"))
        return raw("The end.")

    with pytest.raises(FlowError, match="'name' is used twice"):
        await played(desk, twice, {"name": "Amina"})


async def test_a_question_after_a_write_is_refused_and_nothing_is_written(desk: Desk) -> None:
    async def hasty(talk: Talk) -> Text:
        await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
        await talk.text("name", raw("Who are you?"))
        return raw("The end.")

    with pytest.raises(FlowError, match="'name' follows a write"):
        await played(desk, hasty, {})
    assert await desk.count(CopyLink) == 0


async def test_asking_again_what_was_not_asked_is_refused(desk: Desk) -> None:
    async def mistaken(talk: Talk) -> Text:
        raise AskAgain("age", because=raw("Too young."))

    with pytest.raises(FlowError, match="cannot ask 'age' again"):
        await played(desk, mistaken, {})


async def test_a_flow_that_asks_again_for_ever_is_refused(desk: Desk) -> None:
    async def stubborn(talk: Talk) -> Text:
        await talk.keep("age", no_age)
        raise AskAgain("age", because=raw("Again."))

    async def no_age(session: AsyncSession) -> int:
        return 0

    with pytest.raises(FlowError, match="asked again 5 times"):
        await played(desk, stubborn, {})


async def test_private_answers_reach_no_count_and_no_log(
    desk: Desk, offers: Offers, caplog: pytest.LogCaptureFixture
) -> None:
    async def diary(talk: Talk) -> Text:
        await talk.text("secret", raw("What hurts?"), private=True)
        await talk.number("age", raw("How old?"), 1, 120, private=True)
        talk.note(Kind.FINISHED, flow="diary")
        return raw("Thank you.")

    offers("diary", diary)
    amina = desk.person("en")
    for name in ("bot", "flows"):
        caplog.set_level(logging.DEBUG, logger=name)
    await amina.says("/diary")
    await amina.says("canary-in-the-mine")
    await amina.says("117")
    async with desk.house.db.reading() as session:
        counted = list(await session.scalars(select(Happening)))
        updates = list(await session.scalars(select(StoredUpdate)))
    columns = Happening.__table__.columns.keys()
    told = [str(getattr(one, name)) for one in counted for name in columns if name not in {"id", "at", "pseudonym"}]
    assert [one.data for one in counted] == [{"flow": "diary"}]
    assert not any("canary" in words or "117" in words for words in told)
    assert not any("canary" in one.reason for one in updates)
    assert "canary" not in caplog.text
