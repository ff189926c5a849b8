"""Certificates: one for each sign-up, with a number of its own that a second issue keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, ForeignKey, String, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats
from bot.domain.db import Base, Identity, Instant, new_id, write_new_rows
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed
from bot.domain.seats import NotSignedUp, Signup
from bot.domain.tickets import Counter

_COUNTER: Final = "certificates"


class Certificate(Base):
    """What the desk has confirmed to somebody. `facts`: what stands on the paper beside the name."""

    __tablename__ = "certificates"

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    number: Mapped[int] = kept(Keep.PERSON, unique=True)
    signup_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("signups.id"), unique=True)
    seating_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("seatings.id"), index=True)
    name: Mapped[str] = kept(Keep.PERSON, Sealed("certificates.name"))
    facts: Mapped[dict[str, Any]] = kept(Keep.PERSON, Sealed("certificates.facts"))
    language: Mapped[str] = kept(Keep.PERSON, String(8))  # beside Slovene
    reason: Mapped[str] = kept(Keep.PERSON, Sealed("certificates.reason"))  # why below the share that the desk asks
    issued_on: Mapped[date] = kept(Keep.PERSON, Date)
    issued_by: Mapped[int] = kept(Keep.PERSON, Identity)
    sent_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    changed_at: Mapped[datetime] = kept(Keep.PERSON, Instant)

    @property
    def serial(self) -> str:
        """The number with the year of the first issue."""
        return f"{self.issued_on.year}-{self.number:04}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be confirmed to somebody."""

    name: str = field(repr=False)
    facts: dict[str, Any] = field(repr=False)
    language: str
    reason: str = field(default="", repr=False)


async def issue(
    session: AsyncSession, signup_id: int, draft: Draft, staff_id: int, day: date, now: datetime
) -> Certificate:
    """Write a certificate, or write the same one anew under its number and first day. Raises NotSignedUp."""
    seating_id = await session.scalar(select(Signup.seating_id).where(Signup.id == signup_id))
    if seating_id is None or await seats.lock(session, seating_id) is None:
        raise NotSignedUp
    signup = await session.get(Signup, signup_id, populate_existing=True)
    if signup is None or signup.seating_id != seating_id:
        raise NotSignedUp
    found = await of_signup(session, signup_id)
    if found is None:
        found = Certificate(id=new_id(), number=await _next_number(session), signup_id=signup_id,
                            seating_id=seating_id, issued_on=day, sent_at=None)  # fmt: skip
        session.add(found)
    found.name, found.facts, found.language, found.reason = draft.name, draft.facts, draft.language, draft.reason
    found.issued_by, found.changed_at = staff_id, now
    signup.changed_at = now  # the sign-up goes with its certificate, not before
    await session.flush()
    return found


async def of_signup(session: AsyncSession, signup_id: int) -> Certificate | None:
    """The certificate of a sign-up, if there is one."""
    query = select(Certificate).where(Certificate.signup_id == signup_id)
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def of_seating(session: AsyncSession, seating_id: int) -> dict[int, Certificate]:
    """The certificates of a group, by sign-up."""
    found = await session.scalars(select(Certificate).where(Certificate.seating_id == seating_id))
    return {one.signup_id: one for one in found}


async def of_person(session: AsyncSession, person_id: int) -> list[Certificate]:
    """All certificates of a person, oldest first."""
    own = select(Signup.id).where(Signup.person_id == person_id).scalar_subquery()
    query = select(Certificate).where(Certificate.signup_id.in_(own)).order_by(Certificate.number)
    return list(await session.scalars(query))


async def _next_number(session: AsyncSession) -> int:
    await write_new_rows(session, Counter.__table__, [{"name": _COUNTER, "value": 0}], "name")  # type: ignore[arg-type]
    grown = update(Counter).where(Counter.name == _COUNTER).values(value=Counter.value + 1).returning(Counter.value)
    return int((await session.execute(grown)).scalar_one())
