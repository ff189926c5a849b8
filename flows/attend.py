"""A tutor writes down who came, in two taps: everybody is there, but for those who are tapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import absences, audit, dependents, happenings, registers, staff
from bot.domain.attendance import Came
from bot.domain.happenings import Kind
from bot.domain.policy import Actor, Verb, may
from bot.domain.registers import Meeting
from bot.domain.seated import number_of
from bot.domain.staff import Role
from bot.i18n import Text, Verbatim, _, _n, joined, raw
from flows import course_lines
from flows.common import menu_button
from flows.menu import menu

EARLY: Final = timedelta(minutes=15)  # so long before a meeting one can begin
LATE: Final = timedelta(days=7)  # and so long after it, where nobody has written anything down
_NAME_CHARS: Final = 50  # on a button; the end tells twins apart
_PAGE: Final = 12  # names on one screen
_DONE, _MORE = "done", "more"
_SIGNS: Final[dict[Came, str]] = {Came.YES: "✅", Came.NO: "❌", Came.EXCUSED: "💬"}
_NEXT: Final[dict[Came, Came]] = {Came.YES: Came.NO, Came.NO: Came.YES, Came.EXCUSED: Came.YES}


async def attend(talk: Talk) -> Message:
    """The meetings of today, or one of them. `object`: the meeting."""
    actor = await _actor(talk)
    if actor is None:
        return await menu(talk)
    meetings = await talk.look(registers.open_to, actor.staff_id, talk.scene.now, EARLY, LATE, everywhere=_all(actor))
    one = next((one for one in meetings if one.session.id == number_of(talk.object)), None)
    if one is None and len(meetings) == 1 and not talk.object:
        one = meetings[0]
    return _list(talk, meetings) if one is None else await _take(talk, actor, one)


async def _actor(talk: Talk) -> Actor | None:
    """Who of the staff this is, if they may take attendance."""
    member = await talk.look(staff.by_address, talk.person.address_id)
    if member is None:
        return None
    grants = await talk.look(staff.grants, member.id)
    actor = Actor(member.id, frozenset((Role(grant.role), grant.place) for grant in grants))
    return actor if may(actor, Verb.TAKE_ATTENDANCE) else None


def _all(actor: Actor) -> bool:
    """A tutor sees only groups of their own."""
    return may(actor, Verb.READ_PEOPLE)


def _list(talk: Talk, meetings: list[Meeting]) -> Message:
    if not meetings:
        return Message(
            _("You have no meeting today for which somebody can write down who came."), tone=Tone.INFO,
            buttons=(menu_button(),),
        )  # fmt: skip
    del talk
    lines = [_("Which meeting?")]
    buttons = []
    for one in meetings:
        lines.append(
            course_lines.as_it_stands("• {group}: {when}", group=one.group.name, when=course_lines.at(one.session))
        )
        label = f"{one.group.name[:40]} {course_lines.short_day(one.session.day)}"
        buttons.append(Button(raw(label), Bind("attend", str(one.session.id))))
    return Message(joined(lines), buttons=(*buttons, menu_button()))


async def _take(talk: Talk, actor: Actor, one: Meeting) -> Message:
    """Show everybody as present (or as written down before); taps change that; one more tap keeps it."""
    talk.keep_briefly()
    preset: dict[str, str] = await talk.keep("preset", registers.preset, one.group.id, one.session.id)
    names = await talk.look(registers.names, one.group.id)
    shown = {int(number): Came(came) for number, came in preset.items() if int(number) in names}
    if not shown:
        return Message(_("Nobody has a place in this group yet."), tone=Tone.INFO, buttons=(menu_button(),))
    first = 0
    for number in count():
        tapped = await talk.choose(f"tap.{number}", _text(one, shown), _options(shown, names, first), private=True)
        if tapped == _DONE:
            break
        if tapped == _MORE:
            first = first + _PAGE if first + _PAGE < len(shown) else 0
            continue
        shown[int(tapped)] = _NEXT[shown[int(tapped)]]
    changed = await talk.do(absences.take, one.group.id, one.session.id, shown, actor.staff_id, talk.scene.now)
    await talk.do(audit.note, "take attendance", talk.scene.now, staff_id=actor.staff_id)
    await _count(talk, one, changed)
    came = sum(mark is Came.YES for mark in shown.values())
    lines = [
        _n("Written down: {n} person came.", "Written down: {n} people came.", came),
        _("You can change it today: {command}", command=Verbatim("/attend")),
    ]
    again = Button(_("✏️ Change"), Bind("attend", str(one.session.id)))
    return Message(joined(lines), tone=Tone.INFO, buttons=(again, menu_button()))


def _text(one: Meeting, shown: Mapping[int, Came]) -> Text:
    away = sum(mark is not Came.YES for mark in shown.values())
    return joined([
        course_lines.as_it_stands("{group}: {when}", group=one.group.name, when=course_lines.at(one.session)),
        _("Tap whoever was not there. ✅ came, ❌ did not come, 💬 told us before."),
        _n("{n} person is not there.", "{n} people are not there.", away),
    ])  # fmt: skip


def _options(shown: Mapping[int, Came], names: Mapping[int, str], first: int) -> list[Option]:
    page = list(shown)[first : first + _PAGE]
    options = [Option(str(number), raw(f"{_SIGNS[shown[number]]} {names[number][-_NAME_CHARS:]}")) for number in page]
    if len(shown) > _PAGE:
        options.append(Option(_MORE, _("More names")))
    return [*options, Option(_DONE, _("💾 Done"))]


async def _count(talk: Talk, one: Meeting, changed: Mapping[int, Came]) -> None:
    """A happening for each learner whose mark has changed, under their own pseudonym."""
    counted = {Came.YES: Kind.ATTENDED, Came.NO: Kind.ABSENT}
    people = await talk.look(registers.people, list(changed))
    for number, mark in changed.items():
        if mark not in counted:
            continue
        pseudonym = await talk.look(dependents.pseudonym, people[number])
        row = happenings.row(
            counted[mark], replace(talk.person, pseudonym=pseudonym), talk.scene.now, talk.desk.zone,
            talk.desk.place.id, what="course", id=str(one.group.id), session=str(one.session.id), kind=one.level,
        )  # fmt: skip
        talk.effects.happenings.append(row)
