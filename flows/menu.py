"""The menu: the seven fields of help, a person, my things, danger."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.i18n import Text, Verbatim, _, joined
from flows.common import danger_button, menu_button, person_button, topic_button
from flows.offices import desk_line

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
_CHOOSE: Final = _("Choose a topic, or write your question in your own words.")
_NOTHING_YET: Final = _("There are no texts about this yet. A person at the desk can tell you more.")
# The field with most topics has parts, by what stands before the dot of a topic's id.
_PARTED: Final = "administrative"
_OTHER: Final = "papers"
# What the desk arranges itself, by the field that it belongs to.
_SERVICES: Final[dict[str, dict[str, Text]]] = {
    "slovene": {"courses": _("📚 Courses")},
    "people": {"mentors": _("🧑‍🏫 Mentors"), "practice": _("🗣 Language practice")},
    "events": {"events": _("📅 Events")},
}
PARTS: Final[dict[str, tuple[Text, frozenset[str]]]] = {
    "residence": (_("🪪 Permits, residence"), frozenset({"residence", "citizenship", "office", "study"})),
    "family": (_("👪 Family, school"), frozenset({"family", "school"})),
    "health": (_("🩺 Health"), frozenset({"health"})),
    "money": (_("💶 Money, home"), frozenset({"bank", "tax", "social", "rtv", "pension", "housing"})),
    _OTHER: (_("✒️ Documents, driving"), frozenset()),
}


async def menu(talk: Talk) -> Message:
    """What the desk can help with."""
    del talk
    return menu_message(_("How can we help? Choose, or write your question in your own words."))


def menu_message(text: Text) -> Message:
    """The menu below a sentence."""
    fields = [Button(label, Bind("field", name)) for name, label in FIELDS.items()]
    return Message(
        text, buttons=(Button(_("🧭 My first steps"), Bind("checklist")), *fields, person_button(),
                       Button(_("📁 My things"), Bind("mydata")), danger_button()),
    )  # fmt: skip


async def show_field(talk: Talk) -> Message:
    """The topics of one field of help."""
    field, _colon, part = talk.object.partition(":")
    label = FIELDS.get(field)
    if label is None or (part and part not in PARTS):
        return menu_message(_("How can we help? Choose, or write your question in your own words."))
    if field == _PARTED and not part:
        buttons = [Button(name, Bind("field", f"{field}:{one}")) for one, (name, _ids) in PARTS.items()]
        return Message(_CHOOSE, title=label, buttons=(*buttons, person_button(field), menu_button()))
    topics = [
        topic_button(talk, topic)
        for topic in talk.scene.library
        if topic.field == field and (not part or _part_of(topic.id) == part)
    ]
    topics = [*(Button(label, Bind(service)) for service, label in _SERVICES.get(field, {}).items()), *topics]
    text = _CHOOSE if topics else _NOTHING_YET
    title = PARTS[part][0] if part else label
    return Message(text, title=title, buttons=(*topics, person_button(field), menu_button()))


def _part_of(topic: str) -> str:
    beginning = topic.partition(".")[0]
    return next((part for part, (_label, ids) in PARTS.items() if beginning in ids), _OTHER)


async def help_page(talk: Talk) -> Message:
    """What can be written here, and where the desk is."""
    here = desk_line(talk.desk, talk.person.language)
    lines = [
        _("Write your question in your own words, in your language. I look for a checked answer."),
        _("If I do not know, or if you want, a person at the desk answers you here."),
        _("All topics: {command}", command=Verbatim("/menu")),
        _("Talk to a person: {command}", command=Verbatim("/person")),
        _("Another language: {command}", command=Verbatim("/language")),
        _("What we keep about you: {command}", command=Verbatim("/mydata")),
        _("Delete everything about you: {command}", command=Verbatim("/delete")),
        _("Emergency numbers: {command}", command=Verbatim("/danger")),
        *([here] if here else []),
    ]
    return Message(joined(lines), buttons=(menu_button(), person_button(), danger_button()))
