"""The schema's history, applied by Alembic. `run` and `demo` upgrade by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.engine import make_url

_HERE: Final = Path(__file__).parent
_UPGRADE_LOCK: Final = 0x5350_5550  # "SPUP": replicas that start together upgrade one after another


def upgrade(address: str) -> None:
    """Bring a database to the present schema. Blocking: call it in a thread. Safe to call at every start."""
    url = _blocking(make_url(address))
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if url.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _UPGRADE_LOCK})
                connection.commit()
            command.upgrade(_config(connection), "head")
            connection.commit()
    finally:
        engine.dispose()


def is_current(address: str) -> bool:
    """Whether the database has the present schema. Blocking."""
    engine = create_engine(_blocking(make_url(address)))
    try:
        with engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
        return set(heads) == set(ScriptDirectory(str(_HERE)).get_heads())
    finally:
        engine.dispose()


def _blocking(url: URL) -> URL:
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
