"""The longer forms in every language: each option of each question once, and everything fits on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.answers.advice import QUESTIONS
from bot.dialog.messages import Laid, LaidButton
from bot.domain.people import Dialog
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.test_walk import fits
from tests.walker import Walk, _send

Pick = Callable[[Laid], LaidButton | None]


class Forms:
    """Many people who go through the same form in step, each in their language."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.walks = [Walk(desk.person(code)) for code in LANGUAGES]

    async def begin(self) -> None:
        for walk in self.walks:
            await walk.guest._begin()

    async def say(self, words: str) -> None:
        await _send(self.desk, self.walks, [{"typed": words}] * len(self.walks))

    async def press(self, pick: Pick) -> None:
        """Press what `pick` finds on the newest message that has buttons."""
        presses = []
        for walk in self.walks:
            laid = next(one for one in reversed(walk.shown) if one.rows)
            button = pick(laid)
            assert button is not None, (walk.guest.language, laid.text)
            token = next(token for token, one in reversed(walk.guest.screen) if one is laid)
            presses.append({"pressed": [token, button.index]})
        await _send(self.desk, self.walks, presses)

    def newest(self) -> Sequence[Laid]:
        return [walk.shown[-1] for walk in self.walks]


def option(name: str) -> Pick:
    """The button that gives this answer."""
    return lambda laid: _found(
        laid, lambda verb, what: verb == "answer" and what.split(":", 2)[2].split("-")[0] == name
    )


def deed(verb: str, what: str = "") -> Pick:
    """The button that does this."""
    return lambda laid: _found(laid, lambda v, w: (v, w) == (verb, what))


def nth(number: int) -> Pick:
    """The answer at this place; the last one where there are fewer."""

    def pick(laid: Laid) -> LaidButton | None:
        answers = [one for row in laid.rows for one in row if laid.binds[one.index].verb == "answer"]
        return answers[min(number, len(answers) - 1)] if answers else None

    return pick


def _found(laid: Laid, is_it: Callable[[str, str], bool]) -> LaidButton | None:
    buttons = (one for row in laid.rows for one in row)
    return next((one for one in buttons if is_it(laid.binds[one.index].verb, laid.binds[one.index].object)), None)


@pytest.fixture
async def forms(desk: Desk) -> Forms:
    made = Forms(desk)
    await made.begin()
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_first_steps(desk: Desk, forms: Forms) -> None:
    await forms.say("/checklist")
    for number in range(max(len(ask.options) for ask in QUESTIONS) + 1):
        for ask in QUESTIONS:
            await forms.press(deed("why", ask.key))
            await forms.press(nth(number))
        for walk, shown in zip(forms.walks, forms.newest(), strict=True):
            assert (walk.guest.language, any(bind.verb == "step" for bind in shown.binds)) == (
                walk.guest.language,
                True,
            )
        await forms.press(deed("newlist"))
    for words in ("/menu", "/checklist"):
        await forms.say(words)
    await forms.press(deed("step", "residence.address"))
    await forms.press(deed("stepday", "residence.address"))
    await forms.say("23. 11. 2026")
    for verb in ("checklist", "step", "tick", "untick", "quiet", "checklist", "droplist"):
        await forms.press(deed(verb, "residence.address" if verb in {"step", "tick", "untick"} else ""))
    await forms.press(option("yes"))
    for walk in forms.walks:
        fits(desk, walk)
    assert await desk.count(Dialog) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_letter(desk: Desk, forms: Forms) -> None:
    await forms.say("/letter")
    for words in ("S" * 200, "T" * 200, "U" * 200, "1. 3. 2026", "31. 10. 2026"):
        await forms.say(words)
    for _month in range(13):
        await forms.press(nth(0))
    await forms.say("1000000")
    for _evidence in range(7):
        await forms.press(nth(0))
    await forms.say("w" * 1000)
    await forms.press(option("named"))
    for words in ("N" * 200, "C" * 200):
        await forms.say(words)
    await forms.press(option("no"))
    await forms.press(option("missing"))
    await forms.say("1")
    await forms.press(option("yes"))
    for walk, shown in zip(forms.walks, forms.newest(), strict=True):
        assert (walk.guest.language, shown.document is not None) == (walk.guest.language, True)
        fits(desk, walk)
    assert await desk.count(Dialog) == 0
