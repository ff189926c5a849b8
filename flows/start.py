"""First contact: the language, one short honest notice, the menu."""

from __future__ import annotations

import re
from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain.consent import NOTICE_VERSION, Aim
from bot.domain.happenings import Kind
from bot.domain.keeping import KEEP_FOR, Keep
from bot.i18n import LANGUAGES, Text, Verbatim, _, _n, joined, raw
from flows.menu import menu_message

_SOURCE: Final = re.compile(r"from-([a-z0-9-]{1,32})")


async def start(talk: Talk) -> list[Message]:
    """Greet; where the language is not known, first let it be picked."""
    source = _SOURCE.fullmatch(talk.object)
    talk.note(Kind.STARTED, source=source.group(1) if source else "")
    if talk.person.stopped:
        again = _("We may write to you here again.")
        talk.change_person(stopped_at=None)
        talk.say(Message(again, tone=Tone.INFO))
        talk.note_consent(Aim.MESSAGES, again, given=True)
    if not talk.person.language_chosen and not talk.person.language_offered:
        return [pick_language()]
    return [
        *notice_if_new(talk),
        menu_message(_("Hello! How can we help? Choose, or write your question in your own words.")),
    ]


async def notice(talk: Talk) -> list[Message]:
    """The notice before anything else, for somebody whose first message was not /start."""
    return notice_if_new(talk)


def pick_language() -> Message:
    """For somebody whose language nobody knows yet: no words but the languages' own names."""
    buttons = [Button(raw(language.native), Bind("language", code)) for code, language in LANGUAGES.items()]
    return Message(raw("👋 🌍"), buttons=buttons)


def notice_text(talk: Talk) -> Text:
    """Who runs the desk, what it is not, what is kept, how to delete."""
    period = KEEP_FOR[Keep.CHAT]
    days = period.days if period else 0
    return joined(
        [
            _("This is {desk}: free information and help for newcomers.", desk=talk.desk.name),
            _("{desk} is run by {operator}.", desk=talk.desk.name, operator=talk.desk.operator),
            _("We are not the police and not the office that decides about permits."),
            _("You do not have to say your name. I am a program; a person of the desk answers when you ask for one."),
            _n("We keep your messages for {n} day, then they are deleted.",
               "We keep your messages for {n} days, then they are deleted.", days),
            _("Delete everything now: {delete}. More: {privacy}",
              delete=Verbatim("/delete"), privacy=Verbatim("/privacy")),
        ]
    )  # fmt: skip


def notice_if_new(talk: Talk) -> list[Message]:
    """The notice for those who have not seen its present version, and a note that they have now."""
    if talk.person.notice_version >= NOTICE_VERSION:
        return []
    text = notice_text(talk)
    talk.change_person(notice_version=NOTICE_VERSION)
    talk.note_consent(Aim.NOTICE, text, given=True)
    return [Message(text, tone=Tone.NOTICE, buttons=(Button(_("🌐 Language"), Bind("languages")),))]
