"""Quiet hours: when nothing is pushed to somebody but urgent things. A message is moved out of them, never dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outgoing import Purpose
from bot.domain.people import QUIET_FROM, QUIET_UNTIL, Address, Person
from bot.domain.wall import instant

_DAY_MINUTES: Final = 24 * 60
_MINUTE: Final = timedelta(minutes=1)
TOO_SOON: Final = timedelta(minutes=15)  # a reminder that comes later than that before the start is of no use


@dataclass(frozen=True, slots=True)
class Quiet:
    """From this minute of the local day until that one; over midnight where it is the later. Equal: never."""

    zone: ZoneInfo
    begins: int = QUIET_FROM
    ends: int = QUIET_UNTIL

    def holds(self, at: datetime) -> bool:
        """Whether it is quiet then."""
        length = (self.ends - self.begins) % _DAY_MINUTES
        local = at.astimezone(self.zone)
        return (local.hour * 60 + local.minute - self.begins) % _DAY_MINUTES < length

    def after(self, at: datetime) -> datetime:
        """The first instant from then on at which it is not quiet."""
        if not self.holds(at):
            return at
        local = at.astimezone(self.zone)
        over = local.hour * 60 + local.minute >= self.ends % _DAY_MINUTES
        end = instant(local.date() + timedelta(days=over), self.ends % _DAY_MINUTES, self.zone)
        end = max(end, at)
        while self.holds(end):  # the night on which the clock is put back has some minutes twice
            end += _MINUTE
        return end

    def before(self, at: datetime) -> datetime:
        """The last minute before the quiet hours in which that instant lies; the instant itself outside them."""
        if not self.holds(at):
            return at
        local = at.astimezone(self.zone)
        over = local.hour * 60 + local.minute < self.begins % _DAY_MINUTES
        start = instant(local.date() - timedelta(days=over), self.begins % _DAY_MINUTES, self.zone) - _MINUTE
        start = min(start, at)
        while self.holds(start):
            start -= _MINUTE
        return start

    def moved(self, at: datetime, starts_at: datetime) -> datetime:
        """When a reminder that is meant for `at` goes: then, or when it is loud again, or else before it is quiet."""
        end = self.after(at)
        return end if end == at or end <= starts_at - TOO_SOON else self.before(at)


async def of_person(session: AsyncSession, person_id: int, zone: ZoneInfo) -> Quiet:
    """The quiet hours of somebody, by the clock of `zone`."""
    row = (
        await session.execute(select(Person.quiet_from, Person.quiet_until).where(Person.id == person_id))
    ).one_or_none()
    return Quiet(zone, row.quiet_from, row.quiet_until) if row is not None else Quiet(zone)


async def of_address(session: AsyncSession, address_id: int, zone: ZoneInfo) -> Quiet:
    """The quiet hours of whoever is written to at an address."""
    person_id = await session.scalar(select(Address.person_id).where(Address.id == address_id))
    return await of_person(session, person_id or 0, zone)


async def hold(session: AsyncSession, address_id: int, purpose: Purpose, zone: ZoneInfo, now: datetime) -> datetime:
    """From when on a message may be pushed: now, or when the reader's quiet hours end. Urgent things do not wait."""
    if purpose in {Purpose.URGENT, Purpose.REPLY}:
        return now
    return (await of_address(session, address_id, zone)).after(now)
