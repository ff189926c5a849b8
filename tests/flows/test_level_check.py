"""The self-check: six statements at most, a hint that one can overrule, and the courses that fit."""

from __future__ import annotations

import itertools

from bot.domain.courses import Level
from flows.level_check import STATEMENTS, reached
from tests.desk import Desk
from tests.flows.test_courses import presses_made_up

_ANSWERS = ("yes", "some", "no")
_LEVELS = list(Level)


def test_every_way_to_answer_leads_to_a_level_and_more_never_leads_lower() -> None:
    for said in itertools.product(_ANSWERS, repeat=len(STATEMENTS)):
        level = reached(said)
        assert level in _LEVELS[:5]
        for number, answer in enumerate(said):
            for better in _ANSWERS[: _ANSWERS.index(answer)]:
                more = [*said[:number], better, *said[number + 1 :]]
                assert _LEVELS.index(reached(more)) >= _LEVELS.index(level)


def test_the_ends_and_the_steps_between_them() -> None:
    assert reached([]) is Level.A0
    assert reached(["no"] * 6) is Level.A0
    assert reached(["some"] * 6) is Level.A0
    assert reached(["yes", "some", "no", "no"]) is Level.A1
    assert reached(["yes"] * 4) is Level.A2
    assert reached([*["yes"] * 4, "some", "yes"]) is Level.A2
    assert reached([*["yes"] * 5, "some"]) is Level.B1
    assert reached(["yes"] * 6) is Level.B2


async def test_beginners_are_not_asked_what_they_cannot_know(desk: Desk) -> None:
    await desk.has_course()
    guest = desk.person("en")
    await guest.says("/courses")
    await guest.chats("""
        > [🔎 Which level is mine?]
        < Slovenian: how much do you know already? [Short self-check] [I know my level] [Not sure: test me] [Cancel]
        > [Short self-check]
        < Slovenian, 1 of at most 6 / I can say who I am, where I live and how old I am. [Yes] [A little] [Not yet]
          [Back] [Cancel]
        > [Not yet]
        < Slovenian, 2 of at most 6 / I understand short words on doors and forms: open, closed, name, address.
          [Yes] [A little] [Not yet] [Back] [Cancel]
        > a little
        < Your answers look like A0: just starting.
          / This is only a hint. Choose what you think is right. You can change it later with the teacher.
          [A0: just starting] [A1: simple words] [A2: everyday things] [B1: I manage alone] [B2: I can discuss]
          [C1: almost everything] [Not sure: test me] [Back] [Cancel]
        > [A0: just starting]
        < 📚 Courses | Your level: A0: just starting / These courses fit: / 1. Sample Slovene A1
          / Level A1: simple words / No group is open now. You can wait for the next one.
          [1. Sample Slovene A1] [📚 Courses] [👤 Talk to a person] [☰ Menu]
    """)


async def test_all_six_for_somebody_who_knows_a_lot_and_no_course_for_them(desk: Desk) -> None:
    await desk.has_course()
    guest = desk.person("en")
    await guest.says("/courses")
    await guest.presses("🔎 Which level is mine?")
    await guest.presses("Short self-check")
    for number in range(1, 7):
        assert guest.screen[-1][1].text.startswith(f"Slovenian, {number} of at most 6\n")
        await guest.presses("Yes")
    await guest.chats("""
        > [B2: I can discuss]
        < 📚 Courses | Your level: B2: I can discuss
          / No course for this level is open now. A person at the desk can tell you more.
          [📚 Courses] [👤 Talk to a person] [☰ Menu]
    """)


async def test_the_level_that_was_found_is_not_asked_again_but_can_be_changed(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    await guest.says("/courses")
    for label in ("🔎 Which level is mine?", "I know my level", "A1: simple words", "1. Sample Slovene A1", "✅ Sign up",
                  "For me", "18 or older"):  # fmt: skip
        await guest.presses(label)
    assert guest.screen[-1][1].text.startswith("When can you come?")
    for label in ("🌙 In the evening", "That is all", "Yes", "No, thank you", "Tue 17:00", "Yes"):
        await guest.presses(label)
    await guest.says("Sample Amina")
    for label in ("No reminders", "No", "Level", "I know my level", "A0: just starting"):
        await guest.presses(label)
    assert "Your level: A0: just starting" in guest.screen[-1][1].text.splitlines()


async def test_somebody_who_is_not_sure_sees_all_courses(desk: Desk) -> None:
    for level in (Level.A1, Level.B2):
        await desk.has_course(f"Sample {level}", level)
    guest = desk.person("en")
    await guest.says("/courses")
    await guest.presses("🔎 Which level is mine?")
    (shown,) = await guest.presses("Not sure: test me")
    assert shown.text.startswith(
        "Your level: To be tested in person\n"
        "Choose a course. The teacher looks at your level with you at the first meeting.\n"
    )
    assert [button.label for row in shown.rows for button in row][:2] == ["1. Sample A1", "2. Sample B2"]


async def test_a_language_that_is_not_taught_leads_to_the_list(desk: Desk) -> None:
    await desk.has_course()
    for language in ("en", "", "x" * 200):
        (shown,) = await presses_made_up(desk.person("en"), "level", language)
        assert shown.title == "📚 Courses"
