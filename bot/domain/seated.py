"""What a sign-up is for: an event, or a group of a course, with its seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import courses, dependents
from bot.domain.courses import Course, Group, Session
from bot.domain.events import Event, EventState
from bot.domain.seats import Seating, Signup

_LARGEST: Final = 2**63 - 1  # that fits into the database
_MOST_DIGITS: Final = 19


@dataclass(frozen=True, slots=True)
class Seated:
    """An event, or a course with the group in it; no group for somebody who waits for any of them."""

    seating: Seating | None
    event: Event | None = None
    course: Course | None = None
    group: Group | None = None
    first: Session | None = None  # of the group's sessions

    def title(self, language: str) -> str:
        """As people are told it."""
        if self.event is not None:
            return self.event.title(language)
        return self.course.title(language) if self.course is not None else ""

    @property
    def what(self) -> str:
        """As it is counted: an event or a course."""
        return "event" if self.event is not None else "course"

    @property
    def sort(self) -> str:
        """The kind of an event, the level of a course."""
        if self.event is not None:
            return self.event.kind
        return self.course.level if self.course is not None else ""

    @property
    def zone(self) -> ZoneInfo | None:
        """Whose clock tells when it begins."""
        thing = self.event or self.group
        return ZoneInfo(thing.zone) if thing is not None else None

    @property
    def starts_at(self) -> datetime | None:
        """When it begins, by the clock of its place."""
        at = self.event.starts_at if self.event is not None else self.seating.starts_at if self.seating else None
        return at.astimezone(self.zone) if at is not None and self.zone is not None else None

    @property
    def ends_at(self) -> datetime | None:
        """When an event, or the first session of a group, ends."""
        thing = self.event or self.first
        return thing.ends_at.astimezone(self.zone) if thing is not None and self.zone is not None else None

    @property
    def place(self) -> str:
        """The id of the support point that runs it."""
        if self.seating is not None:
            return self.seating.place
        return self.course.place if self.course is not None else ""

    @property
    def where(self) -> str:
        """The address."""
        thing = self.event or self.group
        return thing.where if thing is not None else ""

    @property
    def map_url(self) -> str:
        """Where it is on a map."""
        thing = self.event or self.group
        return thing.map_url if thing is not None else ""

    @property
    def online_url(self) -> str:
        """Where it is on the web, for those who have a seat."""
        thing = self.event or self.group
        return thing.online_url if thing is not None else ""

    @property
    def changed_at(self) -> datetime | None:
        """When the desk changed it last."""
        thing = self.event or self.group
        return thing.changed_at if thing is not None else None

    @property
    def most_guests(self) -> int:
        """Whom one person may bring along."""
        return self.event.most_guests if self.event is not None else 0

    @property
    def called_off(self) -> bool:
        """Whether it does not take place."""
        return self.event is not None and self.event.state == EventState.CALLED_OFF


async def of_seating(session: AsyncSession, seating_id: int) -> Seated | None:
    """What has these seats."""
    seating = await session.get(Seating, seating_id, populate_existing=True)
    if seating is None:
        return None
    event = await session.get(Event, seating_id, populate_existing=True)
    if event is not None:
        return Seated(seating, event=event)
    group = await session.get(Group, seating_id, populate_existing=True)
    if group is None:
        return None
    held = [one for one in await courses.sessions(session, seating_id) if not one.called_off]
    return Seated(seating, None, await session.get(Course, group.course_id), group, held[0] if held else None)


async def of_signup(session: AsyncSession, signup: Signup) -> Seated | None:
    """What somebody has signed up for."""
    if signup.seating_id is not None:
        return await of_seating(session, signup.seating_id)
    kind, _colon, what = signup.list_key.partition(":")
    if kind == "event":
        return await of_seating(session, int(what))
    course = await session.get(Course, int(what))
    return Seated(None, course=course) if course is not None else None


async def own(session: AsyncSession, signup_id: str, caller_id: int) -> Signup | None:
    """A sign-up, if it is the caller's or that of somebody who is reached by them. `signup_id`: from a button."""
    number = number_of(signup_id)
    signup = await session.get(Signup, number, populate_existing=True) if number else None
    if signup is None or not await dependents.belongs(session, signup.person_id, caller_id):
        return None
    return signup


def number_of(what: str) -> int:
    """The id that a button or a link names; 0 for anything else."""
    number = int(what) if what.isascii() and what.isdecimal() and len(what) <= _MOST_DIGITS else 0
    return number if number <= _LARGEST else 0
