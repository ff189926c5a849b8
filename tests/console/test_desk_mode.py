"""Desk mode: somebody stands before a member of staff, is written down, signed up, and joins their own chat."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from bot.domain import events, seats, waiting, walk_ins
from bot.domain.audit import AuditEntry
from bot.domain.events import Event, EventKind, Plan
from bot.domain.happenings import Happening
from bot.domain.people import Person
from bot.domain.seats import Signup, SignupState, Wish
from bot.domain.walk_ins import WalkIn
from tests.console.browser import Browser, Console, Fields, Page
from tests.desk import Desk

DESK = "/console/desk"
_CODE = re.compile(r"join-([\w-]{20,})")


async def has_event(desk: Desk, seats_: int | None = 2, title: str = "Sewing", **more: object) -> Event:
    """A workshop in three days at six."""
    day = desk.clock().date() + timedelta(days=3)
    texts = {"en": {"title": title}, "sq": {"title": f"{title} sq"}, "ar": {"title": f"{title} ar"}}
    plan = Plan(EventKind.WORKSHOP, day, 18 * 60, 90, "Europe/Ljubljana", "postojna", seats_, texts,
                where="Sample street 1", **more)  # type: ignore[arg-type]  # fmt: skip
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan, desk.clock())
        await events.publish(session, event.id, desk.clock())
    return event


async def writes_down(browser: Browser, name: str = "Sample Amina", phone: str = "", language: str = "sq") -> Page:
    await browser.get(DESK)
    return await browser.submit(f"{DESK}/add", name=name, phone=phone, language=language)


def id_of(page: Page) -> int:
    found = re.search(r"/console/desk/(\d+)", page.path)
    assert found is not None, page.path
    return int(found[1])


async def signups(console: Console) -> list[tuple[str, int]]:
    async with console.desk.house.db.reading() as session:
        return [(one.state, one.seats) for one in await session.scalars(select(Signup).order_by(Signup.id))]


async def test_somebody_is_written_down_and_found_by_name_and_phone(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await writes_down(browser, "Sample  Zoë Amina", "+386 (0)0 111-222")
    assert page.status == 200
    assert "Sample Zoë Amina" in page.text
    here = f"{DESK}/{id_of(page)}"
    for typed in ("zoe", "ami sam", "SAMPLE ZOE", "+386 00111", "111222", "٠٠١١١٢٢٢"):
        await browser.get(DESK)
        found = await browser.submit(f"{DESK}/find", typed=typed)
        assert here in found.links(), typed
    for typed in ("mina", "sample boris", "386 99", "z", "12"):
        await browser.get(DESK)
        found = await browser.submit(f"{DESK}/find", typed=typed)
        assert here not in found.links(), typed
        assert "Nobody is found." in found.text


async def test_nobody_who_only_wrote_in_a_chat_is_found(console: Console) -> None:
    guest = console.desk.person("en")
    await guest.says("/menu")
    async with console.desk.house.db.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        person.name, person.phone = "Sample Stranger", "00 111 222"
    browser = await console.staff("vesna")
    await browser.get(DESK)
    assert "Nobody is found." in (await browser.submit(f"{DESK}/find", typed="sample stranger")).text
    assert (await browser.get(f"{DESK}/{person.id}")).status == 404


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await writes_down(browser, " ", "no phone", "xx")
    assert page.status == 422
    for sentence in ("Please enter a name.", "This is no telephone number.", "Please choose the language"):
        assert sentence in page.text
    assert "no phone" in page.html
    assert await console.desk.count(WalkIn) == 0


async def test_the_same_name_is_asked_about(console: Console) -> None:
    browser = await console.staff("vesna")
    first = id_of(await writes_down(browser))
    page = await writes_down(browser, "sample AMINA")
    assert page.status == 409
    assert f"{DESK}/{first}" in page.links()
    page = await browser.submit(f"{DESK}/add", name="sample AMINA", phone="", language="sq", deed="another")
    assert id_of(page) != first
    assert await console.desk.count(WalkIn) == 2


async def test_a_seat_and_its_card_in_the_person_s_language(console: Console) -> None:
    event = await has_event(console.desk, most_guests=1)
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser, phone="+386 00 111 222", language="ar"))
    page = await browser.submit(
        f"{DESK}/{person}/signup", seating=str(event.id), people="2", remind="call", deed="seat"
    )
    assert page.path.startswith(f"{DESK}/{person}/card?signup=")
    assert '<html lang="ar" dir="rtl">' in page.html
    assert "Sewing ar" in page.text
    assert "Sample street 1" in page.text
    assert await signups(console) == [("going", 2)]
    async with console.desk.house.db.reading() as session:
        signup = (await session.scalars(select(Signup))).one()
        row = (await session.scalars(select(Happening).where(Happening.kind == "signed_up"))).one()
    assert (signup.remind, signup.name, signup.address_id) == ("call", "Sample Amina", None)
    assert (row.channel, row.language, row.data["id"], row.data["kind"]) == ("desk", "ar", str(event.id), "workshop")


async def test_a_full_event_leads_to_the_waiting_list_and_an_offer_is_taken_at_the_desk(console: Console) -> None:
    event = await has_event(console.desk, 1)
    browser = await console.staff("vesna")
    first = id_of(await writes_down(browser, "Sample One"))
    await browser.submit(f"{DESK}/{first}/signup", seating=str(event.id), remind="none", deed="seat")
    second = id_of(await writes_down(browser, "Sample Two"))
    form = browser.hidden(f"{DESK}/{second}/signup")
    page = await browser.post(f"{DESK}/{second}/signup", {**form, "seating": str(event.id), "deed": "seat"})
    assert page.status == 409
    assert "The last place has just gone." in page.text
    page = await browser.submit(f"{DESK}/{second}/signup", seating=str(event.id), deed="wait")
    assert page.path.startswith(f"{DESK}/{second}/card")
    assert "1" in page.text
    assert await signups(console) == [("going", 1), ("waiting", 1)]
    await browser.get(f"{DESK}/{first}")
    page = await browser.submit(f"{DESK}/{first}/leave")
    assert "The sign-up has ended." in page.text
    assert await signups(console) == [("cancelled", 1), ("offered", 1)]
    await browser.get(f"{DESK}/{second}")
    await browser.submit(f"{DESK}/{second}/offer", deed="yes")
    assert await signups(console) == [("cancelled", 1), ("going", 1)]
    await browser.get(f"{DESK}/{first}")
    page = await browser.submit(f"{DESK}/{first}/again")
    assert page.status == 409
    assert "The last place has just gone." in page.text


async def test_ended_and_taken_back(console: Console) -> None:
    event = await has_event(console.desk)
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser))
    await browser.submit(f"{DESK}/{person}/signup", seating=str(event.id), remind="none", deed="seat")
    await browser.get(f"{DESK}/{person}")
    await browser.submit(f"{DESK}/{person}/leave")
    await browser.submit(f"{DESK}/{person}/again")
    assert await signups(console) == [("cancelled", 1), ("going", 1)]


async def test_nobody_is_signed_up_twice_too_many_or_too_late(console: Console) -> None:
    event = await has_event(console.desk, most_guests=1)
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser))
    address = f"{DESK}/{person}/signup"
    hidden = {**browser.hidden(address), "seating": str(event.id), "deed": "seat"}
    for people in ("0", "3", "x", "-1", "٢"):
        assert (await browser.post(address, {**hidden, "people": people})).status == 422
    assert (await browser.post(address, {**hidden, "remind": "call"})).status == 422
    for seating in ("0", "77", "x", str(2**63), "9" * 40):
        assert (await browser.post(address, {**hidden, "seating": seating})).status == 404
    await browser.post(address, hidden)
    page = await browser.post(address, hidden)
    assert (page.status, "signed up for it already" in page.text) == (409, True)
    console.desk.clock.pass_(days=4)
    other = await console.staff("bor")
    late = id_of(await writes_down(other, "Sample Late"))
    fields: dict[str, Fields] = {"csrf": other.csrf, "seating": str(event.id), "deed": "seat"}
    page = await other.post(f"{DESK}/{late}/signup", fields)
    assert (page.status, "One cannot sign up for this any more." in page.text) == (409, True)
    assert await signups(console) == [("going", 1)]


async def test_another_person_s_sign_up_is_not_touched(console: Console) -> None:
    event = await has_event(console.desk)
    browser = await console.staff("vesna")
    first = id_of(await writes_down(browser, "Sample One"))
    await browser.submit(f"{DESK}/{first}/signup", seating=str(event.id), remind="none", deed="seat")
    async with console.desk.house.db.reading() as session:
        signup = (await session.scalars(select(Signup))).one()
    second = id_of(await writes_down(browser, "Sample Two"))
    for deed in ("leave", "again", "offer"):
        page = await browser.post(f"{DESK}/{second}/{deed}", {"csrf": browser.csrf, "signup": str(signup.id)})
        assert page.status == 404
    assert (await browser.get(f"{DESK}/{second}/card?signup={signup.id}")).status == 404
    assert await signups(console) == [("going", 1)]


async def test_the_code_is_shown_in_their_language_and_joins_their_chat(console: Console) -> None:
    event = await has_event(console.desk)
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser, language="en"))
    await browser.submit(f"{DESK}/{person}/signup", seating=str(event.id), remind="chat", deed="seat")
    await browser.get(f"{DESK}/{person}")
    page = await browser.submit(f"{DESK}/{person}/code")
    assert "Scan this code with your phone" in page.text
    assert "data:image/svg+xml" in page.html
    assert "join-" not in page.text
    async with console.desk.house.db.reading() as session:
        assert (await browser.get(f"{DESK}/{person}/joined")).text.strip() == ""
        before = (await session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id))).all()
    assert before[:2] == ["write down", "read record"]
    assert "show join code" in before


async def test_a_record_is_deleted_at_the_wish_of_its_person(console: Console) -> None:
    event = await has_event(console.desk, 1)
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser))
    await browser.submit(f"{DESK}/{person}/signup", seating=str(event.id), remind="none", deed="seat")
    term = waiting.Term(console.desk.clock(), console.desk.clock() + timedelta(hours=5))
    async with console.desk.house.db.transaction() as session:
        other = Person(id=1, pseudonym="o", language="en", created_at=term.now, seen_at=term.now)
        session.add(other)
        await session.flush()
        await waiting.join(session, events.list_key(event.id), Wish(1), term)
    await browser.get(f"{DESK}/{person}")
    assert (await browser.submit(f"{DESK}/{person}/forget")).status == 422
    page = await browser.submit(f"{DESK}/{person}/forget", sure="yes")
    assert "The record is deleted." in page.text
    assert (await browser.get(f"{DESK}/{person}")).status == 404
    assert await signups(console) == [("offered", 1)]
    assert await console.desk.count(WalkIn) == 0


async def test_name_phone_and_language_are_mended(console: Console) -> None:
    browser = await console.staff("vesna")
    person = id_of(await writes_down(browser))
    page = await browser.submit(f"{DESK}/{person}", name="Sample Ámina", phone="00 333 444", language="ru")
    assert "Saved." in page.text
    async with console.desk.house.db.reading() as session:
        found = await walk_ins.record(session, person)
        assert found is not None
        assert (found.name, found.phone, found.language) == ("Sample Ámina", "00 333 444", "ru")
        assert (await session.get_one(WalkIn, person)).mark == walk_ins.Told("amina sample", "00333444", "sl").mark


def test_states_have_words() -> None:
    from bot.console.desk_signups import STATES

    assert set(STATES) == set(SignupState)
    assert seats.ACTIVE == (SignupState.GOING, SignupState.WAITING, SignupState.OFFERED)
