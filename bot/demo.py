"""The sample desk on one machine: no account, no token, nothing else running."""

from __future__ import annotations

import secrets

from bot import samples
from bot.app import Service, open_door, open_house
from bot.config import Settings
from bot.domain import staff
from bot.domain.staff import Role
from bot.house import House
from bot.lock import only_process

_LOGIN = "demo"


async def run_demo(settings: Settings) -> None:
    """Open the sample desk, give it a member of staff with a fresh password, print where everything is, serve."""
    with open_door(settings) as door, only_process(settings):
        async with open_house(settings) as house:
            await samples.load(house)
            await _show(house)
            await Service(house).serve(door)


async def _show(house: House) -> None:
    password = await _fresh_login(house)
    address = house.public_url
    print(f"\n  Web chat        {address}/\n  Staff console   {address}/console", flush=True)
    print(f"  Log-in          {_LOGIN}\n  Password        {password}\n", flush=True)
    print("  This is a sample desk. Stop it with Ctrl+C.\n", flush=True)


async def _fresh_login(house: House) -> str:
    password = secrets.token_urlsafe(9)
    async with house.db.transaction() as session:
        member = await staff.by_login(session, _LOGIN)
        if member is not None:
            await staff.set_password(session, member, password)
        else:
            member = await staff.add(
                session, _LOGIN, "Demo", password, [Role.ADMIN], languages=["sl", "en"], now=house.now()
            )
            member.language, member.on_call = "en", True
            await session.flush()
    return password
