import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.batch import answer_batch
from bot.answers.learnt import load_answers
from bot.answers.matcher import Matcher
from tests.answers.sample import write_faq


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return load_answers(write_faq(tmp_path_factory.mktemp("faq")))[1]


def test_answers_in_order(matcher: Matcher) -> None:
    lines = [
        '{"id": "a", "lang": "sl", "text": "kako lahko prijavim kolo"}',
        "",
        '{"id": 7, "lang": null, "text": "hello"}',
        '{"id": "c", "text": "how do I register my bicycle?"}',
    ]
    found = list(answer_batch(lines, matcher))
    assert [(answer["id"], answer["kind"], answer["lang"]) for answer in found] == [
        ("a", "answer", "sl"),
        (7, "smalltalk", None),
        ("c", "answer", "en"),
    ]
    match = matcher.match("kako lahko prijavim kolo", "sl")
    assert found[0]["topics"] == list(match.topics)
    assert found[0]["scores"] == list(match.scores)
    assert list(found[0]) == ["id", "kind", "topics", "scores", "lang"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("not json", {"id": None, "error": "This line is not JSON."}),
        ("[" * 100_000, {"id": None, "error": "This line is not JSON."}),
        ("[1]", {"id": None, "error": "This line is not a JSON object."}),
        ('{"text": "x"}', {"id": None, "error": "`id` must be a text or a number."}),
        ('{"id": true, "text": "x"}', {"id": None, "error": "`id` must be a text or a number."}),
        ('{"id": "a"}', {"id": "a", "error": "`text` must be a text."}),
        ('{"id": "a", "text": 5}', {"id": "a", "error": "`text` must be a text."}),
        (
            '{"id": "a", "text": "x", "lang": 5}',
            {"id": "a", "error": "`lang` must be a language code or null."},
        ),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(matcher: Matcher, line: str, answer: dict[str, Any]) -> None:
    found = list(answer_batch([line, '{"id": "b", "text": "hvala"}'], matcher))
    assert found[0] == answer
    assert (found[1]["id"], found[1]["kind"]) == ("b", "smalltalk")


@given(st.lists(st.text(max_size=60) | st.fixed_dictionaries({"id": st.text(), "text": st.text()}).map(json.dumps)))
def test_every_line_that_is_not_empty_gets_one_answer(matcher: Matcher, lines: list[str]) -> None:
    found = list(answer_batch(lines, matcher))
    assert len(found) == sum(bool(line.strip()) for line in lines)
    assert all(list(answer) in (["id", "error"], ["id", "kind", "topics", "scores", "lang"]) for answer in found)
    assert json.loads(json.dumps(found)) == found
