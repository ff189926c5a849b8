"""Who may come in: same origin, small JSON, a known visit, not too often."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.channels.webchat import NAME
from bot.domain import visits
from bot.domain.people import sender_of
from bot.house import House

BODY_BYTES: Final = 16_384
_DRAINED_BYTES: Final = 1_048_576  # read and thrown away, so that the browser gets to hear the answer
Answer = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A request that is answered with `{"error": code}`."""

    def __init__(self, status: int, code: str, retry_after_s: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s

    def response(self) -> Response:
        """As the page reads it."""
        headers = {"Cache-Control": "no-store"}
        if self.retry_after_s:
            headers["Retry-After"] = str(self.retry_after_s)
        return JSONResponse({"error": self.code}, self.status, headers)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds the token: the conversation's key and its fingerprint."""

    token: str
    key: str
    sender: str


def kindly(answer: Answer) -> Answer:
    """Turn refusals into responses, and never let an answer be kept by a cache."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        try:
            response = await answer(request)
        except Refused as refused:
            return refused.response()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it: the connection was cut while they wrote
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def accepted(data: dict[str, Any] | None = None, status: int = 200) -> Response:
    """A good answer."""
    return JSONResponse(data or {}, status)


def of_our_page(request: Request, house: House) -> None:
    """A request that changes something must come from our own page. Raises Refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise Refused(403, "origin")
    origin = request.headers.get("origin")
    if origin is not None:
        ours = {request.headers.get("host", ""), urlsplit(house.public_url).netloc}
        if urlsplit(origin).netloc not in ours - {""}:
            raise Refused(403, "origin")
    # Browsers ask before they send JSON to a foreign origin: that holds off those that send neither header.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "json")


async def object_in(request: Request) -> dict[str, Any]:
    """The JSON object of a request's body. Raises Refused."""
    body = b""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size <= BODY_BYTES:
            body += piece
        elif size > _DRAINED_BYTES:
            break
    if size > BODY_BYTES:
        raise Refused(413, "too long")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "json") from None
    if not isinstance(data, dict):
        raise Refused(400, "json")
    return data


async def visitor(request: Request, house: House) -> Visitor:
    """Whose page this is. Raises Refused."""
    token = request.headers.get("x-visit", "")
    if token:
        async with house.db.reading() as session:
            key = await visits.key_of(session, token, house.now())
        if key is not None:
            return Visitor(token, key, sender_of(NAME, key))
    raise Refused(401, "visit")
