"""Edits are only added; the newest that is not undone counts; two people do not overwrite each other unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.domain import edits
from bot.domain.db import Database, new_id
from bot.domain.edits import DeskFact, Meanwhile, QuestionEdit, TextEdit, with_facts
from bot.domain.places import load_desk
from tests.domain.conftest import NOW

ANA, BOR = 1, 2
DAY = date(2026, 11, 20)


def text(body: str | None, staff_id: int = ANA) -> TextEdit:
    return TextEdit(id=new_id(), topic="sample.topic", language="en", title="Sample", body=body, state="human",
                    staff_id=staff_id, at=NOW)  # fmt: skip


async def version(db: Database) -> str:
    async with db.reading() as session:
        return edits.version_of(await edits.versions(session, "sample.topic", "en"))


async def counting(db: Database) -> edits.Edits:
    async with db.reading() as session:
        return await edits.counting(session)


async def save(db: Database, edit: TextEdit, at: str | None = None) -> None:
    async with db.transaction() as session:
        await edits.save_text(session, edit, at)


async def undo(db: Database, table: Any, edit_id: int) -> Any:  # noqa: ANN401
    async with db.transaction() as session:
        return await edits.undo(session, table, edit_id, BOR, NOW)


async def test_the_newest_counts_and_undo_brings_back_the_one_before(db: Database) -> None:
    first, second = text("one"), text("two")
    await save(db, first)
    await save(db, second)
    assert [one.body for one in (await counting(db)).texts] == ["two"]
    assert await undo(db, TextEdit, second.id) is not None
    assert [one.body for one in (await counting(db)).texts] == ["one"]
    assert await undo(db, TextEdit, second.id) is None
    async with db.reading() as session:
        history = await edits.versions(session, "sample.topic", "en")
    assert [(one.body, one.undone_by) for one in history] == [("two", BOR), ("one", None)]


async def test_who_did_not_see_a_change_is_told_whose_it_is(db: Database) -> None:
    seen = await version(db)
    await save(db, text("hers"), seen)
    with pytest.raises(Meanwhile) as found:
        await save(db, text("his", BOR), seen)
    assert found.value.staff_id == ANA
    await save(db, text("his", BOR), await version(db))
    assert [one.body for one in (await counting(db)).texts] == ["his"]


async def test_an_undo_too_is_a_change(db: Database) -> None:
    edit = text("hers")
    await save(db, edit)
    seen = await version(db)
    await undo(db, TextEdit, edit.id)
    with pytest.raises(Meanwhile) as found:
        await save(db, text("his", BOR), seen)
    assert found.value.staff_id is None


async def test_every_edit_and_undo_changes_the_mark(db: Database) -> None:
    async def mark() -> str:
        async with db.reading() as session:
            return await edits.mark(session)

    marks = [await mark()]
    edit = text("one")
    await save(db, edit)
    marks.append(await mark())
    await undo(db, TextEdit, edit.id)
    marks.append(await mark())
    async with db.transaction() as session:
        asked = await edits.note_question(session, "sample.topic", "en", "how?", ANA, NOW)
    marks.append(await mark())
    await undo(db, QuestionEdit, asked.id)
    marks.append(await mark())
    async with db.transaction() as session:
        await edits.save_facts(session, "ue", {"phone": "000"}, DAY, ANA, NOW, "0.0")
    marks.append(await mark())
    assert len(set(marks)) == len(marks)


async def test_a_question_added_removed_and_added_again_is_there_once(db: Database) -> None:
    async with db.transaction() as session:
        for added in (True, False, True):
            await edits.note_question(session, "sample.topic", "en", "how?", ANA, NOW, added=added)
    assert [(one.text, one.added) for one in (await counting(db)).questions] == [("how?", True)]


async def test_facts_stand_above_the_desk_s_file_and_go_back(db: Database) -> None:
    shipped = load_desk(None)
    async with db.transaction() as session:
        (phone,) = await edits.save_facts(session, "advocate", {"phone": "000 00 00"}, DAY, ANA, NOW, "0.0")
        await edits.save_facts(session, "place:postojna", {"hours": "mon 08:00-12:00"}, DAY, ANA, NOW, "0.0")
    desk = with_facts(shipped, await counting(db))
    advocate = desk.office("advocate")
    assert advocate is not None
    assert (advocate.address, advocate.phone, advocate.checked_on) == ("Železna cesta 16, Ljubljana", "000 00 00", DAY)
    assert (desk.place.hours, desk.place.checked_on) == ("mon 08:00-12:00", DAY)
    await undo(db, DeskFact, phone.id)
    assert with_facts(shipped, await counting(db)).office("advocate") == shipped.office("advocate")
    async with db.transaction() as session:
        with pytest.raises(Meanwhile):
            await edits.save_facts(session, "advocate", {"phone": ""}, DAY, BOR, NOW, "1.0")
