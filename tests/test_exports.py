"""Commands see what the desk has changed: export, check, what to write next."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.answers.content import load
from bot.config import Settings, read_settings
from bot.domain import edits, misses, people
from bot.domain.db import new_id, write_rows
from bot.domain.edits import TextEdit
from bot.domain.misses import Miss
from bot.exports import ExportRefused, check_answers, export_answers
from bot.library import read_edits, relearn
from bot.paths import FAQ
from bot.reports import ReportRefused, print_gap, read_gaps
from tests.desk import SECRET, Desk, open_desk

TOPIC = "residence.address"


@pytest.fixture
async def edited(database_url: str) -> AsyncIterator[Desk]:
    """A desk that has changed one text."""
    async with open_desk(database_url) as desk:
        yield desk


@pytest.fixture
def configured(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a command on the same database."""
    monkeypatch.setenv("SP_DATABASE_URL", database_url)
    monkeypatch.setenv("SP_SECRET_KEY", SECRET)
    monkeypatch.setenv("SP_DATA_DIR", str(tmp_path / "data"))
    return read_settings()


async def changes(desk: Desk, body: str, verified_on: date | None = None) -> None:
    async with desk.house.db.transaction() as session:
        edit = TextEdit(id=new_id(), topic=TOPIC, language="sl", title="Vzorec", body=body, state="human",
                        verified_on=verified_on, staff_id=1, at=desk.clock())  # fmt: skip
        await edits.save_text(session, edit, None)


async def test_the_files_are_the_library_that_the_chat_uses(edited: Desk, configured: Settings, tmp_path: Path) -> None:
    await changes(edited, "Vzorčno besedilo.")
    written, changed = await export_answers(configured, tmp_path / "out")
    await relearn(edited.house)
    assert load(tmp_path / "out") == edited.house.library
    assert changed == [f"{TOPIC}/sl.md"]
    assert written == sum(file.is_file() for file in FAQ.rglob("*"))
    with pytest.raises(ExportRefused, match="out is not an empty folder"):
        await export_answers(configured, tmp_path / "out")


async def test_without_a_database_the_files_come_out_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SP_DATABASE_URL", raising=False)
    settings = read_settings()
    assert await read_edits(settings) is None
    _written, changed = await export_answers(settings, tmp_path / "out")
    assert (changed, load(tmp_path / "out")) == ([], load(FAQ))
    assert not (tmp_path / "data").exists()
    with pytest.raises(ReportRefused):
        await read_gaps(settings, 5)


async def test_the_check_reads_the_desk_s_texts_and_believes_who_asked(edited: Desk, configured: Settings) -> None:
    async def found() -> set[str]:
        return {one.code for one in await check_answers(configured) if one.file == FAQ / TOPIC / "sl.md"}

    await changes(edited, "Pokličite [[01 000 00 00]].")
    assert await found() == {"unverified", "length"}
    await changes(edited, "Pokličite [[01 000 00 00]].", date(2026, 11, 20))
    assert await found() == {"length"}


async def test_what_to_write_next(edited: Desk, configured: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await read_gaps(configured, 5) == []
    caller = people.newcomer("web", "k", people.sender_of("web", "k"), "en")
    rows = [
        misses.row(caller, one, "housing.rent", "en", edited.clock()) for one in ("one", "two", "my name is Sample")
    ]
    async with edited.house.db.transaction() as session:
        await people.add(session, [caller], edited.clock())
        await write_rows(session, Miss.__table__, rows)  # type: ignore[arg-type]
    (gap,) = await read_gaps(configured, 2)
    assert json.loads(json.dumps(gap.as_json())) == {
        "nearest": "housing.rent", "language": "en", "count": 3, "newest": "2026-11-23",
        "examples": ["my name is •••", "two"],
    }  # fmt: skip
    print_gap(gap)
    assert capsys.readouterr().out.splitlines() == [
        "3 near housing.rent in en, the newest of 2026-11-23", "   my name is •••", "   two",
    ]  # fmt: skip
