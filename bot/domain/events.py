"""Events: workshops, mentor days, dinners and others, in one of which people have a seat; series of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, Index, String, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain import seats, waiting
from bot.domain.db import Base, Identity, Instant, new_id, new_token
from bot.domain.keeping import Keep, kept
from bot.domain.seats import Seating, Signup, SignupState
from bot.domain.waiting import Term
from bot.domain.wall import instant

KIND: Final = "event"
DOOR_OPENS: Final = timedelta(hours=3)  # before it begins, one can be checked in


class EventKind(StrEnum):
    """What sort of event it is; each has fields of its own (`FIELDS`)."""

    WORKSHOP = "workshop"
    MENTOR_DAY = "mentor_day"
    DINNER = "dinner"  # a networking dinner
    STUDY_VISIT = "study_visit"
    MATCHMAKING = "matchmaking"
    STORY_EVENING = "story_evening"
    WORLD_CAFE = "world_cafe"
    PITCHING = "pitching"
    OTHER = "other"


# What a kind has beside what every event has; all are short texts that staff write. Those in NEEDED stand before it
# is published: a mentor day has two experts (the Nordic project's rule).
FIELDS: Final[dict[EventKind, tuple[str, ...]]] = {
    EventKind.WORKSHOP: ("leader", "bring"),
    EventKind.MENTOR_DAY: ("expert_1", "expert_2", "topics"),
    EventKind.DINNER: ("speaker", "invited"),
    EventKind.STUDY_VISIT: ("host", "meeting_point"),
    EventKind.MATCHMAKING: ("offers", "needs"),
    EventKind.STORY_EVENING: ("tellers", "mentor"),
    EventKind.WORLD_CAFE: ("topics", "leader"),
    EventKind.PITCHING: ("pitches", "speaker"),
    EventKind.OTHER: ("leader",),
}
NEEDED: Final[dict[EventKind, tuple[str, ...]]] = {EventKind.MENTOR_DAY: ("expert_1", "expert_2")}


class EventState(StrEnum):
    """How far an event is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


class NotReady(Exception):
    """An event cannot be published; `lacks` names the fields that are empty."""

    def __init__(self, lacks: tuple[str, ...]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class Event(Base):
    """One event. Its id is that of its seating. `texts`: title and about by language. Nothing is about a person."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_day", "day"),)

    id: Mapped[int] = kept(Keep.DESK, Identity, ForeignKey("seatings.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = kept(Keep.DESK, String(16))
    series: Mapped[int | None] = kept(Keep.DESK, Identity, nullable=True, index=True)  # the id of its first event
    state: Mapped[str] = kept(Keep.DESK, String(12))
    day: Mapped[date] = kept(Keep.DESK, Date)
    minute: Mapped[int] = kept(Keep.DESK)  # of the local day at which it begins
    minutes: Mapped[int] = kept(Keep.DESK)  # how long it takes
    zone: Mapped[str] = kept(Keep.DESK, String(40))
    where: Mapped[str] = kept(Keep.DESK, String(200), default="")
    map_url: Mapped[str] = kept(Keep.DESK, String(300), default="")
    online_url: Mapped[str] = kept(Keep.DESK, String(300), default="")
    price: Mapped[str] = kept(Keep.DESK, String(80), default="")  # empty: free
    childcare: Mapped[bool] = kept(Keep.DESK, default=False)
    step_free: Mapped[bool | None] = kept(Keep.DESK, nullable=True)  # None: nobody has looked
    access: Mapped[str] = kept(Keep.DESK, String(300), default="")  # more about accessibility
    most_guests: Mapped[int] = kept(Keep.DESK, default=0)  # whom one person may bring along
    texts: Mapped[dict[str, Any]] = kept(Keep.DESK, JSON)
    fields: Mapped[dict[str, Any]] = kept(Keep.DESK, JSON)
    door: Mapped[str] = kept(Keep.DESK, String(24), unique=True)  # what the QR code at the door says
    sample: Mapped[bool] = kept(Keep.DESK, default=False)
    made_by: Mapped[int | None] = kept(Keep.DESK, Identity, nullable=True)
    made_at: Mapped[datetime] = kept(Keep.DESK, Instant)
    changed_at: Mapped[datetime] = kept(Keep.DESK, Instant)

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins, derived from the place's wall time."""
        return instant(self.day, self.minute, ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def title(self, language: str) -> str:
        """The title in a language, else in Slovene, else in whatever there is."""
        return str(self._text(language).get("title", ""))

    def about(self, language: str) -> str:
        """What it is about, likewise."""
        return str(self._text(language).get("about", ""))

    def _text(self, language: str) -> dict[str, str]:
        told = {code: one for code, one in self.texts.items() if one.get("title")}
        return told.get(language) or told.get("sl") or next(iter(told.values()), {})


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff write of an event."""

    kind: EventKind
    day: date
    minute: int
    minutes: int
    zone: str
    place: str
    seats: int | None
    texts: dict[str, dict[str, str]]
    where: str = ""
    map_url: str = ""
    online_url: str = ""
    price: str = ""
    childcare: bool = False
    step_free: bool | None = None
    access: str = ""
    most_guests: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    sample: bool = False


_TOLD: Final = ("kind", "day", "minute", "minutes", "zone", "where", "map_url", "online_url", "price", "childcare",
                "step_free", "access", "most_guests", "texts", "fields", "sample")  # fmt: skip


async def make(
    session: AsyncSession, plan: Plan, now: datetime, *, by: int | None = None, series: int | None = None
) -> Event:
    """A new event that nobody sees yet."""
    fresh = new_id()
    starts_at = instant(plan.day, plan.minute, ZoneInfo(plan.zone))
    session.add(Seating(id=fresh, kind=KIND, list_key=list_key(fresh), place=plan.place, seats=plan.seats, taken=0,
                        wanted="", open=False, starts_at=starts_at))  # fmt: skip
    await session.flush()
    event = Event(id=fresh, series=series, state=EventState.DRAFT, door=new_token(), made_by=by, made_at=now,
                  changed_at=now, **{name: getattr(plan, name) for name in _TOLD})  # fmt: skip
    session.add(event)
    await session.flush()
    return event


async def change(session: AsyncSession, event_id: int, plan: Plan, term: Term) -> Event | None:
    """Write an event anew; new seats are offered to those who wait. Raises TooFewSeats."""
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None:
        return None
    await waiting.change_seats(session, event_id, plan.seats, term)
    for name in _TOLD:
        setattr(event, name, getattr(plan, name))
    event.changed_at = term.now
    seating = await session.get_one(Seating, event_id)
    seating.starts_at, seating.place = event.starts_at, plan.place
    await session.flush()
    return event


async def publish(session: AsyncSession, event_id: int, now: datetime) -> Event | None:
    """Let people see it and sign up. Raises NotReady."""
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None or event.state == EventState.CALLED_OFF:
        return None
    lacks = [] if any(one.get("title") for one in event.texts.values()) else ["title"]
    lacks += [name for name in NEEDED.get(EventKind(event.kind), ()) if not str(event.fields.get(name, "")).strip()]
    if lacks:
        raise NotReady(tuple(lacks))
    event.state, event.changed_at = EventState.PUBLISHED, now
    (await session.get_one(Seating, event_id)).open = True
    await session.flush()
    return event


async def call_off(session: AsyncSession, event_id: int, now: datetime) -> list[Signup]:
    """It does not take place. Returns those who had a seat or waited for one: tell each."""
    await seats.hold(session)
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None or event.state == EventState.CALLED_OFF:
        return []
    event.state, event.changed_at = EventState.CALLED_OFF, now
    await session.flush()
    waited = await waiting.close_list(session, list_key(event_id), SignupState.CALLED_OFF, now)
    return [*await waiting.close(session, event_id, now), *waited]


async def coming(session: AsyncSession, now: datetime, most: int = 20) -> list[tuple[Event, Seating]]:
    """Published events that have not begun, soonest first."""
    rows = await session.execute(
        select(Event, Seating)
        .join(Seating, Seating.id == Event.id)
        .where(Event.state == EventState.PUBLISHED, Seating.starts_at > now)
        .order_by(Seating.starts_at, Event.id)
        .limit(most),
        execution_options={"populate_existing": True},
    )
    return [(event, seating) for event, seating in rows]


async def find(session: AsyncSession, event_id: int) -> tuple[Event, Seating] | None:
    """An event that people have seen, with its seats, as it is now; none that is still a draft."""
    rows = await session.execute(
        select(Event, Seating)
        .join(Seating, Seating.id == Event.id)
        .where(Event.id == event_id, Event.state != EventState.DRAFT),
        execution_options={"populate_existing": True},
    )
    found = rows.one_or_none()
    return (found[0], found[1]) if found is not None else None


def door_is_open(event: Event, now: datetime) -> bool:
    """Whether those who come can be checked in now."""
    return event.state == EventState.PUBLISHED and event.starts_at - DOOR_OPENS <= now <= event.ends_at


async def just_over(session: AsyncSession, now: datetime, within: timedelta) -> list[Event]:
    """Events that took place and ended so lately."""
    earliest = now - within - timedelta(days=2)  # none takes longer than that
    rows = await session.scalars(
        select(Event)
        .join(Seating, Seating.id == Event.id)
        .where(Event.state == EventState.PUBLISHED, Seating.starts_at <= now, Seating.starts_at > earliest)
        .order_by(Event.id)
    )
    return [one for one in rows if now - within < one.ends_at <= now]


async def still_waited_for(session: AsyncSession, now: datetime) -> list[int]:
    """Events that have begun while somebody is on their waiting list."""
    waits = Signup.state.in_((SignupState.WAITING, SignupState.OFFERED))
    rows = select(Seating.id).where(
        Seating.kind == KIND, Seating.starts_at <= now,
        exists().where(Signup.list_key == Seating.list_key, waits),
    )  # fmt: skip
    return list(await session.scalars(rows.order_by(Seating.id)))


async def by_door(session: AsyncSession, door: str) -> Event | None:
    """The event whose QR code this is."""
    return (await session.scalars(select(Event).where(Event.door == door))).one_or_none()


def list_key(event_id: int) -> str:
    """Where one waits for it."""
    return f"event:{event_id}"
