"""Desk mode: somebody stands before a member of staff, is found or written down, and signed up in their language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import RedirectResponse

from bot.console import desk_signups, words
from bot.console.desk_records import address, back, has_chat, note, open_record
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, erasure, walk_ins
from bot.domain.people import Person
from bot.domain.walk_ins import MOST_FOUND, NAME_CHARS, PHONE_CHARS, KnownAlready, Told
from bot.i18n import LANGUAGES, Text, _
from flows.whereto import read_phone


@dataclass(frozen=True, slots=True)
class Entered:
    """What a form holds of somebody, and what is wrong with it."""

    told: Told
    problems: dict[str, Text] = field(default_factory=dict)
    known: int = 0  # who is written down already under the same


async def overview(_visit: Visit) -> Answer:
    """Look somebody up, or write somebody down."""
    return _home()


def _home(status: int = 200, **values: Any) -> Shown:  # noqa: ANN401 - values for a template
    nobody = Entered(Told("", "", ""))
    return Shown(
        "desk.html",
        {"found": None, "typed": "", "more": False, "entered": nobody, "name_chars": NAME_CHARS,
         "phone_chars": PHONE_CHARS, "ending": ending, **values},
        status,
    )  # fmt: skip


def ending(phone: str | None) -> str:
    """The last digits of a number: enough to tell two people of one name apart."""
    return walk_ins.digits_of(phone or "")[-3:]


async def find(visit: Visit) -> Answer:
    """Those whom the desk wrote down, by name or phone. A form and no link: a name does not belong in an address."""
    typed = visit.form.text("typed").strip()[:NAME_CHARS]
    found = await walk_ins.find(visit.session, typed)
    await audit.note(visit.session, "look up record", visit.house.now(), staff_id=visit.member.id)
    # Whoever is not found is written down next: what was typed need not be typed again.
    phone = read_phone(typed)
    entered = Entered(Told("" if phone else typed, phone, ""))
    return _home(found=found[:MOST_FOUND], typed=typed, more=len(found) > MOST_FOUND, entered=entered)


async def add(visit: Visit) -> Answer:
    """Write somebody down."""
    entered = _entered(visit)
    if entered.problems:
        return _home(422, entered=entered)
    try:
        person = await walk_ins.write_down(
            visit.session, entered.told, visit.house.desk.place.id, visit.member.id, visit.house.now(),
            another=visit.form.text("deed") == "another",
        )  # fmt: skip
    except KnownAlready as known:
        return _home(409, entered=Entered(entered.told, {}, known.person_id))
    await note(visit, "write down", person)
    return RedirectResponse(address(person), 303)


def _entered(visit: Visit) -> Entered:
    form = visit.form
    name, typed, language = " ".join(form.text("name").split()), form.text("phone").strip(), form.text("language")
    phone = read_phone(typed)
    problems: dict[str, Text] = {}
    if not name:
        problems["name"] = _("Please enter a name. A nickname is enough.")
    elif len(name) > NAME_CHARS:
        problems["name"] = _("The text is too long. At most {n} characters.", n=NAME_CHARS)
    if typed and (not phone or len(phone) > PHONE_CHARS):
        problems["phone"] = _("This is no telephone number.")
    if language not in LANGUAGES:
        problems["language"] = _("Please choose the language that this person reads best.")
    return Entered(Told(name, phone if "phone" not in problems else typed, language), problems)


async def person(visit: Visit) -> Answer:
    """One person: what they are signed up for, and what they can sign up for."""
    return await shown(visit, await open_record(visit))


async def shown(
    visit: Visit, person: Person, status: int = 200, *, problem: Text | None = None, entered: Entered | None = None,
    at: int = 0,
) -> Shown:  # fmt: skip
    """The page of a person. Opening it is noted in the log."""
    await note(visit, "read record", person)
    told = Told(person.name or "", person.phone or "", person.language)
    return Shown(
        "desk_person.html",
        {
            "person": person, "entered": entered or Entered(told), "problem": problem, "at": at,
            "name_chars": NAME_CHARS, "phone_chars": PHONE_CHARS, "joined": await has_chat(visit, person),
            "looked_after": person.reached_by is not None, "reminded": words.REMINDED,
            "mine": await desk_signups.of_person(visit, person), "offered": await desk_signups.on_offer(visit, person),
        },
        status,
    )  # fmt: skip


async def change(visit: Visit) -> Answer:
    """Mend name, phone or language."""
    person, entered = await open_record(visit, alone=True), _entered(visit)
    if entered.problems:
        return await shown(visit, person, 422, entered=entered)
    if await has_chat(visit, person) and entered.told.language != person.language:
        # In their own chat they choose it themselves.
        entered = Entered(Told(entered.told.name, entered.told.phone, person.language))
    await walk_ins.change(visit.session, person, entered.told, visit.house.now())
    await note(visit, "change record", person)
    return back(person, "saved")


async def forget(visit: Visit) -> Answer:
    """Delete a record at the wish of its person. Whoever has a chat does it there."""
    person = await open_record(visit, alone=True)
    if visit.form.text("sure") != "yes":
        return await shown(visit, person, 422, problem=_("Please tick the box first. Nothing was deleted."))
    if await has_chat(visit, person):
        raise Refused(409, _("This person has a chat of their own and deletes everything there."))
    await note(visit, "delete record", person)
    await erasure.forget_record(visit.session, person, visit.house.desk, visit.house.now())
    return RedirectResponse("/console/desk?note=forgotten", 303)
