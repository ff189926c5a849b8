"""Pairs for language practice: who offers and wants which language, who suits whom, and what is kept of two people.

People of 15-17 are paired with people of that age alone, by staff alone; they meet at the desk or in groups, and
nothing by which they could be reached goes from one to the other. Under 15 nobody is written down here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Date, ForeignKey, Index, String, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import checks
from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.mentors import Gender
from bot.domain.people import Person
from bot.domain.places import Desk
from bot.domain.sealed import Sealed

ADULT: Final = "adult"
YOUTH: Final = "15-17"
ANSWER_WITHIN: Final = timedelta(days=14)  # then a proposal lapses, so that nobody waits for ever
CHECK_IN_AFTER: Final = timedelta(days=91)  # "still in touch?"
MOST_NOTES: Final = 5  # of one person that wait to be passed on
_MOST_LOOKED_AT: Final = 300  # people among whom pairs are looked for


class Practice(Base):
    """Somebody who wants to practise a language with another; shown to nobody before staff have checked them."""

    __tablename__ = "practices"

    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    offers: Mapped[list[str]] = kept(Keep.PERSON, JSON)  # languages
    wants: Mapped[list[str]] = kept(Keep.PERSON, JSON)
    local: Mapped[bool] = kept(Keep.PERSON, default=False)
    age: Mapped[str] = kept(Keep.PERSON, String(8))  # ADULT, YOUTH
    gender: Mapped[str] = kept(Keep.PERSON, String(8), default=Gender.UNTOLD)
    with_gender: Mapped[str] = kept(Keep.PERSON, String(8), default=Gender.UNTOLD)  # whom they want to meet
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("practices.details"))  # name, contact, when
    address_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), nullable=True, index=True)
    checked_on: Mapped[date | None] = kept(Keep.PERSON, Date, nullable=True)
    checked_by: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)
    paused: Mapped[bool] = kept(Keep.PERSON, default=False)
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)

    @property
    def name(self) -> str:
        """The first name or nickname."""
        return str(self.details.get("name", ""))

    @property
    def contact(self) -> str:
        """How the other may reach them, once both agree; empty when they did not say."""
        return str(self.details.get("contact", ""))

    @property
    def when(self) -> list[str]:
        """When they have time: ids of parts of the week."""
        return [str(one) for one in self.details.get("when", ())]


class PairState(StrEnum):
    """How far a pair is."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"  # no answer in time
    ENDED = "ended"


OPEN: Final = (PairState.PROPOSED, PairState.AGREED)


class News(StrEnum):
    """What somebody of a pair was told last."""

    NOTHING = ""
    PROPOSED = "proposed"
    AGREED = "agreed"
    ASKED = "asked"  # the other would share how they are reached
    SHARED = "shared"  # each has what the other gave to be reached by
    OVER = "over"


class Pair(Base):
    """Two people who practise with each other; both say yes before either learns who the other is."""

    __tablename__ = "pairs"
    __table_args__ = (Index("uq_pairs_two", "first_id", "second_id", unique=True),)

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    first_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"))  # the smaller id of the two
    second_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    state: Mapped[str] = kept(Keep.PERSON, String(10))
    yes_first: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    yes_second: Mapped[bool | None] = kept(Keep.PERSON, nullable=True)
    shares_first: Mapped[bool] = kept(Keep.PERSON, default=False)
    shares_second: Mapped[bool] = kept(Keep.PERSON, default=False)
    told_first: Mapped[str] = kept(Keep.PERSON, String(10), default=News.NOTHING)  # with "!" where nobody was reached
    told_second: Mapped[str] = kept(Keep.PERSON, String(10), default=News.NOTHING)
    by_staff: Mapped[bool] = kept(Keep.PERSON, default=False)  # people of 15-17 are paired by staff alone
    languages: Mapped[list[str]] = kept(Keep.PERSON, JSON)
    details: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("pairs.details"), default=dict)  # words to pass on
    noted: Mapped[bool] = kept(Keep.PERSON, default=False)  # whether there are such words
    check_in_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


class PairsError(Exception):
    """These two cannot be paired, or no longer; the class says why."""


class NotChecked(PairsError):
    """Staff have not checked one of them, or too long ago, or one of them pauses."""


class NotFitting(PairsError):
    """Their ages, their wishes or their languages do not go together; `why` is "age", "gender" or "language"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AlreadyPaired(PairsError):
    """These two were proposed to each other before."""


class Busy(PairsError):
    """One of them has not answered another proposal yet."""


class PairOver(PairsError):
    """There is no such pair of this person, or it is not so far, or it has ended."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody tells who wants to practise."""

    offers: tuple[str, ...]
    wants: tuple[str, ...]
    local: bool
    age: str
    gender: str = Gender.UNTOLD
    with_gender: str = Gender.UNTOLD
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Why two suit each other: languages that go from one to the other and back, and when both have time."""

    gives: tuple[str, ...]
    takes: tuple[str, ...]
    when: tuple[str, ...]

    @property
    def mutual(self) -> bool:
        """Whether each has a language that the other wants."""
        return bool(self.gives and self.takes)

    @property
    def weight(self) -> tuple[int, int, int]:
        """More is better: both ways before one way, then common time, then more languages."""
        return (int(self.mutual), len(self.when), len(self.gives) + len(self.takes))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two who suit each other, for staff to look at."""

    one: Practice
    other: Practice
    fit: Fit


def fit(one: Practice, other: Practice) -> Fit:
    """What goes to and fro between two people. Raises NotFitting."""
    if one.age != other.age:
        raise NotFitting("age")
    if one.with_gender not in {"", other.gender} or other.with_gender not in {"", one.gender}:
        raise NotFitting("gender")
    gives = tuple(code for code in one.offers if code in other.wants)
    takes = tuple(code for code in other.offers if code in one.wants)
    if not gives and not takes:
        raise NotFitting("language")
    return Fit(gives, takes, tuple(part for part in one.when if part in other.when))


def suggested(people: list[Practice], known: set[tuple[int, int]]) -> list[Suggestion]:
    """Pairs of adults who suit each other both ways, or one of whom only wants to help; each person at most once.

    `known`: ids, smaller first, of those who were proposed to each other before.
    """
    found = []
    for place, one in enumerate(people):
        for other in people[place + 1 :]:
            if one.age != ADULT or two(one.person_id, other.person_id) in known:
                continue
            try:
                why = fit(one, other)
            except NotFitting:
                continue
            if why.mutual or (why.gives and not one.wants) or (why.takes and not other.wants):
                found.append(Suggestion(one, other, why))
    found.sort(key=lambda each: (*(-part for part in each.fit.weight), max(each.one.made_at, each.other.made_at)))
    taken: set[int] = set()
    chosen = []
    for each in found:
        ids = {each.one.person_id, each.other.person_id}
        if not ids & taken:
            chosen.append(each)
            taken |= ids
    return chosen


def two(one_id: int, other_id: int) -> tuple[int, int]:
    """Both ids, the smaller first, as a pair is stored."""
    return (min(one_id, other_id), max(one_id, other_id))


async def of_person(session: AsyncSession, person_id: int) -> Practice | None:
    """What this person has told."""
    return await session.get(Practice, person_id, populate_existing=True)


async def register(
    session: AsyncSession, person_id: int, profile: Profile, address_id: int | None, now: datetime
) -> Practice:
    """Write down or replace what somebody tells. A check that staff made stays, unless age or name are others now."""
    # Locked, so that a second press at the same moment finds what the first has written.
    await session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
    held = await of_person(session, person_id)
    details = {"name": profile.name, "contact": profile.contact if profile.age == ADULT else "",
               "when": list(profile.when)}  # fmt: skip
    told = {"offers": list(profile.offers), "wants": list(profile.wants), "local": profile.local, "age": profile.age,
            "gender": profile.gender, "with_gender": profile.with_gender, "details": details,
            "address_id": address_id, "paused": False}  # fmt: skip
    if held is None:
        held = Practice(person_id=person_id, made_at=now, **told)
        session.add(held)
    else:
        if (held.age, held.name) != (profile.age, profile.name):
            held.checked_on = held.checked_by = None
        for name, value in told.items():
            setattr(held, name, value)
    await session.flush()
    return held


async def set_paused(session: AsyncSession, person_id: int, *, paused: bool) -> Practice | None:
    """Be proposed to nobody for a while, or again. A pair that there is goes on."""
    held = await of_person(session, person_id)
    if held is not None:
        held.paused = paused
        await session.flush()
    return held


async def check(session: AsyncSession, person_id: int, day: date | None, staff_id: int) -> Practice | None:
    """Write down on which day staff checked identity and conduct (nothing of the papers), or take that back."""
    held = await of_person(session, person_id)
    if held is not None:
        held.checked_on, held.checked_by = day, staff_id if day is not None else None
        await session.flush()
    return held


async def ready(session: AsyncSession, desk: Desk, now: datetime) -> list[Practice]:
    """Who can be proposed: checked, not paused, and willing to be written to. Longest waiting first."""
    query = (
        select(Practice)
        .join(Person, Person.id == Practice.person_id)
        .where(
            Practice.checked_on >= checks.since(desk, now), Practice.paused.is_(False), Person.stopped_at.is_(None),
            Person.leaving_at.is_(None), Person.merged_into.is_(None),
        )
        .order_by(Practice.made_at, Practice.person_id)
        .limit(_MOST_LOOKED_AT)
    )  # fmt: skip
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def suggestions(session: AsyncSession, desk: Desk, now: datetime) -> list[Suggestion]:
    """Whom staff could propose to each other now: those who have no pair yet, best first."""
    rows = await session.execute(select(Pair.first_id, Pair.second_id, Pair.state))
    known, busy = set(), set()
    for first, second, state in rows:
        known.add((first, second))
        if state in OPEN:
            busy |= {first, second}
    return suggested([one for one in await ready(session, desk, now) if one.person_id not in busy], known)


def of(person_id: int) -> Any:  # noqa: ANN401 - a condition
    """Pairs of this person."""
    return or_(Pair.first_id == person_id, Pair.second_id == person_id)
