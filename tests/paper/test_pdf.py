"""Paper: every launch language prints, nothing that somebody wrote gets into a log, long texts go on."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import FSI, LANGUAGES, PDI
from bot.messages import ROOT
from bot.paper.makers import NoSuchMaker, make
from bot.paper.pdf import FONTS, LOOKS, _one_way, direction, printable, sheet
from bot.pofile import read

_EMOJI = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def content(*texts: str, look: str = "text", language: str = "sl") -> dict[str, Any]:
    return {"language": language, "title": "Vzorec", "paragraphs": [[look, text] for text in texts]}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_fonts_have_every_letter_of_every_catalog(code: str) -> None:
    forms = [form for one in read(ROOT, code).translations().values() for form in one.forms]
    forms.append(LANGUAGES[code].native)
    words = _EMOJI.sub("", " ".join(forms)).replace("?", "")
    assert {sign for sign in words if "?" in printable(sign)} == set()


def test_a_sheet_in_every_script_is_one_pdf() -> None:
    made = sheet(content(*(language.native for language in LANGUAGES.values())))
    assert (made[:5], page_count(made)) == (b"%PDF-", 1)
    fonts = re.findall(rb"/BaseFont /\w+\+(\w+)", made)
    assert set(fonts) == {b"NotoSans", b"NotoSansArabic", b"NotoSansBengali"}


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_prints_both_ways(look: str) -> None:
    assert page_count(sheet(content("Plača ni plačana.", "لم أحصل على أجري.", look=look))) == 1


def test_a_long_text_goes_on_over_pages() -> None:
    assert page_count(sheet(content(*["Plača ni plačana. " * 40] * 12))) == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plača 🙂 中", "Plača ? ?"),
        ("tel. 040 123 456", "tel. 040\u00a0123\u00a0456"),
        ("a\u202eb\u2068c\u2069d\0e", "abcde"),
        ("نامه\u200cای", "نامه\u200cای"),
        ("a\u2003b\u00a0c", "a\u2003b\u00a0c"),
    ],
)
def test_signs_that_no_font_has(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "way"), [("Plača", "ltr"), ("١٢ أجر", "rtl"), ("(2026) مزد", "rtl"), ("112", "ltr"), ("", "ltr")]
)
def test_direction(text: str, way: str) -> None:
    assert direction(text) == way


def test_words_from_right_to_left_stand_on_a_line_of_their_own() -> None:
    inside = f"Delodajalec: {FSI}شركة 24 المثال{PDI}, Postojna"
    assert _one_way(inside) == ["Delodajalec:", "شركة 24 المثال", ", Postojna"]
    assert _one_way(f"صاحب العمل: {FSI}Vzorec d.o.o.{PDI}") == [f"صاحب العمل: {FSI}Vzorec d.o.o.{PDI}"]
    assert _one_way("") == [""]


@given(st.text(max_size=60))
@settings(max_examples=15, deadline=None)
def test_whatever_somebody_writes_can_be_printed(text: str) -> None:
    assert page_count(sheet(content(text))) >= 1


def test_no_word_gets_into_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        sheet(content("Plača 🙂 中 canary"))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "canary" not in caplog.text
    assert "🙂" not in caplog.text


def test_makers() -> None:
    file = make("plain", "a.txt", {"text": "čaj"})
    assert (file.name, file.media_type, file.data) == ("a.txt", "text/plain; charset=utf-8", "čaj".encode())
    assert make("sheet", "a.pdf", content("čaj")).media_type == "application/pdf"
    with pytest.raises(NoSuchMaker):
        make("film", "a.mp4", {})


def test_the_fonts_come_with_their_licence_and_stay_small() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 3_000_000
