"""Events in the console: made, published, changed, repeated, called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain import seats, staff
from bot.domain.audit import AuditEntry
from bot.domain.callers import callers
from bot.domain.db import new_id
from bot.domain.events import Event, EventState
from bot.domain.mentors import Mentor, MentorState
from bot.domain.news import News, What
from bot.domain.seats import Seating, Signup, SignupState, Wish
from bot.domain.staff import Grant, Role
from tests.console.browser import Browser, Console, Fields, Page

LIST = "/console/events"
TYPED: dict[str, Fields] = {
    "kind": "workshop", "place": "postojna", "day": "2026-12-04", "time": "17:30", "minutes": "90", "seats": "12",
    "most_guests": "1", "where": "Sample hall", "title-sl": "Vzorčna delavnica", "title-en": "Sample workshop",
    "about-en": "A sample.", "step_free": "yes", "field-leader": "Sample leader", "field-bring": "",
}  # fmt: skip


async def make(browser: Browser, **fields: Fields) -> Page:
    kind = fields.get("kind", "workshop")
    await browser.get(f"{LIST}/new?kind={kind}")
    return await browser.submit(f"{LIST}/new", **{**TYPED, **fields})


async def every(console: Console) -> list[Event]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(Event).order_by(Event.day, Event.id)))


async def one(console: Console) -> Event:
    (found,) = await every(console)
    return found


async def published(console: Console, browser: Browser, **fields: Fields) -> Event:
    page = await make(browser, **fields)
    address = page.path.partition("?")[0]
    page = await browser.submit(f"{address}/publish")
    assert "Published. People can see it and sign up." in page.text
    return next(event for event in await every(console) if address.endswith(str(event.id)))


async def sign_up(console: Console, event: Event, number: int = 1, name: str = "") -> Signup:
    guest = console.desk.person(language="en")
    await guest.says("/menu")
    async with console.desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], console.desk.clock()))[guest.sender]
        wish = Wish(caller.person_id, number, name, address_id=caller.address_id)
        return await seats.take(session, event.id, wish, console.desk.clock())


async def checked_mentor(console: Console, name: str, checked_on: date | None = date(2026, 11, 1)) -> Mentor:
    now = console.desk.clock()
    async with console.desk.house.db.transaction() as session:
        mentor = Mentor(
            id=new_id(), state=MentorState.ACTIVE, name=name, contact="", languages=["en"], topics=[], about={},
            place="postojna", zone="Europe/Ljubljana", checked_on=checked_on, made_at=now, changed_at=now,
        )  # fmt: skip
        session.add(mentor)
    return mentor


async def test_an_event_is_made_and_nobody_sees_it_before_it_is_published(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await browser.get(LIST)
    assert "No event is planned." in page.text
    page = await make(browser)
    event = await one(console)
    assert page.path == f"{LIST}/{event.id}?note=saved"
    assert (event.state, event.day, event.minute, event.step_free) == (
        EventState.DRAFT,
        date(2026, 12, 4),
        17 * 60 + 30,
        True,
    )
    assert event.texts == {
        "sl": {"title": "Vzorčna delavnica"},
        "en": {"title": "Sample workshop", "about": "A sample."},
    }
    assert event.fields == {"leader": "Sample leader"}
    assert "12 languages have no text yet" in page.text
    assert "Sample workshop" in page.text
    guest = console.desk.person(language="en")
    (shown,) = await guest.says("/events")
    assert "Sample workshop" not in shown.text
    page = await browser.submit(f"{LIST}/{event.id}/publish")
    assert "Published. People can see it and sign up." in page.text
    (shown,) = await guest.says("/events")
    assert "Sample workshop" in shown.text
    async with console.desk.house.db.reading() as session:
        verbs = list(await session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["make event", "publish event"]


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await make(
        browser, day="soon", time="25:00", minutes="0", seats="many", most_guests="99", map_url="ftp://x",
        online_url="javascript:alert(1)", **{"title-sl": "", "title-en": "x" * 81, "about-bn": "y", "field-leader": "z" * 201},
    )  # fmt: skip
    assert page.status == 422
    wrong = {values["id"].removeprefix("wrong-") for _tag, values in page.tags if values.get("class") == "wrong"}
    assert wrong == {
        "day", "time", "minutes", "seats", "most_guests", "map_url", "online_url", "title-en", "title-bn", "field-leader",
    }  # fmt: skip
    values = {
        attributes["name"]: attributes.get("value")
        for tag, attributes in page.tags
        if tag == "input" and "name" in attributes
    }
    assert (values["seats"], values["map_url"], values["where"]) == ("many", "ftp://x", "Sample hall")
    assert await every(console) == []
    page = await make(browser, **{"title-sl": "", "title-en": "", "about-en": ""})
    assert "Please write a title in at least one language." in page.text


async def test_a_past_day_a_holiday_and_a_clash_are_asked_about(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await make(browser, day="2026-11-20")
    assert (page.status, "This time has passed already." in page.text) == (422, True)
    page = await make(browser, day="2026-12-25")
    assert "This day is a public holiday." in page.text
    await make(browser)
    page = await make(browser, time="18:30", **{"title-en": "Another"})
    assert "At the same time and place: Sample workshop, 17:30." in page.text
    assert len(await every(console)) == 1
    page = await browser.submit(f"{LIST}/new", **{**TYPED, "time": "18:30", "sure": "yes"})
    assert len(await every(console)) == 2
    page = await make(browser, time="18:30", where="Another room")
    assert page.status == 200


async def test_another_kind_shows_its_own_fields_and_keeps_the_rest(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await make(browser, deed="kind", **{"title-sl": "", "day": "soon"})
    assert (page.status, "wrong" in {values.get("class") for _tag, values in page.tags}) == (200, False)
    page = await browser.submit(f"{LIST}/new", **{**TYPED, "kind": "dinner", "deed": "kind"})
    names = {attributes.get("name") for _tag, attributes in page.tags}
    assert {"field-speaker", "field-invited"} <= names
    assert "field-leader" not in names
    assert 'value="Sample hall"' in page.html
    assert await every(console) == []


async def test_a_mentor_day_needs_two_experts_whose_check_is_good(console: Console) -> None:
    first, second = await checked_mentor(console, "Sample A"), await checked_mentor(console, "Sample B")
    old = await checked_mentor(console, "Sample C", date(2020, 1, 1))
    never = await checked_mentor(console, "Sample D", None)
    browser = await console.staff("vesna")
    page = await browser.get(f"{LIST}/new?kind=mentor_day")
    options = {attributes.get("value") for tag, attributes in page.tags if tag == "option"}
    assert {str(first.id), str(second.id)} <= options
    assert not {str(old.id), str(never.id)} & options
    for wrong in (str(old.id), str(never.id), "7", "x"):
        page = await make(browser, kind="mentor_day", **{"field-expert_1": wrong})
        assert "Please choose a mentor whose identity and conduct were checked." in page.text
    page = await make(browser, kind="mentor_day", **{"field-expert_1": str(first.id), "field-expert_2": str(first.id)})
    assert "A mentor day has two different experts." in page.text
    page = await make(browser, kind="mentor_day", **{"field-expert_1": str(first.id)})
    event = await one(console)
    page = await browser.submit(f"{LIST}/{event.id}/publish")
    assert (page.status, "This is missing: Second expert" in page.text) == (409, True)
    await browser.get(f"{LIST}/{event.id}/edit")
    await browser.submit(
        f"{LIST}/{event.id}/edit",
        **{**TYPED, "kind": "mentor_day", "field-expert_1": str(first.id), "field-expert_2": str(second.id)},
    )
    async with console.desk.house.db.transaction() as session:
        (await session.get_one(Mentor, second.id)).checked_on = date(2020, 1, 1)
    page = await browser.submit(f"{LIST}/{event.id}/publish")
    assert (
        page.status,
        "The check of an expert is missing or too old. Please renew it first: Sample B" in page.text,
    ) == (409, True)
    async with console.desk.house.db.transaction() as session:
        (await session.get_one(Mentor, second.id)).checked_on = date(2026, 11, 2)
    page = await browser.submit(f"{LIST}/{event.id}/publish")
    assert "Published." in page.text


async def test_another_time_is_told_to_those_who_signed_up_and_a_misprint_is_not(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)
    await sign_up(console, event)
    page = await browser.get(f"{LIST}/{event.id}/edit")
    assert "Another day, time or place is told to everybody who has signed up" in page.text
    await browser.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "title-en": "Sample workshop!"})
    assert await console.desk.count(News) == 0
    await browser.get(f"{LIST}/{event.id}/edit")
    await browser.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "time": "18:00"})
    async with console.desk.house.db.reading() as session:
        (told,) = await session.scalars(select(News))
        seating = await session.get_one(Seating, event.id)
    assert (told.what, seating.starts_at) == (What.CHANGED, datetime(2026, 12, 4, 17, 0, tzinfo=UTC))


async def test_fewer_seats_than_people_are_refused_beside_the_field(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)
    await sign_up(console, event, 2)
    await browser.get(f"{LIST}/{event.id}/edit")
    page = await browser.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "seats": "1"})
    assert (page.status, "More people have a seat already than there would be." in page.text) == (422, True)
    async with console.desk.house.db.reading() as session:
        assert (await session.get_one(Seating, event.id)).seats == 12


async def test_two_who_write_at_once_see_each_other(console: Console) -> None:
    ana, bor = await console.staff("ana"), await console.staff("bor")
    await make(ana)
    event = await one(console)
    for browser in (ana, bor):
        await browser.get(f"{LIST}/{event.id}/edit")
    console.desk.clock.pass_(minutes=1)
    await ana.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "where": "Room A"})
    page = await bor.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "where": "Room B"})
    assert (page.status, "This was changed meanwhile." in page.text, 'value="Room B"' in page.html) == (409, True, True)
    assert (await one(console)).where == "Room A"
    page = await bor.submit(f"{LIST}/{event.id}/edit", **{**TYPED, "where": "Room B"})
    assert (await one(console)).where == "Room B"


async def test_calling_off_needs_a_tick_and_tells_everybody(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)
    signup = await sign_up(console, event)
    page = await browser.get(f"{LIST}/{event.id}")
    assert "1 person has signed up and is told at once." in page.text
    page = await browser.submit(f"{LIST}/{event.id}/call-off")
    assert (page.status, "Please tick the box first." in page.text) == (422, True)
    for _twice in range(2):
        page = await browser.post(f"{LIST}/{event.id}/call-off", {"csrf": browser.csrf, "sure": "yes"})
        assert "Called off. Everybody who signed up is told." in page.text
    async with console.desk.house.db.reading() as session:
        (told,) = await session.scalars(select(News))
        left = await session.get_one(Signup, signup.id)
    assert (told.what, told.signup_id, left.state) == (What.CALLED_OFF, signup.id, SignupState.CALLED_OFF)
    assert f"{LIST}/{event.id}/edit" not in page.links()
    page = await browser.post(f"{LIST}/{event.id}/edit", {"csrf": browser.csrf, **TYPED})
    assert page.status == 409


async def test_a_copy_is_a_draft_of_its_own(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)
    page = await browser.get(f"{LIST}/{event.id}")
    page = await browser.submit(f"{LIST}/{event.id}/copy")
    assert "This is the copy. Nobody sees it yet." in page.text
    copy = next(found for found in await every(console) if found.id != event.id)
    assert (copy.state, copy.series, copy.texts, copy.door == event.door) == (
        EventState.DRAFT,
        None,
        event.texts,
        False,
    )


async def test_a_series_leaves_holidays_out_and_is_published_as_a_whole(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)  # a Friday; Christmas and New Year's Day are Fridays too
    page = await browser.submit(f"{LIST}/{event.id}/repeat", every="week", times="4")
    assert "2 public holidays are left out." in page.text
    assert len(await every(console)) == 1
    await browser.submit(f"{LIST}/{event.id}/repeat")
    found = await every(console)
    assert [one.day.isoformat() for one in found] == [
        "2026-12-04",
        "2026-12-11",
        "2026-12-18",
        "2027-01-08",
        "2027-01-15",
    ]
    assert {one.series for one in found} == {event.id}
    page = await browser.get(f"{LIST}/{found[1].id}")
    assert "Publish 4 dates of the series" in page.text
    await browser.submit(f"{LIST}/{found[1].id}/publish", all="yes")
    assert {one.state for one in await every(console)} == {EventState.PUBLISHED}
    page = await browser.get(f"{LIST}/{event.id}")
    await browser.submit(f"{LIST}/{event.id}/repeat", every="week", times="4")
    await browser.submit(f"{LIST}/{event.id}/repeat")
    assert len(await every(console)) == 5  # the same dates once more are no new events
    for wrong in ("", "0", "25", "-1", "x"):
        await browser.get(f"{LIST}/{event.id}")
        page = await browser.submit(f"{LIST}/{event.id}/repeat", every="week", times=wrong)
        assert (page.status, "Please say how often" in page.text) == (422, True)


async def test_a_change_reaches_this_one_or_all_that_follow(console: Console) -> None:
    browser = await console.staff("vesna")
    event = await published(console, browser)
    await browser.submit(f"{LIST}/{event.id}/repeat", every="two_weeks", times="2")
    await browser.submit(f"{LIST}/{event.id}/repeat")
    first, second, third = await every(console)
    page = await browser.get(f"{LIST}/{second.id}/edit")
    assert "Change this one and 1 that follows" in page.text
    fields = {**TYPED, "day": second.day.isoformat()}
    await browser.submit(f"{LIST}/{second.id}/edit", **{**fields, "where": "Only here", "scope": "one"})
    assert [one.where for one in await every(console)] == ["Sample hall", "Only here", "Sample hall"]
    await browser.get(f"{LIST}/{second.id}/edit")
    moved = (second.day + timedelta(days=1)).isoformat()
    await browser.submit(
        f"{LIST}/{second.id}/edit",
        **{**fields, "where": "Only here", "day": moved, "time": "16:00", "scope": "following"},
    )
    found = await every(console)
    assert [(one.day, one.minute, one.where) for one in found] == [
        (first.day, 17 * 60 + 30, "Sample hall"),
        (second.day + timedelta(days=1), 16 * 60, "Only here"),
        (third.day + timedelta(days=1), 16 * 60, "Sample hall"),
    ]


async def test_what_is_over_stands_in_the_past(console: Console) -> None:
    browser = await console.staff("vesna")
    await published(console, browser, day="2026-11-24")
    assert "Sample workshop" in (await browser.get(LIST)).text
    assert "No event is over yet." in (await browser.get(f"{LIST}/past")).text
    console.desk.clock.pass_(days=2)
    await browser.log_in("vesna")
    assert "Sample workshop" not in (await browser.get(LIST)).text
    page = await browser.get(f"{LIST}/past")
    assert "Sample workshop" in page.text
    event = await one(console)
    page = await browser.post(f"{LIST}/{event.id}/copy", {"csrf": browser.csrf})
    copy = (await every(console))[-1]
    page = await browser.post(f"{LIST}/{copy.id}/publish", {"csrf": browser.csrf})
    assert (page.status, "This time has passed already." in page.text) == (409, True)


async def test_the_preview_is_in_the_language_that_is_asked_for(console: Console) -> None:
    browser = await console.staff("vesna")
    await make(browser, **{"title-ar": "ورشة", "about-ar": "نص"})
    event = await one(console)
    page = await browser.get(f"{LIST}/{event.id}?lang=ar")
    assert "ورشة" in page.text
    assert ("div", {"class": "phone", "dir": "rtl"}) in page.tags


@pytest.mark.parametrize("number", [1, 2**62, 2**70])
async def test_unknown_events_are_not_found(console: Console, number: int) -> None:
    browser = await console.staff("vesna")
    for path in ("", "/edit", "/door", "/door/count"):
        assert (await browser.get(f"{LIST}/{number}{path}")).status == 404
    for path in ("/edit", "/publish", "/call-off", "/copy", "/repeat"):
        assert (await browser.post(f"{LIST}/{number}{path}", {"csrf": browser.csrf})).status == 404


async def test_a_member_of_another_place_changes_nothing_here(console: Console) -> None:
    vesna = await console.staff("vesna")
    await make(vesna)
    event = await one(console)
    member = await console.member("luka", Role.COORDINATOR)
    async with console.desk.house.db.transaction() as session:
        (grant,) = await staff.grants(session, member.id)
        await session.delete(grant)
        await session.flush()
        session.add(Grant(staff_id=member.id, role=Role.COORDINATOR, place="elsewhere"))
    luka = console.browser()
    await luka.log_in("luka")
    assert "Sample workshop" not in (await luka.get(LIST)).text
    assert "Sample workshop" not in (await luka.get(f"{LIST}/calendar?month=2026-12")).text
    for path in ("", "/edit", "/door"):
        assert (await luka.get(f"{LIST}/{event.id}{path}")).status == 403
    for path in ("/edit", "/publish", "/call-off", "/copy", "/repeat"):
        assert (await luka.post(f"{LIST}/{event.id}{path}", {"csrf": luka.csrf})).status == 403
    assert (await luka.get(f"{LIST}/new")).status == 403
    assert (await luka.post(f"{LIST}/new", {"csrf": luka.csrf, **TYPED})).status == 403
    assert len(await every(console)) == 1


async def test_words_of_staff_never_become_code(console: Console) -> None:
    browser = await console.staff("vesna")
    evil = "<script>alert(1)</script>"
    await make(browser, where=evil, **{"title-en": evil, "about-en": evil, "field-leader": evil})
    event = await one(console)
    for path in (LIST, f"{LIST}/{event.id}", f"{LIST}/{event.id}/edit", f"{LIST}/calendar?month=2026-12",
                 f"{LIST}/{event.id}/door", f"/console/seatings/{event.id}"):  # fmt: skip
        page = await browser.get(path)
        assert (page.status, evil in page.html) == (200, False)
