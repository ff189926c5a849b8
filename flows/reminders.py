"""What people press below a reminder: they come, they cannot come, and that they can after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import absences, arranging, attendance, bookings, courses, dependents, planning, seated, waiting
from bot.domain.attendance import Came
from bot.domain.booking_news import Side
from bot.domain.bookings import Booking, BookingError, BookingState
from bot.domain.courses import Session
from bot.domain.happenings import Kind
from bot.domain.seats import SeatsError, Signup, SignupState
from bot.i18n import Text, _
from flows.common import menu_button, person_button
from flows.menu import menu_message
from flows.seated import my_signup_button, term
from flows.whom import note_for

_UNDO: Final = _("↩️ Undo")


@dataclass(frozen=True, slots=True)
class _Mine:
    """What a reminder is about, if it is the person's own or that of somebody whom they reach."""

    about: str
    starts_at: datetime  # by the clock of its place
    place: str
    going: bool
    signup: Signup | None = None
    session: Session | None = None
    booking: Booking | None = None
    sort: str = ""  # of event


async def coming(talk: Talk) -> Message:
    """They come."""
    mine = await _mine(talk)
    if mine is None or not mine.going:
        return _no_more()
    if mine.starts_at <= talk.scene.now:
        return _begun()
    if mine.session is not None and mine.signup is not None:
        await _set_excused(talk, mine.signup, mine.session, excused=False)
    else:
        await talk.do(planning.note_coming, mine.about, coming=True)
    return Message(
        _("Thank you! See you: {when}", when=mine.starts_at), tone=Tone.INFO,
        buttons=(Button(_("❌ Can't come"), Bind("cantcome", mine.about)), person_button(), menu_button()),
    )  # fmt: skip


async def cannot_come(talk: Talk) -> Message:
    """They cannot: the seat goes to the next, the meeting is called off, the session is excused. With a way back."""
    mine = await _mine(talk)
    if mine is None or not mine.going:
        return _no_more()
    if mine.starts_at <= talk.scene.now:
        return _begun()
    try:
        if mine.booking is not None:
            return await _call_off(talk, mine.booking)
        if mine.signup is not None and mine.session is not None:
            return await _excuse(talk, mine, mine.signup, mine.session)
        return await _leave(talk, mine)
    except (SeatsError, BookingError):
        return _no_more()


async def _leave(talk: Talk, mine: _Mine) -> Message:
    signup = mine.signup
    if signup is None:
        return _no_more()
    await talk.do(waiting.leave, signup.id, term(talk, mine.place))
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    await note_for(talk, signup.person_id, Kind.LEFT, what="event", id=str(signup.seating_id), kind=mine.sort)
    said = _("Your place is free for somebody else. Thank you for telling us.")
    return _done(said, Button(_UNDO, Bind("againseat", str(signup.id))))


async def _call_off(talk: Talk, booking: Booking) -> Message:
    await talk.do(arranging.cancel, booking.id, Side.PERSON, talk.desk, talk.scene.now)
    await talk.do(planning.replan_booking, booking.id, talk.desk, talk.scene.now)
    said = _("The meeting is cancelled, and the mentor is told. Thank you for telling us.")
    return _done(said, Button(_UNDO, Bind("keepbooking", str(booking.id))))


async def _excuse(talk: Talk, mine: _Mine, signup: Signup, session: Session) -> Message:
    await _set_excused(talk, signup, session, excused=True)
    said = _("You are excused this time, and your place in the course stays. Thank you for telling us.")
    return _done(said, Button(_UNDO, Bind("comeback", mine.about)), my_signup_button(signup.id))


def _done(said: Text, *buttons: Button) -> Message:
    return Message(said, tone=Tone.INFO, buttons=(*buttons, person_button(), menu_button()))


async def _set_excused(talk: Talk, signup: Signup, session: Session, *, excused: bool) -> None:
    if excused:
        await talk.do(attendance.mark, session.group_id, signup.id, Came.EXCUSED, talk.scene.now,
                      session_id=session.id)  # fmt: skip
    else:
        await talk.do(attendance.unmark, session.group_id, signup.id, session.id)
    await talk.do(absences.review, signup.id, talk.scene.now)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)


async def come_back(talk: Talk) -> Message:
    """They can come to this session after all."""
    mine = await _mine(talk)
    if mine is None or mine.signup is None or mine.session is None or not mine.going:
        return _no_more()
    if mine.starts_at <= talk.scene.now:
        return _begun()
    await _set_excused(talk, mine.signup, mine.session, excused=False)
    return _done(_("Good, you come after all. See you: {when}", when=mine.starts_at))


def _no_more() -> Message:
    return menu_message(_("You are not signed up for this any more."))


def _begun() -> Message:
    return menu_message(_("This has already begun or is over."))


async def _mine(talk: Talk) -> _Mine | None:
    """What the button names; None for what is not there, or somebody else's."""
    kind, _colon, rest = talk.object.partition(":")
    first, _colon, second = rest.partition(":")
    if kind == "booking":
        return await _my_booking(talk, seated.number_of(first))
    if kind not in {"event", "session"}:
        return None
    signup = await talk.look(seated.own, first, talk.person.person_id)
    thing = await talk.look(seated.of_signup, signup) if signup is not None else None
    if signup is None or thing is None:
        return None
    going = signup.state == SignupState.GOING and not thing.called_off
    if kind == "event" and thing.event is not None and thing.starts_at is not None:
        return _Mine(
            planning.about_event(signup.id), thing.starts_at, thing.place, going, signup, sort=thing.event.kind
        )
    held = await talk.look(courses.sessions, signup.seating_id or 0) if kind == "session" else []
    session = next((one for one in held if one.id == seated.number_of(second)), None)
    if session is None:
        return None
    starts_at = session.starts_at.astimezone(ZoneInfo(session.zone))
    about = planning.about_session(signup.id, session.id)
    return _Mine(about, starts_at, thing.place, going and not session.called_off, signup, session)


async def _my_booking(talk: Talk, booking_id: int) -> _Mine | None:
    booking = await talk.look(bookings.get, booking_id)
    if booking is None or not await talk.look(dependents.belongs, booking.person_id, talk.person.person_id):
        return None
    going = booking.state == BookingState.AGREED
    return _Mine(planning.about_booking(booking.id), booking.local_start, talk.desk.place.id, going, booking=booking)
