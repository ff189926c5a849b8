"""A platform for tests: it takes everything that people can send, and answers sends as it is told."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from starlette.routing import BaseRoute

from bot.channels.contract import Malformed, RawUpdate, Receive, Undeliverable
from bot.dialog.messages import Commanded, Edited, Handed, Inbound, Laid, Left, Limits, Pressed, Reply, Typed
from tests.desk import Desk, told

_THING = re.compile(r"\((\w+)\) ?(.*)", re.DOTALL)


@dataclass(slots=True)
class Paper:
    """The channel `paper`. `refusals` are raised one by one, `None` lets a message through."""

    name: str = "paper"
    limits: Limits = field(default_factory=lambda: Limits(text_chars=4000, label_chars=60, buttons=20))
    refusals: deque[Undeliverable | None] = field(default_factory=deque)
    sent: list[tuple[str, Laid, str | None]] = field(default_factory=list)
    tried: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self, external_id: str, raw: str, received_at: datetime) -> Inbound | None:
        """`{"key", "kind", …}`; `ignored` is ignored. Raises Malformed."""
        data = json.loads(raw)
        if data["kind"] == "ignored":
            return None
        return Inbound(self.name, data["key"], external_id, _reply(data), received_at, data.get("hint", ""))

    async def send(self, key: str, laid: Laid, token: str | None) -> str:
        """Keep the message. Raises what it was told to raise."""
        self.tried += 1
        refusal = self.refusals.popleft() if self.refusals else None
        if refusal is not None:
            raise refusal
        self.sent.append((key, laid, token))
        self.arrived.set()
        return f"p{len(self.sent)}"

    async def fetch(self, file: str) -> bytes:
        """There are no files here. Raises Undeliverable."""
        raise Undeliverable("no files")

    async def run(self, receive: Receive) -> None:
        """Nothing comes by itself."""
        await asyncio.Event().wait()

    def routes(self, receive: Receive) -> list[BaseRoute]:
        """Nobody calls us."""
        return []

    async def close(self) -> None:
        """There is nothing to let go of."""


def _reply(data: dict[str, str]) -> Reply:
    match data["kind"]:
        case "typed":
            return Typed(data["words"])
        case "command":
            return Commanded(data["words"], data.get("payload", ""))
        case "pressed":
            return Pressed(data["token"], int(data["index"]))
        case "edited":
            return Edited(data["words"])
        case "left":
            return Left(gone=data["words"] == "gone")
        case "malformed":
            raise Malformed("made so")
        case kind:
            return Handed(kind, data.get("file", ""), data["words"])


def with_paper(desk: Desk) -> Paper:
    """Connect the platform to the desk."""
    paper = Paper()
    desk.house.channels["paper"] = paper
    desk.outbox.pushed.append("paper")
    return paper


_numbers = itertools.count(1)


@dataclass(slots=True)
class Writer:
    """Somebody on that platform."""

    desk: Desk
    paper: Paper
    key: str
    hint: str = "en"
    seen: int = 0

    async def hands_in(self, kind: str, words: str = "", **more: str | int) -> None:
        """Send something; it is stored, not yet dealt with."""
        raw = json.dumps({"key": self.key, "kind": kind, "words": words, "hint": self.hint, **more})
        await self.desk.reception.receive("paper", [RawUpdate(f"u{next(_numbers)}", self.key, raw)])

    async def sends(self, kind: str, words: str = "", **more: str | int) -> list[str]:
        """Send something; the lines of a transcript that arrive."""
        await self.hands_in(kind, words, **more)
        await self.desk.serve()
        return await self.gets()

    async def gets(self) -> list[str]:
        """What has arrived since the last look."""
        await self.desk.outbox.drain()
        mine = [laid for key, laid, _token in self.paper.sent if key == self.key]
        fresh, self.seen = mine[self.seen :], len(mine)
        return [told(laid, self.desk) for laid in fresh]

    async def presses(self, label: str) -> list[str]:
        """Press the newest button with this label."""
        for key, laid, token in reversed(self.paper.sent):
            for button in (one for row in laid.rows for one in row):
                if key == self.key and button.label == label and token:
                    return await self.sends("pressed", token=token, index=button.index)
        raise AssertionError(f"no button {label!r}")

    async def chats(self, script: str) -> None:
        """A transcript as of `Guest.chats`; `> (voice) words` hands something in, `> (edited) words` edits."""
        happened: list[str] = []
        expected = [line.strip() for line in script.strip().splitlines()]
        for line in expected:
            if line.startswith(">"):
                happened += [line, *await self._sends_line(line[1:].strip())]
        assert happened == expected

    async def _sends_line(self, said: str) -> list[str]:
        if said.startswith("["):
            return await self.presses(said[1:-1])
        if said.startswith("/"):
            return await self.sends("command", said[1:])
        if thing := _THING.fullmatch(said):
            return await self.sends(thing[1], thing[2])
        return await self.sends("typed", said)
