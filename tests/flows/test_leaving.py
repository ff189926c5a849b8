"""/stop, /delete, /mydata, /export: from the first message on, and without a trace."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.domain import copies
from bot.domain.consent import Consent
from bot.domain.copies import CopyLink
from bot.domain.happenings import Happening
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.misses import Miss
from bot.domain.outgoing import Outgoing
from bot.domain.people import Address, Dialog, Person
from bot.domain.staff import Staff
from bot.domain.tickets import Alert, Ticket
from bot.domain.visits import ReturnCode, Visit
from tests.desk import Desk, Guest
from tests.flows.deeds import claims
from tests.flows.lines import DELETED, GREETING, MENU, NOTICE, PICK_LANGUAGE, SURE_TO_DELETE, WHAT_QUESTION
from tests.flows.paper import Writer, with_paper

STOPPED = (
    "< We will not write to you any more. If you write to us, we answer. / To get messages again, write: /start "
    "[🗑 Delete everything] [☰ Menu]"
)
OF_PEOPLE = (Person, Address, Dialog, ChatMessage, Outgoing, Consent, Miss, CopyLink, Ticket, Alert, ReturnCode, Visit)


async def test_stop_and_back(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > stop
        {STOPPED}
        > /menu
        {MENU}
        > /stop
        {STOPPED}
        > /start
        < We may write to you here again.
        {GREETING}
        > /start
        {GREETING}
    """)
    async with desk.house.db.reading() as session:
        found = list(await session.scalars(select(Consent).order_by(Consent.id)))
    hashes = {
        given: hashlib.sha256(words.encode()).hexdigest()
        for given, words in (
            (False, "We will not write to you any more. If you write to us, we answer."),
            (True, "We may write to you here again."),
        )
    }
    assert [(one.purpose, one.given, one.text_hash) for one in found] == [
        ("messages", given, hashes[given]) for given in (False, False, True)
    ]


async def test_delete_takes_two_steps_and_can_be_refused(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /delete
        {SURE_TO_DELETE}
        > [No]
        < Fine, nothing was deleted. [☰ Menu]
        > forget me
        {SURE_TO_DELETE}
        > what?
        < Please answer yes or no. / {SURE_TO_DELETE.removeprefix("< ")}
        > cancel
        < Stopped. Nothing was saved.
        {MENU}
    """)
    assert await desk.count(Person) == 1


async def with_a_history(desk: Desk) -> Guest:
    """Somebody of whom there is something in every table."""
    guest = desk.person(hint="en")
    await guest.says("/start")
    await guest.says("zxcv qwer canary-one")
    await guest.says("canary-two he beats me")
    await guest.says("/export")
    await guest.says("/stop")
    return guest


async def test_delete_leaves_nothing_but_counts_without_a_name(desk: Desk) -> None:
    guest = await with_a_history(desk)
    await guest.says("/delete")
    happened = await desk.count(Happening)
    assert min([await desk.count(table) for table in (Person, Address, ChatMessage, Consent, Miss, Ticket, Alert)]) >= 1
    await guest.chats(f"""
        > yes
        {DELETED}
    """)
    await desk.tick()
    assert {table.__tablename__: await desk.count(table) for table in OF_PEOPLE} == {
        table.__tablename__: 0 for table in OF_PEOPLE
    }
    async with desk.house.db.reading() as session:
        updates = list(await session.scalars(select(StoredUpdate)))
        kinds = list(await session.scalars(select(Happening.kind).order_by(Happening.id)))
    assert {(one.raw, one.sender, one.state) for one in updates} == {(None, "", "done")}
    assert len(kinds) == happened + 1
    assert kinds[-1] == "erased"
    await no_canary_in_the_file(desk, guest.key, guest.sender)


async def no_canary_in_the_file(desk: Desk, *more: str) -> None:
    """The bytes of the SQLite database and its log hold none of these words."""
    if not desk.house.db.is_sqlite:
        return
    await desk.house.db.close()
    file = Path(str(make_url(desk.house.db.url).database))
    found = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert [word for word in ("canary", *more) if word.encode() in found] == []


async def test_the_goodbye_may_take_its_time_but_not_more_than_ten_minutes(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/delete")
    await guest.sends(typed="yes")
    await desk.serve()
    await desk.tick()
    assert (await desk.count(Person), await desk.count(Outgoing)) == (1, 1)
    desk.clock.pass_(minutes=10)
    await desk.tick()
    assert (await desk.count(Person), await desk.count(Outgoing)) == (0, 0)


async def test_somebody_deleted_can_come_back_as_a_stranger(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    await guest.chats(f"""
        > /start
        {NOTICE}
        {GREETING}
    """)


async def test_coming_back_before_the_goodbye_was_swept_is_a_new_beginning_too(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    await guest.says("/delete")
    await guest.says("yes")
    await guest.chats(f"""
        > /start
        {PICK_LANGUAGE}
        > [English]
        {NOTICE}
        {MENU}
    """)
    await desk.tick()
    assert await desk.count(Person) == 1
    await guest.chats(f"""
        > /menu
        {MENU}
    """)


async def test_delete_forgets_the_other_forms_too(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > /delete
        {SURE_TO_DELETE}
        > yes
        {DELETED}
    """)
    assert await desk.count(Dialog) == 0


async def test_delete_by_typed_words_while_a_person_answers(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    await claims(desk, await desk.has_staff())
    await guest.chats(f"""
        > /delete
        {SURE_TO_DELETE}
        > no
        < Fine, nothing was deleted. [☰ Menu]
        > /delete
        {SURE_TO_DELETE}
        > yes
        {DELETED}
    """)
    assert await desk.count(Ticket) == 0


async def test_a_yes_meant_for_the_adviser_deletes_nothing(desk: Desk) -> None:
    from tests.flows.deeds import replies

    guest = desk.person("en")
    await guest.says("/person")
    await guest.says("My door does not close.")
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    await guest.says("/delete")
    await replies(desk, vesna, "Do you have the key?")
    await guest.reads()
    await guest.chats("> yes")
    assert await desk.count(Ticket) == 1


async def test_a_member_of_staff_who_deletes_their_chat_keeps_the_log_in(desk: Desk) -> None:
    from bot.domain import staff

    vesna = await desk.has_staff()
    async with desk.house.db.transaction() as session:
        token = await staff.invite(session, vesna.id, desk.clock())
    guest = desk.person("en")
    await guest.says(f"/start staff-{token}")
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    async with desk.house.db.reading() as session:
        members = list(await session.scalars(select(Staff)))
    assert [(one.login, one.address_id) for one in members] == [("vesna", None)]


async def test_a_pushed_goodbye_arrives_and_then_nothing_is_left(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7007007")
    await writer.sends("command", "start")
    await writer.sends("voice", "canary-three")
    await writer.sends("command", "delete")
    assert await writer.sends("typed", "yes") == [DELETED]
    await desk.tick()
    assert {table.__tablename__: await desk.count(table) for table in OF_PEOPLE} == {
        table.__tablename__: 0 for table in OF_PEOPLE
    }
    await no_canary_in_the_file(desk, "7007007")


async def test_my_data_and_a_copy_behind_a_link_that_works_once(desk: Desk) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start")
    await guest.says("zxcv qwer")
    (shown,) = await guest.says("/export")
    before, _colon, link = shown.text.partition("http://desk.test/copy/")
    assert before == "Here is a copy of everything we keep about you. The link works once, for ten minutes: "
    async with desk.house.db.transaction() as session:
        copy = await copies.redeem(session, link, desk.clock())
        again = await copies.redeem(session, link, desk.clock())
    assert (again, sorted(copy or {})) == (
        None,
        [
            "absences",
            "addresses",
            "attendance",
            "bookings",
            "certificates",
            "feedback",
            "files",
            "first_steps",
            "joined_records",
            "language_practice",
            "looked_at",
            "messages",
            "pairs",
            "person",
            "pin_is_set",
            "questions",
            "reminders",
            "seat_news",
            "seat_offers",
            "sign_ups",
            "signed_up_by_you",
            "told_and_agreed",
            "unanswered",
            "unfinished",
            "written_down_at_the_desk",
        ],
    )
    assert copy is not None
    words = [one["content"].get("text") for one in copy["messages"] if one["author"] == "person"]
    assert words == ["/start", "zxcv qwer", "/export"]
    assert [one["question"] for one in copy["unanswered"]] == ["zxcv qwer"]
    assert [one["purpose"] for one in copy["told_and_agreed"]] == ["notice"]
    json.dumps(copy)


async def test_a_link_to_a_copy_grows_old(desk: Desk) -> None:
    guest = desk.person("en")
    (shown,) = await guest.says("/export")
    link = shown.text.partition("/copy/")[2]
    desk.clock.pass_(minutes=10)
    async with desk.house.db.transaction() as session:
        assert await copies.redeem(session, link, desk.clock()) is None
        assert await copies.redeem(session, "", desk.clock()) is None
        assert await copies.redeem(session, "x" * 500, desk.clock()) is None
