"""A list of people from a spreadsheet: read, with each fault named by row and column; planned; then all taken in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from babel import Locale

from bot.domain import imports
from bot.domain.imports import Row
from bot.domain.walk_ins import NAME_CHARS, PHONE_CHARS, Told, digits_of, words_of
from bot.house import House
from bot.i18n import LANGUAGES, Catalogs, Text, _, language_of_platform
from flows.whereto import read_phone

MOST_CHILDREN: Final = 9
_PACKED_CHARS: Final = 6_000_000
_UNPACKED_BYTES: Final = 16_000_000
# CLDR has no other code for Montenegrin, which reads the Latin catalog.
_LIKE: Final = {"sr_ME": "cnr"}
_FORMULA: Final = ("=", "@", "＝", "＠")


class Column(StrEnum):
    """What a column can hold."""

    NAME = "name"
    PHONE = "phone"
    LANGUAGE = "language"
    PEOPLE = "people"
    CHILDREN = "children"
    SINCE = "since"


LABELS: Final[Mapping[Column, Text]] = {
    Column.NAME: _("Name"),
    Column.PHONE: _("Telephone"),
    Column.LANGUAGE: _("Language"),
    Column.PEOPLE: _("People"),
    Column.CHILDREN: _("Children to look after"),
    Column.SINCE: _("Signed up on"),
}
NEEDED: Final = (Column.NAME, Column.LANGUAGE)
# Beside the labels in every language of the interface.
_ALSO: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("first name", "full name", "participant", "ime", "ime in priimek", "udeleženec"),
    Column.PHONE: ("phone", "mobile", "tel", "telefon", "telefonska številka", "gsm"),
    Column.LANGUAGE: ("jezik", "mother tongue", "materni jezik"),
    Column.PEOPLE: ("persons", "number of people", "seats", "osebe", "število oseb"),
    Column.CHILDREN: ("children", "childcare", "otroci", "varstvo"),
    Column.SINCE: ("date", "signed up", "datum", "datum prijave", "prijavljen"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; row 0 is none of them. With `left_out` the row is not needed, and all others go on."""

    row: int
    column: Column | None
    what: Text
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands in a file. `unknown`: headings that mean nothing to us."""

    entries: Sequence[Row] = field(repr=False)
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()

    @property
    def broken(self) -> list[Fault]:
        """What has to be mended before anything is taken in."""
        return [one for one in self.faults if not one.left_out]


class HeadingsError(Exception):
    """The first row does not say what the columns hold; `lacks` are those that are needed."""

    def __init__(self, lacks: Sequence[Column]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


def headings(catalogs: Catalogs) -> dict[str, Column]:
    """Every heading that we know, in all languages."""
    known = {_plain(word): column for column, words in _ALSO.items() for word in words}
    for column, label in LABELS.items():
        known |= {_plain(catalogs.say(label, code)): column for code in LANGUAGES}
    return known


@cache
def _languages() -> dict[str, str]:
    """Our code for every name of a language, in each of our languages."""
    found: dict[str, str] = {_plain(one.native): code for code, one in LANGUAGES.items()}
    for teller in LANGUAGES.values():
        for code, name in Locale.parse(teller.locale).languages.items():
            ours = language_of_platform(_LIKE.get(code, code))
            if ours is not None:
                found.setdefault(_plain(name), ours)
    for code, one in LANGUAGES.items():
        for part in one.native.split("/"):
            found.setdefault(_plain(part), code)
    return found


def language_in(typed: str) -> str | None:
    """The language that a cell names, by its code or by its name in any of our languages."""
    return language_of_platform(typed.strip()) or _languages().get(_plain(typed))


def _plain(words: str) -> str:
    return " ".join(words_of(words))


def read_list(rows: Sequence[Sequence[str]], known: Mapping[str, Column], most_people: int, today: date) -> Listed:
    """The rows of a file below its headings. Raises HeadingsError."""
    heads = [known.get(_plain(cell)) for cell in rows[0]] if rows else []
    lacks = [column for column in NEEDED if column not in heads]
    if lacks:
        raise HeadingsError(lacks)
    unknown = [cell for cell, column in zip(rows[0], heads, strict=True) if column is None and cell]
    entries: list[Row] = []
    faults = [
        Fault(1, column, _("There are two columns for this. Leave only one."))
        for column in Column
        if heads.count(column) > 1
    ]
    first: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: row[place] for place, column in enumerate(heads) if column is not None and place < len(row)}
        if not any(cells.values()):
            continue
        entry, wrong = _read_row(number, cells, most_people, today)
        faults += wrong
        if wrong:
            continue
        key = _key(entry.told)
        if key in first:
            same = _("The same person as in row {row}. This row is left out.", row=first[key])
            faults.append(Fault(number, None, same, left_out=True))
        else:
            first[key] = number
            entries.append(entry)
    return Listed(entries, faults, unknown)


def _key(told: Told) -> str:
    return f"{' '.join(sorted(words_of(told.name)))}:{digits_of(told.phone)}"


def _read_row(number: int, cells: Mapping[Column, str], most_people: int, today: date) -> tuple[Row, list[Fault]]:
    name, typed = " ".join(cells.get(Column.NAME, "").split()), cells.get(Column.PHONE, "")
    phone, language = read_phone(typed), language_in(cells.get(Column.LANGUAGE, ""))
    people = _number(cells.get(Column.PEOPLE, ""), 1)
    children = _number(cells.get(Column.CHILDREN, ""), 0)
    since = _day(cells.get(Column.SINCE, ""))
    wrong: dict[Column, Text] = {}
    if not words_of(name):
        wrong[Column.NAME] = _("The name is missing.")
    elif name.startswith(_FORMULA):
        wrong[Column.NAME] = _("This looks like a formula. Only plain words can be taken in.")
    elif len(name) > NAME_CHARS:
        wrong[Column.NAME] = _("The text is too long. At most {n} characters.", n=NAME_CHARS)
    if typed and (not phone or len(phone) > PHONE_CHARS):
        wrong[Column.PHONE] = _("This is no telephone number.")
    if language is None:
        wrong[Column.LANGUAGE] = _language_fault(cells.get(Column.LANGUAGE, ""))
    if people is None or not 1 <= people <= most_people:
        wrong[Column.PEOPLE] = _("Please write a number from {least} to {most}.", least=1, most=most_people)
    if children is None or not 0 <= children <= MOST_CHILDREN:
        wrong[Column.CHILDREN] = _("Please write a number from {least} to {most}.", least=0, most=MOST_CHILDREN)
    if since is None and cells.get(Column.SINCE):
        wrong[Column.SINCE] = _("This is no date. Write it like 2026-11-23 or 23. 11. 2026.")
    elif since is not None and since > today:
        wrong[Column.SINCE] = _("This day has not come yet.")
    faults = [Fault(number, column, what) for column, what in wrong.items()]
    return Row(number, Told(name, phone, language or ""), people or 1, children or 0, since), faults


def _language_fault(typed: str) -> Text:
    if not typed:
        return _("The language is missing.")
    return _("“{language}” is none of the languages of the desk.", language=typed[:40])


def _number(typed: str, empty: int) -> int | None:
    typed = typed.strip().removesuffix(".0")
    if not typed:
        return empty
    return int(typed) if typed.isdecimal() and len(typed) < 4 else None  # noqa: PLR2004 - three digits


def _day(typed: str) -> date | None:
    """`2026-11-23`, `23. 11. 2026`, `23/11/2026`."""
    typed = typed.strip()
    try:
        return date.fromisoformat(typed[:10]) if "-" in typed else _european(typed)
    except ValueError:
        return None


def _european(typed: str) -> date:
    day, month, year = (int(part) for part in typed.replace("/", ".").replace(" ", "").rstrip(".").split("."))
    return date(year, month, day)


def pack(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a field of a form carries them from the preview to the deed: nothing of them is kept in between."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False).encode())).decode()


def unpack(packed: str) -> list[list[str]]:
    """The rows again. Raises ValueError for anything that `pack` has not made."""
    if len(packed) > _PACKED_CHARS:
        raise ValueError("too long")
    try:
        opened = zlib.decompressobj()
        plain = opened.decompress(base64.urlsafe_b64decode(packed), _UNPACKED_BYTES)
        if opened.unconsumed_tail:
            raise ValueError("too long")
        rows: Any = json.loads(plain)
    except (binascii.Error, zlib.error, RecursionError) as error:
        raise ValueError("not packed") from error
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("no rows")
    return [[str(cell) for cell in row] for row in rows]


def digest(rows: Sequence[Sequence[str]]) -> str:
    """By which the same content is known again, whatever the file is called."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


async def plan_imports(house: House) -> None:
    """Plan the reminders of those who were taken in, some people in a transaction, so that nobody waits for it."""
    left = True
    while left:
        async with house.db.transaction() as session:
            left = await imports.plan_reminders(session, house.desk, house.now())
