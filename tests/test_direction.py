"""Values from both directions of writing stand in a sentence without turning it around."""

import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import FSI, LANGUAGES, NBSP, PDI, Catalogs, Phone, Text, Value, Verbatim, _

EVERY = tuple(LANGUAGES)
RIGHT_TO_LEFT = ("ar", "fa", "ps", "ur")
# LRE RLE PDF LRO RLO, LRI RLI FSI PDI
CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SENTENCES = Catalogs(Path("no such folder"))


def said(value: Value, language: str) -> str:
    return SENTENCES.say(Text("{value}", {"value": value}), language)


@pytest.mark.parametrize(
    ("value", "in_left_to_right", "in_right_to_left"),
    [
        ("Ana", "Ana", f"{FSI}Ana{PDI}"),
        ("علي", f"{FSI}علي{PDI}", "علي"),
        ("Ana علي", f"{FSI}Ana علي{PDI}", f"{FSI}Ana علي{PDI}"),
        ("12-3", "12-3", f"{FSI}12-3{PDI}"),
        ("!", "!", f"{FSI}!{PDI}"),
        (Verbatim("https://example.org/?a=1"), "https://example.org/?a=1", "https://example.org/?a=1"),
    ],
)
def test_values_that_could_turn_the_sentence_are_isolated(
    value: str, in_left_to_right: str, in_right_to_left: str
) -> None:
    assert {language: said(value, language) for language in EVERY} == {
        language: in_right_to_left if language in RIGHT_TO_LEFT else in_left_to_right for language in EVERY
    }


@pytest.mark.parametrize("number", ["+386 1 234 56 78", "112", "01 234 56 78", "(01) 234-56"])
def test_telephone_numbers_keep_the_order_of_their_groups(number: str) -> None:
    # Bare in Arabic text, the + and the groups of "(01) 234-56" would change sides.
    unbroken = number.replace(" ", NBSP)
    assert {language: said(Phone(number), language) for language in EVERY} == {
        language: f"{FSI}{unbroken}{PDI}" if language in RIGHT_TO_LEFT else unbroken for language in EVERY
    }


def without_controls(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, CONTROLS)))


def depths(text: str) -> list[int]:
    """How many isolates are open after each character."""
    depth, found = 0, [0]
    for character in text:
        depth += (character in "\u2066\u2067\u2068") - (character == PDI)
        found.append(depth)
    return found


values = st.text(st.sampled_from(f"{string.ascii_letters}{string.digits} .,:;-+/()[]{{}}!?علیپښتوবাংলšжא٣۴{CONTROLS}"))


@settings(deadline=None)
@given(st.lists(values, min_size=1, max_size=3), st.sampled_from(EVERY))
def test_isolates_change_nothing_but_the_order(words: Sequence[str], language: str) -> None:
    template = " | ".join(f"{{v{number}}}" for number in range(len(words)))
    sentence = SENTENCES.say(Text(template, {f"v{number}": word for number, word in enumerate(words)}), language)
    assert without_controls(sentence) == " | ".join(map(without_controls, words))


@settings(deadline=None)
@given(values, st.sampled_from(EVERY))
def test_no_value_reaches_out_of_its_isolate(word: str, language: str) -> None:
    sentence = SENTENCES.say(_("Hello, {name}!", name=word), language)
    assert min(depths(sentence)) == 0
    assert depths(sentence)[-1] == 0
    assert set(sentence) & set("\u202a\u202b\u202d\u202e") == set()
