"""Everything the fake platform remembers about one bot, and who is told when it changes."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.telegram.chats import Chat, Message, Press, StoredFile
from tests.fakes.telegram.forms import Json, Upload, bad
from tests.fakes.telegram.limits import Fault, Limits, Paces
from tests.fakes.telegram.updates import UpdateQueue

PRESS_ANSWER_SECONDS = 60.0
"""How long a pressed button takes an answer; no number is published, so bots must stand a refusal."""


@dataclass(slots=True)
class Counters:
    """What happened so far; `as_json` is what the control address shows."""

    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    edited: int = 0
    duplicates: int = 0
    """Messages equal to one that the same chat got since somebody last acted there."""
    forbidden: int = 0
    too_many: int = 0
    while_waiting: int = 0
    """Calls made before the told time was over; part of `too_many`."""
    conflicts: int = 0
    webhook_calls: int = 0
    webhook_failures: int = 0
    presses_unanswered: int = 0


class World:
    """The state behind one token."""

    def __init__(self, token: str, clock: Callable[[], float], limits: Limits, seed: int) -> None:
        self.token = token
        self.clock = clock
        self.queue = UpdateQueue(clock)
        self.paces = Paces(limits, clock)
        self.counters = Counters()
        self.dice = random.Random(seed)
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Desk under test",
            "username": "desk_under_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.bot_face: Json = {name: self.me[name] for name in ("id", "is_bot", "first_name", "username")}
        self.chats: dict[int, Chat] = {}
        self.sent: list[Message] = []
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.actions: list[tuple[int, str]] = []
        self.profile: dict[tuple[str, str], object] = {}
        self.faults: list[Fault] = []
        self.duplicate_share = 0.0
        self.press_answer_seconds = PRESS_ANSWER_SECONDS
        self.on_bot_message: list[Callable[[Message], None]] = []
        self._last_private_id = 0
        self._since_act: dict[int, set[tuple[str, tuple[str, ...]]]] = {}
        self._watchers: list[tuple[Callable[[], object], asyncio.Future[object]]] = []
        self.on_update: Callable[[], None] = lambda: None

    def next_message_id(self, chat: Chat) -> int:
        """Numbers count per supergroup, and over all other chats together, as on the platform."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_private_id += 1
        return self._last_private_id

    def keep(self, message: Message) -> Message:
        """Put a message into its chat."""
        message.chat.messages[message.message_id] = message
        return message

    def say(self, kind: str, content: object, chat: Chat) -> int:
        """Queue an update that a person caused; returns its number or 0."""
        self._since_act.pop(chat.id, None)
        number = self.queue.add(kind, content, chat.id)
        self.on_update()
        self.changed()
        return number

    def note_sent(self, message: Message) -> None:
        """Record a new message of the bot and tell those who wait for it."""
        message.index = len(self.sent)
        self.sent.append(message)
        self.counters.sent += 1
        shown = (message.text, tuple(message.buttons))
        seen = self._since_act.setdefault(message.chat.id, set())
        if shown in seen:
            self.counters.duplicates += 1
        seen.add(shown)
        self.tell(message)

    def tell(self, message: Message) -> None:
        """Tell listeners that a message of the bot is new or changed."""
        for listen in self.on_bot_message:
            listen(message)
        self.changed()

    def store_file(self, upload: Upload | str, folder: str) -> StoredFile:
        """Keep an upload, or find a file by its id. Raises RefusalError."""
        if isinstance(upload, str):
            if upload not in self.files:
                raise bad("wrong file identifier/HTTP URL specified")
            return self.files[upload]
        number = len(self.files) + 1
        ending = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        stored = StoredFile(f"file-id-{number}", f"{folder}/file_{number}.{ending}", upload.data)
        self.files[stored.file_id] = stored
        return stored

    def changed(self) -> None:
        """Look again at everything that somebody waits for."""
        if not self._watchers:
            return
        for watcher in tuple(self._watchers):
            condition, future = watcher
            if future.done():
                self._watchers.remove(watcher)
            elif value := condition():
                self._watchers.remove(watcher)
                future.set_result(value)

    async def until(self, condition: Callable[[], object], seconds: float) -> object:
        """The first true value of `condition`, asked after each change. Raises TimeoutError."""
        if value := condition():
            return value
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._watchers.append((condition, future))
        async with asyncio.timeout(seconds):
            return await future
