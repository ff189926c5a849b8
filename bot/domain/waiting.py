"""Waiting lists: arrival order, one offer at a time for each free seat, and every move of the desk with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, String, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed
from bot.domain.seats import NotSignedUp, Seating, SeatsError, Signup, SignupState, Wish

MOST_MISSED: Final = 2  # so many offers without an answer, and the place on the list is given up
_OPEN: Final = "state = 'open'"


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # and off the list
    LATER = "later"  # not this one; the place on the list stays
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # they left, or it was called off


class OfferOver(SeatsError):
    """This offer has ended."""


class Offer(Base):
    """A seat that is held for somebody on the list. `chain`: all offers of the same free seat, one to each person."""

    __tablename__ = "seat_offers"
    __table_args__ = (
        Index("uq_seat_offers_chain", "chain", "signup_id", unique=True),
        Index("ix_seat_offers_open", "expires_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    chain: Mapped[int] = kept(Keep.PERSON, Identity)
    signup_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("signups.id"), index=True)
    seating_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"), index=True)
    state: Mapped[str] = kept(Keep.PERSON, String(10))
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    expires_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    told_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # when it was written to the person
    ended_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    end_told_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # the same for its end


class Move(Base):
    """A move on a waiting list that the desk made, with its reason."""

    __tablename__ = "waiting_moves"

    id: Mapped[int] = kept(Keep.LOG, Identity, primary_key=True, autoincrement=False)
    list_key: Mapped[str] = kept(Keep.LOG, String(40), index=True)
    signup_id: Mapped[int] = kept(Keep.LOG, Identity)
    staff_id: Mapped[int] = kept(Keep.LOG, Identity)
    was: Mapped[int] = kept(Keep.LOG)
    became: Mapped[int] = kept(Keep.LOG)
    reason: Mapped[str] = kept(Keep.LOG, Sealed("waiting_moves.reason"))
    at: Mapped[datetime] = kept(Keep.LOG, Instant)


@dataclass(frozen=True, slots=True)
class Term:
    """Now, and until when an offer that is made now is good."""

    now: datetime
    until: datetime


async def join(session: AsyncSession, list_key: str, wish: Wish, term: Term) -> Signup:
    """A place at the end of a list; a seat that has become free meanwhile is offered. Raises AlreadySignedUp."""
    await seats.hold(session)  # before the list grows, so that no seat becomes free unseen
    signup = await seats.add(session, list_key, None, wish, SignupState.WAITING, term.now)
    await _offer_to(session, signup, term)
    await session.refresh(signup)
    return signup


async def claim(session: AsyncSession, signup_id: int, seating_id: int, now: datetime) -> Signup:
    """Somebody on the list takes a seat that all others were asked for. Raises NotSignedUp, Closed, Full."""
    seating = await seats.lock(session, seating_id)
    signup = await session.get(Signup, signup_id, populate_existing=True)
    if signup is None or signup.state != SignupState.WAITING:
        raise NotSignedUp
    if seating is None or seating.list_key != signup.list_key or not seats.takes(seating, now):
        raise seats.Closed
    if seats.free_seats(seating, signup.seats) < signup.seats:
        raise seats.Full
    seating.taken += signup.seats
    signup.state, signup.seating_id, signup.changed_at = SignupState.GOING, seating.id, now
    await session.flush()
    return signup


async def position(session: AsyncSession, signup: Signup) -> int:
    """The place on the list, 1 for whoever is next. Those with an offer count: they have not left it yet."""
    before = await session.scalar(
        select(func.count())
        .select_from(Signup)
        .where(
            Signup.list_key == signup.list_key, Signup.line < signup.line,
            Signup.state.in_((SignupState.WAITING, SignupState.OFFERED)),
        )
    )  # fmt: skip
    return int(before or 0) + 1


async def lengths(session: AsyncSession, list_keys: Sequence[str]) -> dict[str, int]:
    """How many wait on each of these lists."""
    rows = await session.execute(
        select(Signup.list_key, func.count())
        .where(Signup.list_key.in_(list_keys), Signup.state.in_((SignupState.WAITING, SignupState.OFFERED)))
        .group_by(Signup.list_key)
    )
    found = {key: int(count) for key, count in rows}
    return {key: found.get(key, 0) for key in list_keys}


async def on_list(session: AsyncSession, list_key: str) -> list[Signup]:
    """Everybody who waits on a list, or has an offer, in order."""
    query = (
        select(Signup)
        .where(Signup.list_key == list_key, Signup.state.in_((SignupState.WAITING, SignupState.OFFERED)))
        .order_by(Signup.line)
    )
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def leave(
    session: AsyncSession, signup_id: int, term: Term, state: SignupState = SignupState.CANCELLED
) -> Signup:
    """End a sign-up. Its seat is offered to the next in the same transaction. Raises NotSignedUp."""
    signup, seating = await _locked(session, signup_id)
    if signup.state not in seats.ACTIVE:
        raise NotSignedUp
    held = signup.state in {SignupState.GOING, SignupState.OFFERED}
    if signup.state == SignupState.OFFERED:
        await _withdraw(session, signup.id, term.now)
    signup.state, signup.changed_at = state, term.now
    if held and seating is not None:
        seating.taken -= signup.seats
        await session.flush()
        await _offer(session, seating, term, new_id())
    await session.flush()
    return signup


async def offer_free(session: AsyncSession, seating_id: int, term: Term) -> list[Offer]:
    """Offer the seats that are free to those who wait, in order: after seats were added, or a group was opened."""
    seating = await seats.lock(session, seating_id)
    return await _offer(session, seating, term, new_id()) if seating is not None else []


async def change_seats(session: AsyncSession, seating_id: int, number: int | None, term: Term) -> None:
    """Set how many seats there are; new ones are offered. Raises TooFewSeats, NotSignedUp for an unknown seating."""
    seating = await seats.lock(session, seating_id)
    if seating is None:
        raise NotSignedUp
    if number is not None and number < seating.taken:
        raise seats.TooFewSeats
    seating.seats = number
    await session.flush()
    await _offer(session, seating, term, new_id())


async def change_party(session: AsyncSession, signup_id: int, number: int, term: Term) -> Signup:
    """Come with more or fewer guests. Raises NotSignedUp, Closed, Full."""
    signup, seating = await _locked(session, signup_id)
    if signup.state not in seats.ACTIVE:
        raise NotSignedUp
    more = number - signup.seats
    if signup.state in {SignupState.GOING, SignupState.OFFERED} and seating is not None:
        if more > 0 and not seats.takes(seating, term.now):
            raise seats.Closed
        if more > seats.free_seats(seating, more):
            raise seats.Full
        seating.taken += more
    signup.seats, signup.changed_at = number, term.now
    await session.flush()
    if more < 0 and seating is not None:
        await _offer(session, seating, term, new_id())
    elif more < 0:
        await _offer_to(session, signup, term)
    return signup


async def accept(session: AsyncSession, offer_id: int, now: datetime) -> Signup:
    """Take the seat that is held. Raises OfferOver."""
    offer, signup, seating = await _locked_offer(session, offer_id)
    if offer.expires_at <= now or not seats.takes(seating, now):
        raise OfferOver
    _end(offer, OfferState.ACCEPTED, now)
    offer.end_told_at = now
    signup.state, signup.seating_id, signup.changed_at = SignupState.GOING, seating.id, now
    await session.flush()
    return signup


async def pass_on(session: AsyncSession, offer_id: int, state: OfferState, term: Term) -> Signup:
    """Say no, or later, or let an offer expire: the seat goes to the next. Raises OfferOver."""
    offer, signup, seating = await _locked_offer(session, offer_id)
    if state is OfferState.EXPIRED and term.now < offer.expires_at:
        raise OfferOver
    _end(offer, state, term.now)
    if state is not OfferState.EXPIRED:
        offer.end_told_at = term.now  # they said it themselves
    signup.changed_at, signup.seating_id = term.now, None
    if state is not OfferState.EXPIRED:
        signup.missed_offers = 0
    elif offer.told_at is not None:  # what somebody was never told they did not miss
        signup.missed_offers += 1
    if state is OfferState.DECLINED:
        signup.state = SignupState.DECLINED
    elif signup.missed_offers >= MOST_MISSED:
        signup.state = SignupState.EXPIRED
    else:
        signup.state = SignupState.WAITING
    seating.taken -= signup.seats
    await session.flush()
    await _offer(session, seating, term, offer.chain)
    return signup


async def open_offer(session: AsyncSession, signup_id: int) -> Offer | None:
    """The offer that this person has not answered yet."""
    query = select(Offer).where(Offer.signup_id == signup_id, Offer.state == OfferState.OPEN)
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def find_offer(session: AsyncSession, offer_id: int) -> Offer | None:
    """An offer as it is now."""
    return await session.get(Offer, offer_id, populate_existing=True)


async def move(session: AsyncSession, signup_id: int, place: int, reason: str, staff_id: int, now: datetime) -> None:
    """Put somebody at another place of the list, for a reason that is written down. Raises NotSignedUp, ValueError."""
    if not reason.strip():
        raise ValueError("a move needs a reason")
    await seats.hold(session)
    signup, _seating = await _locked(session, signup_id)
    row = await on_list(session, signup.list_key)
    if signup not in row:
        raise NotSignedUp
    was = row.index(signup) + 1
    place = min(max(place, 1), len(row))
    lines = sorted(one.line for one in row)
    row.remove(signup)
    row.insert(place - 1, signup)
    for one, line in zip(row, lines, strict=True):  # the same numbers, given out anew
        one.line = line
    session.add(moved(signup, staff_id, was, place, reason, now))
    await session.flush()


def moved(signup: Signup, staff_id: int, was: int, became: int, reason: str, now: datetime) -> Move:
    """The entry of a move. Place 0: a seat, or off the list."""
    return Move(id=new_id(), list_key=signup.list_key, signup_id=signup.id, staff_id=staff_id, was=was, became=became,
                reason=reason.strip(), at=now)  # fmt: skip


async def moves(session: AsyncSession, list_key: str) -> list[Move]:
    """Every move on this list, newest first."""
    return list(await session.scalars(select(Move).where(Move.list_key == list_key).order_by(Move.id.desc())))


async def close(session: AsyncSession, seating_id: int, now: datetime) -> list[Signup]:
    """Call the whole thing off: everybody who goes or has an offer loses it. Returns them; tell each."""
    seating = await seats.lock(session, seating_id)
    if seating is None:
        return []
    seating.open, seating.taken = False, 0
    gone = await seats.of_seating(session, seating_id, SignupState.GOING, SignupState.OFFERED)
    for signup in gone:
        if signup.state == SignupState.OFFERED:
            await _withdraw(session, signup.id, now)
        signup.state, signup.changed_at = SignupState.CALLED_OFF, now
    await session.flush()
    return gone


async def close_list(session: AsyncSession, list_key: str, state: SignupState, now: datetime) -> list[Signup]:
    """Let everybody on a list go: what they wait for is over or called off. Returns them; tell each."""
    await seats.hold(session)
    gone = await on_list(session, list_key)
    for signup in gone:
        if signup.state == SignupState.OFFERED:
            await _withdraw(session, signup.id, now)
            seating = await seats.lock(session, signup.seating_id or 0)
            if seating is not None:
                seating.taken -= signup.seats
        signup.state, signup.changed_at = state, now
        await session.flush()
    return gone


async def _offer_to(session: AsyncSession, signup: Signup, term: Term) -> None:
    """Somebody new on the list, or with fewer guests, is offered what is free: the others were asked before."""
    query = select(Seating.id).where(Seating.list_key == signup.list_key, Seating.open.is_(True)).order_by(Seating.id)
    for seating_id in list(await session.scalars(query)):
        seating = await seats.lock(session, seating_id)
        if seating is not None and signup.state == SignupState.WAITING:
            await _offer(session, seating, term, new_id(), only=signup.id)


async def _offer(
    session: AsyncSession, seating: Seating, term: Term, chain: int, only: int | None = None
) -> list[Offer]:
    """Give each free seat to the first who waits for one like it and was not asked yet in this chain."""
    until = min(term.until, seating.starts_at) if seating.starts_at is not None else term.until
    if not seats.takes(seating, term.now) or until <= term.now or seats.free_seats(seating) <= 0:
        return []
    asked = select(Offer.signup_id).where(Offer.chain == chain).scalar_subquery()
    query = select(Signup.id, Signup.seats, Signup.wants).where(  # not their names: few of many are offered anything
        Signup.list_key == seating.list_key, Signup.state == SignupState.WAITING, Signup.id.not_in(asked)
    )
    if only is not None:
        query = query.where(Signup.id == only)
    made = []
    for signup_id, number, wants in (await session.execute(query.order_by(Signup.line))).all():
        if seats.free_seats(seating) <= 0:
            break
        if number > seats.free_seats(seating) or not _suits(wants, seating):
            continue
        signup = await session.get_one(Signup, signup_id, populate_existing=True)
        seating.taken += number
        signup.state, signup.seating_id, signup.changed_at = SignupState.OFFERED, seating.id, term.now
        made.append(Offer(id=new_id(), chain=chain, signup_id=signup_id, seating_id=seating.id, state=OfferState.OPEN,
                          made_at=term.now, expires_at=until))  # fmt: skip
    session.add_all(made)
    await session.flush()
    return made


def _suits(wants: str, seating: Seating) -> bool:
    return not wants or not seating.wanted or bool(set(wants.split()) & set(seating.wanted.split()))


def _end(offer: Offer, state: OfferState, now: datetime) -> None:
    offer.state, offer.ended_at = state, now


async def _withdraw(session: AsyncSession, signup_id: int, now: datetime) -> None:
    await session.execute(
        update(Offer)
        .where(Offer.signup_id == signup_id, Offer.state == OfferState.OPEN)
        .values(state=OfferState.WITHDRAWN, ended_at=now, end_told_at=now),
        execution_options={"synchronize_session": False},
    )


async def _locked(session: AsyncSession, signup_id: int) -> tuple[Signup, Seating | None]:
    """A sign-up with its seating, as they are now, kept until the commit. Raises NotSignedUp."""
    await seats.hold(session)
    signup = await session.get(Signup, signup_id, populate_existing=True)
    if signup is None:
        raise NotSignedUp
    seating = await seats.lock(session, signup.seating_id) if signup.seating_id is not None else None
    return signup, seating


async def _locked_offer(session: AsyncSession, offer_id: int) -> tuple[Offer, Signup, Seating]:
    await seats.hold(session)
    offer = await session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.state != OfferState.OPEN:
        raise OfferOver
    seating = await seats.lock(session, offer.seating_id)
    if seating is None:
        raise OfferOver
    signup = await session.get(Signup, offer.signup_id, populate_existing=True)
    if signup is None:
        raise OfferOver
    return offer, signup, seating
