"""The secret key: from the environment, else from a file in the data folder that is made at the first start."""

from __future__ import annotations

import logging
import os
from typing import Final

from bot.config import Settings, SettingsError
from bot.domain.sealed import new_secret

log = logging.getLogger(__name__)

KEY_FILE: Final = "secret.key"


def make_data_dir(settings: Settings) -> None:
    """See that the data folder is there. Raises SettingsError."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"SP_DATA_DIR cannot be used: {error.strerror}") from None


def secret_keys(settings: Settings) -> list[str]:
    """The keys of SP_SECRET_KEY, newest first; without it those of the key file. Raises SettingsError."""
    if settings.keys:
        return settings.keys
    file = settings.data_dir / KEY_FILE
    try:
        if not file.exists():
            make_data_dir(settings)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as fresh:
                fresh.write(new_secret() + "\n")
            log.warning("a key was made in the data folder; keep a copy of it apart from the backups")
        return file.read_text(encoding="utf-8").split()
    except OSError as error:
        raise SettingsError(f"SP_DATA_DIR cannot be used: {error.strerror}") from None
