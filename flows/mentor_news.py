"""What each side of a meeting is told when something happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Document, Message, Tone
from bot.domain import planning
from bot.domain.booking_news import Side, What
from bot.domain.bookings import TAKEN, Booking, BookingState
from bot.domain.mentors import Mentor
from bot.domain.places import Desk
from bot.domain.wall import instant
from bot.i18n import Catalogs, Text, _, joined
from flows.common import menu_button, person_button
from flows.meeting_lines import (
    SUBJECT,
    TITLE,
    answer_buttons,
    for_mentor,
    for_person,
    meeting_button,
    mentors_button,
    met_buttons,
    place_of,
)
from flows.meeting_words import words_of
from flows.notices import Appointment, calendar_file

# In which states there is still something to tell; what is not here always is.
_WHILE: Final[Mapping[What, tuple[BookingState, ...]]] = {
    What.REQUEST: (BookingState.ASKED,),
    What.MOVED: (BookingState.ASKED,),
    What.RESTORED: TAKEN,
    What.PASSED: (BookingState.ASKED, BookingState.SUGGESTED),
    What.AGREED: (BookingState.AGREED,),
    What.SUGGESTED: (BookingState.SUGGESTED,),
    What.NOBODY: (BookingState.DECLINED, BookingState.LAPSED),
    What.CANCELLED: (BookingState.CANCELLED,),
    What.CHECK_IN: (BookingState.MET,),
}


@dataclass(frozen=True, slots=True)
class Tell:
    """What is to be told, to which side, of which booking (None: it went with the person)."""

    what: What
    side: Side
    mentor: Mentor
    booking: Booking | None
    desk: Desk
    language: str  # of whoever reads it
    words: Mapping[str, Any] = field(default_factory=dict, repr=False)


def holds(tell: Tell) -> bool:
    """Whether it is still so; what has changed meanwhile is not told."""
    one = tell.booking
    if one is None:
        return tell.what is What.GONE
    to_mentor = tell.side is Side.MENTOR
    if to_mentor and one.mentor_id != tell.mentor.id:
        return tell.what is What.LAPSED
    if tell.what is What.MET:
        return one.state == BookingState.AGREED and (one.met_mentor if to_mentor else one.met_person) is None
    if tell.what is What.WORDS and one.muted_by:
        return False
    if tell.what is What.NOBODY and one.answer_by is not None:
        return False
    return one.state in _WHILE.get(tell.what, tuple(BookingState))


def told(tell: Tell) -> Message:
    """The message, for somebody whose phone is their own."""
    return _to_mentor(tell) if tell.side is Side.MENTOR else _to_person(tell)


def in_calendar(tell: Tell, catalogs: Catalogs, now: datetime, *, discreet: bool) -> Document | None:
    """The file for the person's calendar, when a meeting is agreed or called off."""
    one = tell.booking
    if one is None or tell.side is Side.MENTOR or tell.what not in {What.AGREED, What.CANCELLED}:
        return None
    where = "" if one.online else place_of(tell.mentor, tell.desk)
    what = Appointment(
        _("Meeting with a mentor"), one.starts_at, one.ends_at, ZoneInfo(one.zone), where, changed_at=one.changed_at
    )
    return calendar_file(
        planning.about_booking(one.id), what, catalogs=catalogs, language=tell.language, discreet=discreet, now=now,
        called_off=tell.what is What.CANCELLED,
    )  # fmt: skip


def discreet(tell: Tell) -> Message:
    """The same for a phone that others may see: neither topic nor place nor people."""
    button = Button(_("Show"), Bind("booking", str(tell.booking.id))) if tell.booking is not None else menu_button()
    return Message(_("There is news about your appointment."), tone=Tone.INFO, buttons=(button,))


def _when(tell: Tell) -> Any:  # noqa: ANN401 - a date as sentences take it
    if tell.booking is not None and "day" not in tell.words:
        return tell.booking.local_start
    zone = ZoneInfo(str(tell.words["zone"]))
    day = date.fromisoformat(str(tell.words["day"]))
    return instant(day, int(tell.words["minute"]), zone).astimezone(zone)


def _to_person(tell: Tell) -> Message:
    one, name = tell.booking, tell.mentor.name
    assert one is not None  # noqa: S101 - only mentors hear of somebody who is gone
    desk = (person_button(SUBJECT), menu_button())
    mine = meeting_button(one.id)
    match tell.what:
        case What.AGREED:
            lines = [_("Good news: your meeting is agreed."), *for_person(one, tell.mentor, tell.desk)]
            share = Button(_("📇 Give my contact"), Bind("bookshare", str(one.id)))
            return _message(joined(lines), mine, Button(_("✍️ Write"), Bind("bookwrite", str(one.id))), share, *desk)
        case What.SUGGESTED:
            times = Button(_("🕐 See the times"), Bind("booktime", str(one.id)))
            return _message(_("{name} would like to meet you, but at another time.", name=name), times, mine, *desk)
        case What.PASSED:
            return _message(_passed(one, name), mine, *desk)
        case What.NOBODY:
            return _message(_("No mentor has time for this now. A person at the desk looks for one and writes to you "
                              "here."), mentors_button(), *desk)  # fmt: skip
        case What.LAPSED:
            return _message(_("Nobody answered in time, so this request has ended. You can ask again at any time."),
                            mentors_button(), *desk)  # fmt: skip
        case What.WORDS:
            return words_of(Side.PERSON, name, str(tell.words.get("text", "")), one.id)
        case What.CONTACT:
            return _message(_("You both agreed. You can reach {name} like this: {contact}", name=name,
                              contact=str(tell.words.get("contact", ""))), mine, *desk)  # fmt: skip
        case What.MET:
            return _message(_("Did you meet {name}? ({when})", name=name, when=one.local_start),
                            *met_buttons(one.id), *desk)  # fmt: skip
        case What.CHECK_IN:
            yes, no = (Button(label, Bind("bookstill", f"{one.id}:{said}"))
                       for label, said in ((_("Yes"), "yes"), (_("No"), "no")))  # fmt: skip
            return _message(_("Three months ago you met {name}. Are you still in touch?", name=name), yes, no, *desk)
        case _cancelled:
            return _message(_("The meeting with {name} cannot take place: {when}", name=name, when=one.local_start),
                            mentors_button(), *desk)  # fmt: skip


def _passed(one: Booking, name: str) -> Text:
    if one.details.get("other_time"):
        return _("The first mentor has no time. We ask {name} now, for another time: {when}. If {name} agrees, you are "
                 "asked too.", name=name, when=one.local_start)  # fmt: skip
    return _("The first mentor has no time. We ask {name} now, for the same time: {when}", name=name,
             when=one.local_start)  # fmt: skip


def _to_mentor(tell: Tell) -> Message:
    one, when = tell.booking, _when(tell)
    page = Button(_("🗓 My mentor page"), Bind("mentoring"))
    number = one.id if one is not None else 0
    match tell.what:
        case What.REQUEST | What.MOVED if one is not None:
            first = (_("Somebody would like to meet you.") if tell.what is What.REQUEST
                     else _("Somebody asks you for another time than before."))  # fmt: skip
            until = (one.answer_by or one.starts_at).astimezone(ZoneInfo(one.zone))
            lines = [first, *for_mentor(one, tell.mentor, tell.desk, tell.language),
                     _("Please answer until {when}. After that we ask somebody else.", when=until)]  # fmt: skip
            return _message(joined(lines), *answer_buttons(number), page)
        case What.RESTORED:
            return _message(_("The meeting takes place after all: {when}", when=when), meeting_button(number), page)
        case What.LAPSED:
            return _message(_("There was no answer in time, so this meeting does not take place: {when}", when=when),
                            page)  # fmt: skip
        case What.WORDS:
            return words_of(Side.MENTOR, "", str(tell.words.get("text", "")), number)
        case What.CONTACT:
            return _message(_("You both agreed. The person can be reached like this: {contact}",
                              contact=str(tell.words.get("contact", ""))), meeting_button(number), page)  # fmt: skip
        case What.MET:
            return _message(_("Did this meeting take place? {when}", when=when), *met_buttons(number), page)
        case _cancelled:
            return _message(_("This meeting is cancelled: {when}. The time is free again.", when=when), page)


def _message(text: Text, *buttons: Button) -> Message:
    return Message(text, title=TITLE, tone=Tone.NOTICE, buttons=buttons)
