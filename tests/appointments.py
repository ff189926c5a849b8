"""Somebody who has signed up, without the words that lead there: for tests of what comes afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain import planning, seats, waiting
from bot.domain.callers import callers
from bot.domain.courses import Group
from bot.domain.events import Event
from bot.domain.people import Caller
from bot.domain.reminders import Reminder
from bot.domain.seats import Remind, Signup, Wish
from bot.domain.waiting import Term
from tests.desk import Desk, Guest


async def caller_of(guest: Guest) -> Caller:
    """Who this is in the database; they have written before."""
    if not guest.address:
        await guest.says("/menu")
    async with guest.desk.house.db.reading() as session:
        return (await callers(session, [guest.sender], guest.desk.clock()))[guest.sender]


async def signs_up(guest: Guest, seating: Event | Group, **wish: Any) -> Signup:  # noqa: ANN401
    """A seat for somebody, with its reminders."""
    caller, desk = await caller_of(guest), guest.desk
    asked = {"address_id": caller.address_id, "remind": Remind.CHAT, **wish}
    async with desk.house.db.transaction() as session:
        signup = await seats.take(session, seating.id, Wish(caller.person_id, **asked), desk.clock())
        await planning.replan_signup(session, signup.id, desk.house.desk, desk.clock())
    return signup


async def leaves(desk: Desk, signup: Signup) -> None:
    """They give their seat up."""
    async with desk.house.db.transaction() as session:
        await waiting.leave(session, signup.id, Term(desk.clock(), desk.clock()))
        await planning.replan_signup(session, signup.id, desk.house.desk, desk.clock())


async def all_reminders(desk: Desk) -> list[Reminder]:
    """Every row, in the order in which they are due."""
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Reminder).order_by(Reminder.due_at, Reminder.id)))


async def states_of(desk: Desk) -> list[str]:
    """Their states in that order."""
    return [one.state for one in await all_reminders(desk)]
