"""One process at a time on a SQLite database: a second one would serve every message twice."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.engine import make_url

from bot.config import Settings, SettingsError
from bot.keys import make_data_dir

_FILE: Final = "desk.lock"


@contextmanager
def only_process(settings: Settings) -> Iterator[None]:
    """Hold the desk's lock during the block; the system lets go of it however the process ends.

    Raises SettingsError when another process holds it. PostgreSQL serves several processes and needs no lock.
    """
    if make_url(settings.database).get_backend_name() != "sqlite":
        yield
        return
    make_data_dir(settings)
    try:
        file = (settings.data_dir / _FILE).open("w")
    except OSError as error:
        raise SettingsError(f"SP_DATA_DIR cannot be used: {error.strerror}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError("the desk is running on this data folder already; stop it first") from None
        yield
