"""Questions that may be skipped, that say why they are asked, that are stories; and answers corrected one by one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialog.messages import Bind, Button
from bot.dialog.questions import (
    SKIPPED,
    Choice,
    Day,
    FreeText,
    Gone,
    NotUnderstood,
    Number,
    Option,
    Question,
    Speech,
)
from bot.i18n import Catalogs, raw
from bot.paths import LOCALES

SPEECH = Speech(Catalogs(LOCALES), "en")
SKIP = raw("Leave it out")
ASKED = raw("Well?")
OPEN: list[Question] = [
    FreeText("key", ASKED, skip=SKIP), Number("key", ASKED, 1, 9, skip=SKIP), Day("key", ASKED, skip=SKIP),
]  # fmt: skip


@pytest.mark.parametrize("question", OPEN)
def test_a_question_with_a_way_round_it(question: Question) -> None:
    assert [(one.label, one.bind) for one in question.buttons("run")] == [(SKIP, Bind("answer", "run:key:"))]
    assert question.understand("leave it out", SPEECH) == SKIPPED
    assert question.read(SKIPPED) in {None, ""}


@pytest.mark.parametrize("question", [Number("key", ASKED, 1, 9), Day("key", ASKED)])
def test_without_one_nothing_is_no_answer(question: Question) -> None:
    assert list(question.buttons("run")) == []
    with pytest.raises(Gone):
        question.read(SKIPPED)
    with pytest.raises(NotUnderstood):
        question.understand("leave it out", SPEECH)


def test_an_answer_is_still_an_answer() -> None:
    text, number, day = OPEN
    assert text.understand("Leave it out, please", SPEECH) == "Leave it out, please"
    assert number.read(number.understand("7", SPEECH)) == 7
    assert day.read(day.understand("1. 3. 2026", SPEECH)) == date(2026, 3, 1)


def test_buttons_beside_the_options_answer_nothing() -> None:
    why = Button(raw("Why?"), Bind("why", "x"))
    question = Choice("key", ASKED, [Option("a", raw("A"))], beside=(why,))
    assert [one.bind for one in question.buttons("run")] == [Bind("answer", "run:key:a"), Bind("why", "x")]
    with pytest.raises(NotUnderstood):
        question.understand("why?", SPEECH)
