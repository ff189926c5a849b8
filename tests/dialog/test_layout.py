"""A message within a channel's limits: rows, numbering, direction, and what is stored of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.dialog.layout import lay_out
from bot.dialog.messages import Bind, Button, Laid, LaidButton, Limits, Message, Tone, laid_from
from bot.i18n import LANGUAGES, raw
from tests.desk import shipped_catalogs

WIDE = Limits(text_chars=4000, label_chars=60, buttons=20)
RIGHT_TO_LEFT = ["ar", "fa", "ps", "ur"]


def laid_out(message: Message, language: str = "en", limits: Limits = WIDE, sender: str = "") -> Laid:
    return lay_out(message, language, shipped_catalogs(), limits, sender)


def with_labels(*labels: str) -> Message:
    return Message(raw("?"), buttons=[Button(raw(label), Bind("menu", label)) for label in labels])


def rows(laid: Laid) -> list[list[tuple[str, int]]]:
    return [[(button.label, button.index) for button in row] for row in laid.rows]


def test_short_labels_stand_in_pairs_and_long_ones_alone() -> None:
    laid = laid_out(with_labels("one", "two", "three", "a label that is quite long", "four", "five"))
    assert rows(laid) == [
        [("one", 0), ("two", 1)], [("three", 2)], [("a label that is quite long", 3)], [("four", 4), ("five", 5)],
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_turned_round_where_the_channel_needs_it(language: str) -> None:
    turned = replace(WIDE, mirrors_rows=True)
    labels = ["one", "two", "three", "four"]
    in_order = [[("one", 0), ("two", 1)], [("three", 2), ("four", 3)]]
    mirrored = [[("two", 1), ("one", 0)], [("four", 3), ("three", 2)]]
    assert rows(laid_out(with_labels(*labels), language)) == in_order
    expected = mirrored if language in RIGHT_TO_LEFT else in_order
    laid = laid_out(with_labels(*labels), language, turned)
    assert rows(laid) == expected
    assert [bind.object for bind in laid.binds] == labels


def test_the_direction_is_that_of_the_language_shown() -> None:
    directions = {language: laid_out(with_labels("x"), language).direction for language in LANGUAGES}
    assert directions == {language: "rtl" if language in RIGHT_TO_LEFT else "ltr" for language in LANGUAGES}
    laid = laid_out(Message(raw("Navodila"), language="sl", tone=Tone.LARGE), "ar")
    assert (laid.language, laid.direction, laid.tone) == ("sl", "ltr", "large")


def test_links_have_a_row_of_their_own_and_no_number() -> None:
    message = Message(
        raw("?"),
        buttons=[
            Button(raw("a"), Bind("menu")),
            Button(raw("b"), url="https://example.org/"),
            Button(raw("c"), Bind("help")),
        ],
    )
    laid = laid_out(message)
    assert laid.rows == (
        (LaidButton("a", "", 0),), (LaidButton("b", "https://example.org/", -1),), (LaidButton("c", "", 1),),
    )  # fmt: skip
    assert laid.binds == (Bind("menu"), Bind("help"))


@pytest.mark.parametrize("labels", [[], ["x"], ["x"] * 20, ["long " * 5] * 7 + ["y"] * 6])
def test_every_number_names_its_own_bind(labels: Sequence[str]) -> None:
    numbered = [f"{label}{place}" for place, label in enumerate(labels)]
    for language in ("en", "ar"):
        laid = laid_out(with_labels(*numbered), language, replace(WIDE, mirrors_rows=True))
        shown = {button.index: button.label for row in laid.rows for button in row}
        assert shown == {place: bind.object for place, bind in enumerate(laid.binds)} == dict(enumerate(numbered))


def test_beyond_the_limits_what_is_cut_shows_that_it_was() -> None:
    small = Limits(text_chars=10, label_chars=8, buttons=2)
    assert laid_out(Message(raw("ten signs and more")), limits=small).text == "ten signs…"


def test_a_label_that_is_too_long_stands_in_the_text_too() -> None:
    small = Limits(text_chars=90, label_chars=8, buttons=2)
    laid = laid_out(with_labels("b", "a short one"), limits=small)
    assert (laid.text, rows(laid)) == ("?\n\nYou can also write a number:\n2. a short one", [[("b", 0)]])


def test_what_a_small_channel_has_no_buttons_for_stands_in_the_text_with_its_number() -> None:
    small = Limits(text_chars=87, label_chars=8, buttons=2)
    buttons = [
        *with_labels("one", "a long label", "three", "four").buttons,
        Button(raw("Map"), url="https://x.example"),
    ]
    laid = laid_out(Message(raw("more than ten signs"), buttons=buttons), limits=small)
    listed = "\n\nMap: https://x.example\nYou can also write a number:\n2. a long label\n4. four"
    assert (laid.text, len(laid.text)) == (f"more than…{listed}", 87)
    assert rows(laid) == [[("one", 0), ("three", 2)]]
    assert [bind.object for bind in laid.binds] == ["one", "a long label", "three", "four"]
    assert laid_from(json.loads(json.dumps(laid.content()))) == laid


def test_at_the_limits_nothing_is_cut() -> None:
    small = Limits(text_chars=10, label_chars=8, buttons=2)
    laid = laid_out(Message(raw("1234567890"), buttons=with_labels("12345678", "b").buttons), limits=small)
    assert (laid.text, rows(laid)) == ("1234567890", [[("12345678", 0), ("b", 1)]])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_stored_comes_back_as_it_was_shown(language: str) -> None:
    message = Message(
        raw("Hello\nthere"), title=raw("Title"), tone=Tone.ANSWER, topic="residence.address",
        buttons=[Button(raw("a"), Bind("topic", "x")), Button(raw("b"), url="https://example.org/")],
    )  # fmt: skip
    laid = laid_out(message, language, sender="Automatic answer")
    assert laid_from(json.loads(json.dumps(laid.content()))) == laid
    assert laid.sender == "Automatic answer"


def test_more_buttons_at_the_end() -> None:
    message = with_labels("one").with_buttons(Button(raw("two"), Bind("help")))
    assert [bind.verb for bind in laid_out(message).binds] == ["menu", "help"]
