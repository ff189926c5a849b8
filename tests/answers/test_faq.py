"""The desk's own texts, with the desk's own matcher."""

from pathlib import Path

import pytest

from bot.answers.check import check
from bot.answers.content import Library, load, read_lines
from bot.answers.danger import Danger
from bot.answers.learnt import load_answers
from bot.answers.matcher import Matcher
from bot.answers.smalltalk import Smalltalk

FAQ = Path(__file__).parents[2] / "faq"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(FAQ)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_answers(FAQ)[1]


def test_nothing_is_left_to_mend(library: Library) -> None:
    newest = max(topic.checked_on for topic in library)
    assert check(library, newest) == []


def test_every_question_finds_its_topic(library: Library, matcher: Matcher) -> None:
    lost = [
        (topic.id, language, question, match.kind, match.topics[0])
        for topic in library
        for language, questions in topic.questions.items()
        for question in questions
        if (match := matcher.match(question, language)).kind not in ("answer", "choices") or match.topics[0] != topic.id
    ]
    assert lost == []


def test_every_danger_phrase_is_heard() -> None:
    danger = Danger.load(FAQ / "_words" / "danger")
    lines = [line for file in (FAQ / "_words" / "danger").glob("*.txt") for _, line in read_lines(file)]
    assert [line for line in lines if not danger.sounds(line.rstrip("*"))] == []


def test_no_small_talk_sounds_like_danger() -> None:
    danger = Danger.load(FAQ / "_words" / "danger")
    smalltalk = Smalltalk.load(FAQ / "_words" / "smalltalk")
    lines = [line for file in (FAQ / "_words" / "smalltalk").glob("*.txt") for _, line in read_lines(file)]
    assert [line for line in lines if danger.sounds(line)] == []
    assert [line for line in lines if not smalltalk.covers(line.rstrip("*"))] == []
