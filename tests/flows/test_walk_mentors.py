"""Finding, booking and changing a meeting with a mentor in every language and layout."""

from __future__ import annotations

import pytest

from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.walkers import Walkers, ends_well


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_booking_from_the_first_question_to_its_end(desk: Desk, walkers: Walkers) -> None:
    await desk.has_mentor(
        languages=list(LANGUAGES), about=dict.fromkeys(LANGUAGES, "x"), most_open=100, ahead_days=60,
        hours={day: [(480, 1200)] for day in range(7)}, chat=desk.person("en"),
    )  # fmt: skip
    await walkers.say("/mentors")
    await walkers.choose(5, 0, 0, 0, 0, 0)
    await walkers.answer("more")
    await walkers.choose_each(lambda number: number % 5)  # a time for each
    await walkers.choose_each(lambda number: number // 5)
    await walkers.choose(0)
    await walkers.say("w" * 500)
    await walkers.choose(0)
    await walkers.answer("yes")
    await walkers.press("booking")
    await walkers.press("rebook")
    await walkers.choose_each(lambda number: number % 5)
    await walkers.choose_each(lambda number: 3 + number // 5)
    await walkers.answer("yes")
    await walkers.press("booking")
    await walkers.press("unbook")
    await walkers.answer("yes")
    await ends_well(desk, walkers)
