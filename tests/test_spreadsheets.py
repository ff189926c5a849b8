"""Tables for spreadsheets: out without anything that runs, in from whatever program."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.spreadsheets import MOST_COLUMNS, MOST_ROWS, Cell, Fault, SheetError, read_sheet, write_csv, write_xlsx

HEADER = ["Name", "Seats"]
RUNNING = ["=1+1", "+386 00", "-2", "@SUM(A1)", "\t=1", "＝1", " =1", "=cmd|' /C calc'!A0"]


def fault_of(data: bytes, name: str = "list.csv") -> Fault:
    with pytest.raises(SheetError) as caught:
        read_sheet(data, name)
    return caught.value.fault


def test_csv_runs_nothing_and_says_that_it_is_utf_8() -> None:
    data = write_csv([[word, 2] for word in RUNNING], HEADER)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Seats"
    assert all(line.lstrip('"').startswith("'") for line in lines[1:])


def test_xlsx_holds_words_as_words() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx([[word, -2] for word in RUNNING], HEADER, "A:B/[c]"))).worksheets[0]
    assert sheet.title == "A B  c"
    for row, word in enumerate(RUNNING, start=2):
        cell = sheet.cell(row, 1)
        assert (cell.value, cell.data_type) == (word.replace("\t", ""), "s") or word.startswith("\t")
    assert sheet.cell(2, 2).value == -2


def test_what_a_cell_can_hold_reads_the_same_in_both() -> None:
    rows: list[list[Cell]] = [
        ["Zoë\nČrt", 3, 2.5, 4.0, date(2026, 11, 23), datetime(2026, 11, 23, 9, 5, tzinfo=UTC), time(9, 5), None, "x"],
    ]  # fmt: skip
    told = ["Zoë\nČrt", "3", "2.5", "4", "2026-11-23", "2026-11-23 09:05", "09:05", "", "x"]
    header = list("abcdefghi")
    assert read_sheet(write_csv(rows, header), "x.csv") == [header, told]
    assert read_sheet(write_xlsx(rows, header), "x.xlsx") == [header, told]


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=2, max_size=2), max_size=9)
)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    rows = [
        row for row in rows if all(cell.strip() for cell in row) and not any(cell.strip()[0] == "'" for cell in row)
    ]
    expected = [HEADER, *[[cell.strip() for cell in row] for row in rows]]
    assert read_sheet(write_csv(rows, HEADER), "x") == expected
    assert read_sheet(write_xlsx(rows, HEADER), "x") == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_files_of_many_programs_are_read(delimiter: str, encoding: str) -> None:
    text = f'Ime{delimiter}"Opomba, več"\r\nŽiga{delimiter}"dve\r\nvrstici; in ""narekovaj"""\r\n\r\n{delimiter}\r\n'
    assert read_sheet(text.encode(encoding), "list.csv") == [
        ["Ime", "Opomba, več"], ["Žiga", 'dve\r\nvrstici; in "narekovaj"'],
    ]  # fmt: skip


def test_a_row_keeps_its_number() -> None:
    assert read_sheet(b"a,b\n\n1,2\n,,\n", "x.csv") == [["a", "b"], [], ["1", "2"]]
    assert read_sheet(b"sep=;\na;b,c\n", "x.csv") == [["a", "b,c"]]


def test_formulas_of_a_book_count_as_their_last_result() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["C1"] = "name", "=1+1", True
    file = io.BytesIO()
    book.save(file)
    assert read_sheet(file.getvalue(), "x.xlsx") == [["name", "", "True"]]


def test_what_is_no_table_is_named() -> None:
    assert fault_of(b"") == Fault.EMPTY
    assert fault_of(b"\xef\xbb\xbf\r\n ;;\r\n") == Fault.EMPTY
    assert fault_of(b"%PDF-1.7 x") == Fault.KIND
    assert fault_of(b"\xd0\xcf\x11\xe0 old", "list.xls") == Fault.KIND
    assert fault_of(b"name\0,x") == Fault.KIND
    assert fault_of(b"<html>") == Fault.KIND
    assert fault_of(b"a,b", "list.ODS") == Fault.KIND
    assert fault_of(b'a,b\n"open,1\n') == Fault.BROKEN
    assert fault_of(b"PK\x03\x04broken", "x.xlsx") == Fault.BROKEN
    assert fault_of(b"x" * (4 * 1024 * 1024 + 1)) == Fault.LARGE
    assert fault_of(b"a\n" + b"1\n" * (MOST_ROWS + 1)) == Fault.LONG
    assert len(read_sheet(b"a\n" + b"1\n" * MOST_ROWS, "x")) == MOST_ROWS + 1
    assert fault_of(b",".join([b"a"] * (MOST_COLUMNS + 1))) == Fault.LONG
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert fault_of(file.getvalue(), "letter.docx") == Fault.KIND


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (70 * 1024 * 1024))
    assert fault_of(file.getvalue(), "x.xlsx") == Fault.LARGE
