"""Who changed a text when, and what: every version against the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Final

from bot.console import cases, words
from bot.console.gate import Answer, Visit
from bot.console.pages import Shown
from bot.console.sheets import Page, may_edit, open_page
from bot.domain import edits
from bot.domain.edits import TextEdit
from bot.i18n import Text

_PIECES: Final = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Version:
    """One change of a text. `pieces`: words with `same`, `del` or `ins`."""

    id: int
    who: str
    at: datetime
    state: Text | None
    shipped: bool
    verified_on: date | None
    undone: bool
    undone_by: str
    counts: bool
    title: tuple[tuple[str, str], ...]
    body: tuple[tuple[str, str], ...]


async def history(visit: Visit) -> Answer:
    """Every version of a text, the newest first."""
    page = await open_page(visit, to_edit=False)
    rows = await edits.versions(visit.session, page.topic.id, page.language)
    names = await cases.names(visit.session)
    return Shown(
        "text_history.html",
        {
            "page": page, "versions": list(_versions(page, rows, names)), "may_edit": may_edit(visit, page.language),
            "shipped": page.shipped.answers.get(page.language),
        },
    )  # fmt: skip


def _versions(page: Page, rows: list[TextEdit], names: dict[int, str]) -> Iterator[Version]:
    counts = next((row.id for row in rows if row.undone_at is None), None)
    for place, row in enumerate(rows):
        before = next((old for old in rows[place + 1 :] if old.undone_at is None), None)
        old, new = _words_of(page, before), _words_of(page, row)
        yield Version(
            row.id, names.get(row.staff_id, ""), row.at, words.CONTENT_STATES.get(row.state), row.body is None,
            row.verified_on, row.undone_at is not None, names.get(row.undone_by or 0, ""), row.id == counts,
            changes(old[0], new[0]), changes(old[1], new[1]),
        )  # fmt: skip


def _words_of(page: Page, row: TextEdit | None) -> tuple[str, str]:
    if row is not None and row.body is not None:
        return row.title, row.body
    shipped = page.shipped.answers.get(page.language)
    return (shipped.title, shipped.body) if shipped else ("", "")


def changes(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Both texts in one: words that stayed (`same`), went (`del`) and came (`ins`)."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    found: list[tuple[str, str]] = []
    for kind, b0, b1, a0, a1 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(before[b0:b1])))
            continue
        found += [(name, "".join(part)) for name, part in (("del", before[b0:b1]), ("ins", after[a0:a1])) if part]
    return tuple(found)
