"""Files to people in Telegram: with the text as caption where it is short, behind it where it is long."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.contract import Undeliverable
from bot.channels.telegram import Telegram
from bot.channels.telegram.show import CAPTION_UNITS
from bot.dialog.messages import Laid, LaidButton
from bot.paper.makers import File
from tests.channels.conftest import SOON_S, Platform, running
from tests.desk import open_desk
from tests.fakes.telegram import TEST_TOKEN, FaultKind

FILE = File("pismo.pdf", "application/pdf", b"%PDF-1.4 sample")
ROWS = ((LaidButton("Menu", index=0),),)
_ANSWERS = (
    "I do not know", "Skip", "I do not know", "I still work there", "November 2026", "That is all", "I do not know",
    "None of these", "Skip", "Without my name",
)  # fmt: skip
TOKEN = "AAAAAAAAAAAAAAAAAAAAAA"


def stored(tg: Platform) -> list[tuple[str, bytes]]:
    return [(file.path.rpartition(".")[2], file.data) for file in tg.world.files.values()]


async def test_a_short_text_is_the_caption(tg: Platform, channel: Telegram) -> None:
    user = tg.user(41)
    assert await channel.send("41", Laid("Here it is.", "Letter", ROWS, file=FILE), TOKEN) == "1"
    (message,) = user.got
    assert (message.kind, message.text, message.buttons) == ("document", "Letter\n\nHere it is.", ["Menu"])
    assert message.entities == [{"type": "bold", "offset": 0, "length": 6}]
    assert message.extra["document"]["file_name"] == "pismo.pdf"
    assert message.extra["document"]["mime_type"] == "application/pdf"
    assert stored(tg) == [("pdf", b"%PDF-1.4 sample")]
    assert tg.asked("sendMessage") == []


@pytest.mark.parametrize("more", [0, 1])
async def test_a_long_text_goes_before(tg: Platform, channel: Telegram, more: int) -> None:
    user = tg.user(41)
    words = "č" * (CAPTION_UNITS + more)
    assert await channel.send("41", Laid(words, rows=ROWS, file=FILE), TOKEN) == str(1 + more)
    assert [(one.kind, len(one.text), one.buttons) for one in user.got] == [
        [("document", 1024, ["Menu"])], [("text", 1025, []), ("document", 0, ["Menu"])],
    ][more]  # fmt: skip


async def test_a_very_long_text_goes_in_parts_before(tg: Platform, channel: Telegram) -> None:
    user = tg.user(41)
    await channel.send("41", Laid("word " * 1200, rows=ROWS, file=FILE), TOKEN)
    assert [one.kind for one in user.got] == ["text", "text", "document"]


async def test_a_message_whose_file_is_gone_is_a_message(tg: Platform, channel: Telegram) -> None:
    user = tg.user(41)
    await channel.send("41", Laid("Here it is.", rows=ROWS), TOKEN)
    assert [(one.kind, one.buttons) for one in user.got] == [("text", ["Menu"])]


async def test_a_file_may_be_refused_like_a_message(tg: Platform, channel: Telegram) -> None:
    tg.user(41).blocks()
    with pytest.raises(Undeliverable) as refused:
        await channel.send("41", Laid("Here it is.", file=FILE), None)
    assert (refused.value.why, refused.value.permanent) == ("blocked", True)
    tg.user(42)
    tg.fault(FaultKind.RESET_AFTER, method="sendDocument")
    with pytest.raises(Undeliverable) as lost:
        await channel.send("42", Laid("Here it is.", file=FILE), None)
    assert lost.value.uncertain


async def test_from_a_form_to_the_phone(database_url: str, tg: Platform) -> None:
    """The whole way: a letter that was asked for in Telegram arrives there as a PDF."""
    async with open_desk(database_url) as desk:
        telegram = Telegram(TEST_TOKEN, tg.url, first_pause_s=SOON_S)
        desk.house.channels["telegram"] = telegram
        desk.outbox.pushed.append("telegram")
        serving = asyncio.create_task(desk.reception.run())
        user = tg.user(41, language_code="en")
        async with running(telegram, desk.reception.receive):
            user.says("/start")
            await user.hears(2)  # the notice, the menu
            user.says("/letter")
            await user.hears(2)  # what it is about, the first question
            user.says("Sample Builders")
            (asked,) = await user.hears()
            for label in _ANSWERS:
                user.presses(asked, label)
                (asked,) = await user.hears()
            user.presses(asked, "Yes")
            kinds = [message.kind for message in await user.hears(3)]
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await telegram.close()
    assert kinds == ["text", "text", "document"]
    assert [(ending, data[:5]) for ending, data in stored(tg)] == [("pdf", b"%PDF-")]
