"""Web chats: the browser's key to its conversation, and return codes to continue it elsewhere."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address
from bot.domain.sealed import Sealed, fingerprint

VISIT_FOR: Final = timedelta(days=90)
CODE_FOR: Final = timedelta(days=30)
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
_CODE_CHARS: Final = 10  # 30**10 codes: 49 bits, with attempts limited per visitor


class Visit(Base):
    """A browser's token for a conversation; `key` is the web address's key."""

    __tablename__ = "visits"

    token: Mapped[str] = kept(Keep.PERSON, String(40), primary_key=True)
    key: Mapped[str] = kept(Keep.PERSON, Sealed("visits.key"))
    sender: Mapped[str] = kept(Keep.PERSON, String(40), index=True)
    created_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    seen_at: Mapped[datetime] = kept(Keep.PERSON, Instant)


class ReturnCode(Base):
    """A code, good once, that opens a conversation in another browser."""

    __tablename__ = "return_codes"

    code: Mapped[str] = kept(Keep.PERSON, String(40), primary_key=True)
    address_id: Mapped[int] = kept(Keep.PERSON, Identity, ForeignKey("addresses.id"), index=True)
    expires_at: Mapped[datetime] = kept(Keep.PERSON, Instant)
    used_at: Mapped[datetime | None] = kept(Keep.PERSON, Instant, nullable=True)


async def begin(session: AsyncSession, key: str, sender: str, now: datetime) -> str:
    """A token for the browser that holds the conversation `key`; only its fingerprint is stored."""
    token = secrets.token_urlsafe(24)
    session.add(Visit(token=fingerprint("visit", token), key=key, sender=sender, created_at=now, seen_at=now))
    await session.flush()
    return token


async def key_of(session: AsyncSession, token: str, now: datetime) -> str | None:
    """The conversation of a browser's token, if it is known and not too old."""
    found: str | None = await session.scalar(
        select(Visit.key).where(Visit.token == fingerprint("visit", token), Visit.seen_at > now - VISIT_FOR)
    )
    return found


async def touch(session: AsyncSession, token: str, now: datetime) -> None:
    """The browser was here: its visit lasts from now. Written once a day at most."""
    await session.execute(
        update(Visit)
        .where(Visit.token == fingerprint("visit", token), Visit.seen_at < now - timedelta(days=1))
        .values(seen_at=now)
    )


async def end(session: AsyncSession, token: str) -> None:
    """Forget a browser."""
    await session.execute(delete(Visit).where(Visit.token == fingerprint("visit", token)))


async def new_code(session: AsyncSession, address_id: int, now: datetime) -> str:
    """A return code, shown once, as `ABCDE-FGHJK`. A former one stops working."""
    await session.execute(delete(ReturnCode).where(ReturnCode.address_id == address_id))
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_CHARS))
    session.add(ReturnCode(code=fingerprint("code", letters), address_id=address_id, expires_at=now + CODE_FOR))
    await session.flush()
    return f"{letters[:5]}-{letters[5:]}"


async def redeem(session: AsyncSession, code: str, now: datetime) -> tuple[str, str] | None:
    """Key and fingerprint of the conversation that a code opens; the code is used up. None if it is not good."""
    letters = "".join(character for character in code.upper() if character in _LETTERS)
    used = await session.execute(
        update(ReturnCode)
        .where(
            ReturnCode.code == fingerprint("code", letters), ReturnCode.used_at.is_(None), ReturnCode.expires_at > now
        )
        .values(used_at=now)
        .returning(ReturnCode.address_id)
    )
    address_id = used.scalar_one_or_none()
    address = await session.get(Address, address_id) if address_id else None
    return (address.key, address.sender) if address is not None else None
