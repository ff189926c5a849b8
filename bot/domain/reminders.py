"""Reminders: a row for each, with the instant at which it is due. Claimed once, sent once, or skipped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, and_, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, write_new_rows
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address, Person
from bot.domain.sealed import Sealed, fingerprint
from bot.domain.seats import Remind, Signup

AT: Final = time(9)  # local, for what has a day and no hour
SHOWN_FOR: Final = timedelta(days=7)  # how long staff see what came too late
_WAITING: Final = "state = 'waiting'"


class ReminderState(StrEnum):
    """What became of a reminder."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"  # done, out of date, or they want no messages
    MISSED = "missed"  # it could not be sent before the start: staff see it
    CALL = "call"  # somebody of the desk telephones
    CALLED = "called"
    NO_ANSWER = "noanswer"  # they were called and did not answer


# That can still be taken back or changed.
OPEN: Final = (ReminderState.WAITING, ReminderState.CALL, ReminderState.NO_ANSWER)
CALLS: Final = (ReminderState.CALL, ReminderState.CALLED, ReminderState.NO_ANSWER)
_STAFF_SEE: Final = (*CALLS, ReminderState.MISSED)


class Reminder(Base):
    """One reminder. `about` names kind and object; `occasion` is unique, so that it is made once."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_waiting", "due_at", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
        Index("ix_reminders_state", "state", "due_at"),
    )

    id: Mapped[int] = kept(Keep.PERSON, Identity, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), index=True)
    address_id: Mapped[int | None] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), nullable=True, index=True)
    occasion: Mapped[str] = kept(Keep.PERSON, String(40), unique=True)
    about: Mapped[str] = kept(Keep.PERSON, Sealed("reminders.about"))
    day: Mapped[date] = kept(Keep.PERSON, Date)
    due_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    late_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    starts_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)  # None: it has a day and no hour
    lead_minutes: Mapped[int] = kept(Keep.PERSON, default=0, server_default=text("0"))
    remind: Mapped[str] = kept(Keep.PERSON, String(8), default=Remind.CHAT, server_default=text("'chat'"))
    state: Mapped[str] = kept(Keep.PERSON, String(8))
    called_by: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)
    called_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is written to, where, and how: the person themselves, or whoever reaches them."""

    person_id: int
    address_id: int
    sender: str
    language: str
    discreet: bool
    quiet_from: int
    quiet_until: int


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come. Without a reader nobody can be written to; `unwanted`: they want nothing."""

    id: int
    person_id: int
    about: str = field(repr=False)
    late_at: datetime
    starts_at: datetime | None
    lead_minutes: int
    reader: Reader | None
    unwanted: bool = False

    @property
    def sender(self) -> str:
        """Whose conversation it goes to; empty without one."""
        return self.reader.sender if self.reader is not None else ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that should be there."""

    about: str
    key: str  # that makes it another one: its lead, or "call"
    day: date
    due_at: datetime
    starts_at: datetime
    lead_minutes: int
    remind: Remind
    address_id: int | None
    state: ReminderState = ReminderState.WAITING


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), zone)


async def plan(
    session: AsyncSession, person_id: int, about: str, days: Iterable[date], last_day: date, now: datetime,
    zone: ZoneInfo,
) -> list[date]:  # fmt: skip
    """Remind of `about` on these days at nine, in place of what was planned; after `last_day` it is too late.

    Returns the days that are still to come.
    """
    await cancel(session, person_id, about)
    return await add(session, person_id, about, days, last_day, now, zone)


async def add(
    session: AsyncSession, person_id: int, about: str, days: Iterable[date], last_day: date, now: datetime,
    zone: ZoneInfo,
) -> list[date]:  # fmt: skip
    """The same beside what is planned already."""
    coming = [day for day in sorted(set(days)) if datetime.combine(day, AT, zone) > now]
    rows = [
        _row(person_id, about, day.isoformat(), day=day, due_at=datetime.combine(day, AT, zone),
             late_at=_midnight_after(last_day, zone))
        for day in coming
    ]  # fmt: skip
    await write_new_rows(session, Reminder.__table__, rows, "occasion")  # type: ignore[arg-type]
    return coming


def _row(person_id: int, about: str, key: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": new_id(), "person_id": person_id, "occasion": _occasion(person_id, about, key), "about": about,
        "address_id": None, "starts_at": None, "lead_minutes": 0, "remind": Remind.CHAT,
        "state": ReminderState.WAITING, **values,
    }  # fmt: skip


def _occasion(person_id: int, about: str, key: str) -> str:
    return fingerprint("reminder", f"{person_id}:{about}:{key}")


async def arrange(
    session: AsyncSession, person_id: int, abouts: Collection[str], wanted: Sequence[Planned], now: datetime
) -> None:
    """Make what is planned about these things be `wanted`: the rest is taken back, what was sent stays sent.

    An `about` that ends with a colon stands for all that begin with it. A message whose time has passed is not planned
    any more, but one that waits still goes. Doing it twice changes nothing.
    """
    rows = {_key(person_id, one): one for one in wanted}
    for one in await _open_about(session, person_id, abouts):
        plan_ = rows.get(one.occasion)
        if plan_ is None:
            await session.execute(delete(Reminder).where(Reminder.id == one.id, Reminder.state.in_(OPEN)))
        elif one.state == ReminderState.WAITING:
            await session.execute(
                update(Reminder)
                .where(Reminder.id == one.id, Reminder.state == ReminderState.WAITING)
                .values(due_at=plan_.due_at, day=plan_.day, remind=plan_.remind, address_id=plan_.address_id)
            )
    fresh = [
        _row(person_id, one.about, one.key, day=one.day, due_at=one.due_at, late_at=one.starts_at,
             starts_at=one.starts_at, lead_minutes=one.lead_minutes, remind=one.remind, address_id=one.address_id,
             state=one.state) | {"occasion": occasion}
        for occasion, one in rows.items()
        if one.due_at > now or one.state != ReminderState.WAITING
    ]  # fmt: skip
    await write_new_rows(session, Reminder.__table__, fresh, "occasion")  # type: ignore[arg-type]


def _key(person_id: int, one: Planned) -> str:
    return _occasion(person_id, one.about, f"{one.starts_at.isoformat()}:{one.key}")


async def _open_about(session: AsyncSession, person_id: int, abouts: Collection[str]) -> list[Reminder]:
    """What is open and about one of these; their words are sealed, so all of the person's are read."""
    query = select(Reminder).where(Reminder.person_id == person_id, Reminder.state.in_(OPEN))
    rows = await session.scalars(query, execution_options={"populate_existing": True})
    return [one for one in rows if any(_matches(one.about, about) for about in abouts)]


def _matches(told: str, about: str) -> bool:
    return told == about or (about.endswith(":") and told.startswith(about))


async def cancel(session: AsyncSession, person_id: int, about: str) -> None:
    """Take back what waits and is about this; an `about` that ends with a colon stands for all that begin with it."""
    gone = [one.id for one in await _open_about(session, person_id, [about])]
    if gone:
        await session.execute(delete(Reminder).where(Reminder.id.in_(gone), Reminder.state.in_(OPEN)))


async def due(
    session: AsyncSession, now: datetime, most: int = 64, *, channels: Collection[str] | None = None,
    without: Collection[int] = (), lock: bool = False,
) -> list[Due]:  # fmt: skip
    """What waits and is due, longest first. `lock`: leave out what somebody else holds, and keep the rest for us."""
    query = (
        select(Reminder)
        .where(text(f"reminders.{_WAITING}"), Reminder.due_at <= now, Reminder.id.not_in(list(without)))
        .order_by(Reminder.due_at, Reminder.id)
        .limit(most)
    )
    if lock:
        query = query.with_for_update(skip_locked=True)
    found = list(await session.scalars(query, execution_options={"populate_existing": True}))
    readers = await _readers(session, found, channels)
    return [
        Due(one.id, one.person_id, one.about, one.late_at, one.starts_at, one.lead_minutes, *readers[one.id])
        for one in found
    ]


async def _readers(
    session: AsyncSession, found: Sequence[Reminder] | Sequence[Signup], channels: Collection[str] | None
) -> dict[int, tuple[Reader | None, bool]]:
    """Who is written to for each: at the address that it names, else at the newest that works."""
    people = {one.person_id for one in found}
    rows = await session.execute(select(Person.id, Person.reached_by, Person.discreet).where(Person.id.in_(people)))
    subjects = {row.id: row for row in rows}
    owners = people | {row.reached_by for row in subjects.values() if row.reached_by}
    named = [one.address_id for one in found if one.address_id]
    query = (
        select(Address, Person)
        .join(Person, Person.id == Address.person_id)
        .where(or_(Person.id.in_(owners), Address.id.in_(named)), Person.leaving_at.is_(None))
        .order_by(Address.id)
    )
    known = [(address, owner) for address, owner in await session.execute(query)]
    answer = {}
    for one in found:
        subject = subjects.get(one.person_id)
        ours = {one.person_id, subject.reached_by if subject is not None else None}
        theirs = [(a, p) for a, p in known if a.id == one.address_id or p.id in ours]
        usable = [(a, p) for a, p in theirs if a.unreachable_at is None and (channels is None or a.channel in channels)]
        wanted = [(a, p) for a, p in usable if p.stopped_at is None]
        best = max(wanted, key=lambda pair: _rank(one, *pair), default=None)
        discreet = bool(subject is not None and subject.discreet)
        reader = _reader(*best, discreet=discreet) if best is not None else None
        answer[one.id] = (reader, reader is None and any(p.stopped_at is not None for _a, p in theirs))
    return answer


async def readers(
    session: AsyncSession, signups: Sequence[Signup], channels: Collection[str] | None = None
) -> dict[int, Reader]:
    """Who is written to about each of these sign-ups, by its id; none for whoever wants nothing or has no chat."""
    found = await _readers(session, signups, channels)
    return {signup_id: reader for signup_id, (reader, _unwanted) in found.items() if reader is not None}


def _rank(one: Reminder | Signup, address: Address, owner: Person) -> tuple[bool, bool, bool, int]:
    chosen = one.remind == Remind.TELEGRAM and address.channel == "telegram"
    return chosen, address.id == one.address_id, owner.id == one.person_id, address.id


def _reader(address: Address, owner: Person, *, discreet: bool) -> Reader:
    return Reader(owner.id, address.id, address.sender, owner.language, owner.discreet or discreet, owner.quiet_from,
                  owner.quiet_until)  # fmt: skip


async def reachable(session: AsyncSession, person_id: int, address_id: int | None) -> bool:
    """Whether there is any chat in which somebody, or whoever reaches them, can be written to."""
    reached_by = select(Person.reached_by).where(Person.id == person_id, Person.reached_by.is_not(None))
    query = select(Address.id).where(
        or_(Address.person_id == person_id, Address.person_id.in_(reached_by.scalar_subquery()),
            Address.id == address_id),
        Address.unreachable_at.is_(None),
    )  # fmt: skip
    return await session.scalar(query.limit(1)) is not None


async def claim(session: AsyncSession, reminder_id: int, state: ReminderState) -> bool:
    """Give a waiting reminder its end; whether it was still waiting."""
    claimed = await session.scalar(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.state == ReminderState.WAITING)
        .values(state=state)
        .returning(Reminder.id)
    )
    return claimed is not None


async def hold(session: AsyncSession, reminder_id: int, until: datetime) -> None:
    """Let a waiting reminder wait longer."""
    await session.execute(
        update(Reminder).where(Reminder.id == reminder_id, Reminder.state == ReminderState.WAITING).values(due_at=until)
    )


async def of_person(session: AsyncSession, person_id: int) -> list[Reminder]:
    """All reminders of a person that are kept, by day."""
    return list(
        await session.scalars(
            select(Reminder).where(Reminder.person_id == person_id).order_by(Reminder.due_at, Reminder.id)
        )
    )


def over(now: datetime) -> ColumnElement[bool]:
    """Which rows nobody needs any more; what staff should see stays a week."""
    seen = Reminder.state.in_(_STAFF_SEE)
    return or_(and_(~seen, Reminder.late_at < now), Reminder.late_at < now - SHOWN_FOR)
