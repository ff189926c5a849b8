"""Buttons and sentences that several conversations share."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.content import Topic
from bot.dialog.messages import Bind, Button
from bot.dialog.talk import Talk
from bot.i18n import _, raw


def person_button(about: str = "") -> Button:
    """To a person of the desk; `about` is the topic or service in question."""
    return Button(_("👤 Talk to a person"), Bind("person", about))


def menu_button() -> Button:
    """Back to the menu."""
    return Button(_("☰ Menu"), Bind("menu"))


def danger_button() -> Button:
    """Emergency numbers first, then the desk."""
    return Button(_("🚨 I am in danger"), Bind("danger"))


def topic_button(talk: Talk, topic: Topic) -> Button:
    """To one topic, named by its title in the person's language."""
    title = topic.answer(talk.person.language).title
    return Button(raw(f"{topic.icon} {title}"), Bind("topic", topic.id))


def topic_buttons(talk: Talk, topics: Sequence[str]) -> list[Button]:
    """To those of these topics that the desk has."""
    library = talk.scene.library
    return [topic_button(talk, library[topic]) for topic in topics if topic in library]
