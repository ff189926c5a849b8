"""Where reminders go: asked at a sign-up, in words that promise no more than the channel keeps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.dialog.messages import Laid
from bot.domain.people import Person
from bot.domain.seats import Signup
from flows.whereto import read_phone
from tests.appointments import states_of
from tests.desk import Desk, Guest
from tests.flows.paper import Writer, with_paper

ASKS = "Where may we remind you?"
SKIPS = ("No name", "Skip", "I come alone", "No, thank you", "A newcomer", "I would rather not say")
PHONE = "What is your phone number? Only the desk sees it, and calls you only for this."


async def asked(guest: Guest) -> Laid:
    """On with a sign-up, as little as possible told, until it is asked where reminders go."""
    (shown,) = (await guest.says("/start event-" + str((await guest.desk.has_event()).id)))[-1:]
    (shown,) = (await guest.presses("✅ Sign up"))[-1:]
    for _question in range(8):
        if shown.text.startswith(ASKS):
            return shown
        labels = [one.label for row in shown.rows for one in row]
        (shown,) = (await guest.presses(next(one for one in labels if one in SKIPS)))[-1:]
    raise AssertionError(shown)


async def ends(guest: Guest) -> str:
    """Yes to the review; what is said at the end."""
    return "\n".join(laid.text for laid in await guest.presses("Yes"))


async def kept(desk: Desk) -> tuple[str, str | None]:
    async with desk.house.db.reading() as session:
        signup = (await session.scalars(select(Signup))).one()
        return signup.remind, await session.scalar(select(Person.phone).where(Person.id == signup.person_id))


async def test_in_the_web_chat_it_is_said_what_that_means(desk: Desk) -> None:
    amina = desk.person("en")
    shown = await asked(amina)
    assert shown.text == f"{ASKS}\nHonestly: a message in this chat is seen only when you open this page."
    assert [one.label for row in shown.rows for one in row] == [
        "In this chat", "In Telegram", "Call me", "No reminders", "Back", "Cancel",
    ]  # fmt: skip
    await amina.presses("In this chat")
    assert "We remind you in this chat. Please open this page from time to time." in await ends(amina)
    assert await kept(desk) == ("chat", None)


async def test_telegram_that_we_do_not_know(desk: Desk) -> None:
    amina = desk.person("en")
    await asked(amina)
    await amina.presses("In Telegram")
    assert "We do not know you in Telegram yet." in await ends(amina)
    assert (await kept(desk), await states_of(desk)) == (("telegram", None), ["waiting"] * 3)


async def test_a_call_asks_for_a_number_and_takes_it_as_people_write_it(desk: Desk) -> None:
    amina = desk.person("en")
    await asked(amina)
    assert [one.text for one in await amina.presses("Call me")] == [PHONE]
    (again,) = await amina.says("I have none")
    assert again.text == f"This does not look like a phone number. Please write only the number.\n{PHONE}"
    await amina.says("٠٤١/٠٠٠-٠٠٠")
    assert "Somebody of the desk calls you on a working day before." in await ends(amina)
    assert (await kept(desk), await states_of(desk)) == (("call", "041 000 000"), ["call"])


async def test_a_number_that_was_told_before_need_not_be_told_again(desk: Desk) -> None:
    amina = desk.person("en")
    await asked(amina)
    await amina.presses("Call me")
    await amina.says("041 000 000")
    await ends(amina)
    await asked(amina)
    (shown,) = await amina.presses("Call me")
    assert [one.label for row in shown.rows for one in row] == ["As I told before", "Back", "Cancel"]
    assert "041" not in shown.text
    await amina.presses("As I told before")
    await ends(amina)
    async with desk.house.db.reading() as session:
        assert list(await session.scalars(select(Person.phone).where(Person.phone.is_not(None)))) == ["041 000 000"]


async def test_none(desk: Desk) -> None:
    amina = desk.person("en")
    await asked(amina)
    await amina.presses("No reminders")
    assert "We do not remind you. Please write the date down." in await ends(amina)
    assert (await kept(desk), await states_of(desk)) == (("none", None), [])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("041 000 000", "041 000 000"),
        (" +386 (0)41/000-000 ", "+386 0 41 000 000"),
        ("۰۴۱۰۰۰۰۰۰", "041000000"),
        ("০৪১ ০০০ ০০০", "041 000 000"),
        ("00386.41.000.000", "00386 41 000 000"),
        ("12345", ""),
        ("1234567890123456", ""),
        ("041 000 000 after five", ""),
        ("41+000000", ""),
        ("", ""),
        ("----------", ""),
    ],
)
def test_numbers(typed: str, read: str) -> None:
    assert read_phone(typed) == read


async def test_elsewhere_the_chat_itself_is_enough(desk: Desk) -> None:
    event = await desk.has_event()
    writer = Writer(desk, with_paper(desk), "1")
    await writer.sends("command", "start")
    await writer.sends("command", "language", payload="en")
    await writer.sends("command", "start", payload=f"event-{event.id}")
    (line,) = (await writer.presses("✅ Sign up"))[-1:]
    while ASKS not in line:
        (line,) = (await writer.presses(next(one for one in SKIPS if f"[{one}]" in line)))[-1:]
    assert line == f"< {ASKS} [In this chat] [Call me] [No reminders] [Back] [Cancel]"
    await writer.presses("In this chat")
    assert "We remind you in this chat. [" in " ".join(await writer.presses("Yes"))
