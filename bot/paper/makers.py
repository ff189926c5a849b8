"""Files made from what is stored of them: a maker's name and its content. Slow: call it in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class NoSuchMaker(Exception):
    """A file was stored for a maker that this release does not have."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it leaves the desk."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


def _sheet(content: Mapping[str, Any]) -> bytes:
    from bot.paper.pdf import sheet  # with its libraries, which nobody needs at the start

    return sheet(content)


def _certificate(content: Mapping[str, Any]) -> bytes:
    from bot.paper.certificate import certificate

    return certificate(content)


def _calendar(content: Mapping[str, Any]) -> bytes:
    from bot.paper.calendar import calendar

    return calendar(content)


def _plain(content: Mapping[str, Any]) -> bytes:
    return str(content["text"]).encode()


def _voice(content: Mapping[str, Any]) -> bytes:
    return bytes(content["audio"])


# The name is stored with each file that waits: its meaning never changes.
MAKERS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bytes]]]] = {
    "sheet": ("application/pdf", _sheet),
    "voice": ("audio/ogg", _voice),
    "certificate": ("application/pdf", _certificate),
    "calendar": ("text/calendar; charset=utf-8", _calendar),
    "plain": ("text/plain; charset=utf-8", _plain),
}


def make(maker: str, name: str, content: Mapping[str, Any]) -> File:
    """The file `name`. Raises NoSuchMaker."""
    if maker not in MAKERS:
        raise NoSuchMaker(maker)
    media_type, making = MAKERS[maker]
    return File(name, media_type, making(content))
