"""My course: what comes next, and what one cannot come to."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.domain import absences, catalogue, planning
from bot.domain.courses import Offered, Session
from bot.domain.seats import Remind, Signup
from bot.i18n import Text, _, joined, raw
from flows import course_lines
from flows.course_lines import courses_button
from flows.seated import ways_on
from flows.whereto import short

_SHOWN: Final = 3  # meetings; the others come nearer


async def my_course(talk: Talk, signup: Signup) -> Message:
    """A place in a group: the next meetings, and what can be done."""
    offered = await talk.look(catalogue.group_of, signup)
    if offered is None:
        return Message(_("This course is not open any more. Here are the others."),
                       buttons=ways_on("courses", courses_button()))  # fmt: skip
    coming = course_lines.coming(offered.sessions, talk.scene.now)
    away = await talk.look(absences.excused, signup.id)
    lines = [_("✅ You have a place."), *_facts(talk, offered)]
    lines += [_("Name: {name}", name=signup.name)] if signup.name else []
    lines += [raw(""), _("Next meetings:")] if coming else [_("This course is over. Thank you for coming.")]
    lines += [_meeting(one, away) for one in coming[:_SHOWN]]
    lines += [raw(""), _("Reminder: {how}", how=short(Remind(signup.remind)))] if coming else []
    buttons = [_deed(signup, one, away) for one in coming[:_SHOWN] if one.starts_at > talk.scene.now]
    if coming:
        buttons.append(Button(_("❌ Leave the course"), Bind("leaveseat", str(signup.id))))
    return Message(
        joined(lines), title=raw(course_lines.title(offered.course, talk.person.language)),
        buttons=ways_on("courses", *buttons, *course_lines.map_buttons([offered.group]), courses_button()),
    )  # fmt: skip


def _facts(talk: Talk, offered: Offered) -> list[Text]:
    usual = course_lines.when_line(offered.sessions, talk.person.language)
    return [usual, *course_lines.where_lines(offered.group, going=True)]


def _meeting(one: Session, away: set[int]) -> Text:
    if one.id in away:
        return _("• {when}: you are excused", when=course_lines.at(one))
    return course_lines.as_it_stands("• {when}", when=course_lines.at(one))


def _deed(signup: Signup, one: Session, away: set[int]) -> Button:
    """Not to this meeting, or to it after all."""
    about, day = planning.about_session(signup.id, one.id), course_lines.short_day(one.day)
    if one.id in away:
        return Button(_("✅ I come on {day} after all", day=day), Bind("comeback", about))
    return Button(_("🚫 I can't come on {day}", day=day), Bind("cantcome", about))
