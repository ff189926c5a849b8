"""The desk's own keys that live in the database, sealed with SP_SECRET_KEY."""

from __future__ import annotations

import secrets

from sqlalchemy import String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Database
from bot.domain.keeping import Keep, kept
from bot.domain.sealed import Keyring, Sealed, SealError, unlock

_FINGERPRINTS = "fingerprints"


class Secret(Base):
    """One key. It stays when SP_SECRET_KEY is changed, so that fingerprints stay comparable."""

    __tablename__ = "secrets"

    name: Mapped[str] = kept(Keep.DESK, String(32), primary_key=True)
    value: Mapped[str] = kept(Keep.DESK, Sealed("secrets.value"))


async def open_keys(db: Database, keys: list[str]) -> None:
    """Unlock the sealed columns of this database, making its fingerprint key at the first start.

    Raises SealError when the database was sealed with other keys.
    """
    unlock(Keyring(keys))
    async with db.transaction() as session:
        unlock(Keyring(keys, fingerprint_key=await _fingerprint_key(session)))


async def _fingerprint_key(session: AsyncSession) -> bytes:
    try:
        found = await session.get(Secret, _FINGERPRINTS)
    except SealError:
        raise SealError("SP_SECRET_KEY does not open this database") from None
    if found is None:
        found = Secret(name=_FINGERPRINTS, value=secrets.token_hex(32))
        session.add(found)
        await session.flush()
    return bytes.fromhex(found.value)
