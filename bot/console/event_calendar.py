"""A month of events: a table on a wide screen, a list of days on a phone, public holidays marked."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from babel.dates import get_day_names
from sqlalchemy import select

from bot.console import words
from bot.console.event_form import today
from bot.console.gate import Answer, Visit
from bot.console.pages import Shown
from bot.domain import policy
from bot.domain.events import Event
from bot.domain.opening import is_holiday
from bot.domain.policy import Verb
from bot.domain.seats import Seating
from bot.i18n import LANGUAGES, month_name

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_MONDAY_FIRST: Final = calendar.Calendar(calendar.MONDAY)  # as the week begins in Slovenia, whoever reads


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the table."""

    day: date
    inside: bool  # of the month itself
    today: bool
    holiday: bool
    events: list[tuple[Event, Seating]] = field(default_factory=list)


async def month(visit: Visit) -> Answer:
    """The month of `?month=2026-11`; the present one without it."""
    asked = _MONTH.fullmatch(visit.request.query_params.get("month", ""))
    now = today(visit)
    first = date(int(asked[1]), int(asked[2]), 1) if asked else now.replace(day=1)
    days = list(_MONDAY_FIRST.itermonthdates(first.year, first.month))
    rows = await visit.session.execute(
        select(Event, Seating)
        .join(Seating, Seating.id == Event.id)
        .where(Event.day.between(days[0], days[-1]))
        .order_by(Event.day, Event.minute, Event.id)
    )
    by_day: dict[date, list[tuple[Event, Seating]]] = {}
    for event, seating in rows:
        if visit.may(Verb.READ_PEOPLE, policy.Case(place=seating.place)):
            by_day.setdefault(event.day, []).append((event, seating))
    shown = [Day(day, day.month == first.month, day == now, is_holiday(day), by_day.get(day, [])) for day in days]
    names = get_day_names("abbreviated", "stand-alone", LANGUAGES[visit.member.language].locale)
    last = first - timedelta(days=1)
    return Shown(
        "calendar.html",
        {
            "weeks": [shown[at : at + 7] for at in range(0, len(shown), 7)], "first": first,
            "month_name": month_name(first, visit.member.language),
            "names": [names[number] for number in range(7)], "before": f"{last:%Y-%m}",
            "after": f"{first + timedelta(days=31):%Y-%m}", "this_month": first == now.replace(day=1),
            "busy": [day for day in shown if day.inside and (day.events or day.today or day.holiday)],
            "event_states": words.EVENT_STATES, "changes": visit.may(Verb.RUN_SERVICES),
        },
    )  # fmt: skip
