"""One or more A4 pages of text in any of our scripts, each paragraph in its own direction."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from uharfbuzz import Blob, Face  # type: ignore[import-untyped]

FONTS: Final = Path(__file__).parent / "fonts"
_FAMILIES: Final = {"sans": "NotoSans", "arabic": "NotoSansArabic", "bengali": "NotoSansBengali"}
_FIRST: Final = "sans"
_STYLES: Final = {"": "Regular", "B": "Bold"}
_MARGIN_MM: Final = 25
_LINE: Final = 1.45  # of the letters' size
_MM_PER_POINT: Final = 25.4 / 72
_UNKNOWN: Final = "?"  # stands for a sign that no font here has: an emoji, a script that we do not print
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")
_ISOLATED: Final = re.compile("\u2068([^\u2068\u2069]*)\u2069")
_STRONG: Final = {"L": "ltr", "R": "rtl", "AL": "rtl"}

# These tell which signs a text has that a font lacks: pieces of somebody's words.
for _name in ("fpdf", "fontTools"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: size in points, and the space below it in millimetres."""

    points: float = 11
    bold: bool = False
    below_mm: float = 2.5
    to_the_end: bool = False  # at the far side: right, or left where one writes from right to left


LOOKS: Final[Mapping[str, Look]] = {
    "text": Look(),
    "line": Look(below_mm=0),
    "title": Look(points=14, bold=True, below_mm=5),
    "strong": Look(bold=True),
    "end": Look(below_mm=6, to_the_end=True),
    "small": Look(points=9),
    "gap": Look(below_mm=5),
}


def sheet(content: Mapping[str, Any]) -> bytes:
    """A PDF of `{"language", "title", "paragraphs": [[look, text], …]}`; looks are those of LOOKS."""
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN_MM)
    pdf.set_auto_page_break(True, _MARGIN_MM)
    pdf.set_lang(str(content["language"]))
    pdf.set_title(str(content["title"]))
    pdf.add_page()
    _add_fonts(pdf, content["paragraphs"])
    for look, text in content["paragraphs"]:
        for part in str(text).splitlines() or [""]:
            for piece in _one_way(part):
                _write(pdf, LOOKS[look], piece)
        pdf.ln(LOOKS[look].below_mm)
    return bytes(pdf.output())


def _add_fonts(pdf: FPDF, paragraphs: Sequence[Sequence[str]]) -> None:
    bold = any(LOOKS[look].bold for look, _text in paragraphs)
    add_fonts(pdf, (str(text) for _look, text in paragraphs), bold=bold)


def add_fonts(pdf: FPDF, texts: Iterable[str], *, bold: bool) -> None:
    """Only what these texts need: each font costs time, and weight in the file."""
    signs = {ord(sign) for text in texts for sign in printable(text)}
    others = [family for family in _FAMILIES if family != _FIRST and (signs - _letters(_FIRST)) & _letters(family)]
    for family in (_FIRST, *others):
        for style, ending in _STYLES.items():
            if bold or not style:
                pdf.add_font(family, style, FONTS / f"{_FAMILIES[family]}-{ending}.ttf")
    pdf.set_fallback_fonts(others, exact_match=True)


def _write(pdf: FPDF, look: Look, text: str) -> None:
    """One paragraph in the direction of its first letter."""
    shown = printable(text)
    way = direction(shown)
    use_font(pdf, look.points, way, bold=look.bold)
    right = (way == "rtl") != look.to_the_end
    pdf.multi_cell(
        0, look.points * _MM_PER_POINT * _LINE, shown, align=Align.R if right else Align.L, new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )  # fmt: skip


def use_font(pdf: FPDF, points: float, way: str, *, bold: bool = False) -> None:
    """Write in this size from now on, in the direction `way`."""
    pdf.set_font(_FIRST, "B" if bold else "", points)
    pdf.set_text_shaping(use_shaping_engine=True, direction=way)


def _one_way(text: str) -> list[str]:
    """`text`, with words from right to left inside a line from left to right on lines of their own.

    fpdf2 puts the pieces of such words in the wrong order where there are digits between them. The other way round,
    words from left to right inside a line from right to left, it does well.
    """
    if direction(text) == "rtl":
        return [text]
    pieces: list[str] = [""]
    for place, piece in enumerate(_ISOLATED.split(text)):
        if place % 2 and direction(piece) == "rtl":
            pieces += [piece, ""]
        else:
            pieces[-1] += piece
    return [piece.strip() for piece in pieces if piece.strip()] or [""]


def direction(text: str) -> str:
    """`rtl` where the first letter that has a direction is written from right to left, else `ltr`."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), "ltr")


def printable(text: str) -> str:
    """`text` with signs that our fonts have. Groups of digits stay together, and so in their order."""
    known = {0x200C, 0x200D}.union(*map(_letters, _FAMILIES))  # the two join letters, or keep them apart
    shown = "".join(
        sign if ord(sign) in known else " " if sign.isspace() else _UNKNOWN
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} or sign in "\t\u200c\u200d"
    )
    return _BETWEEN_DIGITS.sub("\u00a0", shown)


@cache
def _letters(family: str) -> frozenset[int]:
    """What a font can show."""
    return frozenset(Face(Blob.from_file_path(FONTS / f"{_FAMILIES[family]}-Regular.ttf")).unicodes)
