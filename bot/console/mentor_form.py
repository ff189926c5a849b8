"""The form of a mentor: what was typed, and what is wrong with it. Hours of a week as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.console.gate import Visit
from bot.console.texts import clean
from bot.domain import policy
from bot.domain.hours import DAYS, HoursError, read_day
from bot.domain.mentor_profiles import Profile
from bot.domain.mentors import Gender, Mentor, MentorHours
from bot.domain.policy import Verb
from bot.domain.slots import Block
from bot.domain.wall import read_clock, write_clock
from bot.i18n import LANGUAGES, Text, _
from flows.menu import FIELDS

MOST_NAME_CHARS: Final = 40
MOST_ABOUT_CHARS: Final = 160  # one line of a list
# One line each, with how many characters there is room for.
LINES: Final = {"name": MOST_NAME_CHARS, "contact": 120, "where": 200}
# Whole numbers: the least, the most.
NUMBERS: Final = {
    "slot_minutes": (15, 240),
    "buffer_minutes": (0, 120),
    "notice_hours": (0, 24 * 14),
    "ahead_days": (1, 180),
    "most_open": (1, 50),
}
_MOST_DIGITS: Final = 6
_MOST_DAY_CHARS: Final = 120


@dataclass(slots=True)
class Typed:
    """A form as it stands. `problems`: sentences by field."""

    values: dict[str, str]
    languages: list[str]
    topics: list[str]
    about: dict[str, str]
    in_person: bool
    online: bool
    problems: dict[str, Text] = field(default_factory=dict)
    profile: Profile | None = None


def fresh(visit: Visit) -> Typed:
    """The empty form, with the usual numbers."""
    numbers = {name: str(getattr(Profile("", (), (), "", ""), name)) for name in NUMBERS}
    values = {
        **dict.fromkeys(LINES, ""),
        **numbers,
        "gender": "",
        "staff_id": "",
        "place": next(iter(places(visit)), ""),
    }
    return Typed(values, [], [], dict.fromkeys(LANGUAGES, ""), in_person=True, online=False)


def stored(mentor: Mentor) -> Typed:
    """The form as the mentor is kept."""
    values = {name: str(getattr(mentor, name)) for name in (*LINES, *NUMBERS, "gender", "place")}
    values["staff_id"] = str(mentor.staff_id or "")
    about = {code: str(mentor.about.get(code, "")) for code in LANGUAGES}
    return Typed(values, list(mentor.languages), list(mentor.topics), about, mentor.in_person, mentor.online)


def places(visit: Visit) -> dict[str, str]:
    """The places at which this member may run services, with their names."""
    return {
        place.id: place.name
        for place in visit.house.desk.places
        if visit.may(Verb.RUN_SERVICES, policy.Case(place=place.id))
    }


def read(visit: Visit, log_ins: Sequence[int], before: Mentor | None) -> Typed:
    """What was sent. `profile` is set when nothing is wrong."""
    form = visit.form
    values = {name: " ".join(clean(form.text(name)).split()) for name in LINES}
    values |= {name: form.text(name).strip() for name in (*NUMBERS, "gender", "place", "staff_id")}
    typed = Typed(
        values, [code for code in form.every("languages") if code in LANGUAGES],
        [topic for topic in form.every("topics") if topic in FIELDS],
        {code: " ".join(clean(form.text(f"about-{code}")).split()) for code in LANGUAGES},
        form.text("in_person") == "yes", form.text("online") == "yes",
    )  # fmt: skip
    numbers = _check(visit, typed, log_ins)
    if not typed.problems:
        typed.profile = _profile(visit, typed, numbers, before)
    return typed


def _check(visit: Visit, typed: Typed, log_ins: Sequence[int]) -> dict[str, int]:
    values, problems = typed.values, typed.problems
    if not values["name"]:
        problems["name"] = _("Please enter a name.")
    for name, most in LINES.items():
        if len(values[name]) > most:
            problems[name] = _("The text is too long. At most {n} characters.", n=most)
    for code, words in typed.about.items():
        if len(words) > MOST_ABOUT_CHARS:
            problems[f"about-{code}"] = _("The text is too long. At most {n} characters.", n=MOST_ABOUT_CHARS)
    if not typed.languages:
        problems["languages"] = _("Please choose at least one language.")
    if not typed.in_person and not typed.online:
        problems["how"] = _("Please choose at least one.")
    if values["gender"] not in set(Gender):
        values["gender"] = Gender.UNTOLD
    if values["place"] not in places(visit):
        problems["place"] = _("Please choose a place.")
    if values["staff_id"] and values["staff_id"] not in {str(one) for one in log_ins}:
        problems["staff_id"] = _("This log-in cannot be linked any more. Please choose again.")
    return _read_numbers(values, problems)


def _read_numbers(values: dict[str, str], problems: dict[str, Text]) -> dict[str, int]:
    numbers = {}
    for name, (least, most) in NUMBERS.items():
        told = values[name]
        numbers[name] = int(told) if told.isdecimal() and len(told) <= _MOST_DIGITS else -1
        if not least <= numbers[name] <= most:
            problems[name] = _("Please write a number from {least} to {most}.", least=least, most=most)
    return numbers


def _profile(visit: Visit, typed: Typed, numbers: dict[str, int], before: Mentor | None) -> Profile:
    values = typed.values
    zone = next(place.zone.key for place in visit.house.desk.places if place.id == values["place"])
    return Profile(
        values["name"], tuple(typed.languages), tuple(typed.topics), values["place"], zone, values["contact"],
        {code: words for code, words in typed.about.items() if words}, values["gender"], values["where"],
        typed.in_person, typed.online, **numbers, staff_id=int(values["staff_id"]) if values["staff_id"] else None,
        sample=before is not None and before.sample,
    )  # fmt: skip


def week_of(hours: Sequence[MentorHours]) -> list[str]:
    """The hours of the seven days as people write them."""
    return [said([Block(one.opens, one.closes) for one in hours if one.weekday == day]) for day in range(len(DAYS))]


def said(blocks: Sequence[Block]) -> str:
    """`09:00-12:00, 14:00-16:00`; empty where there is nothing."""
    told = (one for one in blocks if one.opens < one.closes)
    return ", ".join(f"{write_clock(one.opens)}-{write_clock(one.closes)}" for one in told)


def blocks_of(day: str, typed: str) -> tuple[Block, ...]:
    """The hours of a day from what was typed. Raises HoursError."""
    if len(typed) > _MOST_DAY_CHARS:
        raise HoursError(day)
    found = []
    for span in filter(None, read_day(day, typed).split(", ")):
        opens, closes = span.split("-")
        found.append(Block(read_clock(opens), read_clock(closes)))
    return tuple(found)
