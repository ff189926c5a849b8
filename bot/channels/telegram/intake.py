"""Updates from the platform into our store: nothing is acknowledged before `receive` has committed it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.contract import RawUpdate, Receive
from bot.channels.telegram.read import NAME, UPDATES, is_number, key_in
from bot.channels.telegram.refusals import code_of, seconds_of

log = logging.getLogger(__name__)

POLL_S: Final = 25
_POLL_PATIENCE_S: Final = POLL_S + 10
_MOST_UPDATES: Final = 100
_LONGEST_PAUSE_S: Final = 30.0
_MOST_BODY_BYTES: Final = 1_000_000
_MOST_ANSWERS: Final = 256
_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
# do_api_request turns this into "getUpdates". Spelled so, or "get_updates", it would warn at each call that there
# is a method of that name, which parses what we want raw.
_GET_UPDATES: Final = "get_Updates"
# Fields of the Bot API that name or place a person, and what is stored instead.
_NOTHING: Final[dict[str, Any]] = {
    "first_name": "", "last_name": "", "username": "", "title": "", "phone_number": "", "vcard": "",
    "latitude": 0.0, "longitude": 0.0,
}  # fmt: skip
_ANSWER_PRESS: Final = "answer_Callback_Query"


def raw_update(update: object) -> RawUpdate:
    """An update to be stored, without names, numbers and places of people.

    Its text is ASCII, so that nothing in it can keep it from being stored.
    """
    raw = json.dumps(_nameless(update), separators=(",", ":"))
    if isinstance(update, dict) and is_number(number := update.get("update_id")):
        return RawUpdate(str(number)[:80], key_in(update), raw)
    return unnumbered(raw)


def _nameless(part: Any) -> Any:  # noqa: ANN401 - JSON
    """The same with nothing in what tells who or where somebody is; what we never use, we do not keep."""
    if isinstance(part, dict):
        return {key: _NOTHING[key] if key in _NOTHING else _nameless(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_nameless(value) for value in part]
    return part


def unnumbered(raw: str) -> RawUpdate:
    """An update without a usable number, named after its content; reading it sets it aside."""
    return RawUpdate(f"bad-{hashlib.sha256(raw.encode()).hexdigest()[:40]}", "", raw)


def press_in(update: object) -> str:
    """The id of the pressed button's query, which wants an answer, or ""."""
    match update:
        case {"callback_query": {"id": str(query)}}:
            return query
    return ""


def pauses(first_s: float) -> Iterator[float]:
    """Seconds to wait after one failure, two in a row, and so on."""
    wait_s = first_s
    while True:
        yield wait_s
        wait_s = min(wait_s * 2, max(first_s, _LONGEST_PAUSE_S))


class Presses:
    """Answers to pressed buttons, sent beside everything else; nobody waits for them or minds a failure."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._going: set[asyncio.Task[None]] = set()

    def answer(self, query: str) -> None:
        """Stop the spinner on a button. When too many are on their way, the client's own time-out does it."""
        if query and len(self._going) < _MOST_ANSWERS:
            task = asyncio.get_running_loop().create_task(self._send(query))
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def close(self) -> None:
        """Give up what is still on its way."""
        going = tuple(self._going)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def _send(self, query: str) -> None:
        try:
            await self._bot.do_api_request(_ANSWER_PRESS, {"callback_query_id": query})
        except TelegramError as error:
            log.debug("telegram: a press was not answered: %s", code_of(error))


async def persist(deed: Callable[[], Awaitable[None]], what: str, first_pause_s: float) -> None:
    """Do it until it works, with growing pauses."""
    for pause_s in pauses(first_pause_s):
        try:
            await deed()
        except Exception as error:  # noqa: BLE001 - the intake outlives whatever the network and the database do
            await asyncio.sleep(_told(error, what, pause_s))
        else:
            return


class Polling:
    """Long polling with an offset of our own, which moves only after the commit.

    The offset is not kept: the platform remembers what was confirmed, and the store knows what it has.
    """

    def __init__(self, bot: Bot, presses: Presses, *, first_pause_s: float, heard: Callable[[], None]) -> None:
        self._bot = bot
        self._presses = presses
        self._first_pause_s = first_pause_s
        self._heard = heard
        self._offset = 0

    async def run(self, receive: Receive) -> None:
        """Fetch and store for ever, whatever fails."""
        while True:
            await persist(lambda: self._round(receive), "getUpdates", self._first_pause_s)

    async def _round(self, receive: Receive) -> None:
        """One poll and its commit."""
        started = asyncio.get_running_loop().time()
        batch = await self._poll()
        self._heard()
        if batch:
            await receive(NAME, [raw_update(update) for update in batch])
            for update in batch:
                self._presses.answer(press_in(update))
        confirms = self._confirm(batch)
        # A server that does not wait, or a batch that cannot be confirmed, is not asked for in a tight loop.
        if not confirms and asyncio.get_running_loop().time() - started < self._first_pause_s:
            await asyncio.sleep(self._first_pause_s)

    async def _poll(self) -> list[object]:
        asked = {
            "offset": self._offset,
            "limit": _MOST_UPDATES,
            "timeout": POLL_S,
            "allowed_updates": list(UPDATES),
        }
        batch = await self._bot.do_api_request(_GET_UPDATES, asked, read_timeout=_POLL_PATIENCE_S)
        return batch if isinstance(batch, list) else []

    def _confirm(self, batch: list[object]) -> bool:
        """Let the next poll confirm what is stored; whether it will."""
        numbers = [u["update_id"] for u in batch if isinstance(u, dict) and is_number(u.get("update_id"))]
        if numbers:
            self._offset = max(numbers) + 1
        elif batch and self._offset:
            # Only unnumbered updates: the first has at least the number of our offset, so that one step
            # further confirms nothing but it.
            self._offset += 1
        elif not batch:
            # All is confirmed. After an idle week numbers may start anywhere, also below an old offset.
            self._offset = 0
        return self._offset > 0


def _told(error: Exception, what: str, pause_s: float) -> float:
    """Log a failure without anything from its text; returns how long to wait."""
    match error:
        case RetryAfter():
            pause_s = max(pause_s, seconds_of(error))
            log.warning("telegram: %s: asked to wait", what)
        case Conflict():
            log.warning("telegram: %s: another process takes the updates of this bot, or a webhook is set", what)
        case InvalidToken():
            log.error("telegram: %s: the token is refused", what)
        case TelegramError():
            log.warning("telegram: %s: %s", what, code_of(error))
        case _:
            log.error("telegram: %s failed", what, exc_info=error)
    return pause_s


class Webhook:
    """The address that the platform calls: 200 only after the commit."""

    def __init__(self, secret: str, receive: Receive, heard: Callable[[], None]) -> None:
        self._secret = secret.encode()
        self._receive = receive
        self._heard = heard

    async def take(self, request: HttpRequest) -> Response:
        """Check the secret before anything else, store the update, then answer."""
        given = request.headers.get(_SECRET_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        update, stored = _read(body)
        try:
            await self._receive(NAME, [stored])
        except Exception:
            log.exception("telegram: an update could not be stored")
            return Response(status_code=503)  # the platform keeps it and comes again
        self._heard()
        query = press_in(update)
        if not query:
            return Response(status_code=200)
        return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": query})


def _read(body: bytes) -> tuple[object, RawUpdate]:
    try:
        update: object = json.loads(body)
        return update, raw_update(update)
    except (ValueError, RecursionError):
        return None, unnumbered(body.decode("ascii", "backslashreplace"))


async def _body(request: HttpRequest) -> bytes | None:
    """The body, or None when it is larger than any update."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY_BYTES:
            return None
    return bytes(body)
