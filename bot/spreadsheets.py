"""Tables for spreadsheets: written so that nothing in them runs, and read whatever program they come from."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 5_000  # below the header
MOST_COLUMNS: Final = 60
_UNPACKED: Final = 16 * MOST_BYTES
_RUNNING: Final = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # OWASP ASVS 1.2.10
_UNPRINTED: Final = re.compile("[\0-\x08\x0b-\x1f\x7f]")  # XLSX cannot hold them
_TITLE: Final = re.compile(r"[\[\]:*?/\\']")
_OTHER_KINDS: Final = (".xls", ".ods", ".numbers", ".pdf", ".doc", ".docx", ".odt", ".jpg", ".png")
_DELIMITERS: Final = ",;\t"
_WIDEST: Final = 60  # characters

Cell: TypeAlias = str | int | float | date | datetime | time | None


class Fault(StrEnum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    KIND = "kind"  # neither CSV nor XLSX
    BROKEN = "broken"
    LARGE = "large"  # too many bytes
    LONG = "long"  # too many rows, or columns


class SheetError(Exception):
    """A file cannot be read as a table."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def write_csv(rows: Iterable[Sequence[Cell]], header: Sequence[str]) -> bytes:
    """A table as CSV; the mark at its beginning tells spreadsheets that it is UTF-8."""
    file = io.StringIO()
    csv.writer(file).writerows([[harmless(written(cell)) for cell in row] for row in (header, *rows)])
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(
    rows: Iterable[Sequence[Cell]], header: Sequence[str], title: str = "", *, right_to_left: bool = False
) -> bytes:
    """A table as XLSX. Words are stored as words, whatever they begin with."""
    from openpyxl import Workbook  # which nobody needs at the start
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # a new book has one
        raise TypeError
    sheet.title = _TITLE.sub(" ", title).strip()[:31] or "1"
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = right_to_left
    widths = [0] * len(header)
    for number, row in enumerate((header, *rows), start=1):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value)
            widths[column - 1] = max(widths[column - 1], *map(len, written(value).split("\n")))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST) + 2
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    from openpyxl.styles import Alignment, Font

    if isinstance(value, datetime | time):
        value = written(value)  # wall time, as the screen has it
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _UNPRINTED.sub("", value)
        cell.data_type = "s"  # else a word that begins with = would be a formula
        cell.quotePrefix = value.startswith(_RUNNING)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    elif value is not None:
        cell.value = value
    if row == 1:
        cell.font = Font(bold=True)


def written(cell: Cell) -> str:
    """A value as CSV and the screen have it."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case time():
            return f"{cell:%H:%M}"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case _:
            return str(cell)


def harmless(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet runs."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_RUNNING) else cell


def read_sheet(data: bytes, name: str) -> list[list[str]]:
    """The rows of a CSV or XLSX file, first sheet only, header included; empty ones at the end are left out.

    The content decides what it is; a name is believed only when it says something else. A formula counts as its last
    result. Raises SheetError.
    """
    if len(data) > MOST_BYTES:
        raise SheetError(Fault.LARGE)
    if name.lower().endswith(_OTHER_KINDS):
        raise SheetError(Fault.KIND)
    if not data.strip(b"\xef\xbb\xbf\r\n\t ;,"):
        raise SheetError(Fault.EMPTY)
    if data.startswith(b"PK\x03\x04"):
        rows = _xlsx_rows(data)
    elif data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"<")):
        raise SheetError(Fault.KIND)
    else:
        rows = _csv_rows(_decoded(data))
    found: list[list[str]] = []
    blank = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            blank += 1
            continue
        if len(found) + blank > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise SheetError(Fault.LONG)
        found += [[] for _number in range(blank)]  # so that a row's number stays its number in the file
        blank = 0
        found.append(row)
    if not found:
        raise SheetError(Fault.EMPTY)
    return found


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        names: tuple[str, ...] = ("utf-16",)
    else:
        names = ("utf-8-sig", "cp1250")  # Slovene Excel writes the latter
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetError(Fault.KIND)


def _csv_rows(text: str) -> Iterator[list[str]]:
    first, _end, rest = text.partition("\n")
    told = re.fullmatch(r"\"?sep=(.)\"?\s*", first)  # Excel's own mark
    delimiter = told[1] if told else _delimiter(text)
    try:
        for row in csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=delimiter, strict=True):
            yield [_plain(cell) for cell in row]
    except (csv.Error, TypeError):
        raise SheetError(Fault.BROKEN) from None


def _delimiter(text: str) -> str:
    """What parts the first line that holds something, outside quotes."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for sign in text.lstrip():
        if sign == '"':
            quoted = not quoted
        elif sign in "\r\n" and not quoted:
            break
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(_DELIMITERS, key=lambda sign: counts[sign])


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) != cell[1:] else cell


def _xlsx_rows(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _UNPACKED:
                raise SheetError(Fault.LARGE)
            if "xl/workbook.xml" not in archive.namelist():
                raise SheetError(Fault.KIND)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield [_told(value) for value in row]
        finally:
            book.close()
    except SheetError:
        raise
    except Exception:  # noqa: BLE001 - a broken file breaks openpyxl in any way
        raise SheetError(Fault.BROKEN) from None


def _told(value: object) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, str | int | float | date | time):
        return written(value).strip()
    return ""
