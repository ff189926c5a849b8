"""What exists on the platform's side: chats, messages, buttons, files."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.telegram.forms import Json


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message; `data` and `url` are None where it has none."""

    text: str
    data: str | None = None
    url: str | None = None
    asks_for: str = ""
    """`contact` or `location` on a reply keyboard."""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum group."""

    name: str
    closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group as the bot meets it."""

    id: int
    kind: str
    face: Json
    refuses: tuple[int, str] | None = None
    """The code and sentence that every send to this chat gets, while set."""
    moved_to: int | None = None
    forum: bool = False
    may_manage_topics: bool = True
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Rows = ()
    """The reply keyboard that people see in this chat now."""
    last_message_id: int = 0

    @property
    def is_group(self) -> bool:
        """Whether several people read here."""
        return self.kind != "private"


@dataclass(slots=True, eq=False)
class Message:
    """One message, from the bot or from a person; `index` counts all the bot's messages from 0."""

    message_id: int
    chat: Chat
    sender: Json
    date: int
    text: str = ""
    kind: str = "text"
    entities: list[Json] = field(default_factory=list)
    rows: Rows = ()
    inline: Json | None = None
    extra: Json = field(default_factory=dict)
    """The parts of the message that belong to its kind, such as `voice`."""
    thread_id: int = 0
    reply_to: Message | None = None
    edits: int = 0
    deleted: bool = False
    index: int = -1
    silent: bool = False

    @property
    def chat_id(self) -> int:
        """The number of its chat."""
        return self.chat.id

    @property
    def buttons(self) -> list[str]:
        """The labels, left to right, row by row."""
        return [button.text for row in self.rows for button in row]

    def button(self, label: str) -> Button:
        """The button of that label. Raises LookupError."""
        for row in self.rows:
            for button in row:
                if button.text == label:
                    return button
        raise LookupError(f"no button {label!r} among {self.buttons}")

    def as_json(self, *, with_reply: bool = True) -> Json:
        """The message as the Bot API shows it."""
        shown: Json = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat.face,
            "date": self.date,
        }
        if self.thread_id:
            shown["message_thread_id"] = self.thread_id
            shown["is_topic_message"] = True
        if self.edits:
            shown["edit_date"] = self.date
        if with_reply and self.reply_to is not None:
            shown["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.kind == "text":
            shown["text"] = self.text
            if self.entities:
                shown["entities"] = self.entities
        elif self.text:
            shown["caption"] = self.text
            if self.entities:
                shown["caption_entities"] = self.entities
        if self.inline is not None:
            shown["reply_markup"] = self.inline
        shown.update(self.extra)
        return shown


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the platform; `path` is what getFile gives."""

    file_id: str
    path: str
    data: bytes

    def as_json(self) -> Json:
        """The part that every kind of file shares."""
        return {"file_id": self.file_id, "file_unique_id": f"u-{self.file_id}", "file_size": len(self.data)}


@dataclass(slots=True)
class Press:
    """A pressed button that waits for its answer."""

    at: float
    chat_id: int
    answers: list[str] = field(default_factory=list)
