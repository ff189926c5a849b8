"""A laid out message as the parameters of sendMessage, sendDocument and sendVoice."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from bot.dialog.messages import Laid, LaidButton, Readable

TEXT_UNITS: Final = 4096  # UTF-16 code units, in which the Bot API measures
CAPTION_UNITS: Final = 1024
# Spelled so for do_api_request, see intake.py.
SEND_MESSAGE: Final = "send_Message"
SEND_DOCUMENT: Final = "send_Document"
SEND_VOICE: Final = "send_Voice"
_VOICE: Final = "audio/ogg"
_SENDER, _TITLE = "underline", "bold"
_RIGHT_TO_LEFT_MARK: Final = "\u200f"
_NO_PREVIEW: Final = {"is_disabled": True}

Keys: TypeAlias = list[dict[str, str]]


def calls(chat_id: int, laid: Laid, token: str | None) -> list[tuple[str, dict[str, Any]]]:
    """The methods and their parameters that show `laid`; a file goes last, with the text where that is short."""
    made = bodies(chat_id, laid, token)
    if laid.file is None:
        return [(SEND_MESSAGE, body) for body in made]
    last = made.pop()
    method, handed = _handing(chat_id, laid.file)
    if "reply_markup" in last:
        handed["reply_markup"] = last.pop("reply_markup")
    if units(last["text"]) > CAPTION_UNITS:
        made.append(last)
    else:
        handed["caption"] = last["text"]
        if "entities" in last:
            handed["caption_entities"] = last["entities"]
    return [*((SEND_MESSAGE, body) for body in made), (method, handed)]


def _handing(chat_id: int, file: Readable) -> tuple[str, dict[str, Any]]:
    if file.media_type == _VOICE:
        return SEND_VOICE, {"chat_id": chat_id, "voice": file}
    return SEND_DOCUMENT, {"chat_id": chat_id, "document": file, "disable_content_type_detection": True}


def bodies(chat_id: int, laid: Laid, token: str | None) -> list[dict[str, Any]]:
    """The calls that show `laid`: one, or several where the text is too long; the last has the buttons.

    Sender and title are marked by entities and the text is never parsed: nobody's words can look like either.
    """
    rows, links = _keyboard(laid.rows, token)
    text, entities = _words(laid, links)
    made: list[dict[str, Any]] = [
        {"chat_id": chat_id, "text": part, "link_preview_options": _NO_PREVIEW} for part in pieces(text, TEXT_UNITS)
    ]
    if entities:
        made[0]["entities"] = entities
    if rows:
        made[-1]["reply_markup"] = {"inline_keyboard": rows}
    return made


def _words(laid: Laid, links: Sequence[str]) -> tuple[str, list[dict[str, Any]]]:
    text = "\n".join((laid.text, *links)) if links else laid.text
    if not (laid.sender or laid.title):
        return _facing(text, laid.direction) + text, []
    entities: list[dict[str, Any]] = []
    shown = _facing(laid.sender or laid.title, laid.direction)
    for words, look, gap in ((laid.sender, _SENDER, "\n"), (laid.title, _TITLE, "\n\n")):
        if words:
            entities.append({"type": look, "offset": units(shown), "length": units(words)})
            shown += words + gap
    return (shown + text).rstrip(), entities


def _facing(text: str, direction: str) -> str:
    """A mark to put first: clients take the direction of a message from its first strong character."""
    if direction != "rtl":
        return ""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    return _RIGHT_TO_LEFT_MARK if strong == "L" else ""


def _keyboard(rows: Sequence[Sequence[LaidButton]], token: str | None) -> tuple[list[Keys], list[str]]:
    """Rows of buttons, and lines for links that the platform does not take as buttons."""
    keyboard: list[Keys] = []
    links: list[str] = []
    for row in rows:
        keys: Keys = []
        for button in row:
            if not button.url:
                keys.append({"text": button.label, "callback_data": f"{token}:{button.index}"})
            elif _takes(button.url):
                keys.append({"text": button.label, "url": button.url})
            else:
                links.append(f"{button.label}: {button.url}")
        if keys:
            keyboard.append(keys)
    return keyboard, links


def _takes(url: str) -> bool:
    """Whether a button may open it: one refused link would refuse the whole message."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, most: int) -> list[str]:
    """`text` in parts of at most `most` units, cut at an empty line, a line end or a space if possible."""
    parts: list[str] = []
    while units(text) > most:
        cut = _longest(text, most)
        breaks = (text.rfind(mark, cut // 2, cut) for mark in ("\n\n", "\n", " "))
        cut = next((found for found in breaks if found > 0), cut)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part] or [text]


def _longest(text: str, most: int) -> int:
    """How many characters fit into `most` units."""
    left = most
    for place, letter in enumerate(text):
        left -= 2 if letter > "\uffff" else 1
        if left < 0:
            return place
    return len(text)
