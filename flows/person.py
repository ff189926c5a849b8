"""To a person of the desk: a case with what was asked and which answers were tried."""

from __future__ import annotations

from bot.dialog.messages import Message, Tone
from bot.dialog.talk import Talk
from bot.domain import messages, tickets
from bot.i18n import _, joined
from flows.common import danger_button, menu_button
from flows.offices import desk_line


async def person(talk: Talk) -> Message:
    """Open a case, asking for the question only when none has been written yet."""
    if talk.person.ticket_id is not None:
        return Message(
            _("Your question {number} is with the desk. Whatever you write here is added to it.",
              number=str(talk.person.ticket_number)),
            tone=Tone.INFO, buttons=(menu_button(), danger_button()),
        )  # fmt: skip
    tried = await talk.keep("tried", messages.lately, talk.person.address_id, talk.scene.now)
    words = tried["question"]
    if not words:
        words = await talk.text(
            "question", _("What is your question? One or two sentences are enough. A person reads it."), private=True
        )
    card = {"question": words, "tried": tried["topics"]}
    opened = await talk.do(
        tickets.open_ticket, talk.person, card, place=talk.desk.place.id, zone=talk.desk.zone, now=talk.scene.now,
        subject=talk.object if talk.object != "question" else "",
    )  # fmt: skip
    said = _("Your question has number {number}. A person at the desk reads it and answers you here. "
             "Until then you can add to it or ask me something else.", number=str(opened.number))  # fmt: skip
    here = desk_line(talk.desk, talk.person.language)
    return Message(
        joined([said, here]) if here else said,
        tone=Tone.INFO, buttons=(menu_button(), danger_button()),
    )  # fmt: skip
