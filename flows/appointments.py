"""What reminders say of events, sessions of courses and meetings with mentors."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Message
from bot.dialog.notices import Notice
from bot.domain import absences, bookings, courses, events, mentors, seated
from bot.domain.bookings import BookingState
from bot.domain.people import Person
from bot.domain.seated import Seated
from bot.domain.seats import Signup, SignupState
from bot.i18n import Text, _, joined, raw
from flows.meeting_lines import place_of
from flows.notices import Appointment, remind_of


async def event_notice(about: Notice) -> Message | None:
    """Of an event in which somebody has a seat; None when it is nothing to remind of any more."""
    found = await _held(about)
    if found is None:
        return None
    signup, thing = found
    if thing.event is None or thing.starts_at is None or thing.ends_at is None or thing.called_off:
        return None
    one = Appointment(
        raw(thing.title(about.language)), thing.starts_at, thing.ends_at, ZoneInfo(thing.event.zone), thing.where,
        thing.map_url, thing.online_url, thing.changed_at, await _for_whom(about, signup),
    )  # fmt: skip
    return remind_of(about, one, change=Bind("mysignup", str(signup.id)))


async def session_notice(about: Notice) -> Message | None:
    """The same of one session of a group."""
    found = await _held(about)
    if found is None or found[1].group is None:
        return None
    signup, thing = found
    held = [one for one in await courses.sessions(about.session, signup.seating_id or 0) if not one.called_off]
    session = next((one for one in held if one.id == about.number(1)), None)
    if session is None or session.id in await absences.excused(about.session, signup.id):
        return None
    whose = await _for_whom(about, signup)
    lines = [_("Session {n} of {all}", n=held.index(session) + 1, all=len(held)), *([whose] if whose else [])]
    one = Appointment(
        raw(thing.title(about.language)), session.starts_at, session.ends_at, ZoneInfo(session.zone), thing.where,
        thing.map_url, thing.online_url, thing.changed_at, joined(lines),
    )  # fmt: skip
    return remind_of(about, one, change=Bind("mysignup", str(signup.id)))


async def booking_notice(about: Notice) -> Message | None:
    """The same of a meeting with a mentor. What it is about is between the two of them."""
    booking = await bookings.get(about.session, about.number())
    if booking is None or booking.state != BookingState.AGREED:
        return None
    mentor = await mentors.get(about.session, booking.mentor_id)
    if mentor is None:
        return None
    found = await events.find(about.session, booking.event_id) if booking.event_id is not None else None
    where = map_url = ""
    if not booking.online:
        where = (found[0].where if found is not None else "") or place_of(mentor, about.desk)
        map_url = found[0].map_url if found is not None else ""
    one = Appointment(
        _("Meeting with a mentor"), booking.starts_at, booking.ends_at, ZoneInfo(booking.zone), where,
        map_url, "", booking.changed_at, raw(mentor.name),
    )  # fmt: skip
    return remind_of(about, one, change=Bind("rebook", str(booking.id)))


async def _held(about: Notice) -> tuple[Signup, Seated] | None:
    """The sign-up, if it still has a seat, and what it is for."""
    signup = await about.session.get(Signup, about.number(), populate_existing=True)
    if signup is None or signup.state != SignupState.GOING:
        return None
    thing = await seated.of_signup(about.session, signup)
    return (signup, thing) if thing is not None else None


async def _for_whom(about: Notice, signup: Signup) -> Text | None:
    """The name as given of somebody who is reached by another's phone, so that the reader knows who is meant."""
    person = await about.session.get(Person, signup.person_id)
    if person is None or person.reached_by is None:
        return None
    name = signup.name or person.name or ""
    return _("For: {name}", name=name) if name else None
