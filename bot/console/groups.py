"""One group of a course: what stands about it, its dates, and how it opens, ends or is called off."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK
from bot.console import courses as course_pages
from bot.console import lessons, words
from bot.console.gate import Answer, Refused, Visit
from bot.console.lessons import Open, Typed
from bot.console.pages import Shown
from bot.domain import courses, news, planning, rolls, seats, timetable, waiting
from bot.domain.courses import Course, CourseState, GroupPlan, Session, When
from bot.domain.news import What
from bot.domain.policy import Verb
from bot.domain.seats import SignupState, TooFewSeats
from bot.domain.staff import Grant, Role, Staff
from bot.domain.wall import write_clock
from bot.i18n import Text, _, weekday_name

_MOST_SEATS: Final = 60  # a page with all of them is one form
_LINES: Final = ("name", "term", "seats", "tutor", "where", "map_url", "online_url")
_TICKS: Final = ("childcare", "latin_script")
_DATES: Final = ("clock", "minutes", "first", "number")
_WEEK: Final = range(7)


async def group(visit: Visit) -> Answer:
    """A group with its dates. A tutor sees their own."""
    return await _shown(visit, await lessons.group_of(visit, Verb.TAKE_ATTENDANCE))


async def _shown(
    visit: Visit, opened: Open, typed: Typed | None = None, at: int = 0, problem: Text | None = None, status: int = 200
) -> Shown:
    roll = await rolls.of_group(visit.session, opened.group.id)
    tutor = await visit.session.get(Staff, opened.group.tutor_id) if opened.group.tutor_id else None
    now = visit.house.now()
    return Shown(
        "group.html",
        {
            **course_pages.naming(visit), "opened": opened, "group": opened.group, "course": opened.course,
            "seating": opened.seating, "roll": roll, "tutor": tutor.name if tutor else "", "clocks": lessons.clocks,
            "write_clock": write_clock, "report": await rolls.report(visit.session, opened.group), "now": now,
            "weekday": lambda day: weekday_name(day.weekday(), visit.member.language),
            "weekdays": _weekdays(visit), "free_days": timetable.free_days_between([one.day for one in roll.held]),
            "typed": typed.values if typed else {}, "problems": typed.problems if typed else {}, "at": at,
            "problem": problem, "today": lessons.today(visit), "begun": {one.id for one in roll.begun(now)},
            "most_sessions": timetable.MOST_SESSIONS, "ticked": _ticked(typed) if typed else [],
        },
        status,
    )  # fmt: skip


def _weekdays(visit: Visit) -> dict[int, str]:
    return {number: weekday_name(number, visit.member.language) for number in _WEEK}


async def form(visit: Visit) -> Answer:
    """The form of a group, or of a new one."""
    if "group" not in visit.request.path_params:
        course = await lessons.course_of(visit)
        typed = Typed({"seats": "12", "clock": "17:00", "minutes": "90", "number": "20"})
        return await _form(visit, course, None, typed)
    opened = await lessons.group_of(visit)
    group = opened.group
    values = {name: str(getattr(group, name)) for name in ("name", "term", "where", "map_url", "online_url")}
    values |= {"seats": str(opened.seating.seats or ""), "tutor": str(group.tutor_id or "")}
    values |= {name: "yes" for name in _TICKS if getattr(group, name)}
    return await _form(visit, opened.course, opened, Typed({**values, "whens": opened.seating.wanted}))


async def _form(visit: Visit, course: Course, opened: Open | None, typed: Typed, status: int = 200) -> Shown:
    return Shown(
        "group_form.html",
        {
            **course_pages.naming(visit), "course": course, "opened": opened, "typed": typed.values,
            "problems": typed.problems, "tutors": await _tutors(visit), "weekdays": _weekdays(visit),
            "ticked": _ticked(typed), "when_ticked": typed.values.get("whens", "").split(),
            "today": lessons.today(visit), "most_sessions": timetable.MOST_SESSIONS, "most_seats": _MOST_SEATS,
        },
        status,
    )  # fmt: skip


def _ticked(typed: Typed) -> list[int]:
    return [int(one) for one in typed.values.get("weekdays", "").split() if one in set("0123456")]


async def _tutors(visit: Visit) -> list[tuple[int, str]]:
    """Everybody of the desk, those who teach first."""
    everybody = await visit.session.scalars(select(Staff).where(Staff.disabled_at.is_(None)))
    teach = set(await visit.session.scalars(select(Grant.staff_id).where(Grant.role == Role.TUTOR)))
    ordered = sorted(everybody, key=lambda one: (one.id not in teach, one.name.casefold()))
    return [(one.id, one.name) for one in ordered]


def _typed(visit: Visit) -> Typed:
    form = visit.form
    values = {name: form.text(name) for name in (*_LINES, *_TICKS, *_DATES)}
    values["whens"] = " ".join(one for one in form.every("whens") if one in set(When))
    values["weekdays"] = " ".join(one for one in form.every("weekdays") if one in set("0123456"))
    return Typed(values)


async def save(visit: Visit) -> Answer:
    """Write a group anew; with other seats, those who wait are offered the new ones."""
    opened, typed = await lessons.group_of(visit), _typed(visit)
    plan = await _plan(visit, opened.course, typed)
    if not typed.problems:
        before = _told(opened)
        try:
            await courses.change_group(
                visit.session, opened.group.id, plan, lessons.term_of(visit, opened.course.place)
            )
        except TooFewSeats:
            typed.problems["seats"] = _("More people have a seat than that. End some sign-ups first.")
        else:
            if _told(opened) != before:
                await _tell(visit, opened, What.CHANGED)
            await _replan(visit, opened)
            return await _done(visit, opened, "change group", "saved")
    return await _form(visit, opened.course, opened, typed, 422)


def _told(opened: Open) -> tuple[str, ...]:
    """What people who signed up go by; a change of it is told to them."""
    return opened.group.where, opened.group.map_url, opened.group.online_url


async def add(visit: Visit) -> Answer:
    """A new group with its dates. Nobody sees it before it is opened."""
    course, typed = await lessons.course_of(visit), _typed(visit)
    plan = await _plan(visit, course, typed)
    slots = _slots(visit, typed)
    if typed.problems:
        return await _form(visit, course, None, typed, 422)
    group = await courses.add_group(visit.session, course.id, plan, visit.house.now())
    await timetable.add(visit.session, group, slots)
    await lessons.note(visit, "add group")
    return RedirectResponse(f"/console/groups/{group.id}?note=saved", 303)


async def _plan(visit: Visit, course: Course, typed: Typed) -> GroupPlan:
    name = typed.text("name", 80)
    if not name:
        typed.problems["name"] = _("Please enter a name.")
    whens = tuple(When(one) for one in typed.values["whens"].split())
    if not whens:
        typed.problems["whens"] = _("Please choose at least one.")
    tutor = typed.text("tutor")
    known = {str(number): number for number, _name in await _tutors(visit)}
    if tutor and tutor not in known:
        typed.problems["tutor"] = _("Please choose one.")
    return GroupPlan(
        name, typed.number("seats", 1, _MOST_SEATS), whens, str(visit.house.desk.place_of(course.place).zone),
        None, typed.text("term", 40), known.get(tutor), typed.text("where"), typed.link("map_url"),
        typed.link("online_url"), typed.values["childcare"] == "yes", typed.values["latin_script"] == "yes",
    )  # fmt: skip


def _slots(visit: Visit, typed: Typed) -> list[timetable.Slot]:
    """The dates that a form asks for. Holidays are left out."""
    minute, minutes = typed.clock("clock"), typed.minutes("minutes")
    first, number = typed.day("first", lessons.today(visit)), typed.number("number", 1, timetable.MOST_SESSIONS)
    weekdays = _ticked(typed)
    if not weekdays:
        typed.problems["weekdays"] = _("Please choose at least one.")
    if typed.problems:
        return []
    return [(day, minute, minutes) for day in timetable.laid_out(weekdays, first, number).days]


async def add_sessions(visit: Visit) -> Answer:
    """More dates for a group."""
    opened, typed = await lessons.group_of(visit), _typed(visit)
    _refuse_ended(opened)
    slots = _slots(visit, typed)
    known = {(one.day, one.minute) for one in await courses.sessions(visit.session, opened.group.id)}
    slots = [slot for slot in slots if slot[:2] not in known]
    if not typed.problems and len(known) + len(slots) > timetable.MOST_SESSIONS:
        typed.problems["number"] = _("A group has at most {n} sessions.", n=timetable.MOST_SESSIONS)
    if typed.problems:
        return await _shown(visit, opened, typed, status=422)
    await timetable.add(visit.session, opened.group, slots)
    await _changed_dates(visit, opened)
    return await _done(visit, opened, "add sessions", "saved", "#sessions")


async def change_session(visit: Visit) -> Answer:
    """Another day, time or length of one session. Everybody with a seat is told."""
    opened = await lessons.group_of(visit)
    _refuse_ended(opened)
    one = await _session(visit, opened)
    typed = Typed({name: visit.form.text(name) for name in ("day", "clock", "minutes")})
    slot = typed.day("day", lessons.today(visit)), typed.clock("clock"), typed.minutes("minutes")
    if one.starts_at <= visit.house.now():
        problem = _("This session has begun already. Its date stays.")
        return await _shown(visit, opened, problem=problem, status=409)
    if typed.problems:
        return await _shown(visit, opened, typed, one.id, status=422)
    if await timetable.move(visit.session, one, slot):
        await _changed_dates(visit, opened)
    return await _done(visit, opened, "change session", "saved", f"#s{one.id}")


async def call_off_session(visit: Visit) -> Answer:
    """One session does not take place; or, with `again`, it does after all. Everybody with a seat is told."""
    opened = await lessons.group_of(visit)
    _refuse_ended(opened)
    one = await _session(visit, opened)
    again = visit.form.text("again") == "yes"
    if again and one.starts_at <= visit.house.now():
        return await _shown(visit, opened, None, one.id, _("This day has passed."), 409)
    if await timetable.call_off(visit.session, one, called_off=not again):
        await _changed_dates(visit, opened)
    return await _done(visit, opened, "change session", "undone" if again else "session_off", f"#s{one.id}")


async def _session(visit: Visit, opened: Open) -> Session:
    found = await timetable.of_group(visit.session, opened.group.id, (await lessons.session_of(visit, opened)).id)
    if found is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    return found


def _refuse_ended(opened: Open) -> None:
    if opened.group.state not in {CourseState.DRAFT, CourseState.OPEN}:
        raise Refused(409, _("This group has ended. Nothing was changed."))


async def open_group(visit: Visit) -> Answer:
    """Let people see it. Those who wait are offered the seats first."""
    opened = await lessons.group_of(visit)
    _refuse_ended(opened)
    if opened.course.state != CourseState.OPEN:
        return await _shown(
            visit, opened, problem=_("People do not see the course yet. Open the course first."), status=409
        )
    term = lessons.term_of(visit, opened.course.place)
    if opened.seating.starts_at is None or opened.seating.starts_at <= term.now:
        return await _shown(
            visit,
            opened,
            problem=_("Nobody can sign up for a group that has no session ahead, or has begun."),
            status=409,
        )
    if await courses.open_group(visit.session, opened.group.id, term) is None:
        raise Refused(409, _("This group has ended. Nothing was changed."))
    await _replan(visit, opened)
    visit.ring(DESK)
    return await _done(visit, opened, "open group", "opened")


async def close_group(visit: Visit) -> Answer:
    """The group has come to its end: whoever has a seat has finished."""
    opened = await lessons.group_of(visit)
    if await courses.close_group(visit.session, opened.group.id, visit.house.now()) is None:
        raise Refused(409, _("This group has ended. Nothing was changed."))
    await _replan(visit, opened)
    return await _done(visit, opened, "close group", "group_over")


async def reopen_group(visit: Visit) -> Answer:
    """It has not ended after all."""
    opened = await lessons.group_of(visit)
    if await courses.reopen_group(visit.session, opened.group.id, visit.house.now()) is None:
        raise Refused(409, _("Somebody has changed this group meanwhile. Nothing was changed."))
    await _replan(visit, opened)
    return await _done(visit, opened, "reopen group", "undone")


async def call_off_group(visit: Visit) -> Answer:
    """The group does not take place. Everybody with a seat loses it and is told; the waiting list stays."""
    opened = await lessons.group_of(visit)
    _refuse_ended(opened)
    now = visit.house.now()
    gone = await courses.call_off_group(visit.session, opened.group.id, now)
    await news.write_down(visit.session, gone, opened.group.id, What.CALLED_OFF, now)
    await _replan(visit, opened)
    return await _done(visit, opened, "call off group", "group_off")


async def _changed_dates(visit: Visit, opened: Open) -> None:
    opened.group.changed_at = visit.house.now()
    if opened.group.state == CourseState.OPEN:
        await waiting.offer_free(visit.session, opened.group.id, lessons.term_of(visit, opened.course.place))
        await _tell(visit, opened, What.CHANGED)
    await _replan(visit, opened)


async def _tell(visit: Visit, opened: Open, what: What) -> None:
    going = await seats.of_seating(visit.session, opened.group.id, SignupState.GOING)
    await news.write_down(visit.session, going, opened.group.id, what, visit.house.now())


async def _replan(visit: Visit, opened: Open) -> None:
    await visit.session.flush()
    await planning.replan_seating(visit.session, opened.group.id, visit.house.desk, visit.house.now())


async def _done(visit: Visit, opened: Open, verb: str, note: str, part: str = "") -> Response:
    await lessons.note(visit, verb)
    return RedirectResponse(f"{opened.path}?note={note}{part}", 303)
