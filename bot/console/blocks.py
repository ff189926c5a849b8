"""A text in paragraphs and lists, as pages show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.answers.content import Answer

_STEP: Final = re.compile(r"\d+\.\s+")
_DATED: Final = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`p`) or a list (`ul`, `ol`). Each line is its pieces: words, and whether they go out of date."""

    kind: str
    lines: tuple[tuple[tuple[str, bool], ...], ...]


def blocks(written: Answer) -> list[Block]:
    """The text in paragraphs and lists."""
    found: list[tuple[str, list[str]]] = []
    for line in written.body.splitlines():
        kind, said = _kind(line.strip())
        if said and found and found[-1][0] == kind:
            found[-1][1].append(said)
        else:
            found.append((kind, [said]) if said else ("", []))
    return [Block(kind, tuple(pieces(line) for line in lines)) for kind, lines in found if kind]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("- "):
        return "ul", line[2:]
    step = _STEP.match(line)
    return ("ol", line[step.end() :]) if step else ("p", line)


def pieces(line: str) -> tuple[tuple[str, bool], ...]:
    """A line's words, and whether they go out of date."""
    # `split` with a group: every second piece stood in double brackets.
    found = enumerate(_DATED.split(line))
    return tuple((piece, number % 2 == 1) for number, piece in found if piece)
