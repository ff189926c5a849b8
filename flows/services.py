"""Courses, mentors, events: what the desk can say now, and a person who arranges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialog.messages import Message
from bot.dialog.talk import Talk
from bot.i18n import Text, _
from flows.common import menu_button, person_button, topic_buttons

_COURSES: Final = ("language.zip", "language.exam", "adult.education")
_PEOPLE: Final = ("local.community",)


async def courses(talk: Talk) -> Message:
    """Slovene courses."""
    return _service(
        talk, "courses", _COURSES, _("A person at the desk tells you which courses are open and signs you up.")
    )


async def mentors(talk: Talk) -> Message:
    """Mentors and people to practise with."""
    return _service(
        talk,
        "mentors",
        _PEOPLE,
        _("A person at the desk finds a mentor for you or somebody to practise Slovene with."),
    )


async def events(talk: Talk) -> Message:
    """Workshops and events."""
    return _service(talk, "events", (), _("A person at the desk tells you which events are coming and signs you up."))


def _service(talk: Talk, name: str, topics: Sequence[str], text: Text) -> Message:
    return Message(text, buttons=(*topic_buttons(talk, topics), person_button(name), menu_button()))
