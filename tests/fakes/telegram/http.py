"""A small HTTP/1.1 server for the fakes: keep-alive, chunked bodies, connections cut on purpose."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

LARGEST_HEAD_BYTES = 65_536
LARGEST_BODY_BYTES = 64 * 1024 * 1024

_PHRASES = {
    200: "OK",
    206: "Partial Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class BadRequestError(Exception):
    """The bytes on the connection are not HTTP that this server reads."""


@dataclass(slots=True)
class Request:
    """One request; `path` and `query` are still percent-encoded, header names are lower case."""

    verb: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    keep_alive: bool
    waits: bool = False
    """Set by the handler of a request that only waits: it ends when the other side goes away."""


@dataclass(slots=True)
class Reply:
    """One answer; `reset` cuts the connection in its place."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False

    def encode(self, *, keep_alive: bool) -> bytes:
        """The bytes that go over the connection."""
        more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        head = (
            f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Unknown')}\r\n"
            f"Content-Type: {self.content_type}\r\n"
            f"Content-Length: {len(self.body)}\r\n{more}"
            f"Connection: {'keep-alive' if keep_alive else 'close'}\r\n\r\n"
        )
        return head.encode("latin-1") + self.body


Handler = Callable[[Request], Reply | Coroutine[Any, Any, Reply]]


class Listener:
    """A listening socket and its open connections; can be stopped and started again on the same port."""

    def __init__(self, handle: Handler, host: str, port: int) -> None:
        self.handle = handle
        self.host = host
        self.port = port
        self.connections: set[Connection] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the port; a port of 0 is chosen once and kept."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), self.host, self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse new connections and cut the open ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in tuple(self.connections):
            connection.cut()
        unfinished = tuple(self.tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports report that they are closed


class Connection(asyncio.Protocol):
    """One keep-alive connection; requests on it are answered in their order."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._busy = False
        self._waiting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(transport)
        self._transport = transport
        self._listener.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport; what was asked before still takes effect, as on the real server."""
        del exc
        self._transport = None
        self._listener.connections.discard(self)
        if self._waiting is not None:
            self._waiting.cancel()

    def data_received(self, data: bytes) -> None:
        """Collect bytes and answer every request that is complete."""
        self._buffer += data
        if not self._busy:
            self._advance()

    def cut(self) -> None:
        """Close with a reset, so that the other side sees an error and not an orderly end."""
        if self._transport is None:
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None and sock.fileno() >= 0:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        self._transport = None

    def _advance(self) -> None:
        while self._transport is not None:
            try:
                request = self._next_request()
            except (BadRequestError, ValueError):
                self._answer(Reply(400, b'{"ok":false,"error_code":400}'), keep_alive=False)
                return
            if request is None:
                return
            result = self._listener.handle(request)
            if isinstance(result, Reply):
                self._answer(result, keep_alive=request.keep_alive)
                continue
            self._busy = True
            task = asyncio.get_running_loop().create_task(self._answer_later(result, request))
            self._listener.tasks.add(task)
            task.add_done_callback(self._listener.tasks.discard)
            self._waiting = task if request.waits else None
            return

    async def _answer_later(self, work: Coroutine[Any, Any, Reply], request: Request) -> None:
        reply = await work
        self._waiting = None
        self._answer(reply, keep_alive=request.keep_alive)
        self._busy = False
        self._advance()

    def _answer(self, reply: Reply, *, keep_alive: bool) -> None:
        if self._transport is None:
            return
        if reply.reset:
            self.cut()
            return
        self._transport.write(reply.encode(keep_alive=keep_alive))
        if not keep_alive:
            self._transport.close()

    def _next_request(self) -> Request | None:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(buffer) > LARGEST_HEAD_BYTES:
                raise BadRequestError
            return None
        line, *lines = buffer[:end].decode("latin-1").split("\r\n")
        verb, _, rest = line.partition(" ")
        target, _, version = rest.partition(" ")
        if not version.startswith("HTTP/1."):
            raise BadRequestError
        headers = {}
        for row in lines:
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        framed = self._body(headers, end + 4)
        if framed is None:
            return None
        body, finish = framed
        del buffer[:finish]
        path, _, query = target.partition("?")
        keep_alive = headers.get("connection", "").lower() != "close" and version != "HTTP/1.0"
        return Request(verb, path, query, headers, body, keep_alive)

    def _body(self, headers: dict[str, str], start: int) -> tuple[bytes, int] | None:
        framed = None
        if headers.get("transfer-encoding", "").lower() == "chunked":
            framed = _unchunk(self._buffer, start)
        else:
            size = int(headers.get("content-length", "0"))
            if not 0 <= size <= LARGEST_BODY_BYTES:
                raise BadRequestError
            if len(self._buffer) >= start + size:
                framed = bytes(self._buffer[start : start + size]), start + size
        if framed is None and "expect" in headers and len(self._buffer) == start and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return framed


def _unchunk(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    body = bytearray()
    while True:
        line_end = buffer.find(b"\r\n", start)
        if line_end < 0:
            return None
        size = int(bytes(buffer[start:line_end]).split(b";")[0], 16)
        start = line_end + 2
        if len(body) + size > LARGEST_BODY_BYTES:
            raise BadRequestError
        if len(buffer) < start + size + 2:
            return None
        body += buffer[start : start + size]
        start += size + 2
        if size == 0:
            return bytes(body), start
