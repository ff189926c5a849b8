"""My first steps: five questions that may all be skipped, then topics in order, to be ticked off, with reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from bot.answers import advice
from bot.answers.advice import QUESTIONS, SKIPPED, Deadline, Step
from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.notices import Notice
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import checklists, reminders
from bot.domain.checklists import Held
from bot.domain.happenings import Kind
from bot.domain.reminders import ReminderState
from bot.i18n import Text, Verbatim, _, joined, raw
from flows.common import SKIP, menu_button, person_button
from flows.menu import menu_message
from flows.offices import office_line

TITLE: Final = _("🧭 My first steps")
SNOOZE: Final = timedelta(days=3)
_SNOOZED_FOR: Final = timedelta(days=2)  # after that it is too late even for the reminder
_FURTHEST: Final = timedelta(days=15 * 365)  # a date further off is a slip of the keyboard


async def checklist(talk: Talk) -> Message:
    """The person's list; without one, the questions first."""
    held = await talk.look(checklists.of_person, talk.person.person_id)
    if held is not None:
        return _list(talk, held)
    return await new_list(talk)


async def new_list(talk: Talk) -> Message:
    """Ask the five questions and make the list; a former one stays until then."""
    talk.keep_briefly()
    if talk.frame.asked is None:
        talk.say(_about())
    answers: dict[str, str] = {}
    for number, ask in enumerate(QUESTIONS, start=1):
        answers[ask.key] = await talk.choose(
            ask.key, joined([_("Question {number} of {all}", number=number, all=len(QUESTIONS)), ask.text]),
            [*(Option(one, label) for one, label in ask.options.items()), Option(SKIPPED, SKIP)], private=True,
            beside=(Button(_("Why do you ask?"), Bind("why", ask.key)),),
        )  # fmt: skip
    topics = [step.topic for step in advice.advise(answers) if step.topic in talk.scene.library]
    held = await talk.do(checklists.make, talk.person.person_id, answers, topics, talk.scene.now)
    talk.note(Kind.CHECKLIST)
    return _list(talk, held)


def _about() -> Message:
    lines = [
        _("Five short questions, then you get a list: what to do first, why, and until when."),
        _("You can skip each question. Your answers stay in your list; nobody else sees them, and you can delete it."),
    ]
    return Message(joined(lines), title=TITLE, tone=Tone.NOTICE)


async def why(talk: Talk) -> Message | None:
    """Why a question is asked; the question is repeated after it."""
    ask = next((one for one in QUESTIONS if one.key == talk.object), None)
    return Message(ask.why, tone=Tone.INFO) if ask is not None else None


def _title(talk: Talk, topic: str) -> str:
    return talk.scene.library[topic].answer(talk.person.language).title


def _shown(talk: Talk, held: Held) -> list[str]:
    return [topic for topic in held.topics if topic in talk.scene.library]


def _count(talk: Talk, held: Held) -> Text:
    topics = _shown(talk, held)
    done = sum(topic in held.done for topic in topics)
    return _("{done} of {all} done", done=done, all=len(topics))


def _list(talk: Talk, held: Held) -> Message:
    lines = [_count(talk, held)]
    buttons = []
    for topic in _shown(talk, held):
        icon = "✅" if topic in held.done else talk.scene.library[topic].icon
        title = raw(f"{icon} {_title(talk, topic)}")
        lines += [raw(""), title]
        if topic not in held.done:
            lines += _reasons(advice.step_of(topic, held.answers))
        buttons.append(Button(title, Bind("step", topic)))
    buttons += [
        Button(_("🔄 New questions"), Bind("newlist")), Button(_("🗑 Delete this list"), Bind("droplist")),
        person_button(), menu_button(),
    ]  # fmt: skip
    return Message(joined(lines), title=TITLE, buttons=buttons)


def _reasons(step: Step | None) -> list[Text]:
    """Why it is there, and until when."""
    if step is None:
        return []
    return [step.why, *([_("⏰ {deadline}", deadline=step.deadline.text)] if step.deadline else [])]


async def show_step(talk: Talk) -> Message:
    """One step: why, until when, what can be done with it."""
    held = await _held(talk)
    return await _card(talk, held) if held is not None else _gone()


async def _held(talk: Talk) -> Held | None:
    """The list, if the step that the button names is on it."""
    held = await talk.look(checklists.of_person, talk.person.person_id)
    return held if held is not None and talk.object in _shown(talk, held) else None


def _gone() -> Message:
    return menu_message(_("This step is not on your list any more."))


def _list_button() -> Button:
    return Button(TITLE, Bind("checklist"))


async def _card(talk: Talk, held: Held) -> Message:
    topic = talk.object
    step = advice.step_of(topic, held.answers)
    lines = _reasons(step)
    deadline = step.deadline if step is not None else None
    if deadline is not None and deadline.last is not None and topic in held.days:
        lines.append(_("Last day: {day}", day=deadline.last(held.days[topic])))
    coming = await _coming(talk, topic)
    if coming:
        lines.append(_("We remind you on: {days}", days=coming))
    office = office_line(talk.desk, talk.scene.library[topic].decides, talk.person.language)
    if office is not None:
        lines.append(office)
    done = topic in held.done
    buttons = [Button(_("📖 What to do, what to bring"), Bind("topic", topic))]
    buttons.append(Button(_("↩️ Not done yet"), Bind("untick", topic)) if done
                   else Button(_("✅ Done"), Bind("tick", topic)))  # fmt: skip
    if deadline is not None and deadline.ask is not None and not done:
        buttons.append(Button(_("⏰ Remind me"), Bind("stepday", topic)))
    if coming:
        buttons.append(_quiet_button())
    icon = talk.scene.library[topic].icon
    return Message(
        joined(lines or [_count(talk, held)]), title=raw(f"{'✅' if done else icon} {_title(talk, topic)}"),
        buttons=(*buttons, _list_button(), person_button(topic)),
    )  # fmt: skip


async def _coming(talk: Talk, topic: str) -> list[date]:
    planned = await talk.look(reminders.of_person, talk.person.person_id)
    return [one.day for one in planned if one.state == ReminderState.WAITING and one.about == _about_step(topic)]


def _about_step(topic: str) -> str:
    return f"step:{topic}"


async def tick(talk: Talk) -> Message:
    """A step is done; its reminders go."""
    held = await _held(talk)
    if held is None:
        return _gone()
    if talk.object not in held.done:
        talk.note(Kind.CHECKLIST, talk.object)
    held = await talk.do(checklists.tick, talk.person.person_id, talk.object, talk.scene.now, done=True) or held
    await talk.do(reminders.cancel, talk.person.person_id, _about_step(talk.object))
    left = [topic for topic in _shown(talk, held) if topic not in held.done]
    buttons = [Button(_("↩️ Undo"), Bind("untick", talk.object))]
    if left:
        buttons.insert(0, Button(_("Next: {title}", title=_title(talk, left[0])), Bind("step", left[0])))
    done = _("Done: {title}", title=_title(talk, talk.object))
    return Message(joined([done, _count(talk, held)]), tone=Tone.INFO, buttons=(*buttons, _list_button()))


async def untick(talk: Talk) -> Message:
    """It is not done after all; the reminders that are still to come stand again."""
    held = await _held(talk)
    if held is None:
        return _gone()
    held = await talk.do(checklists.tick, talk.person.person_id, talk.object, talk.scene.now, done=False) or held
    deadline = _deadline(talk, held)
    if deadline is not None and talk.object in held.days:
        await _plan(talk, deadline, held.days[talk.object])
    return await _card(talk, held)


def _deadline(talk: Talk, held: Held) -> Deadline | None:
    """The deadline of the step that the button names, if it runs from a day of the person's own."""
    step = advice.step_of(talk.object, held.answers)
    return step.deadline if step is not None and step.deadline is not None and step.deadline.ask is not None else None


async def _plan(talk: Talk, deadline: Deadline, day: date) -> list[date]:
    if deadline.last is None or deadline.remind is None:
        return []
    days: list[date] = await talk.do(
        reminders.plan, talk.person.person_id, _about_step(talk.object), deadline.remind(day), deadline.last(day),
        talk.scene.now, talk.desk.zone,
    )  # fmt: skip
    return days


async def step_day(talk: Talk) -> Message:
    """The day from which a deadline runs, if the person wants to tell it; then reminders at nine in the morning."""
    talk.keep_briefly()
    held = await _held(talk)
    deadline = _deadline(talk, held) if held is not None else None
    if held is None or deadline is None or deadline.ask is None or deadline.last is None:
        return _gone()
    today = talk.scene.now.astimezone(talk.desk.zone).date()
    text = joined(
        [deadline.ask, _("Write the date like {example}.", example=f"{today.day}. {today.month}. {today.year}")]
    )
    day = await talk.maybe_date("day", text, skip=SKIP, private=True)
    if day is None:
        return await _card(talk, held)
    if day > today and not deadline.ahead:
        raise AskAgain("day", because=_("This day has not come yet."))
    if abs(day - today) > _FURTHEST:
        raise AskAgain("day", because=_("Please look at the year again."))
    held.days[talk.object] = day
    await talk.do(checklists.save, talk.person.person_id, held, talk.scene.now)
    coming = await _plan(talk, deadline, day)
    return _planned(talk, deadline.last(day), coming, today)


def _planned(talk: Talk, last: date, coming: Sequence[date], today: date) -> Message:
    lines = [_("Last day: {day}", day=last)]
    if last < today:
        lines.append(_("This day is over. Go to the office as soon as you can; a person at the desk can help."))
    elif coming:
        lines.append(_("We remind you here at nine in the morning on: {days}", days=list(coming)))
        if talk.person.stopped:
            lines.append(_("You wanted no messages, so we do not write. This allows it again: {start}",
                           start=Verbatim("/start")))  # fmt: skip
    else:
        lines.append(_("It is so soon that we do not remind you any more."))
    buttons = [Button(_("📖 What to do, what to bring"), Bind("topic", talk.object)), _list_button()]
    if coming:
        buttons.append(_quiet_button())
    return Message(joined(lines), tone=Tone.INFO, buttons=(*buttons, person_button(talk.object)))


def _quiet_button() -> Button:
    return Button(_("🔕 Stop these reminders"), Bind("quiet"))


def reminder(topic: str) -> Message:
    """What is pushed: nothing that somebody who looks at the phone could read anything from."""
    return Message(
        _("Something on your list is due soon."), tone=Tone.INFO,
        buttons=(
            Button(_("Show"), Bind("step", topic)), Button(_("✅ Done"), Bind("tick", topic)),
            Button(_("Remind me in 3 days"), Bind("snooze", topic)), _quiet_button(),
        ),
    )  # fmt: skip


async def notice(about: Notice) -> Message:
    """The same, for the sender of reminders."""
    return reminder(about.object)


async def snooze(talk: Talk) -> Message:
    """The same reminder once more, three days later."""
    held = await _held(talk)
    if held is None:
        return _gone()
    day = talk.scene.now.astimezone(talk.desk.zone).date() + SNOOZE
    await talk.do(
        reminders.add, talk.person.person_id, _about_step(talk.object), [day], day + _SNOOZED_FOR, talk.scene.now,
        talk.desk.zone,
    )  # fmt: skip
    return Message(_("We remind you on: {days}", days=[day]), tone=Tone.INFO,
                   buttons=(_list_button(), _quiet_button()))  # fmt: skip


async def quiet(talk: Talk) -> Message:
    """No more reminders of this list."""
    await talk.do(reminders.cancel, talk.person.person_id, _about_step(""))
    return Message(_("Fine, we do not remind you any more. Your list stays."), tone=Tone.INFO,
                   buttons=(_list_button(), menu_button()))  # fmt: skip


async def drop_list(talk: Talk) -> Message:
    """Forget the list with its answers, days and reminders."""
    if await talk.look(checklists.of_person, talk.person.person_id) is None:
        return menu_message(_("You have no list."))
    if not await talk.confirm("drop", _("Delete your list with all answers, days and reminders?")):
        return Message(_("Fine, nothing was deleted."), buttons=(_list_button(), menu_button()))
    await talk.do(reminders.cancel, talk.person.person_id, _about_step(""))
    await talk.do(checklists.remove, talk.person.person_id)
    return Message(_("Your list is deleted."), tone=Tone.INFO, buttons=(_list_button(), menu_button()))
