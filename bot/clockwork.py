"""Time passes: jobs that look for due rows and call a verb. APScheduler only ticks; the rows are the timers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.absentees import ask_absentees
from bot.bell import ALERTS, DESK, INBOX, OUTBOX
from bot.dialog.messages import Bind, Button, Message, Tone
from bot.domain import erasure, staff, tickets
from bot.domain.db import wait_for_sender
from bot.domain.outgoing import Purpose
from bot.domain.tickets import Ticket
from bot.house import House
from bot.i18n import Verbatim, _, joined
from bot.importing import plan_imports
from bot.library import relearn
from bot.mentor_jobs import see_to_mentors
from bot.offering import ask_feedback, end_lists, end_offers, tell_news, tell_offers
from bot.pair_jobs import tell_pairs
from bot.post import post, tell_reception
from bot.recordings import fetch_recordings, offer_recordings
from bot.reminding import send_reminders

log = logging.getLogger(__name__)

RING_EVERY: Final = timedelta(minutes=5)
_LEADER_LOCK: Final = 0x5350_4C45_4144  # "SPLEAD": one clockwork among all processes of a PostgreSQL desk
_SWEEP_HOUR: Final = 3


async def ring_alerts(house: House) -> int:
    """Write to everybody on call about each danger that nobody has taken, every five minutes. Case numbers only."""
    sent = 0
    async with house.db.transaction() as session:
        on_call = await staff.on_call_addresses(session)
        for sender in sorted(address.sender for _staff, address in on_call if address is not None):
            await wait_for_sender(session, sender)  # before the alerts: whoever takes one holds them in this order
        for alert, ticket in await tickets.alerts_due(session, house.now()):
            for staff_id, address in on_call:
                if address is None:
                    continue
                occasion = f"alert:{alert.id}:{alert.rounds}:{staff_id}"
                await post(
                    session, house, address.id, _alert_message(house, ticket), occasion,
                    purpose=Purpose.URGENT,
                )  # fmt: skip
                sent += 1
            alert.rounds += 1
            alert.next_at = house.now() + RING_EVERY
        await session.flush()
    if sent:
        house.bell.ring(OUTBOX, DESK)
    return sent


def _alert_message(house: House, ticket: Ticket) -> Message:
    number = str(ticket.number)
    lines = [_("Danger: case {number}. Nobody has taken it yet.", number=number)]
    if house.public_url:
        lines.append(_("Console: {url}", url=Verbatim(f"{house.public_url}/console")))
    return Message(
        joined(lines), tone=Tone.DANGER, buttons=(Button(_("I take it"), Bind("take", f"{number}:{ticket.id}")),)
    )


async def return_left_alone(house: House) -> int:
    """Conversations without staff for twelve hours go back to the bot, which says so."""
    back = 0
    async with house.db.transaction() as session:
        for ticket, _address in await tickets.left_alone(session, house.now()):
            since = ticket.last_staff_at or ticket.opened_at
            if await tickets.give_back(session, ticket.id, house.now()):
                occasion = f"alone:{ticket.id}:{int(since.timestamp())}"
                await tell_reception(session, house, ticket, "alone", occasion)
                back += 1
    if back:
        house.bell.ring(INBOX, DESK)
    return back


async def let_leavers_go(house: House) -> int:
    """Remove what is left of those who asked to be forgotten."""
    async with house.db.transaction() as session:
        return await erasure.let_leavers_go(session, house.now())


async def sweep(house: House) -> dict[str, int]:
    """Delete whatever has been kept for as long as its retention class says."""
    async with house.db.transaction() as session:
        return await erasure.sweep(session, house.now())


async def sweep_brief(house: House) -> dict[str, int]:
    """Delete what is kept for a day only, some minutes after that day."""
    async with house.db.transaction() as session:
        return await erasure.sweep_brief(session, house.now())


class Clockwork:
    """The ticking of one process; on PostgreSQL only the leader's ticks do anything."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._leader: AsyncConnection | None = None
        self._asking = asyncio.Lock()  # jobs tick at the same moment, and a connection serves one at a time

    async def run(self) -> None:
        """Tick until cancelled. A new danger does not wait for the tick."""
        scheduler = AsyncIOScheduler(timezone=self.house.desk.zone)
        every: dict[str, Any] = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        for verb, seconds in (
            (ring_alerts, 15), (return_left_alone, 60), (send_reminders, 60), (let_leavers_go, 15), (sweep_brief, 600),
            (fetch_recordings, 15), (end_offers, 60), (tell_offers, 30), (end_lists, 60), (tell_news, 60),
            (ask_feedback, 300), (ask_absentees, 300), (tell_pairs, 15), (see_to_mentors, 10), (plan_imports, 15),
        ):  # fmt: skip
            scheduler.add_job(self._tick, "interval", [verb], seconds=seconds, **every)
        # Each process has answers of its own, so each looks for edits and recordings, whoever leads.
        for look in (relearn, offer_recordings):
            scheduler.add_job(self._tried, "interval", [look], seconds=15, **every)
        scheduler.add_job(self._tick, "cron", [sweep], hour=_SWEEP_HOUR, minute=10, **every)
        scheduler.start()
        try:
            with self.house.bell.listen(ALERTS) as event:
                while True:
                    await self._tick(ring_alerts)
                    await event.wait()
                    event.clear()
        finally:
            scheduler.shutdown(wait=False)
            if self._leader is not None:
                await self._leader.close()

    async def _tick(self, verb: Callable[[House], Awaitable[Any]]) -> None:
        async def led(house: House) -> None:
            if await self._leads():
                await verb(house)

        await self._tried(led, verb.__name__)

    async def _tried(self, verb: Callable[[House], Awaitable[Any]], name: str = "") -> None:
        try:
            await verb(self.house)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("clockwork: %s failed; it is tried again", name or verb.__name__)

    async def _leads(self) -> bool:
        """SQLite has one process. On PostgreSQL the lock lives on a connection of its own that no pool gives away."""
        if self.house.db.is_sqlite:
            return True
        async with self._asking:
            return await self._holds_the_lock()

    async def _holds_the_lock(self) -> bool:
        try:
            if self._leader is None:
                self._leader = await create_async_engine(self.house.db.url, poolclass=NullPool).connect()
                await self._leader.execution_options(isolation_level="AUTOCOMMIT")
            held = await self._leader.scalar(
                text("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                     " AND ((classid::bigint << 32) | objid::bigint) = :lock)"),
                {"lock": _LEADER_LOCK},
            )  # fmt: skip
            return bool(
                held or await self._leader.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LEADER_LOCK})
            )
        except Exception:
            lost, self._leader = self._leader, None
            if lost is not None:
                await lost.close()
            raise
