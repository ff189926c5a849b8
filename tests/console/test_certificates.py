"""Certificates: issued by a tick, below the share only with a reason, with one number for ever, sent in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from bot.domain import absences, certificates
from bot.domain.attendance import Came
from bot.domain.certificates import Certificate, Draft
from bot.domain.courses import Group
from bot.domain.documents import Document
from bot.domain.people import Person
from bot.domain.seats import Signup
from bot.paper.makers import make
from tests.console.browser import Console, Fields
from tests.console.taught import group_now, has_chat, has_course, has_group, learns, verbs
from tests.desk import Guest


async def taught(
    console: Console, came: dict[str, Sequence[Came]], guest: Guest | None = None
) -> tuple[Group, list[Signup]]:
    """A group of four sessions that are over; `guest` is the first of its people."""
    group = await has_group(console, await has_course(console))
    people = []
    for number, name in enumerate(came):
        people.append(await learns(console, group, name, guest if number == 0 else None))
    console.desk.clock.pass_(days=30)
    sessions = (await group_now(console, group.id))[2]
    async with console.desk.house.db.transaction() as session:
        for signup, marks in zip(people, came.values(), strict=True):
            for one, mark in zip(sessions, marks, strict=True):
                await absences.take(session, group.id, one.id, {signup.id: mark}, 1, console.desk.clock())
    return group, people


YES, NO = Came.YES, Came.NO


async def issued(console: Console) -> list[Certificate]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(Certificate).order_by(Certificate.number)))


def entered(*people: Signup, **more: str) -> dict[str, Fields]:
    return {
        "ticked": [str(one.id) for one in people],
        **{f"name_{one.id}": f"{one.name} Oseba" for one in people},
        **more,
    }


async def test_issued_and_sent_in_the_chat_in_two_languages(console: Console) -> None:
    guest = await has_chat(console, "ar")
    group, (ana,) = await taught(console, {"Ana": (YES, YES, YES, NO)}, guest)
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    page = await browser.get(path)
    assert ("3 of 4 · 75 %" in page.text, "No chat: print it" in page.text) == (True, False)
    page = await browser.submit(path, **entered(ana), send="yes")
    assert "The certificates are issued. Whoever has a chat gets theirs there." in page.text
    (one,) = await issued(console)
    assert (one.serial, one.name, one.language, one.reason) == ("2026-0001", "Ana Oseba", "ar", "")
    assert (one.facts["minutes"], one.facts["sessions"]) == ([270, 360], [3, 4])
    async with console.desk.house.db.reading() as session:
        document = (await session.scalars(select(Document))).one()
    assert (document.name, document.maker) == ("potrdilo.pdf", "certificate")
    assert [column["language"] for column in document.content["columns"]] == ["sl", "ar"]
    assert make(document.maker, document.name, document.content).data[:5] == b"%PDF-"
    (laid,) = await guest.reads()
    assert (laid.document.name if laid.document else "", "🎓" in laid.text) == ("potrdilo.pdf", True)
    downloaded = await browser.get(f"{path}/{ana.id}.pdf")
    assert (downloaded.status, downloaded.body[:5]) == (200, b"%PDF-")
    assert downloaded.headers["Content-Disposition"] == 'attachment; filename="potrdilo-2026-0001.pdf"'
    assert [verb for verb in await verbs(console) if "certificate" in verb] == [
        "read certificates", "issue certificate", "read certificates", "print certificate",
    ]  # fmt: skip


async def test_less_than_the_desk_asks_for_needs_a_reason(console: Console) -> None:
    group, (ana, bor) = await taught(console, {"Ana": (YES, YES, NO, NO), "Bor": (YES, YES, YES, YES)})
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    await browser.get(path)
    page = await browser.submit(path, **entered(ana, bor), send="no")
    assert (page.status, "This is less than the desk asks for." in page.text, await issued(console)) == (422, True, [])
    assert "Bor Oseba" in page.html
    reason = "Sample reason"
    page = await browser.submit(path, **entered(ana, bor, **{f"reason_{ana.id}": reason}), send="no")
    assert "The certificates are issued." in page.text
    assert [(one.serial, one.name, one.reason, one.sent_at) for one in await issued(console)] == [
        ("2026-0001", "Ana Oseba", reason, None), ("2026-0002", "Bor Oseba", "", None),
    ]  # fmt: skip
    assert await console.desk.count(Document) == 0


async def test_a_second_issue_keeps_number_and_day(console: Console) -> None:
    group, (ana,) = await taught(console, {"Ana": (YES, YES, YES, YES)})
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    for name in ("Ana Oseba", "Ana Druga"):
        await browser.get(path)
        await browser.submit(path, **{**entered(ana), f"name_{ana.id}": name}, send="no")
        console.desk.clock.pass_(minutes=5)
    (one,) = await issued(console)
    assert (one.serial, one.name) == ("2026-0001", "Ana Druga")
    assert [verb for verb in await verbs(console) if "issue" in verb] == ["issue certificate", "reissue certificate"]


async def test_numbers_are_given_once_whoever_issues_at_the_same_moment(console: Console) -> None:
    names = [f"Sample {number}" for number in range(6)]
    _group, people = await taught(console, dict.fromkeys(names, (YES, YES, YES, YES)))
    house = console.desk.house

    async def issue(signup: Signup) -> str:
        async with house.db.transaction() as session:
            draft = Draft(signup.name, {}, "en")
            return (await certificates.issue(session, signup.id, draft, 1, date(2026, 12, 30), house.now())).serial

    serials = await asyncio.gather(*(issue(one) for one in (*people, *people)))
    assert serials[:6] == serials[6:]
    assert sorted(serials[:6]) == [f"2026-000{number}" for number in range(1, 7)]


async def test_nobody_ticked_or_without_a_name_is_said(console: Console) -> None:
    group, (ana,) = await taught(console, {"Ana": (YES, YES, YES, YES)})
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    await browser.get(path)
    page = await browser.submit(path, send="yes")
    assert (page.status, "Please tick somebody. Nothing was issued." in page.text) == (422, True)
    page = await browser.submit(path, **{**entered(ana), f"name_{ana.id}": "  "}, send="yes")
    assert (page.status, "Please write the full name" in page.text) == (422, True)
    page = await browser.submit(path, ticked=["1", "x"], send="yes")
    assert (page.status, await issued(console)) == (422, [])
    other = await has_group(console, await has_course(console), (40,), name="Other")
    assert (await browser.get(f"/console/groups/{other.id}/certificates/{ana.id}.pdf")).status == 404


async def test_in_discreet_mode_the_message_names_nothing(console: Console) -> None:
    guest = await has_chat(console)
    group, (ana,) = await taught(console, {"Ana": (YES, YES, YES, YES)}, guest)
    async with console.desk.house.db.transaction() as session:
        (await session.get_one(Person, ana.person_id)).discreet = True
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    await browser.get(path)
    await browser.submit(path, **entered(ana), send="yes")
    (laid,) = await guest.reads()
    assert (laid.document.name if laid.document else "", laid.text.splitlines()[0]) == (
        "datoteka.pdf", "Here is a file for you from the desk.",
    )  # fmt: skip


async def test_the_certificate_goes_with_the_person(console: Console) -> None:
    guest = await has_chat(console)
    group, (ana,) = await taught(console, {"Ana": (YES, YES, YES, YES)}, guest)
    browser = await console.staff()
    path = f"/console/groups/{group.id}/certificates"
    await browser.get(path)
    await browser.submit(path, **entered(ana), send="no")
    await guest.says("/delete")
    await guest.says("yes")
    assert (await issued(console), await console.desk.count(Signup)) == ([], 0)
