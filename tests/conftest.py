"""What all tests share."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.migrations import upgrade
from tests.databases import Postgres, sqlite_url
from tests.desk import Desk, open_desk, shipped_catalogs

pytest_plugins = ["tests.databases"]


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the present schema, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    upgrade(sqlite_url(folder))
    return folder / "desk.db"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[str]:
    """A fresh database with the present schema: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(empty_sqlite, tmp_path / "desk.db")
        yield sqlite_url(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(upgrade)
    yield url
    server.drop(url)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """A desk. Fails the test when a sentence that it showed lacks a translation in a launch language."""
    catalogs = shipped_catalogs()
    catalogs.lacking.clear()
    async with open_desk(database_url) as desk:
        yield desk
    assert catalogs.lacking == set()
