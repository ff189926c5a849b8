"""Danger: numbers to call first, before anything else; then the desk is told."""

from __future__ import annotations

from bot.dialog.messages import Message, Tone
from bot.dialog.talk import Talk
from bot.domain import staff, tickets
from bot.domain.happenings import Kind
from bot.i18n import Phone, _, joined
from flows.common import menu_button


def numbers() -> Message:
    """Whom to call. The numbers are verified lines of the domain facts, section 0."""
    lines = [
        _("{phone} ambulance, fire, rescue (free)", phone=Phone("112")),
        _("{phone} police", phone=Phone("113")),
        _("{phone} violence at home: women and children, free, anonymous, day and night", phone=Phone("080 11 55")),
        _("{phone} somebody to talk to in despair, free, day and night", phone=Phone("116 123")),
        _("Say where you are, what happened, and who needs help."),
    ]
    return Message(joined(lines), title=_("In danger? Call now."), tone=Tone.DANGER)


async def danger(talk: Talk) -> list[Message]:
    """Show the numbers, open an urgent case, ring whoever is on call, and say honestly whether somebody is."""
    talk.note(Kind.DANGER)
    somebody = await talk.look(staff.somebody_reads, talk.scene.now)
    card = {"question": talk.scene.words, "danger": True}
    opened = await talk.do(
        tickets.open_ticket, talk.person, card, place=talk.desk.place.id, zone=talk.desk.zone, now=talk.scene.now,
        danger=True,
    )  # fmt: skip
    calls = {"first": Phone("112"), "second": Phone("113")}
    if somebody:
        told = _("The desk has been told (case {number}). Do not wait for an answer here: call {first} or {second}.",
                 number=str(opened.number), **calls)  # fmt: skip
    else:
        told = _("Nobody at the desk is reading now. Do not wait: call {first} or {second}.", **calls)
    return [numbers(), Message(told, tone=Tone.DANGER, buttons=(menu_button(),))]
