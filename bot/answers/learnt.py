"""The matcher kept on disk: learning takes many seconds, reading what was learnt takes a tenth of one.

`starting-point content learn` learns at installation; the service finds it, or what it has learnt itself since.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import sys
from pathlib import Path
from typing import Final

import numpy as np

from bot.answers.content import Library, load
from bot.answers.language import warm
from bot.answers.matcher import Matcher

log = logging.getLogger(__name__)

_CODE: Final = Path(__file__).parent
_NAME: Final = "answers-{key}.learnt"
# Where the installation keeps what it has learnt: whoever can write there can change the code too.
INSTALLED: Final = Path(sys.prefix) / "var" / "starting-point"


def load_answers(folder: Path, keep_in: Path | None = None) -> tuple[Library, Matcher]:
    """The topics of a `faq/` folder and their matcher. Raises ContentError.

    What was learnt is kept until content, code or numpy change: in `keep_in`, a folder that only the service may write
    to. What the installation has learnt is found too.
    """
    warm()
    name = _NAME.format(key=_key(folder))
    for place in (keep_in, INSTALLED):
        kept = None if place is None else _read(place / name)
        if kept is not None:
            return kept
    library = load(folder)
    learnt = library, Matcher(library, folder / "_words")
    if keep_in is not None:
        _write(keep_in / name, learnt)
    return learnt


def _key(folder: Path) -> str:
    """Changes with every file that the matcher is made from, and with the code that makes it."""
    digest = hashlib.sha256(np.__version__.encode())
    for place, pattern in ((folder, "**/*"), (_CODE, "*.py")):
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
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_bytes(pickle.dumps(learnt, protocol=5))
        part.chmod(0o600)
        for former in file.parent.glob(_NAME.format(key="*")):
            former.unlink(missing_ok=True)
        part.replace(file)
    except OSError as error:
        log.warning("what was learnt cannot be kept: %s", error.strerror)
