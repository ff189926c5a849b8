"""At the door: the QR code there checks in whoever has a place, and counts whoever just comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import attendance, events, happenings, seats
from bot.domain.attendance import Came, Guest
from bot.domain.events import Event, EventState
from bot.domain.happenings import Kind
from bot.domain.seats import Signup, SignupState
from bot.i18n import Text, _, _n, joined, raw
from flows.common import menu_button, person_button
from flows.seated import my_signup_button

_DAY: Final = timedelta(days=1)  # the desk's day may not be that of the event's clock


async def door(talk: Talk) -> Message:
    """Check in with a sign-up; without one, a tap tells whether a newcomer or somebody from here has come."""
    event = await talk.look(events.by_door, talk.object)
    if event is None or event.state == EventState.DRAFT:
        said = _("This code is not good any more. Please ask at the door.")
        return Message(said, buttons=(_events_button(), person_button("events"), menu_button()))
    closed = _closed(talk, event)
    if closed is not None:
        to_event = Button(_("📅 To the event"), Bind("event", str(event.id)))
        return Message(closed, buttons=(to_event, person_button("events"), menu_button()))
    signup = await talk.look(seats.active, events.list_key(event.id), talk.person.person_id)
    if signup is not None and signup.state == SignupState.GOING:
        return await _check_in(talk, event, signup)
    return await _walk_in(talk, event)


def _events_button() -> Button:
    return Button(_("📅 All events"), Bind("events"))


def _closed(talk: Talk, event: Event) -> Text | None:
    """Why nobody is checked in now."""
    if event.state == EventState.CALLED_OFF:
        return _("This event was called off. We are sorry.")
    if events.door_is_open(event, talk.scene.now):
        return None
    if event.ends_at < talk.scene.now:
        return _("This event is over.")
    opens = (event.starts_at - events.DOOR_OPENS).astimezone(ZoneInfo(event.zone))
    return _("You are early. The check-in begins: {time}", time=opens)


async def _check_in(talk: Talk, event: Event, signup: Signup) -> Message:
    guest = Guest.LOCAL if signup.details.get("origin") == Guest.LOCAL else Guest.NEWCOMER
    known = await talk.look(attendance.of_signup, event.id, signup.id)
    people = signup.seats
    if known is None or known.came != Came.YES:  # what staff have counted at the door stands
        await talk.do(
            attendance.mark, event.id, signup.id, Came.YES, talk.scene.now, people=people, guest=guest,
        )  # fmt: skip
        talk.note(Kind.ATTENDED, what=events.KIND, id=str(event.id), kind=event.kind)
        first = _("✅ Welcome! You are checked in.")
    else:
        people = known.people
        first = _("✅ You are checked in already. Welcome!")
    lines = [first, raw(event.title(talk.person.language)), _n("{n} person", "{n} people", people)]
    return Message(joined(lines), tone=Tone.INFO, buttons=(my_signup_button(signup.id), menu_button()))


async def _walk_in(talk: Talk, event: Event) -> Message:
    title = event.title(talk.person.language)
    welcome = _("✅ Welcome! You are counted. Please come in.")
    if await talk.look(happenings.has, Kind.WALKED_IN, talk.person.pseudonym, str(event.id), event.day - _DAY):
        return Message(joined([welcome, raw(title)]), tone=Tone.INFO, buttons=(menu_button(),))
    who = await talk.choose(
        "who", _("Welcome to {title}! You have no place booked, and that is fine. Who are you?", title=title),
        [Option(Guest.NEWCOMER, _("A newcomer")), Option(Guest.LOCAL, _("I am from here"))], private=True,
    )  # fmt: skip
    await talk.do(attendance.count_walk_in, event.id, Guest(who), 1, talk.scene.now)
    talk.note(Kind.WALKED_IN, what=events.KIND, id=str(event.id), kind=event.kind)
    return Message(joined([welcome, raw(title)]), tone=Tone.INFO, buttons=(_events_button(), menu_button()))
