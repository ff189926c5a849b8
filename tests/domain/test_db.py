"""Transactions, identities, instants."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text

from bot.domain import audit
from bot.domain.audit import AuditEntry
from bot.domain.db import Database, new_id, new_token, wait_for_sender
from tests.domain.conftest import NOW


def test_identities_grow_and_fit_63_bits() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert 0 < made[0] <= made[-1] < 2**63


def test_tokens_are_128_bits_and_safe_in_addresses() -> None:
    made = {new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(token) for token in made} == {22}


async def test_instants_come_back_as_they_went_in(db: Database) -> None:
    elsewhere = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    async with db.transaction() as session:
        await audit.note(session, "test", elsewhere)
    async with db.reading() as session:
        (entry,) = await session.scalars(select(AuditEntry))
    assert (entry.at, entry.at.utcoffset()) == (elsewhere, timedelta(0))


async def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(Exception, match="naive"):
        async with db.transaction() as session:
            await audit.note(session, "test", datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


async def test_what_fails_leaves_nothing(db: Database) -> None:
    async def fails() -> None:
        async with db.transaction() as session:
            await audit.note(session, "test", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with db.reading() as session:
        assert list(await session.scalars(select(AuditEntry))) == []


async def test_two_hundred_counters_at_once_lose_no_step(db: Database) -> None:
    """Read, then write what was read plus one: only a writer that excludes all others gets to 200."""
    async with db.transaction() as session:
        await audit.note(session, "count", NOW, ticket_number=0)

    async def step() -> None:
        async with db.transaction() as session:
            await wait_for_sender(session, "count")
            entry = (await session.scalars(select(AuditEntry))).one()
            entry.ticket_number = (entry.ticket_number or 0) + 1
            await session.flush()

    await asyncio.gather(*(step() for _ in range(200)))
    async with db.reading() as session:
        assert [entry.ticket_number for entry in await session.scalars(select(AuditEntry))] == [200]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_is_set_up_to_keep_what_it_was_given(db: Database) -> None:
    async with db.reading() as session:
        found = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_reader_does_not_wait_for_the_writer(db: Database) -> None:
    async with db.transaction() as writing:
        await audit.note(writing, "test", NOW)
        async with db.reading() as session:
            assert list(await session.scalars(select(AuditEntry))) == []
    async with db.reading() as session:
        assert [entry.at for entry in await session.scalars(select(AuditEntry))] == [
            datetime(2026, 11, 23, 9, tzinfo=UTC)
        ]
