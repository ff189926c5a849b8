"""What the Bot API answers when it does not take a message, as the service understands it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.contract import Undeliverable
from bot.channels.telegram.request import Faulty, TooLarge, Unreached

_AGAIN: Final = 0.0  # once more, after a pause that whoever sends decides

# Parts of the platform's sentences, in lower case, and our code for them. All of them end an address.
_GONE: Final = {
    "blocked by the user": "blocked",
    "deactivated": "deactivated",
    "can't initiate": "never_started",
    "kicked": "kicked",
    "chat not found": "no_such_chat",
    "peer_id_invalid": "no_such_chat",
    "chat_write_forbidden": "may_not_write",
}
_NOT_TAKEN: Final = {
    "too long": "too_long",
    "text is empty": "empty",
    "button": "button",
    "entities": "entities",
    "file is too big": "too_big",
    "file_id": "no_such_file",
    "not modified": "not_modified",
}


def refused(error: TelegramError) -> Undeliverable:
    """Why a message did not go out, as a code, and what that means for the address and the next attempt."""
    match error:
        case RetryAfter():
            return Undeliverable("too_many", retry_after_s=seconds_of(error))
        case Forbidden():
            return Undeliverable(_code(error, _GONE) or "forbidden", permanent=True)
        case ChatMigrated():
            return Undeliverable("migrated", permanent=True)
        case BadRequest():
            gone = _code(error, _GONE)
            return Undeliverable(gone or _code(error, _NOT_TAKEN) or "bad_request", permanent=bool(gone))
        case InvalidToken() | EndPointNotFound():
            # Our mistake, not the person's: the message waits for somebody to mend the settings.
            return Undeliverable("token", retry_after_s=_AGAIN)
        case Unreached():
            return Undeliverable("unreached", retry_after_s=_AGAIN)
        case TooLarge():
            return Undeliverable("too_big")
        case _:
            return Undeliverable(code_of(error), uncertain=True)


def code_of(error: Exception) -> str:
    """A word for the log: never the platform's or the library's own sentence."""
    match error:
        case Unreached():
            return "unreached"
        case TimedOut():
            return "timed_out"
        case Faulty():
            return "faulty"
        case BadRequest():
            return "bad_request"
        case NetworkError():
            return "lost"
        case _:
            return type(error).__name__.lower()


def seconds_of(error: RetryAfter) -> float:
    """How long the platform wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _code(error: TelegramError, codes: dict[str, str]) -> str:
    said = error.message.lower()
    return next((code for part, code in codes.items() if part in said), "")
