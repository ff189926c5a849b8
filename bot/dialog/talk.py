"""What a flow sees: questions by name, reads, one write at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.content import Library
from bot.answers.matcher import Match
from bot.dialog.messages import Button, Message
from bot.dialog.questions import (
    Choice,
    Confirmation,
    Day,
    FreeText,
    Gone,
    NotUnderstood,
    Number,
    Option,
    Question,
    Secret,
    Speech,
    Story,
    Voiced,
    VoiceNote,
)
from bot.domain import consent, happenings, misses, recordings
from bot.domain.consent import Aim
from bot.domain.happenings import Kind
from bot.domain.people import Caller
from bot.domain.places import Desk
from bot.i18n import Catalogs, Text, _

P = ParamSpec("P")
T = TypeVar("T")


class Pause(BaseException):
    """The flow waits for an answer. Not an Exception, so that no flow swallows it by accident."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.key)
        self.question = question


class AskAgain(Exception):
    """Drop the answer to `key` and everything asked after it, undo what was written, and ask again.

    With `only`, just the answers to these keys are dropped.
    """

    def __init__(self, key: str, *, because: Text, only: Collection[str] = ()) -> None:
        super().__init__(key)
        self.key = key
        self.because = because
        self.only = only


class FlowError(Exception):
    """A flow breaks a rule of the engine: a programming mistake."""


@dataclass(slots=True)
class Frame:
    """One run of a flow: its answers by name, and the question that was shown."""

    flow: str
    run: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    sentence: str = ""  # fingerprint of what was asked
    seq: int = 0  # place of the question in the conversation
    brief: bool = False  # what is said for it is kept as Keep.BRIEF says

    def stored(self) -> dict[str, Any]:
        """As it is kept between turns."""
        return {"flow": self.flow, "run": self.run, "answers": self.answers, "asked": self.asked,
                "sentence": self.sentence, "seq": self.seq, "brief": self.brief}  # fmt: skip


@dataclass(slots=True)
class Effects:
    """Rows that a turn collects; written together at its end, dropped when it fails."""

    happenings: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """Everything around a turn, handed in: who, where, when, what was understood."""

    session: AsyncSession
    caller: Caller
    desk: Desk
    library: Library
    catalogs: Catalogs
    now: datetime
    match: Match | None = None
    words: str = ""
    wrote: bool = False
    busy: bool = False  # a form is in progress
    public_url: str = ""
    recorded: recordings.Current = field(default_factory=dict)  # which texts can be heard
    brief: bool = False  # a form that is kept briefly has run in this turn
    hushed: bool = False  # what was typed must not be written down

    @property
    def speech(self) -> Speech:
        """The person's language."""
        return Speech(self.catalogs, self.caller.language)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pressed answer: the stored form of it."""

    key: str
    value: str


class Talk:
    """One run through a flow, from the top."""

    def __init__(self, scene: Scene, frame: Frame, reply: Chosen | str | None) -> None:
        self.scene = scene
        self.frame = frame
        self.effects = Effects()
        self.said: list[Message] = []
        self.notes: list[Text] = []
        self.path: list[str] = []
        self.next: tuple[str, str] | None = None
        self.trail: list[str] = []  # answered keys and kept names, in the order they were met
        self._reply = reply

    @property
    def person(self) -> Caller:
        """Who is talking."""
        return self.scene.caller

    @property
    def desk(self) -> Desk:
        """Which desk this is."""
        return self.scene.desk

    @property
    def object(self) -> str:
        """What the pressed button or the command named; empty without one."""
        return str(self.frame.answers.get("object", ""))

    async def choose(
        self, key: str, text: Text, options: Sequence[Option], *, private: bool = False, beside: Sequence[Button] = ()
    ) -> str:
        """The id of one of the options. `beside`: buttons that answer nothing."""
        return str(await self._ask(Choice(key, text, options, private, beside)))

    async def confirm(self, key: str, text: Text) -> bool:
        """Yes or no to exactly this sentence."""
        return bool(await self._ask(Confirmation(key, text)))

    async def text(
        self, key: str, text: Text, *, private: bool = False, most_chars: int = 1000, skip: Text | None = None,
        tells: bool = False,
    ) -> str:  # fmt: skip
        """The person's own words; empty when the button `skip` was pressed. `tells`: never taken for a question."""
        return str(await self._ask(FreeText(key, text, private, most_chars, skip, tells)))

    async def voice(self, key: str, text: Text, options: Sequence[Option] = ()) -> Voiced | str:
        """A voice note, or the id of the option that was chosen in its place."""
        given: Voiced | str = await self._ask(VoiceNote(key, text, options))
        return given

    async def story(self, key: str, text: Text, *, skip: Text) -> Voiced | str:
        """The person's own words or a voice note; empty when the button `skip` was pressed."""
        given: Voiced | str = await self._ask(Story(key, text, skip=skip))
        return given

    async def secret(self, key: str, text: Text, least: int, most: int) -> str:
        """So many digits, as `pins.seal` makes them; what is typed is not written down."""
        return str(await self._ask(Secret(key, text, least, most)))

    async def maybe_number(
        self, key: str, text: Text, least: int, most: int, *, skip: Text, private: bool = False
    ) -> int | None:
        """A whole number within bounds, or None when the button `skip` was pressed."""
        found: int | None = await self._ask(Number(key, text, least, most, private, skip))
        return found

    async def maybe_date(self, key: str, text: Text, *, skip: Text, private: bool = False) -> date | None:
        """A calendar day, or None when the button `skip` was pressed."""
        found: date | None = await self._ask(Day(key, text, private, skip))
        return found

    async def number(self, key: str, text: Text, least: int, most: int, *, private: bool = False) -> int:
        """A whole number within bounds."""
        return int(await self._ask(Number(key, text, least, most, private)))

    async def date(self, key: str, text: Text, *, private: bool = False) -> date:
        """A calendar day."""
        found: date = await self._ask(Day(key, text, private))
        return found

    async def _ask(self, question: Question) -> Any:  # noqa: ANN401
        key = question.key
        if self.scene.wrote:
            raise FlowError(f"{self.frame.flow}: question {key!r} follows a write")
        if key in self.path:
            raise FlowError(f"{self.frame.flow}: key {key!r} is used twice in one run")
        answers = self.frame.answers
        try:
            if key not in answers:
                self._take_reply(question)
            value = question.read(answers[key])
        except Gone:
            answers.pop(key, None)
            self.notes.append(_("That choice is no longer available."))
            raise Pause(question) from None
        except NotUnderstood as lost:
            self.notes.append(lost.hint)
            raise Pause(question) from None
        self.path.append(key)
        self.trail.append(key)
        self.said.clear()  # it was said before the question that is answered now
        return value

    def _take_reply(self, question: Question) -> None:
        """Store the reply if it belongs to this question: the one that was shown. Else show the question."""
        reply = self._reply
        if reply is None or self.frame.asked != question.key:
            raise Pause(question)
        self._reply = None
        if isinstance(question, Confirmation) and self.frame.sentence != question.text.fingerprint():
            raise Gone  # what was shown is not what would be agreed to now
        if isinstance(reply, Chosen):
            if reply.key != question.key:
                raise Pause(question)
            self.frame.answers[question.key] = reply.value
        else:
            self.scene.hushed = self.scene.hushed or isinstance(question, Secret)
            self.frame.answers[question.key] = question.understand(reply, self.scene.speech)

    def keep_briefly(self) -> None:
        """Let this form, and whatever is said in the chat while it is in progress, go as Keep.BRIEF says."""
        self.frame.brief = self.scene.brief = True

    def say(self, message: Message | Text) -> None:
        """Show something before the next question or the end."""
        self.said.append(message if isinstance(message, Message) else Message(message))

    async def look(
        self, read: Callable[Concatenate[AsyncSession, P], Awaitable[T]], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Read what may change between turns."""
        return await read(self.scene.session, *args, **kw)

    async def keep(
        self, name: str, read: Callable[Concatenate[AsyncSession, P], Awaitable[Any]], *args: P.args, **kw: P.kwargs
    ) -> Any:  # noqa: ANN401
        """Read once and keep the result (JSON) under `name`, so that the path does not move under the person."""
        if name not in self.frame.answers:
            self.frame.answers[name] = await read(self.scene.session, *args, **kw)
        self.trail.append(name)
        return self.frame.answers[name]

    async def do(self, verb: Callable[Concatenate[AsyncSession, P], Awaitable[T]], *args: P.args, **kw: P.kwargs) -> T:
        """Write. No question may follow; the turn's savepoint undoes it when the flow asks again or fails."""
        if not self.scene.wrote:
            await self.scene.session.begin_nested()
            self.scene.wrote = True
        return await verb(self.scene.session, *args, **kw)

    def then(self, flow: str, what: str = "") -> None:
        """Open another flow when this one has ended and its writes are kept: only so can a question follow a write."""
        self.next = (flow, what)

    def note(self, kind: Kind, topic: str = "", /, **data: Any) -> None:  # noqa: ANN401
        """Count something, without personal data."""
        scene = self.scene
        row = happenings.row(kind, scene.caller, scene.now, scene.desk.zone, scene.desk.place.id, topic, **data)
        self.effects.happenings.append(row)

    def note_miss(self, nearest: str, language: str) -> None:
        """Remember that no answer was known to what the person wrote."""
        self.effects.misses.append(misses.row(self.person, self.scene.words, nearest, language, self.scene.now))

    def note_consent(self, aim: Aim, shown: Text, *, given: bool) -> None:
        """Write down what the person was shown, and whether they agreed."""
        sentence = self.scene.catalogs.say(shown, self.person.language)
        self.effects.consents.append(consent.row(self.person, aim, given=given, shown=sentence, now=self.scene.now))

    def change_person(self, **values: Any) -> None:  # noqa: ANN401
        """Set what is kept of the person; it is written with the turn's other rows."""
        for name, value in values.items():
            setattr(self.person, name, value)


Flow = Callable[[Talk], Awaitable[Text | Message | Sequence[Message] | None]]
