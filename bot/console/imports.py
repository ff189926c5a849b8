"""Taking in a list from a file: choose, look at what would happen and at every fault, then do it all or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import RedirectResponse, Response

from bot import importing
from bot.console import cases, desk_signups, words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, imports, opening, policy, seated, seats
from bot.domain.imports import Changed, Fate, Plan, TakenIn
from bot.domain.policy import Verb
from bot.domain.seated import Seated
from bot.domain.waiting import Term
from bot.i18n import LANGUAGES, Text, _
from bot.importing import HeadingsError, Listed
from bot.spreadsheets import MOST_BYTES, MOST_ROWS, Cell, SheetError, read_sheet, write_csv, write_xlsx
from bot.spreadsheets import Fault as SheetFault
from flows.seated import when

MOST_SHOWN: Final = 100
MOST_UPLOAD: Final = MOST_BYTES + 64 * 1024
MOST_CONFIRMED: Final = 7 * 1024 * 1024
_MEDIA: Final = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_EMPTY: Final = _("The file is empty.")
_FAULTS: Final[dict[SheetFault, Text]] = {
    SheetFault.EMPTY: _EMPTY,
    SheetFault.KIND: _("This is no table. Please save it as CSV or as XLSX, and choose that file."),
    SheetFault.BROKEN: _("The file cannot be read. Please open it in your spreadsheet, save it anew, and try again."),
    SheetFault.LARGE: _("The file is too large. At most {n} megabytes can be read.", n=MOST_BYTES // 1024 // 1024),
    SheetFault.LONG: _("The list is too long. At most {n} rows can be read at once.", n=MOST_ROWS),
}
FATES: Final[dict[Fate, Text]] = {
    Fate.SEAT: _("Gets a place"),
    Fate.WAITS: _("Goes on the waiting list"),
    Fate.KNOWN: _("Signed up already, stays as it is"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list is taken in for."""

    id: int
    title: str
    when: Text | None
    kind: str


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read, for one event or group."""

    thing: Seated
    rows: list[list[str]] = field(repr=False)
    listed: Listed = field(repr=False)
    plan: Plan = field(repr=False)


async def overview(visit: Visit) -> Answer:
    """Choose for what, and the file."""
    return await _form(visit, seated.number_of(visit.request.query_params.get("seating", "")))


async def _form(visit: Visit, chosen: int = 0, problem: Text | None = None, status: int = 200) -> Shown:
    return Shown(
        "import.html",
        {"things": await _things(visit), "chosen": chosen, "problem": problem, "labels": importing.LABELS,
         "needed": importing.NEEDED, "most_rows": MOST_ROWS},
        status,
    )  # fmt: skip


async def _things(visit: Visit) -> list[Chosen]:
    """Events and groups to which this member can add people."""
    language = visit.member.language
    return [
        Chosen(one.seating.id, desk_signups.title(one, language), when(one), one.seating.kind)
        for one in await imports.things(visit.session, visit.house.now())
        if one.seating is not None and visit.may(Verb.SIGN_UP_OTHERS, policy.Case(place=one.seating.place))
    ]


async def look(visit: Visit) -> Answer:
    """What would happen with the rows of a file, and what is wrong with which. Nothing is written."""
    number = seated.number_of(visit.form.text("seating"))
    name, data = visit.form.file("list")
    if not data:
        return await _form(visit, number, _EMPTY if name else _("Please choose a file."), 422)
    try:
        rows = await asyncio.to_thread(read_sheet, data, name)
    except SheetError as error:
        return await _form(visit, number, _FAULTS[error.fault], 422)
    return await _preview(visit, number, rows)


async def _preview(
    visit: Visit, number: int, rows: list[list[str]], problem: Text | None = None, status: int = 200
) -> Shown:
    try:
        read = await _read(visit, number, rows)
    except HeadingsError as error:
        lacks = [importing.LABELS[column] for column in error.lacks]
        needed = _("The first row has to name the columns. This is missing: {columns}.", columns=lacks)
        return await _form(visit, number, needed, 422)
    except seats.Closed:
        return await _form(visit, 0, _("Please choose for what the list is."), 422)
    house, language = visit.house, visit.member.language
    content = imports.mark_of(importing.digest(rows))
    before = await imports.taken_in(visit.session, number, content)
    await audit.note(visit.session, "look at list", house.now(), staff_id=visit.member.id)
    broken = read.listed.broken
    left_out = [one for one in read.listed.faults if one.left_out]
    return Shown(
        "import_preview.html",
        {
            "seating": number, "title": desk_signups.title(read.thing, language), "when": when(read.thing),
            "address": f"/console/seatings/{number}", "plan": read.plan, "fates": FATES, "count": read.plan.count,
            "fate": Fate, "broken": broken[:MOST_SHOWN], "left_out": left_out[:MOST_SHOWN], "labels": importing.LABELS,
            "more_broken": max(len(broken) - MOST_SHOWN, 0), "shown": read.plan.places[:MOST_SHOWN],
            "more": max(len(read.plan.places) - MOST_SHOWN, 0), "unknown": read.listed.unknown,
            "packed": importing.pack(rows), "mark": read.plan.mark, "before": before, "problem": problem,
            "who": (await cases.names(visit.session)).get(before.staff_id, "") if before is not None else "",
            "people": read.thing.most_guests > 0, "dated": any(one.row.since for one in read.plan.places),
            "children": read.thing.event is not None and read.thing.event.childcare,
        },
        status,
    )  # fmt: skip


async def _read(visit: Visit, number: int, rows: list[list[str]]) -> Read:
    """Raises HeadingsError, Closed."""
    house, now = visit.house, visit.house.now()
    thing = await seated.of_seating(visit.session, number)
    if thing is None or thing.seating is None or not imports.takes(thing, now):
        raise seats.Closed
    if not visit.may(Verb.SIGN_UP_OTHERS, policy.Case(place=thing.seating.place)):
        raise Refused(403, words.NOT_ALLOWED)
    today = now.astimezone(house.desk.zone).date()
    known = importing.headings(house.catalogs)
    listed = await asyncio.to_thread(importing.read_list, rows, known, thing.most_guests + 1, today)
    return Read(thing, rows, listed, await imports.plan(visit.session, thing.seating, listed.entries, now))


async def take_in(visit: Visit) -> Answer:
    """All rows, as the preview showed them, or none."""
    form, number = visit.form, seated.number_of(visit.form.text("seating"))
    try:
        rows = importing.unpack(form.text("packed"))
        read = await _read(visit, number, rows)
    except (ValueError, HeadingsError, seats.Closed):
        raise Refused(400, words.TOO_OLD) from None
    if read.listed.broken or not read.listed.entries:
        return await _preview(visit, number, rows, status=422)
    house, seating = visit.house, read.thing.seating
    place = house.desk.place_of(seating.place if seating is not None else "")
    agreed = (imports.mark_of(importing.digest(rows)), form.text("mark"))
    try:
        await imports.take_in(
            visit.session, read.thing, read.listed.entries, agreed, visit.member.id, house.desk,
            Term(house.now(), opening.offer_until(place, house.now())),
        )  # fmt: skip
    except TakenIn:
        return await _preview(visit, number, rows, status=409)
    except Changed:
        return await _preview(
            visit, number, rows, _("The list has changed meanwhile. Please look at it once more."), 409
        )
    except seats.Closed:
        raise Refused(409, _("One cannot sign up for this any more.")) from None
    await audit.note(visit.session, "take in list", house.now(), staff_id=visit.member.id)
    return RedirectResponse(f"/console/seatings/{number}?note=taken_in", 303)


async def sample(visit: Visit) -> Answer:
    """A file to fill in, with headings in the member's language."""
    kind = visit.request.path_params["kind"]
    if kind not in _MEDIA:
        raise Refused(404, words.NO_SUCH_PAGE)
    house, language = visit.house, visit.member.language
    header = [house.catalogs.say(label, language) for label in importing.LABELS.values()]
    day = house.now().astimezone(house.desk.zone).date().isoformat()
    rows: list[list[Cell]] = [
        ["Sample Amina", "00 111 222", LANGUAGES["sq"].native, 1, 0, day],
        ["Sample Boris", "", "ru", 2, 1, day],
    ]
    data = write_csv(rows, header) if kind == "csv" else write_xlsx(rows, header)
    headers = {"Content-Disposition": f'attachment; filename="sample-list.{kind}"'}
    return Response(data, media_type=_MEDIA[kind], headers=headers)
