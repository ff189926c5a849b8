"""Courses: what is taught, at which level, when and where, and how many places are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.domain import catalogue, dependents
from bot.domain.catalogue import Entry
from bot.domain.courses import Course, Level, When
from bot.domain.seated import number_of
from bot.domain.seats import Signup
from bot.i18n import Text, _, _n, joined, language_name, raw
from flows import course_lines
from flows.common import menu_button, person_button, topic_buttons
from flows.course_lines import TITLE, WHEN, courses_button
from flows.level_check import level_of

_TOPICS: Final = ("language.zip", "language.exam", "adult.education")
_PAGE: Final = 6  # as many as are read on a phone without getting lost
_MOST_MINE: Final = 3
_HALF_LABEL: Final = 26
_MOST_GROUPS: Final = 4  # a message of more is too long for the smallest channel


async def courses(talk: Talk) -> Message:
    """What is open; `object`: a course, or what is looked for as "language:when:from"."""
    if number_of(talk.object):
        return await course(talk)
    found = await talk.look(catalogue.entries, talk.scene.now)
    taught = list(dict.fromkeys(one.course.language for one in found))
    if not found:
        return await _nothing(talk)
    language, when, before = _looked_for(talk.object)
    if language not in taught and len(taught) > 1:
        return await _languages(talk, taught)
    language = language if language in taught else taught[0]
    return await _list(talk, [one for one in found if one.course.language == language], when, before)


def _looked_for(what: str) -> tuple[str, str, int]:
    language, when, before = [*what.split(":"), "", "", ""][:3]
    return language, when if when in WHEN else "", number_of(before)


async def _nothing(talk: Talk) -> Message:
    mine, buttons = await _mine(talk)
    text = _("No course is open now. A person at the desk can tell you more, and these pages too:")
    return Message(
        joined([*mine, text]), title=TITLE,
        buttons=(*buttons, *topic_buttons(talk, _TOPICS), person_button("courses"), menu_button()),
    )  # fmt: skip


async def _languages(talk: Talk, taught: Sequence[str]) -> Message:
    mine, buttons = await _mine(talk)
    named = [Button(raw(language_name(one, talk.person.language)), Bind("courses", one)) for one in taught]
    return Message(
        joined([*mine, _("Which language do you want to learn?")]), title=TITLE,
        buttons=(*buttons, *named, person_button("courses"), menu_button()),
    )  # fmt: skip


async def _mine(talk: Talk) -> tuple[list[Text], list[Button]]:
    """The places that the person has, or waits for, and those of people who are reached by them."""
    household = await talk.look(dependents.household, talk.person.person_id)
    found = await talk.look(catalogue.of_people, list(household))
    buttons = _mine_buttons(talk, found[:_MOST_MINE], household)
    return ([_("You have signed up already: ⭐")] if buttons else []), buttons


def _mine_buttons(talk: Talk, mine: Sequence[tuple[Signup, Course]], names: Mapping[int, str]) -> list[Button]:
    """To these places; two that look the same are numbered."""
    labels: list[str] = []
    for signup, course in mine:
        title, name = course_lines.short_title(course, talk.person.language), names[signup.person_id]
        label = f"⭐ {title[:_HALF_LABEL].rstrip()} ({name[:_HALF_LABEL].rstrip()})" if name else f"⭐ {title}"
        labels.append(f"{label} {labels.count(label) + 1}" if label in labels else label)
    return [
        Button(raw(label), Bind("mysignup", str(signup.id)))
        for label, (signup, _course) in zip(labels, mine, strict=True)
    ]


async def _list(talk: Talk, found: Sequence[Entry], when: str, before: int) -> Message:
    """The courses of one language; with `when` those that meet then."""
    language = found[0].course.language
    suiting = [one for one in found if not when or catalogue.meets(one.groups, When(when))]
    page = suiting[before : before + _PAGE]
    mine, buttons = await _mine(talk)
    lines = [*mine, *([WHEN[when]] if when else [])]
    for number, entry in enumerate(page, start=before + 1):
        lines += [*([raw("")] if lines else []), *_entry(talk, number, entry)]
        buttons.append(_entry_button(talk, number, entry, str(entry.course.id)))
    if not page:
        lines.append(_("There is no course at this time now."))
    if len(suiting) > before + _PAGE:
        buttons.append(Button(_("More courses"), Bind("courses", f"{language}:{when}:{before + _PAGE}")))
    buttons.append(Button(_("🔎 Which level is mine?"), Bind("level", language)))
    buttons += _filters(found, language, when)
    return Message(
        joined(lines), title=TITLE,
        buttons=(*buttons, *topic_buttons(talk, _TOPICS[:1]), person_button("courses"), menu_button()),
    )  # fmt: skip


def _entry(talk: Talk, number: int, entry: Entry) -> list[Text]:
    """One course of the list."""
    title = course_lines.short_title(entry.course, talk.person.language)
    return [raw(f"{number}. {title}"), course_lines.level_line(entry.course), course_lines.availability(entry)]


def _entry_button(talk: Talk, number: int, entry: Entry, what: str) -> Button:
    title = course_lines.short_title(entry.course, talk.person.language)
    return Button(raw(f"{number}. {title}"), Bind("course", what))


def _filters(found: Sequence[Entry], language: str, when: str) -> list[Button]:
    """By when one can come, where that makes a difference."""
    groups = [group for entry in found for group in entry.groups]
    times = [one for one in When if catalogue.meets(groups, one)]
    if len(times) < 2:  # noqa: PLR2004 - nothing to choose from
        return []
    other = [Button(WHEN[one], Bind("courses", f"{language}:{one}")) for one in times if one != when]
    return [*other, *([Button(_("At any time"), Bind("courses", language))] if when else [])]


async def course(talk: Talk) -> Message:
    """One course with its groups; the list without one. `object`: the course, perhaps with a level after a colon."""
    what, _colon, level = talk.object.partition(":")
    number = number_of(what)
    if not number:
        return await courses(talk)
    entry = await talk.look(catalogue.entry, number, talk.scene.now)
    if entry is None:
        return closed()
    return await card(talk, entry, level)


def closed() -> Message:
    """A course that people do not see any more."""
    return Message(
        _("This course is not open any more. Here are the others."),
        buttons=(courses_button(), person_button("courses"), menu_button()),
    )


async def card(talk: Talk, entry: Entry, level: str = "") -> Message:
    """All that one needs to know before one signs up."""
    language, course = talk.person.language, entry.course
    about = str(course.about(language))
    lines = [*([raw(about)] if about else []), course_lines.level_line(course)]
    for offered in entry.groups[:_MOST_GROUPS]:
        lines += [raw(""), *course_lines.group_lines(offered, language, entry.waiting)]
    more = len(entry.groups) - _MOST_GROUPS
    if more > 0:
        lines += [raw(""), _n("And {n} more group, which you see when you sign up.",
                              "And {n} more groups, which you see when you sign up.", more)]  # fmt: skip
    if not entry.groups:
        lines += [raw(""), course_lines.availability(entry)]
    household = await talk.look(dependents.household, talk.person.person_id)
    mine = [pair for pair in await talk.look(catalogue.of_people, list(household)) if pair[1].id == course.id]
    buttons = _mine_buttons(talk, mine[:_MOST_MINE], household)
    what = f"{course.id}:{level}" if level in list(Level) else str(course.id)
    full = entry.free is not None and entry.free <= 0
    buttons.append(Button(_("⏳ Waiting list") if full else _("✅ Sign up"), Bind("enrol", what)))
    buttons += course_lines.map_buttons([one.group for one in entry.groups])
    return Message(
        joined(lines), title=raw(course_lines.title(course, language)),
        buttons=(*buttons, courses_button(), person_button("courses"), menu_button()),
    )  # fmt: skip


async def level(talk: Talk) -> Message:
    """The self-check by itself, and the courses that fit what it finds. `object`: the language."""
    found = await talk.look(catalogue.entries, talk.scene.now)
    taught = [one for one in found if one.course.language == talk.object]
    if not taught:
        return await courses(talk)
    placement = await level_of(talk, talk.object)
    brings = placement.level
    fitting = [one for one in taught if brings is None or catalogue.fits(one.course, brings)]
    lines = [_("Your level: {level}", level=placement.line)]
    if brings is None:
        lines.append(_("Choose a course. The teacher looks at your level with you at the first meeting."))
    elif fitting:
        lines.append(_("These courses fit:"))
    else:
        lines.append(_("No course for this level is open now. A person at the desk can tell you more."))
    buttons = []
    for number, entry in enumerate(fitting[:_PAGE], start=1):
        lines += [raw(""), *_entry(talk, number, entry)]
        buttons.append(_entry_button(talk, number, entry, f"{entry.course.id}:{brings or ''}"))
    return Message(joined(lines), title=TITLE,
                   buttons=(*buttons, courses_button(), person_button("courses"), menu_button()))  # fmt: skip
