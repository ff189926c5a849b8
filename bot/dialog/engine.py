"""One step of a flow: (flow, answers, reply) → what to show, and the answers so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.questions import Question
from bot.dialog.talk import AskAgain, Chosen, Effects, Flow, FlowError, Frame, Pause, Scene, Talk
from bot.i18n import Text, _, joined

_MOST_RUNS = 5  # a flow that asks again more often than that in one turn does not get on


@dataclass(slots=True)
class Step:
    """What came of a step. `frame` is None when the flow has ended; `question` is what it waits for."""

    messages: list[Message]
    frame: Frame | None
    question: Question | None
    effects: Effects = field(default_factory=Effects)
    then: tuple[str, str] | None = None  # the flow that opens after this one has ended, and its object


async def step(flow: Flow, frame: Frame, reply: Chosen | str | None, scene: Scene) -> Step:
    """Run `flow` from the top with the stored answers and this reply. Raises FlowError for a broken flow."""
    because: list[Text] = []
    for _run in range(_MOST_RUNS):
        talk = Talk(scene, frame, reply)
        talk.notes.extend(because)
        try:
            ending = await flow(talk)
        except Pause as pause:
            frame.asked, frame.sentence = pause.question.key, pause.question.text.fingerprint()
            return Step([*talk.said, _shown(talk, pause.question)], frame, pause.question, talk.effects)
        except AskAgain as again:
            await undo_writes(scene)
            _drop(frame, talk.trail, again)
            because, reply = [again.because], None
            continue
        return Step([*talk.said, *_ending(talk, ending)], None, None, talk.effects, talk.next)
    raise FlowError(f"{frame.flow}: asked again {_MOST_RUNS} times in one turn")


async def begin_writes(scene: Scene) -> None:
    """Before a write: what follows can be undone alone."""
    if not scene.wrote:
        await scene.session.begin_nested()
        scene.wrote = True


async def undo_writes(scene: Scene) -> None:
    """Roll back to before the first `do` of this turn."""
    nested = scene.session.get_nested_transaction()
    if scene.wrote and nested is not None:
        await nested.rollback()
        scene.session.expire_all()
    scene.wrote = False


async def keep_writes(scene: Scene) -> None:
    """Let the writes of this turn join the batch's transaction."""
    nested = scene.session.get_nested_transaction()
    if scene.wrote and nested is not None:
        await nested.commit()
    scene.wrote = False


async def go_back(flow: Flow, frame: Frame, scene: Scene) -> bool:
    """Drop the last answer on the way that the flow takes now, and what was kept since. False when there is none."""
    talk = Talk(scene, frame, None)
    try:
        await flow(talk)
    except (Pause, AskAgain):
        pass
    finally:
        await undo_writes(scene)
    if talk.path:
        _drop_from(frame, talk.trail, talk.path[-1])
    return bool(talk.path)


def _drop(frame: Frame, trail: list[str], again: AskAgain) -> None:
    if not again.only:
        _drop_from(frame, trail, again.key)
        return
    for key in again.only:
        frame.answers.pop(key, None)
    frame.asked = None


def _drop_from(frame: Frame, trail: list[str], key: str) -> None:
    if key not in trail:
        raise FlowError(f"{frame.flow}: cannot ask {key!r} again, it was not asked")
    for later in trail[trail.index(key) :]:
        frame.answers.pop(later, None)
    frame.asked = None


def _shown(talk: Talk, question: Question) -> Message:
    text = joined([*talk.notes, question.text]) if talk.notes else question.text
    ways_out = [Button(_("Back"), Bind("word", "back"))] if talk.path else []
    ways_out.append(Button(_("Cancel"), Bind("word", "cancel")))
    return Message(text, buttons=(*question.buttons(talk.frame.run), *ways_out))


def _ending(talk: Talk, ending: Text | Message | Sequence[Message] | None) -> list[Message]:
    if ending is None:
        shown: list[Message] = []
    elif isinstance(ending, Text):
        shown = [Message(ending)]
    elif isinstance(ending, Message):
        shown = [ending]
    else:
        shown = list(ending)
    return [*(Message(note) for note in talk.notes), *shown]
