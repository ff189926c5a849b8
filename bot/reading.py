"""A stored update read and understood: who sent what, in which language, about what. Nothing is awaited here."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.answers import language as languages
from bot.answers.matcher import Match
from bot.channels.contract import Malformed
from bot.dialog.messages import Edited, Handed, Inbound, Returned, Typed
from bot.domain.inbound import IGNORED, OWN_CHANNEL, InboundState, Waiting
from bot.house import House

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of typed words: the topic, danger, a language to offer."""

    match: Match | None = None
    danger: bool = False
    offer: str | None = None


@dataclass(slots=True)
class Prepared:
    """A waiting update, read and understood. Without `inbound` it is only marked with its state."""

    waiting: Waiting
    inbound: Inbound | None
    reading: Reading
    state: InboundState = InboundState.DONE
    why: str = ""


def prepare(house: House, waiting: Waiting) -> Prepared:
    """Read, guess the language, listen for danger, match. Whatever is wrong with one update is kept to it."""
    try:
        read = _read(house, waiting)
        reading = _understand(house, read, waiting) if read is not None else Reading()
    except Malformed as error:
        return Prepared(waiting, None, Reading(), InboundState.DEAD, str(error))
    except Exception as error:  # noqa: BLE001 - it must not block the others
        log.error("update %d cannot be read: %s", waiting.id, type(error).__name__)  # noqa: TRY400 - it may quote
        return Prepared(waiting, None, Reading(), InboundState.DEAD, type(error).__name__)
    return Prepared(waiting, read, reading, why="" if read is not None else IGNORED)


def _read(house: House, waiting: Waiting) -> Inbound | None:
    if waiting.channel == OWN_CHANNEL:
        why, _colon, number = waiting.raw.partition(":")
        return Inbound(OWN_CHANNEL, "", "", Returned(why, int(number)), waiting.received_at)
    channel = house.channels.get(waiting.channel)
    if channel is None:
        raise Malformed("no such channel")
    return channel.read(waiting.external_id, waiting.raw, waiting.received_at)


def _understand(house: House, read: Inbound, waiting: Waiting) -> Reading:
    match read.reply:
        case Typed(text) | Edited(text):
            words = text
        case Handed(words=caption) if caption:
            words = caption
        case _:
            return Reading()
    match = house.matcher.match(words, waiting.language if waiting.language_chosen else None)
    offer = languages.offers_switch(words, waiting.language) if waiting.language else None
    return Reading(match, match.kind == "danger", offer)
