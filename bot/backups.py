"""Copies of the SQLite database: consistent while the desk runs, checked before they replace anything."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.config import Settings
from bot.domain.migrations import upgrade
from bot.lock import only_process


class BackupRefused(Exception):
    """A backup cannot be made or used; the message says why in one sentence."""


def write_backup(settings: Settings, file: Path) -> int:
    """Write a copy to a new `file`; returns its size in bytes. Raises BackupRefused."""
    database = _database_file(settings)
    if not database.exists():
        raise BackupRefused("there is no database yet")
    if file.exists():
        raise BackupRefused(f"{file.name} is there already")
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with sqlite3.connect(database) as connection:
            # VACUUM INTO also leaves out what was deleted; copying the file would miss the write-ahead log.
            connection.execute("VACUUM INTO ?", (str(part),))
        connection.close()
        part.chmod(0o600)
        part.replace(file)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise BackupRefused(f"the backup failed: {error}") from None
    return file.stat().st_size


def restore_backup(settings: Settings, file: Path, *, force: bool) -> None:
    """Put a backup in the database's place. The desk must be stopped. Raises BackupRefused."""
    database = _database_file(settings)
    if not file.exists():
        raise BackupRefused(f"there is no file {file.name}")
    if database.exists() and not force:
        raise BackupRefused("there is a database already; --force replaces it")
    with only_process(settings):
        _replace(database, file)
    upgrade(settings.database)


def _replace(database: Path, file: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    fresh = database.with_name(database.name + ".restored")
    fresh.unlink(missing_ok=True)
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as source, sqlite3.connect(fresh) as target:
            source.backup(target)
            if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupRefused(f"{file.name} is damaged")
            # What was on its way when the copy was made has long arrived, or is stale: nobody gets it twice.
            target.execute("UPDATE outbox SET state = 'undeliverable', reason = 'restored'"
                           " WHERE state IN ('queued', 'sending', 'uncertain')")  # fmt: skip
        source.close()
        target.close()
    except sqlite3.Error as error:
        fresh.unlink(missing_ok=True)
        raise BackupRefused(f"{file.name} is no backup of this desk: {error}") from None
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    fresh.replace(database)


def _database_file(settings: Settings) -> Path:
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupRefused("this desk runs on PostgreSQL: use pg_dump and pg_restore")
    return Path(url.database)
