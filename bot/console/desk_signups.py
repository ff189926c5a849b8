"""What somebody at the desk is signed up for, and signing them up: a seat, or a place on the waiting list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.console.gate import Visit
from bot.domain import courses, events, policy, seated, seats, waiting
from bot.domain.people import Person
from bot.domain.policy import Verb
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Seating, Signup, SignupState
from bot.domain.waiting import Offer
from bot.i18n import Text, _
from flows.seated import places, when

_ENDED_FOR: Final = timedelta(days=1)  # so long a sign-up that has ended can be taken up again in one tap
_MOST_EVENTS: Final = 60

STATES: Final[dict[str, Text]] = {
    SignupState.GOING: _("Has a place"),
    SignupState.WAITING: _("Waits"),
    SignupState.OFFERED: _("A place is held"),
    SignupState.CANCELLED: _("Cancelled"),
    SignupState.DECLINED: _("Declined"),
    SignupState.EXPIRED: _("Did not answer"),
    SignupState.DROPPED: _("Stopped coming"),
    SignupState.CALLED_OFF: _("Called off by the desk"),
    SignupState.FINISHED: _("Finished"),
}


@dataclass(frozen=True, slots=True)
class Mine:
    """One sign-up of this person. `place`: on the waiting list, from 1."""

    signup: Signup = field(repr=False)
    thing: Seated
    title: str
    when: Text | None
    state: Text
    place: int = 0
    offer: Offer | None = None

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.signup.state in ACTIVE


@dataclass(frozen=True, slots=True)
class OnOffer:
    """Something to sign up for. `mine`: this person is, already."""

    thing: Seated
    seating: Seating
    title: str
    when: Text | None
    left: Text | None
    full: bool
    mine: bool

    @property
    def childcare(self) -> bool:
        """Whether children are looked after."""
        thing = self.thing.event or self.thing.group
        return thing is not None and thing.childcare


async def of_person(visit: Visit, person: Person) -> list[Mine]:
    """What has not ended, and what has ended a short while ago; soonest first."""
    session, now = visit.session, visit.house.now()
    found = []
    for signup in await seats.of_person(session, person.id):
        if signup.state not in ACTIVE and signup.changed_at < now - _ENDED_FOR:
            continue
        thing = await seated.of_signup(session, signup)
        if thing is None or _over(thing, now):
            continue
        waits = signup.state in {SignupState.WAITING, SignupState.OFFERED}
        place = await waiting.position(session, signup) if waits else 0
        offer = await waiting.open_offer(session, signup.id) if waits else None
        found.append(Mine(signup, thing, title(thing, visit.member.language), when(thing), STATES[signup.state], place,
                          offer))  # fmt: skip
    return sorted(found, key=lambda one: (not one.active, one.thing.starts_at or now, one.signup.id))


def _over(thing: Seated, now: datetime) -> bool:
    """A course goes on after its first session; an event does not."""
    return thing.event is not None and thing.event.ends_at <= now


def title(thing: Seated, language: str) -> str:
    """As it is called, with its group."""
    name = thing.title(language)
    return f"{name} · {thing.group.name}" if thing.group is not None else name


async def on_offer(visit: Visit, person: Person) -> dict[str, list[OnOffer]]:
    """Events, and groups of courses, that take people now."""
    session, now = visit.session, visit.house.now()
    things = [Seated(seating, event) for event, seating in await events.coming(session, now, _MOST_EVENTS)]
    for course in await courses.open_courses(session):
        things += [
            Seated(one.seating, None, course, one.group, one.sessions[0] if one.sessions else None)
            for one in await courses.open_groups(session, course.id, now)
        ]
    mine = {one.list_key for one in await seats.of_person(session, person.id) if one.state in ACTIVE}
    waits = await waiting.lengths(session, [one.seating.list_key for one in things if one.seating])
    found: dict[str, list[OnOffer]] = {events.KIND: [], courses.KIND: []}
    for thing in things:
        seating = thing.seating
        if seating is None or not visit.may(Verb.SIGN_UP_OTHERS, policy.Case(place=seating.place)):
            continue
        found[seating.kind].append(
            OnOffer(thing, seating, title(thing, visit.member.language), when(thing),
                    places(seating, waits[seating.list_key]), seats.free_seats(seating) <= 0, seating.list_key in mine)
        )  # fmt: skip
    return found
