"""Raw updates as messages from people."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.contract import Malformed
from bot.channels.telegram.intake import raw_update
from bot.channels.telegram.read import read
from bot.dialog.messages import Commanded, Edited, Handed, Inbound, Left, Pressed, Reply, Typed
from tests.channels.conftest import NOW
from tests.channels.updates import (
    BOT,
    CHAT,
    CORPUS,
    FILE,
    GROUP,
    PERSON,
    PICTURES,
    PLACE,
    STICKER,
    damaged,
    membership,
    message,
    pressed,
    said,
    update,
)  # fmt: skip

LONG = "a" * 100_000
ORIGIN = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "Somebody"}
LIVE = {"latitude": 45.77, "longitude": 14.21, "live_period": 60}

READ: list[tuple[str, Reply]] = [
    (said(text="Ku e marr EMŠO?"), Typed("Ku e marr EMŠO?")),
    (said(text=LONG), Typed(LONG)),
    (said(text="  two\nlines "), Typed("  two\nlines ")),
    (said(text="half \ud83d and \0"), Typed("half \ufffd and \ufffd")),
    (said(text="/start"), Commanded("start")),
    (said(text="/start event-7"), Commanded("start", "event-7")),
    (said(text="/ASK@desk_bot  how\ndo I?"), Commanded("ask", "how\ndo I?")),
    (said(text="/ no command"), Typed("/ no command")),
    (said(text="/čaj"), Typed("/čaj")),
    (said(text="see /start"), Typed("see /start")),
    (said(text="/delete", forward_origin=ORIGIN), Typed("/delete")),
    (said(text="a post", forward_origin=ORIGIN), Typed("a post")),
    (update("edited_message", message(text="/stop", edit_date=1)), Edited("/stop")),
    (update("edited_message", message(photo=PICTURES, caption="new words", edit_date=1)), Edited("new words")),
    (pressed("AAAAAAAAAAAAAAAAAAAAAA:3"), Pressed("AAAAAAAAAAAAAAAAAAAAAA", 3)),
    (pressed("a:b:12"), Pressed("a:b", 12)),
    (pressed("AAAA:3", message={"chat": CHAT, "message_id": 7, "date": 0}), Pressed("AAAA", 3)),
    (pressed("forged"), Pressed("forged", -1)),
    (pressed(":3"), Pressed(":3", -1)),
    (pressed("AAAA:-1"), Pressed("AAAA:-1", -1)),
    (pressed("AAAA:²"), Pressed("AAAA:²", -1)),
    (pressed("AAAA:9999"), Pressed("AAAA:9999", -1)),
    (said(voice={**FILE, "duration": 3}, caption="listen"), Handed("voice", "file-1", "listen", 3)),
    (said(audio={**FILE, "duration": 3}), Handed("audio", "file-1")),
    (said(video={**FILE, "duration": 3, "width": 1, "height": 1}), Handed("video", "file-1")),
    (said(video_note={**FILE, "duration": 3, "length": 1}), Handed("video_note", "file-1")),
    (said(photo=PICTURES, caption="my letter"), Handed("photo", "large", "my letter")),
    (said(document=FILE), Handed("document", "file-1")),
    (said(animation={**FILE, "duration": 3, "width": 1, "height": 1}, document=FILE), Handed("animation", "file-1")),
    (said(sticker=STICKER), Handed("sticker", "file-1")),
    (said(location=PLACE), Handed("location")),
    (said(venue={"location": PLACE, "title": "O", "address": "S"}, location=PLACE), Handed("location")),
    (said(contact={"phone_number": "000", "first_name": "Sample"}), Handed("contact")),
    (said(dice={"emoji": "🎲", "value": 3}), Handed("dice")),
    (membership("kicked"), Left(gone=True)),
    (membership("member"), Left(gone=False)),
]
IGNORED = {
    "a group": said(text="hello", chat=GROUP),
    "a file in a group": said(document=FILE, chat=GROUP),
    "another bot": said(text="hello", **{"from": {**PERSON, "is_bot": True}}),
    "a bot's file": said(document=FILE, **{"from": BOT}),
    "a channel": update("channel_post", message(text="post", chat={"id": -1, "type": "channel", "title": "C"})),
    "a press in a group": pressed("AAAA:3", message=message(text="?", chat=GROUP)),
    "a press under an inline message": pressed("AAAA:3", message=None, inline_message_id="1"),
    "our place in a group": membership("kicked", GROUP),
    "a moving position": update("edited_message", message(location=LIVE, edit_date=1)),
    "a pinned message": said(pinned_message=message(text="pinned")),
    "a payment": said(successful_payment={
        "currency": "EUR", "total_amount": 1, "invoice_payload": "p",
        "telegram_payment_charge_id": "1", "provider_payment_charge_id": "1",
    }),
    "a question of another kind": update("inline_query", {"id": "1", "from": PERSON, "query": "", "offset": ""}),
    "a kind of the future": update("thought", {"from": PERSON}),
}  # fmt: skip
MALFORMED = {
    "no JSON": "{",
    "no object": "[]",
    "no number": json.dumps({"message": message(text="hello")}),
    "a truth for a number": json.dumps({"update_id": True, "message": message(text="hello")}),
    "words that are none": said(text=7),
    "a chat that is none": said(text="hello", chat=None),
    "a chat's number that is none": said(text="hello", chat={**CHAT, "id": "41"}),
    "a chat's number beyond all numbers": said(text="hello", chat={**CHAT, "id": 2**53}),
    "a file that is none": said(voice="file-1"),
    "a date beyond all dates": said(voice={**FILE, "duration": 3}, date=10**18),
}


@pytest.mark.parametrize(("raw", "reply"), READ)
def test_what_people_send(raw: str, reply: Reply) -> None:
    assert read("5", raw, NOW) == Inbound("telegram", "41", "5", reply, NOW, "sq")


@pytest.mark.parametrize("raw", IGNORED.values(), ids=IGNORED)
def test_is_ignored_on_purpose(raw: str) -> None:
    assert read("5", raw, NOW) is None


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_cannot_be_read(raw: str) -> None:
    with pytest.raises(Malformed):
        read("5", raw, NOW)


def test_without_a_language_there_is_no_hint() -> None:
    found = read("5", said(text="hello", **{"from": {"id": 41, "is_bot": False, "first_name": "S"}}), NOW)
    assert found is not None
    assert found.hint == ""


def test_no_reason_quotes_the_update() -> None:
    for raw in (said(text="canary", chat="canary"), '{"canary"', said(voice={"canary": 1})):
        with pytest.raises(Malformed) as refusal:
            read("5", raw, NOW)
        assert "canary" not in str(refusal.value)


def test_names_are_not_kept() -> None:
    named = {**PERSON, "first_name": "Canary", "last_name": "Canary", "username": "canary"}
    contact = {"phone_number": "000", "first_name": "Canary", "vcard": "Canary"}
    for raw in (said(text="hello", **{"from": named}), said(contact=contact, **{"from": named})):
        assert "canary" not in repr(read("5", raw, NOW)).lower()


def stands(update: object) -> None:
    """Whatever comes, it can be stored as UTF-8 and read as one of three things."""
    stored = raw_update(update)
    stored.raw.encode()
    stored.key.encode()
    assert 0 < len(stored.external_id) <= 80
    try:
        found = read(stored.external_id, stored.raw, NOW)
    except Malformed:
        return
    assert found is None or isinstance(found, Inbound)
    repr(found).encode()


@given(st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_damaged_updates_are_read_or_set_aside(dice: Random) -> None:
    stands(damaged(dice))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(CORPUS[0]["message"])), inner),
)


@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "my_chat_member"]), JSON) | JSON)
@settings(deadline=None)
def test_any_json_is_read_or_set_aside(update: object) -> None:
    stands(update)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_million_damaged_updates(seed: int) -> None:
    dice = Random(seed)
    for _ in range(100_000):
        stands(damaged(dice))
