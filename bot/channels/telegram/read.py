"""Telegram's updates as messages from people.

Words and presses, nearly all there is, are read from the JSON itself, in a tenth of the time that the types
of python-telegram-bot take; everything else goes through those.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeGuard

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType, MessageAttachmentType

from bot.channels.contract import Malformed
from bot.dialog.messages import Commanded, Edited, Handed, Inbound, Left, Pressed, Reply, Typed

NAME: Final = "telegram"
UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

Who: TypeAlias = tuple[str, str]  # the address and the platform's language code
Found: TypeAlias = tuple[Who, Reply] | None

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)
_MOST_INDEX_DIGITS: Final = 3
_IDS_END: Final = 2**52  # the Bot API promises at most 52 significant bits
_UNSTORABLE: Final = re.compile("[\ud800-\udfff\0]")
_HANDED: Final = (*(str(kind) for kind in MessageAttachmentType), "checklist")
_CALLED: Final = {"venue": "location", "live_photo": "photo"}
_NOT_BY_PEOPLE: Final = frozenset({"invoice", "passport_data", "successful_payment"})


def read(external_id: str, raw: str, received_at: datetime) -> Inbound | None:
    """An update as a message; None for groups, channels, other bots and kinds that mean nothing to us.

    Raises Malformed for everything that cannot be read, whatever the reason.
    """
    try:
        found = _found(json.loads(raw))
    except Malformed:
        raise
    except Exception as error:  # noqa: BLE001 - neither JSON nor the library tells what broken input may raise
        raise Malformed(type(error).__name__) from None
    if found is None:
        return None
    (key, hint), reply = found
    return Inbound(NAME, key, external_id, reply, received_at, hint)


def is_number(value: object) -> TypeGuard[int]:
    """Whether this is a whole number; JSON's `true` is none."""
    return type(value) is int


def key_in(update: dict[str, Any]) -> str:
    """The chat that an update belongs to, or "" where that cannot be seen. Raises nothing."""
    for kind in UPDATES:
        content = update.get(kind)
        if isinstance(content, dict):
            holder = content.get("message") if kind == "callback_query" else content
            chat = holder.get("chat") if isinstance(holder, dict) else content.get("from")
            number = chat.get("id") if isinstance(chat, dict) else None
            return str(number) if is_number(number) and -_IDS_END < number < _IDS_END else ""
    return ""


def _found(update: object) -> Found:
    if not isinstance(update, dict) or not is_number(update.get("update_id")):
        raise Malformed("no update_id")
    match update:
        case {"message": {"text": words, "chat": chat, "from": sender} as message}:
            return _words(words, _who(chat, sender), forwarded="forward_origin" in message)
        case {"callback_query": {"data": data, "from": sender, "message": {"chat": chat}}}:
            return _press(data, _who(chat, sender))
        case _:
            return _rest(Update.de_json(update))


def _who(chat: Any, sender: Any) -> Who | None:  # noqa: ANN401 - JSON as it came
    """Who wrote in a private chat; None for other chats and for bots."""
    if chat["type"] != ChatType.PRIVATE or sender["is_bot"] is not False:
        return None
    return _address(chat["id"], sender.get("language_code"))


def _address(chat_id: object, language_code: object) -> Who:
    if not isinstance(chat_id, int) or isinstance(chat_id, bool) or not 0 < chat_id < _IDS_END:
        raise Malformed("chat id")
    return str(chat_id), language_code if isinstance(language_code, str) and language_code.isascii() else ""


def _words(words: object, who: Who | None, *, forwarded: bool) -> Found:
    if who is None:
        return None
    text = _clean(words)
    command = None if forwarded or not text.startswith("/") else _COMMAND.fullmatch(text)
    if command is None:
        return who, Typed(text)
    return who, Commanded(command[1].lower(), command[2] or "")


def _press(data: object, who: Who | None) -> Found:
    """A forged press is read too: no button has its token, and the person is shown where they are."""
    if who is None:
        return None
    text = _clean(data)
    token, _colon, index = text.rpartition(":")
    if token and index.isascii() and index.isdigit() and len(index) <= _MOST_INDEX_DIGITS:
        return who, Pressed(token, int(index))
    return who, Pressed(text, -1)


def _rest(update: Update) -> Found:
    if update.message is not None:
        return _handed(update.message)
    if update.edited_message is not None:
        return _edited(update.edited_message)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None


def _writer(message: Message | ChatMemberUpdated) -> Who | None:
    sender = message.from_user
    if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot is not False:
        return None
    return _address(message.chat.id, sender.language_code)


def _handed(message: Message) -> Found:
    """The first thing that is no words. Where somebody is and whom they know is not kept."""
    who = _writer(message)
    kind = next((kind for kind in _HANDED if getattr(message, kind)), "")
    if who is None or not kind or kind in _NOT_BY_PEOPLE:
        return None
    thing = getattr(message, kind)
    if isinstance(thing, tuple):  # a picture in several sizes, the largest last
        thing = thing[-1]
    file = _clean(getattr(thing, "file_id", ""))
    seconds = thing.to_dict().get("duration", 0) if kind == "voice" else 0
    return who, Handed(_CALLED.get(kind, kind), file, _clean(message.caption or ""), int(seconds))


def _edited(message: Message) -> Found:
    """New words; not a live position, which is "edited" every few seconds."""
    who, words = _writer(message), message.text or message.caption
    return (who, Edited(_clean(words))) if who is not None and words else None


def _membership(change: ChatMemberUpdated) -> Found:
    who, status = _writer(change), change.new_chat_member.status
    if who is None or status not in {ChatMember.BANNED, ChatMember.MEMBER}:
        return None
    return who, Left(gone=status == ChatMember.BANNED)


def _clean(words: object) -> str:
    """The text, with a mark in place of what no database and no UTF-8 can hold."""
    if not isinstance(words, str):
        raise Malformed("not words")
    return words if words.isascii() and "\0" not in words else _UNSTORABLE.sub("\ufffd", words)
