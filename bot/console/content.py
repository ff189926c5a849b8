"""The desk's answers in every language: who made them, which are out of date, and how they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from bot.answers.content import Answer as Written
from bot.answers.content import Topic
from bot.console import words
from bot.console.gate import Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.translations import catalog_states

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
    used = {code for topic in house.library for code in topic.answers}
    return Shown(
        "content.html",
        {
            "topics": [_row(topic, visit.member.language, today) for topic in house.library],
            "shown_languages": [code for code in visit_languages(visit) if code in used],
            "states": words.CONTENT_STATES,
            "catalogs": catalog_states(house.catalogs.folder),
        },
    )


def visit_languages(visit: Visit) -> list[str]:
    """The launch languages, the member's own first."""
    from bot.i18n import LANGUAGES

    return sorted(LANGUAGES, key=lambda code: code != visit.member.language)


def _row(topic: Topic, language: str, today: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = topic.answer(language)
    return {
        "topic": topic, "title": answer.title, "language": answer.language, "overdue": topic.overdue(today),
        "field": words.FIELDS[topic.field],
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
        if found and found[-1][0] == kind and said and kind != "p":
            found[-1][1].append(said)
        elif said and found and kind == "p" == found[-1][0] and found[-1][1]:
            found[-1][1].append(said)
        elif said:
            found.append((kind, [said]))
        else:
            found.append(("", []))
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
