from pathlib import Path

import pytest

from bot.answers.smalltalk import Smalltalk
from tests.answers.sample import write_faq


@pytest.fixture
def smalltalk(tmp_path: Path) -> Smalltalk:
    return Smalltalk.load(write_faq(tmp_path) / "_words" / "smalltalk")


@pytest.mark.parametrize("text", ["Hello!", "Dober dan, hvala :)", "спасибо", "good morning, THANK YOU"])
def test_nothing_but_small_talk(smalltalk: Smalltalk, text: str) -> None:
    assert smalltalk.covers(text) is True


@pytest.mark.parametrize("text", ["", "👋", "hello, how do I register?", "good", "hello " * 13])
def test_more_than_small_talk(smalltalk: Smalltalk, text: str) -> None:
    assert smalltalk.covers(text) is False
