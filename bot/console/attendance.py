"""Who came: a group's sessions as a table, one session to mark, a sheet to sign, and who has missed two in a row."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK
from bot.console import cases, lessons, words
from bot.console import courses as course_pages
from bot.console.gate import Answer, Refused, Visit
from bot.console.lessons import Open
from bot.console.pages import Shown
from bot.domain import absences, happenings, rolls
from bot.domain.absences import Absence, Reason
from bot.domain.attendance import Came
from bot.domain.courses import Course, CourseState, Group, Session
from bot.domain.happenings import AT_THE_DESK, Kind
from bot.domain.people import Address, Caller, Person
from bot.domain.policy import Verb
from bot.domain.seats import Signup
from bot.domain.staff import Staff
from bot.i18n import Text, _, weekday_name

_LATELY: Final = 4
_NEXT: Final = 2
CAME: Final[dict[str, Text]] = {
    Came.YES: _("Came"),
    Came.NO: _("Did not come"),
    Came.EXCUSED: _("Excused"),
}
_KINDS: Final = {Came.YES: Kind.ATTENDED, Came.NO: Kind.ABSENT}
REASONS: Final[dict[str, Text]] = {
    Reason.WORK: _("Work"),
    Reason.CHILD: _("Nobody for the child"),
    Reason.TRAVEL: _("The way there"),
    Reason.TOO_HARD: _("Too hard"),
    Reason.TOO_EASY: _("Too easy"),
    Reason.HEALTH: _("Personal reasons"),
    Reason.OTHER: _("Something else"),
    Reason.STOP: _("Wants to stop"),
}


async def grid(visit: Visit) -> Answer:
    """People by sessions. Opening it is noted in the log."""
    opened = await lessons.group_of(visit, Verb.TAKE_ATTENDANCE)
    await lessons.note(visit, "read attendance")
    roll = await rolls.of_group(visit.session, opened.group.id)
    now = visit.house.now()
    return Shown(
        "roll.html",
        {
            **course_pages.naming(visit), "opened": opened, "group": opened.group, "course": opened.course,
            "roll": roll, "begun": {one.id for one in roll.begun(now)}, "unmarked": roll.unmarked(now), "came": CAME,
            "rate": roll.rate(now), "known": roll.known(now), "clocks": lessons.clocks, "today": lessons.today(visit),
            "weekday": lambda day: weekday_name(day.weekday(), visit.member.language),
            "shown": _near(roll, lessons.today(visit), every=visit.request.query_params.get("show") == "all"),
        },
    )  # fmt: skip


def _near(roll: rolls.Roll, today: date, *, every: bool) -> list[Session]:
    """The sessions around today: those whose attendance is missing or taken lately, and the next ones."""
    past = [one for one in roll.held if one.day <= today]
    wanted = {one.id for one in past[-_LATELY:]} | {one.id for one in past if not roll.marked(one.id)}
    wanted |= {one.id for one in roll.held if one.day > today and one in roll.held[len(past) : len(past) + _NEXT]}
    return [one for one in roll.held if every or one.id in wanted]


async def session(visit: Visit) -> Answer:
    """One session: everybody stands as having come, and whoever did not is tapped."""
    opened = await lessons.group_of(visit, Verb.TAKE_ATTENDANCE)
    return await _shown(visit, opened, await lessons.session_of(visit, opened))


async def _shown(visit: Visit, opened: Open, one: Session, problem: Text | None = None, status: int = 200) -> Shown:
    roll = await rolls.of_group(visit.session, opened.group.id)
    await lessons.note(visit, "read attendance")
    return Shown(
        "session_roll.html",
        {
            **course_pages.naming(visit), "opened": opened, "group": opened.group, "course": opened.course, "one": one,
            "roll": roll, "came": CAME, "clocks": lessons.clocks, "problem": problem, "marked": roll.marked(one.id),
            "weekday": lambda day: weekday_name(day.weekday(), visit.member.language),
            "early": one.day > lessons.today(visit),
        },
        status,
    )  # fmt: skip


async def take(visit: Visit) -> Answer:
    """Write down who came to one session."""
    opened = await lessons.group_of(visit, Verb.TAKE_ATTENDANCE)
    one = await lessons.session_of(visit, opened)
    if one.called_off:
        return await _shown(visit, opened, one, _("This session was called off."), 409)
    if one.day > lessons.today(visit):
        return await _shown(visit, opened, one, _("This session has not begun yet."), 409)
    roll = await rolls.of_group(visit.session, opened.group.id)
    marks = {}
    for signup in roll.learners:
        chosen = visit.form.text(f"came_{signup.id}")
        if chosen in set(Came):
            marks[signup.id] = Came(chosen)
    changed = await absences.take(visit.session, opened.group.id, one.id, marks, visit.member.id, visit.house.now())
    await _happened(visit, opened, changed)
    await lessons.note(visit, "take attendance")
    visit.ring(DESK)
    return RedirectResponse(f"{opened.path}/attendance?note=saved", 303)


async def _happened(visit: Visit, opened: Open, changed: Mapping[int, Came]) -> None:
    """Count who came and who did not, without a name."""
    now, house = visit.house.now(), visit.house
    rows = []
    for signup_id, came in changed.items():
        kind = _KINDS.get(came)
        if kind is not None:
            caller = await _caller(visit, signup_id)
            rows.append(happenings.row(kind, caller, now, house.desk.zone, opened.course.place, what="course",
                                       id=str(opened.group.id)))  # fmt: skip
    await happenings.record(visit.session, *rows)


async def _caller(visit: Visit, signup_id: int) -> Caller:
    signup = await visit.session.get_one(Signup, signup_id)
    person = await visit.session.get_one(Person, signup.person_id)
    address = await visit.session.get(Address, signup.address_id) if signup.address_id is not None else None
    channel = address.channel if address is not None else AT_THE_DESK
    return Caller(person.id, address.id if address else 0, channel, "", "", person.pseudonym, person.language)


async def sheet(visit: Visit) -> Answer:
    """The list of one session to print and sign."""
    from bot.paper.sign_sheet import Sitting, sign_sheet  # with its libraries, which nobody needs at the start

    opened = await lessons.group_of(visit, Verb.TAKE_ATTENDANCE)
    one = await lessons.session_of(visit, opened)
    roll = await rolls.of_group(visit.session, opened.group.id)
    tutor = await visit.session.get(Staff, opened.group.tutor_id) if opened.group.tutor_id else None
    place = opened.group.where or visit.house.desk.place_of(opened.course.place).name
    sitting = Sitting(
        opened.course.title("sl"), opened.group.name, one.number, len(roll.sessions), one.day, lessons.clocks(one),
        place, tutor.name if tutor else "", [signup.name or "–" for signup in roll.learners],
    )  # fmt: skip
    await lessons.note(visit, "print attendance")

    async def made() -> Response:
        data = await asyncio.to_thread(sign_sheet, sitting, visit.house.catalogs)
        return pdf(data, f"prisotnost-{one.day.isoformat()}.pdf")

    return made


def pdf(data: bytes, name: str) -> Response:
    """A PDF as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/pdf", headers=headers)


async def missing(visit: Visit) -> list[dict[str, Any]]:
    """Those who have missed two sessions in a row, in groups that this member may see."""
    query = select(Course, Group).join(Group, Group.course_id == Course.id).where(Group.state == CourseState.OPEN)
    groups = {
        group.id: (course, group)
        for course, group in await visit.session.execute(query)
        if lessons.may_see(visit, course, group)
    }
    rows = await absences.of_groups(visit.session, list(groups))
    return [
        {"absence": absence, "signup": signup, "course": groups[signup.seating_id or 0][0],
         "group": groups[signup.seating_id or 0][1]}
        for absence, signup in rows
    ]  # fmt: skip


async def absent(visit: Visit) -> Answer:
    """Who has missed two in a row, and what they said. Opening it is noted in the log."""
    await lessons.note(visit, "read absences")
    return Shown(
        "absences.html",
        {
            **course_pages.naming(visit), "rows": await missing(visit), "reasons": REASONS,
            "health": Reason.HEALTH, "holders": await cases.names(visit.session),
        },
    )  # fmt: skip


async def see_to(visit: Visit) -> Answer:
    """Somebody of the desk has spoken with them; or not, with `again`."""
    number = visit.request.path_params["absence"]
    row = next((row for row in await missing(visit) if row["absence"].id == number), None)
    if row is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    absence: Absence = row["absence"]
    again = visit.form.text("again") == "yes"
    await absences.mark_seen(visit.session, absence.id, None if again else visit.member.id, visit.house.now())
    await lessons.note(visit, "see to absence")
    return RedirectResponse(f"/console/courses/absences?note={'undone' if again else 'saved'}", 303)
