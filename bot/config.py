"""Settings, read once from the environment. Empty values count as unset; `NAME_FILE` names a file with the value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.db import sqlite_address

PREFIX: Final = "SP_"


class SettingsError(Exception):
    """A setting cannot be used; the message says which and why, without its value."""


class Settings(BaseSettings):
    """The outside contract of the service: names that scripts and operators rely on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    database_url: str = Field("", description="Database address; default: an SQLite file in SP_DATA_DIR")
    data_dir: Path = Field(Path("data"), description="Folder for the database, keys and backups")
    listen: str = Field("127.0.0.1:8080", description="Where the web server listens")
    public_url: str = Field("", description="The address by which people reach the web pages")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Keys that seal the database, newest first, comma-separated"
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="The bot's token; without it Telegram is off")
    telegram_api_url: str = Field("https://api.telegram.org", description="Root of the Bot API server")
    telegram_webhook_url: str = Field("", description="Set: webhook at this address; unset: long polling")
    telegram_webhook_secret: SecretStr = Field(SecretStr(""), description="Secret that the webhook requests carry")
    telegram_staff_chat_id: str = Field("", description="The staff group (kept for the staff desk)")
    desk: Path | None = Field(None, description="The desk's own file; default: the sample desk of Postojna")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @property
    def database(self) -> str:
        """The database address in use."""
        return self.database_url or sqlite_address(self.data_dir)

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Where to listen. Raises SettingsError."""
        host, _colon, port = self.listen.rpartition(":")
        if not port.isdecimal() or not 0 <= int(port) <= 65535:  # noqa: PLR2004 - the highest TCP port
            raise SettingsError("SP_LISTEN must be an address like 127.0.0.1:8080")
        return host.strip("[]") or "127.0.0.1", int(port)

    @property
    def keys(self) -> list[str]:
        """The secret keys, newest first."""
        return [key.strip() for key in self.secret_key.get_secret_value().split(",") if key.strip()]


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingsError."""
    values = _values(os.environ if environment is None else environment)
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        names = sorted({f"{PREFIX}{str(problem['loc'][0]).upper()}" for problem in error.errors()})
        raise SettingsError(f"cannot use the value of {', '.join(names)}") from None
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    try:
        kind = make_url(settings.database).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in {"sqlite", "postgresql"}:
        raise SettingsError("SP_DATABASE_URL must be an address of SQLite or PostgreSQL")
    if kind == "postgresql" and find_spec("psycopg") is None:
        raise SettingsError("PostgreSQL needs its driver: install the extra `postgres`")
    for name in ("telegram_api_url", "telegram_webhook_url", "public_url"):
        address = urlsplit(getattr(settings, name))
        if address.geturl() and (address.scheme not in {"http", "https"} or not address.netloc):
            raise SettingsError(f"{PREFIX}{name.upper()} must be an address like https://desk.example.org")
    token = settings.telegram_token.get_secret_value()
    if token and not re.fullmatch(r"\d+:[\w-]+", token):
        raise SettingsError("SP_TELEGRAM_TOKEN is not a bot's token")


def _values(environment: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}"
        value = environment.get(variable, "")
        file = environment.get(f"{variable}_FILE", "")
        if not value and file:
            try:
                value = Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{variable}_FILE cannot be read: {error.strerror}") from None
        if value:
            found[name] = value
    return found
