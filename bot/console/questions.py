"""How people ask for a topic: example questions that the matcher learns from, added and taken away."""

from __future__ import annotations

from typing import Final

from bot.answers.folding import fold
from bot.console import cases, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.sheets import Page, done, may_edit, open_page
from bot.console.texts import clean
from bot.domain import edits
from bot.domain.edits import QuestionEdit
from bot.i18n import Text, _

MOST_CHARS: Final = 200
_MOST_LINES: Final = 50


async def listed(visit: Visit) -> Answer:
    """All example questions of a topic in one language."""
    return await _shown(visit, await open_page(visit, to_edit=False))


async def _shown(visit: Visit, page: Page, draft: str = "", problem: Text | None = None) -> Shown:
    rows = await edits.question_edits(visit.session, page.topic.id, page.language)
    return Shown(
        "questions.html",
        {
            "page": page, "topic": page.topic, "written": page.answer or page.topic.answer(visit.member.language),
            "questions": page.topic.questions.get(page.language, ()),
            "edits": rows, "added": {row.text for row in rows if row.added}, "names": await cases.names(visit.session),
            "draft": draft, "problem": problem, "may_edit": may_edit(visit, page.language), "most": MOST_CHARS,
        },
        422 if problem else 200,
    )  # fmt: skip


async def add(visit: Visit) -> Answer:
    """Add questions, one a line; what another topic has already is refused."""
    page = await open_page(visit)
    typed = clean(visit.form.text("questions"))
    lines = list(dict.fromkeys(tidy(line) for line in typed.splitlines() if tidy(line)))[:_MOST_LINES]
    problem = _problem(visit, page, lines)
    if problem is not None:
        return await _shown(visit, page, typed, problem)
    there = set(page.topic.questions.get(page.language, ()))
    for line in lines:
        if line not in there:
            await edits.note_question(
                visit.session, page.topic.id, page.language, line, visit.member.id, visit.house.now()
            )
    return await done(visit, "edit questions", f"{page.address}/questions?note=saved")


def tidy(line: str) -> str:
    """A question as a line of a file: blanks put together, no mark of a comment."""
    return " ".join(line.split()).lstrip("# ")


def _problem(visit: Visit, page: Page, lines: list[str]) -> Text | None:
    if not lines:
        return _("Please write at least one question.")
    if any(len(line) > MOST_CHARS for line in lines):
        return _("A question is too long. At most {n} characters.", n=MOST_CHARS)
    for line in lines:
        other = owner_of(visit, line)
        if other not in ("", page.topic.id):
            title = visit.house.library[other].answer(visit.member.language).title
            return _("“{words}” is already a question of “{title}”. Remove it there first.", words=line, title=title)
    return None


def owner_of(visit: Visit, question: str) -> str:
    """The topic that has this question, in whatever language; empty for none."""
    wanted = fold(question)
    for topic in visit.house.library:
        if any(fold(one) == wanted for questions in topic.questions.values() for one in questions):
            return topic.id
    return ""


async def remove(visit: Visit) -> Answer:
    """Take a question away."""
    page, question = await open_page(visit), visit.form.text("question")
    if question in page.topic.questions.get(page.language, ()):
        await edits.note_question(
            visit.session, page.topic.id, page.language, question, visit.member.id, visit.house.now(), added=False
        )
    return await done(visit, "edit questions", f"{page.address}/questions?note=saved")


async def undo(visit: Visit) -> Answer:
    """Take one of these changes back."""
    page, named = await open_page(visit), visit.form.text("edit")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < len(str(LARGEST_ID)) else 0
    edit = await visit.session.get(QuestionEdit, number)
    if edit is None or (edit.topic, edit.language) != (page.topic.id, page.language):
        raise Refused(404, words.NO_SUCH_PAGE)
    await edits.undo(visit.session, QuestionEdit, number, visit.member.id, visit.house.now())
    return await done(visit, "undo edit", f"{page.address}/questions?note=undone")
