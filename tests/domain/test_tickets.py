"""One open case a person, whatever comes at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain import staff, tickets
from bot.domain.callers import callers
from bot.domain.db import Database, wait_for_sender
from bot.domain.happenings import Happening
from bot.domain.people import Caller
from bot.domain.staff import Role, Staff
from bot.domain.tickets import NotOpen, Opened, Ticket, TicketState
from tests.domain.conftest import NOW

ZONE = ZoneInfo("Europe/Ljubljana")


@pytest.fixture
async def vesna(db: Database) -> Staff:
    async with db.transaction() as session:
        return await staff.add(session, "vesna", "Vesna", "a long password", [Role.ADVISER], languages=[], now=NOW)


async def opens(db: Database, sender: str, words: str = "", *, danger: bool = False) -> Opened:
    async with db.transaction() as session:
        await wait_for_sender(session, sender)
        caller = (await callers(session, [sender], NOW))[sender]
        return await tickets.open_ticket(
            session, caller, {"question": words}, place="postojna", zone=ZONE, now=NOW, danger=danger
        )


async def test_two_hundred_at_once_open_one_case(db: Database, amina: Caller) -> None:
    opened = await asyncio.gather(*(opens(db, amina.sender, f"question {number}") for number in range(200)))
    async with db.reading() as session:
        found = list(await session.scalars(select(Ticket)))
        counted = list(await session.scalars(select(Happening.kind)))
    assert len(found) == 1
    assert (sum(one.new for one in opened), {one.number for one in opened}, counted) == (1, {1001}, ["handed_over"])


async def test_one_of_many_claims_wins(db: Database, amina: Caller, vesna: Staff) -> None:
    case = await opens(db, amina.sender)
    async with db.transaction() as session:
        others = [
            await staff.add(session, f"s{number}", "S", "a long password", [Role.ADVISER], languages=[], now=NOW)
            for number in range(3)
        ]

    async def claims(member: Staff) -> int | None:
        try:
            async with db.transaction() as session:
                return (await tickets.claim(session, case.id, member.id, NOW)).claimed_by
        except NotOpen:
            return None

    won = await asyncio.gather(*(claims(member) for member in [vesna, *others]))
    assert len([one for one in won if one is not None]) == 1


async def test_a_closed_case_can_be_neither_claimed_nor_closed(db: Database, amina: Caller, vesna: Staff) -> None:
    case = await opens(db, amina.sender, danger=True)
    async with db.transaction() as session:
        assert len(await tickets.ringing(session)) == 1
        closed = await tickets.close(session, case.id, vesna.id, "answered", NOW)
        assert (closed.state, closed.closed_at, closed.close_reason) == (TicketState.CLOSED, NOW, "answered")
        assert await tickets.ringing(session) == []
        for verb in (tickets.claim(session, case.id, vesna.id, NOW), tickets.note_reply(session, case.id, vesna.id, NOW),
                     tickets.close(session, case.id, vesna.id, "again", NOW), tickets.get(session, 7)):  # fmt: skip
            with pytest.raises(NotOpen):
                await verb
    again = await opens(db, amina.sender)
    assert (again.number, again.new) == (1002, True)


async def test_cases_are_listed_danger_first_then_by_waiting(db: Database, vesna: Staff) -> None:
    from bot.domain import people

    numbers = []
    for place, danger in enumerate([False, False, True, False]):
        caller = people.newcomer("web", f"k{place}", people.sender_of("web", f"k{place}"), "en")
        async with db.transaction() as session:
            await people.add(session, [caller], NOW)
        numbers.append((await opens(db, caller.sender, danger=danger)).number)
    async with db.reading() as session:
        found = [ticket.number for ticket, _pseudonym in await tickets.open_cases(session)]
    assert found == [1003, 1001, 1002, 1004]
    assert sorted(found) == numbers


async def test_a_case_left_alone_goes_back_once(db: Database, amina: Caller, vesna: Staff) -> None:
    case = await opens(db, amina.sender)
    async with db.transaction() as session:
        await tickets.claim(session, case.id, vesna.id, NOW)
        later = NOW + timedelta(hours=12)
        assert await tickets.left_alone(session, later - timedelta(seconds=1)) == []
        assert [ticket.id for ticket, _address in await tickets.left_alone(session, later)] == [case.id]
        assert [await tickets.give_back(session, case.id, later) for _ in range(2)] == [True, False]
        assert await tickets.left_alone(session, later) == []
