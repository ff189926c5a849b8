"""The PIN of "My things": only its keyed fingerprint is stored; wrong ones make longer and longer pauses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import fingerprint

LEAST_DIGITS: Final = 4
MOST_DIGITS: Final = 8
OPEN_FOR: Final = timedelta(minutes=10)
_TRIES: Final = 3  # wrong ones before the first pause
_PAUSE: Final = timedelta(minutes=15)  # that doubles with each further wrong one
_MOST_PAUSE: Final = timedelta(days=1)


class Pin(Base):
    """The PIN of one person, and in which chat it was given last."""

    __tablename__ = "pins"

    person_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    code: Mapped[str] = kept(Keep.PERSON, String(40))
    misses: Mapped[int] = kept(Keep.PERSON, default=0)
    wait_until: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)
    open_in: Mapped[int | None] = kept(Keep.PERSON, Identity, nullable=True)  # an address
    open_until: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


def seal(digits: str) -> str:
    """What is kept of a PIN. Its few digits are safe only as long as the desk's key is."""
    return fingerprint("pin", digits)


async def of_person(session: AsyncSession, person_id: int) -> Pin | None:
    """The PIN of somebody, if they have set one."""
    return (
        await session.scalars(
            select(Pin).where(Pin.person_id == person_id), execution_options={"populate_existing": True}
        )
    ).one_or_none()


def is_open(pin: Pin | None, address_id: int, now: datetime) -> bool:
    """Whether nothing need be asked in this chat now."""
    return pin is None or (pin.open_in == address_id and pin.open_until is not None and now < pin.open_until)


async def put(session: AsyncSession, person_id: int, code: str, address_id: int, now: datetime) -> None:
    """Set a PIN (as `seal` makes it) in place of a former one; this chat stays open for a while."""
    pin = await of_person(session, person_id)
    if pin is None:
        pin = Pin(person_id=person_id, code=code)
        session.add(pin)
    pin.code, pin.misses, pin.wait_until = code, 0, None
    pin.open_in, pin.open_until = address_id, now + OPEN_FOR
    await session.flush()


async def enter(session: AsyncSession, person_id: int, code: str, address_id: int, now: datetime) -> bool:
    """Whether this is the PIN; then the chat is open. Nothing is right while a pause lasts."""
    query = select(Pin).where(Pin.person_id == person_id).with_for_update()
    pin = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if pin is None:
        return True
    if pin.wait_until is not None and now < pin.wait_until:
        return False
    right = pin.code == code
    if right:
        pin.misses, pin.wait_until, pin.open_in, pin.open_until = 0, None, address_id, now + OPEN_FOR
    else:
        pin.misses += 1
        if pin.misses >= _TRIES:
            pin.wait_until = now + min(_PAUSE * 2 ** min(pin.misses - _TRIES, 16), _MOST_PAUSE)
    await session.flush()
    return right


async def remove(session: AsyncSession, person_id: int) -> None:
    """No PIN any more."""
    await session.execute(delete(Pin).where(Pin.person_id == person_id))
