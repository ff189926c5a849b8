from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.content import ContentError
from bot.answers.danger import MAX_CHARS, Danger
from bot.answers.phrases import Phrases, tokens_of
from tests.answers.sample import write_faq


@pytest.fixture
def danger(tmp_path: Path) -> Danger:
    return Danger.load(write_faq(tmp_path) / "_words" / "danger")


@pytest.mark.parametrize(
    "text",
    [
        "he will KILL me!",
        "it is bleeding",
        "there is a fire in the house, help",
        "ubil me bo",
        "Убиће ме",
        "Kri teče",
        "زوجي يَضربُني",
        "وضرب ويضربني كل يوم",
        "١١٢",
        "112!!!",
        "call 112 please",
    ],
)
def test_danger(danger: Danger, text: str) -> None:
    assert danger.sounds(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kill the lights for me",
        "a fire in the stove of the house",
        "subito",
        "the office is in room 112 on the second floor",
        "دمشق",
        "1120",
        "👍",
    ],
)
def test_no_danger(danger: Danger, text: str) -> None:
    assert danger.sounds(text) is False


def test_only_the_beginning_of_a_long_text_is_read(danger: Danger) -> None:
    assert danger.sounds("a " * (MAX_CHARS // 2) + "kill me") is False
    assert danger.sounds("kill me " + "a " * 100_000) is True


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("kil* me", "a `*` may only stand after the last word"),
        ("x*", "too few letters stand before the `*`"),
        ("*", "there is no letter and no digit in this line"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "en.txt"
    file.write_text(f"good\n{line}\n", encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        Danger.load(tmp_path)
    assert (raised.value.file, raised.value.line, raised.value.reason) == (file, 2, reason)


def test_no_danger_words_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there are no danger words"):
        Danger.load(tmp_path / "nowhere")


def test_longest_phrase_wins() -> None:
    phrases = Phrases(["a b", "a b c d", "a b c*", "x*", ""])
    assert phrases.longest_at(tokens_of("a b"), 0) == 2
    assert phrases.longest_at(tokens_of("a b cat d"), 0) == 3
    assert phrases.longest_at(tokens_of("a b c d"), 0) == 4
    assert phrases.longest_at(tokens_of("z xylophone"), 1) == 1
    assert phrases.longest_at(tokens_of("a c"), 0) == 0


WORDS = st.lists(st.text(alphabet="abcшж", min_size=1, max_size=4), min_size=1, max_size=4).map(" ".join)


@given(st.lists(WORDS, max_size=6), WORDS, WORDS, WORDS)
def test_a_listed_phrase_is_found_anywhere(listed: list[str], phrase: str, before: str, after: str) -> None:
    danger = Danger(Phrases([*listed, phrase]))
    assert danger.sounds(f"{before}, {phrase.upper()}! {after}") is True


@given(st.text(alphabet=st.characters(), max_size=1_500))
def test_any_text_is_heard(text: str) -> None:
    assert Danger(Phrases(["kill me", "ubi*"])).sounds(text) in (True, False)
