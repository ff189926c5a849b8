"""No library at all: shows how much the server and its people can take, the ceiling of every other row."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from bench.baselines.surroundings import API_URL, TOKEN

SENDERS = 64


class Wire:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def call(self, method: str, values: object) -> Any:
        target = urlsplit(API_URL)
        body = json.dumps(values).encode()
        head = f"POST /bot{TOKEN}/{method} HTTP/1.1\r\nHost: {target.netloc}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = int(answer.partition("content-length:")[2].split()[0])
        return json.loads(await self.reader.readexactly(size))["result"]


async def open_wire() -> Wire:
    target = urlsplit(API_URL)
    return Wire(*await asyncio.open_connection(target.hostname, target.port))


async def send(waiting: asyncio.Queue[dict[str, Any]]) -> None:
    wire = await open_wire()
    while True:
        message = await waiting.get()
        await wire.call("sendMessage", {"chat_id": message["chat"]["id"], "text": message["text"]})


async def main() -> None:
    waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    senders = [asyncio.create_task(send(waiting)) for _ in range(SENDERS)]
    wire, offset = await open_wire(), 0
    while senders:
        for update in await wire.call("getUpdates", {"offset": offset, "timeout": 50}):
            offset = update["update_id"] + 1
            if "message" in update:
                waiting.put_nowait(update["message"])


if __name__ == "__main__":
    asyncio.run(main())
