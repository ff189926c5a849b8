"""One turn: a message from a person, and everything that it makes, ready to be written together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from bot import sayings
from bot.answers.matcher import Match
from bot.dialog.engine import begin_writes, step
from bot.dialog.messages import (
    Bind,
    Commanded,
    Edited,
    Handed,
    Inbound,
    Left,
    Pressed,
    Returned,
    Typed,
)
from bot.dialog.questions import FreeText, NotUnderstood, Voiced, VoiceNote
from bot.dialog.talk import Chosen, Frame, Scene
from bot.domain import messages, people, staff, tickets
from bot.domain.db import new_token
from bot.domain.tickets import TicketState
from bot.forms import DOUBT, Forms
from bot.i18n import LANGUAGES, _
from bot.reading import Reading
from bot.words import Words
from flows import COMMANDS, FLOWS, PAYLOADS, STAFF_COMMANDS

_MOST_DIGITS: Final = 2  # of the number of a button
_DOUBT_WORDS: Final = 4  # shorter texts are taken as the answer to the question that was asked
_TO_THE_DESK: Final = frozenset({"voice", "audio", "video", "photo", "document", "video_note"})


@dataclass(slots=True)
class Turn:
    """One message and what comes of it: messages to show, effects to write, forms in progress."""

    scene: Scene
    inbound: Inbound
    reading: Reading
    words: Words
    button: tuple[int, dict[str, Any]] | None = None  # whose message the pressed button belongs to, and its content
    forms: Forms = field(init=False)
    incoming: dict[str, Any] | None = None
    danger: bool = False

    def __post_init__(self) -> None:
        self.forms = Forms(self.scene, [Frame(**stored) for stored in self.scene.caller.frames])

    async def run(self) -> None:
        """Deal with the message."""
        self.scene.busy = bool(self.forms.frames)
        if self.scene.caller.unreachable and not isinstance(self.inbound.reply, Left | Returned):
            await people.mark_reachable(self.scene.session, self.scene.caller.address_id)
        match self.inbound.reply:
            case Typed(text):
                await self._typed(text)
            case Pressed():
                await self._pressed(self.inbound.reply)
            case Commanded(name, payload):
                self.incoming = {"text": f"/{name}"}
                await self._commanded(name, payload)
            case Handed():
                await self._handed(self.inbound.reply)
            case Edited(text):
                await self._edited(text)
            case Left(gone):
                await self._left(gone=gone)
            case Returned(why, number):
                await self._returned(why, number)
        if self.forms.asked and self.forms.frames:
            place = (self.incoming is not None) + len(self.forms.shown)
            self.forms.frames[-1].seq = self.scene.caller.last_seq + place
        self.scene.caller.frames = [frame.stored() for frame in self.forms.frames]

    async def _typed(self, text: str) -> None:
        self.incoming = {"text": text}
        caller = self.scene.caller
        verb = self.words.verb(text, caller.language)
        if caller.ticket_state == TicketState.HUMAN and verb != "danger":
            verb = None  # said to the person who answers, not to the bot
        if verb == "danger" or (verb is None and self.reading.danger and not await self._chooses(text)):
            await self._danger(text)
        elif verb is not None:
            await self._word(verb)
        elif caller.ticket_state == TicketState.HUMAN:
            await self._answer_last(text)  # a person answers; the bot is silent
        elif (bind := await self._numbered(text)) is not None:
            await self._act(bind)
        elif self.forms.frames:
            await self._answer_typed(text)
        else:
            await self._question(text)

    async def _pressed(self, press: Pressed) -> None:
        address, content = self.button or (0, {})
        binds = content.get("binds", [])
        if address != self.scene.caller.address_id or not 0 <= press.index < len(binds):
            await self._old_button()
            return
        label = next((one[0] for row in content["rows"] for one in row if one[2] == press.index), "")
        self.incoming = {"pressed": label}
        bind = Bind(*binds[press.index])
        if bind.verb == "helped" and bind.object.endswith(":yes"):
            self.incoming["done"] = True
        await self._act(bind)

    async def _act(self, bind: Bind) -> None:
        match bind.verb:
            case "answer":
                await self._answer_pressed(bind.object)
            case "word":
                await self._word(bind.object)
            case "doubt":
                await self._doubt(bind.object)
            case "danger":
                await self._danger("")
            case _flow if bind.verb in FLOWS:
                await self.forms.open(bind.verb, bind.object)
            case _unknown:
                await self._old_button()

    async def _numbered(self, text: str) -> Bind | None:
        """The button of this number, where the channel had no room for all of them. Options and amounts come first."""
        said = text.strip()
        if not said.isdecimal() or len(said) > _MOST_DIGITS:
            return None
        binds = await messages.numbered(self.scene.session, self.scene.caller.address_id)
        if not 1 <= int(said) <= len(binds) or await self._chooses(text):
            return None
        return Bind(*binds[int(said) - 1])

    async def _commanded(self, name: str, payload: str) -> None:
        opens, _dash, what = payload.partition("-")
        if name == "start" and opens in PAYLOADS:
            await self.forms.open(PAYLOADS[opens], what)
        elif name == "danger":
            await self._danger("")
        elif name == "language" and payload in LANGUAGES:
            await self.forms.open("language", payload)
        elif name in COMMANDS:
            await self.forms.open(COMMANDS[name], payload if name == "start" else "")
        elif name in STAFF_COMMANDS and await staff.by_address(self.scene.session, self.scene.caller.address_id):
            await self.forms.open(STAFF_COMMANDS[name])
        else:
            self.forms.say(_("I do not know this command."))
            await self.forms.open("help")

    async def _handed(self, handed: Handed) -> None:
        self.incoming = {"text": handed.words, "kind": handed.kind, "file": handed.file}
        if self.reading.danger:
            await self._danger(handed.words)
        elif self.scene.caller.ticket_state == TicketState.HUMAN:
            return  # it is in the transcript, for the person who answers
        elif handed.kind == "voice" and await self._answer_spoken(handed):
            return
        elif handed.kind in _TO_THE_DESK:
            await self._pass_on(handed.words)
        else:
            await self.forms.notice()
            self.forms.say(_("I can only read words. Please write your question."))
            await self.forms.repeat()

    async def _edited(self, text: str) -> None:
        self.incoming = {"text": text, "kind": "edited"}
        if self.reading.danger:
            await self._danger(text)
        elif self.scene.caller.ticket_id is None:
            self.forms.say(_("I see that you changed a message. Please send it again as a new message."))

    async def _left(self, *, gone: bool) -> None:
        session, caller = self.scene.session, self.scene.caller
        if gone:
            await people.mark_unreachable(session, caller.address_id, "blocked", self.scene.now)
        else:
            await people.mark_reachable(session, caller.address_id)

    async def _returned(self, why: str, number: int) -> None:
        self.forms.shown.append(sayings.returned(why, number))
        await self.forms.go_on()

    # What it leads to

    async def _answer_pressed(self, what: str) -> None:
        run, _colon, rest = what.partition(":")
        key, _colon, value = rest.partition(":")
        self.forms.forget_unknown()
        if not self.forms.frames or self.forms.frames[-1].run != run or self.forms.frames[-1].asked != key:
            await self._old_button()
            return
        await self.forms.advance(Chosen(key, value))

    async def _answer_typed(self, text: str) -> None:
        self.forms.forget_unknown()
        if not self.forms.frames:
            await self._question(text)
            return
        frame, match = self.forms.frames[-1], self.reading.match
        waiting = await self.forms.waits_for(frame)
        question = waiting.question
        if question is None:  # the form has come to its end by itself
            self.forms.take(frame, waiting)
            await self.forms.repeat()
            return
        if question.key != frame.asked:  # the way has changed: the words were no answer to what is asked now
            self.forms.take(frame, waiting)
            return
        sure = match is not None and match.kind == "answer"
        if isinstance(question, FreeText):
            doubtful = sure and not question.tells and len(text.split()) >= _DOUBT_WORDS
            if doubtful and DOUBT not in frame.answers:
                self._ask_doubt(frame, text)
            else:
                await self.forms.advance(text)
            return
        try:
            question.understand(text, self.scene.speech)
        except NotUnderstood:
            if match is not None and match.kind in {"answer", "choices"}:
                await self._question(text)
                return
        await self.forms.advance(text)

    async def _chooses(self, text: str) -> bool:
        """Whether the words are an option of the form's question, whatever they sound like."""
        known = [frame for frame in self.forms.frames if frame.flow in FLOWS]
        question = (await self.forms.waits_for(known[-1])).question if known else None
        if question is None or isinstance(question, FreeText | VoiceNote):
            return False
        with suppress(NotUnderstood):
            question.understand(text, self.scene.speech)
            return True
        return False

    async def _answer_spoken(self, handed: Handed) -> bool:
        """A voice note is the answer where one was asked for; else it is for the desk, and this is False."""
        self.forms.forget_unknown()
        question = (await self.forms.waits_for(self.forms.frames[-1])).question if self.forms.frames else None
        if not isinstance(question, VoiceNote):
            return False
        if question.key == self.forms.frames[-1].asked:
            await self.forms.advance(Chosen(question.key, question.take(Voiced(handed.file, handed.seconds))))
        else:
            await self.forms.repeat()
        return True

    async def _answer_last(self, text: str) -> None:
        """Beside a person's conversation: words count only right after a question that a command has just asked."""
        if not self.forms.frames or self.forms.frames[-1].seq != self.scene.caller.last_seq:
            return
        frame = self.forms.frames[-1]
        waiting = await self.forms.waits_for(frame)
        if waiting.question is None or waiting.question.key != frame.asked:
            return
        with suppress(NotUnderstood):
            waiting.question.understand(text, self.scene.speech)
            await self.forms.advance(text)

    def _ask_doubt(self, frame: Frame, text: str) -> None:
        if self.incoming is not None:
            self.incoming["question"] = True
        topics = list(self.reading.match.topics) if self.reading.match else []
        frame.answers[DOUBT] = {"text": text, "topics": topics}
        self.forms.shown.append(sayings.doubt())

    async def _doubt(self, verdict: str) -> None:
        doubted = self.forms.frames[-1].answers.get(DOUBT) if self.forms.frames else None
        if doubted is None:
            await self._old_button()
        elif verdict == "keep":
            await self.forms.advance(str(doubted["text"]))
        else:
            del self.forms.frames[-1].answers[DOUBT]
            self.reading = Reading(Match("answer", tuple(doubted["topics"]), (), None, "asked again"))
            await self._question(str(doubted["text"]))

    async def _question(self, text: str) -> None:
        """Look the words up. While a person is waited for, only a clear answer is given; the rest is theirs."""
        match = self.reading.match
        smalltalk = match is not None and match.kind == "smalltalk"
        if self.incoming is not None and "text" in self.incoming and not smalltalk:
            self.incoming["question"] = True
        self.scene.match, self.scene.words = match, text
        clear = match is not None and match.kind == "answer"
        if self.scene.caller.ticket_state == TicketState.WAITING and not clear:
            self.forms.say(_("Added to your question {number}.", number=str(self.scene.caller.ticket_number)))
            await self.forms.repeat()
            return
        await self.forms.open("question")
        self._offer_language()

    def _offer_language(self) -> None:
        """Offer, never force, the language in which somebody seems to write; each language once."""
        other, caller = self.reading.offer, self.scene.caller
        if other is None or other in {caller.language, caller.language_offered}:
            return
        caller.language_offered = other
        self.forms.shown.append(sayings.language_offer(other))

    async def _danger(self, text: str) -> None:
        self.scene.words = text
        self.danger = True
        frame = Frame("danger", new_token()[:8])
        self.forms.take(frame, await step(FLOWS["danger"], frame, None, self.scene))

    async def _word(self, verb: str) -> None:
        match verb:
            case "back":
                await self.forms.back()
            case "cancel":
                await self.forms.cancel()
            case "language":
                await self.forms.open("languages")
            case _flow:
                await self.forms.open(verb)

    async def _old_button(self) -> None:
        self.forms.say(_("This button is from an earlier message. Here is where we are now."))
        await self.forms.go_on()

    async def _pass_on(self, words: str) -> None:
        """A voice note or file: it goes to the person behind the desk, opening a case if there is none."""
        await self.forms.notice()
        scene = self.scene
        await begin_writes(scene)
        opened = await tickets.open_ticket(
            scene.session, scene.caller, {"question": words, "file": True}, place=scene.desk.place.id,
            zone=scene.desk.zone, now=scene.now,
        )  # fmt: skip
        self.forms.shown.append(sayings.passed_on(opened.number))
