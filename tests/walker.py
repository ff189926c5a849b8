"""Presses every button that can be reached, breadth first, each deed once; many people walk in step."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.channels.contract import RawUpdate
from bot.dialog.messages import Bind, Laid, LaidButton, laid_from
from bot.domain import messages
from bot.domain.callers import callers
from bot.domain.messages import Author
from tests.desk import Desk, Guest

MOST_PRESSES: Final = 500
_ASKED_ANEW: Final = "sure"  # the answers that `/delete` brings back; other forms are walked by themselves
_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Step:
    """A button to press."""

    token: str
    button: LaidButton
    deed: tuple[str, str]


@dataclass(slots=True)
class Walk:
    """One person's way, and what they saw on it."""

    guest: Guest
    deeds: set[tuple[str, str]] = field(default_factory=set)
    waiting: deque[Step] = field(default_factory=deque)
    pressed: int = 0
    shown: list[Laid] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    answers: dict[str, Step] = field(default_factory=dict)  # to the question that was shown last

    def sees(self, screen: Sequence[tuple[str | None, Laid]]) -> None:
        """Look at what has appeared, and plan to press what is new there."""
        for token, laid in screen:
            self.shown.append(laid)
            for button in (one for row in laid.rows for one in row if one.index >= 0):
                deed = self._deed(laid.binds[button.index])
                step = Step(str(token), button, deed)
                if deed[0] == "answer":
                    self.answers[deed[1]] = step
                if deed not in self.deeds and deed != ("", ""):
                    self.deeds.add(deed)
                    self.waiting.append(step)

    def _deed(self, bind: Bind) -> tuple[str, str]:
        """What a button does, without what each run makes different; other languages are other walks."""
        if bind.verb == "answer" and bind.object.split(":")[1] != _ASKED_ANEW:
            return ("", "")
        if bind.verb == "answer":
            return ("answer", bind.object.rpartition(":")[2].partition("-")[0])
        if bind.verb == "language" and bind.object != self.guest.language:
            return ("", "")
        return (bind.verb, bind.object)


async def walk_all(desk: Desk, languages: Sequence[str], *beginnings: str) -> list[Walk]:
    """Somebody of each language says each beginning, then presses everything that follows from it."""
    walks = [Walk(desk.person(language)) for language in languages]
    for walk in walks:
        await walk.guest._begin()
    for words in beginnings:
        await _send(desk, walks, [{"typed": words}] * len(walks))
    while walking := [walk for walk in walks if walk.waiting and walk.pressed < MOST_PRESSES]:
        steps = [walk.waiting.popleft() for walk in walking]
        asked = [walk for walk, step in zip(walking, steps, strict=True) if step.deed[0] == "answer"]
        await _send(desk, asked, [{"typed": "/delete"}] * len(asked))  # only what is asked now can be answered
        steps = [walk.answers.get(one.deed[1], one) if one.deed[0] == "answer" else one
                 for walk, one in zip(walking, steps, strict=True)]  # fmt: skip
        seen = [len(walk.shown) for walk in walking]
        await _send(desk, walking, [{"pressed": [one.token, one.button.index]} for one in steps])
        for walk, step, before in zip(walking, steps, seen, strict=True):
            walk.pressed += 1
            if len(walk.shown) == before:
                walk.dead.append(" ".join(step.deed))
    await _send(
        desk, walks, [{"typed": "/menu"}] * len(walks)
    )  # leaves the forms that were opened and not gone through
    return walks


async def _send(desk: Desk, walks: Sequence[Walk], said: Sequence[Mapping[str, Any]]) -> None:
    """Store what all of them do at once, serve it, and let each see what came of it."""
    keys = [walk.guest.key for walk in walks]
    updates = [
        RawUpdate(f"{key}:w{next(_ids)}", key, json.dumps({**one, "hint": walk.guest.hint}))
        for walk, key, one in zip(walks, keys, said, strict=True)
    ]
    if updates:
        await desk.reception.receive("web", updates)
        await desk.serve()
    async with desk.house.db.reading() as session:
        known = await callers(session, [walk.guest.sender for walk in walks], desk.clock())
        for walk in walks:
            guest, caller = walk.guest, known[walk.guest.sender]
            if caller.address_id != guest.address:
                guest.address, guest.seen = caller.address_id, 0
            rows = await messages.since(session, guest.address, guest.seen)
            guest.seen = rows[-1].seq if rows else guest.seen
            shown = [(row.token, laid_from(row.content)) for row in rows if row.author != Author.PERSON]
            guest.screen += shown
            walk.sees(shown)
