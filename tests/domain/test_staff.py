"""Log-ins: passwords, sessions that end, invitations that are good once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.domain import people, staff
from bot.domain.db import Database
from bot.domain.people import Caller
from bot.domain.staff import ABSOLUTE, IDLE, InvitationRefused, LoginTaken, Role, Staff, StaffSession
from tests.domain.conftest import NOW


@pytest.fixture
async def vesna(db: Database) -> Staff:
    async with db.transaction() as session:
        return await staff.add(
            session, " Vesna ", "Vesna", "a long password", [Role.ADVISER, Role.MEDIATOR], languages=["sl"], now=NOW
        )


async def log_in(db: Database, member: Staff) -> str:
    async with db.transaction() as session:
        return await staff.log_in(session, member, NOW)


async def roles_of(db: Database, token: str, after: timedelta = timedelta(0)) -> set[str] | None:
    async with db.reading() as session:
        found = await staff.by_session(session, token, NOW + after)
    return None if found is None else {grant.role for grant in found[1]}


async def test_a_log_in_is_its_own_name_once(db: Database, vesna: Staff) -> None:
    assert vesna.login == "vesna"
    async with db.transaction() as session:
        with pytest.raises(LoginTaken):
            await staff.add(session, "VESNA", "V", "another password", [], languages=[], now=NOW)
        found = await staff.by_login(session, "  vEsNa ")
        assert found is not None
        assert await staff.by_login(session, "miha") is None


async def test_passwords(db: Database, vesna: Staff) -> None:
    assert staff.password_fits(vesna, "a long password")
    assert not staff.password_fits(vesna, "a long passwor")
    assert not staff.password_fits(None, "a long password")
    assert vesna.password_hash.startswith("$argon2id$")
    async with db.reading() as session:
        stored = (await session.execute(text("SELECT password_hash FROM staff"))).scalar_one()
    assert "a long password" not in stored


async def test_a_session_ends_when_it_is_idle_too_long(db: Database, vesna: Staff) -> None:
    token = await log_in(db, vesna)
    almost = IDLE - timedelta(seconds=1)
    assert await roles_of(db, token, almost) == {"adviser", "mediator"}
    assert await roles_of(db, token, IDLE) is None
    async with db.transaction() as session:
        await staff.touch_session(session, token, NOW + almost)
    assert await roles_of(db, token, IDLE) == {"adviser", "mediator"}


async def test_a_session_ends_after_twelve_hours_however_busy(db: Database, vesna: Staff) -> None:
    token = await log_in(db, vesna)
    used = timedelta(0)
    while used + timedelta(minutes=20) < ABSOLUTE:
        used += timedelta(minutes=20)
        async with db.transaction() as session:
            await staff.touch_session(session, token, NOW + used)
    assert await roles_of(db, token, ABSOLUTE - timedelta(seconds=1)) == {"adviser", "mediator"}
    assert await roles_of(db, token, ABSOLUTE) is None


async def test_log_out_password_and_leaving_end_sessions(db: Database, vesna: Staff) -> None:
    first, second, third = [await log_in(db, vesna) for _ in range(3)]
    async with db.transaction() as session:
        await staff.log_out(session, first)
    assert [await roles_of(db, token) is None for token in (first, second, third)] == [True, False, False]
    async with db.transaction() as session:
        member = await staff.by_login(session, "vesna")
        assert member is not None
        await staff.set_password(session, member, "an even longer password")
    assert await roles_of(db, second) is None
    fourth = await log_in(db, vesna)
    async with db.transaction() as session:
        await staff.disable(session, vesna.id, NOW)
    assert await roles_of(db, fourth) is None
    async with db.reading() as session:
        assert await staff.by_login(session, "vesna") is None
        assert list(await session.scalars(select(StaffSession))) == []


async def test_made_up_sessions_are_nobody_s(db: Database, vesna: Staff) -> None:
    for token in ("", "x", "x" * 10_000, "' OR 1=1 --"):
        assert (token, await roles_of(db, token)) == (token, None)


async def test_only_hashes_of_tokens_are_stored(db: Database, vesna: Staff) -> None:
    token = await log_in(db, vesna)
    async with db.transaction() as session:
        invitation = await staff.invite(session, vesna.id, NOW)
    async with db.reading() as session:
        stored = [*(await session.scalars(text("SELECT token_hash FROM staff_sessions"))),
                  *(await session.scalars(text("SELECT token_hash FROM invitations")))]  # fmt: skip
    assert sorted(stored) == sorted([staff.token_hash(token), staff.token_hash(invitation)])


async def test_an_invitation_is_good_once_and_for_a_day(db: Database, vesna: Staff, amina: Caller) -> None:
    async with db.transaction() as session:
        old, good = [await staff.invite(session, vesna.id, NOW) for _ in range(2)]
        with pytest.raises(InvitationRefused):
            await staff.link(session, old, amina.address_id, NOW + timedelta(hours=24))
        assert (await staff.link(session, good, amina.address_id, NOW + timedelta(hours=23))).id == vesna.id
        with pytest.raises(InvitationRefused):
            await staff.link(session, good, amina.address_id, NOW)
        found = await staff.by_address(session, amina.address_id)
        assert found is not None
        assert found.id == vesna.id


async def test_on_call_means_that_somebody_would_notice(db: Database, vesna: Staff, amina: Caller) -> None:
    async with db.transaction() as session:

        async def read(after: timedelta = timedelta(0)) -> bool:
            return await staff.somebody_reads(session, NOW + after)

        member = await session.get(Staff, vesna.id)
        assert member is not None
        await staff.log_in(session, member, NOW)
        assert not await read()
        member.on_call = True
        await session.flush()
        assert (await read(), await read(IDLE)) == (True, False)
        await staff.link(session, await staff.invite(session, vesna.id, NOW), amina.address_id, NOW)
        assert await read(IDLE)
        await people.mark_unreachable(session, amina.address_id, "blocked", NOW)
        assert not await read(IDLE)
        await people.mark_reachable(session, amina.address_id)
        await staff.disable(session, vesna.id, NOW)
        assert not await read()
