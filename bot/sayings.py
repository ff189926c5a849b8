"""What a turn says by itself, outside every flow."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.i18n import LANGUAGES, _, raw


def returned(why: str, number: int) -> Message:
    """The bot has taken over again from a person."""
    if why == "closed":
        text = _("Question {number} is closed. You can ask me again at any time.", number=str(number))
    else:
        text = _("Nobody at the desk has written for a while. I answer again what I can; question {number} stays "
                 "with the desk.", number=str(number))  # fmt: skip
    return Message(text, tone=Tone.INFO)


def language_offer(language: str) -> Message:
    """In the language in which somebody seems to write."""
    button = Button(raw(LANGUAGES[language].native), Bind("language", language))
    return Message(_("Shall I write in this language?"), tone=Tone.INFO, language=language, buttons=(button,))


def doubt() -> Message:
    """Words that may be an answer or a question."""
    buttons = (Button(_("Answer it"), Bind("doubt", "answer")), Button(_("It is my answer"), Bind("doubt", "keep")))
    return Message(_("Was that a question?"), buttons=buttons)


def passed_on(number: int) -> Message:
    """A voice note or file went to the desk."""
    text = _("Thank you. I cannot listen or look myself. It went to a person at the desk: question {number}.",
             number=str(number))  # fmt: skip
    return Message(text, tone=Tone.INFO, buttons=(Button(_("☰ Menu"), Bind("menu")),))
