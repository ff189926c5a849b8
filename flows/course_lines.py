"""How courses, groups and sessions are said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from textwrap import shorten
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button
from bot.dialog.questions import Option
from bot.domain import catalogue
from bot.domain.catalogue import Entry, Meeting
from bot.domain.courses import Course, Group, Level, Offered, Session, When
from bot.i18n import LANGUAGES, Text, Value, Verbatim, _, _n, joined, language_name, raw, weekday_name
from flows.level_check import LABELS
from flows.seated import BETWEEN, places

TITLE: Final = _("📚 Courses")
WHEN: Final[dict[str, Text]] = {
    When.MORNING: _("🌅 In the morning"),
    When.AFTERNOON: _("🌤 In the afternoon"),
    When.EVENING: _("🌙 In the evening"),
    When.WEEKEND: _("🗓 At the weekend"),
}
_AS_IT_STANDS: Final = raw("").context
FREE: Final = _("Places are free")
_LABEL_CHARS: Final = 44
_DAY_MINUTES: Final = 24 * 60


def title(course: Course, language: str) -> str:
    """The course's own title, else what it teaches."""
    return course.title(language) or f"{language_name(course.language, language)} {course.level}"


def short_title(course: Course, language: str) -> str:
    """The same for a list and a button."""
    whole = title(course, language)
    return shorten(whole, _LABEL_CHARS, placeholder="") or whole[:_LABEL_CHARS]


def level_line(course: Course) -> Text:
    """The level in plain words."""
    return _("Level {level}", level=LABELS[Level(course.level)])


def when(sessions: Sequence[Session], language: str) -> Text:
    """When a group usually meets."""
    meetings = catalogue.weekly(sessions)
    if not meetings:
        return _("On different days")
    return joined([_meeting(one, language) for one in meetings], between=BETWEEN)


def when_line(sessions: Sequence[Session], language: str) -> Text:
    """The same as a line."""
    return as_it_stands("📅 {when}", when=when(sessions, language))


def as_it_stands(template: str, **values: Value) -> Text:
    """Values between signs, which are the same in every language."""
    return Text(template, values, context=_AS_IT_STANDS)


def _meeting(one: Meeting, language: str) -> Text:
    days = [weekday_name(day, language) for day in one.weekdays]
    return _("{days}, {opens} to {closes}", days=days, opens=_clock(one.opens), closes=_clock(one.closes))


def _clock(minute: int) -> time:
    return time(minute % _DAY_MINUTES // 60, minute % 60)


def short_when(offered: Offered, language: str) -> Text:
    """The same for a button: short days and when it begins."""
    meetings = catalogue.weekly(offered.sessions)
    if not meetings:
        return raw(offered.group.name[:_LABEL_CHARS])
    comma = "، " if LANGUAGES[language].right_to_left else ", "
    parts = [
        f"{comma.join(weekday_name(day, language, short=True) for day in one.weekdays)} {_clock(one.opens):%H:%M}"
        for one in meetings
    ]
    return raw(BETWEEN.join(parts))


def group_options(groups: Sequence[Offered], language: str) -> list[Option]:
    """Groups to choose from, in the order in which they were told; those that look the same have its number."""
    labels = [short_when(one, language) for one in groups]
    return [
        Option(str(one.group.id), label if labels.count(label) == 1 else raw(f"{number}. {_plain(label)}"))
        for number, (one, label) in enumerate(zip(groups, labels, strict=True), start=1)
    ]


def _plain(label: Text) -> str:
    return str(label.values["value"])


def group_lines(offered: Offered, language: str, waiting: int) -> list[Text]:
    """A group in a few lines, the last of which says what is free."""
    return [*group_facts(offered, language), places(offered.seating, waiting) or FREE]


def group_facts(offered: Offered, language: str) -> list[Text]:
    """When a group meets, from when on, where, and what is special: what does not change while somebody reads it."""
    group, sessions = offered.group, offered.sessions
    lines = [when_line(sessions, language)]
    first = catalogue.first_day(sessions)
    if first is not None:
        lines.append(_n("{n} meeting. First day: {day}", "{n} meetings. First day: {day}", len(sessions), day=first))
    lines += where_lines(group)
    if group.childcare:
        lines.append(_("🧸 With childcare"))
    if group.latin_script:
        lines.append(_("🔤 For people who are learning to read Latin letters"))
    return lines


def where_lines(group: Group, *, going: bool = False) -> list[Text]:
    """Where it is; the link to an online group only for those who have a place."""
    lines = [_("📍 {place}", place=group.where)] if group.where else []
    if group.online_url and going:
        return [*lines, _("Online: {url}", url=Verbatim(group.online_url))]
    return [*lines, *([_("💻 Online. You get the link when you have a place.")] if group.online_url else [])]


def map_buttons(groups: Sequence[Group]) -> list[Button]:
    """To the map, once for each place, but not more than two."""
    urls = {one.map_url: one.where for one in groups if one.map_url}
    if len(urls) == 1:
        return [Button(_("🗺 Map"), url=url) for url in urls]
    return [Button(_("🗺 Map: {place}", place=where), url=url) for url, where in list(urls.items())[:2] if where]


def availability(entry: Entry) -> Text:
    """A course in one line: what is free, or how many wait."""
    free = entry.free
    if not entry.groups:
        return _("No group is open now. You can wait for the next one.")
    if free is None:
        return FREE
    if free > 0:
        return _n("{n} place left", "{n} places left", free)
    return places(entry.groups[0].seating, entry.waiting) or FREE


def coming(sessions: Sequence[Session], now: datetime) -> list[Session]:
    """The sessions that are not over, soonest first."""
    return [one for one in sessions if one.ends_at > now]


def at(session: Session) -> datetime:
    """When a session begins, by the clock of its place."""
    return session.starts_at.astimezone(ZoneInfo(session.zone))


def courses_button() -> Button:
    """To all courses."""
    return Button(TITLE, Bind("courses"))


def short_day(day: date) -> str:
    """A day for a button, day first as everywhere here."""
    return f"{day.day}. {day.month}."
