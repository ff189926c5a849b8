"""What to write next: questions without an answer, by nearest topic and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from bot.answers.content import Topic
from bot.answers.matcher import Match
from bot.console import cases, sheets, words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.console.questions import MOST_CHARS, tidy
from bot.console.texts import clean
from bot.domain import edits, misses
from bot.domain.edits import QuestionEdit
from bot.domain.masking import masked
from bot.domain.misses import Group, Miss, MissState
from bot.i18n import Text, _

_MOST_SHOWN: Final = 20  # of one group on the page; the others come when these are dealt with
_MOST_GROUPS: Final = 40
_MOST_ASKED: Final = 60  # questions that are matched anew for one page: about half a millisecond each
_ADDRESS: Final = "/console/content/gaps"


@dataclass(frozen=True, slots=True)
class Line:
    """One question, and what the bot would do with it now."""

    miss: Miss
    words: str
    now: Topic | None


async def overview(visit: Visit) -> Answer:
    """Open questions in groups, what was settled lately, and the topics that are wanted."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: Text | None = None, at: str = "", typed: dict[int, str] | None = None) -> Shown:
    every = [one for one in await misses.open_groups(visit.session) if _may_see(visit, one.language)]
    groups, now = every[:_MOST_GROUPS], _answered_now(visit, every[:_MOST_GROUPS])
    wanted = [one for one in await misses.open_groups(visit.session, MissState.WANTED) if _may_see(visit, one.language)]
    language = visit.member.language
    topics = sorted(visit.house.library, key=lambda topic: (topic.field, topic.answer(language).title.casefold()))
    return Shown(
        "gaps.html",
        {
            "groups": [(group, _lines(group, typed or {}, now), _key(group)) for group in groups],
            "more": sum(len(group.misses) for group in every[_MOST_GROUPS:]), "wanted": wanted,
            "topics": [(topic, topic.answer(language).title) for topic in topics],
            "title_of": lambda topic: _title(visit, topic),
            "settled": await _settled(visit), "given": await _given(visit),
            "names": await cases.names(visit.session), "problem": problem, "at": at,
            "states": words.MISS_STATES, "most": MOST_CHARS,
        },
        422 if problem else 200,
    )  # fmt: skip


def _title(visit: Visit, topic: str) -> str:
    known = visit.house.library.topics.get(topic)
    return f"{known.icon} {known.answer(visit.member.language).title}" if known else topic


def _may_see(visit: Visit, language: str) -> bool:
    return sheets.may_edit(visit, language)


def _key(group: Group) -> str:
    return f"{group.nearest or 'none'}-{group.language}"


def _lines(group: Group, typed: dict[int, str], now: dict[int, Topic]) -> list[Line]:
    return [Line(miss, typed.get(miss.id, miss.question), now.get(miss.id)) for miss in group.misses[:_MOST_SHOWN]]


def _answered_now(visit: Visit, groups: Sequence[Group]) -> dict[int, Topic]:
    """The topic that the bot would answer with by now, for the first questions of the page."""
    found: dict[int, Topic] = {}
    shown = [miss for group in groups for miss in group.misses[:_MOST_SHOWN]]
    for miss in shown[:_MOST_ASKED]:
        match: Match = visit.house.matcher.match(miss.question, miss.language)
        topic = visit.house.library.topics.get(match.topics[0]) if match.kind == "answer" and match.topics else None
        if topic is not None and not topic.handover:
            found[miss.id] = topic
    return found


async def _settled(visit: Visit) -> list[Miss]:
    query = select(Miss).where(Miss.state != MissState.OPEN).order_by(Miss.settled_at.desc(), Miss.id.desc()).limit(20)
    return [one for one in await visit.session.scalars(query) if _may_see(visit, one.language)]


async def _given(visit: Visit) -> dict[int, str]:
    """The topic that each example question from here went to, by the question's edit."""
    query = select(QuestionEdit.id, QuestionEdit.topic).where(QuestionEdit.from_miss)
    return {row.id: row.topic for row in await visit.session.execute(query)}


async def settle(visit: Visit) -> Answer:
    """Do with the ticked questions what the button says."""
    chosen, deed = await _chosen(visit), visit.form.text("deed")
    typed = {miss.id: _words(visit, miss) for miss in chosen}
    at = visit.form.text("at")[:60]
    if not chosen:
        return await _shown(visit, _("Please tick at least one question."), at)
    if deed == "assign":
        return await _assign(visit, chosen, typed, at)
    if deed == "elsewhere":
        return await _teach(visit, chosen, typed, misses.ELSEWHERE, MissState.ELSEWHERE)
    if deed not in {MissState.WANTED, MissState.DISMISSED}:
        raise Refused(400, words.TOO_OLD)
    await misses.settle(visit.session, chosen, MissState(deed), visit.member.id, visit.house.now())
    return await sheets.done(visit, "settle misses", f"{_ADDRESS}?note=saved")


async def _assign(visit: Visit, chosen: Sequence[Miss], typed: dict[int, str], at: str) -> Answer:
    topic = visit.form.text("topic")
    if topic not in visit.house.library:
        return await _shown(visit, _("Please choose a topic."), at, typed)
    if any(not one or len(one) > MOST_CHARS for one in typed.values()):
        return await _shown(visit, _("A question has 1 to {n} characters.", n=MOST_CHARS), at, typed)
    return await _teach(visit, chosen, typed, topic, MissState.ASSIGNED)


async def _teach(visit: Visit, chosen: Sequence[Miss], typed: dict[int, str], label: str, state: MissState) -> Answer:
    """The words become an example: the next question like them is understood at once."""
    for miss in chosen:
        edit = await edits.note_question(
            visit.session, label, miss.language, typed[miss.id][:MOST_CHARS], visit.member.id, visit.house.now(),
            from_miss=True,
        )  # fmt: skip
        await misses.settle(visit.session, [miss], state, visit.member.id, visit.house.now(), edit.id)
    return await sheets.done(visit, "settle misses", f"{_ADDRESS}?note=saved")


def _words(visit: Visit, miss: Miss) -> str:
    """The words as the member left them, masked once more; as they were where no field came along."""
    typed = tidy(clean(visit.form.text(f"words-{miss.id}")).replace("\n", " "))
    return masked(typed) if typed else tidy(miss.question)


async def _chosen(visit: Visit) -> list[Miss]:
    ids = [int(one) for one in visit.form.every("miss") if one.isascii() and one.isdigit() and int(one) <= LARGEST_ID]
    query = select(Miss).where(Miss.id.in_(ids), Miss.state == MissState.OPEN).with_for_update()
    found = list(await visit.session.scalars(query))
    return [miss for miss in found if _may_see(visit, miss.language)]


async def reopen(visit: Visit) -> Answer:
    """Take back what was done with a question."""
    named: Any = visit.form.text("miss")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < len(str(LARGEST_ID)) else 0
    miss = await visit.session.get(Miss, number)
    if miss is None or not _may_see(visit, miss.language):
        raise Refused(404, words.NO_SUCH_PAGE)
    for edit_id in await misses.unsettle(visit.session, [miss]):
        await edits.undo(visit.session, QuestionEdit, edit_id, visit.member.id, visit.house.now())
    return await sheets.done(visit, "undo edit", f"{_ADDRESS}?note=undone")
