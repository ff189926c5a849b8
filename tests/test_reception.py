"""Stored updates become turns: once each, in order for each person, many people at a time, whatever fails."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import of_address
from bot.channels.contract import RawUpdate
from bot.dialog.talk import Flow, Talk
from bot.domain import copies
from bot.domain.copies import CopyLink
from bot.domain.db import new_token
from bot.domain.happenings import Happening
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.people import Address, Person
from bot.domain.tickets import Ticket
from bot.i18n import Text, raw
from bot.outbox import Outbox
from bot.reception import Reception
from flows import COMMANDS, FLOWS
from tests.desk import Desk, Guest
from tests.flows.deeds import claims, closes
from tests.flows.paper import Writer, with_paper

SORRY = "Something went wrong with your last message. Please write it again, or talk to a person."
MENU = "How can we help? Choose, or write your question in your own words."


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Flow]:
    """Flows that are put here are open for the length of a test: `/name`."""

    class Open(dict[str, Flow]):
        def __setitem__(self, name: str, flow: Flow) -> None:
            monkeypatch.setitem(FLOWS, name, flow)
            monkeypatch.setitem(COMMANDS, name, name)

    return Open()


async def faulty(talk: Talk) -> Text:
    raise RuntimeError("canary in an exception")


async def states(desk: Desk) -> list[tuple[str, int, str]]:
    async with desk.house.db.reading() as session:
        found = await session.scalars(select(StoredUpdate).order_by(StoredUpdate.id))
        return [(one.state, one.attempts, one.reason) for one in found]


def texts(shown: Sequence[object]) -> list[str]:
    return [str(getattr(laid, "text", "")) for laid in shown]


# Replays and shuffles


SAID = [
    "/start",
    "How do I register my address?",
    "zxcv qwer",
    "/person",
    "/delete",
    "hm",
    "no",
    "he beats me",
    "/menu",
]


def updates_of(key: str) -> list[RawUpdate]:
    return [
        RawUpdate(f"{key}:{place}", key, json.dumps({"typed": words, "hint": "en"})) for place, words in enumerate(SAID)
    ]


async def what_happened(desk: Desk, key: str) -> tuple[list[str], list[str]]:
    """Everything that one person said and read, and what was counted, without the numbers of cases."""
    guest = Guest(desk, key=key)
    async with desk.house.db.reading() as session:
        address = (await session.scalars(select(Address).where(Address.sender == guest.sender))).one()
        person = await session.get(Person, address.person_id)
        assert person is not None
        words = await session.scalars(
            select(ChatMessage).where(ChatMessage.address_id == address.id).order_by(ChatMessage.seq)
        )
        said = [f"{one.seq} {one.author} {one.content['text']}" for one in words]
        kinds = await session.scalars(
            select(Happening.kind).where(Happening.pseudonym == person.pseudonym).order_by(Happening.id)
        )
        return [re.sub(r"\b1\d\d\d\b", "N", line) for line in said], list(kinds)


async def test_replays_and_shuffles_change_nothing(desk: Desk) -> None:
    await desk.reception.receive("web", updates_of("first"))
    await desk.serve()
    expected = await what_happened(desk, "first")
    for seed in range(3):
        chance = random.Random(seed)
        people = {f"{seed}-{number}": updates_of(f"{seed}-{number}") for number in range(4)}
        waiting = {key: list(found) for key, found in people.items()}
        delivered: list[RawUpdate] = []
        while any(waiting.values()):
            key = chance.choice([key for key, left in waiting.items() if left])
            batch = [waiting[key].pop(0)]
            delivered += batch
            batch += chance.sample(delivered, chance.randrange(min(4, len(delivered) + 1)))
            await desk.reception.receive("web", batch)
            if chance.random() < 0.3:
                await desk.reception.serve_waiting()
        await desk.serve()
        chance.shuffle(delivered)
        await desk.reception.receive("web", delivered)
        assert await desk.serve() == 0
        for key in people:
            assert await what_happened(desk, key) == expected
    assert await desk.count(StoredUpdate) == len(SAID) * 13
    assert {state for state, _attempts, _reason in await states(desk)} == {"done"}


async def test_an_update_is_known_again_after_it_was_dealt_with_and_forgotten(desk: Desk) -> None:
    key, first = "k", RawUpdate("k:1", "k", '{"typed": "/delete"}')
    await desk.reception.receive("web", [first, RawUpdate("k:2", key, '{"typed": "yes"}')])
    await desk.serve()
    desk.clock.pass_(minutes=10)
    await desk.tick()
    await desk.reception.receive("web", [first])
    assert (await desk.serve(), await desk.count(Person)) == (0, 0)


async def test_nothing_is_lost_between_store_and_turn(desk: Desk) -> None:
    guest = desk.person("en")
    for words in ("/menu", "hm", "/help"):
        await guest.sends(typed=words)
    killed = desk.reception
    desk.reception = Reception(desk.house, Outbox(desk.house, []))
    assert killed is not desk.reception
    assert await desk.serve() == 3
    async with desk.house.db.reading() as session:
        found = await session.scalars(
            select(ChatMessage).where(ChatMessage.author == "person").order_by(ChatMessage.seq)
        )
        assert [one.content["text"] for one in found] == ["/menu", "hm", "/help"]


# Order and batches


async def test_one_turn_for_each_person_a_batch_and_in_order(desk: Desk) -> None:
    people = [desk.person("en") for _ in range(5)]
    for words in ("/menu", "/help", "/person", "My door does not close."):
        for guest in people:
            await guest.sends(typed=words)
    served = []
    while count := await desk.reception.serve_waiting():
        served.append(count)
    assert served == [5, 5, 5, 5]
    for place, guest in enumerate(people):
        shown = texts(await guest.reads())
        assert shown[0] == MENU
        assert shown[2] == "What is your question? One or two sentences are enough. A person reads it."
        assert shown[3].startswith(f"Your question has number {1001 + place}.")


async def test_at_most_64_people_at_a_time_those_first_who_wait_longest(desk: Desk) -> None:
    keys = [f"k{number}" for number in range(70)]
    await desk.reception.receive("web", [RawUpdate(f"{key}:1", key, '{"typed": "menu", "hint": "en"}') for key in keys])
    assert await desk.reception.serve_waiting() == 64
    assert [state for state, _attempts, _reason in await states(desk)] == ["done"] * 64 + ["pending"] * 6
    assert [await desk.reception.serve_waiting() for _ in range(2)] == [6, 0]


async def test_sixty_at_once_open_one_case_without_gaps(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    said = ["/person", "My door does not close.", "he beats me", "/danger"] * 15
    await asyncio.gather(*(guest.sends(typed=words) for words in said))
    processes = 1 if desk.house.db.is_sqlite else 4
    houses = [replace(desk.house, owner=new_token()) for _ in range(processes)]
    receptions = [Reception(house, Outbox(house, [])) for house in houses]

    async def serve(reception: Reception) -> int:
        served = 0
        while await desk_has_pending(desk):
            served += await reception.serve_waiting()
        return served

    served = await asyncio.gather(*(serve(reception) for reception in receptions))
    assert sum(served) == len(said)
    (case,) = await desk.tickets()
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(ChatMessage).order_by(ChatMessage.seq)))
        address = (await session.scalars(select(Address))).one()
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert (address.last_seq, case.number) == (len(found), 1001)
    assert sum(one.author == "person" for one in found) == len(said) + 1


async def desk_has_pending(desk: Desk) -> bool:
    async with desk.house.db.reading() as session:
        return await session.scalar(select(StoredUpdate.id).where(StoredUpdate.state == "pending").limit(1)) is not None


async def test_many_people_open_cases_at_once_each_with_a_number_of_its_own(desk: Desk) -> None:
    people = [desk.person("en") for _ in range(30)]
    for guest in people:
        await guest.says("/person")
    await asyncio.gather(*(guest.sends(typed="My door does not close.") for guest in people))
    processes = 1 if desk.house.db.is_sqlite else 3
    houses = [replace(desk.house, owner=new_token()) for _ in range(processes)]

    async def serve(reception: Reception) -> None:
        while await desk_has_pending(desk):
            await reception.serve_waiting()

    await asyncio.gather(*(serve(Reception(house, Outbox(house, []))) for house in houses))
    assert sorted(case.number for case in await desk.tickets()) == list(range(1001, 1031))
    assert {(state, attempts) for state, attempts, _reason in await states(desk)} == {("done", 0)}


# Failures


async def test_a_poisoned_update_is_set_aside_after_three_attempts_and_others_go_on(
    desk: Desk, offers: dict[str, Flow], caplog: pytest.LogCaptureFixture
) -> None:
    offers["faulty"] = faulty
    amina, boris = desk.person("en"), desk.person("en")
    await amina.says("/menu")
    await boris.says("/menu")
    await amina.sends(typed="/faulty canary-words")
    await boris.sends(typed="/help")
    await amina.sends(typed="/menu")
    await desk.serve()
    assert texts(await amina.reads()) == [SORRY, MENU]
    assert len(await boris.reads()) == 1
    assert (await states(desk))[2:] == [("dead", 3, "RuntimeError"), ("done", 0, ""), ("done", 0, "")]
    assert "canary-words" not in caplog.text


async def test_a_failing_turn_leaves_nothing_and_harms_no_other(desk: Desk, offers: dict[str, Flow]) -> None:
    async def writes_then_fails(talk: Talk) -> Text:
        await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
        talk.change_person(language="ar")
        raise RuntimeError

    async def writes(talk: Talk) -> Text:
        await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
        return raw("Written.")

    offers["faulty"], offers["writes"] = writes_then_fails, writes
    people = [desk.person("en") for _ in range(5)]
    for place, guest in enumerate(people):
        await guest.sends(typed="/faulty" if place == 2 else "/writes")
    await desk.serve()
    shown = [texts(await guest.reads()) for guest in people]
    assert shown == [["Written."], ["Written."], [SORRY], ["Written."], ["Written."]]
    assert await desk.count(CopyLink) == 4
    async with desk.house.db.reading() as session:
        assert set(await session.scalars(select(Person.language))) == {"en"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_after_a_failed_commit_each_turn_is_tried_alone(desk: Desk, offers: dict[str, Flow]) -> None:
    async def breaks_the_commit(session: AsyncSession) -> None:
        await session.execute(text("PRAGMA defer_foreign_keys = ON"))
        await session.execute(
            text("INSERT INTO copy_links (token, person_id, expires_at) VALUES ('x', 1, '2026-01-01 00:00:00')")
        )

    async def dangling(talk: Talk) -> Text:
        await talk.do(breaks_the_commit)
        return raw("Never seen.")

    offers["dangling"] = dangling
    people = [desk.person("en") for _ in range(3)]
    for place, guest in enumerate(people):
        await guest.sends(typed="/dangling" if place == 1 else "/menu")
    await desk.serve()
    assert [texts(await guest.reads()) for guest in people] == [[MENU], [SORRY], [MENU]]
    assert [(state, reason) for state, _attempts, reason in await states(desk)] == [
        ("done", ""), ("dead", "IntegrityError"), ("done", ""),
    ]  # fmt: skip


async def test_an_update_that_breaks_the_reader_is_set_aside(desk: Desk) -> None:
    with_paper(desk)
    await desk.reception.receive(
        "paper",
        [
            RawUpdate("1", "7", "this is no JSON"),
            RawUpdate("2", "8", '{"key": "8", "kind": "typed"}'),
            RawUpdate("3", "9", '{"key": "9", "kind": "typed", "words": "/menu"}'),
        ],
    )
    await desk.serve()
    assert [(state, reason) for state, _attempts, reason in await states(desk)] == [
        ("dead", "JSONDecodeError"), ("dead", "KeyError"), ("done", ""),
    ]  # fmt: skip


async def test_a_stranger_whose_first_message_fails_is_still_nobody(desk: Desk, offers: dict[str, Flow]) -> None:
    offers["faulty"] = faulty
    guest = desk.person()
    assert await guest.says("/faulty") == []
    assert (await desk.count(Person), (await states(desk))[0][0]) == (0, "dead")


async def test_what_fails_is_logged_without_words_or_names(
    desk: Desk, offers: dict[str, Flow], caplog: pytest.LogCaptureFixture
) -> None:
    offers["faulty"] = faulty
    for name in ("bot", "flows"):
        caplog.set_level(logging.DEBUG, logger=name)
    writer = Writer(desk, with_paper(desk), "7007007")
    await writer.sends("command", "start")
    await writer.sends("typed", "canary-words")
    await writer.sends("command", "faulty")
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "failed" in told
    assert [word for word in ("canary", "7007007", "faulty") if word in told] == []


# With what staff and the clock do


async def test_the_desk_s_own_word_comes_in_order_with_the_person_s(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    await guest.sends(typed="It is the front door.")
    await closes(desk, vesna)
    await guest.says("/menu")
    assert texts([laid for _token, laid in guest.screen][-3:]) == [
        "Question 1001 is closed. You can ask me again at any time.", MENU, MENU,
    ]  # fmt: skip


async def test_staff_and_turns_write_to_one_conversation_without_gaps(desk: Desk) -> None:
    from tests.flows.deeds import replies

    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    vesna = await desk.has_staff()
    await claims(desk, vesna)

    async def writes() -> None:
        for number in range(10):
            await replies(desk, vesna, f"Reply {number}")

    async def asks() -> None:
        for _ in range(10):
            await guest.sends(typed="/help")
            await desk.serve()

    await asyncio.gather(writes(), asks())
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(ChatMessage).order_by(ChatMessage.seq)))
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert [one.content["text"] for one in found if one.author == "staff"] == [f"Reply {n}" for n in range(10)]


async def test_the_running_reception_is_woken_by_what_is_stored(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    running = asyncio.create_task(desk.reception.run())
    try:
        with desk.house.bell.listen(of_address(guest.address)) as event:
            await guest.sends(typed="/help")
            assert await desk.house.bell.wait(event, 30)
        assert len(await guest.reads()) == 1
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_case_of_somebody_deleted_meanwhile_is_closed_into_nothing(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    vesna = await desk.has_staff()
    await guest.says("/delete")
    await guest.sends(typed="yes")
    await closes(desk, vesna)
    assert await desk.count(Ticket) == 0
    assert {state for state, _attempts, _reason in await states(desk)} == {"done"}
