"""Signing somebody up at the desk: a seat or a place on the waiting list; ending it, taking it up again, an offer."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import RedirectResponse

from bot.console import desk_mode, desk_records, words
from bot.console.gate import Answer, Refused, Visit
from bot.domain import happenings, opening, planning, policy, seated, seats, waiting, walk_ins
from bot.domain.attendance import Guest
from bot.domain.happenings import Kind
from bot.domain.people import Caller, Person
from bot.domain.policy import Verb
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Remind, Seating, Signup, SignupState, Wish
from bot.domain.waiting import OfferOver, OfferState, Term
from bot.i18n import Text, _, _n

_MOST_CHILDREN: Final = 9


async def sign_up(visit: Visit) -> Answer:
    """A seat, or a place on the waiting list, as the button said. What has filled up meanwhile is said, not changed."""
    person = await desk_records.open_record(visit, alone=True)
    thing = await seated.of_seating(visit.session, seated.number_of(visit.form.text("seating")))
    if thing is None or thing.seating is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    wish, problem = await _wish(visit, person, thing)
    if problem is not None:
        return await desk_mode.shown(visit, person, 422, problem=problem, at=thing.seating.id)
    return await _take(visit, person, thing, wish, waits=visit.form.text("deed") == "wait")


async def _take(visit: Visit, person: Person, thing: Seated, wish: Wish, *, waits: bool) -> Answer:
    session, seating, now = visit.session, thing.seating, visit.house.now()
    if seating is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    if not visit.may(Verb.SIGN_UP_OTHERS, policy.Case(place=seating.place)):
        raise Refused(403, words.NOT_ALLOWED)
    try:
        if not seats.takes(seating, now):
            raise seats.Closed
        if waits and seats.free_seats(seating, wish.seats) < wish.seats:
            signup = await waiting.join(session, seating.list_key, wish, _term(visit, seating.place))
        else:
            signup = await seats.take(session, seating.id, wish, now)
    except seats.SeatsError as error:
        return await desk_mode.shown(visit, person, 409, problem=refusal(error, seating), at=seating.id)
    kind = Kind.SIGNED_UP if signup.state == SignupState.GOING else Kind.WAITS
    await settle(visit, person, signup, kind)
    return RedirectResponse(f"{desk_records.address(person)}/card?signup={signup.id}", 303)


def refusal(error: seats.SeatsError, seating: Seating) -> Text:
    """Why somebody cannot be signed up."""
    match error:
        case seats.Full() if (free := seats.free_seats(seating)) > 0:
            return _n("Only {n} place is left. Choose fewer people, or the waiting list.",
                      "Only {n} places are left. Choose fewer people, or the waiting list.", free)  # fmt: skip
        case seats.Full():
            return _("The last place has just gone. Ask whether they want to wait.")
        case seats.AlreadySignedUp():
            return _("This person is signed up for it already, or waits for it.")
        case _closed:
            return _("One cannot sign up for this any more.")


async def _wish(visit: Visit, person: Person, thing: Seated) -> tuple[Wish, Text | None]:
    form, seating = visit.form, thing.seating
    people, children = _number(form.text("people"), 1), _number(form.text("children"), 0)
    remind, problem = form.text("remind"), None
    if remind not in set(Remind) or remind == Remind.TELEGRAM:
        remind = Remind.CHAT
    if not 1 <= people <= thing.most_guests + 1 or not 0 <= children <= _MOST_CHILDREN:
        problem = _("Please enter how many people come, as a number.")
    elif remind == Remind.CALL and not person.phone:
        problem = _("There is no telephone number. Write one down first, or choose another way to remind.")
    event = thing.event is not None
    details: dict[str, Any] = {"children": children, "needs": "", "origin": Guest.NEWCOMER} if event else {}
    wants = tuple(seating.wanted.split()) if seating is not None else ()
    reach = await desk_records.reached_at(visit, person)
    return Wish(person.id, people, person.name or "", details, wants, Remind(remind), reach), problem


def _number(typed: str, empty: int) -> int:
    """What a field of digits holds; -1 for anything else."""
    typed = typed.strip()
    if not typed:
        return empty
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else -1  # noqa: PLR2004 - three digits


async def leave(visit: Visit) -> Answer:
    """End a sign-up at the wish of its person. The seat goes to the next."""
    person = await desk_records.open_record(visit, alone=True)
    signup = await _own(visit, person)
    thing = await seated.of_signup(visit.session, signup)
    try:
        await waiting.leave(visit.session, signup.id, _term(visit, thing.place if thing is not None else ""))
    except seats.NotSignedUp:
        return desk_records.back(person, "ended_before")
    await settle(visit, person, signup, Kind.LEFT)
    return desk_records.back(person, "left")


def _term(visit: Visit, place: str) -> Term:
    """Now, and until when a seat that becomes free now is held for the next."""
    now = visit.house.now()
    return Term(now, opening.offer_until(visit.house.desk.place_of(place), now))


async def again(visit: Visit) -> Answer:
    """Take back that a sign-up was ended: the same once more, if there is still a place."""
    person = await desk_records.open_record(visit, alone=True)
    signup = await _own(visit, person)
    thing = await seated.of_signup(visit.session, signup)
    if thing is None or signup.state in ACTIVE:
        return desk_records.back(person, "ended_before")
    if thing.seating is not None:
        return await _take(visit, person, thing, seats.wish_of(signup), waits=False)
    fresh = await waiting.join(visit.session, signup.list_key, seats.wish_of(signup), _term(visit, thing.place))
    await settle(visit, person, fresh, Kind.WAITS)
    return RedirectResponse(f"{desk_records.address(person)}/card?signup={fresh.id}", 303)


async def answer(visit: Visit) -> Answer:
    """Say yes or no to a seat that is held, for somebody who says so at the desk."""
    person = await desk_records.open_record(visit, alone=True)
    signup = await _own(visit, person)
    offer = await waiting.open_offer(visit.session, signup.id)
    seating = await visit.session.get(Seating, offer.seating_id) if offer is not None else None
    if offer is None or seating is None:
        return desk_records.back(person, "offer_over")
    yes = visit.form.text("deed") == "yes"
    try:
        if yes:
            await waiting.accept(visit.session, offer.id, visit.house.now())
        else:
            await waiting.pass_on(visit.session, offer.id, OfferState.DECLINED, _term(visit, seating.place))
    except OfferOver:
        return desk_records.back(person, "offer_over")
    await settle(visit, person, signup, Kind.SEAT_TAKEN if yes else Kind.LEFT)
    if yes:
        return RedirectResponse(f"{desk_records.address(person)}/card?signup={signup.id}", 303)
    return desk_records.back(person, "left")


async def settle(visit: Visit, person: Person, signup: Signup, kind: Kind) -> None:
    """What follows each change: reminders, the count, the log."""
    session, house = visit.session, visit.house
    await walk_ins.touch(session, person, house.now())
    who = Caller(person.id, 0, happenings.AT_THE_DESK, "", "", person.pseudonym, person.language)
    await planning.replan_signup(session, signup.id, house.desk, house.now())
    what, _colon, number = signup.list_key.partition(":")
    thing = await seated.of_signup(session, signup)
    event, place = (thing.event, thing.place) if thing is not None else (None, house.desk.place.id)
    row = happenings.row(kind, who, house.now(), house.desk.zone, place, what=what, id=number,
                         kind=event.kind if event is not None else "")  # fmt: skip
    await happenings.record(session, row)
    await desk_records.note(visit, kind.replace("_", " "), person)


async def _own(visit: Visit, person: Person) -> Signup:
    number = seated.number_of(visit.form.text("signup"))
    signup = await visit.session.get(Signup, number, populate_existing=True) if number else None
    if signup is None or signup.person_id != person.id:
        raise Refused(404, words.NO_SUCH_PAGE)
    return signup
