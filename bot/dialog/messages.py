"""What people send and what they are shown, the same for every channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from bot.i18n import Text


@dataclass(frozen=True, slots=True)
class Typed:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: the token of its message and its place there, counted over all rows."""

    token: str
    index: int


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command such as `/start event-7`: its name without the slash, and what follows."""

    name: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A voice note, file, picture, sticker, place or contact. `file` is the platform's id, if it can be fetched."""

    kind: str
    file: str = ""
    words: str = ""
    seconds: int = 0  # how long a voice note is, if the platform says so


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message with other words."""

    text: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked us (`gone`) or came back."""

    gone: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """Not from the person: a case was closed or left alone, and the bot takes over again."""

    why: str
    ticket_number: int = 0


Reply: TypeAlias = Typed | Pressed | Commanded | Handed | Edited | Left | Returned


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a person. `key` is the address on its channel; `hint` the platform's language code."""

    channel: str
    key: str
    external_id: str
    reply: Reply
    received_at: datetime
    hint: str = ""


class Tone(StrEnum):
    """How a message should look."""

    BOT = "bot"
    NOTICE = "notice"
    ANSWER = "answer"
    DANGER = "danger"
    LARGE = "large"  # to be held up at a counter
    STAFF = "staff"  # written by a person of the desk
    INFO = "info"  # a small remark about what is going on


@dataclass(frozen=True, slots=True)
class Bind:
    """What a button does: a verb and its object. The server keeps it; the button carries only an opaque id."""

    verb: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button with what it does, or a link."""

    label: Text
    bind: Bind | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with a message: its name, and what `bot/paper` makes it from when it leaves."""

    name: str
    maker: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """Something to show: a title, paragraphs, buttons, perhaps a file."""

    text: Text
    title: Text | None = None
    buttons: Sequence[Button] = ()
    tone: Tone = Tone.BOT
    language: str = ""  # when it is to be shown in another language than the person's
    topic: str = ""  # the FAQ topic that it answers with
    document: Document | None = None

    def with_buttons(self, *buttons: Button) -> Message:
        """The same message with more buttons at its end."""
        return replace(self, buttons=(*self.buttons, *buttons))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can show. A message beyond them is laid out differently, never cut silently."""

    text_chars: int
    label_chars: int
    buttons: int
    short_label_chars: int = 18  # two such labels fit side by side on a phone
    mirrors_rows: bool = False  # whether rows must be turned round for right-to-left languages


@dataclass(frozen=True, slots=True)
class LaidDocument:
    """A file of a message: its name, and the row that holds what it is made from, which only a new one brings along."""

    name: str
    id: int
    maker: str = field(default="", compare=False)
    content: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


class Readable(Protocol):
    """A file in full."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def media_type(self) -> str:
        """What it is."""
        ...

    @property
    def data(self) -> bytes:
        """Its bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Laid:
    """A message as a channel shows it: final words, and rows of labels (each a button or a link)."""

    text: str
    title: str = ""
    rows: Sequence[Sequence[LaidButton]] = ()
    tone: str = Tone.BOT
    language: str = "en"
    direction: str = "ltr"
    sender: str = ""  # who speaks, shown outside the text
    binds: Sequence[Bind] = field(default=())
    topic: str = ""
    document: LaidDocument | None = None
    numbered: bool = False  # its text lists buttons by their number, which can be written
    file: Readable | None = field(default=None, repr=False, compare=False)  # made when it is sent, and never stored

    def content(self) -> dict[str, Any]:
        """As it is stored, sealed, in the transcript."""
        stored: dict[str, Any] = {
            "text": self.text, "title": self.title, "tone": str(self.tone), "language": self.language,
            "direction": self.direction, "sender": self.sender, "topic": self.topic,
            "rows": [[[one.label, one.url, one.index] for one in row] for row in self.rows],
            "binds": [[bind.verb, bind.object] for bind in self.binds],
        }  # fmt: skip
        if self.document is not None:
            stored["document"] = {"name": self.document.name, "id": self.document.id}
        if self.numbered:
            stored["numbered"] = True
        return stored


@dataclass(frozen=True, slots=True)
class LaidButton:
    """One button as shown. With a `url` it is a link; else a press reports its `index`, which `binds` counts too."""

    label: str
    url: str = ""
    index: int = -1


def laid_from(content: dict[str, Any]) -> Laid:
    """The message that `Laid.content` stored."""
    return Laid(
        content.get("text", ""), content.get("title", ""),
        tuple(tuple(LaidButton(*button) for button in row) for row in content.get("rows", ())),
        content.get("tone", Tone.BOT), content.get("language", "en"), content.get("direction", "ltr"),
        content.get("sender", ""), tuple(Bind(verb, what) for verb, what in content.get("binds", ())),
        content.get("topic", ""), LaidDocument(**content["document"]) if content.get("document") else None,
        bool(content.get("numbered", False)),
    )  # fmt: skip
