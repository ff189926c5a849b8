"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

pytest.register_assert_rewrite("tests.databases", "tests.desk")

from bot.domain import staff  # noqa: E402 - the line above must come first
from bot.domain.migrations import upgrade  # noqa: E402
from tests.databases import Postgres, postgres, postgres_url, sqlite_url  # noqa: E402
from tests.desk import Desk, open_desk, shipped_catalogs  # noqa: E402

__all__ = ["postgres", "postgres_url"]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2 as ever, with its cheapest parameters: 50 tests have a member of staff."""
    with pytest.MonkeyPatch.context() as here:
        here.setattr(staff, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


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
    address = server.create(upgrade)
    yield address
    server.drop(address)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """A desk. Fails the test when a sentence that it showed lacks a translation in a launch language."""
    catalogs = shipped_catalogs()
    catalogs.lacking.clear()
    async with open_desk(database_url) as desk:
        yield desk
    if not os.environ.get("SP_TEST_UNTRANSLATED"):  # while sentences are being written
        assert catalogs.lacking == set()
