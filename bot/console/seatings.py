"""Lists of everything with seats: who comes, who waits and why somebody was moved, who came; on screen and as files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from starlette.responses import RedirectResponse, Response

from bot.bell import OUTBOX, of_address
from bot.console import cases, words
from bot.console.details import children, remarks
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.dialog.messages import Message, Tone
from bot.domain import attendance, audit, happenings, opening, planning, policy, rosters, seats, waiting
from bot.domain.attendance import Came, Guest
from bot.domain.courses import Course, Group
from bot.domain.db import new_id, wait_for_sender
from bot.domain.events import DOOR_OPENS, Event
from bot.domain.happenings import Kind
from bot.domain.people import Address, Caller, Person
from bot.domain.policy import Verb
from bot.domain.rosters import Entry, Roster
from bot.domain.seats import NotSignedUp, Seating, Signup, SignupState
from bot.domain.waiting import Term
from bot.i18n import LANGUAGES, Text, _, joined, raw
from bot.post import post
from bot.spreadsheets import write_csv, write_xlsx
from flows.common import menu_button, person_button

MOST_REASON_CHARS: Final = 300
_MEDIA: Final = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_FILES: Final = {"people": _("Who comes"), "waiting": _("Waiting list")}

Cell: TypeAlias = Text | int | datetime | None


@dataclass(frozen=True, slots=True)
class Thing:
    """What the seats are for: an event, or a group of a course. `address`: where it stands in the console."""

    seating: Seating
    event: Event | None
    group: Group | None
    course: Course | None

    def title(self, language: str) -> str:
        """What it is called, in this language or the next best."""
        if self.event is not None:
            return self.event.title(language)
        return f"{self.course.title(language)} · {self.group.name}" if self.course and self.group else ""

    @property
    def address(self) -> str:
        """Where it stands in the console."""
        return f"/console/{'events' if self.event is not None else 'groups'}/{self.seating.id}"

    def door_open(self, now: datetime) -> bool:
        """Whether it can be written down who came. For a course that is done by session."""
        starts_at = self.seating.starts_at
        return self.event is not None and starts_at is not None and starts_at - DOOR_OPENS <= now


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what stands in it, and the sign-up that it tells of."""

    entry: Entry
    cells: Sequence[Cell] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown and as it is handed out."""

    header: Sequence[Text]
    rows: Sequence[Row] = field(repr=False)


async def open_thing(visit: Visit, verb: Verb = Verb.READ_PEOPLE) -> Thing:
    """What the address names. Raises Refused where there is none, or where it is none of this member's places."""
    number = visit.request.path_params.get("seating") or visit.request.path_params.get("event") or 0
    seating = await visit.session.get(Seating, number) if number <= LARGEST_ID else None
    if seating is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    if not visit.may(verb, policy.Case(place=seating.place)):
        raise Refused(403, words.NOT_ALLOWED)
    group = await visit.session.get(Group, seating.id)
    course = await visit.session.get(Course, group.course_id) if group is not None else None
    return Thing(seating, await visit.session.get(Event, seating.id), group, course)


def term(visit: Visit, seating: Seating) -> Term:
    """Now, and until when a seat that is offered now is held."""
    now = visit.house.now()
    return Term(now, opening.offer_until(visit.house.desk.place_of(seating.place), now))


async def listed(visit: Visit) -> Answer:
    """The lists of one event or group. Opening them is noted in the log."""
    return await _shown(visit, await open_thing(visit))


async def _shown(visit: Visit, thing: Thing, problem: Text | None = None, status: int = 200, at: int = 0) -> Shown:
    await audit.note(visit.session, "read list", visit.house.now(), staff_id=visit.member.id)
    roster = await rosters.of_seating(visit.session, thing.seating)
    return Shown(
        "seating.html",
        {
            "thing": thing, "roster": roster, "title": thing.title(visit.member.language), "seating": thing.seating,
            "going": _going(thing, roster), "waiting": _waiting(roster), "problem": problem, "at": at,
            "changes": visit.may(Verb.RUN_SERVICES, policy.Case(place=thing.seating.place)),
            "door": thing.door_open(visit.house.now()), "came": Came, "guest": Guest, "counted": new_id(),
            "offered": SignupState.OFFERED, "holders": await cases.names(visit.session),
            "moved": await rosters.names(visit.session, [one.signup_id for one in roster.moves]),
            "most_reason": MOST_REASON_CHARS,
        },
        status,
    )  # fmt: skip


def _going(thing: Thing, roster: Roster) -> Table:
    childcare = thing.event is not None and thing.event.childcare
    header = [_("Name"), _("People"), _("Language"), _("Reminder"), _("Says they come")]
    header += [_("Childcare")] if childcare else []
    header += [_("Remarks")] + ([_("Came")] if thing.event is not None else [])
    rows = []
    for one in roster.going:
        cells = [*_who(one), _said(one.signup.coming)]
        cells += [children(one.signup)] if childcare else []
        cells.append(_remarks(one.signup))
        if thing.event is not None:
            cells.append({Came.YES: _("Came"), Came.NO: _("Did not come")}.get(one.came) if one.came else None)
        rows.append(Row(one, cells))
    return Table(header, rows)


def _waiting(roster: Roster) -> Table:
    header = [
        _("Place on the list"), _("Name"), _("People"), _("Language"), _("Reminder"), _("Remarks"), _("Waits since"),
        _("A seat is held until"),
    ]  # fmt: skip
    rows = [
        Row(one, [one.place, *_who(one), _remarks(one.signup), one.signup.made_at,
                  one.offer.expires_at if one.offer is not None else None])
        for one in roster.waiting
    ]  # fmt: skip
    return Table(header, rows)


def _who(entry: Entry) -> list[Cell]:
    language = entry.person.language
    return [
        name_of(entry), entry.signup.seats, raw(LANGUAGES[language].native if language in LANGUAGES else language),
        words.REMINDED.get(entry.signup.remind, raw("")),
    ]  # fmt: skip


def name_of(entry: Entry) -> Text:
    """Under which name somebody signed up; nobody has to give one."""
    name = entry.signup.name or entry.person.name or ""
    return raw(name) if name else _("No name")


def _said(coming: bool | None) -> Text | None:  # noqa: FBT001 - three answers: yes, no, none
    return None if coming is None else _yes(coming)


def _yes(value: object) -> Text:
    return _("Yes") if value else _("No")


def _remarks(signup: Signup) -> Text | None:
    found = remarks(signup)
    return joined(found) if found else None


async def as_file(visit: Visit) -> Answer:
    """One of the lists for a spreadsheet, as it stands on the screen."""
    name, _dot, kind = visit.request.path_params["file"].partition(".")
    thing = await open_thing(visit)
    if name not in _FILES or kind not in _MEDIA:
        raise Refused(404, words.NO_SUCH_PAGE)
    await audit.note(visit.session, "export list", visit.house.now(), staff_id=visit.member.id)
    roster = await rosters.of_seating(visit.session, thing.seating)
    table = _going(thing, roster) if name == "people" else _waiting(roster)
    cells = [row.cells for row in table.rows]
    return download(visit, table.header, cells, _FILES[name], f"{name}-{thing.seating.id}.{kind}")


def download(
    visit: Visit, header: Sequence[Text], rows: Sequence[Sequence[Cell]], title: Text, name: str
) -> Callable[[], Awaitable[Response]]:
    """A table in the member's language as the file `name`, whose ending says of which kind: csv or xlsx."""
    house, language = visit.house, visit.member.language

    def told(cell: Cell) -> str | int | datetime | None:
        if isinstance(cell, Text):
            return house.catalogs.say(cell, language)
        return cell.astimezone(house.desk.zone) if isinstance(cell, datetime) else cell

    said = [[told(cell) for cell in row] for row in rows]
    tops, kind = [house.catalogs.say(one, language) for one in header], name.rpartition(".")[2]
    right_to_left = LANGUAGES[language].right_to_left

    async def send() -> Response:
        if kind == "csv":
            data = write_csv(said, tops)
        else:
            named = house.catalogs.say(title, language)
            data = await asyncio.to_thread(write_xlsx, said, tops, named, right_to_left=right_to_left)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type=_MEDIA[kind], headers=headers)

    return send


async def mark(visit: Visit) -> Answer:
    """Write down whether somebody came, or take that back."""
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    signup = await _named(visit, thing, SignupState.GOING)
    typed = visit.form.text("came")
    if not thing.door_open(visit.house.now()) or typed not in {"", Came.YES, Came.NO}:
        raise Refused(409, _("It has not begun yet: who came can be written down later."))
    now, by = visit.house.now(), visit.member.id
    if not typed:
        await attendance.unmark(visit.session, thing.seating.id, signup.id)
        await _count(visit, thing, Kind.ATTENDED, signup, people=0)
        return _back(visit, thing, "undone", f"#s{signup.id}")
    people = signup.seats if typed == Came.YES else 0
    guest = Guest.LOCAL if signup.details.get("origin") == Guest.LOCAL else Guest.NEWCOMER
    if await attendance.mark(
        visit.session, thing.seating.id, signup.id, Came(typed), now, by=by, people=people, guest=guest
    ):
        kind = Kind.ATTENDED if typed == Came.YES else Kind.ABSENT
        await _count(visit, thing, kind, signup, people=people, guest=str(guest))
    return _back(visit, thing, "saved", f"#s{signup.id}")


async def _named(visit: Visit, thing: Thing, *states: SignupState) -> Signup:
    """The sign-up that the form names, if it is one of these seats or of this list. Raises Refused."""
    signup = await visit.session.get(Signup, number_of(visit.form.text("signup")), populate_existing=True)
    if signup is None or signup.list_key != thing.seating.list_key or signup.state not in states:
        raise Refused(404, _("This sign-up has ended meanwhile, or is none of this list."))
    if signup.state == SignupState.GOING and signup.seating_id != thing.seating.id:
        raise Refused(404, _("This sign-up has ended meanwhile, or is none of this list."))
    return signup


def number_of(typed: str) -> int:
    """An identity from a form; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(LARGEST_ID)) else 0


async def _count(visit: Visit, thing: Thing, kind: Kind, signup: Signup | None, **data: str | int) -> None:
    """Note what happened at the desk, under the pseudonym of whom it concerns, if anybody is known."""
    person = await visit.session.get(Person, signup.person_id) if signup is not None else None
    caller = Caller(person.id if person else 0, 0, happenings.AT_THE_DESK, "", "", person.pseudonym if person else "",
                    person.language if person else "")  # fmt: skip
    what = {"what": "event", "kind": thing.event.kind} if thing.event is not None else {"what": "course"}
    row = happenings.row(kind, caller, visit.house.now(), visit.house.desk.zone, thing.seating.place,
                         id=str(thing.seating.id), **what, **data)  # fmt: skip
    await happenings.record(visit.session, row)


def _back(visit: Visit, thing: Thing, note: str, part: str = "") -> Response:
    where = f"{thing.address}/door" if visit.form.text("back") == "door" else f"/console/seatings/{thing.seating.id}"
    return RedirectResponse(f"{where}?note={note}{part}", 303)


async def count_walk_in(visit: Visit) -> Answer:
    """Somebody came in without a sign-up. The same form sent twice counts once."""
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    typed, fresh = visit.form.text("guest"), number_of(visit.form.text("counted"))
    if typed not in set(Guest) or not fresh:
        raise Refused(400, words.TOO_OLD)
    if not thing.door_open(visit.house.now()):
        raise Refused(409, _("It has not begun yet: who came can be written down later."))
    await seats.lock(visit.session, thing.seating.id)
    guest = Guest(typed)
    if await attendance.count_walk_in(
        visit.session, thing.seating.id, guest, 1, visit.house.now(), by=visit.member.id, as_id=fresh
    ):
        await _count(visit, thing, Kind.WALKED_IN, None, people=1, guest=str(guest))
    return _back(visit, thing, "counted", "#walk-ins")


async def forget_walk_in(visit: Visit) -> Answer:
    """Take the count of somebody who came in back."""
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    number = number_of(visit.form.text("walk_in"))
    found = await attendance.of_seating(visit.session, thing.seating.id)
    one = next((one for one in found if one.id == number and one.signup_id is None), None)
    if one is not None:
        await attendance.forget_walk_in(visit.session, one.id)
        await _count(visit, thing, Kind.WALKED_IN, None, people=-one.people, guest=one.guest)
    return _back(visit, thing, "undone", "#walk-ins")


async def move(visit: Visit) -> Answer:
    """Put somebody at another place of the waiting list, with the reason."""
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    signup = await _named(visit, thing, SignupState.WAITING, SignupState.OFFERED)
    reason, place = visit.form.text("reason").strip()[:MOST_REASON_CHARS], number_of(visit.form.text("place"))
    await seats.hold(visit.session)
    if not place or await waiting.position(visit.session, signup) != number_of(visit.form.text("was")):
        return _back(visit, thing, "list_changed", "#waiting")
    if not reason:
        return await _shown(visit, thing, words.NOTES["reason"], 422, signup.id)
    await waiting.move(visit.session, signup.id, place, reason, visit.member.id, visit.house.now())
    await audit.note(visit.session, "move on list", visit.house.now(), staff_id=visit.member.id)
    return _back(visit, thing, "moved", "#waiting")


async def end(visit: Visit) -> Answer:
    """End somebody's sign-up, with the reason. They are told, and the seat goes to the next."""
    thing = await open_thing(visit, Verb.RUN_SERVICES)
    signup = await _named(visit, thing, *seats.ACTIVE)
    reason = visit.form.text("reason").strip()[:MOST_REASON_CHARS]
    if not reason:
        return await _shown(visit, thing, words.NOTES["reason"], 422, signup.id)
    address = await visit.session.get(Address, signup.address_id) if signup.address_id is not None else None
    if address is not None:
        await wait_for_sender(
            visit.session, address.sender
        )  # before the seats: whoever writes holds both in this order
    try:
        await rosters.remove(visit.session, signup.id, reason, visit.member.id, term(visit, thing.seating))
    except NotSignedUp:
        return _back(visit, thing, "list_changed")
    now = visit.house.now()
    await planning.replan_signup(visit.session, signup.id, visit.house.desk, now)
    await audit.note(visit.session, "end sign-up", now, staff_id=visit.member.id)
    await _count(visit, thing, Kind.LEFT, signup, by="desk")
    told = address is not None and await _tell(visit, thing, signup, address)
    return _back(visit, thing, "signup_over" if told else "signup_over_call")


async def _tell(visit: Visit, thing: Thing, signup: Signup, address: Address) -> bool:
    """Write to somebody that the desk has ended their sign-up; False where they cannot be written to."""
    if address.channel not in visit.house.channels or address.unreachable_at is not None:
        return False
    person = await visit.session.get_one(Person, address.person_id)
    said = _("The desk has ended one of your sign-ups. If you do not know why, please ask a person.")
    if not person.discreet:
        said = _("The desk has ended your sign-up: {title}. If you do not know why, please ask a person.",
                 title=raw(thing.title(person.language)))  # fmt: skip
    message = Message(said, tone=Tone.NOTICE, buttons=(person_button(), menu_button()))
    await post(visit.session, visit.house, address.id, message, f"signup-over:{signup.id}", staff_id=visit.member.id)
    visit.ring(OUTBOX, of_address(address.id))
    return True
