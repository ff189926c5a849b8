"""What the desk changed in the console: texts, example questions and facts above the shipped files. Append-only.

The newest row that is not undone counts. Nothing here is about a person who was helped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Date, String, Text, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id, wait_for_sender
from bot.domain.keeping import Keep, kept
from bot.domain.places import Desk, Office, Place
from bot.domain.sealed import Sealed

FIELDS: Final = ("address", "phone", "email", "hours")
PLACE: Final = "place:"  # a fact's subject is an office's id, or this and a place's id
_P = TypeVar("_P", Place, Office)


class TextEdit(Base):
    """A desk's own text of a topic in a language. Without a body: from here on the shipped file counts again."""

    __tablename__ = "text_edits"

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    topic: Mapped[str] = kept(Keep.DESK, String(40), index=True)
    language: Mapped[str] = kept(Keep.DESK, String(8))
    title: Mapped[str] = kept(Keep.DESK, String(80), default="")
    body: Mapped[str | None] = kept(Keep.DESK, Text, nullable=True)
    state: Mapped[str] = kept(Keep.DESK, String(8), default="")
    made_from: Mapped[str | None] = kept(Keep.DESK, String(12), nullable=True)
    over: Mapped[str] = kept(Keep.DESK, String(12), default="")  # hash of the file that lay below: it may change later
    verified_on: Mapped[date | None] = kept(Keep.DESK, Date, nullable=True)  # asked at the office
    staff_id: Mapped[int] = kept(Keep.DESK, Identity)
    at: Mapped[datetime] = kept(Keep.DESK, Instant)
    undone_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)
    undone_by: Mapped[int | None] = kept(Keep.DESK, Identity, nullable=True)


class QuestionEdit(Base):
    """An example question added to a topic or taken away. `topic` is `~` and a kind for what is no matter of the desk.

    Sealed although somebody of the desk has read it: it may have been written by a person who was helped.
    """

    __tablename__ = "question_edits"

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    topic: Mapped[str] = kept(Keep.DESK, String(40), index=True)
    language: Mapped[str] = kept(Keep.DESK, String(8))
    text: Mapped[str] = kept(Keep.DESK, Sealed("question_edits.text"))
    added: Mapped[bool] = kept(Keep.DESK)
    from_miss: Mapped[bool] = kept(Keep.DESK, default=False)
    staff_id: Mapped[int] = kept(Keep.DESK, Identity)
    at: Mapped[datetime] = kept(Keep.DESK, Instant)
    undone_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)
    undone_by: Mapped[int | None] = kept(Keep.DESK, Identity, nullable=True)


class DeskFact(Base):
    """One fact about an office or a place of the desk; empty means that nobody knows it."""

    __tablename__ = "desk_facts"

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    subject: Mapped[str] = kept(Keep.DESK, String(60), index=True)
    field: Mapped[str] = kept(Keep.DESK, String(8))
    value: Mapped[str] = kept(Keep.DESK, String(300))
    checked_on: Mapped[date] = kept(Keep.DESK, Date)
    staff_id: Mapped[int] = kept(Keep.DESK, Identity)
    at: Mapped[datetime] = kept(Keep.DESK, Instant)
    undone_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)
    undone_by: Mapped[int | None] = kept(Keep.DESK, Identity, nullable=True)


Edit = TypeVar("Edit", TextEdit, QuestionEdit, DeskFact)


class Meanwhile(Exception):
    """The same thing was changed since it was read: by `staff_id`, None when nothing is left of their change."""

    def __init__(self, before: Iterable[TextEdit | DeskFact]) -> None:
        super().__init__("changed meanwhile")
        self.staff_id = next((one.staff_id for one in before if one.undone_at is None), None)


@dataclass(frozen=True, slots=True)
class Edits:
    """The edits that count, each the newest of its kind."""

    texts: tuple[TextEdit, ...] = ()
    questions: tuple[QuestionEdit, ...] = ()
    facts: tuple[DeskFact, ...] = ()


async def mark(session: AsyncSession) -> str:
    """Changes with every edit and every undo: rows are only added, and undone only once."""
    counts = [
        f"{rows}.{undone}"
        for table in (TextEdit, QuestionEdit, DeskFact)
        for rows, undone in await session.execute(select(func.count(table.id), func.count(table.undone_at)))
    ]
    return " ".join(counts)


async def counting(session: AsyncSession) -> Edits:
    """All edits that count now."""
    return _newest(
        await _standing(session, TextEdit), await _standing(session, QuestionEdit), await _standing(session, DeskFact)
    )


async def of_topic(session: AsyncSession, topic: str) -> Edits:
    """The edits of one topic that count now."""
    return _newest(
        await _standing(session, TextEdit, TextEdit.topic == topic),
        await _standing(session, QuestionEdit, QuestionEdit.topic == topic),
    )


def _newest(texts: Iterable[TextEdit], questions: Iterable[QuestionEdit], facts: Iterable[DeskFact] = ()) -> Edits:
    return Edits(
        tuple({(one.topic, one.language): one for one in texts}.values()),
        tuple({(one.topic, one.language, one.text): one for one in questions}.values()),
        tuple({(one.subject, one.field): one for one in facts}.values()),
    )


async def _standing(session: AsyncSession, table: type[Edit], *conditions: ColumnElement[bool]) -> list[Edit]:
    found = await session.scalars(select(table).where(table.undone_at.is_(None), *conditions).order_by(table.id))
    return list(found)


async def versions(session: AsyncSession, topic: str, language: str) -> list[TextEdit]:
    """Every edit of a text, newest first, undone ones too."""
    query = select(TextEdit).where(TextEdit.topic == topic, TextEdit.language == language).order_by(TextEdit.id.desc())
    return list(await session.scalars(query))


def version_of(edits: Iterable[TextEdit | DeskFact]) -> str:
    """What a form remembers of the edits it was made from (newest first): it changes with each edit and undo."""
    listed = list(edits)
    return f"{len(listed)}.{sum(one.undone_at is not None for one in listed)}"


async def save_text(session: AsyncSession, edit: TextEdit, version: str | None) -> TextEdit:
    """Add a version of a text. Raises Meanwhile when the text is not as it was at `version` (None: whatever it is)."""
    await wait_for_sender(session, f"text:{edit.topic}:{edit.language}")
    before = await versions(session, edit.topic, edit.language)
    if version is not None and version_of(before) != version:
        raise Meanwhile(before)
    session.add(edit)
    await session.flush()
    return edit


async def undo(session: AsyncSession, table: type[Edit], edit_id: int, staff_id: int, now: datetime) -> Edit | None:
    """Take an edit back; what counted before it counts again. None when there is none or it is undone already."""
    found: Edit | None = await session.get(table, edit_id, with_for_update=True)
    if found is None or found.undone_at is not None:
        return None
    found.undone_at, found.undone_by = now, staff_id
    await session.flush()
    return found


async def note_question(
    session: AsyncSession, topic: str, language: str, words: str, staff_id: int, now: datetime, *, added: bool = True,
    from_miss: bool = False,
) -> QuestionEdit:  # fmt: skip
    """Add an example question to a topic, or take one away."""
    edit = QuestionEdit(
        id=new_id(), topic=topic, language=language, text=words, added=added, from_miss=from_miss, staff_id=staff_id,
        at=now,
    )  # fmt: skip
    session.add(edit)
    await session.flush()
    return edit


async def question_edits(session: AsyncSession, topic: str, language: str) -> list[QuestionEdit]:
    """Every edit of a topic's questions that stands, newest first."""
    here = QuestionEdit.topic == topic, QuestionEdit.language == language
    return (await _standing(session, QuestionEdit, *here))[::-1]


async def fact_edits(session: AsyncSession, subject: str) -> list[DeskFact]:
    """Every fact that was ever set of an office or place, newest first, undone ones too."""
    query = select(DeskFact).where(DeskFact.subject == subject).order_by(DeskFact.id.desc())
    return list(await session.scalars(query))


async def save_facts(
    session: AsyncSession, subject: str, values: dict[str, str], checked_on: date, staff_id: int, now: datetime,
    version: str,
) -> list[DeskFact]:  # fmt: skip
    """Set facts of an office or place. Raises Meanwhile when they are not as they were at `version`."""
    await wait_for_sender(session, f"facts:{subject}")
    before = await fact_edits(session, subject)
    if version_of(before) != version:
        raise Meanwhile(before)
    made = [
        DeskFact(id=new_id(), subject=subject, field=field, value=value, checked_on=checked_on, staff_id=staff_id,
                 at=now)
        for field, value in values.items()
    ]  # fmt: skip
    session.add_all(made)
    await session.flush()
    return made


def with_facts(desk: Desk, edits: Edits) -> Desk:
    """The desk with the facts that were set in the console above those of its file."""
    by_subject: dict[str, list[DeskFact]] = {}
    for fact in sorted(edits.facts, key=lambda one: one.id):
        by_subject.setdefault(fact.subject, []).append(fact)
    return replace(
        desk,
        places=tuple(_set(place, by_subject.get(PLACE + place.id, [])) for place in desk.places),
        offices=tuple(_set(office, by_subject.get(office.id, [])) for office in desk.offices),
    )


def _set(thing: _P, facts: list[DeskFact]) -> _P:
    if not facts:
        return thing
    values: dict[str, Any] = {fact.field: fact.value for fact in facts if fact.field in FIELDS}
    return replace(thing, **values, checked_on=facts[-1].checked_on)
