"""The `starting-point` command: what scripts rely on. Errors are one plain sentence and a non-zero exit."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import cli
from bot.domain import people
from bot.domain.db import Database
from bot.domain.outgoing import Outgoing
from bot.domain.secrets import open_keys
from bot.domain.staff import Staff
from tests.databases import sqlite_url
from tests.desk import SECRET, Desk, shipped_answers
from tests.flows.paper import Writer, with_paper


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """`run("ask", "…", SP_X="…")` in this process, with a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("SP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("bot.answers.learnt.load_answers", lambda *_: shipped_answers())  # learnt once for all tests
    root = logging.getLogger()
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in ("", "bot", "flows")}
    hooks = sys.excepthook, threading.excepthook

    def command(*arguments: str, **environment: str) -> Ended:
        with monkeypatch.context() as here:
            here.setattr(sys, "argv", ["starting-point", *arguments])
            for name, value in environment.items():
                here.setenv(name, value)
            capsys.readouterr()
            try:
                cli.main()
                code = 0
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Ended(code, *capsys.readouterr())

    yield command
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook, threading.excepthook = hooks


def refused(ended: Ended, code: int = 1) -> str:
    """The one plain sentence of a refusal; the log's own lines are JSON."""
    assert ended.code == code
    assert ended.out == ""
    lines = [line for line in ended.err.splitlines() if not line.startswith("{")]
    assert len(lines) == 1
    assert lines[0].startswith("starting-point: ")
    return lines[0].removeprefix("starting-point: ")


# ask


def test_ask_tells_what_the_chat_would_answer(run: Run) -> None:
    ended = run("ask", "How do I register my address?")
    first, *topics = ended.out.splitlines()
    assert (ended.code, first.split(" ")[0], len(topics)) == (0, "answer", 3)
    assert topics[0].split()[1] == "residence.address"


def test_ask_as_json(run: Run) -> None:
    (found,) = run("ask", "--lang", "sq", "Si e regjistroj adresën e përkohshme?", "--json").json
    assert sorted(found) == ["kind", "lang", "scores", "topics", "why"]
    assert (found["kind"], found["topics"][0], found["lang"]) == ("answer", "residence.address", "sq")


def test_ask_without_a_question(run: Run) -> None:
    assert refused(run("ask", "  ")) == "write a question, or name a file with --batch"


LINES = [
    '{"id": 1, "lang": "en", "text": "How do I register my address?"}',
    "",
    '{"id": "two", "lang": null, "text": "he beats me"}',
    '{"id": 3, "text": "zxcv qwer"}',
]


def test_a_batch_in_order(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(LINES), encoding="utf-8")
    ended = run("ask", "--batch", str(file), "--json")
    assert (ended.code, ended.err) == (0, "")
    assert [(one["id"], one["kind"]) for one in ended.json] == [(1, "answer"), ("two", "danger"), (3, "unsure")]
    for one in ended.json:
        assert sorted(one) == ["id", "kind", "lang", "scores", "topics"]
        assert (len(one["topics"]), len(one["scores"])) == (3, 3)
        assert one["scores"] == sorted(one["scores"], reverse=True)
        assert all(0 <= score <= 1 for score in one["scores"])


def test_bad_lines_of_a_batch_are_named_and_the_others_answered(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    bad = ["no json", "[1]", '{"text": "x"}', '{"id": 7}', '{"id": 8, "text": 5}', '{"id": 9, "text": "x", "lang": 1}']
    file.write_text("\n".join([*bad, LINES[0]]), encoding="utf-8")
    ended = run("ask", "--batch", str(file), "--json")
    assert ended.code == 1
    assert [(one["id"], "error" in one) for one in ended.json] == [
        (None, True), (None, True), (None, True), (7, True), (8, True), (9, True), (1, False),
    ]  # fmt: skip


def test_a_batch_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert (
        refused(run("ask", "--batch", str(tmp_path / "no.jsonl")))
        == "no.jsonl cannot be read: No such file or directory"
    )


def test_the_real_command_reads_standard_input_as_utf_8(tmp_path: Path) -> None:
    lines = '{"id": 1, "lang": null, "text": "Как зарегистрировать временный адрес?"}\nno json\n'
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--batch", "-", "--json"], input=lines.encode(), capture_output=True,
        env={"PATH": os.environ["PATH"], "SP_DATA_DIR": str(tmp_path), "LC_ALL": "C.UTF-8"}, check=False,
    )  # fmt: skip
    first, second = [json.loads(line) for line in ended.stdout.decode().splitlines()]
    assert (ended.returncode, first["topics"][0], first["lang"]) == (1, "residence.address", "ru")
    assert second == {"id": None, "error": "This line is not JSON."}


# content


def test_content_check_ends_as_it_finds(run: Run) -> None:
    plain, found = run("content", "check"), run("content", "check", "--json")
    assert plain.code == found.code == (1 if found.json else 0)
    assert len(plain.out.splitlines()) == max(1, len(found.json))
    for one in found.json:
        assert sorted(one) == ["code", "file", "line", "sentence"]
        assert one["file"].startswith("faq/")


# report


async def in_a_thread(run: Run, *arguments: str, **environment: str) -> Ended:
    return await asyncio.to_thread(run, *arguments, **environment)


async def test_a_report_as_text_json_and_csv(desk: Desk, run: Run) -> None:
    guest = desk.person(hint="en")
    await guest.says("/start from--2")
    await guest.says("How do I register my address?")
    await guest.says("=zxcv qwer")
    await Writer(desk, with_paper(desk), "1").sends("typed", "zxcv qwer")
    where = {"SP_DATABASE_URL": desk.house.db.url.render_as_string(hide_password=False), "SP_SECRET_KEY": SECRET}
    period = ("--from", "2026-11-01", "--to", "2026-11-30")

    ended = await in_a_thread(run, "report", *period, "--json", **where)
    (found,) = ended.json
    assert (ended.code, found["contacts"], found["people"]) == (0, 2, 2)
    assert found["tables"]["source"] == [{"group": "-2", "contacts": 1, "people": 1}]

    ended = await in_a_thread(run, "report", *period, "--csv", **where)
    rows = list(csv.reader(io.StringIO(ended.out)))
    assert rows[:2] == [["table", "group", "contacts", "people"], ["total", "", "2", "2"]]
    assert ["source", "'-2", "1", "1"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]

    ended = await in_a_thread(run, "report", *period, **where)
    assert ended.out.splitlines()[0] == "2026-11-01 – 2026-11-30: 2 contacts, 2 people"
    assert "=zxcv qwer" in ended.out


async def test_a_report_says_what_is_wrong(desk: Desk, run: Run) -> None:
    where = {"SP_DATABASE_URL": desk.house.db.url.render_as_string(hide_password=False)}
    assert refused(await in_a_thread(run, "report", "--from", "yesterday", SP_SECRET_KEY=SECRET, **where)) == (
        "yesterday is not a day like 2026-01-31"
    )
    assert refused(await in_a_thread(run, "report", SP_SECRET_KEY="another key", **where)) == (
        "SP_SECRET_KEY does not open this database"
    )


def test_a_report_without_a_database(run: Run, tmp_path: Path) -> None:
    sentence = "there is no up-to-date database yet: start the desk once with run or demo"
    assert refused(run("report")) == sentence
    assert refused(run("report", SP_DATABASE_URL=sqlite_url(tmp_path / "nowhere"))) == sentence
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SP_LOG_LEVEL": "LOUD"}, "SP_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR"),
        ({"SP_DESK": "no-such-desk.toml"}, "the desk's file no-such-desk.toml cannot be read: No such file or directory"),
        ({"SP_SECRET_KEY_FILE": "no-such-key"}, "SP_SECRET_KEY_FILE cannot be read: No such file or directory"),
        ({"SP_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/x"}, "the database cannot be used (OperationalError)"),
        ({"SP_DATABASE_URL": "nonsense"}, "SP_DATABASE_URL must be an address of SQLite or PostgreSQL"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named(run: Run, environment: dict[str, str], sentence: str) -> None:
    assert refused(run("report", **environment)) == sentence


# staff


async def members(url: str, *keys: str) -> list[tuple[str, str]]:
    db = Database(url)
    try:
        await open_keys(db, list(keys))
        async with db.reading() as session:
            found = list(await session.scalars(select(Staff).order_by(Staff.login)))
    finally:
        await db.close()
    return [(one.login, one.name) for one in found]


def test_staff_add_backup_and_restore(run: Run, tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    assert refused(run("backup", str(copy))) == "there is no database yet"
    (added,) = run("staff", "add", "Vesna", "--name", "Vesna N.", "--role", "admin", "--language", "sl", "--json").json
    assert (added["login"], len(added["password"])) == ("Vesna", 16)
    (saved,) = run("backup", str(copy), "--json").json
    assert saved == {"file": "copy.db", "bytes": copy.stat().st_size}
    assert copy.stat().st_mode & 0o077 == 0
    assert refused(run("backup", str(copy))) == "copy.db is there already"
    assert "miha can log in with the password" in run("staff", "add", "miha").out
    key = (data / "secret.key").read_text().strip()
    assert [login for login, _name in asyncio.run(members(sqlite_url(data), key))] == ["miha", "vesna"]
    assert refused(run("restore", str(copy))) == "there is a database already; --force replaces it"
    assert run("restore", str(copy), "--force").code == 0
    assert asyncio.run(members(sqlite_url(data), key)) == [("vesna", "Vesna N.")]
    assert (data / "secret.key").stat().st_mode & 0o077 == 0


def test_staff_add_refuses_what_it_cannot_do(run: Run) -> None:
    assert run("staff", "add", "vesna").code == 0
    assert refused(run("staff", "add", "VESNA")) == "there is a log-in VESNA already"
    assert refused(run("staff", "add", "xenia", "--role", "king")).startswith(
        "there is no role king; there are admin, "
    )
    assert refused(run("staff", "add", "xenia", "--language", "xx")).startswith(
        "there is no language xx; there are sl, en, "
    )


@pytest.mark.parametrize("content", [b"", b"this is no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_backup_replaces_nothing(run: Run, tmp_path: Path, content: bytes) -> None:
    run("db", "upgrade")
    database = tmp_path / "data" / "desk.db"
    before = database.read_bytes()
    file = tmp_path / "copy.db"
    file.write_bytes(content)
    assert "copy.db is " in refused(run("restore", str(file), "--force"))
    assert database.read_bytes() == before
    assert sorted(one.name for one in database.parent.iterdir() if "restored" in one.name) == []


def test_a_backup_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert refused(run("restore", str(tmp_path / "no.db"))) == "there is no file no.db"


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_has_its_own_tools(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "copy.db"
    if command == "restore":
        file.write_bytes(b"x")
    url = "postgresql+psycopg://nobody@127.0.0.1:1/x"
    assert refused(run(command, str(file), SP_DATABASE_URL=url)) == (
        "this desk runs on PostgreSQL: use pg_dump and pg_restore"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_on_its_way_in_a_backup_is_not_sent_again(desk: Desk, run: Run, tmp_path: Path) -> None:
    guest = desk.person("en")
    await guest.sends(typed="/menu")
    await desk.serve()
    key = {"SP_SECRET_KEY": SECRET}
    url = desk.house.db.url.render_as_string(hide_password=False)
    copy = str(tmp_path / "copy.db")
    assert (await in_a_thread(run, "backup", copy, SP_DATABASE_URL=url, **key)).code == 0
    assert (await in_a_thread(run, "restore", copy, **key)).code == 0
    db = Database(sqlite_url(tmp_path / "data"))
    try:
        await open_keys(db, [SECRET])
        async with db.reading() as session:
            rows = list(await session.scalars(select(Outgoing)))
            addresses = list(await session.scalars(select(people.Address)))
    finally:
        await db.close()
    assert [(row.state, row.reason) for row in rows] == [("undeliverable", "restored")]
    assert [one.key for one in addresses] == [guest.key]


def test_the_database_is_upgraded_once(run: Run, tmp_path: Path) -> None:
    for _time in range(2):
        ended = run("db", "upgrade")
        assert (ended.code, ended.out) == (0, "The database is up to date.\n")
    assert (tmp_path / "data" / "desk.db").exists()


def test_help_names_every_command(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for name in ("run", "demo", "ask", "content", "report", "staff", "doctor", "backup", "restore", "db"):
        assert name in ended.out


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["ask", "--nonsense"], ["staff", "nonsense"], ["report", "--examples", "many"]]
)
def test_a_wrong_call_is_said_and_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert refused(run(*arguments), code=2)
