"""Checks of what a bot may put into a message: text, entities, keyboards."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from tests.fakes.telegram.chats import Button, Rows
from tests.fakes.telegram.forms import Json, bad

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
CALLBACK_BYTES = 64
MOST_BUTTONS = 100
ENTITY_KINDS = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler "
    "blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time".split()
)
INLINE_ACTIONS = frozenset(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay".split()
)
INLINE_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
REPLY_ACTIONS = frozenset(
    "request_users request_chat request_contact request_location request_poll request_managed_bot web_app".split()
)
REPLY_SETTINGS = frozenset(
    "keyboard is_persistent resize_keyboard one_time_keyboard input_field_placeholder selective".split()
)
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"<(/?)([a-zA-Z-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?")


def units(text: str) -> int:
    """Length in UTF-16 code units, the measure of the Bot API."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def check_text(text: str, most_units: int) -> None:
    """Raises RefusalError for an empty or too long text."""
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > most_units:
        raise bad("message is too long" if most_units == TEXT_UNITS else "message caption is too long")
    if "\0" in text:
        raise bad("text must be encoded in UTF-8")


def commands_in(text: str) -> list[Json]:
    """The `bot_command` entities that the platform adds to a person's text."""
    if "/" not in text:
        return []
    return [
        {"type": "bot_command", "offset": units(text[: m.start()]), "length": units(m.group())}
        for m in _COMMAND.finditer(text)
    ]


def read_entities(value: object, text: str) -> list[Json]:
    """The entities of a call, checked against the text. Raises RefusalError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad("can't parse entities: expected an Array")
    length = units(text)
    for entity in value:
        if not isinstance(entity, dict) or entity.get("type") not in ENTITY_KINDS:
            raise bad("can't parse entities: unsupported type")
        start, size = entity.get("offset"), entity.get("length")
        if not isinstance(start, int) or not isinstance(size, int) or start < 0 or size < 1:
            raise bad("can't parse entities: wrong bounds")
        if start + size > length:
            raise bad("can't parse entities: bounds outside of the text")
    return value


def parse(text: str, mode: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. Raises RefusalError; of the modes only HTML is spoken here."""
    if not mode:
        return text, []
    if mode.lower() != "html":
        raise bad(f"this fake does not parse {mode}; send entities, or HTML")
    plain = ""
    found: list[Json] = []
    opened: list[tuple[str, Json]] = []
    position = 0
    for tag in _TAG.finditer(text):
        plain += _unescape(text[position : tag.start()])
        position = tag.end()
        closing, name, rest = tag.group(1), tag.group(2).lower(), tag.group(3)
        if not closing:
            opened.append((name, _open_tag(name, rest, units(plain))))
            continue
        if not opened or opened[-1][0] != name:
            raise bad(f'can\'t parse entities: Unexpected end tag "{name}"')
        entity = opened.pop()[1]
        entity["length"] = units(plain) - entity["offset"]
        if entity["length"]:
            found.append(entity)
    plain += _unescape(text[position:])
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return plain, sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def _unescape(piece: str) -> str:
    if "<" in piece:
        raise bad("can't parse entities: Unclosed or unsupported start tag")
    return re.sub(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);", lambda found: html.unescape(found.group()), piece)


def _open_tag(name: str, rest: str, offset: int) -> Json:
    if name not in _TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}"')
    given = {m.group(1).lower(): m.group(2) or m.group(3) or m.group(4) or "" for m in _ATTRIBUTE.finditer(rest)}
    entity: Json = {"type": _TAGS[name], "offset": offset, "length": 0}
    if name == "span" and given.get("class") != "tg-spoiler":
        raise bad('can\'t parse entities: Tag "span" must have class "tg-spoiler"')
    if name == "a":
        entity["url"] = html.unescape(given.get("href", ""))
    if name == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    if name == "tg-emoji":
        entity["custom_emoji_id"] = given.get("emoji-id", "")
    return entity


def read_markup(value: object) -> tuple[Rows, Json | None, bool]:
    """The buttons of a `reply_markup`, the inline keyboard as sent, and whether it replaces the keyboard.

    Raises RefusalError.
    """
    if value is None:
        return (), None, False
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        _only(value, frozenset({"inline_keyboard"}))
        return _rows(value["inline_keyboard"], inline=True), value, False
    if "keyboard" in value:
        _only(value, REPLY_SETTINGS)
        if units(str(value.get("input_field_placeholder", ""))) > 64:
            raise bad("input field placeholder is too long")
        rows = _rows(value["keyboard"], inline=False)
        if not any(rows):
            raise bad("keyboard is empty")
        return rows, None, True
    if value.get("remove_keyboard") is True:
        _only(value, frozenset({"remove_keyboard", "selective"}))
        return (), None, True
    if value.get("force_reply") is True:
        _only(value, frozenset({"force_reply", "input_field_placeholder", "selective"}))
        return (), None, False
    raise bad("can't parse reply markup JSON object")


def _only(value: Json, known: frozenset[str]) -> None:
    for name in value:
        if name not in known:
            raise bad(f'unknown field "{name}" in the reply markup')


def _rows(value: object, *, inline: bool) -> Rows:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad("keyboard must be an Array of Arrays of buttons")
    rows = tuple(tuple(_inline(key) if inline else _reply(key) for key in row) for row in value)
    if sum(map(len, rows)) > (MOST_BUTTONS if inline else 300):
        raise bad("reply markup is too long")
    return rows


def _inline(key: object) -> Button:
    if not isinstance(key, dict):
        raise bad("can't parse inline keyboard button: Object expected")
    text, data, url = key.get("text"), key.get("callback_data"), key.get("url")
    if not isinstance(text, str) or not text.strip():
        raise bad('can\'t parse inline keyboard button: field "text" must be a non-empty String')
    actions = key.keys() & INLINE_ACTIONS
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: exactly one action is needed")
    if unknown := key.keys() - actions - INLINE_LOOKS:
        raise bad(f"can't parse inline keyboard button: unknown field {min(unknown)!r}")
    if "callback_data" in actions and not (isinstance(data, str) and 1 <= len(data.encode()) <= CALLBACK_BYTES):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in actions:
        _check_link(url)
    return Button(text, data, url)


def _check_link(url: object) -> None:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL") from None
    if parts.scheme == "tg":
        return
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply(key: object) -> Button:
    if isinstance(key, str):
        key = {"text": key}
    if not isinstance(key, dict) or not isinstance(key.get("text"), str) or not key["text"].strip():
        raise bad('can\'t parse keyboard button: field "text" must be a non-empty String')
    actions = key.keys() & REPLY_ACTIONS
    if key.keys() - REPLY_ACTIONS - INLINE_LOOKS or len(actions) > 1:
        raise bad("can't parse keyboard button: unknown field or more than one action")
    asks = next((kind for kind in ("contact", "location") if key.get(f"request_{kind}")), "")
    return Button(key["text"], asks_for=asks)
