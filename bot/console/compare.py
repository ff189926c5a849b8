"""A mediator reads a translation beside the Slovene: right, or corrected; then the next one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from bot.answers.content import SOURCE_LANGUAGE, Answer, Library, Topic
from bot.console import words
from bot.console.blocks import pieces
from bot.console.gate import Answer as Answered
from bot.console.gate import Refused, Visit
from bot.console.pages import Shown
from bot.console.sheets import done, hash_of, may_edit, open_page, topic_now
from bot.domain import edits
from bot.domain.db import new_id
from bot.domain.edits import Meanwhile, TextEdit
from bot.i18n import LANGUAGES

CHECKED: Final = "checked"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a language is."""

    language: str
    right: int
    whole: int


async def languages(visit: Visit) -> Answered:
    """The languages that this member may compare, with how far each is."""
    own = [code for code in LANGUAGES if code != SOURCE_LANGUAGE and may_edit(visit, code)]
    own.sort(key=lambda code: code not in visit.member.languages)
    listed = [_progress(visit.house.library, code) for code in own]
    return Shown("compare_list.html", {"listed": listed, "own": set(visit.member.languages)})


def _progress(library: Library, language: str) -> Progress:
    topics = [topic for topic in library if _comparable(topic)]
    return Progress(language, sum(is_right(topic, language) for topic in topics), len(topics))


def _comparable(topic: Topic) -> bool:
    return SOURCE_LANGUAGE in topic.answers


def is_right(topic: Topic, language: str) -> bool:
    """Whether a person has compared this text with the Slovene as it is now."""
    answer = topic.answers.get(language)
    return answer is not None and answer.state == CHECKED and not answer.stale


async def compare(visit: Visit) -> Answered:
    """The next text that nobody has compared; `at` names one, `after` goes on behind one."""
    language, asked = _language(visit), visit.request.query_params
    library = visit.house.library
    progress = _progress(library, language)
    topic = library.topics.get(asked.get("at", "")) or _next(library, language, asked.get("after", ""))
    if topic is None:
        return Shown("compare.html", {"progress": progress, "topic": None, "undoable": None, "settled": None})
    topic = await topic_now(visit, visit.house.shipped.library[topic.id])
    answer, source = topic.answers.get(language), topic.answers[SOURCE_LANGUAGE]
    settled = library.topics.get(asked.get("after", ""))
    return Shown(
        "compare.html",
        {
            "progress": progress, "topic": topic, "answer": answer, "source": source, "source_hash": hash_of(source),
            "answer_hash": hash_of(answer), "pairs": pairs(source, answer) if answer else [],
            "state": words.CONTENT_STATES[answer.state] if answer else None, "settled": settled,
            "undoable": await _last(visit, settled, language) if settled else None,
        },
    )  # fmt: skip


def _next(library: Library, language: str, after: str) -> Topic | None:
    """The first text behind `after` that is not known to be right, from the beginning again at the end."""
    waiting = [topic for topic in library if _comparable(topic) and not is_right(topic, language)]
    return next((topic for topic in waiting if topic.id > after), waiting[0] if waiting else None)


async def _last(visit: Visit, topic: Topic, language: str) -> TextEdit | None:
    """This member's own last change of a text, to be taken back."""
    rows = await edits.versions(visit.session, topic.id, language)
    last = next((row for row in rows if row.undone_at is None), None)
    return last if last and last.staff_id == visit.member.id else None


Side = tuple[tuple[str, bool], ...]


def pairs(source: Answer, answer: Answer) -> list[tuple[Side, Side]]:
    """Line beside line; one pair of whole texts where the lines do not match."""
    left, right = ([line for line in one.body.splitlines() if line.strip()] for one in (source, answer))
    if len(left) != len(right):
        left, right = [source.body], [answer.body]
    return [(pieces(one), pieces(other)) for one, other in zip_longest(left, right, fillvalue="")]


def _language(visit: Visit) -> str:
    language = str(visit.request.path_params["language"])
    if language not in LANGUAGES or language == SOURCE_LANGUAGE:
        raise Refused(404, words.NO_SUCH_PAGE)
    if not may_edit(visit, language):
        raise Refused(403, words.NOT_ALLOWED)
    return language


async def right(visit: Visit) -> Answered:
    """This translation says what the Slovene text says, both as they were shown."""
    page, form = await open_page(visit), visit.form
    again = f"/console/content/compare/{page.language}?at={page.topic.id}&note=changed"
    if page.is_source or page.answer is None or page.source is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    shown = form.text("source"), form.text("answer")
    if shown != (hash_of(page.source), hash_of(page.answer)):
        return await done(visit, "compare", again)
    version = edits.version_of(await edits.versions(visit.session, page.topic.id, page.language))
    edit = TextEdit(
        id=new_id(), topic=page.topic.id, language=page.language, title=page.answer.title, body=page.answer.body,
        state=CHECKED, made_from=hash_of(page.source), over=hash_of(page.shipped.answers.get(page.language)),
        staff_id=visit.member.id, at=visit.house.now(),
    )  # fmt: skip
    try:
        await edits.save_text(visit.session, edit, version)
    except Meanwhile:
        return await done(visit, "compare", again)
    return await done(visit, "compare", f"/console/content/compare/{page.language}?after={page.topic.id}")
