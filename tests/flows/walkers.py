"""People of every language who do the same in step, on a channel as wide or as small as wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot.channels.telegram.channel import Telegram
from bot.channels.webchat import WebChat
from bot.dialog.messages import Laid, Limits
from bot.domain.people import Dialog
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.test_small_channel import SMALL
from tests.flows.test_walk import fits
from tests.walker import Walk, _send

LAYOUTS: Final = {"web": WebChat.limits, "telegram": Telegram.limits, "small": SMALL}
Is = Callable[[str, str], bool]


class Walkers:
    """People of every language who do the same in step; what is no button on their channel they write as a number."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.walks = [Walk(desk.person(code)) for code in LANGUAGES]

    async def begin(self) -> None:
        for walk in self.walks:
            await walk.guest._begin()

    async def say(self, words: str) -> None:
        await _send(self.desk, self.walks, [{"typed": words}] * len(self.walks))

    async def press(self, verb: str, what: str = "") -> None:
        """The newest button that does this; for an answer its option (`yes` of any sentence)."""
        await self._press(lambda v, w: v == verb and (what in {"", w} or option_of(v, w) == what))

    async def answer(self, *options: str) -> None:
        for one in options:
            await self._press(lambda v, w, one=one: v == "answer" and option_of(v, w) == one)  # type: ignore[misc]

    async def choose(self, *places: int) -> None:
        """The answers at these places, one question after the other; the last one where there are fewer."""
        for place in places:
            await self.choose_each(lambda _number, place=place: place)  # type: ignore[misc]

    async def choose_each(self, place_of: Callable[[int], int]) -> None:
        """The answer at a place of each one's own."""
        said = []
        for number, walk in enumerate(self.walks):
            token, laid = next((str(token), one) for token, one in reversed(walk.guest.screen) if one.binds)
            answers = [index for index, bind in enumerate(laid.binds) if bind.verb == "answer"]
            said.append(_pressed(token, laid, answers[min(place_of(number), len(answers) - 1)]))
        await _send(self.desk, self.walks, said)

    async def _press(self, is_it: Is) -> None:
        said: list[dict[str, Any]] = []
        for walk in self.walks:
            token, laid, index = _find(walk, is_it)
            said.append(_pressed(token, laid, index))
        await _send(self.desk, self.walks, said)

    def newest(self) -> list[Laid]:
        return [walk.shown[-1] for walk in self.walks]

    async def reads(self) -> None:
        """What was pushed."""
        await _send(self.desk, self.walks, [{"typed": "/menu"}] * len(self.walks))


def _pressed(token: str, laid: Laid, index: int) -> dict[str, Any]:
    """A press, or the number that is written where the channel shows no button."""
    shown = index in {button.index for row in laid.rows for button in row}
    assert shown or laid.numbered
    return {"pressed": [token, index]} if shown else {"typed": str(index + 1)}


def option_of(verb: str, what: str) -> str:
    return what.split(":", 2)[2].split("-", maxsplit=1)[0] if verb == "answer" else ""


def _find(walk: Walk, is_it: Is) -> tuple[str, Laid, int]:
    for token, laid in reversed(walk.guest.screen):
        for index, bind in enumerate(laid.binds):
            if is_it(bind.verb, bind.object):
                return str(token), laid, index
    raise AssertionError([bind.verb for bind in walk.shown[-1].binds])


def without_mirrors(limits: Limits) -> Limits:
    return Limits(limits.text_chars, limits.label_chars, limits.buttons, limits.short_label_chars)


async def ends_well(desk: Desk, walkers: Walkers) -> None:
    for walk in walkers.walks:
        fits(desk, walk)
        for laid in walk.shown:
            assert {"menu", "word", "checklist", "language"} & {bind.verb for bind in laid.binds} or not laid.binds
    assert await desk.count(Dialog) == 0
