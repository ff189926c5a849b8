"""HTTP for python-telegram-bot on aiohttp, which costs a third of what the library's own way costs."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECT_S: Final = 5.0
READ_S: Final = 20.0  # together with the rest below the 60 s for which an outbox row is leased
WRITE_S: Final = 20.0
KEEP_ALIVE_S: Final = 30.0
_NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.NonHttpUrlClientError,
    ValueError,  # an address that is none
)
_JSON: Final = {"Content-Type": "application/json"}
_CHUNK_BYTES: Final = 65_536


class Unreached(NetworkError):
    """No connection came about: nothing was sent. Behind other NetworkErrors a call may have taken effect."""


class Faulty(NetworkError):
    """The server broke down (HTTP 5xx) or its answer is not what the Bot API answers."""


class TooLarge(NetworkError):
    """A download is larger than allowed."""


class Request(BaseRequest):
    """A pool of kept-alive connections. Follows no redirect and takes no proxy from the environment."""

    __slots__ = ("_connections", "_session")

    def __init__(self, connections: int = 128) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where the caller says nothing else."""
        return READ_S

    async def initialize(self) -> None:
        """Open the pool; the first request does so too."""
        self._open()

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises Unreached, TimedOut, Faulty, NetworkError."""
        timeout = _timeout(read_timeout, write_timeout, connect_timeout, pool_timeout)
        body, headers = _body(request_data)
        try:
            async with self._open().request(
                method, _address(url), data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                payload = await answer.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _told(error) from None
        if answer.status >= 500:  # noqa: PLR2004 - HTTP: the server's own failures
            raise Faulty(f"HTTP {answer.status}")
        return answer.status, payload

    async def download(self, url: str, most_bytes: int) -> bytes:
        """A file of at most so many bytes. Raises TooLarge, Unreached, TimedOut, Faulty, NetworkError."""
        loaded = bytearray()
        try:
            async with self._open().get(_address(url), timeout=_USUAL, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004 - HTTP: fine
                    raise Faulty(f"HTTP {answer.status}")
                async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
                    loaded += chunk
                    if len(loaded) > most_bytes:
                        raise TooLarge("too large")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _told(error) from None
        return bytes(loaded)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's object; unlike the library's own way, a broken one is not logged. Raises Faulty."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            raise Faulty("not JSON") from None
        if not isinstance(answer, dict) or (answer.get("ok") is True and "result" not in answer):
            raise Faulty("not an answer of the Bot API")
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
                trust_env=False,
            )
        return self._session


def _timeout(read: object, write: object, connect: object, pool: object) -> aiohttp.ClientTimeout:
    unsaid = BaseRequest.DEFAULT_NONE
    if read is unsaid and write is unsaid and connect is unsaid and pool is unsaid:
        return _USUAL
    read_s, write_s = _seconds(read, READ_S), _seconds(write, WRITE_S)
    connect_s, pool_s = _seconds(connect, CONNECT_S), _seconds(pool, CONNECT_S)
    first_s = None if connect_s is None or pool_s is None else connect_s + pool_s
    total_s = None if first_s is None or read_s is None or write_s is None else first_s + write_s + read_s
    return aiohttp.ClientTimeout(total=total_s, connect=first_s, sock_connect=connect_s, sock_read=read_s)


def _seconds(given: object, otherwise: float) -> float | None:
    if given is None:
        return None
    return float(given) if isinstance(given, int | float) else otherwise


_USUAL: Final = aiohttp.ClientTimeout(
    total=2 * CONNECT_S + WRITE_S + READ_S, connect=2 * CONNECT_S, sock_connect=CONNECT_S, sock_read=READ_S
)


@lru_cache(maxsize=64)
def _address(url: str) -> URL:
    return URL(url, encoded=True)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), _JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, None


def _told(error: Exception) -> NetworkError:
    """The library's error for aiohttp's, without its text, which may hold an address with the token."""
    if isinstance(error, _NEVER_SENT):
        return Unreached(type(error).__name__)
    if isinstance(error, TimeoutError):
        return TimedOut(type(error).__name__)
    return NetworkError(type(error).__name__)
