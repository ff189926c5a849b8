"""The matcher kept on disk: learning takes seconds, reading what was learnt takes a tenth of one."""

from __future__ import annotations

import hashlib
import logging
import pickle
from pathlib import Path
from typing import Final

import numpy as np

from bot.answers.content import Library, load
from bot.answers.danger import Danger
from bot.answers.elsewhere import FOLDER
from bot.answers.language import warm
from bot.answers.matcher import Matcher
from bot.answers.smalltalk import Smalltalk

log = logging.getLogger(__name__)

_CODE: Final = Path(__file__).parent
_NAME: Final = "answers-{key}.learnt"


def load_answers(folder: Path, keep_in: Path | None = None) -> tuple[Library, Matcher]:
    """The topics of a `faq/` folder and their matcher. Raises ContentError.

    With `keep_in`, an existing folder that only the service may write to, what was learnt is kept there until
    content, code or numpy change.
    """
    warm()
    if keep_in is None or not keep_in.is_dir():
        return _learn(folder)
    file = keep_in / _NAME.format(key=_key(folder))
    kept = _read(file)
    if kept is not None:
        return kept
    learnt = _learn(folder)
    _write(file, learnt)
    return learnt


def _learn(folder: Path) -> tuple[Library, Matcher]:
    library, words = load(folder), folder / "_words"
    return library, Matcher(library, Danger.load(words / "danger"), Smalltalk.load(words / "smalltalk"))


def _key(folder: Path) -> str:
    """Changes with every file that the matcher is made from, and with the code that makes it."""
    digest = hashlib.sha256(np.__version__.encode())
    for place, pattern in ((folder, "**/*"), (FOLDER, "*.txt"), (_CODE, "*.py")):
        for file in sorted(place.glob(pattern)):
            if file.is_file():
                digest.update(f"{file.relative_to(place)}\0{file.stat().st_size}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:24]


def _read(file: Path) -> tuple[Library, Matcher] | None:
    try:
        with file.open("rb") as stream:
            library, matcher = pickle.load(stream)  # noqa: S301 - our own file, in a folder that only we write to
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - a damaged file is learnt again, whatever is wrong with it
        log.warning("%s cannot be read (%s) and is made again", file.name, type(error).__name__)
        return None
    return (library, matcher) if isinstance(library, Library) and isinstance(matcher, Matcher) else None


def _write(file: Path, learnt: tuple[Library, Matcher]) -> None:
    part = file.with_suffix(".part")
    try:
        part.write_bytes(pickle.dumps(learnt, protocol=5))
        part.chmod(0o600)
        for former in file.parent.glob(_NAME.format(key="*")):
            former.unlink(missing_ok=True)
        part.replace(file)
    except OSError as error:
        log.warning("what was learnt cannot be kept: %s", error.strerror)
