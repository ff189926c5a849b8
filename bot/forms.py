"""The forms in progress of one person, the topmost last, and what a turn with them shows and counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from bot.dialog.engine import Step, go_back, keep_writes, step
from bot.dialog.messages import Message, Tone
from bot.dialog.talk import Chosen, Effects, Frame, Scene
from bot.domain.consent import NOTICE_VERSION
from bot.domain.db import new_token
from bot.i18n import Text, _
from flows import FLOWS

DOUBT: Final = "~doubt"  # where a form keeps words that may have been a question to us
_DEEPEST: Final = 3
_ESCAPES: Final = frozenset({"start", "menu"})
_BEFORE_NOTICE: Final = frozenset({"start", "language", "languages", "danger", "staff", "take", "join"})


@dataclass(slots=True)
class Forms:
    """Flows that wait for an answer, and what this turn has made of them."""

    scene: Scene
    frames: list[Frame]
    shown: list[Message] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    asked: bool = False  # this turn shows the question that waits

    async def open(self, flow: str, what: str = "") -> None:
        """Begin a flow; the forms below it wait, three at most. Beginning anew lets them go."""
        if flow in _ESCAPES:
            self.frames.clear()
            self.scene.busy = False
        if flow not in _BEFORE_NOTICE:
            await self.notice()
        self.frames = [frame for frame in self.frames if frame.flow != flow][-_DEEPEST + 1 :]
        frame = Frame(flow, new_token()[:8], {"object": what} if what else {})
        came = await self.step_on(frame, None)
        if came.frame is None and came.then is None and flow not in _ESCAPES:
            await self.repeat()

    async def step_on(self, frame: Frame, reply: Chosen | str | None) -> Step:
        """Run a flow one step further; its frame stays on top while it waits, and goes when it has ended."""
        came = await step(FLOWS[frame.flow], frame, reply, self.scene)
        if came.frame is None:
            await keep_writes(self.scene)  # this form is done; another may ask its question now
        self.take(frame, came)
        if came.then is not None:
            await self.open(*came.then)
        return came

    def take(self, frame: Frame, came: Step) -> None:
        """Collect what a step has made."""
        self.shown += came.messages
        self.effects.happenings += came.effects.happenings
        self.effects.consents += came.effects.consents
        self.effects.misses += came.effects.misses
        self.frames = [] if self.scene.caller.leaving else [one for one in self.frames if one is not frame]
        if came.frame is not None:
            self.frames.append(came.frame)
            self.asked = True

    async def repeat(self) -> None:
        """Show the question that waits, if one does."""
        self.forget_unknown()
        if self.frames:
            await self.step_on(self.frames[-1], None)

    async def go_on(self) -> None:
        """Where the person is: at the question that waits, or at the menu."""
        if self.frames:
            await self.repeat()
        else:
            await self.open("menu")

    def forget_unknown(self) -> None:
        """Let go of forms whose flow a later release does not have."""
        self.frames = [frame for frame in self.frames if frame.flow in FLOWS]

    async def advance(self, reply: Chosen | str) -> None:
        """Give the topmost form its answer; when it ends, the one below it goes on."""
        frame = self.frames[-1]
        frame.answers.pop(DOUBT, None)
        came = await self.step_on(frame, reply)
        if came.frame is None and came.then is None:
            await self.repeat()

    async def waits_for(self, frame: Frame) -> Step:
        """What a form asks now; the form itself stays as it is."""
        now = replace(frame, answers=dict(frame.answers))
        return await step(FLOWS[frame.flow], now, None, self.scene)

    async def back(self) -> None:
        """Undo the last answer of the topmost form."""
        self.forget_unknown()
        if not self.frames:
            await self.open("menu")
            return
        frame = self.frames[-1]
        if not await go_back(FLOWS[frame.flow], frame, self.scene):
            self.say(_("This is the first question."))
        await self.repeat()

    async def cancel(self) -> None:
        """End the topmost form; nothing of it is kept."""
        if not self.frames:
            await self.open("menu")
            return
        self.frames.pop()
        self.say(_("Stopped. Nothing was saved."))
        await self.go_on()

    async def notice(self) -> None:
        """Before anything else, once: who runs the desk and what is kept."""
        if self.scene.caller.notice_version < NOTICE_VERSION:
            await self.step_on(Frame("notice", new_token()[:8]), None)

    def say(self, text: Text) -> None:
        """A small remark."""
        self.shown.append(Message(text, tone=Tone.INFO))
