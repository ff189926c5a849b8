"""The certificate: one sheet, two languages, every launch language, whatever the name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import LANGUAGES
from bot.paper.certificate import Facts, certificate, content
from tests.desk import shipped_catalogs
from tests.paper.test_pdf import page_count

FACTS = Facts(
    "Sample Oseba", {"sl": "Vzorčni tečaj", "ar": "دورة نموذجية"}, "A1", date(2026, 12, 1), date(2027, 2, 18),
    (1350, 1800), (15, 20), "Sample room 2", "Postojna", date(2027, 2, 20), "2027-0007", "Sample desk",
)  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_sheet_in_every_language(code: str) -> None:
    told = content(FACTS, code, shipped_catalogs())
    assert [one["language"] for one in told["columns"]] == (["sl"] if code == "sl" else ["sl", code])
    made = certificate(told)
    assert (made[:5], page_count(made)) == (b"%PDF-", 1)


def test_what_stands_on_it() -> None:
    told = content(FACTS, "en", shipped_catalogs())
    assert (told["name"], told["serial"], told["desk"]) == ("Sample Oseba", "2027-0007", "Sample desk")
    assert [value for _label, value in told["columns"][1]["rows"]] == [
        "Vzorčni tečaj", "A1", "1 December 2026 – 18 February 2027", "22.5 of 30", "15 of 20", "Sample room 2",
        "2027-0007",
    ]  # fmt: skip


def test_the_title_stands_in_the_language_of_its_side() -> None:
    told = content(FACTS, "ar", shipped_catalogs())
    titles = [column["rows"][0][1].strip("\u2068\u2069") for column in told["columns"]]
    assert titles == ["Vzorčni tečaj", "دورة نموذجية"]


def test_an_unknown_language_leaves_the_slovene_side() -> None:
    assert [one["language"] for one in content(FACTS, "xx", shipped_catalogs())["columns"]] == ["sl"]


@given(st.text(max_size=80), st.text(max_size=200))
@settings(max_examples=15, deadline=None)
def test_whatever_the_name_it_stays_one_sheet(name: str, place: str) -> None:
    assert page_count(certificate(content(replace(FACTS, name=name, place=place), "fa", shipped_catalogs()))) == 1
