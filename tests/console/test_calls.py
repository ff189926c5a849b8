"""The list of calls: who is called today, what was done, what came too late, and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from bot.domain import planning, seats
from bot.domain.audit import AuditEntry
from bot.domain.db import new_id
from bot.domain.events import Event
from bot.domain.people import Person
from bot.domain.seats import Remind, Signup, Wish
from bot.domain.staff import Role
from bot.reminding import send_reminders
from tests.appointments import caller_of, leaves, signs_up, states_of
from tests.console.browser import Browser, Console, Page

CALLS = "/console/calls"
EMPTY = "Nobody is to be called today."
PHONE = "041 000 000"


async def walk_in(console: Console, event: Event, **person: Any) -> Signup:  # noqa: ANN401
    """Somebody whom staff wrote down, without a chat."""
    desk = console.desk
    told = {"name": "Sample person", "phone": PHONE, "language": "ar", **person}
    async with desk.house.db.transaction() as session:
        one = Person(id=new_id(), pseudonym=f"p{new_id()}", created_at=desk.clock(), seen_at=desk.clock(), **told)
        session.add(one)
        await session.flush()
        signup = await seats.take(session, event.id, Wish(one.id), desk.clock())
        await planning.replan_signup(session, signup.id, desk.house.desk, desk.clock())
    return signup


def the_day_before(console: Console) -> None:
    console.desk.clock.at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # the event is on Tuesday at six


async def verbs(console: Console) -> list[tuple[str, bool]]:
    async with console.desk.house.db.reading() as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.verb, bool(one.pseudonym)) for one in rows if "call" in one.verb]


async def deed(browser: Browser, deed: str) -> Page:
    return await browser.submit(CALLS, deed=deed)


async def test_an_empty_list(console: Console) -> None:
    browser = await console.staff()
    page = await browser.get(CALLS)
    assert (page.status, EMPTY in page.text, CALLS in page.links()) == (200, True, True)
    assert await verbs(console) == []


async def test_only_on_the_day_with_name_number_language_what_and_when(console: Console) -> None:
    event = await console.desk.has_event()
    await walk_in(console, event)
    browser = await console.staff()
    assert EMPTY in (await browser.get(CALLS)).text
    the_day_before(console)
    browser = await console.staff("fatmir")
    page = await browser.get(CALLS)
    for words in ("Sample person", PHONE, "العربية", "Sample workshop", "Tuesday", "1 Dec 2026", "18:00",
                  "Cannot be written to"):  # fmt: skip
        assert words in page.text
    assert f"/console/seatings/{event.id}" in page.links()
    assert "tel:041000000" in page.links()
    assert await verbs(console) == [("read calls", False)]


async def test_called_not_reached_and_undone(console: Console) -> None:
    await walk_in(console, await console.desk.has_event())
    the_day_before(console)
    browser = await console.staff()
    await browser.get(CALLS)
    page = await deed(browser, "noanswer")
    assert ("Saved." in page.text, "Not reached 10:00 · Vesna" in page.text) == (True, True)
    page = await deed(browser, "undo")
    assert ("Taken back." in page.text, "Vesna" in page.text.split("To call today")[1]) == (True, False)
    page = await deed(browser, "called")
    assert (EMPTY in page.text, "Called today" in page.text) == (True, True)
    assert await states_of(console.desk) == ["called"]
    await deed(browser, "undo")
    assert await states_of(console.desk) == ["call"]
    assert [verb for verb, named in await verbs(console) if named] == [
        "call noanswer", "call undo", "call called", "call undo",
    ]  # fmt: skip


async def test_two_at_once_and_forged_fields(console: Console) -> None:
    await walk_in(console, await console.desk.has_event())
    the_day_before(console)
    browser, other = await console.staff(), await console.staff("fatmir")
    await browser.get(CALLS)
    await other.get(CALLS)
    await deed(browser, "called")
    page = await deed(other, "called")
    assert "The list has changed meanwhile." in page.text
    await browser.get(CALLS)
    hidden = browser.hidden(CALLS)
    for fields in ({"reminder": "1"}, {"reminder": "x"}, {"reminder": "9" * 30}, {"deed": "sent"}, {"deed": ""}):
        page = await browser.post(CALLS, {**hidden, "deed": "called", **fields})
        assert (page.status, "This call is not on the list any more." in page.text) == (404, True)
    assert await states_of(console.desk) == ["called"]


async def test_whoever_left_is_gone_and_a_call_that_was_asked_for_is_marked(console: Console) -> None:
    desk = console.desk
    event = await desk.has_event()
    amina = desk.person("en")
    signup = await signs_up(amina, event, remind=Remind.CALL, name="Amina")
    caller = await caller_of(amina)
    async with desk.house.db.transaction() as session:
        await session.execute(update(Person).where(Person.id == caller.person_id).values(phone=PHONE))
    the_day_before(console)
    browser = await console.staff()
    page = await browser.get(CALLS)
    assert ("Amina" in page.text, "Wants to be called" in page.text) == (True, True)
    await leaves(desk, signup)
    assert EMPTY in (await browser.get(CALLS)).text


async def test_what_came_too_late_stays_for_a_week(console: Console) -> None:
    desk = console.desk
    event = await desk.has_event()
    await signs_up(desk.person("en"), event, name="Sample late")
    await walk_in(console, event, name="Sample uncalled")
    desk.clock.at = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    await send_reminders(desk.house)
    browser = await console.staff()
    page = await browser.get(CALLS)
    late = page.text.split("Not reminded in time")[1]
    assert ("Sample late" in late, "Sample uncalled" in late, EMPTY in page.text) == (True, True, True)


async def test_only_those_who_may_read_lists(console: Console) -> None:
    for role in (Role.MEDIATOR, Role.TUTOR, Role.MENTOR, Role.VOLUNTEER):
        browser = await console.staff(f"a-{role}", role, languages=["en"])
        page = await browser.get(CALLS)
        assert (page.status, CALLS in page.links()) == (403, False)
        assert (await browser.post(CALLS, {"csrf": browser.csrf, "deed": "called", "reminder": "1"})).status == 403


async def test_names_are_only_words(console: Console) -> None:
    await walk_in(console, await console.desk.has_event(), name="<b>x</b>")
    the_day_before(console)
    browser = await console.staff()
    page = await browser.get(CALLS)
    assert "&lt;b&gt;x&lt;/b&gt;" in page.html
