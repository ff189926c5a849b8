"""A mentor's own page in the chat that is linked to their log-in: requests, meetings, hours, days off, a break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import arranging, bookings, mentors, planning
from bot.domain.booking_news import Side
from bot.domain.bookings import Booking, BookingState, NotShown, Over, TimeGone
from bot.domain.mentors import Change, Mentor, MentorState
from bot.domain.slots import Block, Slot
from bot.domain.wall import read_clock, write_clock
from bot.i18n import Text, _, joined, raw, short_day, weekday_name
from flows.common import ENOUGH, SKIP, menu_button
from flows.meeting_lines import TITLE, Mine, for_mentor, gone, mine_of
from flows.menu import menu

_WEEK: Final = range(7)
_TOLD_BLOCKS: Final[dict[str, Block]] = {
    "morning": Block(9 * 60, 12 * 60), "afternoon": Block(13 * 60, 17 * 60), "evening": Block(17 * 60, 20 * 60),
}  # fmt: skip
_PARTS: Final[dict[str, Text]] = {
    "morning": _("Morning, 9 to 12"), "afternoon": _("Afternoon, 13 to 17"), "evening": _("Evening, 17 to 20"),
}  # fmt: skip
_OWN, _NONE, _BACK = "own", "none", "usual"
_SPAN: Final = re.compile(r"\s*([\d:.]{1,5})\s*(?:-|–|—|do|to)\s*([\d:.]{1,5})\s*")
_DAYS_OFF: Final = 14  # so many days ahead have a button; others are written in the console
_MOST_TIMES: Final = 3
_MOST_SHOWN: Final = 8
_REASON_CHARS: Final = 300
_STATES: Final[dict[str, Text]] = {
    MentorState.DRAFT: _("The desk is still preparing your page. Nobody can book you yet."),
    MentorState.ACTIVE: _("People can book you."),
    MentorState.PAUSED: _("You have a break: nobody new can book you."),
}
_REASONS: Final = (
    Option("time", _("No time now")), Option("topic", _("Not my topic")), Option("full", _("Too many people")),
    Option("other", _("Another reason")),
)  # fmt: skip


async def _me(talk: Talk) -> Mentor | None:
    return await talk.look(mentors.of_chat, talk.person.address_id)


async def mentoring(talk: Talk) -> Message:
    """What a mentor needs: who waits for an answer, when one meets whom, when one can be booked."""
    mentor = await _me(talk)
    if mentor is None:
        return await menu(talk)
    found = await talk.look(
        bookings.of_mentor, mentor.id, BookingState.ASKED, BookingState.AGREED, BookingState.SUGGESTED,
        since=talk.scene.now,
    )  # fmt: skip
    lines = [_STATES[mentor.state], *await _hours(talk, mentor)]
    lines.append(_("No meetings are coming.") if not found else _("Your meetings and requests are below."))
    paused = mentor.state == MentorState.PAUSED
    switch = Button(
        _("▶️ End the break") if paused else _("⏸ Take a break"), Bind("mentorpause", "no" if paused else "yes")
    )
    buttons = (
        *(_meeting(one) for one in found[:_MOST_SHOWN]),
        Button(_("🕐 My hours"), Bind("mentorhours")), Button(_("🏖 A day off"), Bind("mentoroff")),
        *((switch,) if mentor.state != MentorState.DRAFT else ()), menu_button(),
    )  # fmt: skip
    return Message(joined(lines), title=_("🗓 My mentor page"), buttons=buttons)


def _meeting(one: Booking) -> Button:
    label = (
        _("❓ {when}", when=one.local_start)
        if one.state == BookingState.ASKED
        else _("🤝 {when}", when=one.local_start)
    )
    return Button(label, Bind("booking", str(one.id)))


async def _hours(talk: Talk, mentor: Mentor) -> list[Text]:
    """The usual week and the days that are not as usual, as they can be booked."""
    week: dict[int, list[str]] = {}
    for one in await talk.look(mentors.hours, mentor.id):
        week.setdefault(one.weekday, []).append(f"{write_clock(one.opens)}-{write_clock(one.closes)}")
    language = talk.person.language
    lines = [raw(f"{weekday_name(day, language)}: {', '.join(times)}") for day, times in sorted(week.items())]
    if not lines:
        lines = [_("You have no hours yet, so nobody can book you. Please tell us when you have time.")]
    off = [
        one.day
        for one in await talk.look(mentors.other_days, mentor.id, _today(talk, mentor))
        if one.opens == one.closes
    ]
    if off:
        lines.append(_("Days off: {days}", days=off))
    return lines


def _today(talk: Talk, mentor: Mentor) -> date:
    return talk.scene.now.astimezone(ZoneInfo(mentor.zone)).date()


async def set_hours(talk: Talk) -> Message:
    """One weekday: parts of the day in a tap, or own times; what stood there before is replaced."""
    mentor = await _me(talk)
    if mentor is None:
        return await menu(talk)
    language = talk.person.language
    days = [Option(str(day), raw(weekday_name(day, language))) for day in _WEEK]
    day = int(await talk.choose("day", _("Which day of the week?"), days))
    blocks = await _blocks(talk, weekday_name(day, language))
    await talk.do(mentors.set_hours, mentor.id, Change(day, tuple(blocks)), talk.scene.now)
    said = _("Saved. Meetings that are agreed already stay.")
    return Message(said, tone=Tone.INFO, buttons=(_more_hours(), page_button(), menu_button()))


def _more_hours() -> Button:
    return Button(_("🕐 Another day"), Bind("mentorhours"))


def page_button() -> Button:
    """To the mentor's own page."""
    return Button(_("🗓 My mentor page"), Bind("mentoring"))


async def _blocks(talk: Talk, day: str) -> Sequence[Block]:
    """Parts of the day one after another until it is enough, or own times, or none."""
    chosen: list[str] = []
    text = _("{day}: when can people meet you?", day=day)
    while len(chosen) < len(_PARTS):
        left = [Option(part, label) for part, label in _PARTS.items() if part not in chosen]
        ends = [Option(ENOUGH, _("That is all"))] if chosen else [
            Option(_OWN, _("Other times")), Option(_NONE, _("Not on this day"))]  # fmt: skip
        shown = joined([text, _("Chosen: {list}", list=[_PARTS[one] for one in chosen])]) if chosen else text
        one = await talk.choose(f"part.{len(chosen)}", shown, [*left, *ends])
        if one == ENOUGH:
            break
        if one == _NONE:
            return ()
        if one == _OWN:
            return await _own_times(talk)
        chosen.append(one)
    return [_TOLD_BLOCKS[one] for one in chosen]


async def _own_times(talk: Talk) -> Sequence[Block]:
    example = "9:00-11:30, 15:00-17:00"
    words = await talk.text("times", _("Please write the times like this: {example}", example=example), most_chars=100)
    try:
        return [_read(part) for part in re.split(r"[,;\n]", words) if part.strip()]
    except ValueError:
        raise AskAgain("times", because=_("I cannot read this as times of the day.")) from None


def _read(span: str) -> Block:
    """`9:00-11:30`. Raises ValueError."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ValueError(span)
    block = Block(read_clock(found[1]), read_clock(found[2]))
    if block.opens >= block.closes:
        raise ValueError(span)
    return block


async def day_off(talk: Talk) -> Message:
    """A day on which nobody can book, or which is as usual again."""
    mentor = await _me(talk)
    if mentor is None:
        return await menu(talk)
    today = _today(talk, mentor)
    verb, _colon, told = talk.object.partition(":")
    if verb == _BACK:
        with_day = _read_day(told)
        if with_day is None:
            return gone()
        await talk.do(mentors.set_day, mentor.id, with_day, None, talk.scene.now)
        return Message(
            _("{day} is as usual again.", day=with_day), tone=Tone.INFO, buttons=(page_button(), menu_button())
        )
    days = [today + timedelta(days=number) for number in range(_DAYS_OFF)]
    options = [Option(day.isoformat(), raw(short_day(day, talk.person.language))) for day in days]
    day = date.fromisoformat(await talk.choose("day", _("On which day have you no time?"), options))
    await talk.do(mentors.set_day, mentor.id, day, (), talk.scene.now)
    held = await talk.look(bookings.of_mentor, mentor.id, *bookings.TAKEN, since=talk.scene.now)
    meant = [one for one in held if one.local_start.date() == day]
    lines = [_("Nobody new can book you on {day}.", day=day)]
    if meant:
        lines.append(_("There are meetings on this day already. They stay until you cancel them."))
    undo = Button(_("↩️ Undo"), Bind("mentoroff", f"{_BACK}:{day.isoformat()}"))
    return Message(joined(lines), tone=Tone.INFO,
                   buttons=(*(_meeting(one) for one in meant), undo, page_button(), menu_button()))  # fmt: skip


def _read_day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


async def pause(talk: Talk) -> Message:
    """A break, or its end. Whoever has asked already still gets an answer."""
    mentor = await _me(talk)
    if mentor is None:
        return await menu(talk)
    paused = talk.object == "yes"
    await talk.do(mentors.set_paused, mentor.id, talk.scene.now, paused=paused)
    if paused:
        said = _("You have a break now. Nobody new can book you; what is agreed stays.")
        back = Button(_("↩️ Undo"), Bind("mentorpause", "no"))
    else:
        said, back = _("Welcome back. People can book you again."), _more_hours()
    return Message(said, tone=Tone.INFO, buttons=(back, page_button(), menu_button()))


# Answers to a request


async def answer(talk: Talk) -> Message:
    """Accept, decline with a reason, or suggest other times."""
    number, _colon, verdict = talk.object.partition(":")
    mine = await mine_of(talk, number, Side.MENTOR)
    if mine is None:
        return Message(
            _("This request has gone to somebody else, or it is over."), buttons=(page_button(), menu_button())
        )
    if mine.booking.state not in {BookingState.ASKED, BookingState.SUGGESTED}:
        return _settled(mine, talk)
    match verdict:
        case "yes":
            return await _accept(talk, mine)
        case "no":
            return await _decline(talk, mine)
        case "other":
            return await _suggest(talk, mine)
    return gone()


def _settled(mine: Mine, talk: Talk) -> Message:
    lines = [
        _("This request is answered already."),
        *for_mentor(mine.booking, mine.mentor, talk.desk, talk.person.language),
    ]
    return Message(joined(lines), title=TITLE, buttons=(_card(mine), page_button(), menu_button()))


def _card(mine: Mine) -> Button:
    return Button(_("🤝 The meeting"), Bind("booking", mine.id))


async def _accept(talk: Talk, mine: Mine) -> Message:
    try:
        agreed = await talk.do(arranging.accept, mine.booking.id, talk.desk, talk.scene.now)
    except Over:
        return gone()
    except NotShown:
        return Message(_("Your check at the desk has to be renewed first. Please ask the desk."),
                       buttons=(page_button(), menu_button()))  # fmt: skip
    await talk.do(planning.replan_booking, mine.booking.id, talk.desk, talk.scene.now)
    if agreed.state == BookingState.SUGGESTED:
        said = _("Thank you. The person wished another time, so we ask them first and tell you.")
    else:
        said = _("Thank you. The meeting is agreed: {when}. We tell the person.", when=agreed.local_start)
    return Message(said, tone=Tone.INFO, buttons=(_card(mine), page_button(), menu_button()))


async def _decline(talk: Talk, mine: Mine) -> Message:
    reason = await talk.choose(
        "reason", _("Why not? Only the desk sees it, and it helps to find somebody else."), _REASONS
    )
    words = await talk.text("words", _("Do you want to add something for the desk?"), private=True,
                            most_chars=_REASON_CHARS, skip=SKIP, tells=True)  # fmt: skip
    try:
        await talk.do(arranging.decline, mine.booking.id, f"{reason}: {words}" if words else reason, talk.scene.now)
    except Over:
        return gone()
    return Message(_("Thank you for answering. We ask somebody else."), tone=Tone.INFO,
                   buttons=(page_button(), menu_button()))  # fmt: skip


async def _suggest(talk: Talk, mine: Mine) -> Message:
    """Up to three of one's own free times."""
    free = (await talk.look(bookings.free, [mine.mentor], talk.scene.now, but=mine.booking.id))[mine.mentor.id]
    slots = [one for one in free if one.starts_at != mine.booking.starts_at]
    if not slots:
        return Message(_("You have no other free time. Please tell us first when you have time."),
                       buttons=(_more_hours(), page_button(), menu_button()))  # fmt: skip
    times = [(one.day, one.minute) for one in await _several(talk, mine, slots)]
    try:
        await talk.do(arranging.suggest, mine.booking.id, times, talk.scene.now)
    except TimeGone:
        raise AskAgain("day.0", because=_("One of these times is not free any more.")) from None
    except Over:
        return gone()
    return Message(_("Thank you. We ask the person which time suits them, and tell you."), tone=Tone.INFO,
                   buttons=(page_button(), menu_button()))  # fmt: skip


async def _several(talk: Talk, mine: Mine, slots: Sequence[Slot]) -> list[Slot]:
    """A day and a time, then perhaps more of them."""
    chosen: list[Slot] = []
    language, zone = talk.person.language, ZoneInfo(mine.mentor.zone)
    while len(chosen) < _MOST_TIMES:
        number = len(chosen)
        days = sorted({one.day for one in slots if one not in chosen})[:_MOST_SHOWN]
        options = [Option(day.isoformat(), raw(short_day(day, language))) for day in days]
        text = _("Which times do you suggest? Up to three.")
        if chosen:
            options.insert(0, Option(ENOUGH, _("That is all")))
            text = joined([text, _("Chosen: {list}", list=[one.starts_at.astimezone(zone) for one in chosen])])
        day = await talk.choose(f"day.{number}", text, options)
        if day == ENOUGH:
            break
        of_day = {str(one.minute): one for one in slots if one.day.isoformat() == day and one not in chosen}
        times = [Option(key, raw(write_clock(one.minute))) for key, one in of_day.items()]
        minute = await talk.choose(f"time.{number}", _("{day}: at what time?", day=date.fromisoformat(day)), times)
        chosen.append(of_day[minute])
    return chosen
