"""What counts as an answer: strictly when stored, kindly when typed, in any script."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.dialog.messages import Bind
from bot.dialog.questions import (
    NO,
    YES,
    Choice,
    Confirmation,
    Day,
    FreeText,
    Gone,
    NotUnderstood,
    Number,
    Option,
    Question,
    Speech,
)
from bot.i18n import LANGUAGES, Text, _, raw
from tests.desk import shipped_catalogs

WHEN = Choice("when", raw("When?"), [Option("tue", raw("Tuesday")), Option("fri", raw("Petek – četrtek"))])
SURE = Confirmation("sure", raw("Really?"))
AGE = Number("age", raw("How old?"), 1, 120)
BORN = Day("born", raw("Born?"))
NAME = FreeText("name", raw("Name?"), most_chars=20)


def understood(question: Question, words: str, language: str = "en") -> Any:  # noqa: ANN401
    return question.understand(words, Speech(shipped_catalogs(), language))


def not_understood(question: Question, words: str, language: str = "en") -> Text:
    with pytest.raises(NotUnderstood) as lost:
        understood(question, words, language)
    return lost.value.hint


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("1", "tue"), (" 2 ", "fri"), ("٢", "fri"), ("۱", "tue"), ("২", "fri"), ("１", "tue"),
        ("Tuesday", "tue"), ("tuesday!", "tue"), ("PETEK - CETRTEK", "fri"), ("petek četrtek", "fri"),
    ],
)  # fmt: skip
def test_an_option_by_number_or_label(words: str, option: str) -> None:
    assert understood(WHEN, words) == option


@pytest.mark.parametrize("words", ["0", "3", "1 2", "wednesday", "", "tue", "½", "1" * 5000, "⑳" * 2200])
def test_no_option(words: str) -> None:
    assert not_understood(WHEN, words) == _("Please choose one of these.")


def test_a_stored_option_is_read_by_its_id_alone() -> None:
    assert WHEN.read("fri") == "fri"
    for stored in ("Tuesday", "1", 1, None, ""):
        with pytest.raises(Gone):
            WHEN.read(stored)


def test_options_answer_their_run_and_key() -> None:
    assert [(button.label, button.bind) for button in WHEN.buttons("r1")] == [
        (raw("Tuesday"), Bind("answer", "r1:when:tue")),
        (raw("Petek – četrtek"), Bind("answer", "r1:when:fri")),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_in_every_language(language: str) -> None:
    catalogs, agreed = shipped_catalogs(), f"yes-{SURE.text.fingerprint()}"
    for label, synonyms, stored in ((_("Yes"), YES, agreed), (_("No"), NO, "no")):
        said = [catalogs.say(label, language), *catalogs.say(synonyms, language).replace("،", ",").split(",")]
        assert {understood(SURE, words, language) for words in said} == {stored}
        assert {understood(SURE, words.upper() + "!", language) for words in said} == {stored}


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("en", "yes", "no"), ("sl", "da", "ne"), ("bs", "da", "ne"), ("sr", "да", "не"), ("sq", "po", "jo"),
        ("mk", "да", "не"), ("ar", "نعم", "لا"), ("fa", "بلی", "نه"), ("ps", "هو", "نه"), ("ur", "ہاں", "نہیں"),
        ("bn", "হ্যাঁ", "না"), ("ru", "да", "нет"), ("uk", "так", "ні"), ("es", "sí", "no"),
    ],
)  # fmt: skip
def test_the_plain_words_for_yes_and_no(language: str, yes: str, no: str) -> None:
    agreed = f"yes-{SURE.text.fingerprint()}"
    assert (understood(SURE, yes, language), understood(SURE, no, language)) == (agreed, "no")


def test_english_yes_and_no_are_understood_everywhere() -> None:
    agreed = f"yes-{SURE.text.fingerprint()}"
    for language in LANGUAGES:
        assert [understood(SURE, words, language) for words in ("Yes", "ok", "1", "No", "2")] == [
            agreed, agreed, agreed, "no", "no",
        ]  # fmt: skip


def test_a_doubtful_yes_is_none() -> None:
    for words in ("yes but not on Monday", "maybe", "3", "", "?"):
        assert not_understood(SURE, words) == _("Please answer yes or no.")


def test_a_stored_yes_holds_for_its_own_sentence_only() -> None:
    other = Confirmation("sure", raw("Really, really?"))
    agreed = understood(SURE, "yes")
    assert (SURE.read(agreed), SURE.read("no"), other.read("no")) == (True, False, False)
    for stored in (agreed, "yes", True):
        with pytest.raises(Gone):
            other.read(stored)


def test_a_value_in_the_sentence_changes_what_was_agreed_to() -> None:
    asked = [
        Confirmation("sure", _("Question {number} is closed. You can ask me again at any time.", number=n))
        for n in "12"
    ]
    assert asked[0].text.fingerprint() != asked[1].text.fingerprint()


@pytest.mark.parametrize(
    ("words", "number"), [("7", 7), (" 120 ", 120), ("٤٢", 42), ("۴۲", 42), ("৪২", 42), ("007", 7)]
)
def test_a_number_in_digits_of_any_script(words: str, number: int) -> None:
    assert understood(AGE, words) == number


@pytest.mark.parametrize("words", ["0", "121", "-5", "4.5", "forty", "", "²", "1" * 5000])
def test_no_number_within_the_bounds(words: str) -> None:
    assert not_understood(AGE, words) == _("Please write a number from {least} to {most}.", least=1, most=120)


def test_a_stored_number_must_be_within_the_bounds_of_today() -> None:
    assert AGE.read(40) == 40
    for stored in (0, 121, "40", None):
        with pytest.raises(Gone):
            AGE.read(stored)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("31. 12. 1990", date(1990, 12, 31)), ("31.12.1990", date(1990, 12, 31)), ("1/2/2026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)), ("1990 12 31", date(1990, 12, 31)), ("٣١/١٢/١٩٩٠", date(1990, 12, 31)),
        ("۱۳.۵.۱۹۸۷", date(1987, 5, 13)), ("৩১-১২-১৯৯০", date(1990, 12, 31)), ("29. 2. 2024", date(2024, 2, 29)),
        ("dne 5. 6. 2001 zjutraj", date(2001, 6, 5)),
    ],
)  # fmt: skip
def test_a_day_in_the_usual_ways(words: str, day: date) -> None:
    stored = understood(BORN, words)
    assert BORN.read(stored) == day


@pytest.mark.parametrize(
    "words",
    ["30. 2. 2026", "29. 2. 2025", "31. 12.", "tomorrow", "", "12/31/1990", "1. 1. 0", "1 2 3 4", "1. 1. 99999",
     "1. 2. 90", "3. 4. 1371", "9" * 5000 + ". 1. 2000"],
)  # fmt: skip
def test_no_day(words: str) -> None:
    assert not_understood(BORN, words) == _("Please write a date like {example}.", example="31. 12. 2026")


def test_a_stored_day_that_cannot_be_read_is_gone() -> None:
    for stored in ("31. 12. 1990", "", None, 5):
        with pytest.raises(Gone):
            BORN.read(stored)


def test_own_words_are_kept_as_they_are() -> None:
    assert understood(NAME, "  Amina الأحمد \n") == "Amina الأحمد"
    assert not_understood(NAME, " \n ") == _("Please write a few words.")
    assert not_understood(NAME, "x" * 21) == _("That is too long. Please use at most {n} characters.", n=20)
