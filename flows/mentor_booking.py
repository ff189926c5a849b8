"""One meeting with a mentor: look at it, move it, call it off, or choose among suggested times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import arranging, bookings, mentors, planning
from bot.domain.booking_news import Side
from bot.domain.bookings import TAKEN, Booking, BookingState, Busy, NotShown, Over, TimeGone
from bot.domain.slots import Slot
from bot.domain.wall import instant
from bot.i18n import Text, _, joined
from flows.common import menu_button, person_button
from flows.free_times import DAY, choose_time
from flows.meeting_lines import (
    SUBJECT,
    TITLE,
    Mine,
    answer_buttons,
    for_mentor,
    for_person,
    gone,
    meeting_button,
    mentors_button,
    met_buttons,
    mine_of,
)

_NONE: Final = "none"
_STATES: Final[dict[str, Text]] = {
    BookingState.ASKED: _("We wait for the mentor's answer."),
    BookingState.SUGGESTED: _("The mentor suggests other times."),
    BookingState.AGREED: _("This meeting is agreed."),
    BookingState.DECLINED: _("This mentor has no time."),
    BookingState.LAPSED: _("There was no answer in time."),
    BookingState.CANCELLED: _("This meeting is cancelled."),
    BookingState.MET: _("This meeting took place."),
    BookingState.MISSED: _("This meeting did not take place."),
    BookingState.ALONE: _("This meeting did not take place."),
}
_LOOKING: Final = _("This mentor has no time. We look for somebody else.")
_PASSED_ON: Final = (BookingState.ASKED, BookingState.SUGGESTED, BookingState.DECLINED)


async def booking(talk: Talk) -> Message:
    """The meeting as it stands, and what can be done with it; the mentor sees their own side."""
    mine = await mine_of(talk, talk.object)
    if mine is None:
        return gone()
    return card(talk, mine)


def card(talk: Talk, mine: Mine) -> Message:
    """The same for a booking that was just looked up."""
    one, past = mine.booking, mine.booking.starts_at <= talk.scene.now
    state = _LOOKING if one.state == BookingState.DECLINED and one.answer_by is not None else _STATES[one.state]
    if mine.side is Side.PERSON:
        lines = [state, *for_person(one, mine.mentor, talk.desk)]
    else:
        lines = [state, *for_mentor(one, mine.mentor, talk.desk, talk.person.language)]
    if one.state == BookingState.AGREED and past:
        lines.append(_("Did this meeting take place?"))
    home = person_button(SUBJECT) if mine.side is Side.PERSON else _page_button()
    return Message(joined(lines), title=TITLE, buttons=(*_deeds(mine, past=past), home, menu_button()))


def _page_button() -> Button:
    return Button(_("🗓 My mentor page"), Bind("mentoring"))


def _deeds(mine: Mine, *, past: bool) -> Sequence[Button]:
    one, number = mine.booking, mine.id
    for_the_person = mine.side is Side.PERSON
    cancel = Button(_("❌ Cancel it"), Bind("unbook", number))
    move = [Button(_("🕐 Another time"), Bind("rebook", number))] if for_the_person and one.event_id is None else []
    touch = (
        Button(_("✍️ Write"), Bind("bookwrite", number)),
        Button(_("📇 Give my contact"), Bind("bookshare", number)),
    )
    match one.state:
        case BookingState.AGREED if past:
            return (*met_buttons(number), *touch)
        case BookingState.AGREED:
            return (*touch, *move, cancel)
        case BookingState.MET:
            return (*touch, *([mentors_button()] if for_the_person else []))
        case BookingState.ASKED if not for_the_person:
            return answer_buttons(number)
        case BookingState.SUGGESTED if for_the_person and not past:
            return (Button(_("🕐 See the times"), Bind("booktime", number)), cancel)
        case _waiting if one.state in _PASSED_ON and one.answer_by is not None and not past:
            return (*(move if one.state in TAKEN else []), *([cancel] if for_the_person else []))
        case _over:
            return (mentors_button(),) if for_the_person else ()


async def rebook(talk: Talk) -> Message:
    """Another time with the same mentor, who is asked again."""
    mine = await mine_of(talk, talk.object, Side.PERSON)
    if mine is None:
        return gone()
    one, mentor = mine.booking, mine.mentor
    if one.state not in TAKEN or one.event_id is not None or one.starts_at <= talk.scene.now:
        return card(talk, mine)
    free = await _free(talk, one)
    if not free:
        return Message(
            _("{name} has no other free time now. The meeting stays as it is.", name=mentor.name),
            buttons=(meeting_button(mine.id), person_button(SUBJECT), menu_button()),
        )  # fmt: skip
    slot = await choose_time(talk, _("When can you come? These days {name} is free.", name=mentor.name), free)
    when = slot.starts_at.astimezone(ZoneInfo(mentor.zone))
    sure = _("Ask {name} for {when} instead? The old time is given up, and {name} has to agree again.",
             name=mentor.name, when=when)  # fmt: skip
    if not await talk.confirm("sure", sure):
        return _stays(mine)
    try:
        await talk.do(arranging.change_time, one.id, slot.day, slot.minute, talk.desk, talk.scene.now)
    except TimeGone:
        raise AskAgain(DAY, because=_("Somebody else has this time now. Please choose another one.")) from None
    except Busy:
        raise AskAgain(DAY, because=_("You have another meeting at this time. Please choose another one.")) from None
    except (Over, NotShown):
        return gone()
    await talk.do(planning.replan_booking, one.id, talk.desk, talk.scene.now)
    return Message(
        _("We ask {name} for the new time. You get the answer here.", name=mentor.name), tone=Tone.INFO,
        buttons=(meeting_button(mine.id), menu_button()),
    )  # fmt: skip


async def _free(talk: Talk, one: Booking) -> Sequence[Slot]:
    mentor = await talk.look(mentors.get, one.mentor_id)
    if mentor is None:
        return []
    free = (await talk.look(bookings.free, [mentor], talk.scene.now, but=one.id))[mentor.id]
    return [slot for slot in free if slot.starts_at != one.starts_at]


def _stays(mine: Mine) -> Message:
    return Message(_("Fine, everything stays as it is."), buttons=(meeting_button(mine.id), menu_button()))


async def unbook(talk: Talk) -> Message:
    """Call it off. The person can take that back while the time is free."""
    mine = await mine_of(talk, talk.object)
    if mine is None:
        return gone()
    one = mine.booking
    sure = _("Cancel the meeting on {when}? The other side is told.", when=one.local_start)
    if not await talk.confirm("sure", sure):
        return _stays(mine)
    try:
        await talk.do(arranging.cancel, one.id, mine.side, talk.desk, talk.scene.now)
    except Over:
        return gone()
    await talk.do(planning.replan_booking, one.id, talk.desk, talk.scene.now)
    undo = Button(_("↩️ Undo"), Bind("keepbooking", mine.id))
    buttons = (undo, mentors_button(), person_button(SUBJECT)) if mine.side is Side.PERSON else (_page_button(),)
    return Message(_("The meeting is cancelled."), tone=Tone.INFO, buttons=(*buttons, menu_button()))


async def keep_booking(talk: Talk) -> Message:
    """It was called off by mistake."""
    mine = await mine_of(talk, talk.object, Side.PERSON)
    if mine is None:
        return gone()
    try:
        await talk.do(arranging.restore, mine.booking.id, talk.desk, talk.scene.now)
    except Over:
        return card(talk, mine)
    except (TimeGone, Busy, NotShown):
        return Message(
            _("This time is not free any more. You can look for another one."),
            buttons=(mentors_button(), person_button(SUBJECT), menu_button()),
        )
    await talk.do(planning.replan_booking, mine.booking.id, talk.desk, talk.scene.now)
    return Message(_("Good, the meeting stands again."), tone=Tone.INFO,
                   buttons=(meeting_button(mine.id), menu_button()))  # fmt: skip


async def take_time(talk: Talk) -> Message:
    """One of the times that the mentor suggests, or none of them: then somebody else is asked."""
    mine = await mine_of(talk, talk.object, Side.PERSON)
    if mine is None:
        return gone()
    one, zone = mine.booking, ZoneInfo(mine.mentor.zone)
    if one.state != BookingState.SUGGESTED or one.starts_at <= talk.scene.now:
        return card(talk, mine)
    times = {f"{day.isoformat()}.{minute}": (day, minute) for day, minute in one.suggested}
    options = [
        Option(key, _("{when}", when=instant(day, minute, zone).astimezone(zone)))
        for key, (day, minute) in times.items()
    ]
    options.append(Option(_NONE, _("None of these")))
    text = _("{name} can meet you at these times. Which one suits you?", name=mine.mentor.name)
    chosen = await talk.choose("time", text, options)
    try:
        if chosen == _NONE:
            await talk.do(arranging.refuse_suggested, one.id, talk.scene.now)
            return Message(
                _("Fine. We look for somebody else who suits you, and write to you here."), tone=Tone.INFO,
                buttons=(meeting_button(mine.id), mentors_button(), person_button(SUBJECT), menu_button()),
            )  # fmt: skip
        day, minute = times[chosen]
        await talk.do(arranging.take_suggested, one.id, day, minute, talk.desk, talk.scene.now)
    except TimeGone:
        raise AskAgain("time", because=_("Somebody else has this time now. Please choose another one.")) from None
    except Busy:
        raise AskAgain("time", because=_("You have another meeting at this time. Please choose another one.")) from None
    except (Over, NotShown):
        return gone()
    await talk.do(planning.replan_booking, one.id, talk.desk, talk.scene.now)
    return Message(
        _("Agreed: you meet {name} on {when}.", name=mine.mentor.name,
          when=instant(day, minute, zone).astimezone(zone)),
        tone=Tone.INFO, buttons=(meeting_button(mine.id), menu_button()),
    )  # fmt: skip
