"""Answers read aloud by the desk's mediators: one voice note for a text in a language, good while the text stays."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Select, String, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Sealed

MOST_BYTES: Final = 2 * 1024 * 1024  # some eight minutes of a voice note
FILE_NAME: Final = "answer.ogg"
MAKER: Final = "voice"  # by which a document is known to be a recording

Text: TypeAlias = tuple[str, str, str]  # topic, language, hash of the words that were read
Current: TypeAlias = Mapping[Text, int]


class Recording(Base):
    """One voice note. Fetched from its platform after it was kept; `failed` says by a code why that did not work.

    A voice tells who speaks: once removed or replaced, nothing of it stays but that there was one.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = kept(Keep.DESK, Identity, primary_key=True, autoincrement=False)
    topic: Mapped[str] = kept(Keep.DESK, String(40), index=True)
    language: Mapped[str] = kept(Keep.DESK, String(8))
    text_hash: Mapped[str] = kept(Keep.DESK, String(12))
    channel: Mapped[str] = kept(Keep.DESK, String(16))
    file: Mapped[str | None] = kept(Keep.DESK, Sealed("recordings.file"), nullable=True)  # until it is fetched
    audio: Mapped[str | None] = kept(Keep.DESK, Sealed("recordings.audio"), nullable=True)  # base64
    seconds: Mapped[int] = kept(Keep.DESK, default=0)  # 0 where nobody knows
    staff_id: Mapped[int] = kept(Keep.STAFF, Identity, index=True)
    recorded_at: Mapped[datetime] = kept(Keep.DESK, Instant)
    fetched_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)
    failed: Mapped[str] = kept(Keep.DESK, String(24), default="")
    removed_at: Mapped[datetime | None] = kept(Keep.DESK, Instant, nullable=True)


@dataclass(frozen=True, slots=True)
class Due:
    """A recording that waits to be fetched."""

    id: int
    topic: str
    language: str
    channel: str
    file: str
    staff_id: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording as the console lists it, without its sound."""

    id: int
    topic: str
    language: str
    text_hash: str
    recorded_at: datetime
    staff_id: int
    fetched: bool


async def keep_recording(
    session: AsyncSession, text: Text, channel: str, file: str, seconds: int, staff_id: int, now: datetime
) -> int:
    """Remember a voice note by the platform's id; `note_fetched` makes it heard. Returns its own id."""
    topic, language, text_hash = text
    recording = Recording(
        id=new_id(), topic=topic, language=language, text_hash=text_hash, channel=channel, file=file, seconds=seconds,
        staff_id=staff_id, recorded_at=now,
    )  # fmt: skip
    session.add(recording)
    await session.flush()
    return recording.id


async def current(session: AsyncSession) -> dict[Text, int]:
    """The recordings that can be heard, by the text that was read: the newest of each."""
    rows = await session.execute(
        select(Recording.topic, Recording.language, Recording.text_hash, Recording.id)
        .where(Recording.fetched_at.is_not(None), Recording.removed_at.is_(None))
        .order_by(Recording.id)
    )
    return {(topic, language, text_hash): number for topic, language, text_hash, number in rows}


async def recorded(session: AsyncSession) -> set[Text]:
    """The texts that were read already: heard, or still to be fetched."""
    rows = await session.execute(
        select(Recording.topic, Recording.language, Recording.text_hash).where(
            Recording.removed_at.is_(None), Recording.failed == ""
        )
    )
    return {(topic, language, text_hash) for topic, language, text_hash in rows}


async def audio_of(session: AsyncSession, recording_id: int) -> bytes | None:
    """The sound, or None when there is none any more."""
    found = await session.scalar(
        select(Recording.audio).where(Recording.id == recording_id, Recording.removed_at.is_(None))
    )
    return base64.b64decode(found) if found else None


async def due_for_fetch(session: AsyncSession) -> list[Due]:
    """What was kept and is not here yet, oldest first."""
    rows = await session.execute(
        select(
            Recording.id, Recording.topic, Recording.language, Recording.channel, Recording.file, Recording.staff_id
        )
        .where(Recording.fetched_at.is_(None), Recording.removed_at.is_(None), Recording.failed == "")
        .order_by(Recording.id)
    )  # fmt: skip
    return [Due(one.id, one.topic, one.language, one.channel, one.file or "", one.staff_id) for one in rows]


async def note_fetched(session: AsyncSession, due: Due, audio: bytes, now: datetime) -> bool:
    """Keep the sound; whatever was read before in this place goes. False when it was removed meanwhile."""
    kept_now = await session.execute(
        update(Recording)
        .where(Recording.id == due.id, Recording.fetched_at.is_(None), Recording.removed_at.is_(None))
        .values(audio=base64.b64encode(audio).decode(), file=None, fetched_at=now)
        .returning(Recording.id)
    )
    if kept_now.scalar_one_or_none() is None:
        return False
    here = Recording.topic == due.topic, Recording.language == due.language
    older = select(Recording.id).where(*here, Recording.id < due.id)
    await _remove(session, older, now)
    return True


async def note_failed(session: AsyncSession, recording_id: int, why: str) -> None:
    """It cannot be fetched: `why` is a code."""
    await session.execute(
        update(Recording).where(Recording.id == recording_id).values(failed=why[:24] or "failed", file=None)
    )


async def of_topic(session: AsyncSession, topic: str, language: str) -> Listed | None:
    """The newest recording of a text that is neither removed nor failed, of whatever words."""
    found = [one for one in await listed(session, topic) if one.language == language]
    return found[-1] if found else None


async def listed(session: AsyncSession, topic: str = "") -> list[Listed]:
    """All recordings that are neither removed nor failed, oldest first."""
    query = select(
        Recording.id, Recording.topic, Recording.language, Recording.text_hash, Recording.recorded_at,
        Recording.staff_id, Recording.fetched_at,
    ).where(Recording.removed_at.is_(None), Recording.failed == "").order_by(Recording.id)  # fmt: skip
    rows = await session.execute(query.where(Recording.topic == topic) if topic else query)
    return [
        Listed(one.id, one.topic, one.language, one.text_hash, one.recorded_at, one.staff_id,
               fetched=one.fetched_at is not None)
        for one in rows
    ]  # fmt: skip


async def remove(session: AsyncSession, recording_id: int, now: datetime) -> bool:
    """Delete a recording; False when it is gone already."""
    return await _remove(session, select(Recording.id).where(Recording.id == recording_id), now) == 1


async def remove_of(session: AsyncSession, staff_id: int, now: datetime) -> int:
    """Delete everything that a member has read aloud. Returns how many recordings."""
    return await _remove(session, select(Recording.id).where(Recording.staff_id == staff_id), now)


async def count_of(session: AsyncSession, staff_id: int) -> int:
    """How many recordings there are of a member's voice."""
    query = select(func.count(Recording.id)).where(Recording.staff_id == staff_id, Recording.removed_at.is_(None))
    return int(await session.scalar(query) or 0)


async def _remove(session: AsyncSession, which: Select[int], now: datetime) -> int:
    gone = await session.execute(
        update(Recording)
        .where(Recording.id.in_(which.scalar_subquery()), Recording.removed_at.is_(None))
        .values(removed_at=now, audio=None, file=None)
        .returning(Recording.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.scalars().all())
