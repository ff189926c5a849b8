"""The desk's answers in every language: who made them, which are out of date, and how they read."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from bot.answers.content import Library, Topic
from bot.answers.edited import with_edits
from bot.answers.export import export
from bot.answers.folding import fold
from bot.console import cases, sheets, words
from bot.console.blocks import Block, blocks
from bot.console.gate import Answer, Visit
from bot.console.pages import Shown
from bot.console.translations import catalog_states
from bot.domain import audit, edits, recordings
from bot.domain.edits import Edits
from bot.i18n import LANGUAGES, Text
from bot.paths import FAQ
from flows.menu import FIELDS

__all__ = ["Block", "blocks", "download", "overview", "text"]

_MISSING: Final = "missing"
_STALE: Final = "stale"
_OVERDUE: Final = "overdue"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which topics somebody wants to see."""

    words: str = ""
    field: str = ""
    language: str = ""
    state: str = ""

    def shows(self, topic: Topic, today: date) -> bool:
        """Whether this topic is wanted."""
        if self.field and topic.field != self.field:
            return False
        if self.words and fold(self.words) not in _searched(topic):
            return False
        if self.state == _OVERDUE:
            return topic.overdue(today)
        languages = [self.language] if self.language else list(LANGUAGES)
        return not self.state or any(self.state in marks(topic, language) for language in languages)


def _searched(topic: Topic) -> str:
    return fold(" ".join([topic.id, *(f"{one.title} {one.body}" for one in topic.answers.values())]))


def marks(topic: Topic, language: str) -> set[str]:
    """What is to be said of a topic's text in a language: its state, `stale`, or `missing`."""
    text = topic.answers.get(language)
    if text is None:
        return {_MISSING}
    return {text.state, _STALE} if text.stale else {text.state}


async def overview(visit: Visit) -> Answer:
    """The topics with the state of their texts, and the state of the interface's own words."""
    house, asked = visit.house, visit.request.query_params
    today = sheets.today(visit)
    wanted = Filter(asked.get("words", "").strip()[:60], asked.get("field", ""), asked.get("language", ""),
                    asked.get("state", ""))  # fmt: skip
    topics = [topic for topic in house.library if wanted.shows(topic, today)]
    edited = await edits.counting(visit.session)
    return Shown(
        "content.html",
        {
            "topics": [_row(topic, visit.member.language, today) for topic in topics],
            "all_topics": len(house.library),
            "wanted": wanted, "fields": FIELDS,
            "states": words.CONTENT_STATES, "filter_states": words.CONTENT_FILTERS,
            "counts": {code: _counts(house.library, code) for code in LANGUAGES},
            "edited": {(one.topic, one.language) for one in edited.texts if one.body is not None},
            "recorded": await _recorded(visit),
            "may_edit": {code: sheets.may_edit(visit, code) for code in LANGUAGES},
            "catalogs": catalog_states(house.catalogs.folder),
        },
    )  # fmt: skip


async def _recorded(visit: Visit) -> dict[tuple[str, str], Text]:
    """What is to be said of the recordings, by topic and language."""
    topics = visit.house.library.topics
    return {
        (one.topic, one.language): words.RECORDED
        if sheets.hash_of(topics[one.topic].answers.get(one.language)) == one.text_hash
        else words.RECORDED_BEFORE
        for one in await recordings.listed(visit.session)
        if one.topic in topics
    }


def _counts(library: Library, language: str) -> Counter[str]:
    return Counter(mark for topic in library for mark in marks(topic, language))


def _row(topic: Topic, language: str, today: date) -> dict[str, Any]:
    answer = topic.answer(language)
    return {
        "topic": topic, "title": answer.title, "language": answer.language, "overdue": topic.overdue(today),
        "field": FIELDS[topic.field],
    }  # fmt: skip


async def text(visit: Visit) -> Answer:
    """One topic in one language, as people read it."""
    page = await sheets.open_page(visit, to_edit=False)
    today = sheets.today(visit)
    rows = await edits.versions(visit.session, page.topic.id, page.language)
    counting = next((row for row in rows if row.undone_at is None), None)
    names = await cases.names(visit.session)
    written = page.answer
    recording = await recordings.of_topic(visit.session, page.topic.id, page.language)
    return Shown(
        "text.html",
        {
            "page": page, "topic": page.topic, "written": written, "blocks": blocks(written) if written else [],
            "overdue": page.topic.overdue(today), "today": today.isoformat(),
            "state": words.CONTENT_STATES[written.state] if written else None,
            "questions": page.topic.questions.get(page.language, ()), "counting": counting, "versions": len(rows),
            "who": names.get(counting.staff_id, "") if counting else "",
            "may_edit": sheets.may_edit(visit, page.language), "recording": recording,
            "voice": names.get(recording.staff_id, "") if recording else "", "text_hash": sheets.hash_of(written),
        },
        200 if written or sheets.may_edit(visit, page.language) else 404,
    )  # fmt: skip


async def download(visit: Visit) -> Answer:
    """All answers as files of the `faq/` folder, zipped: what was changed here included."""
    found = await edits.counting(visit.session)
    await audit.note(visit.session, "export content", visit.house.now(), staff_id=visit.member.id)
    shipped = visit.house.shipped.library

    async def send() -> Response:
        packed = await asyncio.to_thread(_packed, shipped, found)
        headers = {"Content-Disposition": 'attachment; filename="faq.zip"'}
        return Response(packed, media_type="application/zip", headers=headers)

    return send


def _packed(shipped: Library, found: Edits) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in export(FAQ, shipped, with_edits(shipped, found), found):
            archive.writestr(f"faq/{path}", content)
    return file.getvalue()
