"""The desk's own facts: where it and the offices are, how to reach them, when they are open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from babel.dates import get_day_names

from bot.console import cases, sheets, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.texts import asked_on, clean
from bot.domain import edits
from bot.domain.edits import FIELDS, PLACE, DeskFact, Meanwhile
from bot.domain.hours import DAYS, HoursError, read_day, read_hours, write_hours
from bot.domain.places import Office, Place
from bot.i18n import LANGUAGES, Text, _

GOOD_FOR: Final = timedelta(days=92)  # telephone numbers and hours: faq/README.md
_PHONE: Final = re.compile(r"\+?[\d(][\d ()/.-]{1,23}\d")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_MOST_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """One office or place with its facts, what was typed instead, and what is wrong with that."""

    subject: str
    name: str
    values: dict[str, str]
    days: tuple[str, ...]
    known: bool
    checked_on: date | None
    overdue: bool
    version: str
    history: tuple[DeskFact, ...]
    topics: tuple[str, ...]
    problems: dict[str, Text]
    typed_day: str = ""


async def overview(visit: Visit) -> Answer:
    """Every place and office with what is known of it."""
    return await _shown(visit)


async def _shown(visit: Visit, instead: Sheet | None = None, who: str | None = None, status: int = 200) -> Shown:
    listed = [await _sheet(visit, subject, thing) for subject, thing in _subjects(visit).items()]
    names = get_day_names("wide", "stand-alone", LANGUAGES[visit.member.language].locale)
    return Shown(
        "facts.html",
        {
            "sheets": [instead if instead and one.subject == instead.subject else one for one in listed],
            "days": [(day, names[number]) for number, day in enumerate(DAYS)], "open": instead.subject if instead else
            visit.request.query_params.get("at", ""), "who": who, "names": await cases.names(visit.session),
            "labels": words.FACTS, "today": sheets.today(visit).isoformat(),
        },
        status,
    )  # fmt: skip


def _subjects(visit: Visit) -> dict[str, Place | Office]:
    desk = visit.house.shipped.desk
    return {**{PLACE + place.id: place for place in desk.places}, **{office.id: office for office in desk.offices}}


async def _sheet(visit: Visit, subject: str, thing: Place | Office) -> Sheet:
    rows = await edits.fact_edits(visit.session, subject)
    now = {field: getattr(thing, field) for field in FIELDS}
    checked_on = thing.checked_on
    for row in reversed([row for row in rows if row.undone_at is None]):
        now[row.field], checked_on = row.value, row.checked_on
    known = any(now.values())
    overdue = known and (checked_on is None or sheets.today(visit) - checked_on > GOOD_FOR)
    topics = tuple(topic.id for topic in visit.house.library if topic.decides == subject)
    return Sheet(subject, thing.name, now, read_hours(now["hours"]), known, checked_on, overdue, edits.version_of(rows),
                 tuple(rows), topics, {})  # fmt: skip


async def save(visit: Visit) -> Answer:
    """Set what was changed of one office or place."""
    subject = visit.form.text("subject")
    thing = _subjects(visit).get(subject)
    if thing is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    before = await _sheet(visit, subject, thing)
    typed = _typed(visit, before)
    changed = {field: typed.values[field] for field in FIELDS if typed.values[field] != before.values[field]}
    day = asked_on(typed.typed_day, sheets.today(visit))
    if day is None:
        typed.problems["checked_on"] = _("Please give the day on which you asked. It cannot be in the future.")
    if typed.problems or day is None:
        return await _shown(visit, typed, status=422)
    if not changed and day != before.checked_on:
        changed = {"address": typed.values["address"]}  # asked again, and nothing was different
    try:
        await edits.save_facts(
            visit.session, subject, changed, day, visit.member.id, visit.house.now(), visit.form.text("version")
        )
    except Meanwhile as change:
        names = await cases.names(visit.session)
        who = names.get(change.staff_id or 0, "")
        return await _shown(visit, replace(typed, version=before.version), who=who, status=409)
    return await sheets.done(visit, "edit facts", f"/console/content/facts?note=saved&at={subject}#{anchor(subject)}")


def anchor(subject: str) -> str:
    """Where an office stands on the page."""
    return subject.replace(":", "-")


def _typed(visit: Visit, before: Sheet) -> Sheet:
    values = {field: " ".join(clean(visit.form.text(field)).split()) for field in FIELDS}
    problems: dict[str, Text] = {}
    days: list[str] = []
    for day in DAYS:
        typed = clean(visit.form.text(day))[:_MOST_CHARS]
        try:
            days.append(read_day(day, typed))
        except HoursError:
            days.append(typed)
            problems[day] = _("Please write hours like 8:00-12:00, 13:00-15:00, or nothing when it is closed.")
    values["hours"] = before.values["hours"] if problems else write_hours(days)
    if any(len(value) > _MOST_CHARS for field, value in values.items() if field != "hours"):
        problems["address"] = _("The text is too long. At most {n} characters.", n=_MOST_CHARS)
    if values["phone"] and not _PHONE.fullmatch(values["phone"]):
        problems["phone"] = _("This is no telephone number.")
    if values["email"] and not _EMAIL.fullmatch(values["email"]):
        problems["email"] = _("This is no e-mail address.")
    day = visit.form.text("checked_on")[:10]
    return replace(before, values=values, days=tuple(days), problems=problems, typed_day=day)


async def undo(visit: Visit) -> Answer:
    """Take one change of a fact back."""
    named: Any = visit.form.text("edit")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < len(str(LARGEST_ID)) else 0
    edit = await edits.undo(visit.session, DeskFact, number, visit.member.id, visit.house.now())
    if edit is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    address = f"/console/content/facts?note=undone&at={edit.subject}#{anchor(edit.subject)}"
    return await sheets.done(visit, "undo edit", address)
