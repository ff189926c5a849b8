"""What somebody has at the same time already: another course, an event, a mentor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.bookings import TAKEN, Booking
from bot.domain.courses import Session
from bot.domain.events import Event
from bot.domain.seats import Signup, SignupState

Span = tuple[datetime, datetime]


async def busy(session: AsyncSession, person_id: int, now: datetime) -> list[Span]:
    """When somebody has something that is not over, as instants, soonest first. A place on a list is not busy."""
    going = select(Signup.seating_id).where(Signup.person_id == person_id, Signup.state == SignupState.GOING)
    meetings = await session.scalars(
        select(Session).where(Session.group_id.in_(going), Session.called_off.is_(False), Session.day >= now.date())
    )
    events = await session.scalars(select(Event).where(Event.id.in_(going)))
    bookings = await session.scalars(
        select(Booking).where(Booking.person_id == person_id, Booking.state.in_(TAKEN), Booking.starts_at > now)
    )
    spans = [(one.starts_at, one.ends_at) for one in meetings] + [(one.starts_at, one.ends_at) for one in events]
    spans += [(one.starts_at, one.starts_at + timedelta(minutes=one.minutes)) for one in bookings]
    return sorted(one for one in spans if one[1] > now)


def overlapping(spans: Sequence[Span], others: Sequence[Span]) -> list[datetime]:
    """The beginnings of those of `others` that lie in one of `spans`."""
    return sorted({begins for begins, ends in others if any(begins < until and since < ends for since, until in spans)})
