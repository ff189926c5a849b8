"""The list to sign: as many pages as names need, whatever their script."""

from __future__ import annotations

from datetime import date

import pytest

from bot.paper.sign_sheet import Sitting, sign_sheet
from tests.desk import shipped_catalogs
from tests.paper.test_pdf import page_count


def sitting(*names: str, place: str = "Sample room 2", tutor: str = "Sample Tutor") -> Sitting:
    return Sitting("Vzorčni tečaj", "A1 torek", 3, 20, date(2026, 12, 15), "17:00–18:30", place, tutor, names)


@pytest.mark.parametrize(("people", "pages"), [(0, 1), (12, 1), (15, 1), (16, 2), (36, 2), (60, 4)])
def test_as_many_pages_as_names_need(people: int, pages: int) -> None:
    made = sign_sheet(sitting(*(f"Sample Person {number}" for number in range(people))), shipped_catalogs())
    assert (made[:5], page_count(made)) == (b"%PDF-", pages)


def test_names_in_every_script_and_of_any_length() -> None:
    names = ("أمينة", "نمونه", "নমুনা", "Пример", "Žan 🙂", "x" * 300, "")
    assert page_count(sign_sheet(sitting(*names, place="", tutor=""), shipped_catalogs())) == 1
