"""How a text looks to people: in each channel, and large in Slovene for a counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.content import SOURCE_LANGUAGE, Library
from bot.channels.webchat import WebChat
from bot.console.gate import Visit
from bot.dialog.layout import lay_out
from bot.dialog.messages import Laid, Limits, Message
from bot.dialog.talk import Frame, Scene, Talk
from bot.domain.events import Event
from bot.domain.people import newcomer
from bot.domain.seated import Seated
from bot.domain.seats import Seating
from bot.i18n import Text, _
from flows.answers import answer, show_in_slovene
from flows.events import card


@dataclass(frozen=True, slots=True)
class View:
    """One channel's message or messages: each with the words of one, the title before the first."""

    channel: str
    name: Text
    laid: Laid
    parts: Sequence[str]


async def views(visit: Visit, library: Library, topic: str, language: str) -> list[View]:
    """The topic of this library as a person with this language sees it."""
    from bot.channels.telegram import Telegram  # its library takes a while to load, and few who read write
    from bot.channels.telegram.show import bodies

    shown = await answer(_talk(visit, library, f"{topic}:asked", language))
    if not isinstance(shown, Message):
        return []
    laid = _laid(visit, shown, language, Telegram.limits)
    texts = [str(one["text"]) for one in bodies(0, laid, "")]
    texts[0] = texts[0].partition(laid.title)[2].lstrip() if laid.title else texts[0]
    found = [View("telegram", _("Telegram"), laid, texts)]
    laid = _laid(visit, shown, language, WebChat.limits)
    found.append(View("web", _("Web chat"), laid, [laid.text]))
    if SOURCE_LANGUAGE in library[topic].answers:
        large = await show_in_slovene(_talk(visit, library, topic, language))
        laid = _laid(visit, large, language, WebChat.limits)
        found.append(View("large", _("Shown at a counter, in Slovene"), laid, [laid.text]))
    return found


async def event_views(visit: Visit, event: Event, seating: Seating, language: str) -> list[View]:
    """The card of an event as a person with this language sees it."""
    from bot.channels.telegram import Telegram

    shown = await card(_talk(visit, visit.house.library, str(event.id), language), Seated(seating, event))
    found = []
    for channel, name, limits in (
        ("telegram", _("Telegram"), Telegram.limits), ("web", _("Web chat"), WebChat.limits),
    ):  # fmt: skip
        laid = _laid(visit, shown, language, limits)
        found.append(View(channel, name, laid, [laid.text]))
    return found


def _talk(visit: Visit, library: Library, about: str, language: str) -> Talk:
    """A conversation with nobody: what it notes is dropped."""
    house = visit.house
    nobody = newcomer("web", "", "", language)
    scene = Scene(visit.session, nobody, house.desk, library, house.catalogs, house.now())
    return Talk(scene, Frame("topic", "preview", {"object": about}), None)


def _laid(visit: Visit, message: Message, language: str, limits: Limits) -> Laid:
    return lay_out(message, language, visit.house.catalogs, limits)
