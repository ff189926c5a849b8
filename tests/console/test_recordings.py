"""Recordings in the console: what there is, how it sounds, and how it goes again."""

from __future__ import annotations

from sqlalchemy import select

from bot.answers.content import body_hash
from bot.domain import recordings
from bot.domain.audit import AuditEntry
from bot.domain.recordings import Recording
from bot.domain.staff import Role, Staff
from bot.recordings import offer_recordings
from tests.console.browser import Console, Page

TOPIC = "residence.address"
TEXT = f"/console/content/{TOPIC}/en"
SOUND = b"OggS a sample that nobody spoke"


async def record(console: Console, member: Staff, *, fetched: bool = True) -> int:
    desk = console.desk
    mark = TOPIC, "en", body_hash(desk.house.library[TOPIC].answers["en"].body)
    async with desk.house.db.transaction() as session:
        number = await recordings.keep_recording(session, mark, "telegram", "file", 3, member.id, desk.clock())
        if fetched:
            due = (await recordings.due_for_fetch(session))[-1]
            assert await recordings.note_fetched(session, due, SOUND, desk.clock())
    await offer_recordings(desk.house)
    return number


async def verbs(console: Console) -> list[str]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def source(page: Page) -> str:
    return next(attributes["src"] for tag, attributes in page.tags if tag == "audio")


async def test_a_text_says_whether_it_was_read_aloud(console: Console) -> None:
    browser, fatmir = await console.staff(), await console.member("fatmir", Role.MEDIATOR, languages=["en"])
    page = await browser.get(TEXT)
    assert ("Nobody has read this text aloud yet." in page.text, "/record" in page.text) == (True, True)
    await record(console, fatmir, fetched=False)
    assert "Read aloud by Fatmir, 10:00. It is on its way here." in (await browser.get(TEXT)).text
    await record(console, fatmir)
    page = await browser.get(TEXT)
    assert ("Read aloud by Fatmir, 10:00." in page.text, "It is on its way" in page.text) == (True, False)
    played = await browser.get(source(page))
    assert (played.status, played.body, played.headers["Content-Type"]) == (200, SOUND, "audio/ogg")
    assert "Read aloud" in (await browser.get("/console/content?words=address&language=en")).text


async def test_a_player_may_ask_for_a_part(console: Console) -> None:
    browser, fatmir = await console.staff(), await console.member("fatmir")
    assert (await browser.get(f"{TEXT}/recording")).status == 404
    await record(console, fatmir)
    for wanted, status, body, told in (
        ("bytes=0-3", 206, b"OggS", f"bytes 0-3/{len(SOUND)}"),
        ("bytes=5-", 206, SOUND[5:], f"bytes 5-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=20-9999", 206, SOUND[20:], f"bytes 20-{len(SOUND) - 1}/{len(SOUND)}"),
        ("bytes=9999-", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=5-2", 416, b"", f"bytes */{len(SOUND)}"),
        ("lines=1-2", 200, SOUND, None),
    ):
        page = await browser.get(f"{TEXT}/recording", Range=wanted)
        assert (page.status, page.body, page.headers.get("Content-Range")) == (status, body, told)


async def test_a_changed_text_has_a_recording_of_an_older_one(console: Console) -> None:
    browser, fatmir = await console.staff(), await console.member("fatmir")
    await record(console, fatmir)
    await browser.get(f"{TEXT}/edit")
    await browser.submit(f"{TEXT}/edit", title="Sample", body="A sample text.", state="human", same="yes", deed="save")
    assert "This is of an older text." in (await browser.get(TEXT)).text
    assert "Read aloud, but of an older text" in (await browser.get("/console/content?language=en")).text


async def test_it_is_removed_by_whoever_may_change_the_text(console: Console) -> None:
    browser, fatmir = await console.staff(), await console.member("fatmir")
    number = await record(console, fatmir)
    await browser.get(TEXT)
    page = await browser.submit(f"{TEXT}/recording/remove")
    assert ("Removed." in page.text, "Nobody has read this text aloud yet." in page.text) == (True, True)
    assert (console.desk.house.recorded, (await verbs(console))[-1]) == ({}, "remove recording")
    async with console.desk.house.db.reading() as session:
        assert (await session.get_one(Recording, number)).audio is None
    again = await browser.post(f"{TEXT}/recording/remove", {"csrf": browser.csrf, "recording": str(number)})
    assert (again.status, (await verbs(console)).count("remove recording")) == (200, 1)
    stranger = await console.staff("ana", Role.MEDIATOR, languages=["sq"])
    await record(console, fatmir)
    page = await stranger.get(TEXT)
    assert f"{TEXT}/recording/remove" not in page.actions
    refused = await stranger.post(f"{TEXT}/recording/remove", {"csrf": stranger.csrf, "recording": "1"})
    assert (refused.status, len(console.desk.house.recorded)) == (403, 1)


async def test_a_member_removes_all_of_their_own(console: Console) -> None:
    browser = await console.staff("fatmir", Role.MEDIATOR, languages=["en"])
    assert "My recordings" not in (await browser.get("/console/account")).text
    async with console.desk.house.db.reading() as session:
        fatmir = await session.scalar(select(Staff).where(Staff.login == "fatmir"))
    assert fatmir is not None
    await record(console, fatmir)
    assert "People can hear 1 text in your voice." in (await browser.get("/console/account")).text
    page = await browser.submit("/console/account/recordings")
    assert ("Removed." in page.text, "My recordings" in page.text) == (True, False)
    assert (console.desk.house.recorded, (await verbs(console))[-1]) == ({}, "remove own recordings")
