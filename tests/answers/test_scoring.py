from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.grams import grams_of
from bot.answers.scoring import Example, Scores

EXAMPLES = [
    Example("register my bicycle", "bicycle", "en", 1.0),
    Example("bicycle papers", "bicycle", "en", 1.0),
    Example("rent a garden", "garden", "en", 1.0),
    Example("garden price", "garden", "en", 0.4),
    Example("prijava kolesa", "bicycle", "sl", 1.0),
    Example("najem vrta", "garden", "sl", 1.0),
    Example("ali je tu zbor", "choir", "sl", 1.0),
]


@pytest.fixture(scope="module")
def scores() -> Scores:
    return Scores(EXAMPLES)


def best(scores: Scores, text: str) -> str:
    found, _ = scores.of(text)
    return scores.labels[int(found.argmax())]


def test_grams_are_words_pairs_and_pieces() -> None:
    assert grams_of("Moj ŠEF, moj") == Counter(
        {"=moj": 2, "=sef": 1, "=moj_sef": 1, "=sef_moj": 1, " mo": 2, "moj": 2, "oj ": 2, " moj": 2, "moj ": 2}
        | {" se": 1, "sef": 1, "ef ": 1, " sef": 1, "sef ": 1}
    )
    assert grams_of("") == Counter()


def test_every_example_scores_highest_for_its_own_label(scores: Scores) -> None:
    assert [best(scores, example.text) for example in EXAMPLES] == [example.label for example in EXAMPLES]


def test_misspelt_and_mixed_texts_find_their_label(scores: Scores) -> None:
    assert best(scores, "regsiter bycicle") == "bicycle"
    assert best(scores, "please, najem of a garden") == "garden"


def test_known_share(scores: Scores) -> None:
    assert scores.of("register my bicycle")[1] == pytest.approx(1.0)
    assert 0.0 < scores.of("register my quadrocopter")[1] < 1.0
    for unknown in ("", "qwxq", "ძველი"):
        found, share = scores.of(unknown)
        assert (found.tolist(), share) == ([0.0, 0.0, 0.0], 0.0)


def test_a_label_is_never_pulled_by_another_languages_examples_alone(scores: Scores) -> None:
    found, _ = scores.of("ali je tu zbor", "en")
    assert scores.labels[int(found.argmax())] == "choir"


@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from([None, "sl", "xx"]))
def test_scores_are_finite_and_the_same_each_time(scores: Scores, text: str, chosen: str | None) -> None:
    found, share = scores.of(text, chosen)
    assert 0.0 <= share <= 1.0 + 1e-6
    assert all(-3.0 < score < 3.0 for score in found.tolist())
    assert found.tolist() == scores.of(text, chosen)[0].tolist()
