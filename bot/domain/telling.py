"""Offers as they are told to people: which were not yet, and which have come to their end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.seats import Seating, Signup
from bot.domain.waiting import Offer, OfferState, Term


async def tell(session: AsyncSession, offer_id: int, term: Term) -> Offer | None:
    """Note that an open offer is being written to its person; only from now on their time runs. None: it has ended."""
    offer = await session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.state != OfferState.OPEN or offer.told_at is not None:
        return None
    seating = await session.get_one(Seating, offer.seating_id, populate_existing=True)
    until = min(term.until, seating.starts_at) if seating.starts_at is not None else term.until
    if until <= term.now:
        return None
    offer.told_at, offer.expires_at = term.now, max(until, offer.expires_at)
    await session.flush()
    return offer


async def tell_end(session: AsyncSession, offer_id: int, now: datetime) -> Offer | None:
    """Note that the end of an offer is being written to its person. None: they know."""
    offer = await session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.state != OfferState.EXPIRED or offer.end_told_at is not None:
        return None
    offer.end_told_at = now
    await session.flush()
    return offer


async def ended(session: AsyncSession, now: datetime) -> list[tuple[Offer, Signup]]:
    """Open offers whose time is over, and whose they are."""
    rows = await session.execute(
        select(Offer, Signup)
        .join(Signup, Signup.id == Offer.signup_id)
        .where(text("seat_offers.state = 'open'"), Offer.expires_at <= now)
        .order_by(Offer.expires_at, Offer.id),
        execution_options={"populate_existing": True},
    )
    return [(offer, signup) for offer, signup in rows]


async def untold(session: AsyncSession) -> list[tuple[Offer, Signup]]:
    """Open offers that were not written to anybody yet, and ended ones whose end was not."""
    unsaid = (Offer.told_at.is_(None) & (Offer.state == OfferState.OPEN)) | (
        Offer.told_at.is_not(None) & Offer.end_told_at.is_(None) & (Offer.state == OfferState.EXPIRED)
    )
    rows = await session.execute(
        select(Offer, Signup).join(Signup, Signup.id == Offer.signup_id).where(unsaid).order_by(Offer.id),
        execution_options={"populate_existing": True},
    )
    return [(offer, signup) for offer, signup in rows]
