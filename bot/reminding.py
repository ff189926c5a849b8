"""Reminders leave: what is due is claimed and queued in one commit, so that each goes once or not at all."""

from __future__ import annotations

import logging
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bell import OUTBOX, of_address
from bot.dialog.notices import Notice
from bot.domain import planning, reminders
from bot.domain.db import wait_for_sender
from bot.domain.quiet import Quiet
from bot.domain.reminders import Due, Reader, ReminderState
from bot.house import House
from bot.post import post
from flows import NOTICES

log = logging.getLogger(__name__)

_MOST: Final = 64  # in one commit


async def send_reminders(house: House) -> int:
    """Push what is due to whoever may be written to now. Returns how many messages were queued."""
    sent = 0
    failed: set[int] = set()
    while True:
        async with house.db.transaction() as session:
            found = await _due(session, house, failed)
            written = []
            for one in found:
                address = await _tried(session, house, one, found, failed)
                if address is not None:
                    written.append(address)
        if written:
            house.bell.ring(OUTBOX, *map(of_address, written))
        sent += len(written)
        if not found:
            return sent


async def _due(session: AsyncSession, house: House, failed: set[int]) -> list[Due]:
    """What is due, kept from everybody else; what somebody has said or done meanwhile counts."""
    found = await reminders.due(session, house.now(), _MOST, channels=house.channels, without=failed)
    if house.db.is_sqlite:
        return found
    locked = sorted({one.sender for one in found if one.sender})
    for sender in locked:
        await wait_for_sender(session, sender)
    again = await reminders.due(session, house.now(), _MOST, channels=house.channels, without=failed, lock=True)
    return [one for one in again if one.sender in {*locked, ""}]


async def _tried(session: AsyncSession, house: House, one: Due, found: list[Due], failed: set[int]) -> int | None:
    """One of them; if it fails it waits for the next tick, and holds up nobody else."""
    try:
        async with session.begin_nested():
            return await _remind(session, house, one, found)
    except Exception:
        failed.add(one.id)
        log.exception("a reminder failed; it is tried again")
        return None


async def _remind(session: AsyncSession, house: House, one: Due, found: list[Due]) -> int | None:
    """Give one reminder its end; the address to which it is sent, or None."""
    now = house.now()
    render = NOTICES.get(one.about.partition(":")[0])
    if render is None or one.unwanted or _outdone(one, found):
        await reminders.claim(session, one.id, ReminderState.SKIPPED)
        return None
    if now >= one.late_at:
        late = ReminderState.SKIPPED if one.starts_at is None else ReminderState.MISSED
        await reminders.claim(session, one.id, late)
        return None
    if one.reader is None:
        await _let_call(session, house, one)
        return None
    until = _quiet(one.reader, house.desk.zone).after(now)
    if until > now and (one.starts_at is None or _quiet(one.reader, house.desk.zone).moved(now, one.starts_at) > now):
        await reminders.hold(session, one.id, until)
        return None
    message = await render(_notice(session, house, one, one.reader))
    if message is None:
        await reminders.claim(session, one.id, ReminderState.SKIPPED)
        return None
    if not await reminders.claim(session, one.id, ReminderState.SENT):
        return None
    await post(session, house, one.reader.address_id, message, f"reminder:{one.id}")
    return one.reader.address_id


def _quiet(reader: Reader, zone: ZoneInfo) -> Quiet:
    return Quiet(zone, reader.quiet_from, reader.quiet_until)


def _outdone(one: Due, found: list[Due]) -> bool:
    """Whether a later reminder of the same thing is due as well: after a downtime one of them is enough."""
    if one.starts_at is None:
        return False
    same = [other for other in found if (other.person_id, other.about) == (one.person_id, one.about)]
    return any(other.starts_at == one.starts_at and other.lead_minutes < one.lead_minutes for other in same)


async def _let_call(session: AsyncSession, house: House, one: Due) -> None:
    """Nobody can be written to: what has an hour goes to the list of those whom the desk calls."""
    if one.starts_at is None:
        await reminders.claim(session, one.id, ReminderState.SKIPPED)
        return
    await planning.replan_about(session, one.about, house.desk, house.now())
    await reminders.claim(session, one.id, ReminderState.MISSED)  # still there: there is a chat, which is switched off


def _notice(session: AsyncSession, house: House, one: Due, reader: Reader) -> Notice:
    return Notice(session, house.desk, house.library, house.catalogs, reader.language, reader.discreet, one.about,
                  one.lead_minutes, house.now())  # fmt: skip
