"""Whom the desk telephones today, and whom nobody has reminded in time."""

from __future__ import annotations

from starlette.responses import RedirectResponse

from bot.console import cases, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, calling, policy
from bot.domain.calling import Call, Deed
from bot.domain.policy import Verb
from bot.domain.reminders import ReminderState
from bot.i18n import Text, _, raw


async def overview(visit: Visit) -> Answer:
    """Today's list. Opening it is noted in the log."""
    now = visit.house.now()
    found = await calling.today(visit.session, visit.house.desk, now)
    if found.to_call or found.called or found.missed:
        await audit.note(visit.session, "read calls", now, staff_id=visit.member.id)
    mine = {name: [one for one in getattr(found, name) if _allowed(visit, one)] for name in found.__slots__}

    def title(one: Call) -> Text:
        if one.thing is None:
            return _("Meeting with a mentor")
        return raw(one.thing.title(visit.member.language))

    return Shown(
        "calls.html",
        {**mine, "title_of": title, "no_answer": ReminderState.NO_ANSWER, "holders": await cases.names(visit.session)},
    )  # fmt: skip


def _allowed(visit: Visit, one: Call) -> bool:
    return visit.may(Verb.READ_PEOPLE, policy.Case(place=one.place))


async def note(visit: Visit) -> Answer:
    """Write down that somebody was called or did not answer, or take that back."""
    typed, number = visit.form.text("deed"), _number(visit.form.text("reminder"))
    one = await calling.find(visit.session, number, visit.house.desk) if number else None
    if typed not in set(Deed) or one is None:
        raise Refused(404, _("This call is not on the list any more."))
    if not _allowed(visit, one):
        raise Refused(403, words.NOT_ALLOWED)
    now = visit.house.now()
    done = await calling.note(visit.session, number, Deed(typed), visit.member.id, now)
    if done:
        await audit.note(visit.session, f"call {typed}", now, staff_id=visit.member.id, pseudonym=one.pseudonym)
    said = ("undone" if typed == Deed.UNDO else "saved") if done else "list_changed"
    return RedirectResponse(f"/console/calls?note={said}", 303)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(LARGEST_ID)) else 0
