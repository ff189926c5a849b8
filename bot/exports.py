"""The answers as files: checked and written out with what the desk has changed in the console."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from bot.answers.check import Finding, check
from bot.answers.content import load
from bot.answers.edited import with_edits
from bot.answers.export import export
from bot.answers.phrases import Phrases
from bot.config import Settings
from bot.domain.edits import Edits
from bot.library import read_edits
from bot.paths import FAQ

_ASKED: Final = frozenset({"unverified", "forbidden"})  # somebody has asked the office about these


class ExportRefused(Exception):
    """The files cannot be written; the message says why in one sentence."""


async def check_answers(settings: Settings) -> list[Finding]:
    """All findings of the answers as the chat gives them. Raises ContentError."""
    found = await read_edits(settings) or Edits()
    asked = {FAQ / one.topic / f"{one.language}.md" for one in found.texts if one.body and one.verified_on}
    library = with_edits(load(FAQ), found)
    findings = check(library, jargon=Phrases.load(FAQ / "_words" / "jargon"))
    return [one for one in findings if one.code not in _ASKED or one.file not in asked]


async def export_answers(settings: Settings, to: Path) -> tuple[int, list[str]]:
    """Write every file below `to`; how many, and which of them differ from the shipped. Raises ExportRefused."""
    found = await read_edits(settings) or Edits()
    return await asyncio.to_thread(_write, to, found)


def _write(to: Path, found: Edits) -> tuple[int, list[str]]:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ExportRefused(f"{to.name} is not an empty folder")
    shipped = load(FAQ)
    written, changed = 0, []
    try:
        for name, content in export(FAQ, shipped, with_edits(shipped, found), found):
            file = to / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            written += 1
            if not (FAQ / name).is_file() or (FAQ / name).read_bytes() != content:
                changed.append(name)
    except OSError as error:
        raise ExportRefused(f"the files cannot be written: {error.strerror}") from None
    return written, changed
