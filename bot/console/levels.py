"""Level tests in person: who asked for one, and what it has shown."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from starlette.responses import RedirectResponse

from bot.console import courses as course_pages
from bot.console import lessons, words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import courses
from bot.domain.courses import Course, Level
from bot.domain.policy import Verb
from bot.domain.seats import ACTIVE, Signup

ASKED: Final = "test"  # what a sign-up's details have under "how"; see flows/level_check.py
TESTED: Final = "tested"


async def listed(visit: Visit) -> Answer:
    """Who asked to be tested. Opening it is noted in the log."""
    course = await lessons.course_of(visit, Verb.READ_PEOPLE)
    await lessons.note(visit, "read level tests")
    rows = [(one, str(one.details.get("level") or "")) for one in await asked(visit, course)]
    return Shown("levels.html", {**course_pages.naming(visit), "course": course, "rows": rows})


async def asked(visit: Visit, course: Course) -> list[Signup]:
    """Those with a seat or on the list who asked to be tested, who were not yet first."""
    query = select(Signup).where(Signup.list_key == courses.list_key(course.id), Signup.state.in_(ACTIVE))
    found = [one for one in await visit.session.scalars(query) if one.details.get("how") in {ASKED, TESTED}]
    return sorted(found, key=lambda one: (one.details.get("how") == TESTED, one.name.casefold(), one.id))


async def save(visit: Visit) -> Answer:
    """Write down what a test has shown."""
    course = await lessons.course_of(visit)
    level, named = visit.form.text("level"), visit.form.text("signup")
    signup = next((one for one in await asked(visit, course) if str(one.id) == named), None)
    if signup is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    if level not in {"", *Level}:
        raise Refused(400, words.TOO_OLD)
    signup.details = {**signup.details, "level": level, "how": TESTED if level else ASKED}
    signup.changed_at = visit.house.now()
    await visit.session.flush()
    await lessons.note(visit, "level test")
    return RedirectResponse(f"/console/courses/{course.id}/levels?note=saved#s{signup.id}", 303)
