"""My things: open questions, sign-ups and meetings, what is kept, and a copy of it."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import checklists, copies, overview, tickets
from bot.domain.overview import Entry
from bot.domain.seats import SignupState
from bot.domain.tickets import Ticket, TicketState
from bot.i18n import LANGUAGES, Text, Verbatim, _, _n, joined, raw
from flows.common import menu_button, person_button
from flows.pin import locked, settings_button

_MOST_BUTTONS: Final = 8  # the rest stands in the lines above; what is soonest comes first


async def my_data(talk: Talk) -> Message:
    """What is going on, each with a way to change it; nothing sensitive is repeated here."""
    refused = await locked(talk, "mydata")
    if refused is not None:
        return refused
    going_on = await talk.look(overview.of_person, talk.person.person_id, talk.scene.now)
    discreet = (await talk.look(overview.settings, talk.person.person_id)).discreet
    held = await talk.look(checklists.of_person, talk.person.person_id)
    cases = await talk.look(tickets.of_person, talk.person.person_id)
    known = await talk.look(copies.summary, talk.person.person_id)
    lines = [state_of(case) for case in cases[:5]] or [_("You have no open questions.")]
    lines += [_told(talk, one, discreet=discreet) for one in going_on.entries]
    if going_on.reminders:
        lines.append(_n("{n} reminder is planned.", "{n} reminders are planned.", going_on.reminders))
    lines += [
        _("Language: {language}", language=LANGUAGES[talk.person.language].native),
        _n("We keep {n} message of this chat.", "We keep {n} messages of this chat.", known),
    ]
    if held is not None:
        done = len([topic for topic in held.topics if topic in held.done])
        lines.append(_("Your first steps: {done} of {all} done", done=done, all=len(held.topics)))
    buttons = (
        *(_to(talk, one, discreet=discreet) for one in going_on.entries[:_MOST_BUTTONS]),
        *((Button(_("🗣 Language practice"), Bind("practice")),) if going_on.practises else ()),
        *((Button(_("🧭 My first steps"), Bind("checklist")),) if held is not None else ()),
        settings_button(),
        Button(_("📄 Get a copy"), Bind("export")),
        Button(_("🔒 Your data"), Bind("privacy")),
        Button(_("🗑 Delete everything"), Bind("delete")),
        person_button(),
        menu_button(),
    )
    return Message(joined(lines), title=_("📁 My things"), buttons=buttons)


def _when(talk: Talk, one: Entry) -> Text:
    if one.starts_at is None:
        return _("waiting list")
    return Text("{when}", {"when": one.starts_at.astimezone(talk.desk.zone)}, context=raw("").context)


def _what(talk: Talk, one: Entry, *, discreet: bool) -> Text:
    """What it is. What a meeting with a mentor is about is never said here."""
    if discreet:
        return _("Appointment")
    if one.booking is not None or one.thing is None:
        return _("Meeting with a mentor")
    return raw(one.thing.title(talk.person.language))


def _told(talk: Talk, one: Entry, *, discreet: bool) -> Text:
    what, when = _what(talk, one, discreet=discreet), _when(talk, one)
    held = one.signup.state if one.signup is not None else ""
    if one.name:
        line = _("• {name}: {what}, {when}", name=one.name, what=what, when=when)
    else:
        line = _("• {what}, {when}", what=what, when=when)
    if held == SignupState.OFFERED:
        return joined([line, _("⏳ A place is held for you. Please answer.")])
    return joined([line, _("⏳ You are on the waiting list.")]) if held == SignupState.WAITING else line


def _to(talk: Talk, one: Entry, *, discreet: bool) -> Button:
    """To one sign-up or meeting, where it can be changed and cancelled."""
    label = _what(talk, one, discreet=discreet)
    if one.signup is not None:
        return Button(_("🎟 {what}", what=label), Bind("mysignup", str(one.signup.id)))
    return Button(_("🤝 {what}", what=label), Bind("booking", str(one.booking.id if one.booking else 0)))


def state_of(case: Ticket) -> Text:
    """One question and where it stands."""
    number = str(case.number)
    match case.state:
        case TicketState.WAITING:
            return _("Question {number}: waiting for a person", number=number)
        case TicketState.HUMAN:
            return _("Question {number}: a person is answering", number=number)
        case _other:
            return _("Question {number}: answered", number=number)


async def export(talk: Talk) -> Message:
    """A copy of everything that the desk keeps about the person, behind a link that works once."""
    refused = await locked(talk, "export")
    if refused is not None:
        return refused
    token = await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
    address = f"{talk.scene.public_url}/copy/{token}"
    return Message(
        _("Here is a copy of everything we keep about you. The link works once, for ten minutes: {url}",
          url=Verbatim(address)),
        tone=Tone.INFO, buttons=(menu_button(),),
    )  # fmt: skip
