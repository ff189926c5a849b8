"""The course or group that the address of a page names, and who may look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.console import sheets, words
from bot.console.gate import LARGEST_ID, Refused, Visit
from bot.domain import audit, opening
from bot.domain.courses import Course, CourseState, Group, Session, When
from bot.domain.policy import Case, Verb
from bot.domain.seats import Seating
from bot.domain.waiting import Term
from bot.domain.wall import read_clock, write_clock
from bot.i18n import Text, _

STATES: Final[dict[str, Text]] = {
    CourseState.DRAFT: _("Draft"),
    CourseState.OPEN: _("Open"),
    CourseState.OVER: _("Over"),
    CourseState.CALLED_OFF: _("Called off"),
}
WHEN: Final[dict[str, Text]] = {
    When.MORNING: _("Mornings"),
    When.AFTERNOON: _("Afternoons"),
    When.EVENING: _("Evenings"),
    When.WEEKEND: _("Weekends"),
}
LONGEST_LINE: Final = 200
_LONGEST_MINUTES: Final = 8 * 60


@dataclass(slots=True)
class Typed:
    """What was typed into a form, and what is wrong with it, by field."""

    values: dict[str, str]
    problems: dict[str, Text] = field(default_factory=dict)

    def text(self, name: str, most: int = LONGEST_LINE) -> str:
        """One line; noted when it is too long."""
        value = " ".join(self.values.get(name, "").split())
        if len(value) > most:
            self.problems[name] = _("The text is too long. At most {n} characters.", n=most)
        return value

    def link(self, name: str) -> str:
        """An address on the web, or nothing."""
        value = self.text(name, 300)
        if value and not value.startswith(("https://", "http://")):
            self.problems[name] = _("A link begins with https://")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number; noted when it is none, or out of bounds."""
        value = self.values.get(name, "").strip()
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1  # noqa: PLR2004 - digits
        if not least <= number <= most:
            self.problems[name] = _("Please give a number from {least} to {most}.", least=least, most=most)
        return number

    def day(self, name: str, earliest: date) -> date:
        """A day that has not passed."""
        try:
            found = date.fromisoformat(self.values.get(name, "").strip())
        except ValueError:
            self.problems[name] = _("Please give a day.")
            return earliest
        if found < earliest:
            self.problems[name] = _("This day has passed.")
        return found

    def clock(self, name: str) -> int:
        """The minute of the day of a time such as 17:00."""
        try:
            return read_clock(self.values.get(name, ""))
        except ValueError:
            self.problems[name] = _("Please write the time like 17:00.")
            return 0

    def minutes(self, name: str) -> int:
        """How long something takes."""
        return self.number(name, 15, _LONGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Open:
    """A group with all that belongs to it."""

    course: Course
    group: Group
    seating: Seating

    @property
    def path(self) -> str:
        """Where it stands in the console."""
        return f"/console/groups/{self.group.id}"


async def course_of(visit: Visit, verb: Verb = Verb.RUN_SERVICES) -> Course:
    """The course that the address names. Raises Refused."""
    number = visit.request.path_params["course"]
    course = await visit.session.get(Course, number, populate_existing=True) if number <= LARGEST_ID else None
    if course is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    if not visit.may(verb, Case(place=course.place)):
        raise Refused(403, words.NOT_ALLOWED)
    return course


async def group_of(visit: Visit, verb: Verb = Verb.RUN_SERVICES) -> Open:
    """The group that the address names. A tutor opens only their own. Raises Refused."""
    number = visit.request.path_params["group"]
    group = await visit.session.get(Group, number, populate_existing=True) if number <= LARGEST_ID else None
    if group is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    course = await visit.session.get_one(Course, group.course_id)
    if not visit.may(verb, Case(place=course.place)):
        raise Refused(403, words.NOT_ALLOWED)
    if not may_see(visit, course, group):
        raise Refused(404, words.NO_SUCH_PAGE)
    return Open(course, group, await visit.session.get_one(Seating, group.id, populate_existing=True))


def may_see(visit: Visit, course: Course, group: Group) -> bool:
    """Whether this member may see who is in a group: staff of its place, and whoever teaches it."""
    case = Case(place=course.place)
    own = group.tutor_id == visit.member.id and visit.may(Verb.TAKE_ATTENDANCE, case)
    return own or visit.may(Verb.READ_PEOPLE, case)


def may_run(visit: Visit, course: Course) -> bool:
    """Whether this member may change a course and its groups."""
    return visit.may(Verb.RUN_SERVICES, Case(place=course.place))


async def session_of(visit: Visit, opened: Open) -> Session:
    """The session of this group that the address names. Raises Refused."""
    number = visit.request.path_params["session"]
    one = await visit.session.get(Session, number, populate_existing=True) if number <= LARGEST_ID else None
    if one is None or one.group_id != opened.group.id:
        raise Refused(404, words.NO_SUCH_PAGE)
    return one


def term_of(visit: Visit, place: str) -> Term:
    """Now, and until when a seat that is offered now is held."""
    now = visit.house.now()
    return Term(now, opening.offer_until(visit.house.desk.place_of(place), now))


def clocks(one: Session) -> str:
    """From when to when, by the clock of the place."""
    return f"{write_clock(one.minute)}–{write_clock((one.minute + one.minutes) % (24 * 60))}"


def today(visit: Visit) -> date:
    """The local day of the desk."""
    return sheets.today(visit)


async def note(visit: Visit, verb: str) -> None:
    """One entry in the log of deeds."""
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id)
