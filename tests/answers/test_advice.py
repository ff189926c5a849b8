"""First steps: the right topics for the right people, whatever they answer or leave out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

import pytest

from bot.answers.advice import MOST_STEPS, QUESTIONS, SKIPPED, Deadline, Step, advise, step_of
from bot.paths import FAQ

NOT_FOR_EU = {
    "residence.renewal", "residence.family", "residence.single-permit", "residence.self-employed", "study.permit",
    "language.zip", "language.family-renewal", "protection.asylum", "protection.temporary", "driving.exchange",
}  # fmt: skip
FOR_CHILDREN = {"school.primary", "school.kindergarten", "health.vaccination", "family.child-benefit"}


def everybody() -> Iterator[dict[str, str]]:
    """Every way in which the five questions can be answered."""
    choices = [[SKIPPED, *ask.options] for ask in QUESTIONS]
    for chosen in itertools.product(*choices):
        yield dict(zip([ask.key for ask in QUESTIONS], chosen, strict=True))


def topics(**answers: str) -> list[str]:
    return [step.topic for step in advise(answers)]


def test_whatever_is_answered_there_is_a_list_of_topics_that_the_desk_has() -> None:
    known = {place.name for place in FAQ.iterdir()}
    for answers in everybody():
        steps = advise(answers)
        names = [step.topic for step in steps]
        assert 0 < len(names) == len(set(names)) <= MOST_STEPS
        assert set(names) <= known
        assert [step_of(name, answers) for name in names] == steps


def test_nobody_gets_what_is_for_others() -> None:
    for answers in everybody():
        given = {step.topic for step in advise(answers)}
        eu, children = answers["status"] == "eu", answers["family"] in {"small", "school", "both"}
        assert ("residence.eu" in given) == eu
        assert not (eu and given & NOT_FOR_EU)
        assert children or not given & FOR_CHILDREN
        assert ("protection.asylum" in given) == (answers["status"] == "protection")
        assert ("protection.temporary" in given) == (answers["status"] == "temporary")
        assert ("work.jobseeker" in given) == (answers["work"] == "looking")


def test_a_deadline_of_ones_own_is_always_on_top_and_then_what_was_wanted_first() -> None:
    for answers in everybody():
        steps = advise(answers)
        urgent = [step.deadline is not None and step.deadline.ask is not None for step in steps]
        assert urgent == sorted(urgent, reverse=True)
        wanted = [step.group == answers["first"] for step, presses in zip(steps, urgent, strict=True) if not presses]
        assert wanted == sorted(wanted, reverse=True)


def test_not_sure_is_the_same_as_skipped() -> None:
    assert topics(status="unsure", work="job") == topics(status=SKIPPED, work="job") == topics(work="job")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {},
            ["residence.address", "tax.number", "bank.basic-account", "health.insurance", "health.doctor",
             "local.community", "local.library"],
        ),
        (
            {"status": "eu", "family": "small", "work": "looking", "slovene": "none", "first": "children"},
            ["residence.address", "residence.eu", "school.kindergarten", "health.vaccination", "family.child-benefit",
             "work.jobseeker", "tax.number", "bank.basic-account", "health.insurance", "health.doctor",
             "adult.education", "local.community"],
        ),
        (
            {"status": "family", "family": "school", "work": "no", "slovene": "little", "first": "slovene"},
            ["residence.address", "residence.renewal", "language.family-renewal", "language.zip",
             "bank.basic-account", "health.insurance", "health.doctor", "school.primary", "health.vaccination",
             "family.child-benefit", "local.community", "driving.exchange"],
        ),
        (
            {"status": "protection", "family": "alone", "work": "job", "slovene": "more", "first": "work"},
            ["residence.address", "work.rights", "tax.number", "bank.basic-account", "protection.asylum", "legal.aid",
             "health.insurance", "health.doctor", "language.exam", "local.community", "driving.exchange",
             "local.library"],
        ),
        (
            {"status": "work", "work": "own"},
            ["residence.address", "residence.renewal", "residence.self-employed", "business.sp", "tax.number",
             "bank.basic-account", "health.insurance", "health.doctor", "local.community", "driving.exchange",
             "local.library"],
        ),
    ],
)  # fmt: skip
def test_lists(answers: dict[str, str], expected: list[str]) -> None:
    assert topics(**answers) == expected


def deadline(topic: str, **answers: str) -> Deadline:
    step = step_of(topic, answers)
    assert isinstance(step, Step)
    assert step.deadline is not None
    return step.deadline


@pytest.mark.parametrize(
    ("topic", "status", "told", "last", "reminded"),
    [
        ("residence.address", "eu", date(2026, 11, 20), date(2026, 11, 28), [date(2026, 11, 22), date(2026, 11, 26)]),
        ("residence.eu", "eu", date(2026, 11, 30), date(2027, 2, 28), [date(2027, 2, 21), date(2027, 2, 27)]),
        ("residence.eu", "eu", date(2026, 9, 15), date(2026, 12, 15), [date(2026, 12, 8), date(2026, 12, 14)]),
        ("residence.renewal", "work", date(2027, 3, 1), date(2027, 3, 1),
         [date(2027, 1, 30), date(2027, 2, 22), date(2027, 2, 28)]),
        ("study.permit", "student", date(2028, 3, 1), date(2028, 3, 1),
         [date(2028, 1, 31), date(2028, 2, 23), date(2028, 2, 29)]),
    ],
)  # fmt: skip
def test_last_days_and_reminders(topic: str, status: str, told: date, last: date, reminded: list[date]) -> None:
    found = deadline(topic, status=status)
    assert found.last is not None
    assert found.remind is not None
    assert (found.last(told), sorted(found.remind(told))) == (last, reminded)
