"""Mentors as staff keep them: list, one mentor with check, state, hours and other days, the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from babel.dates import get_day_names
from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK
from bot.console import cases, mentor_form, sheets, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.mentor_form import Typed
from bot.console.pages import Shown
from bot.console.seatings import Cell, download
from bot.console.texts import asked_on
from bot.domain import audit, bookings, checks, mentor_profiles, mentors, policy
from bot.domain.bookings import TAKEN, Booking
from bot.domain.hours import DAYS, HoursError
from bot.domain.mentor_profiles import LogInTaken, NotReady, StillBooked
from bot.domain.mentors import Change, Mentor
from bot.domain.opening import is_holiday
from bot.domain.policy import Verb
from bot.domain.slots import Block, Slot
from bot.i18n import LANGUAGES, Text, _, raw
from flows.menu import FIELDS
from flows.practice import named

_FURTHEST: Final = timedelta(days=366)
_FILES: Final = ("csv", "xlsx")
_WRONG_HOURS: Final = _("Please write hours like 8:00-12:00, 13:00-15:00, or nothing when there are none.")


def may(visit: Visit, mentor: Mentor, verb: Verb = Verb.RUN_SERVICES) -> bool:
    """Whether this member may do this with a mentor of that place."""
    return visit.may(verb, policy.Case(place=mentor.place))


async def everybody(visit: Visit) -> list[Mentor]:
    """The mentors whom this member may see; those who were let go have no name any more."""
    return [one for one in await mentor_profiles.everybody(visit.session) if one.name and may(visit, one)]


async def overview(visit: Visit) -> Answer:
    """All mentors: state, check, languages, topics, next free time, open people."""
    found = await everybody(visit)
    free, people = await _free(visit, found), await _open_people(visit)
    return Shown(
        "mentors.html",
        {
            "mentors": found, "free": {one: slots[0] for one, slots in free.items() if slots}, "people": people,
            "states": words.MENTOR_STATES, "good": {one.id for one in found if good(visit, one)}, "topics": FIELDS,
            "waits": await _asked(visit),
        },
    )  # fmt: skip


def good(visit: Visit, mentor: Mentor) -> bool:
    """Whether the mentor's check counts now."""
    return checks.good(mentor.checked_on, visit.house.desk, visit.house.now())


async def _free(visit: Visit, found: Sequence[Mentor]) -> dict[int, list[Slot]]:
    return await bookings.free(visit.session, found, visit.house.now())


async def _open_people(visit: Visit) -> dict[int, int]:
    """How many people each mentor has at the moment."""
    rows = await visit.session.execute(
        select(Booking.mentor_id, func.count(Booking.person_id.distinct()))
        .where(Booking.state.in_(TAKEN), Booking.starts_at > visit.house.now())
        .group_by(Booking.mentor_id)
    )
    return dict(rows.all())


async def _asked(visit: Visit) -> int:
    query = select(func.count()).select_from(Booking).where(Booking.state.in_(bookings.TAKEN[:2]))
    return int(await visit.session.scalar(query) or 0)


async def as_file(visit: Visit) -> Answer:
    """The list for a spreadsheet, as it stands on the screen."""
    kind = visit.request.path_params["kind"]
    if kind not in _FILES:
        raise Refused(404, words.NO_SUCH_PAGE)
    found, language = await everybody(visit), visit.member.language
    free, people = await _free(visit, found), await _open_people(visit)
    header = (_("Name"), _("State"), _("Checked on"), _("Languages"), _("Topics"), _("Next free time"),
              _("Open people"))  # fmt: skip
    rows: list[list[Cell]] = [
        [
            raw(one.name), words.MENTOR_STATES[one.state], _listed([str(one.checked_on or "")]),
            _listed(named(one.languages, language)),
            _listed([visit.house.catalogs.say(FIELDS[topic], language) for topic in one.topics if topic in FIELDS]),
            free[one.id][0].starts_at if free[one.id] else None, people.get(one.id, 0),
        ]
        for one in found
    ]  # fmt: skip
    await audit.note(visit.session, "export mentors", visit.house.now(), staff_id=visit.member.id)
    return download(visit, header, rows, _("Mentors"), f"mentors.{kind}")


def _listed(parts: Sequence[str]) -> Text:
    return raw(", ".join(parts))


async def _open(visit: Visit, *, alone: bool = False) -> Mentor:
    """The mentor whom the address names. Raises Refused."""
    number = visit.request.path_params["mentor"]
    find = mentors.lock if alone else mentors.get
    mentor = await find(visit.session, number) if number <= LARGEST_ID else None
    if mentor is None or not mentor.name or not may(visit, mentor):
        raise Refused(404, words.NO_SUCH_PAGE)
    return mentor


async def show(visit: Visit) -> Answer:
    """One mentor with everything that can be done."""
    return await _shown(visit, await _open(visit))


async def _shown(
    visit: Visit, mentor: Mentor, problems: dict[str, Text] | None = None, typed: dict[str, str] | None = None,
    status: int = 200,
) -> Shown:  # fmt: skip
    session, today = visit.session, sheets.today(visit)
    names = get_day_names("wide", "stand-alone", LANGUAGES[visit.member.language].locale)
    week = mentor_form.week_of(await mentors.hours(session, mentor.id))
    free = (await _free(visit, [mentor]))[mentor.id]
    others: dict[date, list[Block]] = {}
    for one in await mentors.other_days(session, mentor.id, today):
        others.setdefault(one.day, []).append(Block(one.opens, one.closes))
    return Shown(
        "mentor.html",
        {
            "mentor": mentor, "problems": problems or {}, "typed": typed or {}, "states": words.MENTOR_STATES,
            "good": good(visit, mentor), "oldest": checks.since(visit.house.desk, visit.house.now()),
            "holders": await cases.names(session), "days": [(day, names[number], week[number])
                                                            for number, day in enumerate(DAYS)],
            "others": [(day, mentor_form.said(blocks), is_holiday(day)) for day, blocks in sorted(others.items())],
            "free": free[:6], "told": named(mentor.languages, visit.member.language), "topics": FIELDS,
            "people": (await _open_people(visit)).get(mentor.id, 0), "genders": words.GENDERS, "today": today,
            "checks": may(visit, mentor, Verb.CHECK_PEOPLE),
            "booked": await bookings.of_mentor(session, mentor.id, *TAKEN, since=visit.house.now()),
            "booking_states": words.BOOKING_STATES, "until": checks.months_from(
                mentor.checked_on, visit.house.desk.check_months) if mentor.checked_on else None,
            "place": next((one.name for one in visit.house.desk.places if one.id == mentor.place), ""),
        },
        status,
    )  # fmt: skip


async def new(visit: Visit) -> Answer:
    """The empty form."""
    return await _form(visit, mentor_form.fresh(visit), None)


async def edit(visit: Visit) -> Answer:
    """The form of a mentor."""
    mentor = await _open(visit)
    return await _form(visit, mentor_form.stored(mentor), mentor)


async def _form(visit: Visit, typed: Typed, mentor: Mentor | None, status: int = 200, **values: Any) -> Shown:  # noqa: ANN401
    return Shown(
        "mentor_form.html",
        {
            "typed": typed, "mentor": mentor, "places": mentor_form.places(visit), "topics": FIELDS,
            "genders": words.GENDERS, "numbers": mentor_form.NUMBERS, "labels": words.MENTOR_NUMBERS,
            "log_ins": await mentor_profiles.log_ins(visit.session, mentor.id if mentor else 0),
            "version": mentor.changed_at.isoformat() if mentor else "", "meanwhile": False,
            "most_name": mentor_form.MOST_NAME_CHARS, "most_about": mentor_form.MOST_ABOUT_CHARS, **values,
        },
        status,
    )  # fmt: skip


async def add(visit: Visit) -> Answer:
    """A new mentor, whom nobody sees before the check."""
    return await _save(visit, None)


async def save(visit: Visit) -> Answer:
    """Change a mentor."""
    return await _save(visit, await _open(visit, alone=True))


async def _save(visit: Visit, mentor: Mentor | None) -> Answer:
    listed = await mentor_profiles.log_ins(visit.session, mentor.id if mentor else 0)
    typed = mentor_form.read(visit, [one.id for one in listed], mentor)
    if typed.profile is None:
        return await _form(visit, typed, mentor, 422)
    if mentor is not None and visit.form.text("version") != mentor.changed_at.isoformat():
        return await _form(visit, typed, mentor, 409, meanwhile=True)
    now = visit.house.now()
    try:
        if mentor is None:
            mentor = await mentor_profiles.make(visit.session, typed.profile, now)
        else:
            await mentor_profiles.change(visit.session, mentor.id, typed.profile, now)
    except LogInTaken:
        typed.problems["staff_id"] = _("Another mentor has this log-in.")
        return await _form(visit, typed, mentor, 422)
    return await _done(visit, "edit mentor", mentor.id, "saved")


async def _done(visit: Visit, verb: str, mentor_id: int, note: str, part: str = "") -> Response:
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id)
    visit.ring(DESK)
    return RedirectResponse(f"/console/mentors/{mentor_id}?note={note}{part}", 303)


async def check(visit: Visit) -> Answer:
    """Write down when identity and conduct were checked, or take that back."""
    mentor = await _open(visit, alone=True)
    if not may(visit, mentor, Verb.CHECK_PEOPLE):
        raise Refused(403, words.NOT_ALLOWED)
    if visit.form.text("deed") == "undo":
        await mentor_profiles.check(visit.session, mentor.id, None, visit.member.id, visit.house.now())
        return await _done(visit, "undo check", mentor.id, "undone")
    day = asked_on(visit.form.text("day")[:10], sheets.today(visit))
    sure = visit.form.text("identity") == visit.form.text("conduct") == "yes"
    if day is None or not sure:
        problem = _("Please tick both, and give the day on which you looked. It cannot be in the future.")
        return await _shown(visit, mentor, {"check": problem}, status=422)
    await mentor_profiles.check(visit.session, mentor.id, day, visit.member.id, visit.house.now())
    return await _done(visit, "check mentor", mentor.id, "saved")


async def state(visit: Visit) -> Answer:
    """Show, pause, or show again."""
    mentor, now = await _open(visit, alone=True), visit.house.now()
    if visit.form.text("deed") == "pause":
        await mentors.set_paused(visit.session, mentor.id, now, paused=True)
        return await _done(visit, "pause mentor", mentor.id, "saved")
    try:
        await mentor_profiles.activate(visit.session, mentor.id, visit.house.desk, now)
    except NotReady as lacking:
        sentence = words.MENTOR_LACKS[lacking.lacks[0]]
        return await _shown(visit, mentor, {"state": sentence}, status=409)
    return await _done(visit, "show mentor", mentor.id, "saved")


async def hours(visit: Visit) -> Answer:
    """Write the usual week anew."""
    mentor = await _open(visit, alone=True)
    typed = {day: visit.form.text(day).strip() for day in DAYS}
    problems: dict[str, Text] = {}
    week: list[tuple[Block, ...]] = []
    for day in DAYS:
        try:
            week.append(mentor_form.blocks_of(day, typed[day]))
        except HoursError:
            problems[day] = _WRONG_HOURS
    if problems:
        return await _shown(visit, mentor, problems, typed, 422)
    for weekday, blocks in enumerate(week):
        await mentors.set_hours(visit.session, mentor.id, Change(weekday, blocks), visit.house.now())
    return await _done(visit, "mentor hours", mentor.id, "saved", "#hours")


async def other_day(visit: Visit) -> Answer:
    """Make one day other than usual, or as usual again."""
    mentor, now = await _open(visit, alone=True), visit.house.now()
    typed = {"day": visit.form.text("day")[:10], "others": visit.form.text("others").strip()}
    day = _read_day(typed["day"], sheets.today(visit))
    if day is not None and visit.form.text("deed") == "undo":
        await mentors.set_day(visit.session, mentor.id, day, None, now)
        return await _done(visit, "mentor hours", mentor.id, "removed", "#others")
    problems: dict[str, Text] = {}
    blocks: tuple[Block, ...] = ()
    if day is None:
        problems["day"] = _("Please choose a day from today on, at most a year ahead.")
    try:
        blocks = mentor_form.blocks_of("", typed["others"])
    except HoursError:
        problems["others"] = _WRONG_HOURS
    if problems or day is None:
        return await _shown(visit, mentor, problems, typed, 422)
    await mentors.set_day(visit.session, mentor.id, day, blocks, now)
    return await _done(visit, "mentor hours", mentor.id, "saved", "#others")


def _read_day(typed: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if today <= day <= today + _FURTHEST else None


async def let_go(visit: Visit) -> Answer:
    """Somebody is a mentor no more."""
    mentor = await _open(visit, alone=True)
    if visit.form.text("sure") != "yes":
        problem = _("Please tick the box first. Nothing was changed.")
        return await _shown(visit, mentor, {"go": problem}, status=422)
    try:
        await mentor_profiles.let_go(visit.session, mentor.id, visit.house.now())
    except StillBooked:
        problem = _("Somebody waits for this mentor, or has a time with them. Please see to that first.")
        return await _shown(visit, mentor, {"go": problem}, status=409)
    await audit.note(visit.session, "let mentor go", visit.house.now(), staff_id=visit.member.id)
    return RedirectResponse("/console/mentors?note=removed", 303)


def title_of(mentor: Mentor | None) -> Text:
    """A mentor by name; those who are gone have none."""
    return raw(mentor.name) if mentor is not None and mentor.name else _("A former mentor")
