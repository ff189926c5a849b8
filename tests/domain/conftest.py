"""A database without a desk around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain import people
from bot.domain.db import Database
from bot.domain.people import Caller
from bot.domain.secrets import open_keys
from tests.desk import SECRET

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A database with the present schema, unlocked: once SQLite, once PostgreSQL."""
    database = Database(database_url)
    await open_keys(database, [SECRET])
    yield database
    await database.close()


@pytest.fixture
async def amina(db: Database) -> Caller:
    """Somebody with an address."""
    caller = people.newcomer("web", "amina-s-key", people.sender_of("web", "amina-s-key"), "en")
    async with db.transaction() as session:
        await people.add(session, [caller], NOW)
    return caller
