"""Adding somebody to the desk from the command line."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import Final

from bot.config import Settings
from bot.domain import staff
from bot.domain.db import Database
from bot.domain.migrations import upgrade
from bot.domain.secrets import open_keys
from bot.domain.staff import LoginTaken, Role
from bot.house import utc_now
from bot.i18n import LANGUAGES
from bot.keys import secret_keys

_LOGIN: Final = re.compile(r"[a-z0-9._-]{2,64}")


class MemberRefused(Exception):
    """Somebody cannot be added; the message says why in one sentence."""


async def add_member(settings: Settings, login: str, name: str, roles: Sequence[str], languages: Sequence[str]) -> str:
    """Add a member; returns their first password. Raises MemberRefused."""
    if not _LOGIN.fullmatch(login.strip().lower()):
        raise MemberRefused("a log-in has 2 to 64 letters a to z, digits, dots, underscores or hyphens")
    for role in roles:
        if role not in set(Role):
            raise MemberRefused(f"there is no role {role}; there are {', '.join(Role)}")
    for language in languages:
        if language not in LANGUAGES:
            raise MemberRefused(f"there is no language {language}; there are {', '.join(LANGUAGES)}")
    password = secrets.token_urlsafe(12)
    await asyncio.to_thread(upgrade, settings.database)
    db = Database(settings.database)
    try:
        await open_keys(db, secret_keys(settings))
        async with db.transaction() as session:
            await staff.add(
                session, login, name, password, [Role(role) for role in roles], languages=list(languages), now=utc_now()
            )
    except LoginTaken:
        raise MemberRefused(f"there is a log-in {login} already") from None
    finally:
        await db.close()
    return password
