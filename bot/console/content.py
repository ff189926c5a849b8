"""The desk's answers in every language: who made them, which are out of date, and how they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.answers.content import Answer as Written
from bot.answers.content import Topic
from bot.console import words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.translations import catalog_states
from flows.menu import FIELDS

_STEP: Final = re.compile(r"\d+\.\s+")
_DATED: Final = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`p`) or a list (`ul`, `ol`). Each line is its pieces: words, and whether they go out of date."""

    kind: str
    lines: tuple[tuple[tuple[str, bool], ...], ...]


async def overview(visit: Visit) -> Answer:
    """All topics with the state of their texts, and the state of the interface's own words."""
    house = visit.house
    today = house.now().astimezone(house.desk.zone).date()
    return Shown(
        "content.html",
        {
            "topics": [_row(topic, visit.member.language, today) for topic in house.library],
            "states": words.CONTENT_STATES,
            "catalogs": catalog_states(house.catalogs.folder),
        },
    )


def _row(topic: Topic, language: str, today: date) -> dict[str, Any]:
    answer = topic.answer(language)
    return {
        "topic": topic, "title": answer.title, "language": answer.language, "overdue": topic.overdue(today),
        "field": FIELDS[topic.field],
    }  # fmt: skip


async def text(visit: Visit) -> Answer:
    """One topic in one language, as people read it."""
    house, wanted = visit.house, visit.request.path_params
    if wanted["topic"] not in house.library:
        raise Refused(404, words.NO_SUCH_PAGE)
    topic = house.library[wanted["topic"]]
    if wanted["language"] not in topic.answers:
        raise Refused(404, words.NO_SUCH_PAGE)
    written = topic.answers[wanted["language"]]
    today = house.now().astimezone(house.desk.zone).date()
    return Shown(
        "text.html",
        {
            "topic": topic, "written": written, "blocks": blocks(written), "overdue": topic.overdue(today),
            "state": words.CONTENT_STATES[written.state], "questions": topic.questions.get(written.language, ()),
        },
    )  # fmt: skip


def blocks(written: Written) -> list[Block]:
    """The text in paragraphs and lists."""
    found: list[tuple[str, list[str]]] = []
    for line in written.body.splitlines():
        kind, said = _kind(line.strip())
        if said and found and found[-1][0] == kind:
            found[-1][1].append(said)
        else:
            found.append((kind, [said]) if said else ("", []))
    return [Block(kind, tuple(_pieces(line) for line in lines)) for kind, lines in found if kind]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("- "):
        return "ul", line[2:]
    step = _STEP.match(line)
    return ("ol", line[step.end() :]) if step else ("p", line)


def _pieces(line: str) -> tuple[tuple[str, bool], ...]:
    # `split` with a group: every second piece stood in double brackets.
    pieces = enumerate(_DATED.split(line))
    return tuple((piece, number % 2 == 1) for number, piece in pieces if piece)
