from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.grams import grams_of, number_of
from bot.answers.scoring import Example, Scores

EXAMPLES = [
    Example("register my bicycle", "bicycle", "en"),
    Example("bicycle papers", "bicycle", "en"),
    Example("rent a garden", "garden", "en"),
    Example("garden price", "garden", "en", 0.4),
    Example("prijava kolesa", "bicycle", "sl"),
    Example("najem vrta", "garden", "sl"),
    Example("ali je tu zbor", "choir", "sl"),
    Example("he has a knife and comes", None, "en", danger=True),
    Example("he is at the door with a knife", None, "en", danger=True),
    Example("a knife shop", None, "en"),
    Example("where is the shop", None, "en"),
]
LABELLED = [example for example in EXAMPLES if example.label is not None]


@pytest.fixture(scope="module")
def scores() -> Scores:
    return Scores(EXAMPLES)


def best(scores: Scores, text: str) -> str:
    return scores.labels[int(scores.of(text).shares.argmax())]


def test_grams_are_words_pairs_and_pieces() -> None:
    twice = ["=moj", " mo", "moj", "oj ", " moj", "moj "]
    once = ["=sef", "=moj_sef", "=sef_moj", " se", "sef", "ef ", " sef", "sef "]
    assert grams_of("Moj ŠEF, moj") == Counter(map(number_of, (*twice, *twice, *once)))
    assert grams_of("") == Counter()


def test_every_example_scores_highest_for_its_own_label(scores: Scores) -> None:
    assert [best(scores, example.text) for example in LABELLED] == [example.label for example in LABELLED]


def test_misspelt_and_mixed_texts_find_their_label(scores: Scores) -> None:
    assert best(scores, "regsiter bycicle") == "bicycle"
    assert best(scores, "please, najem of a garden") == "garden"


def test_known_share(scores: Scores) -> None:
    assert scores.of("register my bicycle").known == pytest.approx(1.0)
    assert 0.0 < scores.of("register my quadrocopter").known < 1.0
    for unknown in ("", "qwxq", "ძველი"):
        found = scores.of(unknown)
        assert found.known == 0.0
        assert found.shares.max() < 0.02


def test_danger_is_learnt_beside_the_labels(scores: Scores) -> None:
    assert scores.of("he has a knife").danger > 0 > scores.of("knife shop").danger
    assert scores.of("rent a garden").danger < 0


def test_words_that_speak_for_a_label(scores: Scores) -> None:
    assert scores.weight_of("garden", "garden") > 0 > scores.weight_of("garden", "bicycle")


@given(st.text(alphabet=st.characters(), max_size=200))
def test_scores_are_finite_and_the_same_each_time(scores: Scores, text: str) -> None:
    found = scores.of(text)
    assert 0.0 <= found.known <= 1.0 + 1e-6
    assert all(0.0 <= share <= 1.0 for share in found.shares.tolist())
    assert found.shares.sum() <= 1.0 + 1e-5
    assert (found.shares.tolist(), found.danger) == (scores.of(text).shares.tolist(), scores.of(text).danger)
