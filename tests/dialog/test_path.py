"""The way through a form: what is kept, confirmed, asked again, taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import copies
from bot.domain.copies import CopyLink
from bot.domain.happenings import Happening, Kind
from bot.i18n import Text, raw
from tests.desk import Desk
from tests.dialog.conftest import Offers
from tests.dialog.shop import Shop


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
