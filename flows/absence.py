"""Twice in a row somebody did not come to their course: what is in the way, asked once and kindly."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import absences, catalogue, planning, seated, waiting
from bot.domain.absences import Absence, Reason
from bot.domain.happenings import Kind
from bot.domain.seats import NotSignedUp, Signup, SignupState
from bot.i18n import Text, _, joined
from flows import whom
from flows.common import SKIP, menu_button, person_button
from flows.course_lines import courses_button
from flows.menu import menu_message
from flows.seated import my_signup_button, term

_WORDS_CHARS: Final = 500
REASONS: Final[dict[Reason, Text]] = {
    Reason.WORK: _("💼 Work"),
    Reason.CHILD: _("🧸 A child"),
    Reason.TRAVEL: _("🚌 The way there"),
    Reason.TOO_HARD: _("📈 It is too hard"),
    Reason.TOO_EASY: _("📉 It is too easy"),
    Reason.HEALTH: _("🩺 Health"),
    Reason.OTHER: _("✍️ Something else"),
    Reason.STOP: _("🚪 I want to stop"),
}


def question_message(signup_id: int, *, discreet: bool) -> Message:
    """What is pushed. It names no course, and in discreet mode not even that there is one."""
    if discreet:
        said = _("We have a short question for you.")
    else:
        said = _("We have missed you at your last two meetings. Is something in the way? Perhaps we can help.")
    return Message(said, tone=Tone.NOTICE, buttons=(
        Button(_("Answer"), Bind("absence", str(signup_id))), person_button("courses"), menu_button(),
    ))  # fmt: skip


async def absence(talk: Talk) -> Message:
    """Ask what is in the way. `object`: the sign-up."""
    talk.keep_briefly()
    signup = await talk.look(seated.own, talk.object, talk.person.person_id)
    run = await talk.look(absences.current, signup.id) if signup is not None else None
    if signup is None or run is None or signup.state != SignupState.GOING:
        return menu_message(_("There is nothing to answer here any more. Thank you."))
    reason = Reason(
        await talk.choose(
            "reason", _("What is in the way? Only people of the desk see your answer."),
            [Option(one, label) for one, label in REASONS.items()], private=True,
        )
    )  # fmt: skip
    if reason is Reason.STOP:
        return await _stop(talk, signup, run)
    words = ""
    if reason is Reason.OTHER:
        words = await talk.text(
            "words", _("What is it, in a few words? You can also leave this out."), private=True,
            most_chars=_WORDS_CHARS, skip=SKIP, tells=True,
        )  # fmt: skip
    await talk.do(absences.answer, run.id, reason, words, talk.person.language, talk.scene.now)
    return _thanks(signup, reason)


def _thanks(signup: Signup, reason: Reason) -> Message:
    lines = [_("Thank you for telling us. Your place stays, and you are welcome at the next meeting.")]
    buttons = [my_signup_button(signup.id)]
    if reason in {Reason.TOO_HARD, Reason.TOO_EASY}:
        lines.append(_("Perhaps another course fits better. Look at the others, or ask a person."))
        buttons.append(courses_button())
    elif reason is not Reason.HEALTH:  # there nobody is asked any further
        lines.append(_("A person at the desk looks for a way with you."))
    return Message(joined(lines), tone=Tone.INFO, buttons=(*buttons, person_button("courses"), menu_button()))


async def _stop(talk: Talk, signup: Signup, run: Absence) -> Message:
    if not await talk.confirm("sure", _("Give up your place in the course? Somebody who is waiting gets it.")):
        return Message(_("Good. Your place stays."), tone=Tone.INFO,
                       buttons=(my_signup_button(signup.id), person_button("courses"), menu_button()))  # fmt: skip
    course = await talk.look(catalogue.course_of, signup)
    group_id = signup.seating_id
    await talk.do(absences.answer, run.id, Reason.STOP, "", talk.person.language, talk.scene.now)
    try:
        place = course.place if course is not None else talk.desk.place.id
        await talk.do(waiting.leave, signup.id, term(talk, place), SignupState.DROPPED)
    except NotSignedUp:
        return menu_message(_("You are not signed up for this any more."))
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    level = course.level if course is not None else ""
    await whom.note_for(talk, signup.person_id, Kind.LEFT, what="course", id=str(group_id), kind=level)
    return Message(
        _("Your place is free for somebody else. Thank you for telling us."), tone=Tone.INFO,
        buttons=(courses_button(), person_button("courses"), menu_button()),
    )  # fmt: skip
