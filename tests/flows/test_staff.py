"""The desk's own people in the chat: an invitation joins their chat to their log-in, once."""

from __future__ import annotations

from bot.domain import staff
from bot.domain.staff import Staff
from tests.desk import Desk

JOINED = "< Done. When you are on call, alerts come to this chat. They show only the number of the case."
REFUSED = "< This invitation is not valid any more. Please make a new one in the console."


async def invitation(desk: Desk, member: Staff) -> str:
    async with desk.house.db.transaction() as session:
        return await staff.invite(session, member.id, desk.clock())


async def linked(desk: Desk, member: Staff) -> int | None:
    async with desk.house.db.reading() as session:
        found = await session.get(Staff, member.id)
    assert found is not None
    return found.address_id


async def test_an_invitation_is_good_once(desk: Desk) -> None:
    vesna = await desk.has_staff()
    token = await invitation(desk, vesna)
    chat, other = desk.person("sl"), desk.person("en")
    await chat.says(f"/start staff-{token}")
    first = await linked(desk, vesna)
    await other.chats(f"""
        > /start staff-{token}
        {REFUSED}
    """)
    assert first is not None
    assert await linked(desk, vesna) == first


async def test_a_newer_invitation_joins_another_chat(desk: Desk) -> None:
    vesna = await desk.has_staff()
    before = None
    for _phone in range(2):
        await desk.person("en").chats(f"""
            > /start staff-{await invitation(desk, vesna)}
            {JOINED}
        """)
        assert await linked(desk, vesna) != before
        before = await linked(desk, vesna)


async def test_an_old_invitation_is_refused(desk: Desk) -> None:
    vesna = await desk.has_staff()
    token = await invitation(desk, vesna)
    desk.clock.pass_(hours=24)
    await desk.person("en").chats(f"""
        > /start staff-{token}
        {REFUSED}
    """)
    assert await linked(desk, vesna) is None


async def test_whoever_has_left_is_not_joined(desk: Desk) -> None:
    vesna = await desk.has_staff()
    token = await invitation(desk, vesna)
    async with desk.house.db.transaction() as session:
        await staff.disable(session, vesna.id, desk.clock())
    await desk.person("en").chats(f"""
        > /start staff-{token}
        {REFUSED}
    """)


async def test_made_up_invitations_are_refused(desk: Desk) -> None:
    await desk.has_staff()
    guest = desk.person("en")
    for payload in ("staff", "staff-", "staff-x", "staff-' OR 1=1 --", "staff-" + "A" * 3000):
        await guest.chats(f"""
            > /start {payload}
            {REFUSED}
        """)


async def test_the_command_of_the_link_is_no_command(desk: Desk) -> None:
    shown = await desk.person("en").says("/staff")
    assert shown[0].text == "I do not know this command."
