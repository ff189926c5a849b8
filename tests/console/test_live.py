"""The live stream says what changed, to whom may know, for as long as the session lasts."""

from __future__ import annotations

import asyncio
import json

from sqlalchemy import text

from bot.bell import DESK
from bot.console.queue import CLOSED, open_cases
from bot.domain.staff import Role
from tests.console.browser import Console, event


async def test_news_come_at_once_and_without_words(console: Console) -> None:
    browser = await console.staff()
    async with browser.events() as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        name, empty = await event(stream)
        assert (name, json.loads(empty)["waiting"], json.loads(empty)["cases"]) == ("changed", 0, {})
        _guest, ticket = await console.case("My secret words")
        states = [json.loads((await event(stream))[1])]
        while not states[-1]["cases"]:
            states.append(json.loads((await event(stream))[1]))
        assert (states[-1]["waiting"], states[-1]["ringing"], list(states[-1]["cases"])) == (1, 0, [str(ticket.id)])
        assert "secret" not in json.dumps(states)


async def test_the_marks_of_the_stream_are_those_of_the_pages(console: Console) -> None:
    _guest, ticket = await console.case()
    browser = await console.staff()

    async def marks(path: str) -> dict[str, str]:
        page = await browser.get(path)
        return {one["data-shows"]: one["data-mark"] for _tag, one in page.tags if "data-shows" in one}

    async with browser.events() as stream:
        said = json.loads((await event(stream))[1])
    expected = {"desk": said["desk"], str(ticket.id): said["cases"][str(ticket.id)]}
    assert await marks(f"/console/cases/{ticket.id}") == expected
    assert await marks("/console/cases") == {"desk": said["desk"]}
    await browser.get(f"/console/cases/{ticket.id}")
    await browser.submit(f"/console/cases/{ticket.id}/close", reason="other")
    assert (await marks(f"/console/cases/{ticket.id}"))[str(ticket.id)] == CLOSED


async def test_a_message_in_a_case_changes_its_mark_only(console: Console) -> None:
    guest, ticket = await console.case(language="en")
    _other, other = await console.case(language="en")
    browser = await console.staff()
    async with browser.events() as stream:
        before = json.loads((await event(stream))[1])["cases"]
        await guest.says("One more thing")
        after = before
        while after[str(ticket.id)] == before[str(ticket.id)]:
            after = json.loads((await event(stream))[1])["cases"]
        assert after[str(other.id)] == before[str(other.id)]


async def test_what_another_process_wrote_is_noticed_without_a_bell(console: Console) -> None:
    browser = await console.staff()
    async with browser.events() as stream:
        before = json.loads((await event(stream))[1])
        await console.desk.has_staff("luka", Role.ADVISER, on_call=True)  # rings nothing
        name, data = await event(stream)
        assert (name, json.loads(data)["desk"] != before["desk"]) == ("changed", True)


async def test_the_stream_ends_with_the_session(console: Console) -> None:
    browser = await console.staff()
    async with browser.events() as stream:
        await event(stream)
        console.desk.clock.pass_(minutes=31)
        console.desk.house.bell.ring(DESK)
        assert (await event(stream))[0] == "ended"
        assert await event(stream) == ("", "")


async def test_without_a_session_the_stream_says_so(console: Console) -> None:
    page = await console.browser().get("/console/live", Accept="text/event-stream")
    assert (page.headers["Content-Type"].split(";")[0], page.body) == (
        "text/event-stream", b"event: ended\ndata: {}\n\n",
    )  # fmt: skip


async def test_the_queue_is_read_through_the_index_of_open_messages(console: Console) -> None:
    async with console.desk.house.db.reading() as session:
        if session.get_bind().dialect.name != "sqlite":
            return
        asked = str(open_cases().compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in await session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert "SEARCH outbox USING INDEX ix_outbox_open (address_id=?)" in plan


async def test_the_stream_ends_when_the_service_closes(console: Console) -> None:
    browser = await console.staff()
    async with browser.events() as stream, asyncio.timeout(30):
        await event(stream)
        console.closing.set()
        assert await event(stream) == ("", "")
