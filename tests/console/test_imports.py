"""A list from a file: looked at, each fault named by row and column, then taken in whole, once."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import aiohttp
from openpyxl import load_workbook
from sqlalchemy import select

from bot import importing
from bot.domain import events, imports, seats, waiting, walk_ins
from bot.domain.events import Event
from bot.domain.happenings import Happening
from bot.domain.imports import Import
from bot.domain.people import Person
from bot.domain.reminders import Reminder
from bot.domain.seats import Seating, Signup
from bot.domain.walk_ins import WalkIn
from bot.spreadsheets import read_sheet
from tests.console.browser import Browser, Console, Page

LIST = "/console/import"
THREE = "Name;Telephone;Language\nSample Amina;+386 00 111 222;sq\nSample Boris;;Русский\nSample Črt;;slovenščina\n"


async def uploads(browser: Browser, seating: int | str, data: bytes | str, name: str = "list.csv") -> Page:
    await browser.get(LIST)
    form = aiohttp.FormData()
    form.add_field("csrf", browser.csrf)
    form.add_field("seating", str(seating))
    content = data if isinstance(data, bytes) else data.encode()
    form.add_field("list", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    async with browser.http.post(browser.root + LIST, data=form) as answer:
        return await browser._show(answer)


async def confirms(browser: Browser, **fields: str) -> Page:
    return await browser.submit(f"{LIST}/confirm", **fields)


async def names(console: Console, seating: int | None = None) -> list[tuple[str, str]]:
    async with console.desk.house.db.reading() as session:
        found = await session.scalars(select(Signup).order_by(Signup.line))
        return [(one.name, one.state) for one in found if seating in {None, one.seating_id}]


async def has_event(console: Console, number: int | None = 2, **more: Any) -> Event:  # noqa: ANN401
    return await console.desk.has_event(seats=number, **more)


async def test_a_list_is_looked_at_then_taken_in_once(console: Console) -> None:
    event = await has_event(console)
    browser = await console.staff("vesna")
    page = await uploads(browser, event.id, THREE)
    assert page.status == 200
    assert await names(console) == []
    assert page.text.count("Gets a place") == 3  # the figure, and two rows
    page = await confirms(browser)
    assert "The list is taken in." in page.text
    assert await names(console) == [("Sample Amina", "going"), ("Sample Boris", "going"), ("Sample Črt", "waiting")]
    async with console.desk.house.db.reading() as session:
        people = list(await session.scalars(select(Person).order_by(Person.id)))
        assert [(one.name, one.phone, one.language) for one in people] == [
            ("Sample Amina", "+386 00 111 222", "sq"), ("Sample Boris", None, "ru"), ("Sample Črt", None, "sl"),
        ]  # fmt: skip
        assert (await session.get_one(Seating, event.id)).taken == 2
        kinds = [one.kind for one in await session.scalars(select(Happening).order_by(Happening.id))]
        assert kinds == ["signed_up", "signed_up", "waits"]
        assert [one.remind for one in await session.scalars(select(Signup).order_by(Signup.id))] == [
            "call",
            "chat",
            "chat",
        ]
    assert await console.desk.count(Reminder) == 0
    await importing.plan_imports(console.desk.house)
    async with console.desk.house.db.reading() as session:
        assert (await session.scalars(select(Import))).one().planned
        remembered = {one.person_id for one in await session.scalars(select(Reminder))}
    assert remembered == {people[0].id, people[1].id}
    page = await uploads(browser, event.id, THREE.encode("utf-8-sig"), "other name.csv")
    assert "This list was taken in already." in page.text
    assert f"{LIST}/confirm" not in page.actions
    assert len(await names(console)) == 3


async def test_the_same_form_sent_twice_takes_in_once(console: Console) -> None:
    event = await has_event(console)
    browser = await console.staff("vesna")
    await uploads(browser, event.id, THREE)
    hidden = browser.hidden(f"{LIST}/confirm")
    assert (await browser.post(f"{LIST}/confirm", hidden)).status == 200
    page = await browser.post(f"{LIST}/confirm", hidden)
    assert (page.status, "This list was taken in already." in page.text) == (409, True)
    assert len(await names(console)) == 3


async def test_a_longer_list_adds_only_who_is_new(console: Console) -> None:
    event = await has_event(console, 10)
    browser = await console.staff("vesna")
    await uploads(browser, event.id, THREE)
    await confirms(browser)
    page = await uploads(browser, event.id, f"{THREE}Sample Dana;;ar\n")
    assert page.text.count("Signed up already") == 4  # the figure, and three rows
    await confirms(browser)
    assert [name for name, _state in await names(console)] == [
        "Sample Amina", "Sample Boris", "Sample Črt", "Sample Dana",
    ]  # fmt: skip
    assert await console.desk.count(WalkIn) == 4


async def test_each_fault_is_named_and_nothing_is_written(console: Console) -> None:
    event = await has_event(console, most_guests=2)
    browser = await console.staff("vesna")
    page = await uploads(
        browser, event.id,
        "ime,telefon,jezik,osebe,datum,barva\n"
        "Sample One,ask me,xx,4,yesterday,red\n"
        ",00 111 222,en,,,blue\n"
        "Sample Two,00 111 222,Shqip,0,2027-01-01,\n"
        "=SUM(A1),,,two,31. 2. 2026,\n"
        "Sample Three,,en,1,,\n"
        "sample THREE,,sl,1,,\n",
    )  # fmt: skip
    for sentence in (
        "This is no telephone number.", "“xx” is none of the languages of the desk.", "The name is missing.",
        "Please write a number from 1 to 3.", "This is no date.", "This day has not come yet.",
        "This looks like a formula.", "The same person as in row 6. This row is left out.",
        "The language is missing.", "These columns are not known and are left out: barva.",
    ):  # fmt: skip
        assert sentence in page.text, sentence
    assert f"{LIST}/confirm" not in page.actions
    assert await names(console) == []


async def test_files_that_are_no_list(console: Console) -> None:
    event = await has_event(console)
    browser = await console.staff("vesna")
    for data, sentence in (
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is no table."),
        (b"PK\x03\x04 broken", "The file cannot be read."),
        (b"name,language\n" + b"a,en\n" * 5001, "At most 5,000 rows can be read at once."),
        (b"x" * (4 * 1024 * 1024 + 1), "At most 4 megabytes can be read."),
        ("Town;Weather\nPostojna;burja\n", "This is missing: Name and Language."),
    ):
        page = await uploads(browser, event.id, data)
        assert (page.status, sentence in page.text) == (422, True), sentence
    assert "Please choose for what the list is." in (await uploads(browser, "x", THREE)).text
    assert await names(console) == []


async def test_encodings_delimiters_and_quoted_lines(console: Console) -> None:
    event = await has_event(console, None)
    browser = await console.staff("vesna")
    windows = "Ime\tJezik\r\nSample Žan\tangleščina\r\n".encode("cp1250")
    await uploads(browser, event.id, windows)
    await confirms(browser)
    await uploads(browser, event.id, 'Language,Name\narabščina,"Sample\nAmira, the second"\n')
    await confirms(browser)
    assert [name for name, _state in await names(console)] == ["Sample Žan", "Sample Amira, the second"]


async def test_the_sample_file_can_be_taken_in(console: Console) -> None:
    event = await has_event(console, 9, most_guests=1)
    browser = await console.staff("vesna")
    for number, (language, kind) in enumerate((("en", "csv"), ("sl", "xlsx"), ("ar", "csv"))):
        browser = await console.staff(f"staff{number}", language=language)
        async with browser.http.get(f"{browser.root}{LIST}/sample.{kind}") as answer:
            data = await answer.read()
        if kind == "xlsx":
            assert load_workbook(io.BytesIO(data)).worksheets[0].max_row == 3
        assert len(read_sheet(data, "sample")) == 3
        page = await uploads(browser, event.id, data, f"sample.{kind}")
        assert (page.status, f"{LIST}/confirm" in page.actions) == (200, number == 0), page.text
        if number == 0:
            await confirms(browser)
    assert [name for name, _state in await names(console)] == ["Sample Amina", "Sample Boris"]
    assert (await browser.get(f"{LIST}/sample.doc")).status == 404


async def test_the_order_of_the_waiting_list_is_that_of_the_dates(console: Console) -> None:
    event = await has_event(console, 1)
    browser = await console.staff("vesna")
    await uploads(
        browser, event.id,
        "Name,Language,Signed up on\nSample C,en,3. 11. 2026\nSample A,en,2026-11-01\nSample D,en,\nSample B,en,02/11/2026\n",
    )  # fmt: skip
    await confirms(browser)
    assert await names(console) == [
        ("Sample A", "going"), ("Sample B", "waiting"), ("Sample C", "waiting"), ("Sample D", "waiting"),
    ]  # fmt: skip
    async with console.desk.house.db.reading() as session:
        row = await waiting.on_list(session, events.list_key(event.id))
        assert [one.name for one in row] == ["Sample B", "Sample C", "Sample D"]


async def test_seats_that_went_meanwhile_are_not_given_twice(console: Console) -> None:
    event = await has_event(console, 1)
    browser = await console.staff("vesna")
    await uploads(browser, event.id, "Name,Language\nSample A,en\n")
    desk = console.desk
    async with desk.house.db.transaction() as session:
        person = await walk_ins.write_down(session, walk_ins.Told("Sample Q", "", "en"), "postojna", 1, desk.clock())
        await seats.take(session, event.id, seats.Wish(person.id, name="Sample Q"), desk.clock())
    page = await confirms(browser)
    assert (page.status, "The list has changed meanwhile." in page.text) == (409, True)
    assert await names(console) == [("Sample Q", "going")]
    await confirms(browser)
    assert await names(console) == [("Sample Q", "going"), ("Sample A", "waiting")]


async def test_what_was_changed_on_its_way_is_refused(console: Console) -> None:
    event = await has_event(console)
    browser = await console.staff("vesna")
    await uploads(browser, event.id, THREE)
    for packed in ("", "x", "é", importing.pack([["Name"]]), importing.pack([])):
        assert (await confirms(browser, packed=packed)).status in {400, 422}
        await uploads(browser, event.id, THREE)
    broken = importing.pack([["Name", "Language"], ["Sample", "xx"]])
    assert (await confirms(browser, packed=broken)).status == 422
    assert await names(console) == []
    assert await console.desk.count(Import) == 0


async def test_five_thousand_rows(console: Console) -> None:
    event = await has_event(console, 4000)
    browser = await console.staff("vesna")
    rows = "".join(f"Sample {number},,en\n" for number in range(5000))
    page = await uploads(browser, event.id, f"Name,Telephone,Language\n{rows}")
    assert page.status == 200
    assert "and 4,900 more" in page.text
    hidden = browser.hidden(f"{LIST}/confirm")
    async with browser.http.post(f"{browser.root}{LIST}/confirm", data=hidden, allow_redirects=False) as answer:
        assert answer.status == 303  # to a list that nobody looks at in a test: it has 4,000 lines
    async with console.desk.house.db.reading() as session:
        assert (await session.get_one(Seating, event.id)).taken == 4000
        assert len(await waiting.on_list(session, events.list_key(event.id))) == 1000


def test_languages_by_any_of_their_names() -> None:
    for typed, code in (
        ("sq", "sq"), ("sq-AL", "sq"), ("Albanian", "sq"), ("albanščina", "sq"), ("الألبانية", "sq"), ("SHQIP", "sq"),
        ("hrvaščina", "bs"), ("bosanski", "bs"), ("српски", "sr"), ("dari", "fa"), ("perzijščina", "fa"),
        ("македонски", "mk"), ("Espanol", "es"), ("ukrajinščina", "uk"),
    ):  # fmt: skip
        assert importing.language_in(typed) == code, typed
    assert importing.language_in("Klingon") is None
    assert importing.language_in("") is None


def test_days_as_people_write_them() -> None:
    for typed in ("2026-11-03", "3. 11. 2026", "3.11.2026", "03/11/2026", "2026-11-03 00:00"):
        assert importing._day(typed) == date(2026, 11, 3), typed
    for typed in ("", "3. 11.", "31. 2. 2026", "soon", "2026-13-01", "1.1.1.1"):
        assert importing._day(typed) is None, typed


def test_what_is_packed_comes_back() -> None:
    rows = [["Name", "é\n"], ["x", ""]]
    assert importing.unpack(importing.pack(rows)) == rows
    assert imports.Plan(()).mark == imports.Plan(()).mark
