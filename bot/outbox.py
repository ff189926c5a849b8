"""Sends what is in the outbox: in order for each address, many addresses at once, and writes down what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import OUTBOX
from bot.channels.contract import Undeliverable
from bot.dialog.messages import laid_from
from bot.domain import documents, outgoing, people
from bot.domain.outgoing import LEASE, OutboxState, Outcome, Parcel
from bot.house import House
from bot.paper.makers import File, make

log = logging.getLogger(__name__)

_LOOK_AGAIN_S: Final = 1.0
_GATHER_S: Final = 0.05  # reception writes outcomes with its own rows; this is for when nobody writes to us
_MOST_AT_ONCE: Final = 256
_FIRST_PAUSE_S: Final = 2.0
_LONGEST_PAUSE_S: Final = 300.0


class Outbox:
    """The sender of one process. Rows are the queue; what is here is only what this process has leased."""

    def __init__(self, house: House, pushed: Sequence[str]) -> None:
        self.house = house
        self.pushed = list(pushed)
        self._chains: dict[int, deque[Parcel]] = {}
        self._held: dict[int, datetime] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._outcomes: dict[int, Outcome] = {}  # by row, until they are committed
        self._settle = asyncio.Event()
        self._free = asyncio.Semaphore(_MOST_AT_ONCE)

    def hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Send these, which are leased to this process and committed."""
        for parcel in parcels:
            chain = self._chains.get(parcel.address_id)
            if chain is not None:
                chain.append(parcel)
                continue
            self._chains[parcel.address_id] = deque([parcel])
            worker = asyncio.get_running_loop().create_task(self._send_chain(parcel.address_id))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def run(self) -> None:
        """Serve until cancelled: write outcomes down, and claim what nobody has handed over."""
        if self.house.db.is_sqlite:  # the only process: whatever a former one was sending is free
            async with self.house.db.transaction(at_once=True) as session:
                await outgoing.give_up_leases_of_others(session, self.house.owner, self.house.now())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_settling())
            group.create_task(self._keep_claiming())

    async def drain(self) -> None:
        """Wait for what is being sent, and write its outcomes down: for a clean end."""
        while self._workers:
            await asyncio.wait(list(self._workers))
        await self.settle()

    async def claim_due(self) -> int:
        """Lease and send what is due. Returns how many rows."""
        if not self.pushed:
            return 0
        async with self.house.db.transaction(at_once=True) as session:
            parcels = await outgoing.claim(session, self.house.owner, self.house.now(), self.pushed)
        self.hand_over(parcels)
        return len(parcels)

    async def settle(self) -> None:
        """Write down all outcomes so far."""
        if self._outcomes:
            async with self.house.db.transaction(at_once=True) as session:
                settled = await self.settle_in(session)
            self.settled(settled)

    async def settle_in(self, session: AsyncSession) -> list[Outcome]:
        """Write all outcomes so far in somebody's transaction; call `settled` with them after its commit."""
        outcomes = list(self._outcomes.values())
        await outgoing.settle(session, outcomes)
        for outcome in outcomes:
            if outcome.lost_address is not None:
                await people.mark_unreachable(session, outcome.lost_address, outcome.reason, self.house.now())
        return outcomes

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        """These are committed. Until then they stay, for a transaction may fail."""
        for outcome in outcomes:
            if self._outcomes.get(outcome.id) is outcome:
                del self._outcomes[outcome.id]

    async def _keep_settling(self) -> None:
        while True:
            await self._settle.wait()
            await asyncio.sleep(_GATHER_S)
            self._settle.clear()
            try:
                await self.settle()
            except Exception:
                log.exception("outcomes could not be written; their leases will run out")

    async def _keep_claiming(self) -> None:
        with self.house.bell.listen(OUTBOX) as event:
            while True:
                try:
                    while await self.claim_due():
                        await self.drain()
                except Exception:
                    log.exception("the outbox could not be read; it goes on")
                await self.house.bell.wait(event, _LOOK_AGAIN_S)

    async def _send_chain(self, address_id: int) -> None:
        chain = self._chains[address_id]
        while chain:
            parcel = chain.popleft()
            async with self._free:
                outcome = await self._send(parcel)
            self._outcomes[outcome.id] = outcome
            self._settle.set()
        del self._chains[address_id]

    async def _send(self, parcel: Parcel) -> Outcome:
        now = self.house.now()
        held = self._held.get(parcel.address_id)
        if held is not None:
            if held > now:
                return Outcome(parcel.id, OutboxState.QUEUED, reason="held", not_before_at=held)
            del self._held[parcel.address_id]
        channel = self.house.channels[parcel.channel]
        try:
            laid = parcel.laid or laid_from(parcel.content)
            if laid.document is not None:
                laid = replace(laid, file=await self._made(laid.document.id, now))
            platform_id = await channel.send(parcel.key, laid, parcel.token)
        except Undeliverable as refused:
            return self._refused(parcel, refused, now)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the messages of others
            log.error("sending failed: %s", type(error).__name__)  # noqa: TRY400 - its traceback could hold content
            return Outcome(parcel.id, OutboxState.UNDELIVERABLE, reason=type(error).__name__)
        return Outcome(parcel.id, OutboxState.SENT, platform_id, sent_at=self.house.now())

    async def _made(self, document_id: int, now: datetime) -> File | None:
        """The file of a message, if what it is made from is still kept. Takes a third of a second, so in a thread."""
        async with self.house.db.reading() as session:
            recipe = await documents.recipe(session, document_id, now)
        return await asyncio.to_thread(make, recipe.maker, recipe.name, recipe.content) if recipe else None

    def _refused(self, parcel: Parcel, refused: Undeliverable, now: datetime) -> Outcome:
        if refused.permanent:
            return Outcome(parcel.id, OutboxState.UNDELIVERABLE, reason=refused.why, lost_address=parcel.address_id)
        if refused.uncertain:
            return Outcome(parcel.id, OutboxState.UNCERTAIN, reason=refused.why, not_before_at=now + LEASE)
        if refused.retry_after_s is None:
            return Outcome(parcel.id, OutboxState.UNDELIVERABLE, reason=refused.why)
        pause = refused.retry_after_s or min(_FIRST_PAUSE_S * 2**parcel.attempts, _LONGEST_PAUSE_S)
        later = now + timedelta(seconds=pause)
        self._held[parcel.address_id] = later  # what follows in this conversation waits too, so that order holds
        return Outcome(parcel.id, OutboxState.QUEUED, reason=refused.why, not_before_at=later)
