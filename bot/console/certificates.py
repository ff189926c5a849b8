"""Certificates of a group: who has come often enough, issued by a tick, handed over in the chat or on paper."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from bot.bell import OUTBOX, of_address
from bot.console import courses as course_pages
from bot.console import lessons, words
from bot.console.attendance import pdf
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.lessons import Open
from bot.console.pages import Shown
from bot.dialog.messages import Document, Message, Tone
from bot.domain import certificates, rolls
from bot.domain.certificates import Certificate, Draft
from bot.domain.db import wait_for_sender
from bot.domain.people import Address, Person
from bot.domain.rolls import Standing
from bot.domain.seats import Signup
from bot.i18n import LANGUAGES, Text, _, joined
from bot.post import post
from flows.common import menu_button, person_button

FILE: Final = "potrdilo.pdf"
_LONGEST_NAME: Final = 80
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One learner with what they attended and the certificate that they have."""

    signup: Signup
    standing: Standing
    certificate: Certificate | None
    enough: bool
    language: str
    reachable: bool
    name: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    ticked: bool = False
    problem: Text | None = None


async def overview(visit: Visit) -> Answer:
    """Everybody with a seat, how much they attended, and their certificate. Opening it is noted in the log."""
    opened = await lessons.group_of(visit)
    await lessons.note(visit, "read certificates")
    return await _shown(visit, opened, await _rows(visit, opened))


async def _shown(visit: Visit, opened: Open, rows: list[Row], status: int = 200, problem: Text | None = None) -> Shown:
    roll = await rolls.of_group(visit.session, opened.group.id)
    return Shown(
        "certificates.html",
        {
            **course_pages.naming(visit), "opened": opened, "group": opened.group, "course": opened.course,
            "rows": rows, "share": visit.house.desk.certificate_share, "unmarked": roll.unmarked(visit.house.now()),
            "ahead": [one for one in roll.held if one.starts_at > visit.house.now()], "problem": problem,
            "most_name": _LONGEST_NAME, "most_reason": _LONGEST_REASON,
        },
        status,
    )  # fmt: skip


async def _rows(visit: Visit, opened: Open) -> list[Row]:
    roll = await rolls.of_group(visit.session, opened.group.id)
    issued = await certificates.of_seating(visit.session, opened.group.id)
    share = visit.house.desk.certificate_share
    found = []
    for signup in roll.learners:
        one, standing = issued.get(signup.id), roll.standing(signup)
        person = await visit.session.get_one(Person, signup.person_id)
        found.append(Row(
            signup, standing, one, standing.percent >= share, one.language if one else person.language,
            await _reachable(visit, signup) is not None, one.name if one else signup.name, one.reason if one else "",
        ))  # fmt: skip
    return found


async def _reachable(visit: Visit, signup: Signup) -> Address | None:
    """Where something can be sent to this person now."""
    address = await visit.session.get(Address, signup.address_id) if signup.address_id is not None else None
    if address is None or address.unreachable_at is not None or address.channel not in visit.house.channels:
        return None
    return address


async def issue(visit: Visit) -> Answer:
    """Issue what is ticked, and send it where the member asked for that. All of it or, on a fault, nothing."""
    opened = await lessons.group_of(visit)
    rows = [_entered(visit, row) for row in await _rows(visit, opened)]
    ticked = [row for row in rows if row.ticked]
    if not ticked:
        return await _shown(visit, opened, rows, 422, _("Please tick somebody. Nothing was issued."))
    if any(row.problem for row in ticked):
        return await _shown(visit, opened, rows, 422, _("Nothing was issued yet. Please look at the marked rows."))
    sent = visit.form.text("send") == "yes"
    addresses = {row.signup.id: await _reachable(visit, row.signup) for row in ticked} if sent else {}
    for sender in sorted(address.sender for address in addresses.values() if address is not None):
        await wait_for_sender(visit.session, sender)  # before the lock of the seats, as everywhere
    for row in ticked:
        one = await _issued(visit, opened, row)
        address = addresses.get(row.signup.id)
        if address is not None:
            await _send(visit, opened, one, address)
    return RedirectResponse(f"{opened.path}/certificates?note={'issued_sent' if sent else 'issued'}", 303)


def _entered(visit: Visit, row: Row) -> Row:
    """The row with what was typed into it, and what is wrong with that."""
    number = str(row.signup.id)
    name = " ".join(visit.form.text(f"name_{number}").split())
    reason = " ".join(visit.form.text(f"reason_{number}").split())
    language = visit.form.text(f"language_{number}")
    ticked = number in visit.form.every("ticked")
    problem = None
    if not name or len(name) > _LONGEST_NAME:
        problem = _("Please write the full name as it should stand on the paper.")
    elif not row.enough and not reason:
        problem = _("This is less than the desk asks for. Please write why it is issued all the same.")
    elif len(reason) > _LONGEST_REASON:
        problem = _("The text is too long. At most {n} characters.", n=_LONGEST_REASON)
    return Row(
        row.signup, row.standing, row.certificate, row.enough, language if language in LANGUAGES else row.language,
        row.reachable, name, reason, ticked, problem if ticked else None,
    )  # fmt: skip


async def _issued(visit: Visit, opened: Open, row: Row) -> Certificate:
    again = row.certificate is not None
    draft = Draft(row.name, await _facts(visit, opened, row.standing), row.language, "" if row.enough else row.reason)
    one = await certificates.issue(
        visit.session, row.signup.id, draft, visit.member.id, lessons.today(visit), visit.house.now()
    )
    await lessons.note(visit, "reissue certificate" if again else "issue certificate")
    return one


async def _facts(visit: Visit, opened: Open, standing: Standing) -> dict[str, Any]:
    """What stands on the paper, as it is now."""
    roll = await rolls.of_group(visit.session, opened.group.id)
    days = [one.day for one in roll.held]
    place = visit.house.desk.place_of(opened.course.place)
    return {
        "titles": {code: text["title"] for code, text in opened.course.texts.items() if text.get("title")},
        "level": opened.course.level, "first": min(days).isoformat() if days else lessons.today(visit).isoformat(),
        "last": max(days).isoformat() if days else lessons.today(visit).isoformat(),
        "minutes": [standing.minutes, standing.all_minutes], "sessions": [standing.attended, standing.all],
        "place": opened.group.where or place.name, "town": place.name, "desk": visit.house.desk.name,
    }  # fmt: skip


def paper(visit: Visit, one: Certificate) -> dict[str, Any]:
    """What the PDF is made from."""
    from bot.paper.certificate import Facts, content  # with its libraries, which nobody needs at the start

    told: Mapping[str, Any] = one.facts
    facts = Facts(
        one.name, told["titles"], told["level"], date.fromisoformat(told["first"]), date.fromisoformat(told["last"]),
        (told["minutes"][0], told["minutes"][1]), (told["sessions"][0], told["sessions"][1]), told["place"],
        told["town"], one.issued_on, one.serial, told["desk"],
    )  # fmt: skip
    return content(facts, one.language, visit.house.catalogs)


async def _send(visit: Visit, opened: Open, one: Certificate, address: Address) -> None:
    """Hand the file over in the chat. A certificate that was written anew is sent anew."""
    person = await visit.session.get_one(Person, address.person_id)
    title = opened.course.title(person.language)
    said = [
        _("Here is a file for you from the desk.") if person.discreet
        else _("🎓 Here is your certificate of the course “{course}”.", course=title),
        _("Please keep the file: it can be opened here for a day. The desk can send it again."),
    ]  # fmt: skip
    message = Message(
        joined(said), tone=Tone.NOTICE, buttons=(person_button(), menu_button()),
        document=Document("datoteka.pdf" if person.discreet else FILE, "certificate", paper(visit, one)),
    )  # fmt: skip
    occasion = f"certificate:{one.id}:{int(visit.house.now().timestamp())}"
    await post(visit.session, visit.house, address.id, message, occasion)
    one.sent_at = visit.house.now()
    await visit.session.flush()
    visit.ring(OUTBOX, of_address(address.id))


async def download(visit: Visit) -> Answer:
    """One certificate as a file."""
    opened = await lessons.group_of(visit)
    number = visit.request.path_params["signup"]
    one = await certificates.of_signup(visit.session, number) if number <= LARGEST_ID else None
    if one is None or one.seating_id != opened.group.id:
        raise Refused(404, words.NO_SUCH_PAGE)
    await lessons.note(visit, "print certificate")
    what, name = paper(visit, one), f"potrdilo-{one.serial}.pdf"

    async def made() -> Response:
        from bot.paper.certificate import certificate

        return pdf(await asyncio.to_thread(certificate, what), name)

    return made
