"""The `starting-point` command."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Coroutine
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError
from typer._click.exceptions import UsageError

from bot import logs
from bot.answers.batch import answer_batch
from bot.answers.content import ContentError
from bot.backups import BackupRefused, restore_backup, write_backup
from bot.config import Settings, SettingsError, read_settings
from bot.domain.places import DeskError
from bot.domain.sealed import SealError
from bot.exports import ExportRefused
from bot.members import MemberRefused, add_member
from bot.reports import ReportRefused, print_csv, print_gap, print_text, read_gaps, read_report


class Refused(Exception):
    """A command cannot do what it was asked; the message is one plain sentence."""


T = TypeVar("T")
_REFUSALS = (
    Refused, SettingsError, DeskError, SealError, ContentError, MemberRefused, BackupRefused, ReportRefused,
    ExportRefused,
)  # fmt: skip
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The help desk Starting Point."
)
content_app = typer.Typer(no_args_is_help=True, help="The answers in faq/.")
staff_app = typer.Typer(no_args_is_help=True, help="The desk's own people.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(content_app, name="content")
app.add_typer(staff_app, name="staff")
app.add_typer(db_app, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command; errors are one plain sentence on stderr and a non-zero exit."""
    try:
        raise SystemExit(app(standalone_mode=False) or 0)
    except UsageError as error:
        _fail(error.format_message() or "see starting-point --help", code=2)
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
    except typer.Abort:
        _fail("stopped")
    except _REFUSALS as error:
        _fail(str(error))
    except SQLAlchemyError as error:
        _fail(f"the database cannot be used ({type(error).__name__})")


def _fail(sentence: str, code: int = 1) -> NoReturn:
    print(f"starting-point: {sentence}", file=sys.stderr)
    raise SystemExit(code)


def _settings() -> Settings:
    settings = read_settings()
    logs.set_up(settings)
    return settings


def _run(work: Coroutine[Any, Any, T]) -> T:
    import uvloop

    return uvloop.run(work)


def _print_json(value: Any) -> None:  # noqa: ANN401
    print(json.dumps(value, ensure_ascii=False))


@app.command()
def run() -> None:
    """Serve: web chat and console, and Telegram where SP_TELEGRAM_TOKEN is set."""
    from bot.app import run as serve

    _run(serve(_settings()))


@app.command()
def demo() -> None:
    """Serve the sample desk of Postojna on this machine, with a log-in for staff."""
    from bot.demo import run_demo

    _run(run_demo(_settings()))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")] = "",
    lang: Annotated[str, typer.Option(help="The chosen language.")] = "",
    batch: Annotated[Path | None, typer.Option(help="A file of JSON lines {id, lang, text}; - for stdin.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask what the chat would answer."""
    from bot.library import edited_answers

    _library, matcher = _run(edited_answers(read_settings()))
    if batch is not None:
        lines = sys.stdin if str(batch) == "-" else _lines(batch)
        wrong = False
        for result in answer_batch(lines, matcher):
            wrong |= "error" in result
            _print_json(result)
        raise typer.Exit(1 if wrong else 0)
    if not question.strip():
        raise Refused("write a question, or name a file with --batch")
    match = matcher.match(question, lang or None)
    if as_json:
        _print_json({"kind": match.kind, "topics": match.topics, "scores": match.scores, "lang": match.language,
                     "why": match.why})  # fmt: skip
        return
    print(f"{match.kind} ({match.why})")
    for topic, score in zip(match.topics, match.scores, strict=True):
        print(f"  {score:.2f}  {topic}")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or "it is no text in UTF-8"
        raise Refused(f"{file.name} cannot be read: {why}") from None


@content_app.command("check")
def content_check(as_json: AsJson = False) -> None:
    """Look for missing and stale translations, overdue reviews, dead links and forbidden facts.

    Where there is a database, the texts are checked as they were changed in the console.
    """
    from bot.exports import check_answers
    from bot.paths import FAQ

    findings = _run(check_answers(read_settings()))
    for one in findings:
        name = one.file.relative_to(FAQ.parent) if one.file.is_relative_to(FAQ.parent) else one.file
        if as_json:
            _print_json({"file": str(name), "line": one.line, "code": one.code, "sentence": one.sentence})
        else:
            print(f"{name}:{one.line}: {one.code}: {one.sentence}")
    if not findings and not as_json:
        print("The answers are in order.")
    raise typer.Exit(1 if findings else 0)


@content_app.command("export")
def content_export(
    to: Annotated[Path, typer.Option(help="An empty or new folder.")],
    as_json: AsJson = False,
) -> None:
    """Write all answers as files of faq/, with what was changed in the console."""
    from bot.exports import export_answers

    written, changed = _run(export_answers(_settings(), to))
    if as_json:
        _print_json({"files": written, "changed": changed})
    else:
        print(f"{written} files in {to.name}, {len(changed)} of them changed in the console.")
        for name in changed:
            print(f"  {name}")


@content_app.command("learn")
def content_learn() -> None:
    """Learn the answers now, as the installation does: a start then only reads what was learnt."""
    from bot.answers.learnt import INSTALLED, load_answers
    from bot.paths import FAQ

    load_answers(FAQ, INSTALLED)


@app.command()
def report(
    first: Annotated[str, typer.Option("--from", help="First day, 2026-01-01; default: a year ago.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day; default: today.")] = "",
    examples: Annotated[int, typer.Option(min=0, help="How many unanswered questions to quote per group.")] = 5,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    gaps: Annotated[bool, typer.Option("--gaps", help="Only what to write next: open questions in groups.")] = False,
) -> None:
    """Contacts and people by language, channel, month and topic; unanswered questions."""
    if gaps:
        groups = _run(read_gaps(_settings(), examples))
        for one in groups:
            _print_json(one.as_json()) if as_json else print_gap(one)
        if not groups and not as_json:
            print("Every question was answered.")
        return
    found = _run(read_report(_settings(), _day(first), _day(last), examples))
    if as_json:
        _print_json(found.as_json())
    elif as_csv:
        print_csv(found, csv.writer(sys.stdout))
    else:
        print_text(found)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise Refused(f"{words} is not a day like 2026-01-31") from None


@staff_app.command("add")
def staff_add(
    login: Annotated[str, typer.Argument(help="The log-in name.")],
    name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="A role; may be given several times.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="A language they speak; may be given several times.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody to the desk; prints a first password."""
    password = _run(add_member(_settings(), login, name or login, role or ["adviser"], language or ["sl"]))
    if as_json:
        _print_json({"login": login, "password": password})
    else:
        print(f"{login} can log in with the password {password} and should change it.")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check whether the desk can run here: settings, database, keys, content, catalogs, Telegram."""
    from bot.doctor import examine

    findings = _run(examine(_settings()))
    for one in findings:
        if as_json:
            _print_json({"what": one.what, "fine": one.fine, "sentence": one.sentence})
        else:
            print(f"{'ok  ' if one.fine else 'FAIL'} {one.what}: {one.sentence}")
    raise typer.Exit(0 if all(one.fine for one in findings) else 1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    as_json: AsJson = False,
) -> None:
    """Write a consistent copy of the SQLite database while the desk runs. The key is not in it."""
    size = write_backup(_settings(), file)
    if as_json:
        _print_json({"file": file.name, "bytes": size})
    else:
        print(f"{file.name}: {size} bytes. Keep the secret key somewhere else.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Put a backup in the place of the database, while the desk is stopped."""
    restore_backup(_settings(), file, force=force)
    print("Restored. What was waiting to be sent in the backup is not sent again.")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the present schema (run and demo do it themselves)."""
    from bot.domain.migrations import upgrade

    upgrade(_settings().database)
    print("The database is up to date.")
