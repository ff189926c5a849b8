"""The outbox: states, order for each address, pauses, and what a killed process leaves behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.channels.contract import Undeliverable
from bot.dialog.messages import Laid, Message
from bot.domain import outgoing, people
from bot.domain.db import new_token
from bot.domain.outgoing import LEASE, OutboxState, Outgoing, Parcel, Purpose
from bot.domain.people import Address
from bot.i18n import raw
from bot.outbox import Outbox
from bot.post import post
from bot.reception import Reception
from tests.desk import Desk
from tests.flows.lines import MENU
from tests.flows.paper import Paper, Writer, with_paper

BLOCKED = Undeliverable("blocked", permanent=True)
TOO_LONG = Undeliverable("too_long")
DOUBTFUL = Undeliverable("timed_out", uncertain=True)


def busy(seconds: float) -> Undeliverable:
    return Undeliverable("too_many", retry_after_s=seconds)


async def addresses(desk: Desk, *keys: str) -> list[int]:
    """People on paper."""
    callers = [people.newcomer("paper", key, people.sender_of("paper", key), "en") for key in keys]
    async with desk.house.db.transaction() as session:
        await people.add(session, callers, desk.clock())
    return [caller.address_id for caller in callers]


async def posts(desk: Desk, address: int, words: str, occasion: str = "", purpose: Purpose = Purpose.SERVICE) -> None:
    async with desk.house.db.transaction() as session:
        await post(session, desk.house, address, Message(raw(words)), occasion or f"test:{words}", purpose=purpose)


async def sends(outbox: Outbox) -> int:
    """Claim and send until nothing is due."""
    total = 0
    while count := await outbox.claim_due():
        total += count
        await outbox.drain()
    return total


async def rows(desk: Desk) -> list[Outgoing]:
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Outgoing).order_by(Outgoing.id)))


def words(paper: Paper) -> list[str]:
    return [laid.text for _key, laid, _token in paper.sent]


async def test_sent(desk: Desk) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello")
    assert await sends(desk.outbox) == 1
    (row,) = await rows(desk)
    assert (row.state, row.platform_id, row.sent_at, row.attempts, row.repeated, row.lease_owner, row.leased_until) == (
        OutboxState.SENT, "p1", desk.clock(), 1, False, "", None,
    )  # fmt: skip
    assert (words(paper), await sends(desk.outbox)) == (["Hello"], 0)


@pytest.mark.parametrize("refusal", [BLOCKED, TOO_LONG], ids=["permanent", "refused"])
async def test_undeliverable(desk: Desk, refusal: Undeliverable) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello")
    await posts(desk, amina, "Again")
    paper.refusals.append(refusal)
    await sends(desk.outbox)
    first, second = await rows(desk)
    async with desk.house.db.reading() as session:
        address = await session.get(Address, amina)
    assert address is not None
    assert (first.state, first.reason, first.sent_at) == (OutboxState.UNDELIVERABLE, refusal.why, None)
    assert (second.state, words(paper)) == (OutboxState.SENT, ["Again"])
    lost = refusal is BLOCKED
    assert (address.unreachable_at, address.unreachable_why) == ((desk.clock(), "blocked") if lost else (None, ""))


async def test_a_fault_of_ours_stops_one_message_only(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Paper):
        async def send(self, key: str, laid: Laid, token: str | None) -> str:
            if "canary" in laid.text:
                raise ValueError(laid.text)
            return await Paper.send(self, key, laid, token)

    paper = Faulty()
    with_paper(desk)
    desk.house.channels["paper"] = paper
    caplog.set_level(logging.DEBUG, logger="bot")
    amina, boris = await addresses(desk, "1", "2")
    for address, text in ((amina, "canary"), (amina, "After"), (boris, "Hello")):
        await posts(desk, address, text)
    await sends(desk.outbox)
    assert [(row.state, row.reason) for row in await rows(desk)] == [
        ("undeliverable", "ValueError"), ("sent", ""), ("sent", ""),
    ]  # fmt: skip
    assert sorted(words(paper)) == ["After", "Hello"]
    assert "canary" not in caplog.text


async def test_order_for_each_address_and_nobody_else_waits(desk: Desk) -> None:
    paper = with_paper(desk)
    amina, boris = await addresses(desk, "1", "2")
    for number in range(3):
        await posts(desk, amina, f"a{number}")
    paper.refusals.append(busy(5))
    await sends(desk.outbox)
    await posts(desk, boris, "b0")
    await sends(desk.outbox)
    assert words(paper) == ["b0"]
    desk.clock.pass_(seconds=4.9)
    assert await sends(desk.outbox) == 0
    desk.clock.pass_(seconds=0.1)
    await sends(desk.outbox)
    assert words(paper) == ["b0", "a0", "a1", "a2"]
    assert [(row.state, row.attempts, row.repeated) for row in await rows(desk)] == [
        ("sent", 2, False), ("sent", 1, False), ("sent", 1, False), ("sent", 1, False),
    ]  # fmt: skip


async def test_what_follows_in_a_held_conversation_waits_too(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await writer.sends("command", "start")
    writer.paper.refusals.append(busy(30))
    assert await writer.sends("typed", "zxcv qwer") == []
    assert await writer.sends("command", "menu") == []
    assert writer.paper.tried == 3
    desk.clock.pass_(seconds=30)
    await sends(desk.outbox)
    assert await writer.gets() == [
        "< I do not have a checked answer to this. A person at the desk can help you. [👤 Talk to a person] [☰ Menu]",
        MENU,
    ]


async def test_a_fresh_answer_does_not_overtake_what_waits(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await writer.sends("command", "start")
    writer.paper.refusals.append(busy(5))
    assert await writer.sends("typed", "zxcv qwer") == []
    desk.clock.pass_(seconds=6)
    assert await writer.sends("command", "menu") == []
    await sends(desk.outbox)
    shown = await writer.gets()
    assert [line.split(" [")[0] for line in shown] == [
        "< I do not have a checked answer to this. A person at the desk can help you.",
        "< How can we help? Choose, or write your question in your own words.",
    ]


async def test_a_fresh_answer_does_not_overtake_what_staff_have_posted(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "1")
    await writer.sends("command", "start")
    async with desk.house.db.reading() as session:
        address = (await session.scalars(select(Address.id))).one()
    await posts(desk, address, "From the desk")
    await writer.sends("command", "menu")
    await sends(desk.outbox)
    assert words(writer.paper)[-2:] == [
        "From the desk",
        "How can we help? Choose, or write your question in your own words.",
    ]


async def test_pauses_without_a_number_grow(desk: Desk) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello")
    pauses = []
    for _attempt in range(9):
        paper.refusals.append(busy(0))
        before = desk.clock()
        assert await sends(desk.outbox) == 1
        (row,) = await rows(desk)
        pauses.append((row.not_before_at - before).total_seconds())
        desk.clock.at = row.not_before_at
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 300, 300]
    await sends(desk.outbox)
    assert words(paper) == ["Hello"]


async def test_what_may_have_arrived_goes_once_more_and_is_marked(desk: Desk) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello")
    paper.refusals.append(DOUBTFUL)
    await sends(desk.outbox)
    (row,) = await rows(desk)
    assert (row.state, row.reason, row.not_before_at) == ("uncertain", "timed_out", desk.clock() + LEASE)
    desk.clock.pass_(seconds=59)
    assert await sends(desk.outbox) == 0
    desk.clock.pass_(seconds=1)
    assert await sends(desk.outbox) == 1
    (row,) = await rows(desk)
    assert (row.state, row.repeated, row.attempts, words(paper)) == ("sent", True, 2, ["Hello"])


async def test_what_stays_doubtful_rests_and_lets_others_pass(desk: Desk) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello")
    for _attempt in range(2):
        paper.refusals.append(DOUBTFUL)
        await sends(desk.outbox)
        desk.clock.pass_(minutes=1)
    await posts(desk, amina, "Later")
    assert await sends(desk.outbox) == 1
    assert [(row.state, row.attempts) for row in await rows(desk)] == [("uncertain", 2), ("sent", 1)]
    assert (words(paper), paper.tried) == (["Later"], 3)


class Killed(Outbox):
    """The outbox of a process that ends before it sends."""

    leased: tuple[Parcel, ...] = ()

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        self.leased += tuple(parcels)


async def test_what_a_killed_process_was_sending_goes_once_more_when_its_lease_is_over(desk: Desk) -> None:
    paper = with_paper(desk)
    killed = Killed(desk.house, ["paper"])
    desk.reception = Reception(desk.house, killed)
    writer = Writer(desk, paper, "1")
    await writer.hands_in("command", "menu")
    await desk.serve()
    assert len(killed.leased) == 2
    assert {(row.state, row.attempts, row.lease_owner) for row in await rows(desk)} == {
        ("sending", 1, desk.house.owner)
    }
    other = Outbox(replace(desk.house, owner=new_token()), ["paper"])
    desk.clock.pass_(seconds=59)
    assert await sends(other) == 0
    desk.clock.pass_(seconds=1)
    await sends(other)
    assert [(row.state, row.attempts, row.repeated) for row in await rows(desk)] == [("sent", 2, True)] * 2
    assert [line.split(" ")[1] for line in await writer.gets()] == ["This", "How"]
    assert await sends(other) == 0


async def test_a_new_process_answers_behind_what_a_killed_one_was_sending(desk: Desk) -> None:
    paper = with_paper(desk)
    desk.reception = Reception(desk.house, Killed(desk.house, ["paper"]))
    writer = Writer(desk, paper, "1")
    await writer.hands_in("command", "menu")
    await desk.serve()
    house = replace(desk.house, owner=new_token())
    outbox = Outbox(house, ["paper"])
    desk.reception = Reception(house, outbox)
    await writer.hands_in("command", "help")
    await desk.serve()
    await outbox.drain()
    assert words(paper) == []
    desk.clock.pass_(seconds=60)
    await sends(outbox)
    assert [(row.state, row.repeated) for row in await rows(desk)] == [("sent", True), ("sent", True), ("sent", False)]
    assert [text.split(" ")[0] for text in words(paper)] == ["This", "How", "Write"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_sqlite_a_new_process_need_not_wait_for_the_lease(desk: Desk) -> None:
    paper = with_paper(desk)
    desk.reception = Reception(desk.house, Killed(desk.house, ["paper"]))
    writer = Writer(desk, paper, "1")
    await writer.hands_in("command", "menu")
    await desk.serve()
    fresh = Outbox(replace(desk.house, owner=new_token()), ["paper"])
    running = asyncio.create_task(fresh.run())
    try:
        while len(paper.sent) < 2:
            await asyncio.wait_for(paper.arrived.wait(), 30)
            paper.arrived.clear()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await fresh.drain()
    assert [(row.state, row.repeated) for row in await rows(desk)] == [("sent", True)] * 2


async def test_nobody_gets_the_same_thing_twice(desk: Desk) -> None:
    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    await posts(desk, amina, "Hello", "reminder:1")
    with pytest.raises(IntegrityError):
        await posts(desk, amina, "Hello", "reminder:1")
    await sends(desk.outbox)
    assert words(paper) == ["Hello"]


async def test_several_processes_send_each_row_once_and_in_order(desk: Desk) -> None:
    paper = with_paper(desk)
    everybody = await addresses(desk, *(str(number) for number in range(20)))
    for place in range(3):
        for number, address in enumerate(everybody):
            await posts(desk, address, f"{number}.{place}")
    senders = [Outbox(replace(desk.house, owner=new_token()), ["paper"]) for _ in range(3)]
    while await asyncio.gather(*(one.claim_due() for one in senders)) != [0, 0, 0]:
        await asyncio.gather(*(one.drain() for one in senders))
    for number in range(20):
        mine = [laid.text for key, laid, _token in paper.sent if key == str(number)]
        assert mine == [f"{number}.0", f"{number}.1", f"{number}.2"]
    assert {(row.state, row.attempts) for row in await rows(desk)} == {("sent", 1)}


async def test_the_more_urgent_goes_first(desk: Desk) -> None:
    paper = with_paper(desk)
    first, second, third = await addresses(desk, "1", "2", "3")
    await posts(desk, first, "bulk", purpose=Purpose.TOPIC)
    await posts(desk, second, "reply", purpose=Purpose.REPLY)
    await posts(desk, third, "alert", purpose=Purpose.URGENT)
    async with desk.house.db.transaction() as session:
        parcels = await outgoing.claim(session, desk.house.owner, desk.clock(), ["paper"], most=2)
    assert [parcel.content["text"] for parcel in parcels] == ["alert", "reply"]
    desk.outbox.hand_over(parcels)
    await desk.outbox.drain()
    assert await sends(desk.outbox) == 1
    assert words(paper) == ["alert", "reply", "bulk"]


async def test_the_running_outbox_is_woken_by_its_bell(desk: Desk) -> None:
    from bot.bell import OUTBOX

    paper = with_paper(desk)
    (amina,) = await addresses(desk, "1")
    running = asyncio.create_task(desk.outbox.run())
    try:
        for words_ in ("Hello", "Again"):
            await posts(desk, amina, words_)
            desk.house.bell.ring(OUTBOX)
            await asyncio.wait_for(paper.arrived.wait(), 30)
            paper.arrived.clear()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await desk.outbox.drain()
    assert [row.state for row in await rows(desk)] == ["sent", "sent"]


async def test_what_a_browser_shows_is_sent_and_nothing_else(desk: Desk) -> None:
    with_paper(desk)
    guest = desk.person("en")
    for said in ("/menu", "/help", "/ask"):
        await guest.sends(typed=said)
    await desk.serve()
    async with desk.house.db.reading() as session:
        address = (await session.scalars(select(Address.id))).one()

    async def shows(seq: int) -> Sequence[str]:
        async with desk.house.db.transaction() as session:
            await outgoing.acknowledge(session, address, seq, desk.clock())
        return [row.state for row in await rows(desk)]

    assert await sends(desk.outbox) == 0
    assert await shows(0) == ["queued", "queued", "queued"]
    assert await shows(2) == ["sent", "queued", "queued"]
    assert await shows(2) == ["sent", "queued", "queued"]
    assert await shows(10**6) == ["sent", "sent", "sent"]


async def test_a_lease_lasts_a_minute(desk: Desk) -> None:
    (amina,) = await addresses(desk, "1")
    with_paper(desk)
    await posts(desk, amina, "Hello")
    async with desk.house.db.transaction() as session:
        (parcel,) = await outgoing.claim(session, "me", desk.clock(), ["paper"])
        assert await outgoing.claim(session, "you", desk.clock(), ["paper"]) == []
    (row,) = await rows(desk)
    assert (row.lease_owner, row.leased_until) == ("me", desk.clock() + timedelta(seconds=60))
    assert (parcel.attempts, parcel.repeated, parcel.key) == (1, False, "1")
