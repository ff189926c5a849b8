"""Courses, mentors, events: what the desk can say now, and a person who arranges it."""

from __future__ import annotations

from bot.dialog.messages import Message
from bot.dialog.talk import Talk
from bot.i18n import Text, _
from flows.common import menu_button, person_button, topic_buttons


async def courses(talk: Talk) -> Message:
    """Slovene courses."""
    return _service(
        talk, "courses", "slovene", _("A person at the desk tells you which courses are open and signs you up.")
    )


async def mentors(talk: Talk) -> Message:
    """Mentors and people to practise with."""
    return _service(
        talk,
        "mentors",
        "people",
        _("A person at the desk finds a mentor for you or somebody to practise Slovene with."),
    )


async def events(talk: Talk) -> Message:
    """Workshops and events."""
    return _service(
        talk, "events", "events", _("A person at the desk tells you which events are coming and signs you up.")
    )


def _service(talk: Talk, name: str, field: str, text: Text) -> Message:
    topics = [topic.id for topic in talk.scene.library if topic.field == field]
    return Message(text, buttons=(*topic_buttons(talk, topics), person_button(name), menu_button()))
