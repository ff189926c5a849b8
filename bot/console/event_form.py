"""The form of an event: what was typed, what is wrong with it, and what staff should look at twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.console import words
from bot.console.gate import Visit
from bot.console.texts import clean
from bot.domain import checks, policy, series
from bot.domain.events import FIELDS, Event, EventKind, Plan
from bot.domain.mentors import Mentor
from bot.domain.opening import is_holiday
from bot.domain.policy import Verb
from bot.domain.seats import Seating
from bot.domain.wall import instant, read_clock, write_clock
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, Text, _, _n, raw

MOST_TITLE_CHARS: Final = 80
MOST_ABOUT_CHARS: Final = 700  # fourteen of them fit into a form, and one into a message
MOST_SEATS: Final = 5_000
MOST_GUESTS: Final = 10
LONGEST_MINUTES: Final = 24 * 60
_FURTHEST: Final = timedelta(days=3 * 366)
_USUAL_MINUTES: Final = 90
STEP_FREE: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}
EXPERTS: Final = ("expert_1", "expert_2")
# One line each, with how many characters the database or a message has room for.
_LINES: Final = {"where": 200, "price": 80, "access": 300, "map_url": 300, "online_url": 300}
_MOST_FIELD_CHARS: Final = 200


@dataclass(slots=True)
class Typed:
    """A form as it stands. `problems`: sentences by field, `doubts`: what may well be meant so."""

    kind: EventKind
    values: dict[str, str]
    texts: dict[str, dict[str, str]]
    problems: dict[str, Text] = field(default_factory=dict)
    doubts: list[Text] = field(default_factory=list)
    plan: Plan | None = None

    @property
    def told(self) -> list[str]:
        """The languages that have a title."""
        return [code for code, one in self.texts.items() if one["title"]]

    @property
    def missing(self) -> list[str]:
        """The languages that have none."""
        return [code for code in LANGUAGES if code not in self.told]


def fresh(visit: Visit, kind: EventKind) -> Typed:
    """An empty form."""
    place = visit.house.desk.place
    values = {
        "place": place.id, "where": place.address, "day": "", "time": "", "minutes": str(_USUAL_MINUTES), "seats": "",
        "most_guests": "0", "price": "", "childcare": "", "step_free": "", "access": "", "map_url": "",
        "online_url": "", **{f"field-{name}": "" for name in FIELDS[kind]},
    }  # fmt: skip
    return Typed(kind, values, {code: {"title": "", "about": ""} for code in LANGUAGES})


def stored(event: Event, seating: Seating) -> Typed:
    """The form of an event that is there."""
    kind = EventKind(event.kind)
    step_free = next(code for code, value in STEP_FREE.items() if value is event.step_free)
    values = {
        "place": seating.place, "day": event.day.isoformat(), "time": write_clock(event.minute),
        "minutes": str(event.minutes), "seats": "" if seating.seats is None else str(seating.seats),
        "most_guests": str(event.most_guests), "childcare": "yes" if event.childcare else "", "step_free": step_free,
        **{name: getattr(event, name) for name in _LINES},
        **{f"field-{name}": str(event.fields.get(name, "")) for name in FIELDS[kind]},
    }  # fmt: skip
    texts = {code: {part: str(event.texts.get(code, {}).get(part, "")) for part in ("title", "about")}
             for code in LANGUAGES}  # fmt: skip
    return Typed(kind, values, texts)


async def read(visit: Visit, before: Event | None) -> Typed:
    """What was typed, checked; `plan` is there when nothing is wrong."""
    form = visit.form
    kind = EventKind(form.text("kind")) if form.text("kind") in set(EventKind) else EventKind.OTHER
    names = ("place", "day", "time", "minutes", "seats", "most_guests", "childcare", "step_free", *_LINES)
    values = {name: " ".join(clean(form.text(name)).split()) for name in names}
    values |= {f"field-{name}": " ".join(clean(form.text(f"field-{name}")).split()) for name in FIELDS[kind]}
    texts = {code: {"title": " ".join(clean(form.text(f"title-{code}")).split()),
                    "about": clean(form.text(f"about-{code}"))} for code in LANGUAGES}  # fmt: skip
    typed = Typed(kind, values, texts)
    _check_texts(typed)
    day, minute, minutes = _check_time(visit, typed)
    numbers = _check_numbers(typed)
    _check_lines(visit, typed)
    await _check_experts(visit, typed, before)
    if typed.problems or day is None or minute is None:
        return typed
    typed.plan = _plan(visit, typed, day, minute, minutes, *numbers)
    await _doubt(visit, typed, typed.plan, before)
    return typed


def _check_texts(typed: Typed) -> None:
    if not typed.told:
        typed.problems["title-sl"] = _("Please write a title in at least one language.")
    for code, one in typed.texts.items():
        if len(one["title"]) > MOST_TITLE_CHARS:
            typed.problems[f"title-{code}"] = _("The title is too long. At most {n} characters.", n=MOST_TITLE_CHARS)
        if len(one["about"]) > MOST_ABOUT_CHARS:
            typed.problems[f"about-{code}"] = _("The text is too long. At most {n} characters.", n=MOST_ABOUT_CHARS)
        if one["about"] and not one["title"]:
            typed.problems[f"title-{code}"] = _("Please enter a title.")


def _check_time(visit: Visit, typed: Typed) -> tuple[date | None, int | None, int]:
    day, minute, values = None, None, typed.values
    try:
        day = date.fromisoformat(values["day"])
        if abs(day - today(visit)) > _FURTHEST:
            day = None
    except ValueError:
        pass
    if day is None:
        typed.problems["day"] = _("Please give the day, like {day}.", day=today(visit).isoformat())
    try:
        minute = read_clock(values["time"])
    except ValueError:
        typed.problems["time"] = _("Please give the time at which it begins, like 17:30.")
    minutes = _number(values["minutes"], LONGEST_MINUTES)
    if not minutes:
        typed.problems["minutes"] = _("Please say how many minutes it takes, from 1 to {n}.", n=LONGEST_MINUTES)
    return day, minute, minutes or 0


def _check_numbers(typed: Typed) -> tuple[int | None, int]:
    seats, guests = typed.values["seats"], _number(typed.values["most_guests"] or "0", MOST_GUESTS)
    number = _number(seats, MOST_SEATS) if seats else None
    if seats and not number:
        typed.problems["seats"] = _("Please give a number from 1 to {n}, or leave it empty for as many as come.",
                                    n=MOST_SEATS)  # fmt: skip
    if guests is None:
        typed.problems["most_guests"] = _("Please give a number from 0 to {n}.", n=MOST_GUESTS)
    return number, guests or 0


def _number(typed: str, most: int) -> int | None:
    """A whole number from 0 to `most`."""
    number = int(typed) if typed.isdecimal() and len(typed) <= len(str(most)) else -1
    return number if 0 <= number <= most else None


def _check_lines(visit: Visit, typed: Typed) -> None:
    if typed.values["place"] not in places(visit):
        typed.problems["place"] = _("Please choose a place.")
    longest = {**_LINES, **{f"field-{name}": _MOST_FIELD_CHARS for name in FIELDS[typed.kind]}}
    for name, most in longest.items():
        if len(typed.values[name]) > most:
            typed.problems[name] = _("The text is too long. At most {n} characters.", n=most)
    for name in ("map_url", "online_url"):
        if typed.values[name] and not _is_link(typed.values[name]):
            typed.problems[name] = _("This is no link. It begins with https://")
    if typed.values["step_free"] not in STEP_FREE:
        typed.values["step_free"] = ""


def _is_link(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in parts.netloc and " " not in typed


async def _check_experts(visit: Visit, typed: Typed, before: Event | None) -> None:
    if typed.kind is not EventKind.MENTOR_DAY:
        return
    chosen = [typed.values[f"field-{name}"] for name in EXPERTS]
    known = {str(one.id) for one in await experts(visit)}
    kept = {str(before.fields.get(name, "")) for name in EXPERTS} if before is not None else set()
    for name, one in zip(EXPERTS, chosen, strict=True):
        if one and one not in known | kept:
            typed.problems[f"field-{name}"] = _("Please choose a mentor whose identity and conduct were checked.")
    if chosen[0] and chosen[0] == chosen[1]:
        typed.problems["field-expert_2"] = _("A mentor day has two different experts.")


async def experts(visit: Visit) -> list[Mentor]:
    """The mentors whose check is good now, by name."""
    desk, now = visit.house.desk, visit.house.now()
    found = await visit.session.scalars(select(Mentor))
    return sorted((one for one in found if checks.good(one.checked_on, desk, now)), key=lambda one: one.name.casefold())


def places(visit: Visit) -> dict[str, str]:
    """The places at which this member may run services, with their names."""
    return {
        place.id: place.name
        for place in visit.house.desk.places
        if visit.may(Verb.RUN_SERVICES, policy.Case(place=place.id))
    }


def _plan(
    visit: Visit, typed: Typed, day: date, minute: int, minutes: int, seats: int | None, guests: int
) -> Plan:  # fmt: skip
    values = typed.values
    zone = next(place.zone.key for place in visit.house.desk.places if place.id == values["place"])
    return Plan(
        kind=typed.kind, day=day, minute=minute, minutes=minutes, zone=zone, place=values["place"], seats=seats,
        texts={code: {part: words_ for part, words_ in one.items() if words_}
               for code, one in typed.texts.items() if one["title"]},
        childcare=values["childcare"] == "yes", step_free=STEP_FREE[values["step_free"]], most_guests=guests,
        fields={name: values[f"field-{name}"] for name in FIELDS[typed.kind] if values[f"field-{name}"]},
        where=values["where"], price=values["price"], access=values["access"], map_url=values["map_url"],
        online_url=values["online_url"],
    )  # fmt: skip


async def _doubt(visit: Visit, typed: Typed, plan: Plan, before: Event | None) -> None:
    """What may be a slip: a past day, a public holiday, somebody else in the room."""
    moved = before is None or (before.day, before.minute, before.minutes, before.where) != (
        plan.day, plan.minute, plan.minutes, plan.where,
    )  # fmt: skip
    if not moved:
        return
    if instant(plan.day, plan.minute, ZoneInfo(plan.zone)) <= visit.house.now():
        typed.doubts.append(_("This time has passed already."))
    if is_holiday(plan.day):
        typed.doubts.append(_("This day is a public holiday."))
    typed.doubts += [
        _("At the same time and place: {title}, {time}.", title=raw(one.title(visit.member.language)),
          time=write_clock(one.minute))
        for one in await series.clashes(visit.session, plan, before.id if before is not None else 0)
    ]  # fmt: skip
    if before is None or not plan.texts.get("sl"):
        lacking = [code for code in ("sl", SOURCE_LANGUAGE) if code not in plan.texts]
        if len(lacking) == len(("sl", SOURCE_LANGUAGE)):
            typed.doubts.append(_("There is neither a Slovene nor an English title. Those who read no other language "
                                  "see one that they cannot read."))  # fmt: skip


def today(visit: Visit) -> date:
    """The local day of the desk."""
    return visit.house.now().astimezone(visit.house.desk.zone).date()


def missing_languages(typed: Typed) -> Text | None:
    """Which languages have no text yet."""
    if not typed.missing:
        return None
    return _n("{n} language has no text yet: {list}", "{n} languages have no text yet: {list}", len(typed.missing),
              list=[raw(LANGUAGES[code].native) for code in typed.missing])  # fmt: skip


def lacks(names: tuple[str, ...]) -> Text:
    """What an event needs before people see it."""
    known = {"title": _("Title"), **words.EVENT_FIELDS}
    return _("It cannot be published yet. This is missing: {list}", list=[known.get(name, raw(name)) for name in names])
