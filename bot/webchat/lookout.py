"""Which conversations are open in this process, and what other processes wrote into them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.bell import of_sender
from bot.domain.people import Address, Person
from bot.house import House

LOOK_EVERY_S: Final = 1.0
MOST_STREAMS: Final = 8  # of one conversation: some tabs, and connections whose end nobody has noticed yet
_PER_QUERY: Final = 500  # older SQLite takes 999 values


class Lookout:
    """One SELECT a second for all open pages: rings for those with news, and for all when we close."""

    def __init__(self, house: House, closing: asyncio.Event) -> None:
        self.closing = closing
        self._house = house
        self._open: Counter[str] = Counter()
        self._known: dict[str, tuple[int, int]] = {}
        self._looking: asyncio.Task[None] | None = None

    def is_full(self, sender: str) -> bool:
        """Whether this conversation is open often enough."""
        return self._open[sender] >= MOST_STREAMS

    @contextmanager
    def watching(self, sender: str) -> Iterator[None]:
        """While the block runs, news of this sender's conversation ring its bell."""
        self._open[sender] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_around())
        try:
            yield
        finally:
            self._open[sender] -= 1
            if not self._open[sender]:
                del self._open[sender]
                self._known.pop(sender, None)
            if not self._open:
                self._looking.cancel()
                self._looking = None

    async def _look_around(self) -> None:
        while not self.closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self.closing.wait()
            senders = list(self._open)
            # A database that does not answer now is asked again in a second.
            with suppress(SQLAlchemyError):
                for start in range(0, len(senders), _PER_QUERY):
                    await self._look_at(senders[start : start + _PER_QUERY])
        self._house.bell.ring(*map(of_sender, self._open))

    async def _look_at(self, senders: list[str]) -> None:
        query = select(Address.sender, Address.id, Address.last_seq).where(Address.sender.in_(senders))
        async with self._house.db.reading() as session:
            found = {sender: (address, seq) for sender, address, seq in await session.execute(query)}
        for sender in senders:
            place = found.get(sender, (0, 0))
            if self._known.get(sender) != place:
                self._known[sender] = place
                self._house.bell.ring(of_sender(sender))


async def place_of(house: House, sender: str) -> tuple[int | None, str]:
    """The address of this fingerprint as it is now, and the language of its person."""
    query = select(Address.id, Person.language).join(Person, Person.id == Address.person_id)
    async with house.db.reading() as session:
        found = (await session.execute(query.where(Address.sender == sender))).one_or_none()
    return (found[0], found[1]) if found is not None else (None, "")
