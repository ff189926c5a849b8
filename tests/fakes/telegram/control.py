"""The fake as its own process: what a test does in Python, as JSON over `/control/...`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tests.fakes.telegram.chats import Message
from tests.fakes.telegram.forms import Json
from tests.fakes.telegram.http import Reply, Request
from tests.fakes.telegram.limits import Limits

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

VERBS = frozenset(
    "says edits presses forges sends_voice sends_document sends_photo sends_sticker sends_location "
    "sends_contact blocks unblocks disappears".split()
)
LONGEST_WAIT_SECONDS = 600.0


def answer(fake: FakeTelegram, request: Request) -> Reply | Coroutine[Any, Any, Reply]:
    """The reply to one control request; 400 with the reason for what it does not understand."""
    name = request.path.removeprefix("/control/").strip("/")
    if name == "sent":
        return _sent(fake, dict(parse_qsl(request.query)))
    try:
        if name in _READS and request.verb == "GET":
            return _reply(_READS[name](fake))
        if name in _WRITES and request.verb == "POST":
            return _reply(_WRITES[name](fake, json.loads(request.body or b"{}")))
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        return _reply({"error": f"{type(problem).__name__}: {problem}"}, 400)
    return _reply({"error": f"no {request.verb} {name}"}, 404)


def _reply(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode())


def as_row(message: Message) -> Json:
    """A message of the bot as the control address shows it."""
    return {
        "index": message.index,
        "chat_id": message.chat_id,
        "message_id": message.message_id,
        "kind": message.kind,
        "text": message.text,
        "buttons": message.buttons,
        "thread_id": message.thread_id,
        "reply_to": message.reply_to.message_id if message.reply_to else 0,
        "edits": message.edits,
        "deleted": message.deleted,
    }


async def _sent(fake: FakeTelegram, query: dict[str, str]) -> Reply:
    """`after` skips messages; `count` waits for so many more, at most `timeout` seconds."""
    after, count = int(query.get("after", 0)), int(query.get("count", 0))
    seconds = min(float(query.get("timeout", 0)), LONGEST_WAIT_SECONDS)
    if seconds:
        with contextlib.suppress(TimeoutError):
            await fake.world.until(lambda: len(fake.sent) >= after + count, seconds)
    return _reply({"total": len(fake.sent), "sent": [as_row(message) for message in fake.sent[after:]]})


def _counters(fake: FakeTelegram) -> Json:
    queue = fake.world.queue
    updates = {name: getattr(queue, name) for name in ("made", "confirmed", "expired", "redelivered")}
    counted = {field.name: getattr(fake.counters, field.name) for field in fields(fake.counters)}
    return {**counted, "updates": {**updates, "waiting": len(queue)}}


def _profile(fake: FakeTelegram) -> Json:
    return {f"{name} {code}".strip(): value for (name, code), value in fake.world.profile.items()}


def _acts(fake: FakeTelegram, acts: list[Json]) -> list[Json]:
    """Each act: `user` (a number or the arguments of FakeTelegram.user), `does`, and the verb's own."""
    return [_act(fake, dict(act)) for act in acts]


def _act(fake: FakeTelegram, act: Json) -> Json:
    who, verb = act.pop("user"), act.pop("does")
    if verb not in VERBS:
        raise LookupError(f"no verb {verb!r}")
    about: Json = {"id": who} if isinstance(who, int) else dict(who)
    user = fake.user(about.pop("id"), **about)
    if "group" in act:
        act["to"] = fake.group(act.pop("group"))
    chat = act["to"].chat if "to" in act else user.chat
    if "message_id" in act:
        act["message"] = chat.messages[act.pop("message_id")]
        act.pop("to", None)
    if "reply_to" in act:
        act["reply_to"] = chat.messages[act["reply_to"]]
    if "data" in act and verb != "forges":
        act["data"] = act["data"].encode()
    done = getattr(user, verb)(**act)
    update_id = fake.world.queue.next_id - 1
    if isinstance(done, Message):
        return {"message_id": done.message_id, "update_id": update_id}
    return {"query_id": done, "update_id": update_id} if done else {"update_id": update_id}


def _updates(fake: FakeTelegram, updates: list[Json]) -> list[int]:
    return [fake.pushes(update) for update in updates]


def _redeliver(fake: FakeTelegram, numbers: list[int]) -> int:
    for number in numbers:
        fake.redelivers(number)
    return len(numbers)


def _groups(fake: FakeTelegram, group: Json) -> int:
    return fake.group(group.pop("id"), **group).id


def _faults(fake: FakeTelegram, rules: list[Json]) -> int:
    """The list replaces all rules that stand; an empty one heals everything."""
    fake.world.faults.clear()
    for rule in rules:
        fake.fault(**rule)
    return len(rules)


def _settings(fake: FakeTelegram, settings: Json) -> Json:
    if "latency_seconds" in settings:
        fake.latency_seconds = float(settings["latency_seconds"])
    if "duplicate_share" in settings:
        fake.world.duplicate_share = float(settings["duplicate_share"])
    if "limits" in settings:
        fake.world.paces.limits = Limits(**settings["limits"])
    return {
        "latency_seconds": fake.latency_seconds,
        "duplicate_share": fake.world.duplicate_share,
        "limits": asdict(fake.world.paces.limits),
    }


_READS: dict[str, Callable[[FakeTelegram], object]] = {
    "counters": _counters,
    "profile": _profile,
    "webhook": lambda fake: fake.intake.info()["result"],
    "health": lambda fake: {"ok": True, "url": fake.url},
}
_WRITES: dict[str, Callable[[FakeTelegram, Any], object]] = {
    "acts": _acts,
    "updates": _updates,
    "redeliver": _redeliver,
    "groups": _groups,
    "faults": _faults,
    "settings": _settings,
}
