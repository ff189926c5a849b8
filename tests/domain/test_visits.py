"""Browsers and return codes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from bot.domain import visits
from bot.domain.db import Database
from bot.domain.people import Caller
from bot.domain.visits import CODE_FOR, VISIT_FOR
from tests.domain.conftest import NOW


async def test_a_browser_finds_its_conversation_for_ninety_days(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        token = await visits.begin(session, amina.key, amina.sender, NOW)
        assert await visits.key_of(session, token, NOW) == amina.key
        assert await visits.key_of(session, token, NOW + VISIT_FOR - timedelta(seconds=1)) == amina.key
        assert await visits.key_of(session, token, NOW + VISIT_FOR) is None
        assert await visits.key_of(session, "x", NOW) is None
        await visits.end(session, token)
        assert await visits.key_of(session, token, NOW) is None


async def test_a_code_is_good_once(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        code = await visits.new_code(session, amina.address_id, NOW)
        assert (len(code), code[5]) == (11, "-")
        said = f" {code.lower().replace('-', ' - ')} "
        assert await visits.redeem(session, said, NOW) == (amina.key, amina.sender)
        assert await visits.redeem(session, code, NOW) is None


async def test_a_newer_code_replaces_the_older_one(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        old, new = [await visits.new_code(session, amina.address_id, NOW) for _ in range(2)]
        assert await visits.redeem(session, old, NOW) is None
        assert await visits.redeem(session, new, NOW) == (amina.key, amina.sender)


async def test_a_code_grows_old(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        code = await visits.new_code(session, amina.address_id, NOW)
        assert await visits.redeem(session, code, NOW + CODE_FOR) is None


async def test_made_up_codes_open_nothing(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        await visits.new_code(session, amina.address_id, NOW)
        for code in ("", "-", "AAAAA-AAAAA", "x" * 1000, "' OR 1=1 --", "٢٣٤٥٦"):
            assert (code, await visits.redeem(session, code, NOW)) == (code, None)


async def test_neither_tokens_nor_codes_are_stored(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        token = await visits.begin(session, amina.key, amina.sender, NOW)
        code = await visits.new_code(session, amina.address_id, NOW)
        stored = [
            *(await session.scalars(text("SELECT token FROM visits"))),
            *(await session.scalars(text("SELECT code FROM return_codes"))),
        ]
    assert all(len(one) == 32 for one in stored)
    assert not any(token in one or code.replace("-", "") in one for one in stored)
