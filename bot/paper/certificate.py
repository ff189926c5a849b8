"""A certificate of attendance: one A4 sheet, in Slovene and beside it in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from bot.i18n import LANGUAGES, Catalogs, Text, _, raw
from bot.paper.pdf import add_fonts, direction, printable, use_font

SLOVENE: Final = "sl"
_WIDE_MM: Final = 210.0
_HIGH_MM: Final = 297.0
_EDGE_MM: Final = 22.0
_GAP_MM: Final = 10.0  # between the two columns
_LINE: Final = 1.4  # of the letters' size
_MM_PER_POINT: Final = 25.4 / 72
_FOOT_MM: Final = 238.0  # from the top: place, day and signature
_LEAST_POINTS: Final = 9.0
_GREEN: Final = (11, 107, 98)
_GOLD: Final = (224, 165, 38)
_INK: Final = (29, 35, 41)
_SOFT: Final = (89, 99, 109)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet says. Minutes and sessions: attended, and all. `titles`: of the course, by language."""

    name: str
    titles: Mapping[str, str]
    level: str
    first: date
    last: date
    minutes: tuple[int, int]
    sessions: tuple[int, int]
    place: str
    town: str
    day: date
    serial: str
    desk: str


def content(facts: Facts, language: str, catalogs: Catalogs) -> dict[str, Any]:
    """What `certificate` makes the sheet from: every word in Slovene, and in `language` where that is another."""
    both = [SLOVENE] if language == SLOVENE or language not in LANGUAGES else [SLOVENE, language]
    columns = []
    for code in both:
        rows = [[catalogs.say(label, code), catalogs.say(value, code)] for label, value in _rows(facts, code)]
        columns.append({
            "language": code, "title": catalogs.say(_("Certificate of attendance"), code), "rows": rows,
            "sentence": catalogs.say(_("We confirm that this person took part in the course."), code),
            "when": catalogs.say(_when(facts, code), code),
            "signature": catalogs.say(_("Signature"), code),
            "remark": catalogs.say(_("This certificate confirms attendance. It is not a language exam."), code),
        })  # fmt: skip
    return {"name": facts.name, "serial": facts.serial, "desk": facts.desk, "columns": columns}


def _when(facts: Facts, language: str) -> Text:
    """Where and when it was issued. The town stands in the Slovene line only: letters of two directions would mix."""
    if language != SLOVENE:
        return _("Date: {day}", day=facts.day)
    return _("{town}, {day}", town=facts.town, day=facts.day)


def _rows(facts: Facts, language: str) -> list[tuple[Text, Text]]:
    title = facts.titles.get(language) or facts.titles.get(SLOVENE) or next(iter(facts.titles.values()), "")
    hours = [minutes / 60 if minutes % 60 else minutes // 60 for minutes in facts.minutes]
    return [
        (_("Course"), raw(title)),
        (_("Level"), raw(facts.level)),
        (_("From – to"), _("{first} – {last}", first=facts.first, last=facts.last)),
        (_("Hours attended"), _("{part} of {all}", part=hours[0], all=hours[1])),
        (_("Sessions attended"), _("{part} of {all}", part=facts.sessions[0], all=facts.sessions[1])),
        (_("Place"), raw(facts.place)),
        (_("Number"), raw(facts.serial)),
    ]


def certificate(content: Mapping[str, Any]) -> bytes:
    """A PDF of what `content` put together."""
    pdf = FPDF(format="A4")
    pdf.set_margin(0)
    pdf.set_auto_page_break(False)
    columns: Sequence[Mapping[str, Any]] = content["columns"]
    pdf.set_lang(columns[0]["language"])
    pdf.set_title(columns[0]["title"])
    pdf.add_page()
    add_fonts(pdf, _texts(content), bold=True)
    _frame(pdf)
    page = _Sheet(pdf)
    page.write(content["desk"], 11, colour=_SOFT, below=9)
    for number, column in enumerate(columns):
        page.write(column["title"], 17 if number else 26, bold=True, colour=_GREEN, below=1)
    page.y += 6
    page.write(content["name"], 26, bold=True, below=5)
    for column in columns:
        page.write(column["sentence"], 11, colour=_SOFT, below=0.5)
    page.y += 8
    _write_rows(page, columns)
    _write_foot(page, columns)
    return bytes(pdf.output())


def _texts(content: Mapping[str, Any]) -> list[str]:
    found = [content["name"], content["serial"], content["desk"]]
    for column in content["columns"]:
        found += [column[name] for name in ("title", "sentence", "when", "signature", "remark")]
        found += [text for row in column["rows"] for text in row]
    return found


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*_GREEN)
    pdf.set_line_width(1.1)
    pdf.rect(11, 11, _WIDE_MM - 22, _HIGH_MM - 22)
    pdf.set_draw_color(*_GOLD)
    pdf.set_line_width(0.4)
    pdf.rect(13, 13, _WIDE_MM - 26, _HIGH_MM - 26)


@dataclass(slots=True)
class _Sheet:
    """The page, written from the top."""

    pdf: FPDF
    y: float = 26.0

    def write(
        self, text: str, points: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK, below: float = 0,
        x: float = _EDGE_MM, wide: float = _WIDE_MM - 2 * _EDGE_MM, align: Align = Align.C,
    ) -> None:  # fmt: skip
        """A paragraph in the direction of its first letter; one long word is written smaller, not cut."""
        shown = printable(text)
        use_font(self.pdf, points, way := direction(shown), bold=bold)
        while points > _LEAST_POINTS and any(self.pdf.get_string_width(word) > wide - 2 for word in shown.split()):
            points -= 1
            use_font(self.pdf, points, way, bold=bold)
        self.pdf.set_text_color(*colour)
        self.pdf.set_xy(x, self.y)
        high = points * _MM_PER_POINT * _LINE
        self.pdf.multi_cell(wide, high, shown, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.y = self.pdf.get_y() + below


def _write_rows(page: _Sheet, columns: Sequence[Mapping[str, Any]]) -> None:
    """Each label with its value: Slovene on the left, the other language beside it."""
    places = _places(columns)
    for number in range(len(columns[0]["rows"])):
        top = lowest = page.y
        for column, (x, wide, align) in zip(columns, places, strict=True):
            label, value = column["rows"][number]
            page.y = top
            page.write(label, 9, colour=_SOFT, x=x, wide=wide, align=align)
            page.write(value, 12, bold=True, x=x, wide=wide, align=align)
            lowest = max(lowest, page.y)
        page.y = lowest + 1.5
        page.pdf.set_draw_color(218, 215, 207)
        page.pdf.set_line_width(0.2)
        page.pdf.line(_EDGE_MM, page.y, _WIDE_MM - _EDGE_MM, page.y)
        page.y += 2


def _places(columns: Sequence[Mapping[str, Any]]) -> list[tuple[float, float, Align]]:
    """Where each column begins, how wide it is, and on which side its lines begin."""
    wide = (_WIDE_MM - 2 * _EDGE_MM - _GAP_MM * (len(columns) - 1)) / len(columns)
    return [
        (
            _EDGE_MM + number * (wide + _GAP_MM), wide,
            Align.R if LANGUAGES[column["language"]].right_to_left else Align.L,
        )
        for number, column in enumerate(columns)
    ]  # fmt: skip


def _write_foot(page: _Sheet, columns: Sequence[Mapping[str, Any]]) -> None:
    """Place and day on the left, the line for the signature on the right, what it is not at the bottom."""
    half = (_WIDE_MM - 2 * _EDGE_MM - _GAP_MM) / 2
    right = _EDGE_MM + half + _GAP_MM
    page.y = top = max(_FOOT_MM, page.y + 8)
    for number, column in enumerate(columns):
        page.write(column["when"], 9 if number else 11, x=_EDGE_MM, wide=half, align=Align.L,
                   colour=_SOFT if number else _INK)  # fmt: skip
    page.pdf.set_draw_color(*_INK)
    page.pdf.set_line_width(0.3)
    page.pdf.line(right, top + 6, right + half, top + 6)
    page.y = top + 7
    for column in columns:
        page.write(column["signature"], 9, colour=_SOFT, x=right, wide=half)
    page.y = max(page.y + 3, 264)
    for column in columns:
        page.write(column["remark"], 8, colour=_SOFT)
