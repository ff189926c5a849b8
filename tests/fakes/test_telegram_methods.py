"""The fake Bot API server against the rules of the real one: messages, buttons, limits, files."""

from __future__ import annotations

import json

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from tests.fakes.conftest import Caller, Clock, Json, key, sent_by, texts
from tests.fakes.telegram import DOCUMENTED_LIMITS, TEST_TOKEN, FakeTelegram, Limits


async def test_a_message_is_kept_with_its_buttons(tg: FakeTelegram, bot: Bot) -> None:
    user = tg.user(42)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await bot.send_message(42, "Ready?", reply_markup=keyboard)
    shown = (await user.hears())[0]
    assert (shown.chat_id, shown.text, shown.buttons) == (42, "Ready?", ["Yes"])
    assert shown.message_id == sent.message_id
    press = user.presses(shown, "Yes")
    assert await bot.answer_callback_query(press)
    await bot.edit_message_text("Go", chat_id=42, message_id=sent.message_id)
    assert (shown.text, shown.buttons, shown.edits) == ("Go", [], 1)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Go", chat_id=42, message_id=sent.message_id)
    await bot.delete_message(42, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Gone", chat_id=42, message_id=sent.message_id)
    assert user.shown == []
    assert user.got == [shown]


async def test_a_reply_keyboard_is_pressed_as_text(tg: FakeTelegram, call: Caller) -> None:
    user = tg.user(42)
    shown = await sent_by(call, 42, reply_markup={"keyboard": [["Menu"]], "resize_keyboard": True})
    assert user.presses(shown, "Menu") == ""
    assert texts(await call("getUpdates")) == ["Menu"]
    await call("sendMessage", chat_id=42, text="gone", reply_markup={"remove_keyboard": True})
    with pytest.raises(LookupError):
        user.presses(shown, "Menu")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": " "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "x", "disable_web_page_preview": True}, "unknown parameter disable_web_page_preview"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<p>x</p>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "can't parse entities"),
        ({"text": "x", "reply_markup": key()}, "can't parse inline keyboard button"),
        ({"text": "x", "reply_markup": key(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(callback_data="č" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": key(url="http://localhost/")}, "inline keyboard button URL"),
        ({"text": "x", "reply_markup": key(callback_data="a", colour="red")}, "can't parse inline keyboard"),
        ({"text": "x", "reply_markup": {"keyboard": []}}, "keyboard is empty"),
        ({"text": "x", "reply_markup": {"anything": 1}}, "can't parse reply markup"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "chat_id": 7}, "chat not found"),
    ],
)
async def test_a_bad_message_is_refused(tg: FakeTelegram, call: Caller, values: Json, why: str) -> None:
    tg.user(42)
    assert (await call.refused("sendMessage", **{"chat_id": 42, **values})).startswith(f"400 Bad Request: {why}")
    assert tg.sent == []


async def test_what_is_just_allowed_is_sent(tg: FakeTelegram, call: Caller) -> None:
    tg.user(42)
    for values in (
        {"text": "🙂" * 2048},
        {"text": "x", "reply_markup": json.dumps(key(callback_data="č" * 32))},
        {"text": "<b>a &lt; b</b> &copy;", "parse_mode": "HTML"},
    ):
        assert (await call("sendMessage", chat_id=42, **values))["ok"]
    assert tg.sent[-1].text == "a < b &copy;"
    assert tg.sent[-1].entities == [{"type": "bold", "offset": 0, "length": 5}]


async def test_the_four_spellings_of_a_call(tg: FakeTelegram, call: Caller) -> None:
    tg.user(42)
    values = {"chat_id": "42", "text": "živjo & إلى", "reply_markup": json.dumps(key(callback_data="a"))}
    url = f"{tg.url}/bot{TEST_TOKEN}/sendMessage"
    multipart = aiohttp.FormData(values)
    multipart.add_field("unused", b"x", filename="x.bin")
    requests = [
        call.session.get(url, params=values),
        call.session.post(url, data=values),
        call.session.post(url, json=values),
        call.session.post(url, data=multipart),
    ]
    for request in requests:
        async with request as answer:
            assert answer.status == 200
    assert [(m.text, m.buttons) for m in tg.sent] == [("živjo & إلى", ["a"])] * 4


async def test_who_cannot_be_written_to(tg: FakeTelegram, bot: Bot) -> None:
    stranger, blocker, gone = tg.user(1, started=False), tg.user(2), tg.user(3)
    blocker.blocks()
    gone.disappears()
    for user, why in ((stranger, "initiate"), (blocker, "blocked"), (gone, "deactivated")):
        with pytest.raises(Forbidden, match=why):
            await bot.send_message(user.id, "hello")
    stranger.says("/start")
    blocker.says("/start")
    await bot.send_message(1, "hello")
    await bot.send_message(2, "hello again")
    assert tg.counters.forbidden == 3


async def test_groups_break_as_real_ones_do(tg: FakeTelegram, call: Caller) -> None:
    group = tg.group(-1_001_234_567_890, forum=True)
    topic = (await call("createForumTopic", chat_id=group.id, name="Case 1"))["result"]["message_thread_id"]
    await call("sendMessage", chat_id=group.id, message_thread_id=topic, text="a card")
    assert [message.text for message in group.thread(topic)] == ["a card"]
    tg.user(7).says("an answer", to=group, thread=topic)
    assert (await call("getUpdates"))["result"][0]["message"]["message_thread_id"] == topic
    assert await call("closeForumTopic", chat_id=group.id, message_thread_id=topic) == {
        "ok": True,
        "result": True,
    }
    group.loses_topic(topic)
    lost = {"chat_id": group.id, "message_thread_id": topic, "text": "x"}
    assert await call.refused("sendMessage", **lost) == "400 Bad Request: message thread not found"
    small = tg.group(-500)
    small.moves(-1_009_999_999_999)
    body = await call("sendMessage", chat_id=-500, text="x")
    assert body["parameters"] == {"migrate_to_chat_id": -1_009_999_999_999}
    group.kicks_bot()
    assert (await call.refused("sendMessage", chat_id=group.id, text="x")).startswith("403 Forbidden: bot was")


async def test_an_old_press_cannot_be_answered(tg: FakeTelegram, call: Caller, clock: Clock) -> None:
    user = tg.user(42)
    press = user.forges(await sent_by(call, 42), "anything")
    clock.now += tg.world.press_answer_seconds + 1
    refusal = await call.refused("answerCallbackQuery", callback_query_id=press)
    assert refusal.startswith("400 Bad Request: query is too old")


async def test_the_flood_limits(tg: FakeTelegram, call: Caller, clock: Clock) -> None:
    async def waits(chat_id: int, text: str) -> int:
        body = await call("sendMessage", chat_id=chat_id, text=text)
        return 0 if body["ok"] else int(body["parameters"]["retry_after"])

    tg.world.paces.limits = DOCUMENTED_LIMITS
    for number in range(31):
        tg.user(number + 1)
    assert await waits(1, "a") == 0
    assert await waits(1, "b") == 1
    clock.now += 1
    assert await waits(1, "b") == 0
    assert [await waits(number, "a") for number in range(2, 31)] == [0] * 29
    assert [await waits(31, "a") for _ in range(2)] == [1, 1]
    assert (tg.counters.too_many, tg.counters.while_waiting) == (3, 1)
    group = tg.group(-500)
    tg.world.paces.limits = Limits(group_per_minute=20)
    assert [await waits(group.id, str(number)) for number in range(20)] == [0] * 20
    assert await waits(group.id, "one more") == 60


async def test_what_the_bot_says_of_itself(tg: FakeTelegram, bot: Bot, call: Caller) -> None:
    await bot.set_my_commands([("start", "Begin"), ("ask", "Ask")], language_code="sl")
    await bot.set_my_name("Desk", language_code="sl")
    await bot.set_my_description("What it is")
    await bot.set_my_short_description("Short")
    assert [command.command for command in await bot.get_my_commands(language_code="sl")] == ["start", "ask"]
    assert (await bot.get_my_description(language_code="ar")).description == "What it is"
    for method, values in (
        ("setMyName", {"name": "x" * 65}),
        ("setMyDescription", {"description": "x" * 513}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
        ("setMyName", {"name": "x", "language_code": "sr-Latn"}),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}),
    ):
        assert (await call.refused(method, **values)).startswith("400")


async def test_files_go_both_ways(tg: FakeTelegram, bot: Bot) -> None:
    user = tg.user(42)
    user.sends_voice(b"OggS words")
    message = (await bot.get_updates(timeout=0))[0].message
    assert message is not None
    assert message.voice is not None
    assert await (await message.voice.get_file()).download_as_bytearray() == b"OggS words"
    await bot.send_document(42, b"\r\n--paper--\r\n", filename="paper.pdf", caption="Yours")
    await bot.send_photo(42, b"picture")
    await bot.send_voice(42, message.voice.file_id)
    assert [(sent.kind, sent.text) for sent in tg.sent] == [
        ("document", "Yours"),
        ("photo", ""),
        ("voice", ""),
    ]
    assert tg.world.files[tg.sent[0].extra["document"]["file_id"]].data == b"\r\n--paper--\r\n"


async def test_equal_messages_without_an_act_between_are_counted(tg: FakeTelegram, call: Caller) -> None:
    user = tg.user(42)
    for text in ("a", "a", "b"):
        await call("sendMessage", chat_id=42, text=text)
    user.says("again")
    await call("sendMessage", chat_id=42, text="a")
    assert tg.counters.duplicates == 1


async def test_unknown_tokens_and_methods(tg: FakeTelegram, call: Caller) -> None:
    assert await call.refused("sendMesage") == "404 Not Found: method not found"
    async with call.session.get(f"{tg.url}/bot1:wrong/getMe") as answer:
        assert answer.status == 401
