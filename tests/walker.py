"""Presses every button that can be reached from the menu, breadth first, each deed once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from bot.dialog.messages import Laid, LaidButton
from tests.desk import Desk, Guest

MOST_PRESSES: Final = 200
# What a run or a language makes different is still the same deed.
_ONCE: Final = {"answer", "language"}


@dataclass(slots=True)
class Walk:
    """What was seen on the way."""

    deeds: set[tuple[str, str]] = field(default_factory=set)
    pressed: int = 0
    shown: list[Laid] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """A button to press, on a message that this guest was shown."""

    token: str
    button: LaidButton
    deed: tuple[str, str]


def steps_of(walk: Walk, screen: list[tuple[str | None, Laid]]) -> list[Step]:
    """The buttons of these messages whose deed is new."""
    found = []
    for token, laid in screen:
        walk.shown.append(laid)
        for button in (one for row in laid.rows for one in row if one.index >= 0):
            bind = laid.binds[button.index]
            deed = (bind.verb, bind.object.rpartition(":")[2].split("-")[0] if bind.verb in _ONCE else bind.object)
            if bind.verb == "language":
                deed = ("language", "")
            if deed not in walk.deeds and token:
                walk.deeds.add(deed)
                found.append(Step(token, button, deed))
    return found


async def walk_from(desk: Desk, guest: Guest, *beginnings: str) -> Walk:
    """Say each beginning, then press everything that follows from it. A deletion begins anew."""
    walk = Walk()
    for words in beginnings:
        await guest.says(words)
    waiting = deque(steps_of(walk, guest.screen))
    while waiting and walk.pressed < MOST_PRESSES:
        one = waiting.popleft()
        if one.deed[0] == "answer":  # only the question that is shown now can be answered
            await guest.says("/delete")
            one = next(step for step in _answers(guest) if step.deed[1] == one.deed[1])
        before = len(guest.screen)
        shown = await guest.presses_at(one.token, one.button)
        walk.pressed += 1
        if not shown:
            walk.dead.append(f"{one.deed[0]} {one.deed[1]}")
        waiting.extend(steps_of(walk, guest.screen[before:]))
    return walk


def _answers(guest: Guest) -> list[Step]:
    token, laid = guest.screen[-1]
    return [
        Step(str(token), button, ("answer", laid.binds[button.index].object.rpartition(":")[2].split("-")[0]))
        for row in laid.rows
        for button in row
        if button.index >= 0 and laid.binds[button.index].verb == "answer"
    ]
