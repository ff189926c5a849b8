"""The fake Bot API server against the rules of the real one: updates, webhooks, faults, control."""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp
import pytest
from telegram import Bot, Update
from telegram.error import Conflict

from tests.fakes.conftest import Caller, Clock, key, sent_by, texts
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.http import Listener, Reply, Request
from tests.fakes.telegram.updates import FIRST_UPDATE_ID

DAY_SECONDS = 86_400


async def test_updates_stay_until_a_higher_offset_confirms_them(tg: FakeTelegram, call: Caller) -> None:
    user = tg.user(42)
    for text in ("one", "two", "three"):
        user.says(text)
    assert texts(await call("getUpdates")) == ["one", "two", "three"]
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID, limit=2)) == ["one", "two"]
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID + 1)) == ["two", "three"]
    assert texts(await call("getUpdates", offset=-1)) == ["three"]
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID + 3)) == []
    assert tg.world.queue.confirmed == 3


async def test_a_long_poll_wakes_and_a_second_one_ends_the_first(tg: FakeTelegram, call: Caller) -> None:
    first = asyncio.create_task(call.refused("getUpdates", timeout=50))
    await tg.until(tg.intake.is_polled)
    second = asyncio.create_task(call("getUpdates", timeout=50))
    assert (await first).startswith("409 Conflict: terminated by other getUpdates request")
    await tg.until(tg.intake.is_polled)
    tg.user(42).says("here")
    assert texts(await second) == ["here"]
    assert tg.counters.conflicts == 1


async def test_a_poller_that_dies_is_no_conflict(tg: FakeTelegram, call: Caller) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await tg.until(tg.intake.is_polled)
    poll.cancel()
    await tg.until(lambda: not tg.intake.is_polled())
    tg.user(42).says("kept")
    assert texts(await call("getUpdates")) == ["kept"]
    assert tg.counters.conflicts == 0


async def test_updates_expire_after_a_day_and_presses_sooner(tg: FakeTelegram, call: Caller, clock: Clock) -> None:
    user = tg.user(42)
    user.says("/start")
    user.forges((await sent_by(call, 42)), "x")
    assert len((await call("getUpdates"))["result"]) == 2
    clock.now += 150
    assert texts(await call("getUpdates")) == ["/start"]
    clock.now += DAY_SECONDS - 150
    assert texts(await call("getUpdates")) == []
    assert tg.world.queue.expired == 2


async def test_only_wanted_kinds_are_kept(tg: FakeTelegram, call: Caller) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    tg.user(42).says("not wanted")
    assert texts(await call("getUpdates")) == []
    await call("getUpdates", allowed_updates=[])
    tg.user(42).says("wanted")
    assert texts(await call("getUpdates")) == ["wanted"]


async def test_every_update_reads_as_a_real_one(tg: FakeTelegram, bot: Bot, call: Caller) -> None:
    user = tg.user(42, first_name="Sample", language_code="sq")
    group = tg.group(-1_001_234_567_890, forum=True)
    said = user.says("/start from-poster")
    user.edits(said, "/start")
    user.says("in the group", to=group, reply_to=None, is_topic_message=True)
    user.sends_voice()
    user.sends_document(name="a.pdf")
    user.sends_photo(caption="look")
    user.sends_sticker()
    user.sends_location()
    user.sends_contact()
    shown = await sent_by(call, 42, reply_markup={"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]})
    user.presses(shown, "Go")
    user.blocks()
    updates = await bot.get_updates(timeout=0)
    kinds = [kind for update in updates for kind in update.to_dict() if kind != "update_id"]
    message, edited, press, member = "message", "edited_message", "callback_query", "my_chat_member"
    assert kinds == [message, edited, *[message] * 7, press, member]
    start = updates[0]
    assert isinstance(start, Update)
    assert start.message is not None
    assert start.message.from_user is not None
    assert start.message.from_user.language_code == "sq"
    assert [entity.type for entity in start.message.entities] == ["bot_command"]
    assert updates[9].callback_query is not None
    assert updates[9].callback_query.data == "g"


async def test_faults_strike_once_and_say_whether_the_call_took_effect(tg: FakeTelegram, call: Caller) -> None:
    tg.user(42)
    for kind, effect in (("reset_before", 0), ("reset_after", 1), ("error_before", 0), ("error_after", 1)):
        tg.fault(kind, method="sendMessage", status=500)
        before = len(tg.sent)
        try:
            assert (await call("sendMessage", chat_id=42, text=kind))["error_code"] == 500
        except aiohttp.ClientError:
            assert kind.startswith("reset")
        assert len(tg.sent) - before == effect
    tg.fault("too_many", chat_id=42, retry_after=7)
    assert (await call("sendMessage", chat_id=42, text="x"))["parameters"] == {"retry_after": 7}
    tg.fault("forbidden", share=0.0, times=None)
    assert (await call("sendMessage", chat_id=42, text="x"))["ok"]


async def test_duplicates_and_malformed_updates(tg: FakeTelegram, call: Caller) -> None:
    tg.user(42).says("once")
    tg.pushes({"message": {"chat": "not an object"}})
    first = (await call("getUpdates"))["result"]
    assert first[1] == {"update_id": FIRST_UPDATE_ID + 1, "message": {"chat": "not an object"}}
    await call("getUpdates", offset=FIRST_UPDATE_ID + 2)
    tg.redelivers(FIRST_UPDATE_ID)
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID + 2)) == ["once"]
    assert (await call("getUpdates", offset=FIRST_UPDATE_ID + 2))["result"] == []
    tg.world.duplicate_share = 1.0
    tg.user(42).says("twice")
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID + 2)) == ["twice"]
    assert texts(await call("getUpdates", offset=FIRST_UPDATE_ID + 3)) == ["twice"]


class Desk:
    """A bot's side of a webhook: answers with the statuses it is given, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.seen: list[Request] = []
        self.body = b""

    def __call__(self, request: Request) -> Reply:
        self.seen.append(request)
        return Reply(self.statuses.pop(0) if self.statuses else 200, self.body)

    def texts(self) -> list[str]:
        return [json.loads(request.body)["message"]["text"] for request in self.seen]


async def test_a_webhook_gets_updates_in_order_until_it_says_200(tg: FakeTelegram, bot: Bot) -> None:
    desk = Desk()
    desk.statuses = [500, 503]
    listener = Listener(desk, "127.0.0.1", 0)
    await listener.start()
    user, other = tg.user(42), tg.user(43)
    await bot.set_webhook(f"http://127.0.0.1:{listener.port}/hook?a=b", secret_token="s3cret")
    user.says("one")
    user.says("two")
    await tg.settled()
    assert desk.texts() == ["one", "one", "one", "two"]
    assert {request.headers["x-telegram-bot-api-secret-token"] for request in desk.seen} == {"s3cret"}
    assert (desk.seen[0].path, desk.seen[0].query) == ("/hook", "a=b")
    desk.body = json.dumps({"method": "sendMessage", "chat_id": 43, "text": "at once"}).encode()
    other.says("three")
    await tg.until(lambda: tg.sent)
    assert tg.sent[0].text == "at once"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await listener.stop()
    user.says("four")
    await tg.until(lambda: tg.counters.webhook_failures > 3)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["four"]


async def test_a_webhook_address_must_be_of_the_known_form(tg: FakeTelegram, call: Caller) -> None:
    for values in (
        {"url": "http://example.org/"},
        {"url": "http://127.0.0.1:1/", "secret_token": "not allowed"},
        {"url": "http://127.0.0.1:1/", "max_connections": 101},
        {"url": "http://127.0.0.1:1/", "colour": "red"},
    ):
        assert (await call.refused("setWebhook", **values)).startswith("400")


async def test_it_remembers_everything_while_it_is_down(tg: FakeTelegram, call: Caller) -> None:
    tg.user(42).says("before")
    await tg.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("getUpdates")
    tg.user(42).says("meanwhile")
    await tg.start()
    assert texts(await call("getUpdates")) == ["before", "meanwhile"]


async def test_the_control_address_does_what_python_does(tg: FakeTelegram, call: Caller) -> None:
    acts = [{"user": {"id": 42, "language_code": "sq"}, "does": "says", "text": "/start"}]
    assert (await call.control("acts", acts))[0]["update_id"] == FIRST_UPDATE_ID
    waiting = asyncio.create_task(call.control("sent?count=1&timeout=10"))
    await call("sendMessage", chat_id=42, text="hello", reply_markup=key(callback_data="go"))
    row = (await waiting)["sent"][0]
    assert (row["text"], row["buttons"]) == ("hello", ["a"])
    press = {"user": 42, "does": "presses", "message_id": row["message_id"], "label": "a"}
    assert (await call.control("acts", [press]))[0]["update_id"] == FIRST_UPDATE_ID + 1
    assert await call.control("updates", [{"nonsense": True}]) == [FIRST_UPDATE_ID + 2]
    assert await call.control("faults", [{"kind": "too_many", "method": "getMe"}]) == 1
    assert (await call.refused("getMe")).startswith("429")
    assert (await call.control("settings", {"limits": {"chat_per_second": 1}}))["limits"]["chat_per_second"] == 1
    counters = await call.control("counters")
    assert (counters["sent"], counters["too_many"], counters["updates"]["waiting"]) == (1, 1, 3)
    assert "error" in await call.control("acts", [{"user": 42, "does": "flies"}])


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", "--token", "1:x", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot1:x/getMe") as answer:
        assert (await answer.json())["result"]["is_bot"] is True
    process.terminate()
    assert await process.wait() == 0
