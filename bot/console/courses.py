"""Courses in the console: what is taught, its groups at a glance, and the texts by which people find it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from starlette.responses import RedirectResponse

from bot.console import cases, lessons, words
from bot.console.gate import Answer, Refused, Visit
from bot.console.lessons import Typed
from bot.console.pages import Shown
from bot.domain import courses, rolls
from bot.domain.courses import Course, CourseState, Group, Level, Session
from bot.domain.policy import Case, Verb
from bot.domain.rolls import Report
from bot.domain.seats import Seating, Signup, SignupState
from bot.i18n import LANGUAGES, _, language_name
from flows.level_check import LABELS

_LONGEST_TITLE: Final = 80
_LONGEST_ABOUT: Final = 600
_PAST: Final = frozenset({CourseState.OVER, CourseState.CALLED_OFF})


@dataclass(frozen=True, slots=True)
class Line:
    """A group as the list shows it."""

    group: Group
    seating: Seating
    sessions: list[Session]
    next: Session | None
    report: Report


async def overview(visit: Visit) -> Answer:
    """Today's sessions and all courses; for a tutor their own groups."""
    past = visit.request.query_params.get("show") == "past"
    query = select(Course).order_by(Course.language, Course.level, Course.id)
    seen: list[dict[str, Any]] = []
    for course in await visit.session.scalars(query):
        lines = [line for line in await lines_of(visit, course) if lessons.may_see(visit, course, line.group)]
        shown = [line for line in lines if (line.group.state in _PAST) == past]
        if (lessons.may_run(visit, course) and (course.state in _PAST) == past) or shown:
            seen.append({"course": course, "lines": shown, "report": sum((one.report for one in lines), Report())})
    waits = await _waiting(visit)
    return Shown(
        "courses.html",
        {
            **naming(visit), "past": past, "seen": seen, "waits": waits, "today": await _today(visit),
            "absent": await _absent(visit), "clocks": lessons.clocks, "list_key": courses.list_key,
        },
    )  # fmt: skip


def naming(visit: Visit) -> dict[str, Any]:
    """What every page about courses says things with."""
    return {
        "states": lessons.STATES, "whens": lessons.WHEN, "levels": list(Level), "level_names": LABELS,
        "taught": lambda code: language_name(code, visit.member.language),
        "title_of": lambda course: course.title(visit.member.language),
        "places": {place.id: place.name for place in visit.house.desk.places},
        "may_run": lambda course: lessons.may_run(visit, course),
    }  # fmt: skip


async def lines_of(visit: Visit, course: Course) -> list[Line]:
    """The groups of a course, the newest first day on top."""
    found = []
    for group in await visit.session.scalars(select(Group).where(Group.course_id == course.id).order_by(Group.id)):
        dated = await courses.sessions(visit.session, group.id)
        coming = [one for one in dated if not one.called_off and one.ends_at > visit.house.now()]
        seating = await visit.session.get_one(Seating, group.id)
        found.append(
            Line(group, seating, dated, coming[0] if coming else None, await rolls.report(visit.session, group))
        )
    return found


async def _waiting(visit: Visit) -> Counter[str]:
    """How many wait, by list."""
    query = select(Signup.list_key, func.count()).where(
        Signup.state.in_((SignupState.WAITING, SignupState.OFFERED)), Signup.list_key.startswith("course:")
    )
    rows = await visit.session.execute(query.group_by(Signup.list_key))
    return Counter({key: count for key, count in rows})  # noqa: C416 - rows


async def _today(visit: Visit) -> list[tuple[Course, Group, Session, bool]]:
    """Sessions of today that this member may take the attendance of, and whether somebody has."""
    query = (
        select(Course, Group, Session)
        .join(Group, Group.course_id == Course.id)
        .join(Session, Session.group_id == Group.id)
        .where(Session.day == lessons.today(visit), Session.called_off.is_(False), Group.state == CourseState.OPEN)
        .order_by(Session.minute, Group.id)
    )
    found = []
    for course, group, one in await visit.session.execute(query):
        if lessons.may_see(visit, course, group):
            roll = await rolls.of_group(visit.session, group.id)
            found.append((course, group, one, roll.marked(one.id)))
    return found


async def _absent(visit: Visit) -> int:
    """How many have missed two sessions in a row, whom nobody of the desk has spoken with."""
    from bot.console.attendance import missing

    return sum(row["absence"].seen_at is None for row in await missing(visit))


async def course(visit: Visit) -> Answer:
    """One course: its groups, what became of people, and what is to be done."""
    one = await lessons.course_of(visit)
    lines = await lines_of(visit, one)
    return Shown(
        "course.html",
        {
            **naming(visit), "course": one, "lines": lines, "clocks": lessons.clocks, "lacking": lacking(one),
            "waiting": (await _waiting(visit))[courses.list_key(one.id)], "names": await cases.names(visit.session),
            "report": sum((line.report for line in lines), Report()), "untested": await _untested(visit, one),
        },
    )  # fmt: skip


async def _untested(visit: Visit, course: Course) -> int:
    from bot.console.levels import ASKED, asked

    return sum(one.details.get("how") == ASKED for one in await asked(visit, course))


def lacking(course: Course) -> list[str]:
    """The languages in which it has no title yet."""
    return [code for code in LANGUAGES if not course.texts.get(code, {}).get("title")]


async def form(visit: Visit) -> Answer:
    """The form of a course, or of a new one."""
    if "course" not in visit.request.path_params:
        place = visit.house.desk.place.id
        return _form(visit, None, Typed({"language": "sl", "level": Level.A1, "place": place}))
    one = await lessons.course_of(visit)
    values = {"language": one.language, "level": one.level, "place": one.place}
    for code, text in one.texts.items():
        values |= {f"title_{code}": str(text.get("title", "")), f"about_{code}": str(text.get("about", ""))}
    return _form(visit, one, Typed(values))


def _form(visit: Visit, one: Course | None, typed: Typed, status: int = 200) -> Shown:
    values = {
        **naming(visit), "course": one, "typed": typed.values, "problems": typed.problems,
        "title_chars": _LONGEST_TITLE, "about_chars": _LONGEST_ABOUT,
    }  # fmt: skip
    return Shown("course_form.html", values, status)


async def save(visit: Visit) -> Answer:
    """Write a course, new or anew."""
    one = await lessons.course_of(visit) if "course" in visit.request.path_params else None
    names = ("language", "level", "place", *(f"{what}_{code}" for what in ("title", "about") for code in LANGUAGES))
    typed = Typed({name: visit.form.text(name) for name in names})
    texts = _texts(typed)
    place = typed.text("place")
    if typed.values["language"] not in LANGUAGES:
        typed.problems["language"] = _("Please choose one.")
    if typed.values["level"] not in set(Level):
        typed.problems["level"] = _("Please choose one.")
    if place not in {known.id for known in visit.house.desk.places}:
        typed.problems["place"] = _("Please choose one.")
    elif not visit.may(Verb.RUN_SERVICES, Case(place=place)):
        raise Refused(403, words.NOT_ALLOWED)
    if not any(text["title"] for text in texts.values()):
        typed.problems["title_sl"] = _("A course needs a title in one language at least.")
    if typed.problems:
        return _form(visit, one, typed, 422)
    now, level = visit.house.now(), Level(typed.values["level"])
    if one is None:
        one = await courses.make(visit.session, typed.values["language"], level, texts, place, now)
        await lessons.note(visit, "add course")
    else:
        await courses.change(visit.session, one.id, typed.values["language"], level, texts, place, now)
        await lessons.note(visit, "change course")
    return RedirectResponse(f"/console/courses/{one.id}?note=saved", 303)


def _texts(typed: Typed) -> dict[str, dict[str, str]]:
    found = {}
    for code in LANGUAGES:
        title, about = typed.text(f"title_{code}", _LONGEST_TITLE), typed.values[f"about_{code}"].strip()
        if len(about) > _LONGEST_ABOUT:
            typed.problems[f"about_{code}"] = _("The text is too long. At most {n} characters.", n=_LONGEST_ABOUT)
        if about and not title:
            typed.problems[f"title_{code}"] = _("A text needs a title in its language too.")
        if title or about:
            found[code] = {"title": title, "about": about}
    return found


async def set_state(visit: Visit) -> Answer:
    """Show a course to people, hide it, or put it away."""
    one, state = await lessons.course_of(visit), visit.form.text("state")
    if state not in {CourseState.OPEN, CourseState.DRAFT, CourseState.OVER}:
        raise Refused(400, words.TOO_OLD)
    await courses.set_state(visit.session, one.id, CourseState(state), visit.house.now())
    await lessons.note(visit, f"course {state}")
    return RedirectResponse(f"/console/courses/{one.id}?note=saved", 303)
