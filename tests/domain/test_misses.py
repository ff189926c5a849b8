"""Unanswered questions keep no number that could name somebody."""

from __future__ import annotations

import pytest

from bot.domain import misses
from bot.domain.misses import masked
from bot.domain.people import newcomer
from tests.domain.conftest import NOW


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("my EMŠO is 0101990500123", "my EMŠO is •••"),
        ("tax 12345678 please", "tax ••• please"),
        ("call +386 41 123 456 now", "call ••• now"),
        ("call 041/123-456", "call •••"),
        ("call 070.123.456", "call •••"),
        ("call (041) 123 456", "call •••"),
        ("born 1. 2. 1990", "born •••"),
        ("born 01.02.1990", "born •••"),
        ("IBAN SI56 0234 0000 0000 045.", "IBAN •••."),
        ("passport AB1234567", "passport •••"),
        ("write amina.k@example.org today", "write ••• today"),
        ("٠٤١١٢٣٤٥٦ هاتفي", "••• هاتفي"),
        ("১২৩৪৫৬৭৮ আমার", "••• আমার"),
    ],
)
def test_personal_numbers_are_masked(words: str, kept: str) -> None:
    assert masked(words) == kept


@pytest.mark.parametrize(
    "words", ["How much is it, 70 EUR or 105 EUR?", "bus 12 at 8:30", "room 112", "after 90 days", "A1, B2", "2026"]
)
def test_ordinary_numbers_stay(words: str) -> None:
    assert masked(words) == words


def test_long_questions_are_cut() -> None:
    caller = newcomer("web", "k", "s", "en")
    assert len(misses.row(caller, "word " * 1000, "", "en", NOW)["question"]) == 500
