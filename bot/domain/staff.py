"""The desk's own people: log-in, roles, languages, on call, and their linked Telegram."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import JSON, ForeignKey, String, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.domain.db import Base, Identity, Instant, new_id
from bot.domain.keeping import Keep, kept
from bot.domain.people import Address
from bot.domain.sealed import Sealed

IDLE: Final = timedelta(minutes=30)  # OWASP ASVS 7.3.1: an idle session ends
ABSOLUTE: Final = timedelta(hours=12)
INVITATION_FOR: Final = timedelta(hours=24)
_HASHER: Final = PasswordHasher()


class Role(StrEnum):
    """What somebody does at the desk. Rights follow from it in `policy`."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    ADVISER = "adviser"
    MEDIATOR = "mediator"
    TUTOR = "tutor"
    MENTOR = "mentor"
    VOLUNTEER = "volunteer"


class Staff(Base):
    """Somebody who works for the desk."""

    __tablename__ = "staff"

    id: Mapped[int] = kept(Keep.STAFF, Identity, primary_key=True, autoincrement=False)
    login: Mapped[str] = kept(Keep.STAFF, String(64), unique=True)
    name: Mapped[str] = kept(Keep.STAFF, Sealed("staff.name"))
    password_hash: Mapped[str] = kept(Keep.STAFF, String(200))
    language: Mapped[str] = kept(Keep.STAFF, String(8), default="sl")
    languages: Mapped[list[str]] = kept(Keep.STAFF, JSON)
    on_call: Mapped[bool] = kept(Keep.STAFF, default=False)
    address_id: Mapped[int | None] = kept(Keep.STAFF, Identity, ForeignKey("addresses.id"), nullable=True)
    disabled_at: Mapped[datetime | None] = kept(Keep.STAFF, Instant, nullable=True)
    created_at: Mapped[datetime] = kept(Keep.STAFF, Instant)


class Grant(Base):
    """A role at one place, or at all places (`place` empty)."""

    __tablename__ = "grants"

    staff_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = kept(Keep.STAFF, String(16), primary_key=True)
    place: Mapped[str] = kept(Keep.STAFF, String(40), primary_key=True, default="")


class StaffSession(Base):
    """A log-in to the console. Only the hash of its token is stored."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = kept(Keep.STAFF, String(64), primary_key=True)
    staff_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = kept(Keep.STAFF, Instant)
    seen_at: Mapped[datetime] = kept(Keep.STAFF, Instant)


class Invitation(Base):
    """A single-use link by which a member of staff joins their Telegram to their log-in."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = kept(Keep.STAFF, String(64), primary_key=True)
    staff_id: Mapped[int] = kept(Keep.STAFF, Identity, ForeignKey("staff.id"))
    expires_at: Mapped[datetime] = kept(Keep.STAFF, Instant)
    used_at: Mapped[datetime | None] = kept(Keep.STAFF, Instant, nullable=True)


class LoginTaken(Exception):
    """There is somebody with this log-in already."""


class InvitationRefused(Exception):
    """The invitation is unknown, used or too old."""


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def add(
    session: AsyncSession, login: str, name: str, password: str, roles: list[Role], *, languages: list[str],
    now: datetime, place: str = "",
) -> Staff:  # fmt: skip
    """Add somebody to the desk. Hashes the password (about 0.1 s of CPU). Raises LoginTaken."""
    login = login.strip().lower()
    if await session.scalar(select(Staff.id).where(Staff.login == login)):
        raise LoginTaken(login)
    member = Staff(
        id=new_id(), login=login, name=name, password_hash=_HASHER.hash(password), language="sl", languages=languages,
        on_call=False, created_at=now,
    )  # fmt: skip
    session.add(member)
    await session.flush()
    session.add_all(Grant(staff_id=member.id, role=role, place=place) for role in roles)
    await session.flush()
    return member


async def by_login(session: AsyncSession, login: str) -> Staff | None:
    """The member with this log-in who is not disabled."""
    return await session.scalar(select(Staff).where(Staff.login == login.strip().lower(), Staff.disabled_at.is_(None)))


def password_fits(member: Staff | None, password: str) -> bool:
    """Check a password; takes as long for a log-in that does not exist. About 0.1 s of CPU: call it in a thread."""
    try:
        _HASHER.verify(member.password_hash if member else _nobodys_hash(), password)
    except Argon2Error:
        return False
    return member is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


async def set_password(session: AsyncSession, member: Staff, password: str) -> None:
    """Change a password; every session of that member ends."""
    member.password_hash = _HASHER.hash(password)
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == member.id))
    await session.flush()


async def log_in(session: AsyncSession, member: Staff, now: datetime) -> str:
    """Open a session; returns its token, which is not stored."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=token_hash(token), staff_id=member.id, created_at=now, seen_at=now))
    await session.flush()
    return token


async def log_out(session: AsyncSession, token: str) -> None:
    """End a session."""
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash(token)))


async def by_session(session: AsyncSession, token: str, now: datetime) -> tuple[Staff, list[Grant]] | None:
    """Whose session this is, with their roles; None when it is unknown, idle too long, too old or disabled."""
    if not token:
        return None
    found = await session.execute(
        select(Staff, StaffSession.seen_at)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.seen_at > now - IDLE,
            StaffSession.created_at > now - ABSOLUTE,
            Staff.disabled_at.is_(None),
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    return row[0], await grants(session, row[0].id)


async def touch_session(session: AsyncSession, token: str, now: datetime) -> None:
    """Note that a session is in use."""
    await session.execute(update(StaffSession).where(StaffSession.token_hash == token_hash(token)).values(seen_at=now))


async def grants(session: AsyncSession, staff_id: int) -> list[Grant]:
    """The roles of a member."""
    return list(await session.scalars(select(Grant).where(Grant.staff_id == staff_id)))


async def disable(session: AsyncSession, staff_id: int, now: datetime) -> None:
    """Somebody leaves: no log-in, no session, no alerts from now on."""
    await session.execute(
        update(Staff).where(Staff.id == staff_id).values(disabled_at=now, on_call=False, address_id=None)
    )
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
    await session.execute(delete(Invitation).where(Invitation.staff_id == staff_id))


async def invite(session: AsyncSession, staff_id: int, now: datetime) -> str:
    """A token for `/start staff-<token>`, good once and for a day."""
    token = secrets.token_urlsafe(24)
    session.add(Invitation(token_hash=token_hash(token), staff_id=staff_id, expires_at=now + INVITATION_FOR))
    await session.flush()
    return token


async def link(session: AsyncSession, token: str, address_id: int, now: datetime) -> Staff:
    """Join the address to the invited member. Raises InvitationRefused."""
    used = await session.execute(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
        .returning(Invitation.staff_id)
    )
    staff_id = used.scalar_one_or_none()
    member = await session.get(Staff, staff_id) if staff_id else None
    if member is None or member.disabled_at is not None:
        raise InvitationRefused
    member.address_id = address_id
    await session.flush()
    return member


async def by_address(session: AsyncSession, address_id: int) -> Staff | None:
    """The member whose chat this is."""
    return await session.scalar(select(Staff).where(Staff.address_id == address_id, Staff.disabled_at.is_(None)))


async def on_call_addresses(session: AsyncSession) -> list[tuple[int, Address | None]]:
    """Everybody on call, with their linked address if they have one that can be written to."""
    rows = await session.execute(
        select(Staff.id, Address)
        .outerjoin(Address, (Address.id == Staff.address_id) & Address.unreachable_at.is_(None))
        .where(Staff.on_call, Staff.disabled_at.is_(None))
        .order_by(Staff.id)
    )
    return [(staff_id, address) for staff_id, address in rows]


async def somebody_reads(session: AsyncSession, now: datetime) -> bool:
    """Whether anybody is on call who would notice: alerts reach their Telegram, or they have the console open."""
    reached = exists().where(Address.id == Staff.address_id, Address.unreachable_at.is_(None))
    there = exists().where(StaffSession.staff_id == Staff.id, StaffSession.seen_at > now - IDLE)
    found = await session.scalar(
        select(Staff.id).where(Staff.on_call, Staff.disabled_at.is_(None), or_(reached, there)).limit(1)
    )
    return found is not None
