"""Nothing that the platform gives is confirmed before it is stored, and nothing stops the rest."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import Sequence
from random import Random

import pytest

from bot.channels.contract import Malformed, RawUpdate, Receive
from bot.channels.telegram import Telegram
from bot.channels.telegram.intake import pauses, raw_update
from bot.dialog.messages import Commanded, Edited, Handed, Left, Pressed, Typed
from tests.channels.conftest import NOW, QUESTION, SOON_S, WANTED, Inbox, Platform, running, texts
from tests.channels.updates import GROUP, damaged, message, pressed, said
from tests.fakes.telegram import TEST_TOKEN, FaultKind


@pytest.mark.parametrize(
    ("update", "name", "key"),
    [
        (json.loads(said(text="hello")), "5", "41"),
        (json.loads(said(text="hello", chat=GROUP)), "5", "-100200300"),
        (json.loads(pressed("AAAA:1")), "5", "41"),
        (json.loads(pressed("AAAA:1", message=None)), "5", "41"),
        ({"update_id": 6, "poll": {}}, "6", ""),
        ({"update_id": 7, "message": {"chat": {"id": "41"}}}, "7", ""),
        ({"update_id": 8, "message": {"chat": {"id": 2**70}}}, "8", ""),
    ],
)
def test_update_is_kept_under_its_number_for_its_chat(update: object, name: str, key: str) -> None:
    kept = raw_update(update)
    assert (kept.external_id, kept.key) == (name, key)
    assert json.loads(kept.raw) == without_names(update)


def without_names(part: object) -> object:
    """What of an update is kept: nothing that names or places a person."""
    blank = {"first_name": "", "last_name": "", "username": "", "title": "", "phone_number": "", "vcard": "",
             "latitude": 0.0, "longitude": 0.0}  # fmt: skip
    if isinstance(part, dict):
        return {key: blank.get(key, without_names(value)) for key, value in part.items()}
    return [without_names(value) for value in part] if isinstance(part, list) else part


def test_nobody_is_named_in_what_is_stored() -> None:
    person = {"id": 41, "is_bot": False, "first_name": "Canary", "last_name": "Bird", "username": "canary"}
    contact = {"phone_number": "+38640000000", "first_name": "Canary", "vcard": "BEGIN:VCARD"}
    update = {"update_id": 5, "message": {"message_id": 1, "date": 0, "chat": {"id": 41, "type": "private"},
              "from": person, "contact": contact, "location": {"latitude": 45.77, "longitude": 14.21}}}  # fmt: skip
    raw = raw_update(update).raw
    assert [word for word in ("Canary", "Bird", "canary", "38640", "VCARD", "45.7", "14.2") if word in raw] == []


@pytest.mark.parametrize("update", [None, [], "x", {}, {"update_id": "5"}, {"update_id": True}, {"update_id": None}])
def test_update_without_a_number_is_named_after_its_content(channel: Telegram, update: object) -> None:
    stored = raw_update(update)
    assert stored.external_id.startswith("bad-")
    assert stored == raw_update(update)
    with pytest.raises(Malformed):
        channel.read(stored.external_id, stored.raw, NOW)


def test_pauses_grow_to_half_a_minute() -> None:
    assert list(itertools.islice(pauses(1.0), 7)) == [1, 2, 4, 8, 16, 30, 30]


async def test_a_conversation(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user = tg.user(41, language_code="sq")
    async with running(channel, inbox.receive):
        user.says("/start from-poster")
        written = user.says("Ku e marr EMŠO?")
        user.edits(written, "Ku e marr numrin EMŠO?")
        user.sends_voice()
        user.blocks()
        user.unblocks()
        user.says("hello all", to=tg.group(-100200300))
        await tg.settled()
    found = await inbox.read_by(channel)
    assert [one and (one.key, one.hint, one.reply) for one in found] == [
        ("41", "sq", Commanded("start", "from-poster")),
        ("41", "sq", Typed("Ku e marr EMŠO?")),
        ("41", "sq", Edited("Ku e marr numrin EMŠO?")),
        ("41", "sq", Handed("voice", "file-id-1", seconds=3)),
        ("41", "sq", Left(gone=True)),
        ("41", "sq", Left(gone=False)),
        None,
    ]


async def test_asks_for_what_it_reads(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    async with running(channel, inbox.receive):
        tg.user(41).says("hello")
        await tg.settled()
    assert tg.world.queue.allowed == WANTED
    assert channel.heard_at is not None


async def test_what_came_while_nobody_listened_is_not_dropped(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user = tg.user(41)
    for number in range(250):
        user.says(f"{number}")
    async with running(channel, inbox.receive):
        await tg.settled()
    assert texts(await inbox.stored()) == [str(number) for number in range(250)]


async def test_nothing_is_confirmed_before_the_commit(
    tg: Platform, channel: Telegram, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.failures = 3
    confirmed_at_commit: list[int] = []

    async def receive(name: str, updates: Sequence[RawUpdate]) -> None:
        confirmed_at_commit.append(tg.world.queue.confirmed)
        await inbox.receive(name, updates)

    tg.user(41).says("hello")
    async with running(channel, receive):
        await tg.settled()
    assert confirmed_at_commit == [0, 0, 0, 0]
    assert texts(await inbox.stored()) == ["hello"]
    assert [record.message for record in caplog.records] == ["telegram: getUpdates failed"] * 3


async def test_killed_before_or_after_the_commit(tg: Platform, inbox: Inbox) -> None:
    """The process ends at a random moment, many times over; each message is stored once."""
    user, dice = tg.user(41), Random(7)
    for number in range(120):
        user.says(str(number))
        if number % 4:
            continue
        channel = Telegram(TEST_TOKEN, tg.url, first_pause_s=SOON_S)
        reached = asyncio.Event()
        stores = inbox.receive if dice.random() < 0.5 else None  # else the kill comes before the commit

        async def receive(
            name: str,
            updates: Sequence[RawUpdate],
            reached: asyncio.Event = reached,
            stores: Receive | None = stores,
        ) -> None:
            if stores is not None:
                await stores(name, updates)
            reached.set()
            await asyncio.Event().wait()

        async with running(channel, receive):
            await reached.wait()
        await channel.close()
    channel = Telegram(TEST_TOKEN, tg.url, first_pause_s=SOON_S)
    async with running(channel, inbox.receive):
        await tg.settled()
    await channel.close()
    assert sorted(map(int, texts(await inbox.stored()))) == list(range(120))


async def test_poison_does_not_block(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user, dice = tg.user(41), Random(3)
    bad = []
    for number in range(60):
        user.says(str(number))
        poison = damaged(dice)
        bad.append(poison if isinstance(poison, dict) else {})
        tg.pushes({**bad[-1], "update_id": dice.choice([None, "x", True, 1.5, [], {}])})
    async with running(channel, inbox.receive):
        user.says("60")
        await tg.settled()
    stored = await inbox.stored()
    told = [name for name, _raw in stored if not name.startswith("bad-")]
    assert len(told) == 61
    assert [json.loads(raw)["message"]["text"] for name, raw in stored if name in told] == [
        str(number) for number in range(61)
    ]
    for name, raw in stored:
        if name not in told:
            with pytest.raises(Malformed):
                channel.read(name, raw, NOW)


async def test_more_poison_than_a_batch_holds(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    tg.user(41).says("first")
    for number in range(130):
        tg.pushes({"update_id": "x", "number": number})
    tg.user(41).says("last")
    async with running(channel, inbox.receive):
        await tg.settled()
    stored = await inbox.stored()
    assert len(stored) == 132
    assert json.loads(stored[-1][1])["message"]["text"] == "last"


async def test_content_that_is_hard_to_store(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    hard = ["\ud800 half", "\0", "\u2028", "𝒳" * 4096, "a" * 100_000, '"}]', "\u202e"]
    for text in hard:
        tg.user(41).says(text)
    async with running(channel, inbox.receive):
        await tg.settled()
    assert texts(await inbox.stored()) == hard


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.ERROR_BEFORE,
                                  FaultKind.ERROR_AFTER, FaultKind.GARBAGE])  # fmt: skip
async def test_survives_broken_polls(tg: Platform, channel: Telegram, inbox: Inbox, kind: FaultKind) -> None:
    tg.user(41).says("hello")
    tg.fault(kind, method="getUpdates", times=3)
    tg.fault(kind, method="deleteWebhook", times=2)
    async with running(channel, inbox.receive):
        await tg.settled()
    assert texts(await inbox.stored()) == ["hello"]
    assert tg.counters.faults[kind] == 5


async def test_survives_an_absence_of_the_platform(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user = tg.user(41)
    async with running(channel, inbox.receive):
        for number in range(3):
            user.says(f"before {number}")
            await tg.settled()
            await tg.stop()
            user.says(f"during {number}")
            await tg.start()
            await tg.settled()
    expected = [f"{when} {number}" for number in range(3) for when in ("before", "during")]
    assert texts(await inbox.stored()) == expected


async def test_a_second_poller_is_named_without_the_token(
    tg: Platform, channel: Telegram, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(channel, inbox.receive):
        await tg.until(tg.intake.is_polled)
        tg.intake.evict()
        await tg.until(lambda: tg.counters.conflicts)
        tg.user(41).says("hello")
        await tg.settled()
    assert texts(await inbox.stored()) == ["hello"]
    assert [record.message for record in caplog.records] == [
        "telegram: getUpdates: another process takes the updates of this bot, or a webhook is set"
    ]


async def test_a_refused_token_is_named_without_it(
    tg: Platform, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    token = "1000001:another-made-up-token-of-the-tests-00"
    stranger = Telegram(token, tg.url, first_pause_s=SOON_S)
    async with running(stranger, inbox.receive):
        await tg.until(lambda: tg.counters.refused["Unauthorized"] > 1)
    await stranger.close()
    assert {record.message for record in caplog.records} == {"telegram: deleteWebhook: the token is refused"}
    assert token not in caplog.text


async def test_waits_when_told_to(
    tg: Platform, channel: Telegram, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    tg.user(41).says("hello")
    tg.fault("too_many", method="getUpdates", retry_after=1)
    async with running(channel, inbox.receive):
        await tg.settled()
    assert texts(await inbox.stored()) == ["hello"]
    assert [record.message for record in caplog.records] == ["telegram: getUpdates: asked to wait"]


async def test_numbers_that_start_anew_lose_nothing(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user = tg.user(41)
    async with running(channel, inbox.receive):
        user.says("before")
        await tg.settled()
        await tg.until(tg.intake.is_polled)
        tg.intake.wake()  # a poll comes back empty
        await tg.until(tg.intake.is_polled)
        tg.pushes({"update_id": 5, "message": message(text="after")})
        await tg.until(lambda: tg.world.queue.confirmed == 2)
    assert texts(await inbox.stored()) == ["before", "after"]


async def test_polling_takes_a_webhook_away(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        await channel.bot.set_webhook(f"http://127.0.0.1:{nobody.getsockname()[1]}/hook")
        tg.user(41).says("hello")
        async with running(channel, inbox.receive):
            await tg.until(tg.intake.is_polled)
            await tg.settled()
    assert texts(await inbox.stored()) == ["hello"]


async def test_presses_are_answered_but_not_waited_for(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    user = tg.user(41)
    tg.fault(FaultKind.HANG, method="answerCallbackQuery")
    async with running(channel, inbox.receive):
        await channel.send("41", QUESTION, "AAAA")
        for _ in range(2):
            user.presses(user.got[0], "A")
            await tg.settled()
        await tg.until(lambda: any(press.answers for press in tg.world.presses.values()))
    found = await inbox.read_by(channel)
    assert [one and one.reply for one in found] == [Pressed("AAAA", 0)] * 2


async def test_presses_that_cannot_be_answered_disturb_nobody(tg: Platform, channel: Telegram, inbox: Inbox) -> None:
    tg.pushes({"callback_query": json.loads(pressed("AAAA:0"))["callback_query"]})
    async with running(channel, inbox.receive):
        await tg.settled()
        await tg.until(lambda: sum(tg.counters.refused.values()))
    assert len(await inbox.stored()) == 1


async def test_describe(tg: Platform, channel: Telegram) -> None:
    tg.user(41).says("hello")
    assert await channel.describe() == "@desk_under_test_bot, long polling, 1 updates waiting"
    await channel.bot.set_webhook("http://127.0.0.1:9/hook")
    assert (await channel.describe()).startswith("@desk_under_test_bot, webhook at http://127.0.0.1:9/hook, ")
