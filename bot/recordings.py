"""Recordings of a running desk: fetched from where they were sent, and offered to people."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from bot.bell import OUTBOX, of_address
from bot.channels.contract import Undeliverable
from bot.dialog.messages import Message, Tone
from bot.domain import recordings
from bot.domain.recordings import MOST_BYTES, Due
from bot.domain.staff import Staff
from bot.house import House
from bot.i18n import Text, Verbatim, _
from bot.post import post

log = logging.getLogger(__name__)

_FETCH_S: Final = 60.0
_OGG: Final = b"OggS"  # how every file of that kind begins (RFC 3533, section 6)


async def offer_recordings(house: House) -> None:
    """Let this process know which recordings can be heard now."""
    async with house.db.reading() as session:
        house.recorded = await recordings.current(session)


async def fetch_recordings(house: House) -> int:
    """Fetch what mediators have kept, outside any turn; what does not come is tried again. Returns how many came."""
    async with house.db.reading() as session:
        due = await recordings.due_for_fetch(session)
    fetched = sum([await _fetch(house, one) for one in due])
    if fetched:
        await offer_recordings(house)
    return fetched


async def _fetch(house: House, due: Due) -> bool:
    channel = house.channels.get(due.channel)
    if channel is None:
        return False  # it may be connected again
    try:
        async with asyncio.timeout(_FETCH_S):
            audio = await channel.fetch(due.file)
    except TimeoutError:
        return False
    except Undeliverable as refused:
        if refused.uncertain or refused.retry_after_s is not None:
            return False
        await _fail(house, due, refused.why)
        return False
    if len(audio) > MOST_BYTES or not audio.startswith(_OGG):
        await _fail(house, due, "too_big" if len(audio) > MOST_BYTES else "no_voice")
        return False
    async with house.db.transaction() as session:
        return await recordings.note_fetched(session, due, audio, house.now())


async def _fail(house: House, due: Due, why: str) -> None:
    """Give it up, and tell who has recorded it."""
    log.warning("recording %d cannot be fetched: %s", due.id, why)
    async with house.db.transaction() as session:
        member = await session.get(Staff, due.staff_id)
        address_id = member.address_id if member is not None and member.disabled_at is None else None
        if address_id is not None:  # before the recording: whoever removes it holds them in this order
            said = Message(_sorry(house, due, why), tone=Tone.INFO)
            await post(session, house, address_id, said, f"recording:{due.id}")
        await recordings.note_failed(session, due.id, why)
    if address_id is not None:
        house.bell.ring(OUTBOX, of_address(address_id))


def _sorry(house: House, due: Due, why: str) -> Text:
    topic = house.library.topics.get(due.topic)
    title = topic.answer(due.language).title if topic is not None else due.topic
    again = Verbatim("/record")
    if why == "too_big":
        return _("Your recording of “{title}” is too long. Please read it again: {command}", title=title, command=again)
    return _("Your recording of “{title}” did not arrive. Please read it again: {command}", title=title, command=again)
