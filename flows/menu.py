"""The menu: the seven fields of help, a person, my things, danger."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.i18n import Text, Verbatim, _, joined
from flows.common import danger_button, menu_button, person_button, topic_button

# The pilot's seven fields of help, in the order of its programme page.
FIELDS: Final[dict[str, Text]] = {
    "slovene": _("🗣 Slovene language"),
    "administrative": _("📄 Papers and offices"),
    "people": _("🤝 People and contacts"),
    "events": _("📅 Workshops, events"),
    "culture": _("🏛 Culture and places"),
    "work": _("💼 Work"),
    "business": _("🏪 Own business"),
}


async def menu(talk: Talk) -> Message:
    """What the desk can help with."""
    del talk
    return menu_message(_("How can we help? Choose, or write your question in your own words."))


def menu_message(text: Text) -> Message:
    """The menu below a sentence."""
    fields = [Button(label, Bind("field", name)) for name, label in FIELDS.items()]
    return Message(text, buttons=(*fields, person_button(), Button(_("📁 My things"), Bind("mydata")), danger_button()))


async def show_field(talk: Talk) -> Message:
    """The topics of one field of help."""
    label = FIELDS.get(talk.object)
    if label is None:
        return menu_message(_("How can we help? Choose, or write your question in your own words."))
    topics = [topic_button(talk, topic) for topic in talk.scene.library if topic.field == talk.object]
    if topics:
        text = _("Choose a topic, or write your question in your own words.")
    else:
        text = _("There are no texts about this yet. A person at the desk can tell you more.")
    return Message(text, title=label, buttons=(*topics, person_button(talk.object), menu_button()))


async def help_page(talk: Talk) -> Message:
    """What can be written here."""
    del talk
    lines = [
        _("Write your question in your own words, in your language. I look for a checked answer."),
        _("If I do not know, or if you want, a person at the desk answers you here."),
        _("All topics: {command}", command=Verbatim("/menu")),
        _("Talk to a person: {command}", command=Verbatim("/person")),
        _("Another language: {command}", command=Verbatim("/language")),
        _("What we keep about you: {command}", command=Verbatim("/mydata")),
        _("Delete everything about you: {command}", command=Verbatim("/delete")),
        _("Emergency numbers: {command}", command=Verbatim("/danger")),
    ]
    return Message(joined(lines), buttons=(menu_button(), person_button(), danger_button()))
