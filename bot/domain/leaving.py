"""What a forgotten person leaves behind in courses, events and with mentors: free seats and times, and nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import arranging, waiting
from bot.domain.absences import Absence
from bot.domain.attendance import Attendance
from bot.domain.booking_news import News as BookingNews
from bot.domain.bookings import Booking
from bot.domain.certificates import Certificate
from bot.domain.feedback import Feedback
from bot.domain.imports import Import
from bot.domain.joining import JoinCode
from bot.domain.news import News
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Address, Person
from bot.domain.reminders import Reminder
from bot.domain.seats import ACTIVE, Signup, SignupState
from bot.domain.waiting import Move, Offer, Term
from bot.domain.walk_ins import WalkIn


async def dependents(session: AsyncSession, person_id: int) -> list[int]:
    """Those who are reached by this person alone (no chat of their own, no record at the desk), and whom they were."""
    own = select(Address.person_id).union(select(WalkIn.person_id)).scalar_subquery()
    alone = and_(Person.reached_by == person_id, Person.id.not_in(own))
    query = select(Person.id).where(or_(alone, Person.merged_into == person_id)).order_by(Person.id)
    return list(await session.scalars(query))


async def leave_services(session: AsyncSession, person_id: int, term: Term) -> None:
    """Free what this person holds, for those who wait; then delete every row about them."""
    held = select(Signup.id).where(Signup.person_id == person_id)
    for signup_id in list(await session.scalars(held.where(Signup.state.in_(ACTIVE)).order_by(Signup.id))):
        await waiting.leave(session, signup_id, term)
    addresses = select(Address.id).where(Address.person_id == person_id).scalar_subquery()
    for table in (Signup, Booking, Practice, Reminder):  # of others, who were reached at these addresses
        await session.execute(
            update(table).where(table.address_id.in_(addresses), table.person_id != person_id).values(address_id=None),
            execution_options={"synchronize_session": False},
        )
    await arranging.leave_bookings(session, person_id, term.now)
    signups = held.scalar_subquery()
    bookings = select(Booking.id).where(Booking.person_id == person_id).scalar_subquery()
    for statement in (
        delete(Absence).where(Absence.signup_id.in_(signups)),
        delete(Attendance).where(Attendance.signup_id.in_(signups)),
        delete(Certificate).where(Certificate.signup_id.in_(signups)),
        delete(Feedback).where(Feedback.signup_id.in_(signups)),
        delete(News).where(News.signup_id.in_(signups)),
        delete(Offer).where(Offer.signup_id.in_(signups)),
        delete(Signup).where(Signup.person_id == person_id),
        delete(BookingNews).where(BookingNews.booking_id.in_(bookings)),
        delete(Booking).where(Booking.person_id == person_id),
        delete(Practice).where(Practice.person_id == person_id),
        delete(Pair).where(or_(Pair.first_id == person_id, Pair.second_id == person_id)),
        delete(JoinCode).where(JoinCode.person_id == person_id),
        delete(WalkIn).where(WalkIn.person_id == person_id),
    ):
        await session.execute(statement, execution_options={"synchronize_session": False})


async def sweep_services(session: AsyncSession, before: datetime, logged_before: datetime) -> dict[str, int]:
    """Delete what ended before an instant; a place on a waiting list stays. Returns how many rows went."""
    waits = Signup.state.in_((SignupState.WAITING, SignupState.OFFERED))
    old = select(Signup.id).where(Signup.changed_at < before, ~waits).scalar_subquery()
    met = select(Booking.id).where(Booking.starts_at < before).scalar_subquery()
    gone = {}
    for name, statement in {
        "absences": delete(Absence).where(Absence.signup_id.in_(old)),
        "attendances": delete(Attendance).where(or_(Attendance.signup_id.in_(old), Attendance.at < before)),
        "certificates": delete(Certificate).where(Certificate.signup_id.in_(old)),
        "feedbacks": delete(Feedback).where(Feedback.signup_id.in_(old)),
        "seat_news": delete(News).where(or_(News.signup_id.in_(old), News.told_at < before)),
        "seat_offers": delete(Offer).where(Offer.signup_id.in_(old)),
        "signups": delete(Signup).where(Signup.changed_at < before, ~waits),
        "booking_news": delete(BookingNews).where(or_(BookingNews.booking_id.in_(met), BookingNews.made_at < before)),
        "bookings": delete(Booking).where(Booking.starts_at < before),
        "join_codes": delete(JoinCode).where(JoinCode.expires_at < before),
        "waiting_moves": delete(Move).where(Move.at < logged_before),
        "imports": delete(Import).where(Import.at < logged_before),
    }.items():
        result = await session.execute(statement, execution_options={"synchronize_session": False})
        gone[name] = int(getattr(result, "rowcount", 0))
    return gone
