"""Updates as the Bot API sends them, and ways to damage them."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

Json = dict[str, Any]

PERSON: Json = {"id": 41, "is_bot": False, "first_name": "Sample", "language_code": "sq"}
CHAT: Json = {"id": 41, "type": "private", "first_name": "Sample"}
GROUP: Json = {"id": -100200300, "type": "supergroup", "title": "Sample group"}
FILE: Json = {"file_id": "file-1", "file_unique_id": "u-1", "file_size": 9}
PICTURES: list[Json] = [
    {**FILE, "file_id": "small", "width": 90, "height": 60},
    {**FILE, "file_id": "large", "width": 900, "height": 600},
]
STICKER: Json = {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
PLACE: Json = {"latitude": 45.77, "longitude": 14.21}
BOT: Json = {"id": 1, "is_bot": True, "first_name": "Desk under test"}


def message(**parts: Any) -> Json:  # noqa: ANN401 - JSON
    return {"message_id": 7, "from": PERSON, "chat": CHAT, "date": 1_795_000_000, **parts}


def update(kind: str, content: Json, number: int = 5) -> str:
    return json.dumps({"update_id": number, kind: content})


def said(**parts: Any) -> str:  # noqa: ANN401 - JSON
    return update("message", message(**parts))


def pressed(data: str, **parts: Any) -> str:  # noqa: ANN401 - JSON
    query = {"id": "99", "from": PERSON, "chat_instance": "1", "data": data, "message": message(text="A question")}
    return update("callback_query", {**query, **parts})


def membership(status: str, chat: Json = CHAT) -> str:
    old: Json = {"user": BOT, "status": "member"}
    new: Json = {"user": BOT, "status": status, "until_date": 0}
    changed = {"chat": chat, "from": PERSON, "date": 1_795_000_000, "old_chat_member": old, "new_chat_member": new}
    return update("my_chat_member", changed)


CORPUS: tuple[Json, ...] = tuple(
    json.loads(raw)
    for raw in (
        said(text="Ku e marr EMŠO?"),
        said(text="/start from-poster", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
        said(text="post", forward_origin={"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "S"}),
        said(text="answer", reply_to_message=message(text="question")),
        said(voice={**FILE, "duration": 3, "mime_type": "audio/ogg"}, caption="listen"),
        said(audio={**FILE, "duration": 3}),
        said(video={**FILE, "duration": 3, "width": 1, "height": 1}),
        said(video_note={**FILE, "duration": 3, "length": 1}),
        said(photo=PICTURES, caption="my letter", caption_entities=[{"type": "bold", "offset": 0, "length": 2}]),
        said(document={**FILE, "file_name": "paper.pdf", "mime_type": "application/pdf"}),
        said(sticker=STICKER),
        said(location=PLACE),
        said(venue={"location": PLACE, "title": "Office", "address": "Street 1"}, location=PLACE),
        said(contact={"phone_number": "000", "first_name": "Sample"}),
        said(dice={"emoji": "🎲", "value": 3}),
        said(pinned_message=message(text="pinned")),
        update("edited_message", message(text="other words", edit_date=1_795_000_001)),
        pressed("AAAAAAAAAAAAAAAAAAAAAA:3"),
        membership("kicked"),
        membership("member"),
        update("channel_post", {**message(text="post"), "chat": {"id": -100, "type": "channel", "title": "C"}}),
        update("inline_query", {"id": "1", "from": PERSON, "query": "", "offset": ""}),
    )
)
_JUNK: tuple[object, ...] = (
    None, True, False, 0, -1, 2**31, 2**64, 10**400, 1e308, "", "x", "\ud800", "\0", "private", "/", "/start", ":", [],
    {}, [None], {"id": None}, [[]], [{}], {"file_id": 1},
)  # fmt: skip


def damaged(dice: Random) -> object:
    """One of the updates with up to four of its parts removed, replaced, repeated or renamed."""
    broken: Json = copy.deepcopy(dice.choice(CORPUS))
    for _ in range(dice.randint(1, 4)):
        places = list(_places(broken))
        if not places:
            break
        holder, key = dice.choice(places)
        match dice.randint(0, 3):
            case 0:
                del holder[key]
            case 1:
                holder[key] = copy.deepcopy(dice.choice(_JUNK))
            case 2:
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case _ if isinstance(holder, dict):
                holder[str(key)[:-1] + "_"] = holder.pop(key)
    return broken


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]
