"""The desk in the browser as a channel: its page sends messages to us, and fetches what it shows."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from starlette.routing import BaseRoute

from bot.channels.contract import Malformed, Receive, Undeliverable
from bot.dialog.messages import Commanded, Inbound, Laid, Limits, Pressed, Reply, Typed

NAME: Final = "web"
TEXT_CHARS: Final = 4000
_HINT_CHARS: Final = 35  # the longest language tag that RFC 5646 asks systems to hold
_MOST_BINDS: Final = 1000  # of one message: more than any has, those counted in that are listed as numbers
_TOKEN_CHARS: Final = 64
_COMMAND: Final = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*))?", re.DOTALL)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


class WebChat:
    """The channel `web`. Its rows are not sent: open pages read them and say how far they have come."""

    name = NAME
    limits = Limits(TEXT_CHARS, label_chars=60, buttons=20, short_label_chars=18, mirrors_rows=False)

    def read(self, external_id: str, raw: str, received_at: datetime) -> Inbound | None:
        """A stored `{"typed"}`, `{"pressed"}` or `{"command"}` as a message. Raises Malformed."""
        key, colon, _client = external_id.partition(":")
        if not key or not colon:
            raise Malformed("id without an address")
        try:
            data = json.loads(raw)
        except ValueError:
            raise Malformed("not JSON") from None
        if not isinstance(data, dict):
            raise Malformed("not an object")
        hint = data.get("hint", "")
        return Inbound(
            self.name, key, external_id, reply_in(data), received_at,
            _clean(hint)[:_HINT_CHARS] if isinstance(hint, str) else "",
        )  # fmt: skip

    async def send(self, key: str, laid: Laid, token: str | None) -> str:
        """Never done: pages pull. Raises Undeliverable."""
        raise Undeliverable("pulled")

    async def fetch(self, file: str) -> bytes:
        """There are no files here. Raises Undeliverable."""
        raise Undeliverable("pulled")

    async def run(self, receive: Receive) -> None:
        """Wait: the pages call us."""
        await asyncio.Event().wait()

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """None of its own: its pages stand in `bot/webchat`."""
        return ()

    async def close(self) -> None:
        """There is nothing to let go of."""


def reply_in(data: dict[str, Any]) -> Reply:
    """What a page's message says. Raises Malformed, whose words are also the page's error code."""
    match data:
        case {"typed": str(words)}:
            return _typed(words)
        case {"pressed": [str(token), int(index)]} if not isinstance(index, bool):
            if not 0 <= index < _MOST_BINDS or not 0 < len(token) <= _TOKEN_CHARS:
                raise Malformed("no such button")
            return Pressed(_clean(token), index)
        case {"command": [str(name), str(payload)]}:
            if not _NAME.fullmatch(name) or len(payload) > TEXT_CHARS:
                raise Malformed("no such command")
            return Commanded(name, _clean(payload))
    raise Malformed("nothing to read")


def _typed(words: str) -> Reply:
    words = _clean(words).strip()
    if not words:
        raise Malformed("empty")
    if len(words) > TEXT_CHARS:
        raise Malformed("too long")
    command = _COMMAND.fullmatch(words)
    if command:
        return Commanded(command[1].lower(), (command[2] or "").strip())
    return Typed(words)


def _clean(words: str) -> str:
    """Without what no database and no other reader would take: NUL, and halves of characters."""
    return words.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
