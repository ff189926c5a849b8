"""The benchmark itself: it runs a bot from start to end, and it counts right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import answers, crowd, script
from bench.bots import BARE, OURS, PTB_ORM, all_bots
from bench.crowd import Tally
from bench.rounds import Figures, Plan, interleaved
from bench.table import as_json, goals, medians
from bot.answers.content import load
from tests.answers.sample import write_faq


async def no_database() -> str:
    raise AssertionError


async def test_a_bot_is_measured_from_start_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "QUIET_SECONDS", 0.05)
    bots = [bot for bot in all_bots("", {}, postgres=False) if bot.name == BARE]
    said: list[str] = []
    plan = Plan(script.read(), people=4, warm_seconds=0.1, seconds=0.2)
    results = await interleaved(bots, plan, 1, no_database, said.append)
    assert [name for name, rounds in results.items() if len(rounds) == 1] == [BARE], said
    found = results[BARE][0]
    question = plan.script.questions[0]
    assert (found.lost, found.duplicates, found.shown) == (0, 0, {question: [question]})
    assert found.updates_per_second > 0
    assert found.cold_start_seconds > 0
    assert as_json(results, plan, 1.0)["goals"] == {}


def test_percentiles_are_by_nearest_rank() -> None:
    tally = Tally([number / 1000 for number in range(100, 0, -1)])
    assert [tally.percentile_ms(percent) for percent in (0, 50, 99)] == [1.0, 51.0, 100.0]
    assert Tally().percentile_ms(99) == 0.0


def test_goals_are_ratios_of_medians() -> None:
    ours = [Figures(updates_per_second=number, cold_start_seconds=5.5) for number in (400.0, 600.0, 5000.0)]
    found = medians({OURS: ours, PTB_ORM: [Figures(updates_per_second=100.0)], "failed": []})
    reached = {goal.name: (goal.found, goal.reached) for goal in goals(found)}
    assert reached["saturation, times python-telegram-bot + ORM"] == (6.0, True)
    assert reached["saturation, times aiogram + ORM"] == (None, None)
    assert [one for name, one in reached.items() if name.startswith("cold start")] == [(5.5, False)]


def test_a_script_needs_a_question(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    file.write_text("# nothing\n/start\n[English]\n---\nwhere\n", encoding="utf-8")
    assert script.read(file) == script.Script(("/start", "[English]"), ("where",))
    assert [script.wanted_button(step) for step in ("/start", "[English]")] == [None, "English"]
    file.write_text("/start\n---\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no questions"):
        script.read(file)


def test_every_fifth_question_is_held_back_and_asked(tmp_path: Path) -> None:
    whole = load(write_faq(tmp_path))
    rest, asked = answers.split(whole)
    kept = [text for topic in rest for lines in topic.questions.values() for text in lines]
    held_back = [question.text for question in asked]
    assert set(kept) & set(held_back) == set()
    assert sorted(kept + held_back) == sorted(
        text for topic in whole for lines in topic.questions.values() for text in lines
    )
    assert {question.right for question in asked} == {(topic.id,) for topic in whole}


def test_answers_are_counted_right() -> None:
    question = answers.Asked("en", "a bike", "plain", "sample.bicycle", ("sample.garden",))
    tally = answers.Tally()
    for topics in (("sample.bicycle",), ("sample.choir", "sample.garden"), ("sample.choir",), ()):
        tally.add(question, topics, "answer")
    assert (tally.asked, tally.first, tally.three, tally.kinds["answer"]) == (4, 1, 2, 4)
