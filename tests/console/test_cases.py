"""Cases: listed, read, taken, answered, closed."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.channels.contract import Undeliverable
from bot.channels.webchat import WebChat
from bot.console.words import A_PERSON
from bot.domain.audit import AuditEntry
from bot.domain.db import new_id, write_rows
from bot.domain.happenings import Happening, Kind
from bot.domain.inbound import StoredUpdate
from bot.domain.messages import ChatMessage
from bot.domain.outgoing import Outgoing, Priority
from bot.domain.people import Person
from bot.domain.pins import Pin
from bot.domain.staff import Role, Staff
from bot.domain.tickets import Ticket, TicketState
from tests.console.browser import Browser, Console
from tests.console.test_access import cases_of
from tests.desk import Guest, told

PAYLOADS = (
    "<script>document.title='taken'</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1) <a href='javascript:alert(1)'>press</a>",
    "{{ 7 * 7 }} {% include 'login.html' %}",
    "</textarea></div></main><form action=//evil.test><button>Log in",
    "<div hx-get='/console/logout' hx-trigger='load'>",
    "\u202efdp.exe\u2066",
)


async def audited(console: Console, verb: str) -> int:
    async with console.desk.house.db.reading() as session:
        return len(list(await session.scalars(select(AuditEntry).where(AuditEntry.verb == verb))))


async def happened(console: Console) -> list[str]:
    async with console.desk.house.db.reading() as session:
        kinds = [Kind.HANDED_OVER, Kind.CLAIMED, Kind.REPLIED, Kind.CLOSED]
        query = select(Happening.kind).where(Happening.kind.in_(kinds)).order_by(Happening.id)
        return list(await session.scalars(query))


async def test_a_forgotten_pin_is_taken_away_and_the_person_told(console: Console) -> None:
    guest = console.desk.person("en")
    await guest.says("/person")
    await guest.says("zxcv qwer")
    await guest.says("/mydata")
    await guest.presses("⚙️ Settings")
    await guest.presses("🔢 Set a PIN")
    for _time in range(2):
        await guest.says("1234")
    browser, ticket = await console.staff(), await only_case(console)
    await takes(browser, ticket)
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.submit(f"/console/cases/{ticket.id}/pin")
    assert (await console.desk.count(Pin), await audited(console, "remove pin")) == (0, 1)
    assert (await appeared(guest))[-1] == (
        "< A person at the desk has taken your PIN away, as you asked. You can set a new one in your settings. "
        "[⚙️ Settings]"
    )
    assert f"/console/cases/{ticket.id}/pin" not in (await browser.get(f"/console/cases/{ticket.id}")).html


async def only_case(console: Console) -> Ticket:
    (ticket,) = await console.desk.tickets()
    return ticket


async def appeared(guest: Guest) -> list[str]:
    return [told(laid, guest.desk) for laid in await guest.reads()]


async def takes(browser: Browser, ticket: Ticket) -> None:
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.submit(f"/console/cases/{ticket.id}/claim")


async def test_an_empty_desk_says_so(console: Console) -> None:
    browser = await console.staff()
    page = await browser.get("/console/cases")
    assert page.title == "Cases · Starting Point Postojna"
    assert "No open cases. New questions appear here by themselves." in page.text
    assert "No case has been closed yet." in (await browser.get("/console/cases?show=closed")).text


async def test_danger_comes_first_then_who_waits_longest(console: Console) -> None:
    cases = {}
    for name in ("first", "second", "third"):
        _guest, cases[name] = await console.case(language="sq")
        console.desk.clock.pass_(minutes=10)
    _guest, cases["danger"] = await console.danger()
    browser = await console.staff()
    await takes(browser, cases["first"])
    page = await browser.get("/console/cases")
    order = [attributes["href"] for tag, attributes in page.tags if tag == "a" and cases_of([attributes["href"]])]
    # The danger also stands above everything, in the banner.
    expected = [cases[name].id for name in ("danger", "danger", "second", "third", "first")]
    assert order == [f"/console/cases/{ticket}" for ticket in expected]
    assert page.title == "(3) Cases · Starting Point Postojna"


async def test_a_line_of_the_list_tells_language_topic_and_waiting_but_no_words(console: Console) -> None:
    guest, _ticket = await console.case("How do I register my address?", language="en")
    await guest.says("My secret words")
    console.desk.clock.pass_(minutes=125)
    browser = await console.staff()
    page = await browser.get("/console/cases")
    assert "1001 English 🏠 Register your address Waiting New message 2 hrs Nobody has it yet" in page.text
    assert "secret" not in page.html
    assert await audited(console, "read case") == 0


async def test_the_case_shows_the_card_and_the_conversation(console: Console) -> None:
    guest, ticket = await console.case("How do I register my address?", language="en")
    await guest.says("I live in Postojna now")
    browser = await console.staff()
    page = await browser.get(f"/console/cases/{ticket.id}")
    assert page.title == "(1) Case 1001 · Starting Point Postojna"
    for shown in (
        "Case 1001 Waiting Language English Channel Web chat Opened 10:00 Question How do I register my address?",
        "Answers already tried 🏠 Register your address Who has it Nobody has it yet Take this case",
        "Newcomer 10:00 How do I register my address? Bot 10:00",
        "Newcomer 10:00 I live in Postojna now",
        "This person reads: English The text goes out as you write it. It is not translated.",
    ):
        assert shown in page.text
    assert page.actions >= {f"/console/cases/{ticket.id}/{deed}" for deed in ("claim", "reply", "close")}


async def test_each_look_at_a_case_is_noted_once(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.get(f"/console/cases/{ticket.id}/thread")
    async with console.desk.house.db.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.verb == "read case")))
        pseudonym = await session.scalar(select(Person.pseudonym))
    assert [(entry.ticket_number, entry.pseudonym) for entry in entries] == [(1001, pseudonym)] * 2
    assert len({entry.staff_id for entry in entries} - {None}) == 1


async def test_words_of_people_are_words_and_nothing_else(console: Console) -> None:
    guest, ticket = await console.case(PAYLOADS[0], language="en")
    for payload in PAYLOADS[1:]:
        await guest.says(payload)
    browser = await console.staff()
    calm = await console.case("hello", language="en")
    plain = await browser.get(f"/console/cases/{calm[1].id}")
    for path in (f"/console/cases/{ticket.id}", f"/console/cases/{ticket.id}/thread", "/console/cases"):
        page = await browser.get(path)
        assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags} | {"ol", "li", "div"}
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
        assert {form["="] for form in page.forms if not form["="].startswith("/console/")} == set()
    page = await browser.get(f"/console/cases/{ticket.id}")
    for payload in PAYLOADS:
        assert payload in page.text
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert {script["src"].split("?")[0].rsplit("/", 1)[1] for script in scripts} == {"htmx.min.js", "console.js"}


async def test_the_words_of_a_reply_are_escaped_too(console: Console) -> None:
    _guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    page = await browser.submit(f"/console/cases/{ticket.id}/reply", words=PAYLOADS[1])
    assert PAYLOADS[1] in page.text
    assert PAYLOADS[1] not in page.html
    await browser.get(f"/console/cases/{ticket.id}")
    page = await browser.submit(f"/console/cases/{ticket.id}/reply", words=PAYLOADS[5] + "x" * 4000)
    assert (page.status, "</textarea></div>" in page.html) == (422, False)


async def test_right_to_left_words_stand_right_in_a_left_to_right_page(console: Console) -> None:
    _guest, ticket = await console.case("كيف أسجل أطفالي؟", language="ar")
    page = await (await console.staff()).get(f"/console/cases/{ticket.id}")
    html = next(attributes for tag, attributes in page.tags if tag == "html")
    says = [attributes for tag, attributes in page.tags if attributes.get("class", "").strip().startswith("says")]
    assert (html["lang"], html["dir"]) == ("en", "ltr")
    assert {(one["lang"], one["dir"]) for one in says} == {("ar", "rtl")}


async def test_a_claim_makes_the_bot_silent(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    page = await browser.submit(f"/console/cases/{ticket.id}/claim")
    assert "This case is yours now. The bot is silent." in page.text
    assert await guest.says("How do I register my address?") == []
    found = await only_case(console)
    assert (found.state, found.claimed_by is not None) == (TicketState.HUMAN, True)
    await browser.submit(f"/console/cases/{ticket.id}/reply", words="Good morning")  # the form of the same page
    assert await happened(console) == ["handed_over", "claimed", "replied"]


async def test_two_at_once_one_gets_the_case_and_the_other_a_plain_sentence(console: Console) -> None:
    _guest, ticket = await console.case()
    both = [await console.staff("vesna"), await console.staff("luka")]
    for browser in both:
        await browser.get(f"/console/cases/{ticket.id}")
    action = f"/console/cases/{ticket.id}/claim"
    pages = await asyncio.gather(*[browser.submit(action) for browser in both])
    sentences = ("This case is yours now. The bot is silent.", "Somebody else has already taken this case.")
    told_each = sorted(sentence for page in pages for sentence in sentences if sentence in page.text)
    assert told_each == sorted(sentences)
    assert (await happened(console)).count("claimed") == 1


async def test_a_reply_reaches_the_newcomer_as_written(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    page = await browser.submit(f"/console/cases/{ticket.id}/reply", words="  Dober dan!\r\nCome <today>.  ")
    assert page.path.startswith(f"/console/cases/{ticket.id}?note=sent")
    assert "Your reply is on its way." in page.text
    assert "Vesna 10:00 Sending Dober dan! Come <today>." in page.text
    assert await appeared(guest) == ["< (A person from the desk) Dober dan! / Come <today>."]
    page = await browser.get(f"/console/cases/{ticket.id}")
    assert "Vesna 10:00 Sent Dober dan! Come <today>." in page.text
    found = await only_case(console)
    assert (found.state, found.first_reply_at, found.unread) == (TicketState.HUMAN, console.desk.clock(), False)


async def test_who_says_it_is_told_in_the_newcomers_language(console: Console) -> None:
    guest, ticket = await console.case("Si ta regjistroj adresën?", language="sq")
    await guest.reads()
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.submit(f"/console/cases/{ticket.id}/reply", words="Dober dan")
    (laid,) = await guest.reads()
    assert laid.sender == console.desk.house.catalogs.say(A_PERSON, "sq")


async def test_a_form_sent_twice_is_one_reply(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    path = f"/console/cases/{ticket.id}/reply"
    form = browser.hidden(path)
    pages = await asyncio.gather(*[browser.post(path, {**form, "words": "Good morning"}) for _ in range(5)])
    assert {page.status for page in pages} == {200}
    assert await appeared(guest) == ["< (A person from the desk) Good morning"]
    # Mended after a doubtful first try: that is another message.
    await browser.post(path, {**form, "words": "Good morning, Ana"})
    assert await appeared(guest) == ["< (A person from the desk) Good morning, Ana"]
    assert (await happened(console)).count("replied") == 2
    assert await audited(console, "reply") == 2


async def test_nothing_and_too_much_are_not_sent_and_the_words_stay(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    browser = await console.staff()
    path = f"/console/cases/{ticket.id}/reply"
    await browser.get(f"/console/cases/{ticket.id}")
    assert (await browser.submit(path, words="  \n ")).status == 422
    page = await browser.submit(path, words="x" * 3501)
    assert (page.status, "x" * 3501 in page.html) == (422, True)
    assert "Your reply is too long. At most 3,500 characters can be sent." in page.text
    assert (await browser.submit(path, words="Good morning", key="short")).status == 400
    assert await appeared(guest) == []
    assert (await only_case(console)).state == TicketState.WAITING


async def test_nobody_replies_to_a_case_that_somebody_else_has(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    await guest.reads()
    vesna, luka = await console.staff("vesna"), await console.staff("luka")
    await luka.get(f"/console/cases/{ticket.id}")
    await takes(vesna, ticket)
    page = await luka.submit(f"/console/cases/{ticket.id}/reply", words="Good morning")
    assert (page.status, "Somebody else has already taken this case." in page.text) == (409, True)
    page = await luka.get(f"/console/cases/{ticket.id}")
    assert "Vesna has this case and answers it." in page.text
    assert f"/console/cases/{ticket.id}/reply" not in page.actions
    assert await appeared(guest) == []


async def test_closing_gives_the_conversation_back_to_the_bot(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await takes(browser, ticket)
    await guest.reads()
    await browser.get(f"/console/cases/{ticket.id}")
    assert (await browser.submit(f"/console/cases/{ticket.id}/close")).status == 422
    page = await browser.submit(f"/console/cases/{ticket.id}/close", reason="answered")
    assert "This case is closed." in page.text
    await console.desk.serve()
    said = await appeared(guest)
    assert said[0].startswith("< Question 1001 is closed. You can ask me again at any time.")
    found = await only_case(console)
    assert (found.state, found.close_reason) == (TicketState.CLOSED, "answered")
    assert await happened(console) == ["handed_over", "claimed", "closed"]
    page = await browser.get("/console/cases?show=closed")
    assert "1001 Shqip" not in page.text
    assert "English" in page.text
    assert "Answered" in page.text


async def test_closing_twice_is_closing_once(console: Console) -> None:
    _guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    path = f"/console/cases/{ticket.id}/close"
    pages = await asyncio.gather(*[browser.submit(path, reason="not_needed") for _ in range(3)])
    assert {page.status for page in pages} == {200}
    assert (await happened(console)).count("closed") == 1
    assert await audited(console, "close") == 1
    async with console.desk.house.db.reading() as session:
        told_reception = list(await session.scalars(select(StoredUpdate.id).where(StoredUpdate.channel == "desk")))
    assert len(told_reception) == 1


async def test_a_closed_case_takes_no_reply(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.submit(f"/console/cases/{ticket.id}/close", reason="other")
    await guest.reads()
    page = await browser.post(
        f"/console/cases/{ticket.id}/reply", {"csrf": browser.csrf, "key": "k" * 22, "words": "Good morning"}
    )
    assert (page.status, "Good morning" in page.html) == (409, True)
    page = await browser.post(f"/console/cases/{ticket.id}/claim", {"csrf": browser.csrf})
    assert "This case is closed." in page.text
    assert await appeared(guest) == []


async def test_an_alert_rings_on_every_page_until_somebody_takes_it(console: Console) -> None:
    guest, ticket = await console.danger()
    await guest.reads()
    vesna, luka = await console.staff("vesna"), await console.staff("luka")
    for path in ("/console/cases", "/console/content", "/console/account", "/console/now"):
        assert "Danger: case 1001" in (await luka.get(path)).text
    page = await vesna.get("/console/cases")
    page = await vesna.submit(f"/console/cases/{ticket.id}/alert")
    assert page.path == f"/console/cases/{ticket.id}?note=alert"
    assert "You have taken the alert." in page.text
    assert "Danger: case 1001" not in page.text
    page = await luka.post(f"/console/cases/{ticket.id}/alert", {"csrf": luka.csrf})
    assert "Somebody else has already taken this alert." in page.text
    found = await only_case(console)
    assert (found.state, await happened(console)) == (TicketState.HUMAN, ["handed_over", "claimed"])
    assert await audited(console, "take alert") == 1
    await vesna.get(f"/console/cases/{ticket.id}")
    await vesna.submit(f"/console/cases/{ticket.id}/reply", words="I am here")
    async with console.desk.house.db.reading() as session:
        priority = await session.scalar(select(Outgoing.priority).order_by(Outgoing.id.desc()).limit(1))
    assert priority == Priority.DANGER


async def test_an_alert_in_a_case_that_somebody_has_can_be_taken_by_another(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    vesna, luka = await console.staff("vesna"), await console.staff("luka")
    await takes(vesna, ticket)
    await guest.says("/danger")
    await luka.get("/console/cases")
    await luka.submit(f"/console/cases/{ticket.id}/alert")
    assert "Danger: case" not in (await vesna.get("/console/cases")).text
    members = {member.login: member.id for member in await everybody(console)}
    assert (await only_case(console)).claimed_by == members["vesna"]


async def test_new_words_mark_a_case_until_its_holder_looks(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    vesna, luka = await console.staff("vesna"), await console.staff("luka")
    await takes(vesna, ticket)
    assert "New message" not in (await vesna.get("/console/cases")).text
    await guest.says("One more thing")
    await luka.get(f"/console/cases/{ticket.id}")
    assert "New message" in (await vesna.get("/console/cases")).text
    await vesna.get(f"/console/cases/{ticket.id}")
    assert "New message" not in (await luka.get("/console/cases")).text


async def test_a_channel_that_is_not_connected_takes_no_reply(console: Console) -> None:
    _guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    del console.desk.house.channels["web"]
    page = await browser.submit(f"/console/cases/{ticket.id}/reply", words="Good morning")
    assert (page.status, "This channel is not connected now. Nothing can be sent." in page.text) == (422, True)


class _WebChatWithFiles(WebChat):
    files = {"pdf": b"%PDF-1.7 <script>", "html": b"<html><script>alert(1)</script>"}  # noqa: RUF012

    async def fetch(self, file: str) -> bytes:
        if file not in self.files:
            raise Undeliverable("gone")
        return self.files[file]


async def hands(console: Console, guest: Guest, ticket: Ticket, kind: str, file: str) -> int:
    """A message with a file, as a channel with files would have stored it."""
    message = new_id()
    row = {
        "id": message, "person_id": ticket.person_id, "address_id": ticket.address_id, "seq": 100 + message % 10_000,
        "author": "person", "content": {"text": "", "kind": kind, "file": file}, "at": console.desk.clock(),
    }  # fmt: skip
    async with console.desk.house.db.transaction() as session:
        await write_rows(session, ChatMessage.__table__, [row])  # type: ignore[arg-type]
    return message


async def test_a_file_is_a_download_that_no_browser_opens(console: Console) -> None:
    console.desk.house.channels["web"] = _WebChatWithFiles()
    guest, ticket = await console.case(language="en")
    document, page_in_disguise = [await hands(console, guest, ticket, "document", file) for file in ("pdf", "html")]
    gone = await hands(console, guest, ticket, "voice", "gone")
    browser = await console.staff()
    page = await browser.get(f"/console/cases/{ticket.id}")
    links = {f"/console/cases/{ticket.id}/files/{message}" for message in (document, page_in_disguise, gone)}
    assert links <= page.links()
    assert "Voice message ↓" in page.text
    for message, ending in ((document, "pdf"), (page_in_disguise, "bin")):
        page = await browser.get(f"/console/cases/{ticket.id}/files/{message}")
        assert page.headers["Content-Type"] == "application/octet-stream"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        disposition = page.headers["Content-Disposition"]
        assert disposition.startswith('attachment; filename="case-1001-')
        assert disposition.endswith(f'.{ending}"')
    page = await browser.get(f"/console/cases/{ticket.id}/files/{gone}")
    assert (page.status, "This file cannot be fetched now." in page.text) == (502, True)
    assert await audited(console, "read file") == 3


async def test_a_file_opens_only_through_the_case_of_its_person(console: Console) -> None:
    console.desk.house.channels["web"] = _WebChatWithFiles()
    guest, ticket = await console.case(language="en")
    _other, elsewhere = await console.case(language="ar")
    message = await hands(console, guest, ticket, "document", "pdf")
    mediator = await console.staff("amina", Role.MEDIATOR, languages=("ar",))
    assert (await mediator.get(f"/console/cases/{elsewhere.id}/files/{message}")).status == 404
    assert (await mediator.get(f"/console/cases/{ticket.id}/files/{message}")).status == 404


async def test_somebody_who_was_forgotten_has_no_case_any_more(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    browser = await console.staff()
    await browser.get(f"/console/cases/{ticket.id}")
    fields = browser.hidden(f"/console/cases/{ticket.id}/reply")
    await guest.says("/delete")
    await guest.presses("Yes")
    assert (await browser.get(f"/console/cases/{ticket.id}")).status == 404
    late = await browser.post(f"/console/cases/{ticket.id}/reply", {**fields, "words": "Please <come> on Tuesday."})
    assert (late.status, "Please <come> on Tuesday." in late.text) == (404, True)  # the words are not lost


async def everybody(console: Console) -> list[Staff]:
    async with console.desk.house.db.reading() as session:
        return list(await session.scalars(select(Staff)))
