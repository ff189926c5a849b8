"""My things: open questions, what is kept, and a copy of it."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import checklists, copies, tickets
from bot.domain.tickets import Ticket, TicketState
from bot.i18n import LANGUAGES, Text, Verbatim, _, _n, joined
from flows.common import menu_button, person_button
from flows.recordings import listening_buttons


async def my_data(talk: Talk) -> Message:
    """Open questions and what the desk knows, in a few lines. Nothing sensitive is repeated here."""
    held = await talk.look(checklists.of_person, talk.person.person_id)
    cases = await talk.look(tickets.of_person, talk.person.person_id)
    known = await talk.look(copies.summary, talk.person.person_id)
    lines = [state_of(case) for case in cases[:5]] or [_("You have no open questions.")]
    lines += [
        _("Language: {language}", language=LANGUAGES[talk.person.language].native),
        _n("We keep {n} message of this chat.", "We keep {n} messages of this chat.", known),
    ]
    if held is not None:
        done = len([topic for topic in held.topics if topic in held.done])
        lines.append(_("Your first steps: {done} of {all} done", done=done, all=len(held.topics)))
    buttons = (
        *((Button(_("🧭 My first steps"), Bind("checklist")),) if held is not None else ()),
        Button(_("🌐 Language"), Bind("languages")),
        *listening_buttons(talk),
        Button(_("📄 Get a copy"), Bind("export")),
        Button(_("🔒 Your data"), Bind("privacy")),
        Button(_("🔕 No more messages"), Bind("stop")),
        Button(_("🗑 Delete everything"), Bind("delete")),
        person_button(),
        menu_button(),
    )
    return Message(joined(lines), title=_("📁 My things"), buttons=buttons)


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
    token = await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
    address = f"{talk.scene.public_url}/copy/{token}"
    return Message(
        _("Here is a copy of everything we keep about you. The link works once, for ten minutes: {url}",
          url=Verbatim(address)),
        tone=Tone.INFO, buttons=(menu_button(),),
    )  # fmt: skip
