"""Writing a text: beside the Slovene, with the rules and every channel's look, undone as easily as done."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.answers.content import SOURCE_LANGUAGE, Answer, Library, Topic
from bot.answers.edited import with_edits
from bot.console import cases, rules, words
from bot.console.blocks import blocks
from bot.console.gate import LARGEST_ID, Refused, Visit
from bot.console.gate import Answer as Answered
from bot.console.pages import Shown
from bot.console.preview import views
from bot.console.sheets import Page, done, hash_of, open_page, today, with_topic
from bot.domain import edits
from bot.domain.db import new_id
from bot.domain.edits import Edits, Meanwhile, TextEdit
from bot.i18n import Text, _

MOST_TITLE_CHARS: Final = 80
MOST_BODY_CHARS: Final = 6000
# `machine` is no choice: whoever saves a text here has read it.
STATES: Final = ("human", "checked")
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form holds: not saved, perhaps not even right."""

    title: str
    body: str
    state: str
    same: bool  # it says what the Slovene text says
    source: str  # the mark of the Slovene text that stood beside it
    version: str
    asked: bool = False
    asked_on: str = ""
    back: str = ""


async def form(visit: Visit) -> Answered:
    """The text to be changed, or to be written."""
    page = await open_page(visit)
    before = await edits.versions(visit.session, page.topic.id, page.language)
    answer = page.answer
    draft = Draft(
        answer.title if answer else "", answer.body if answer else "",
        "checked" if visit.request.query_params.get("back") == "compare" or (answer and answer.state == "checked")
        else "human",
        same=answer is None or not answer.stale, source=hash_of(page.source), version=edits.version_of(before),
        back=visit.request.query_params.get("back", ""),
    )  # fmt: skip
    return await _shown(visit, page, draft)


async def preview(visit: Visit) -> Answered:
    """The rules and the looks alone, for a page on which somebody writes."""
    page = await open_page(visit)
    shown = await _shown(visit, page, _draft(visit))
    return Shown("text_preview.html", shown.values)


async def save(visit: Visit) -> Answered:
    """Keep the text, or say what is missing."""
    page, draft = await open_page(visit), _draft(visit)
    if visit.form.text("deed") == "preview":
        return await _shown(visit, page, draft)
    problems = _problems(visit, page, draft)
    if problems:
        return await _shown(visit, page, draft, problems, status=422)
    try:
        await edits.save_text(visit.session, _edit(visit, page, draft), draft.version)
    except Meanwhile as change:
        return await _changed_meanwhile(visit, page, draft, change)
    if draft.back == "compare":
        return await done(visit, "edit text", f"/console/content/compare/{page.language}?after={page.topic.id}")
    return await done(visit, "edit text", f"{page.address}?note=saved")


def _draft(visit: Visit) -> Draft:
    form = visit.form
    return Draft(
        clean(form.text("title")).replace("\n", " "), clean(form.text("body")),
        form.text("state") if form.text("state") in STATES else "human",
        same=form.text("same") == "yes", source=form.text("source")[:12], version=form.text("version")[:40],
        asked=form.text("asked") == "yes", asked_on=form.text("asked_on")[:10], back=form.text("back")[:10],
    )  # fmt: skip


def clean(typed: str) -> str:
    """Typed words as a file can hold them: one kind of line end, no control characters, no blanks at the edges."""
    lines = _LINE_ENDS.sub("\n", typed).split("\n")
    kept = ("".join(sign for sign in line if sign == "\t" or unicodedata.category(sign) != "Cc") for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip().lstrip("\ufeff")


def _problems(visit: Visit, page: Page, draft: Draft) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if not draft.title:
        problems["title"] = _("Please enter a title.")
    elif len(draft.title) > MOST_TITLE_CHARS:
        problems["title"] = _("The title is too long. At most {n} characters.", n=MOST_TITLE_CHARS)
    if not draft.body:
        problems["body"] = _("Please write a text.")
    elif len(draft.body) > MOST_BODY_CHARS:
        problems["body"] = _("The text is too long. At most {n} characters.", n=MOST_BODY_CHARS)
    asks = draft.body and any(one.asks for one in _remarks(visit, page, draft))
    if asks and not draft.asked:
        problems["asked"] = _("Please ask the office first, tick this box and give the day.")
    if draft.asked and asked_on(draft.asked_on, today(visit)) is None:
        problems["asked"] = _("Please give the day on which you asked. It cannot be in the future.")
    return problems


def asked_on(typed: str, latest: date) -> date | None:
    """A day from a form that has come already."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day <= latest else None


def _edit(visit: Visit, page: Page, draft: Draft) -> TextEdit:
    made_from = draft.source if draft.same or page.answer is None else page.answer.made_from
    return TextEdit(
        id=new_id(), topic=page.topic.id, language=page.language, title=draft.title, body=draft.body, state=draft.state,
        made_from=None if page.is_source else made_from or None,
        over=hash_of(page.shipped.answers.get(page.language)), staff_id=visit.member.id, at=visit.house.now(),
        verified_on=asked_on(draft.asked_on, today(visit)) if draft.asked else _asked_before(page),
    )  # fmt: skip


def _asked_before(page: Page) -> date | None:
    """A change of words does not make the last check of the facts undone."""
    return page.topic.checked_on if page.is_source and page.topic.checked_on != page.shipped.checked_on else None


def _written(visit: Visit, page: Page, draft: Draft) -> Topic:
    """The topic as it would be with the draft."""
    edit = replace_empty(_edit(visit, page, draft))
    return with_edits(Library({page.topic.id: page.topic}), Edits((edit,)))[page.topic.id]


def replace_empty(edit: TextEdit) -> TextEdit:
    """A draft without a word can be looked at too."""
    edit.title, edit.body = edit.title or "…", edit.body or "…"
    return edit


def _remarks(visit: Visit, page: Page, draft: Draft) -> list[rules.Remark]:
    topic = _written(visit, page, draft)
    return rules.remarks(topic, topic.answers[page.language], visit.house.library)


async def _shown(
    visit: Visit, page: Page, draft: Draft, problems: dict[str, Text] | None = None, theirs: Answer | None = None,
    who: str = "", status: int = 200,
) -> Shown:  # fmt: skip
    topic = _written(visit, page, draft)
    return Shown(
        "text_edit.html",
        {
            "page": page, "topic": page.topic, "draft": draft, "problems": problems or {}, "theirs": theirs, "who": who,
            "states": {state: words.CONTENT_STATES[state] for state in STATES},
            "source": page.source, "source_blocks": blocks(page.source) if page.source else [],
            "remarks": rules.remarks(topic, topic.answers[page.language], visit.house.library),
            "views": await views(visit, with_topic(visit, topic), topic.id, page.language),
            "today": today(visit).isoformat(), "most_title": MOST_TITLE_CHARS, "most_body": MOST_BODY_CHARS,
            "shipped_changed": _shipped_changed(page, await edits.of_topic(visit.session, page.topic.id)),
        },
        status,
    )  # fmt: skip


def _shipped_changed(page: Page, found: Edits) -> bool:
    """Whether the file below the desk's own text has another text than when that was written."""
    mine = next((one for one in found.texts if one.language == page.language and one.body is not None), None)
    return mine is not None and mine.over != hash_of(page.shipped.answers.get(page.language))


async def _changed_meanwhile(visit: Visit, page: Page, draft: Draft, change: Meanwhile) -> Shown:
    names = await cases.names(visit.session)
    who = names.get(change.staff_id or 0, "")
    fresh = await open_page(visit)
    before = await edits.versions(visit.session, page.topic.id, page.language)
    draft = replace(draft, version=edits.version_of(before))
    return await _shown(visit, fresh, draft, theirs=fresh.answer, who=who, status=409)


async def recheck(visit: Visit) -> Answered:
    """The facts of a topic were checked with the office: they are good for as long again."""
    page = await open_page(visit)
    day = asked_on(visit.form.text("asked_on")[:10], today(visit))
    if not page.is_source or page.answer is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    if day is None:
        raise Refused(422, _("Please give the day on which you asked. It cannot be in the future."))
    edit = TextEdit(
        id=new_id(), topic=page.topic.id, language=SOURCE_LANGUAGE, title=page.answer.title, body=page.answer.body,
        state=page.answer.state, over=hash_of(page.shipped.answers.get(SOURCE_LANGUAGE)), verified_on=day,
        staff_id=visit.member.id, at=visit.house.now(),
    )  # fmt: skip
    await edits.save_text(visit.session, edit, None)
    return await done(visit, "check facts", f"{page.address}?note=saved")


async def undo(visit: Visit) -> Answered:
    """Take the last change of this text back."""
    page = await open_page(visit)
    edit = await _named(visit, page)
    if edit.undone_at is None:
        await edits.undo(visit.session, TextEdit, edit.id, visit.member.id, visit.house.now())
    back = visit.form.text("back")
    if back == "compare":
        return await done(visit, "undo edit", f"/console/content/compare/{page.language}?at={page.topic.id}")
    return await done(visit, "undo edit", f"{page.address}/history?note=undone")


async def use(visit: Visit) -> Answered:
    """Put an earlier version in force again, or the shipped file."""
    page, values = await open_page(visit), {}
    if visit.form.text("edit") != "shipped":
        old = await _named(visit, page)
        values = {name: getattr(old, name) for name in ("title", "body", "state", "made_from", "verified_on")}
    elif page.language not in page.shipped.answers and page.answer is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    edit = TextEdit(
        id=new_id(), topic=page.topic.id, language=page.language, staff_id=visit.member.id, at=visit.house.now(),
        over=hash_of(page.shipped.answers.get(page.language)), **values,
    )  # fmt: skip
    await edits.save_text(visit.session, edit, None)
    return await done(visit, "edit text", f"{page.address}/history?note=saved")


async def _named(visit: Visit, page: Page) -> TextEdit:
    named: Any = visit.form.text("edit")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < len(str(LARGEST_ID)) else 0
    found = await visit.session.get(TextEdit, number)
    if found is None or (found.topic, found.language) != (page.topic.id, page.language):
        raise Refused(404, words.NO_SUCH_PAGE)
    return found
