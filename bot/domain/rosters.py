"""Who has signed up for something with seats, as staff look at it: who comes, who waits, who just came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import attendance, seats, waiting
from bot.domain.attendance import Attendance, Came, Guest
from bot.domain.people import Person
from bot.domain.seats import Seating, Signup, SignupState
from bot.domain.waiting import Move, Offer, OfferState


@dataclass(frozen=True, slots=True)
class Entry:
    """One sign-up with what belongs to it. `place`: on the waiting list, from 1; 0 for those who have a seat."""

    signup: Signup
    person: Person
    mark: Attendance | None = None
    place: int = 0
    offer: Offer | None = None

    @property
    def came(self) -> Came | None:
        """Whether they came, if somebody wrote it down."""
        return Came(self.mark.came) if self.mark is not None else None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who has to do with one seating. The waiting list may be that of several."""

    seating: Seating
    going: Sequence[Entry] = field(repr=False)
    waiting: Sequence[Entry] = field(repr=False)
    walk_ins: Sequence[Attendance]
    moves: Sequence[Move]

    @property
    def expected(self) -> int:
        """How many people have a seat, guests included."""
        return sum(one.signup.seats for one in self.going)

    @property
    def came(self) -> int:
        """How many of them came."""
        return sum(one.mark.people for one in self.going if one.mark is not None and one.came is Came.YES)

    def walked_in(self, guest: Guest) -> int:
        """How many came without a sign-up."""
        return sum(one.people for one in self.walk_ins if one.guest == guest)

    @property
    def inside(self) -> int:
        """Everybody who came."""
        return self.came + sum(one.people for one in self.walk_ins)


async def of_seating(session: AsyncSession, seating: Seating) -> Roster:
    """The roster of a seating: those who go by name, those who wait in order."""
    marks = await attendance.of_seating(session, seating.id)
    by_signup = {one.signup_id: one for one in marks if one.signup_id is not None and one.session_id == 0}
    going = await seats.of_seating(session, seating.id, SignupState.GOING, SignupState.FINISHED)
    listed = await waiting.on_list(session, seating.list_key)
    people = await _people(session, [*going, *listed])
    offers = await _open_offers(session, [one.id for one in listed])
    return Roster(
        seating,
        [Entry(one, people[one.person_id], by_signup.get(one.id)) for one in sorted(going, key=_by_name)],
        [
            Entry(one, people[one.person_id], place=place, offer=offers.get(one.id))
            for place, one in enumerate(listed, start=1)
        ],
        [one for one in marks if one.signup_id is None and one.session_id == 0],
        await waiting.moves(session, seating.list_key),
    )


async def names(session: AsyncSession, signup_ids: Sequence[int]) -> dict[int, str]:
    """The names under which these sign-ups that are still kept were made."""
    rows = await session.scalars(select(Signup).where(Signup.id.in_(signup_ids)))
    return {one.id: one.name for one in rows}


async def remove(
    session: AsyncSession, signup_id: int, reason: str, staff_id: int, term: waiting.Term
) -> Signup:  # fmt: skip
    """The desk ends somebody's sign-up, for a reason that is written down. Raises NotSignedUp, ValueError."""
    if not reason.strip():
        raise ValueError("ending somebody's sign-up needs a reason")
    await seats.hold(session)
    signup = await session.get(Signup, signup_id, populate_existing=True)
    if signup is None:
        raise seats.NotSignedUp
    listed = signup.state in {SignupState.WAITING, SignupState.OFFERED}
    was = await waiting.position(session, signup) if listed else 0
    signup = await waiting.leave(session, signup_id, term, SignupState.CALLED_OFF)
    session.add(waiting.moved(signup, staff_id, was, 0, reason, term.now))
    await session.flush()
    return signup


async def _people(session: AsyncSession, signups: Sequence[Signup]) -> dict[int, Person]:
    wanted = {one.person_id for one in signups}
    return {one.id: one for one in await session.scalars(select(Person).where(Person.id.in_(wanted)))}


async def _open_offers(session: AsyncSession, signup_ids: Sequence[int]) -> dict[int, Offer]:
    query = select(Offer).where(Offer.signup_id.in_(signup_ids), Offer.state == OfferState.OPEN)
    return {one.signup_id: one for one in await session.scalars(query)}


def _by_name(signup: Signup) -> tuple[bool, str, int]:
    return not signup.name, signup.name.casefold(), signup.id


def begun(seating: Seating, now: datetime) -> bool:
    """Whether it has begun: from then on it is known who came."""
    return seating.starts_at is not None and seating.starts_at <= now
