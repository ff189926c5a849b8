"""Pairs for language practice as staff arrange them: checks, suggestions to send, pairs by hand, what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from starlette.responses import RedirectResponse

from bot.bell import DESK
from bot.console import cases, sheets, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.texts import asked_on
from bot.domain import audit, checks, happenings, pairing, pairs
from bot.domain.happenings import Kind
from bot.domain.pairing import UNREACHED, Seen
from bot.domain.pairs import (
    OPEN,
    YOUTH,
    AlreadyPaired,
    Busy,
    NotChecked,
    NotFitting,
    Pair,
    PairOver,
    PairState,
    Practice,
)
from bot.domain.people import Caller, Person
from bot.domain.policy import Verb
from bot.i18n import Text, _
from flows.practice import TIMES, named

_MOST: Final = 300
_ENDED_SHOWN: Final = 20
_WHY_NOT: Final = {
    "age": _("People of 15 to 17 are paired only with people of that age. Nothing was sent."),
    "gender": _("One of them wants to meet only women, or only men. Nothing was sent."),
    "language": _("Neither offers a language that the other wants. Nothing was sent."),
}


@dataclass(frozen=True, slots=True)
class Sided:
    """One of a pair, as staff see them."""

    person_id: int
    practice: Practice | None
    yes: bool | None
    unreached: bool


async def overview(visit: Visit) -> Answer:
    """Who waits for a check, who could be proposed to whom, and the pairs that there are. Looking is noted."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: Text | None = None, status: int = 200, **values: Any) -> Shown:  # noqa: ANN401
    session, now, desk = visit.session, visit.house.now(), visit.house.desk
    everybody = await _everybody(visit)
    if everybody:
        await audit.note(session, "read pairs", now, staff_id=visit.member.id)
    ready = [one for one in everybody if checks.good(one.checked_on, desk, now) and not one.paused]
    listed = await _pairs(visit, {one.person_id: one for one in everybody})
    return Shown(
        "pairs.html",
        {
            "to_check": [one for one in everybody if not checks.good(one.checked_on, desk, now)], "ready": ready,
            "resting": [one for one in everybody if one.paused], "suggestions": await pairs.suggestions(
                session, desk, now), "going": [one for one in listed if one[0].state in OPEN],
            "ended": [one for one in listed if one[0].state not in OPEN][:_ENDED_SHOWN], "young": YOUTH,
            "told": lambda codes: ", ".join(named(codes, visit.member.language)),
            "times_of": lambda parts: [TIMES[part] for part in parts if part in TIMES], "problem": problem,
            "states": words.PAIR_STATES, "genders": words.GENDERS, "today": sheets.today(visit).isoformat(),
            "checks": visit.may(Verb.CHECK_PEOPLE), "holders": await cases.names(session), "chosen": (0, 0),
            "at": 0, "oldest": checks.since(desk, now), **values,
        },
        status,
    )  # fmt: skip


async def _everybody(visit: Visit) -> list[Practice]:
    query = (
        select(Practice)
        .join(Person, Person.id == Practice.person_id)
        .where(Person.leaving_at.is_(None), Person.merged_into.is_(None))
        .order_by(Practice.made_at, Practice.person_id)
        .limit(_MOST)
    )
    return list(await visit.session.scalars(query, execution_options={"populate_existing": True}))


async def _pairs(visit: Visit, known: dict[int, Practice]) -> list[tuple[Pair, Sided, Sided]]:
    """Open pairs and those that have ended, the latest first."""
    query = select(Pair).order_by(Pair.changed_at.desc(), Pair.id.desc()).limit(_MOST)
    found = await visit.session.scalars(query, execution_options={"populate_existing": True})
    return [
        (
            pair,
            Sided(pair.first_id, known.get(pair.first_id), pair.yes_first, pair.told_first.startswith(UNREACHED)),
            Sided(pair.second_id, known.get(pair.second_id), pair.yes_second, pair.told_second.startswith(UNREACHED)),
        )
        for pair in found
    ]


async def check(visit: Visit) -> Answer:
    """Write down when somebody was met and checked, or take that back."""
    number = _number(visit, "person")
    if visit.form.text("deed") == "undo":
        held = await pairs.check(visit.session, number, None, visit.member.id)
        return await _done(visit, "undo check", "undone", _known(held))
    day = asked_on(visit.form.text("day")[:10], sheets.today(visit))
    if day is None or not visit.form.text("identity") == visit.form.text("conduct") == "yes":
        sentence = _("Please tick both, and give the day on which you looked. It cannot be in the future.")
        return await _shown(visit, status=422, at=number, wrong=sentence)
    held = await pairs.check(visit.session, number, day, visit.member.id)
    return await _done(visit, "check person", "saved", _known(held))


def _known(held: Practice | None) -> Practice:
    if held is None:
        raise Refused(404, _("This person is not on the list any more."))
    return held


async def _done(visit: Visit, verb: str, note: str, about: Practice | None = None) -> Answer:
    person = await visit.session.get(Person, about.person_id) if about is not None else None
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id,
                     pseudonym=person.pseudonym if person is not None else "")  # fmt: skip
    visit.ring(DESK)
    return RedirectResponse(f"/console/pairs?note={note}", 303)


async def _count(visit: Visit, one: Seen) -> None:
    """A pair has come about by what somebody said at the desk."""
    house = visit.house
    person = await visit.session.get_one(Person, one.person_id)
    caller = Caller(person.id, 0, "desk", "", "", person.pseudonym, person.language)
    row = happenings.row(Kind.PAIRED, caller, house.now(), house.desk.zone, house.desk.place.id, what="pair",
                         id=str(one.pair.id))  # fmt: skip
    await happenings.record(visit.session, row)


def _number(visit: Visit, name: str) -> int:
    typed = visit.form.text(name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(LARGEST_ID)) else 0


async def propose(visit: Visit) -> Answer:
    """Send a proposal to both: one of the suggestions, or two whom staff have chosen."""
    one, other, now = _number(visit, "one"), _number(visit, "other"), visit.house.now()
    by_staff = visit.form.text("by") == "hand"
    if one == other:
        return await _shown(visit, _("Please choose two different people."), 422, chosen=(one, other))
    try:
        await pairing.propose(visit.session, one, other, visit.house.desk, now, by_staff=by_staff)
    except NotFitting as reason:
        return await _shown(visit, _WHY_NOT[reason.why], 409, chosen=(one, other))
    except AlreadyPaired:
        problem = _("These two were proposed to each other before. Nothing was sent.")
        return await _shown(visit, problem, 409, chosen=(one, other))
    except Busy:
        problem = _("One of them has not answered another proposal yet. Nothing was sent.")
        return await _shown(visit, problem, 409, chosen=(one, other))
    except NotChecked:
        problem = _("One of them is not checked, takes a break or is gone. Nothing was sent.")
        return await _shown(visit, problem, 409, chosen=(one, other))
    return await _done(visit, "propose pair", "proposed")


async def answer(visit: Visit) -> Answer:
    """Write down what one of the two said at the desk, or end the pair."""
    number, person, deed = _number(visit, "pair"), _number(visit, "person"), visit.form.text("deed")
    now = visit.house.now()
    try:
        if deed == "end":
            await pairing.end(visit.session, number, None, now)
        elif deed in {"yes", "no"}:
            one = await pairing.answer(visit.session, number, person, now, yes=deed == "yes", at_desk=True)
            if one.pair.state == PairState.AGREED and one.pair.changed_at == now:
                await _count(visit, one)
        else:
            raise Refused(400, words.TOO_OLD)
    except PairOver:
        return await _shown(visit, _("This pair has changed meanwhile. Nothing was done."), 409)
    return await _done(visit, f"pair {deed}", "saved")
