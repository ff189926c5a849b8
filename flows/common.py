"""Buttons and sentences that several conversations share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.answers.content import Topic
from bot.dialog.messages import Bind, Button
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.i18n import Text, _, joined, raw

ENOUGH: Final = "enough"
SKIP: Final = _("Skip")


async def several(
    talk: Talk, key: str, text: Text, options: Sequence[Option], *, least: int, enough: Text
) -> list[str]:
    """The ids of as many of the options as are pressed one after another, until `enough` is."""
    chosen: list[str] = []
    labels = {option.id: option.label for option in options}
    while len(chosen) < len(options):
        shown = joined([text, _("Chosen: {list}", list=[labels[one] for one in chosen])]) if chosen else text
        left = [option for option in options if option.id not in chosen]
        if len(chosen) >= least:
            left.append(Option(ENOUGH, _("That is all") if chosen else enough))
        one = await talk.choose(f"{key}.{len(chosen)}", shown, left, private=True)
        if one == ENOUGH:
            break
        chosen.append(one)
    return chosen


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
