"""Somebody who was at the desk joins what staff wrote down there to this chat, by a code that works once."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import joining
from bot.domain.dependents import TooMany
from bot.domain.joining import JoinRefused, Why
from bot.domain.people import Person
from bot.i18n import Text, _, joined
from flows.common import menu_button, person_button
from flows.start import notice_if_new

_REFUSED: Final[dict[Why, Text]] = {
    Why.UNKNOWN: _("This code is not known. Please ask at the desk for a new one."),
    Why.OVER: _("This code is too old. It works for 15 minutes. Please ask at the desk for a new one."),
    Why.USED: _("This code was used already. Please ask at the desk for a new one."),
}


async def join(talk: Talk) -> Message:
    """Whose record is it: one's own, or of somebody who is reached by this chat? Then it is joined."""
    try:
        record = await talk.look(joining.look, talk.object, talk.person, talk.scene.now)
        _greet(talk, record)
        whose = await talk.choose(
            "whose",
            _("The desk has written down {name}. Who is that? Then you see here what they are signed up for.",
              name=record.name or "?"),
            [Option("me", _("That is me")), Option("other", _("I look after them")), Option("nobody", _("Neither"))],
            private=True,
        )  # fmt: skip
        if whose == "nobody":
            return Message(_("Fine, nothing was changed."), buttons=_buttons())
        if whose == "other":
            await talk.do(joining.look_after, talk.object, talk.person, talk.scene.now)
            return _done([_("Done. This chat is now also for {name}.", name=record.name or "?")])
        done = await talk.do(joining.join, talk.object, talk.person, talk.desk, talk.scene.now)
    except JoinRefused as refused:
        return _refusal(refused.why)
    except TooMany:
        return Message(
            _("So many people are reached by this chat already. A person at the desk helps you."), buttons=_buttons()
        )
    lines = [_("Done. This chat and what the desk wrote down belong together now.")]
    if done.doubled:
        lines.append(_("You were signed up twice for the same. You keep the better place; the other is free again."))
    return _done(lines)


def _greet(talk: Talk, record: Person) -> None:
    """Whoever has chosen no language here hears the one that they spoke at the desk, and the notice before all."""
    if not talk.person.language_chosen:
        talk.change_person(language=record.language, language_chosen=True)
    for message in notice_if_new(talk):
        talk.say(message)


def _refusal(why: Why) -> Message:
    if why is Why.MINE:
        return _done([_("This is done already. This chat and what the desk wrote down belong together.")])
    return Message(_REFUSED[why], tone=Tone.INFO, buttons=_buttons())


def _done(lines: list[Text]) -> Message:
    lines.append(_("What you are signed up for stands in “My things”. You can change and cancel it there."))
    things = Button(_("📁 My things"), Bind("mydata"))
    return Message(joined(lines), tone=Tone.INFO, buttons=(things, menu_button(), person_button()))


def _buttons() -> tuple[Button, ...]:
    return (menu_button(), person_button())
