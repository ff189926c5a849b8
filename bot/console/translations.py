"""Who made the words of the interface in each language, as the catalogs say themselves."""

from __future__ import annotations

import re
from pathlib import Path

from bot.i18n import LANGUAGES, SOURCE_LANGUAGE

_STATE = re.compile(r'^"X-State:\s*(\w+)', re.MULTILINE)


def catalog_state(folder: Path, language: str) -> str:
    """`source`, what the header `X-State` says (`machine`, `human`, `checked`), `missing` without a catalog.

    A catalog that says nothing counts as made by a machine: nobody has vouched for it.
    """
    if language == SOURCE_LANGUAGE:
        return "source"
    file = folder / language / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return "missing"
    header = file.read_text(encoding="utf-8").split("\n\n", 1)[0]
    found = _STATE.search(header)
    return found.group(1).lower() if found else "machine"


def catalog_states(folder: Path) -> dict[str, str]:
    """The state of every launch language's catalog."""
    return {language: catalog_state(folder, language) for language in LANGUAGES}
