"""A list to sign at one session of a course: names, empty boxes, day and place. One or more A4 pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from bot.i18n import Catalogs, Text, _, joined, raw
from bot.paper.pdf import add_fonts, direction, printable, use_font

_LANGUAGE: Final = "sl"
_MARGIN_MM: Final = 18.0
_WIDE_MM: Final = 210.0 - 2 * _MARGIN_MM
_LOWEST_MM: Final = 297.0 - 20.0
_ROW_MM: Final = 11.0
_COLUMNS_MM: Final = (10.0, 86.0, _WIDE_MM - 96.0)
_EMPTY_ROWS: Final = 4  # for those who came and are not on the list
_LEAST_POINTS: Final = 7.0


@dataclass(frozen=True, slots=True)
class Sitting:
    """What stands above the names."""

    course: str
    group: str
    number: int
    all: int
    day: date
    clock: str
    place: str
    tutor: str
    names: Sequence[str] = field(repr=False)


def sign_sheet(sitting: Sitting, catalogs: Catalogs) -> bytes:
    """The list as a PDF, in Slovene."""

    def say(text: Text) -> str:
        return catalogs.say(text, _LANGUAGE)

    heads = [say(raw("")), say(_("Name")), say(_("Signature"))]
    rows = [*sitting.names, *[""] * _EMPTY_ROWS]
    title, lines = say(_("List of attendance")), [say(line) for line in _told(sitting)]
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN_MM)
    pdf.set_auto_page_break(False)
    pdf.set_lang(_LANGUAGE)
    pdf.set_title(title)
    pdf.set_draw_color(140)
    pdf.add_page()
    add_fonts(pdf, [title, *lines, *heads, *rows], bold=True)
    for line, points in ((title, 18), *((line, 11) for line in lines)):
        way = direction(shown := printable(line))
        use_font(pdf, points, way, bold=points > 11)  # noqa: PLR2004 - the title
        pdf.multi_cell(0, points * 0.55, shown, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(4)
    _row(pdf, heads, head=True)
    for number, name in enumerate(rows, start=1):
        if pdf.get_y() + _ROW_MM > _LOWEST_MM:
            pdf.add_page()
            _row(pdf, heads, head=True)
        _row(pdf, [str(number), name, ""])
    return bytes(pdf.output())


def _told(sitting: Sitting) -> list[Text]:
    lines = [
        raw(" · ".join(filter(None, (sitting.course, sitting.group)))),
        _("Session {number} of {all}", number=sitting.number, all=sitting.all),
        joined(
            [_("Date: {day}", day=sitting.day), *map(raw, filter(None, (sitting.clock, sitting.place)))], between=" · "
        ),
    ]
    return [*lines, _("Tutor: {name}", name=sitting.tutor)] if sitting.tutor else lines


def _row(pdf: FPDF, cells: Sequence[str], *, head: bool = False) -> None:
    """A line of the table; a long name is written smaller, not cut."""
    for text, wide in zip(cells, _COLUMNS_MM, strict=True):
        shown = printable(text)
        way, points = direction(shown), 10.0 if head else 12.0
        use_font(pdf, points, way, bold=head)
        while points > _LEAST_POINTS and pdf.get_string_width(shown) > wide - 3:
            points -= 1
            use_font(pdf, points, way, bold=head)
        align = Align.R if way == "rtl" else Align.L
        pdf.cell(wide, _ROW_MM, shown, border=1, align=align, new_x=XPos.RIGHT, new_y=YPos.TOP)
    pdf.ln(_ROW_MM)
