"""The schema's history, applied by Alembic. `run` and `demo` upgrade by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from alembic.config import Config

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
            if _revision(connection) == newest():
                return
            from alembic import command

            if url.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _UPGRADE_LOCK})
                connection.commit()
            command.upgrade(_config(connection), "head")
            connection.commit()
    finally:
        engine.dispose()


def is_current(address: str) -> bool:
    """Whether the database is there and has the present schema. Blocking; makes nothing."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    engine = create_engine(_blocking(make_url(address)))
    try:
        with engine.connect() as connection:
            return _revision(connection) == newest()
    finally:
        engine.dispose()


def newest() -> str:
    """The newest revision: files are named by it, in order."""
    return max(file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
    connection.rollback()
    return found


def _blocking(url: URL) -> URL:
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
