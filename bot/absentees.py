"""Who was absent twice in a row is asked what is in the way: once, and the day after, so that a slip can be mended."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialog.messages import Message
from bot.domain import absences, reminders, seats
from bot.domain.absences import Absence
from bot.domain.reminders import Reader
from bot.domain.seats import Signup, SignupState
from bot.house import House
from bot.offering import tell_each
from flows.absence import question_message


async def ask_absentees(house: House) -> int:
    """Ask everybody whose second absence was written down before today. Returns how many messages."""
    today = house.now().astimezone(house.desk.zone).date()
    midnight = datetime.combine(today, time(0), house.desk.zone).astimezone(UTC)
    async with house.db.reading() as session:
        found = await absences.untold(session, midnight)
        readers = await reminders.readers(session, [signup for _one, signup in found], house.channels)
    return await tell_each(house, [(one, signup, readers.get(signup.id)) for one, signup in found], _ask)


async def _ask(
    session: AsyncSession, house: House, one: Absence, signup: Signup, reader: Reader
) -> tuple[Message, str] | None:
    now = await seats.get(session, signup.id)
    if now is None or now.state != SignupState.GOING or await absences.tell(session, one.id, house.now()) is None:
        return None
    return question_message(signup.id, discreet=reader.discreet), f"absence:{one.id}"
