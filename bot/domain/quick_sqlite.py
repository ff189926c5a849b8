"""aiosqlite with one trip to its thread for each statement, instead of four.

Its cursors are made, asked, emptied and closed by separate trips, each of which wakes a thread and then the loop. Here
a statement and all of its rows are one trip: every result of ours is read whole anyway.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite
from aiosqlite.context import Result


class QuickCursor(aiosqlite.Cursor):
    """A cursor that exists only while its statement runs."""

    def __init__(self, connection: QuickConnection) -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]
        self._quick = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        """Run a statement and take all its rows."""
        given = () if parameters is None else parameters
        await self._quick.do(self._run, sql, given)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> aiosqlite.Cursor:
        """Run a statement for each of many rows of parameters."""
        await self._quick.do(self._run_many, sql, parameters)
        return self

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """What the statement returned."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is left in the database: let the rows go."""
        self._rows = []

    def _run(self, sql: str, parameters: Sequence[Any]) -> None:
        self._cursor = self._quick._conn.execute(sql, parameters)
        self._rows = self._cursor.fetchall() if self._cursor.description else []

    def _run_many(self, sql: str, parameters: Any) -> None:  # noqa: ANN401 - as sqlite3 takes them
        self._cursor = self._quick._conn.executemany(sql, parameters)


class QuickConnection(aiosqlite.Connection):
    """A connection whose cursors are quick."""

    at_once = False
    """Whether statements run where they stand instead of in the connection's thread."""

    async def do(self, deed: Callable[..., None], *given: Any) -> None:  # noqa: ANN401 - as sqlite3 takes them
        """Run it here, or in the thread and wait."""
        if self.at_once:
            deed(*given)
        else:
            await self._execute(deed, *given)  # type: ignore[no-untyped-call]

    def cursor(self) -> Result[aiosqlite.Cursor]:
        """A cursor; nothing is asked of the thread yet."""
        return Result(self._quick_cursor())

    async def _quick_cursor(self) -> aiosqlite.Cursor:
        return QuickCursor(self)


def connect(database: str) -> QuickConnection:
    """Like `aiosqlite.connect`, for SQLAlchemy's `async_creator`. Its thread does not keep the process alive."""
    # A finished cursor may be thrown away by another thread than the one that used it.
    connection = QuickConnection(lambda: sqlite3.connect(database, check_same_thread=False), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does with connections that it makes itself
    return connection
