"""Meetings with mentors as staff see them: what waits, what is to come, what became of it; answers in their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.responses import RedirectResponse

from bot.bell import DESK
from bot.console import words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.mentors import may, title_of
from bot.console.pages import Shown
from bot.console.seatings import Cell, download
from bot.domain import arranging, audit, bookings, checks, meetings, mentors, planning
from bot.domain.booking_news import Side
from bot.domain.bookings import TAKEN, Booking, BookingState, NotShown, Over, TimeGone
from bot.domain.masking import masked
from bot.domain.mentors import Mentor
from bot.domain.people import Address, Person
from bot.domain.policy import Verb
from bot.domain.wall import instant
from bot.i18n import Text, _, raw
from flows.meeting_lines import topic_name

MOST_REASON_CHARS: Final = 300
MOST_TIMES: Final = 3  # that are suggested at once
_SLOTS: Final = 24  # free times to choose from
_PAST: Final = timedelta(days=30)
_LATER: Final = timedelta(days=400)
_MOST: Final = 300
_ENDS: Final = {"met": BookingState.MET, "missed": BookingState.MISSED, "alone": BookingState.ALONE}
_FILES: Final = ("csv", "xlsx")
Listed = list[tuple[Booking, Mentor]]


async def overview(visit: Visit) -> Answer:
    """What waits for an answer, what is to come, what staff are to settle, and what was lately."""
    found = await _found(visit)
    now = visit.house.now()
    waiting = [one for one in found if one[0].state in TAKEN[:2] and one[0].starts_at > now]
    coming = [one for one in found if one[0].state == BookingState.AGREED and one[0].starts_at > now]
    open_ = [one for one in found if one[0].state == BookingState.AGREED and one[0].starts_at <= now]
    seen = {one[0].id for one in (*waiting, *coming, *open_)}
    return Shown(
        "bookings.html",
        {
            "waiting": waiting, "coming": coming, "to_settle": open_, "topic": topic_name, "title_of": title_of,
            "before": [one for one in reversed(found) if one[0].id not in seen], "states": words.BOOKING_STATES,
            "linked": await _linked(visit, [mentor for _booking, mentor in waiting]), "waits": len(waiting),
        },
    )  # fmt: skip


async def _found(visit: Visit) -> Listed:
    """The meetings of the last weeks and those to come, soonest first, of mentors whom this member may see."""
    since = visit.house.now() - _PAST
    rows = await visit.session.execute(
        select(Booking, Mentor)
        .join(Mentor, Mentor.id == Booking.mentor_id)
        .where(Booking.starts_at > since, Booking.starts_at < visit.house.now() + _LATER)
        .order_by(Booking.starts_at, Booking.id)
        .limit(_MOST)
    )
    return [(booking, mentor) for booking, mentor in rows if may(visit, mentor, Verb.READ_PEOPLE)]


async def _linked(visit: Visit, listed: Sequence[Mentor]) -> set[int]:
    """Those of these mentors who answer in a chat of their own."""
    return {one.id for one in listed if await mentors.address_of(visit.session, one) is not None}


async def as_file(visit: Visit) -> Answer:
    """The same for a spreadsheet; nothing in it says who the person is."""
    kind = visit.request.path_params["kind"]
    if kind not in _FILES:
        raise Refused(404, words.NO_SUCH_PAGE)
    header = (_("When"), _("Mentor"), _("State"), _("Topic"), _("Language"), _("Online"), _("Mediator wanted"))
    rows: list[list[Cell]] = [
        [
            booking.starts_at, title_of(mentor), words.BOOKING_STATES[booking.state], topic_name(booking.topic),
            raw(booking.language), _("Yes") if booking.online else _("No"),
            _("Yes") if booking.mediator else _("No"),
        ]
        for booking, mentor in await _found(visit)
    ]  # fmt: skip
    await audit.note(visit.session, "export bookings", visit.house.now(), staff_id=visit.member.id)
    return download(visit, header, rows, _("Meetings"), f"meetings.{kind}")


async def _open(visit: Visit, verb: Verb, *, alone: bool = False) -> tuple[Booking, Mentor]:
    """The meeting that the address names. Raises Refused."""
    number = visit.request.path_params["booking"]
    booking = await bookings.get(visit.session, number) if number <= LARGEST_ID else None
    mentor = None
    if booking is not None:  # the mentor before the booking, as everywhere
        find = mentors.lock if alone else mentors.get
        mentor = await find(visit.session, booking.mentor_id)
        booking = await bookings.get(visit.session, number)
    if booking is None or mentor is None or not may(visit, mentor, verb):
        raise Refused(404, words.NO_SUCH_PAGE)
    return booking, mentor


async def show(visit: Visit) -> Answer:
    """One meeting: what was asked, and what staff can do in the mentor's place. Looking is noted."""
    booking, mentor = await _open(visit, Verb.READ_PEOPLE)
    return await _shown(visit, booking, mentor)


async def _shown(
    visit: Visit, booking: Booking, mentor: Mentor, problem: Text | None = None, status: int = 200, **typed: Any,  # noqa: ANN401
) -> Shown:  # fmt: skip
    now, session = visit.house.now(), visit.session
    person = await session.get(Person, booking.person_id)
    await audit.note(session, "read booking", now, staff_id=visit.member.id,
                     pseudonym=person.pseudonym if person else "")  # fmt: skip
    address = await session.get(Address, booking.address_id) if booking.address_id else None
    free = (await bookings.free(session, [mentor], now, but=booking.id))[mentor.id] if booking.event_id is None else []
    free = [one for one in free if one.starts_at != booking.starts_at][:_SLOTS]
    return Shown(
        "booking.html",
        {
            "booking": booking, "mentor": mentor, "name": title_of(mentor), "problem": problem, "typed": typed,
            "states": words.BOOKING_STATES, "topic": topic_name(booking.topic), "reminded": words.REMINDED,
            "wish": masked(str(booking.details.get("wish", ""))), "reasons": booking.details.get("reasons", ()),
            "person_language": person.language if person else "en", "free": free,
            "reached": address is not None and address.unreachable_at is None,
            "linked": bool(await _linked(visit, [mentor])), "good": checks.good(
                mentor.checked_on, visit.house.desk, now), "most_reason": MOST_REASON_CHARS, "most_times": MOST_TIMES,
            "begun": booking.starts_at <= now, "changes": may(visit, mentor),
            "suggested": [(day, minute, instant(day, minute, ZoneInfo(booking.zone)))
                          for day, minute in booking.suggested],
        },
        status,
    )  # fmt: skip


async def answer(visit: Visit) -> Answer:
    """Answer in the mentor's place, call off, or write down what became of it."""
    booking, mentor = await _open(visit, Verb.RUN_SERVICES, alone=True)
    deed, now = visit.form.text("deed"), visit.house.now()
    try:
        problem = await _act(visit, booking, deed)
    except Over:
        return await _shown(visit, booking, mentor, _("This meeting has changed meanwhile. Nothing was done."), 409)
    except TimeGone:
        return await _shown(visit, booking, mentor, _("One of these times is taken by now. Nothing was done."), 409)
    except NotShown:
        problem = _("The check of this mentor is missing or too old. Please renew it first.")
        return await _shown(visit, booking, mentor, problem, 409)
    if problem is not None:
        return await _shown(visit, booking, mentor, problem, 422, reason=visit.form.text("reason"))
    await planning.replan_booking(visit.session, booking.id, visit.house.desk, now)
    await audit.note(visit.session, f"booking {deed}", now, staff_id=visit.member.id)
    visit.ring(DESK)
    return RedirectResponse(f"/console/bookings/{booking.id}?note=saved", 303)


async def _act(visit: Visit, booking: Booking, deed: str) -> Text | None:
    """Do it; a sentence when something is missing in the form. Raises BookingError."""
    session, desk, now = visit.session, visit.house.desk, visit.house.now()
    reason = " ".join(visit.form.text("reason").split())
    if deed == "accept":
        await arranging.accept(session, booking.id, desk, now)
    elif deed == "decline":
        if not reason or len(reason) > MOST_REASON_CHARS:
            return _("Please write the reason. Nothing was changed.")
        await arranging.decline(session, booking.id, reason, now)
    elif deed == "suggest":
        times = _times(visit.form.every("time"))
        if not times:
            return _("Please choose one to three times.")
        await arranging.suggest(session, booking.id, times, now)
    elif deed == "cancel":
        if visit.form.text("sure") != "yes":
            return _("Please tick the box first. Nothing was changed.")
        await arranging.cancel(session, booking.id, Side.DESK, desk, now)
    elif deed in _ENDS:
        await meetings.decide(session, booking.id, _ENDS[deed], desk, now)
    else:
        raise Refused(400, words.TOO_OLD)
    return None


def _times(typed: Sequence[str]) -> list[tuple[date, int]]:
    """The chosen times; none when they are not one to three."""
    try:
        parts = [one.split(".") for one in typed]
        found = sorted({(date.fromisoformat(day), int(minute)) for day, minute in parts})
    except ValueError:
        return []
    return found if 1 <= len(found) <= MOST_TIMES else []
