"""The database: engine, transactions, column types. SQLite by default, PostgreSQL by address."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Executable,
    Integer,
    MetaData,
    Table,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot.domain import quick_sqlite

log = logging.getLogger(__name__)

Identity = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid must be spelled INTEGER


class Base(DeclarativeBase):
    """The tables of the desk."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite would silently drop the offset. Raises ValueError for a naive value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_CONNECTION: Final = "connection"  # where a session keeps it for `run`
_MOVE_LOG_EVERY: Final = 200  # commits; SQLite's own way, each 1,000 pages, makes one round of 25 wait for the disk
_MOST_LOG_PAGES: Final = 16_000  # 64 MB: only where nobody moves it does a commit
_SEQUENCE_BITS: Final = 22
_EPOCH_MS: Final = 1_700_000_000_000  # November 2023: 41 bits of milliseconds last until 2093
_ids = {"last": 0}
_ids_lock = threading.Lock()


def new_id() -> int:
    """A 63-bit identity that grows with time: 41 bits of milliseconds, 22 that differ between processes."""
    with _ids_lock:
        fresh = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _SEQUENCE_BITS | secrets.randbits(_SEQUENCE_BITS - 2)
        _ids["last"] = fresh = max(fresh, _ids["last"] + 1)
        return fresh


def new_token() -> str:
    """A name that cannot be guessed: 128 bits, 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401
    connection.isolation_level = None  # so that SQLAlchemy's BEGIN below is the only one
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
                   "secure_delete=ON", "trusted_schema=OFF", f"wal_autocheckpoint={_MOST_LOG_PAGES}"):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later writes fails with "database is locked"; a reader must not wait for the writer.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """One database: `transaction()` to change it, `reading()` to look."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        quick: dict[str, Any] = (
            {"async_creator": partial(quick_sqlite.connect, self.url.database or ":memory:")} if self.is_sqlite else {}
        )
        self.engine = create_async_engine(self.url, pool_size=10, max_overflow=10, **quick)
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._write = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        reading = {"reading": True} if self.is_sqlite else {}
        self._read = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False, execution_options=reading)
        # SQLite has one writer: waiting in order here is fairer and quicker than its busy handler's growing sleeps.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._commits = 0
        self._moving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self, *, at_once: bool = False) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end, or rolls back on any exception.

        `at_once`: on SQLite its statements, which must be short, run in the event loop's thread; only BEGIN and COMMIT,
        which wait for a lock and for the disk, have a thread of their own. A change of threads costs more than most
        statements: a round of reception takes a third less without.
        """
        if self._turn is None:
            async with self._write.begin() as session:
                yield session
            return
        async with self._turn, self._write.begin() as session:
            connection = session.info[_CONNECTION] = await session.connection()
            driver = (await connection.get_raw_connection()).driver_connection
            quick = cast("quick_sqlite.QuickConnection", driver)
            quick.at_once = at_once
            try:
                yield session
            finally:
                quick.at_once = False
        self._commits += 1
        if self._commits >= _MOVE_LOG_EVERY and self._moving is None:
            self._commits, self._moving = 0, asyncio.create_task(self._move_log(self._turn))

    async def _move_log(self, turn: asyncio.Lock) -> None:
        """Copy SQLite's write-ahead log into its database beside the work, not in the commit that fills it.

        What is written meanwhile is little, and is copied while nobody writes, so that the log begins anew.
        """
        try:
            await asyncio.to_thread(self._checkpoint)
            async with turn:
                await asyncio.to_thread(self._checkpoint)
        except sqlite3.Error as error:  # the log grows until a commit does it
            log.warning("the write-ahead log was not moved: %s", type(error).__name__)
        finally:
            self._moving = None

    def _checkpoint(self) -> None:
        with closing(sqlite3.connect(self.url.database or ":memory:")) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        async with self._read() as session:
            yield session

    async def close(self) -> None:
        """Let go of every connection."""
        if self._moving is not None:
            await self._moving
        await self.engine.dispose()


async def run(
    session: AsyncSession, statement: Executable, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]
) -> Any:  # noqa: ANN401 - a result, whose rows nobody has typed
    """Execute a statement over tables on the session's own connection, past the ORM, which has nothing to do here."""
    connection = session.info.get(_CONNECTION)
    if connection is None:
        connection = session.info[_CONNECTION] = await session.connection()
    return await connection.execute(statement, rows)


async def write_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with one executemany."""
    if rows:
        await run(session, table.insert(), list(rows))


async def write_new_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]], *unique: str) -> None:
    """Insert the rows whose `unique` columns are not there yet; the others are left as they are."""
    if rows:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        await run(session, insert(table).on_conflict_do_nothing(index_elements=unique), list(rows))


async def replace_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]], *unique: str) -> None:
    """Insert rows, or overwrite those with the same `unique` columns. All rows name the same columns."""
    if rows:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in unique}
        await run(session, statement.on_conflict_do_update(index_elements=unique, set_=changed), list(rows))


async def lock_senders(session: AsyncSession, senders: Sequence[str]) -> list[str]:
    """Those of `senders` (fingerprints) that no other process is serving, kept for ourselves until the commit.

    SQLite needs nothing: its one writer already excludes all others.
    """
    if session.get_bind().dialect.name == "sqlite":
        return list(senders)
    rows = await session.execute(
        text(
            "SELECT sender FROM unnest(CAST(:senders AS text[])) AS sender"
            " WHERE pg_try_advisory_xact_lock(hashtextextended(sender, 0))"
        ),
        {"senders": list(senders)},
    )
    return [row.sender for row in rows]


async def wait_for_sender(session: AsyncSession, sender: str) -> None:
    """Wait until nobody else serves this sender, and keep it until the commit."""
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:sender, 0))"), {"sender": sender})


def sqlite_address(folder: Path) -> str:
    """The address of the default database inside the data folder."""
    return f"sqlite+aiosqlite:///{folder / 'desk.db'}"
