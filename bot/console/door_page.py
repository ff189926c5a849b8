"""At the door of an event: a code to scan, and how many have come."""

from __future__ import annotations

from typing import Final

import segno

from bot.console import words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.seatings import Thing, open_thing
from bot.domain import events, policy, rosters
from bot.domain.attendance import Guest
from bot.domain.db import new_id
from bot.domain.events import Event
from bot.domain.policy import Verb
from bot.i18n import LANGUAGES, Text, _

_SCAN: Final = _("Scan this code with your phone to check in.")
_SHOWN_IN: Final = ("sl", "en", "sq", "bs", "ar", "ru", "uk")  # on the sheet; the chat then speaks the person's own


async def door(visit: Visit) -> Answer:
    """The page to print or to show, with the count beside it."""
    thing, event = await _open(visit)
    link = _link(visit, event)
    drawn = segno.make(link, error="m").svg_data_uri(scale=8, border=4, dark="#000", light="#fff") if link else ""
    return Shown(
        "door.html",
        {
            "title": event.title(visit.member.language), "public_title": event.title("sl"), "event": event,
            "link": link, "code": drawn, "scan": [(LANGUAGES[code], _said(visit, code)) for code in _SHOWN_IN],
            "event_states": words.EVENT_STATES, **await _counts(visit, thing, event),
        },
    )  # fmt: skip


async def count(visit: Visit) -> Answer:
    """The count alone, for a page that is open."""
    thing, event = await _open(visit)
    return Shown("door_count.html", await _counts(visit, thing, event))


async def _open(visit: Visit) -> tuple[Thing, Event]:
    thing = await open_thing(visit)
    if thing.event is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    return thing, thing.event


async def _counts(visit: Visit, thing: Thing, event: Event) -> dict[str, object]:
    now = visit.house.now()
    return {
        "seating": thing.seating, "roster": await rosters.of_seating(visit.session, thing.seating), "guest": Guest,
        "counted": new_id(), "open": events.door_is_open(event, now), "early": now < event.starts_at,
        "counting": thing.door_open(now),
        "changes": visit.may(Verb.RUN_SERVICES, policy.Case(place=thing.seating.place)), "event": event,
    }  # fmt: skip


def _link(visit: Visit, event: Event) -> str:
    """Where the code leads: into Telegram where the desk has a bot, else into the web chat."""
    payload = f"door-{event.door}"
    bot = str(getattr(visit.house.channels.get("telegram"), "username", "") or "")
    if bot and visit.request.query_params.get("to") == "telegram":
        return f"https://t.me/{bot}?start={payload}"
    if visit.house.public_url:
        return f"{visit.house.public_url}/?start={payload}"
    return f"https://t.me/{bot}?start={payload}" if bot else ""


def _said(visit: Visit, language: str) -> str:
    sentence: Text = _SCAN
    return visit.house.catalogs.say(sentence, language)
