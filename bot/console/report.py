"""Contacts, people and unanswered questions of a period, as a page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from starlette.responses import Response

from bot.console import words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, policy
from bot.domain.indicators import Line, Report, report
from bot.domain.policy import Verb
from bot.i18n import LANGUAGES
from bot.spreadsheets import write_csv

_YEAR: Final = timedelta(days=365)
_EXAMPLES: Final = 5


async def overview(visit: Visit) -> Answer:
    """The figures of a period; of the last year unless the address says otherwise."""
    found, places, place = await _report(visit)
    labels = {name: [(line, _label(visit, name, line)) for line in lines] for name, lines in found.tables.items()}
    return Shown(
        "report.html",
        {
            "report": found, "tables": words.TABLES, "lines": labels, "places": places, "place": place,
            "most": {name: max((line.contacts for line in lines), default=0) for name, lines in found.tables.items()},
            "deeds": [(words.DEEDS[kind], found.happenings.get(kind, 0)) for kind in words.DEEDS],
            "near": lambda topic: _title(visit, topic),
            "query": f"first={found.first}&last={found.last}&place={place}",
        },
    )  # fmt: skip


async def as_csv(visit: Visit) -> Answer:
    """The same figures for a spreadsheet."""
    found, _places, _place = await _report(visit)
    header, *rows = found.as_rows()
    name = f"report-{found.first}-{found.last}.csv"
    return Response(
        write_csv(rows, header), media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


async def _report(visit: Visit) -> tuple[Report, Sequence[str], str]:
    house, asked = visit.house, visit.request.query_params
    today = house.now().astimezone(house.desk.zone).date()
    try:
        last = date.fromisoformat(asked.get("last") or today.isoformat())
        first = date.fromisoformat(asked.get("first") or (last - _YEAR).isoformat())
    except (ValueError, OverflowError):
        raise Refused(400, words.NO_SUCH_PAGE) from None
    places = _places(visit)
    place = asked.get("place", places[0])
    if place not in places:
        raise Refused(403, words.NOT_ALLOWED)
    await audit.note(visit.session, "read report", house.now(), staff_id=visit.member.id)
    found = await report(visit.session, first, last, house.desk.zone, _EXAMPLES, place)
    if place:
        found.unanswered = []  # these are not kept by place
    return found, places, place


def _places(visit: Visit) -> list[str]:
    """Where this member may read figures; empty stands for all places together."""
    granted = {
        place
        for role, place in visit.actor.roles
        if policy.may(replace(visit.actor, roles=frozenset({(role, place)})), Verb.READ_REPORT)
    }
    every = [place.id for place in visit.house.desk.places]
    if "" not in granted:
        return sorted(granted)
    return ["", *every] if len(every) > 1 else [""]


def _label(visit: Visit, table: str, line: Line) -> str:
    if table == "language" and line.group in LANGUAGES:
        return LANGUAGES[line.group].native
    if table == "channel" and line.group in words.CHANNELS:
        return visit.house.catalogs.say(words.CHANNELS[line.group], visit.member.language)
    return (_title(visit, line.group) if table == "topic" else "") or line.group


def _title(visit: Visit, topic: str) -> str:
    library = visit.house.library
    return library[topic].answer(visit.member.language).title if topic in library else topic
