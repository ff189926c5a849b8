"""What only a programmer can do wrong: the engine refuses it."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialog.engine import step
from bot.dialog.talk import AskAgain, Chosen, FlowError, Frame, Scene, Talk
from bot.domain import copies, people
from bot.domain.copies import CopyLink
from bot.domain.happenings import Happening, Kind
from bot.domain.inbound import StoredUpdate
from bot.i18n import Text, raw
from tests.desk import Desk, shipped_catalogs
from tests.dialog.conftest import Offers


async def played(desk: Desk, flow: object, answers: dict[str, object], reply: Chosen | str | None = None) -> None:
    house = desk.house
    async with house.db.transaction() as session:
        caller = people.newcomer("web", "k", people.sender_of("web", "k"), "en")
        await people.add(session, [caller], desk.clock())
        scene = Scene(session, caller, house.desk, house.library, shipped_catalogs(), desk.clock())
        await step(flow, Frame("flow", "run", answers), reply, scene)  # type: ignore[arg-type]


async def test_a_key_used_twice_is_refused(desk: Desk) -> None:
    async def twice(talk: Talk) -> Text:
        await talk.text("name", raw("Who are you?"))
        await talk.text("name", raw("Who is your child?"))
        return raw("The end.")

    with pytest.raises(FlowError, match="'name' is used twice"):
        await played(desk, twice, {"name": "Amina"})


async def test_a_question_after_a_write_is_refused_and_nothing_is_written(desk: Desk) -> None:
    async def hasty(talk: Talk) -> Text:
        await talk.do(copies.offer, talk.person.person_id, talk.scene.now)
        await talk.text("name", raw("Who are you?"))
        return raw("The end.")

    with pytest.raises(FlowError, match="'name' follows a write"):
        await played(desk, hasty, {})
    assert await desk.count(CopyLink) == 0


async def test_asking_again_what_was_not_asked_is_refused(desk: Desk) -> None:
    async def mistaken(talk: Talk) -> Text:
        raise AskAgain("age", because=raw("Too young."))

    with pytest.raises(FlowError, match="cannot ask 'age' again"):
        await played(desk, mistaken, {})


async def test_a_flow_that_asks_again_for_ever_is_refused(desk: Desk) -> None:
    async def stubborn(talk: Talk) -> Text:
        await talk.keep("age", no_age)
        raise AskAgain("age", because=raw("Again."))

    async def no_age(session: AsyncSession) -> int:
        return 0

    with pytest.raises(FlowError, match="asked again 5 times"):
        await played(desk, stubborn, {})


async def test_private_answers_reach_no_count_and_no_log(
    desk: Desk, offers: Offers, caplog: pytest.LogCaptureFixture
) -> None:
    async def diary(talk: Talk) -> Text:
        await talk.text("secret", raw("What hurts?"), private=True)
        await talk.number("age", raw("How old?"), 1, 120, private=True)
        talk.note(Kind.FINISHED, flow="diary")
        return raw("Thank you.")

    offers("diary", diary)
    amina = desk.person("en")
    for name in ("bot", "flows"):
        caplog.set_level(logging.DEBUG, logger=name)
    await amina.says("/diary")
    await amina.says("canary-in-the-mine")
    await amina.says("117")
    async with desk.house.db.reading() as session:
        counted = list(await session.scalars(select(Happening)))
        updates = list(await session.scalars(select(StoredUpdate)))
    columns = Happening.__table__.columns.keys()
    told = [str(getattr(one, name)) for one in counted for name in columns if name not in {"id", "at", "pseudonym"}]
    assert [one.data for one in counted] == [{"flow": "diary"}]
    assert not any("canary" in words or "117" in words for words in told)
    assert not any("canary" in one.reason for one in updates)
    assert "canary" not in caplog.text
