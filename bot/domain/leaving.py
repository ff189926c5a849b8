"""What a forgotten person leaves behind in courses, events and with mentors: free seats and times, and nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import waiting
from bot.domain.attendance import Attendance
from bot.domain.feedback import Feedback
from bot.domain.joining import JoinCode
from bot.domain.mentors import Booking, Pair, Practice
from bot.domain.people import Address, Person
from bot.domain.seats import ACTIVE, Signup, SignupState
from bot.domain.waiting import Move, Offer, Term


async def dependents(session: AsyncSession, person_id: int) -> list[int]:
    """Those who are reached by this person alone: they have no address of their own."""
    own = select(Address.person_id).scalar_subquery()
    query = select(Person.id).where(Person.reached_by == person_id, Person.id.not_in(own)).order_by(Person.id)
    return list(await session.scalars(query))


async def leave_services(session: AsyncSession, person_id: int, term: Term) -> None:
    """Free what this person holds, for those who wait; then delete every row about them."""
    held = select(Signup.id).where(Signup.person_id == person_id)
    for signup_id in list(await session.scalars(held.where(Signup.state.in_(ACTIVE)).order_by(Signup.id))):
        await waiting.leave(session, signup_id, term)
    addresses = select(Address.id).where(Address.person_id == person_id).scalar_subquery()
    for table in (Signup, Booking, Practice):  # of others, who were reached at these addresses
        await session.execute(
            update(table).where(table.address_id.in_(addresses), table.person_id != person_id).values(address_id=None),
            execution_options={"synchronize_session": False},
        )
    signups = held.scalar_subquery()
    for statement in (
        delete(Attendance).where(Attendance.signup_id.in_(signups)),
        delete(Feedback).where(Feedback.signup_id.in_(signups)),
        delete(Offer).where(Offer.signup_id.in_(signups)),
        delete(Signup).where(Signup.person_id == person_id),
        delete(Booking).where(Booking.person_id == person_id),
        delete(Practice).where(Practice.person_id == person_id),
        delete(Pair).where(or_(Pair.first_id == person_id, Pair.second_id == person_id)),
        delete(JoinCode).where(JoinCode.person_id == person_id),
    ):
        await session.execute(statement, execution_options={"synchronize_session": False})


async def sweep_services(session: AsyncSession, before: datetime, logged_before: datetime) -> dict[str, int]:
    """Delete what ended before an instant; a place on a waiting list stays. Returns how many rows went."""
    waits = Signup.state.in_((SignupState.WAITING, SignupState.OFFERED))
    old = select(Signup.id).where(Signup.changed_at < before, ~waits).scalar_subquery()
    gone = {}
    for name, statement in {
        "attendances": delete(Attendance).where(or_(Attendance.signup_id.in_(old), Attendance.at < before)),
        "feedbacks": delete(Feedback).where(Feedback.signup_id.in_(old)),
        "seat_offers": delete(Offer).where(Offer.signup_id.in_(old)),
        "signups": delete(Signup).where(Signup.changed_at < before, ~waits),
        "bookings": delete(Booking).where(Booking.starts_at < before),
        "join_codes": delete(JoinCode).where(JoinCode.expires_at < before),
        "waiting_moves": delete(Move).where(Move.at < logged_before),
    }.items():
        result = await session.execute(statement, execution_options={"synchronize_session": False})
        gone[name] = int(getattr(result, "rowcount", 0))
    return gone
