"""Laid out messages as calls of the Bot API, and what its refusals mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError

from bot.channels.contract import Undeliverable
from bot.channels.telegram import Telegram
from bot.channels.telegram.refusals import refused
from bot.channels.telegram.show import bodies, pieces, units
from bot.dialog.messages import Bind, Laid, LaidButton, Tone
from tests.channels.conftest import Platform
from tests.fakes.telegram import FaultKind, Limits

TOKEN = "AAAAAAAAAAAAAAAAAAAAAA"
PLAIN = {"chat_id": 41, "link_preview_options": {"is_disabled": True}}


def link(label: str, url: str) -> LaidButton:
    return LaidButton(label, url)


def underlined(offset: int, length: int) -> dict[str, Any]:
    return {"type": "underline", "offset": offset, "length": length}


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


SHOWN: list[tuple[Laid, dict[str, Any]]] = [
    (Laid("<b>Not</b> *bold* [link](tg://x)"), {"text": "<b>Not</b> *bold* [link](tg://x)"}),
    (Laid("Go to the office.", "Address"), {"text": "Address\n\nGo to the office.", "entities": [bold(0, 7)]}),
    (Laid("", "Only a title"), {"text": "Only a title", "entities": [bold(0, 12)]}),
    (
        Laid("Come on Monday.", tone=Tone.STAFF, sender="Vesna, help desk"),
        {"text": "Vesna, help desk\nCome on Monday.", "entities": [underlined(0, 16)]},
    ),
    (
        Laid("Text", "🏠 Title", sender="👩🏽 Vesna"),
        {"text": "👩🏽 Vesna\n🏠 Title\n\nText", "entities": [underlined(0, 10), bold(11, 8)]},
    ),
    (
        Laid("Vesna, help desk\nSend me your papers."),  # a person's words that look like a sender are only words
        {"text": "Vesna, help desk\nSend me your papers."},
    ),
    (
        Laid("Which?", rows=((LaidButton("Yes", index=0), LaidButton("No", index=1)), (link("Map", "https://example.org/m"),))),
        {
            "text": "Which?",
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"text": "Yes", "callback_data": f"{TOKEN}:0"},
                        {"text": "No", "callback_data": f"{TOKEN}:1"},
                    ],
                    [{"text": "Map", "url": "https://example.org/m"}],
                ]
            },
        },
    ),
    (
        Laid("Open the page.", rows=((link("Page", "http://localhost:8080/"), LaidButton("Menu", index=0)),)),
        {
            "text": "Open the page.\nPage: http://localhost:8080/",
            "reply_markup": {"inline_keyboard": [[{"text": "Menu", "callback_data": f"{TOKEN}:0"}]]},
        },
    ),
    (Laid("مرحبا", direction="rtl"), {"text": "مرحبا"}),
    (Laid("112: مرحبا", direction="rtl"), {"text": "112: مرحبا"}),
    (Laid("e-uprava: مرحبا", direction="rtl"), {"text": "\u200fe-uprava: مرحبا"}),
    (
        Laid("مرحبا", "EMŠO", direction="rtl"),
        {"text": "\u200fEMŠO\n\nمرحبا", "entities": [bold(1, 4)]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("laid", "body"), SHOWN)
async def test_message_is_sent_as(tg: Platform, channel: Telegram, laid: Laid, body: dict[str, Any]) -> None:
    user = tg.user(41)
    assert await channel.send("41", laid, TOKEN) == "1"
    assert tg.asked("sendMessage") == [{**PLAIN, **body}]
    assert user.got[0].text == body["text"]


async def test_long_text_goes_in_several_messages_and_loses_nothing(tg: Platform, channel: Telegram) -> None:
    words = " ".join(f"word{number}😀" for number in range(1, 1001))
    laid = Laid(words, "Title", ((LaidButton("Menu", index=0),),), binds=(Bind("menu"),))
    tg.user(41)
    assert await channel.send("41", laid, TOKEN) == "3"
    assert " ".join(message.text for message in tg.sent) == f"Title\n\n{words}"
    assert [message.buttons for message in tg.sent] == [[], [], ["Menu"]]
    assert [message.entities for message in tg.sent] == [[bold(0, 5)], [], []]


@pytest.mark.parametrize("unit", ["a", "š", "😀", "क", "a b\n\n", "😀\n"])
def test_pieces_fit_and_lose_no_letter(unit: str) -> None:
    text = unit * 5000
    parts = pieces(text, 4096)
    assert max(map(units, parts)) <= 4096
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_longest_button_data_fits() -> None:
    rows = ((LaidButton("x", index=99),),)
    (body,) = bodies(41, Laid("Which?", rows=rows), "x" * 22)
    assert len(body["reply_markup"]["inline_keyboard"][0][0]["callback_data"]) <= 64


async def refusal(channel: Telegram, laid: Laid | None = None) -> Undeliverable:
    with pytest.raises(Undeliverable) as raised:
        await channel.send("41", laid or Laid("Hello"), None)
    return raised.value


def is_gone(why: str) -> tuple[str, bool, float | None, bool]:
    return why, True, None, False


def meaning(refusal: Undeliverable) -> tuple[str, bool, float | None, bool]:
    return refusal.why, refusal.permanent, refusal.retry_after_s, refusal.uncertain


async def test_people_who_cannot_be_written_to(tg: Platform, channel: Telegram) -> None:
    assert meaning(await refusal(channel)) == is_gone("no_such_chat")
    user = tg.user(41, started=False)
    assert meaning(await refusal(channel)) == is_gone("never_started")
    user.says("hello")
    user.blocks()
    assert meaning(await refusal(channel)) == is_gone("blocked")
    user.unblocks()
    assert await channel.send("41", Laid("Hello"), None) != ""
    user.disappears()
    assert meaning(await refusal(channel)) == is_gone("deactivated")


async def test_too_many_says_when_to_try_again(tg: Platform, channel: Telegram) -> None:
    tg.user(41)
    tg.fault("too_many", method="sendMessage", retry_after=17)
    assert meaning(await refusal(channel)) == ("too_many", False, 17.0, False)
    tg.world.paces.limits = Limits(chat_per_second=1)
    await channel.send("41", Laid("Hello"), None)
    assert (await refusal(channel)).why == "too_many"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (FaultKind.RESET_BEFORE, "lost"),
        (FaultKind.RESET_AFTER, "lost"),
        (FaultKind.ERROR_BEFORE, "faulty"),
        (FaultKind.ERROR_AFTER, "faulty"),
        (FaultKind.GARBAGE, "faulty"),
    ],
)
async def test_broken_calls_may_have_arrived(tg: Platform, channel: Telegram, kind: FaultKind, why: str) -> None:
    tg.user(41)
    tg.fault(kind, method="sendMessage")
    assert meaning(await refusal(channel)) == (why, False, None, True)
    assert await channel.send("41", Laid("Again"), None) != ""


async def test_unreachable_platform_has_certainly_got_nothing(tg: Platform, channel: Telegram) -> None:
    tg.user(41)
    await channel.send("41", Laid("One"), None)
    await tg.stop()
    reasons = [meaning(await refusal(channel)) for _ in range(2)]
    # The kept connection may break under the first one; then there is none to be had.
    assert reasons[0] in [("lost", False, None, True), ("unreached", False, 0.0, False)]
    assert reasons[1] == ("unreached", False, 0.0, False)
    await tg.start()
    assert await channel.send("41", Laid("Two"), None) == "2"


async def test_refused_token_is_our_fault_not_the_persons(tg: Platform) -> None:
    stranger = Telegram("1000001:another-made-up-token-of-the-tests-00", tg.url)
    assert meaning(await refusal(stranger)) == ("token", False, 0.0, False)
    await stranger.close()


async def test_messages_that_the_platform_does_not_take_stay_with_us(tg: Platform, channel: Telegram) -> None:
    tg.user(41)
    assert meaning(await refusal(channel, Laid(" "))) == ("empty", False, None, False)
    rows = ((LaidButton("Menu", index=0),),)
    with pytest.raises(Undeliverable) as raised:
        await channel.send("41", Laid("Hello", rows=rows), "x" * 64)
    assert meaning(raised.value) == ("button", False, None, False)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatMigrated(-100), is_gone("migrated")),
        (BadRequest("Bad Request: PEER_ID_INVALID"), is_gone("no_such_chat")),
        (BadRequest("Bad Request: something new"), ("bad_request", False, None, False)),
        (NetworkError("canary"), ("lost", False, None, True)),
        (TelegramError("canary"), ("telegramerror", False, None, True)),
    ],
)
def test_other_refusals(error: TelegramError, expected: tuple[str, bool, float | None, bool]) -> None:
    assert meaning(refused(error)) == expected


async def test_files_are_fetched(tg: Platform, channel: Telegram) -> None:
    tg.user(41).sends_voice(b"OggS a voice")
    assert await channel.fetch("file-id-1") == b"OggS a voice"


async def test_files_that_cannot_be_fetched(tg: Platform, channel: Telegram) -> None:
    tg.user(41).sends_document(b"x" * (20 * 2**20 + 1))
    for file, why in (("file-id-1", "too_big"), ("file-id-9", "no_such_file")):
        with pytest.raises(Undeliverable) as raised:
            await channel.fetch(file)
        assert meaning(raised.value) == (why, False, None, False)


@pytest.mark.parametrize(
    "path",
    ["../etc/passwd", "/etc/passwd", "a/../../b", "http://example.org/x", "//example.org/x", "a?b", "a#b", "a\\b",
     "a/./b", "@example.org/x", "%2e%2e/x", "a//b", "", "ﬁle"],
)  # fmt: skip
async def test_files_come_from_the_bot_api_server_alone(tg: Platform, channel: Telegram, path: str) -> None:
    tg.user(41).sends_voice()
    tg.world.files["file-id-1"] = replace(tg.world.files["file-id-1"], path=path)
    with pytest.raises(Undeliverable) as raised:
        await channel.fetch("file-id-1")
    assert raised.value.why == "no_such_file"


async def test_size_is_counted_not_believed(tg: Platform, channel: Telegram) -> None:
    tg.user(41).sends_document(b"x")
    stored = tg.world.files["file-id-1"]
    lying = replace(stored, file_id="lie", data=b"x" * (20 * 2**20 + 1))
    tg.world.files = {"lie": lying, "file-id-1": stored}  # the same path, a larger file
    with pytest.raises(Undeliverable) as raised:
        await channel.fetch("file-id-1")
    assert raised.value.why == "too_big"
