"""Mentors in the console: form, check, hours, state; meetings answered in the mentor's place."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select

from bot.domain import arranging, mentor_profiles, mentors
from bot.domain.arranging import Asking
from bot.domain.audit import AuditEntry
from bot.domain.booking_news import News
from bot.domain.bookings import Booking
from bot.domain.mentors import Mentor, MentorException, MentorHours
from bot.domain.reminders import Reminder
from bot.domain.seats import Remind
from bot.domain.staff import Role
from tests.console.browser import Browser, Console, Page
from tests.flows.test_practice import person_of

TODAY = "2026-11-23"
FORM: dict[str, Any] = {
    "name": "Sample Ana", "contact": "ana at the library", "gender": "woman", "languages": ["en", "sq"],
    "topics": ["work"], "in_person": "yes", "where": "Sample street 2", "place": "postojna", "slot_minutes": "60",
    "buffer_minutes": "15", "notice_hours": "24", "ahead_days": "28", "most_open": "3", "staff_id": "",
    "about-en": "Sample: has a small shop", "about-sl": "Vzorec: ima trgovinico",
}  # fmt: skip
TICKS = {"identity": "yes", "conduct": "yes", "day": TODAY}


async def made(console: Console, vesna: Browser, **other: Any) -> tuple[Page, str]:  # noqa: ANN401
    """Send the form of a new mentor; the page that follows, and the address of the mentor."""
    await vesna.get("/console/mentors/new")
    page = await vesna.submit("/console/mentors/new", **{**FORM, **other})
    return page, page.path.split("?")[0]


async def mentor_of(console: Console) -> Mentor:
    async with console.desk.house.db.reading() as session:
        return (await session.scalars(select(Mentor))).one()


async def shown(console: Console) -> int:
    async with console.desk.house.db.reading() as session:
        return len(await mentors.shown(session, date(2025, 11, 23)))


async def a_booking(console: Console, **more: Any) -> tuple[Mentor, Booking]:  # noqa: ANN401
    """Somebody has asked Sample Arta for Tuesday of next week at ten."""
    mentor = await console.desk.has_mentor(**more)
    guest = console.desk.person("en")
    await guest.says("/menu")
    asking = Asking(await person_of(guest), mentor.id, date(2026, 12, 1), 600, "work", "en", wish="My tax form",
                    remind=Remind.CHAT, address_id=guest.address)  # fmt: skip
    desk = console.desk.house.desk
    async with console.desk.house.db.transaction() as session:
        return mentor, await arranging.book(session, asking, desk, console.desk.clock())


async def answers(vesna: Browser, booking: Booking, **fields: Any) -> Page:  # noqa: ANN401
    at = f"/console/bookings/{booking.id}"
    await vesna.get(at)
    return await vesna.submit(f"{at}/answer", **fields)


async def again(console: Console, booking: Booking) -> Booking:
    async with console.desk.house.db.reading() as session:
        return await session.get_one(Booking, booking.id)


async def test_from_nothing_to_a_shown_mentor(console: Console) -> None:
    vesna = await console.staff()
    assert "There is no mentor yet." in (await vesna.get("/console/mentors")).text
    page, at = await made(console, vesna)
    assert ("Saved." in page.text, "Not shown yet" in page.text, "Not checked" in page.text) == (True, True, True)
    page = await vesna.submit(f"{at}/state", deed="show")
    assert (page.status, "Please write down" in page.text or "Nobody is shown" in page.text) == (409, True)
    await vesna.get(at)
    page = await vesna.submit(f"{at}/check", **TICKS)
    assert "It counts until 23 Nov 2027." in page.text
    assert (await vesna.submit(f"{at}/state", deed="show")).status == 409  # no hours yet
    await vesna.get(at)
    page = await vesna.submit(f"{at}/hours", tue="8-9", thu="9:00-10:00, 14.30-16:00")
    assert "Tuesday, 24 Nov 2026" not in page.text  # a day of notice is kept
    assert "Thursday, 26 Nov 2026, 09:00" in page.text
    page = await vesna.submit(f"{at}/state", deed="show")
    assert "Saved." in page.text
    assert await shown(console) == 1
    mentor = await mentor_of(console)
    assert (mentor.languages, mentor.topics, mentor.about) == (
        ["en", "sq"], ["work"], {"en": "Sample: has a small shop", "sl": "Vzorec: ima trgovinico"}
    )  # fmt: skip
    await vesna.get(at)
    await vesna.submit(f"{at}/state", deed="pause")
    assert await shown(console) == 0
    page = await vesna.get("/console/mentors")
    assert ("Takes a break" in page.text, "Thursday, 26 Nov 2026, 09:00" in page.text) == (True, True)


async def test_the_form_loses_nothing(console: Console) -> None:
    vesna = await console.staff()
    for wrong, said in (
        ({"name": " "}, "Please enter a name."),
        ({"name": "n" * 41}, "At most 40 characters."),
        ({"languages": []}, "Please choose at least one language."),
        ({"languages": ["xx"]}, "Please choose at least one language."),
        ({"in_person": ""}, "Please choose at least one."),
        ({"slot_minutes": "0"}, "Please write a number from 15 to 240."),
        ({"most_open": "many"}, "Please write a number from 1 to 50."),
        ({"place": "moon"}, "Please choose a place."),
        ({"staff_id": "7"}, "This log-in cannot be linked any more."),
        ({"about-ar": "a" * 161}, "At most 160 characters."),
    ):
        page, _at = await made(console, vesna, **wrong)
        assert (wrong, page.status, said in page.text) == (wrong, 422, True)
        assert "Sample: has a small shop" in page.html
    assert await console.desk.count(Mentor) == 0


async def test_two_change_one_mentor(console: Console) -> None:
    vesna, luka = await console.staff("vesna"), await console.staff("luka")
    _page, at = await made(console, vesna)
    await vesna.get(f"{at}/edit")
    await luka.get(f"{at}/edit")
    console.desk.clock.pass_(minutes=1)
    assert (await luka.submit(f"{at}/edit", **{**FORM, "where": "Library"})).status == 200
    page = await vesna.submit(f"{at}/edit", **{**FORM, "where": "Town hall"})
    assert (page.status, "This was changed meanwhile." in page.text, "Town hall" in page.html) == (409, True, True)
    assert (await mentor_of(console)).where == "Library"
    assert (await vesna.submit(f"{at}/edit", **{**FORM, "where": "Town hall"})).status == 200
    assert (await mentor_of(console)).where == "Town hall"


async def test_a_check_needs_both_ticks_and_a_day(console: Console) -> None:
    vesna = await console.staff()
    _page, at = await made(console, vesna)
    for wrong in ({"conduct": ""}, {"identity": ""}, {"day": "2026-11-24"}, {"day": ""}):
        await vesna.get(at)
        page = await vesna.submit(f"{at}/check", **{**TICKS, **wrong})
        assert (page.status, "Please tick both, and give the day" in page.text) == (422, True)
    await vesna.get(at)
    await vesna.submit(f"{at}/check", **TICKS)
    member = (await mentor_of(console)).checked_by
    page = await vesna.get(at)
    assert ("Vesna" in page.text, member is not None) == (True, True)
    await vesna.submit(f"{at}/check", deed="undo")
    assert ((await mentor_of(console)).checked_on, (await mentor_of(console)).checked_by) == (None, None)


async def test_another_name_needs_a_new_check(console: Console) -> None:
    vesna = await console.staff()
    _page, at = await made(console, vesna)
    await vesna.submit(f"{at}/check", **TICKS)
    await vesna.get(f"{at}/edit")
    await vesna.submit(f"{at}/edit", **FORM)
    assert (await mentor_of(console)).checked_on == date(2026, 11, 23)
    await vesna.get(f"{at}/edit")
    await vesna.submit(f"{at}/edit", **{**FORM, "name": "Sample Bor"})
    assert (await mentor_of(console)).checked_on is None


async def test_an_old_check_is_red_and_hides(console: Console) -> None:
    await console.desk.has_mentor()
    vesna = await console.staff()
    assert await shown(console) == 1
    console.desk.clock.pass_(days=366)
    vesna = await console.staff("luka")
    page = await vesna.get("/console/mentors")
    assert ("Check too old: 23 Nov 2026" in page.text, "Checked on" in page.text) == (True, False)
    mentor = await mentor_of(console)
    assert "people do not see this mentor" in (await vesna.get(f"/console/mentors/{mentor.id}")).text


async def test_hours_and_other_days(console: Console) -> None:
    vesna = await console.staff()
    _page, at = await made(console, vesna)
    page = await vesna.submit(f"{at}/hours", mon="8-9", tue="9-8", wed="soon", sun="0:00-24:00")
    assert (page.status, page.text.count("Please write hours like")) == (422, 2)
    assert 'value="soon"' in page.html
    assert await console.desk.count(MentorHours) == 0
    await vesna.submit(f"{at}/hours", mon="8-9", wed="8-12")
    for fields, said in (
        ({"day": "2026-11-22", "others": ""}, "Please choose a day from today on"),
        ({"day": "2028-01-01", "others": ""}, "Please choose a day from today on"),
        ({"day": "2026-11-25", "others": "noon"}, "Please write hours like"),
    ):
        await vesna.get(at)
        page = await vesna.submit(f"{at}/day", **fields)
        assert (page.status, said in page.text) == (422, True)
    for fields in ({"day": "2026-11-25", "others": ""}, {"day": "2026-12-25", "others": "10-12"}):
        await vesna.get(at)
        page = await vesna.submit(f"{at}/day", **fields)
    assert "Wednesday, 25 Nov 2026: not there" in page.text
    assert "Friday, 25 Dec 2026: 10:00-12:00 Public holiday" in page.text
    assert "Wednesday, 2 Dec 2026, 08:00" in page.text
    page = await vesna.submit(f"{at}/day", day="2026-11-25", deed="undo")
    assert await console.desk.count(MentorException) == 1


async def test_a_log_in_is_linked_to_one_mentor(console: Console) -> None:
    vesna = await console.staff()
    mina = await console.member("mina", Role.MENTOR)
    await console.member("tina", Role.TUTOR)
    page, at = await made(console, vesna, staff_id=str(mina.id))
    assert (await mentor_of(console)).staff_id == mina.id
    page = await vesna.get("/console/mentors/new")
    assert ("mina" in page.text, "tina" in page.text) == (False, False)
    assert "mina" in (await vesna.get(f"{at}/edit")).text
    page, _at = await made(console, vesna, staff_id=str(mina.id))
    assert (page.status, "This log-in cannot be linked any more." in page.text) == (422, True)


async def test_somebody_is_a_mentor_no_more(console: Console) -> None:
    mentor, booking = await a_booking(console)
    vesna = await console.staff()
    at = f"/console/mentors/{mentor.id}"
    await vesna.get(at)
    assert (await vesna.submit(f"{at}/gone")).status == 422
    page = await vesna.submit(f"{at}/gone", sure="yes")
    assert (page.status, "has a time with them" in page.text) == (409, True)
    await answers(vesna, booking, deed="cancel", sure="yes")
    await vesna.get(at)
    page = await vesna.submit(f"{at}/gone", sure="yes")
    assert ("Removed." in page.text, "There is no mentor yet." in page.text) == (True, True)
    gone = await mentor_of(console)
    assert (gone.name, gone.contact, gone.languages, gone.checked_on) == ("", "", [], None)
    assert (await vesna.get(at)).status == 404
    assert "A former mentor" in (await vesna.get(f"/console/bookings/{booking.id}")).text


async def test_a_mentor_of_another_place_is_not_there(console: Console) -> None:
    await console.desk.has_mentor(place="elsewhere")
    admin = await console.staff("vesna", Role.ADMIN)
    assert "Sample Arta" in (await admin.get("/console/mentors")).text
    assert (await admin.get("/console/mentors/5")).status == 404
    assert (await admin.get("/console/mentors/99999999999999999999")).status == 404


async def test_a_request_is_accepted_for_the_mentor(console: Console) -> None:
    _mentor, booking = await a_booking(console)
    vesna = await console.staff()
    page = await vesna.get("/console/bookings")
    assert "Please answer for the mentor" in page.text
    assert "My tax form" not in page.text
    page = await vesna.get(f"/console/bookings/{booking.id}")
    assert ("My tax form" in page.text, "This mentor has no chat" in page.text) == (True, True)
    page = await answers(vesna, booking, deed="accept")
    assert ("Saved." in page.text, (await again(console, booking)).state) == (True, "agreed")
    assert await console.desk.count(Reminder) > 0
    assert (await answers(vesna, booking, deed="accept")).status == 409
    async with console.desk.house.db.reading() as session:
        verbs = set(await session.scalars(select(AuditEntry.verb)))
        assert {"read booking", "booking accept"} <= verbs
        assert "agreed" in set(await session.scalars(select(News.what)))


async def test_declined_and_other_times(console: Console) -> None:
    _mentor, booking = await a_booking(console)
    vesna = await console.staff()
    for fields, status in (
        ({"deed": "decline"}, 422),
        ({"deed": "decline", "reason": "r" * 301}, 422),
        ({"deed": "suggest"}, 422),
        ({"deed": "suggest", "time": ["2026-12-01.615", "x"]}, 422),
        ({"deed": "suggest", "time": "2026-12-06.600"}, 409),  # a Sunday
        ({"deed": "cancel"}, 422),
        ({"deed": "met"}, 409),
        ({"deed": "marry"}, 400),
    ):
        assert (fields, (await answers(vesna, booking, **fields)).status) == (fields, status)
    assert (await again(console, booking)).state == "asked"
    page = await answers(vesna, booking, deed="suggest", time=["2026-12-08.600", "2026-12-15.600"])
    assert (await again(console, booking)).state == "suggested"
    assert "Tuesday, 15 Dec 2026, 10:00" in page.text
    page = await answers(vesna, booking, deed="decline", reason="On holiday")
    assert ((await again(console, booking)).state, "On holiday" in page.text) == ("declined", True)


async def test_what_became_of_it(console: Console) -> None:
    _mentor, booking = await a_booking(console)
    vesna = await console.staff()
    await answers(vesna, booking, deed="accept")
    console.desk.clock.pass_(days=9)
    luka = await console.staff("luka")
    page = await luka.get("/console/bookings")
    assert "Did they meet?" in page.text
    await answers(luka, booking, deed="missed")
    assert (await again(console, booking)).state == "missed"
    assert "The person did not come" in (await luka.get("/console/bookings")).text


async def test_files_are_as_the_screen(console: Console) -> None:
    _mentor, booking = await a_booking(console, name="=Sample Arta")
    vesna = await console.staff()
    async with vesna.http.get(f"{vesna.root}/console/mentors/list.csv") as answer:
        rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert rows[0] == ["Name", "State", "Checked on", "Languages", "Topics", "Next free time", "Open people"]
    assert rows[1][:4] == ["'=Sample Arta", "Shown", TODAY, "English, Slovene"]
    async with vesna.http.get(f"{vesna.root}/console/bookings/list.xlsx") as answer:
        sheet = load_workbook(io.BytesIO(await answer.read())).active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[1][:4] == ("2026-12-01 10:00", "=Sample Arta", "Mentor was asked", "💼 Work")
    for address in ("mentors/list.pdf", "bookings/list.exe"):
        assert (await vesna.get(f"/console/{address}")).status == 404
    assert booking.starts_at - console.desk.clock() > timedelta(days=7)


async def test_without_the_right_there_are_no_mentors(console: Console) -> None:
    mentor = await console.desk.has_mentor()
    for role in (Role.TUTOR, Role.MENTOR, Role.MEDIATOR, Role.VOLUNTEER):
        browser = await console.staff(f"some{role}", role)
        for address in ("/console/mentors", f"/console/mentors/{mentor.id}", "/console/bookings", "/console/pairs"):
            assert (await browser.get(address)).status == 403
    async with console.desk.house.db.reading() as session:
        assert [one.name for one in await mentor_profiles.everybody(session)] == ["Sample Arta"]
