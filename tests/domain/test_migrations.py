"""The schema's history: a fresh upgrade is the present schema, and an upgrade does no harm twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url

from bot.domain.db import Database
from bot.domain.migrations import is_current, upgrade
from bot.domain.secrets import open_keys
from bot.domain.tables import METADATA
from tests.databases import Postgres, sqlite_url


def blocking(url: str) -> str:
    return url.replace("+aiosqlite", "")


def differences(url: str) -> list[object]:
    engine = create_engine(blocking(url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            return list(compare_metadata(context, METADATA))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "not there yet")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


def test_a_fresh_upgrade_is_the_present_schema(empty_url: str) -> None:
    upgrade(empty_url)
    assert differences(empty_url) == []
    assert is_current(empty_url)


def test_a_second_upgrade_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert differences(empty_url) == []


def test_constraints_and_indexes_have_their_conventional_names(empty_url: str) -> None:
    upgrade(empty_url)
    engine = create_engine(blocking(empty_url))
    try:
        found = inspect(engine)
        for table in METADATA.sorted_tables:
            assert {index["name"] for index in found.get_indexes(table.name)} >= {one.name for one in table.indexes}
            assert {key["name"] for key in found.get_foreign_keys(table.name)} == {
                key.name for key in table.foreign_key_constraints
            }
    finally:
        engine.dispose()


async def test_a_saved_database_of_this_release_opens(tmp_path: Path) -> None:
    """What `upgrade` makes can be sealed, closed and opened again."""
    import asyncio

    url = sqlite_url(tmp_path)
    await asyncio.to_thread(upgrade, url)
    for _start in range(2):
        db = Database(url)
        await open_keys(db, ["a key"])
        await db.close()
        await asyncio.to_thread(upgrade, url)
    assert Path(str(make_url(url).database)).exists()
