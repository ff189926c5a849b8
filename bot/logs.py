"""Logging: one line a record, without secrets and without anybody's words."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from bot.config import Settings, SettingsError

HIDDEN: Final = "[hidden]"
_OWN: Final = ("bot", "flows")
# These write addresses with the token, what people send, or statements with their values, some of them at INFO.
_TALKATIVE: Final = (
    "aiohttp", "aiohttp.access", "aiosqlite", "asyncio", "httpcore", "httpx", "psycopg", "python_multipart",
    "sqlalchemy", "telegram", "uvicorn.access",
)  # fmt: skip
_SHORTEST_SECRET: Final = 8
_TOKEN: Final = re.compile(r"(?:\bbot)?\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}")
_PASSWORD: Final = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")
_INSIDE_TASK: Final = re.compile(r"\b(?:exception|result)=.*")

_secrets: set[str] = set()


def set_up(settings: Settings, stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error), as JSON unless somebody watches. Raises SettingsError."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper())
    if level is None:
        raise SettingsError("SP_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    hide(
        settings.telegram_token.get_secret_value(), settings.telegram_webhook_secret.get_secret_value(),
        *settings.keys,
    )  # fmt: skip
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Lines)]:
        root.removeHandler(handler)
    root.addHandler(_Lines(stream or sys.stderr))
    # Whatever SP_LOG_LEVEL says, only our own loggers go below WARNING: others write what passes through them.
    root.setLevel(max(level, logging.WARNING))
    for name in _OWN:
        logging.getLogger(name).setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def hide(*secrets: str) -> None:
    """Never let these appear, wherever they come from. Very short ones would hide ordinary words and are left out."""
    _secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)


def redact(text: str) -> str:
    """`text` without secrets: those given to `hide`, bot tokens, passwords in addresses."""
    for secret in _secrets:
        text = text.replace(secret, HIDDEN)
    return _PASSWORD.sub(rf"\1:{HIDDEN}@", _TOKEN.sub(HIDDEN, text))


class Redacting(logging.Filter):
    """Rewrites a record so that message, arguments and traceback hold no secret and no content."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, rewritten."""
        record.msg, record.args = redact(_message(record)), None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = redact("\n".join(outline(record.exc_info[1])))
        record.exc_info = None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        return True


def outline(error: BaseException) -> Iterator[str]:
    """A traceback without what the exceptions say, which is often the very value that could not be used."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from outline(earlier)
        yield "which led to:"
    for entry in traceback.format_tb(error.__traceback__):
        yield entry.rstrip("\n")
    yield named(error)
    if isinstance(error, BaseExceptionGroup):
        for number, part in enumerate(error.exceptions, 1):
            yield f"part {number} of {len(error.exceptions)}:"
            yield from outline(part)


def named(error: BaseException) -> str:
    """The exception's type, with as much of its sentence as cannot hold content."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    if kind.__module__ == "sqlite3":
        return f"{name}: {error}"
    state = getattr(error, "sqlstate", None)
    return f"{name}: SQLSTATE {state}" if isinstance(state, str) else name


class _Lines(logging.StreamHandler[TextIO]):
    """Our handler on the root logger."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.addFilter(Redacting())
        plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.setFormatter(plain if stream.isatty() else _Json())


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object on one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["error"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The message with exceptions among its arguments named, not quoted."""
    if isinstance(record.msg, BaseException):
        return named(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(named(one) if isinstance(one, BaseException) else one for one in record.args)
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):
        said = str(record.msg)  # arguments that do not fit stay out
    # asyncio quotes failed tasks with their exceptions.
    return _INSIDE_TASK.sub("", said.partition("\n")[0]) if record.name == "asyncio" else said


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger(__name__).critical("stopped by a fault", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(fault: threading.ExceptHookArgs) -> None:
    if fault.exc_value is not None:
        logging.getLogger(__name__).error("a thread ended by a fault", exc_info=fault.exc_value)
