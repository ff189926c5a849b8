"""People whom staff write down at the desk. Only these can be looked up there, by name or phone; no stranger's chat."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats
from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.people import Person, still_fresh
from bot.domain.sealed import fingerprint

NAME_CHARS: Final = 80
PHONE_CHARS: Final = 30
MOST_FOUND: Final = 20
_LEAST_DIGITS: Final = 4  # fewer would list half of the town
_LEAST_LETTERS: Final = 2


class WalkIn(Base):
    """That the desk wrote somebody down. `mark`: a fingerprint of name and phone, so that a list finds them again."""

    __tablename__ = "walk_ins"

    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = kept(Keep.PERSON, Identity)
    place: Mapped[str] = kept(Keep.PERSON, String(40))
    mark: Mapped[str] = kept(Keep.PERSON, String(40), index=True)
    made_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells at the desk; a nickname is enough, and there may be no phone."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str

    @property
    def mark(self) -> str:
        """By which the same is found again."""
        return fingerprint("walk-in", f"{' '.join(sorted(words_of(self.name)))}:{digits_of(self.phone)}")


class KnownAlready(Exception):
    """Somebody of this name and phone is written down already."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


def words_of(name: str) -> list[str]:
    """The words of a name without accents and capitals, so that `Zoe` finds `Zoë`."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        sign if sign.isalnum() else "" if unicodedata.combining(sign) or sign in "'’`" else " " for sign in plain
    ).split()


def digits_of(phone: str) -> str:
    """The digits of a telephone number in any script, without what stands for the way out of the country."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in phone if sign.isdecimal())
    return digits.removeprefix("00")


async def write_down(
    session: AsyncSession, told: Told, place: str, staff_id: int, now: datetime, *, another: bool = False
) -> Person:
    """A new record. Raises KnownAlready, unless it is `another` person of the same name and phone."""
    known = await session.scalar(select(WalkIn.person_id).where(WalkIn.mark == told.mark).limit(1))
    if known is not None and not another:
        raise KnownAlready(known)
    person = Person(
        id=new_id(), pseudonym=secrets.token_hex(16), language=told.language, language_chosen=True,
        name=" ".join(told.name.split()), phone=told.phone.strip() or None, created_at=now, seen_at=now,
    )  # fmt: skip
    session.add(person)
    await session.flush()
    session.add(WalkIn(person_id=person.id, staff_id=staff_id, place=place, mark=told.mark, made_at=now))
    await session.flush()
    return person


async def change(session: AsyncSession, person: Person, told: Told, now: datetime) -> None:
    """Write name, phone and language anew."""
    person.name, person.phone, person.language = " ".join(told.name.split()), told.phone.strip() or None, told.language
    (await session.get_one(WalkIn, person.id)).mark = told.mark
    await touch(session, person, now)


async def touch(session: AsyncSession, person: Person, now: datetime) -> None:
    """They were here: they are kept as if they had written."""
    if not still_fresh(person.seen_at, now):
        person.seen_at = now
    await session.flush()


async def find(session: AsyncSession, typed: str) -> list[Person]:
    """Records whose name has words that begin like each of these, or whose phone is this; by name.

    One more than `MOST_FOUND` at most; nothing for too little to look for.
    """
    words, digits = words_of(typed), digits_of(typed)
    by_phone = len(digits) >= _LEAST_DIGITS and not any(sign.isalpha() for sign in typed)
    if not by_phone and len("".join(words)) < _LEAST_LETTERS:
        return []
    rows = await session.execute(
        select(Person.id, Person.name, Person.phone)
        .join(WalkIn, WalkIn.person_id == Person.id)
        .where(Person.merged_into.is_(None), Person.leaving_at.is_(None))
    )  # sealed, so that no database can search them; a desk has some thousands at most
    found = [
        (words_of(name or ""), row_id)
        for row_id, name, phone in rows
        if (_same_phone(digits, digits_of(phone or "")) if by_phone else _begins(words, words_of(name or "")))
    ]
    ids = [row_id for _name, row_id in sorted(found)[: MOST_FOUND + 1]]
    people = {one.id: one for one in await session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [people[one] for one in ids]


def _begins(typed: list[str], name: list[str]) -> bool:
    return all(any(word.startswith(one) for word in name) for one in typed)


def _same_phone(typed: str, known: str) -> bool:
    """From its beginning, or to its end: with the country's number or without it."""
    return bool(known) and (known.startswith(typed) or known.endswith(typed.lstrip("0") or typed))


async def by_mark(session: AsyncSession, marks: list[str]) -> dict[str, int]:
    """Who is written down under these marks."""
    rows = await session.execute(
        select(WalkIn.mark, WalkIn.person_id).where(WalkIn.mark.in_(marks)).order_by(WalkIn.person_id.desc())
    )
    return dict(rows.all())


async def record(session: AsyncSession, person_id: int, *, alone: bool = False) -> Person | None:
    """The person of a record, also of one that has joined a chat since. `alone`: nobody joins it until the commit."""
    if alone:
        await seats.hold(session)
    query = select(Person).where(Person.id == person_id, Person.leaving_at.is_(None))
    person = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if person is not None and person.merged_into is not None:
        return await record(session, person.merged_into)
    written = await session.scalar(select(WalkIn.person_id).where(WalkIn.person_id == person_id))
    return person if written is not None else None
