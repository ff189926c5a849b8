"""The desk's own texts, with the desk's own matcher."""

from pathlib import Path

import pytest

from bot.answers.check import check
from bot.answers.content import Library, load, read_lines
from bot.answers.danger import Danger
from bot.answers.learnt import INSTALLED, load_answers
from bot.answers.matcher import Matcher
from bot.answers.phrases import Phrases
from bot.answers.smalltalk import Smalltalk

FAQ = Path(__file__).parents[2] / "faq"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(FAQ)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_answers(FAQ, INSTALLED)[1]


def test_nothing_is_left_to_mend(library: Library) -> None:
    newest = max(topic.checked_on for topic in library)
    assert check(library, newest, jargon=Phrases.load(FAQ / "_words" / "jargon")) == []


# Their questions are near danger, and some sound like it: then the numbers come first, which is right.
NEAR_DANGER = {"emergency", "health.mental", "violence.domestic", "work.exploitation"}


def lost(library: Library, matcher: Matcher, every: int) -> list[tuple[str, str, str, str]]:
    """Questions that do not find their own topic."""
    return [
        (topic.id, language, question, match.kind)
        for topic in library
        for language, questions in topic.questions.items()
        for question in questions[::every]
        if (match := matcher.match(question, language)).topics[0] != topic.id
        or match.kind not in ({"answer", "choices", "danger"} if topic.id in NEAR_DANGER else {"answer", "choices"})
    ]


def test_some_questions_of_each_topic_find_it(library: Library, matcher: Matcher) -> None:
    assert lost(library, matcher, 20) == []


@pytest.mark.slow
def test_every_question_finds_its_topic(library: Library, matcher: Matcher) -> None:
    assert lost(library, matcher, 1) == []


def test_every_danger_phrase_is_heard() -> None:
    danger = Danger.load(FAQ / "_words" / "danger")
    lines = [line for file in (FAQ / "_words" / "danger").glob("*.txt") for _, line in read_lines(file)]
    assert [line for line in lines if not danger.sounds(line.rstrip("*!"))] == []


def test_no_small_talk_sounds_like_danger() -> None:
    danger = Danger.load(FAQ / "_words" / "danger")
    smalltalk = Smalltalk.load(FAQ / "_words" / "smalltalk")
    lines = [line for file in (FAQ / "_words" / "smalltalk").glob("*.txt") for _, line in read_lines(file)]
    assert [line for line in lines if danger.sounds(line)] == []
    assert [line for line in lines if not smalltalk.covers(line.rstrip("*"))] == []
