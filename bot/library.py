"""The answers of a running desk: the shipped files with what the desk has changed in the console."""

from __future__ import annotations

import asyncio

from bot.answers import learnt
from bot.answers.content import Library
from bot.answers.edited import dropped_of, lessons_of, with_edits
from bot.answers.matcher import Matcher
from bot.config import Settings
from bot.domain import edits
from bot.domain.db import Database
from bot.domain.edits import Edits
from bot.domain.migrations import is_current
from bot.domain.secrets import open_keys
from bot.house import House, Shipped
from bot.keys import secret_keys
from bot.paths import FAQ


async def relearn(house: House) -> bool:
    """Put the desk's edits in force in this process; False when none is new. Quick: nothing is learnt anew."""
    async with house.relearning:
        async with house.db.reading() as session:
            mark = await edits.mark(session)
            if mark == house.edits:
                return False
            found = await edits.counting(session)
        made = await asyncio.to_thread(_made, house.shipped, found)
        house.library, house.matcher = made
        house.desk = edits.with_facts(house.shipped.desk, found)
        house.edits = mark
    return True


async def edited_answers(settings: Settings) -> tuple[Library, Matcher]:
    """What the chat would answer with, for commands: without an up-to-date database what the files say."""
    library, matcher = await asyncio.to_thread(learnt.load_answers, FAQ, settings.data_dir)
    found = await read_edits(settings)
    if found is None:
        return library, matcher
    return with_edits(library, found), _taught(library, matcher, found)


async def read_edits(settings: Settings) -> Edits | None:
    """The desk's edits; None without an up-to-date database."""
    if not await asyncio.to_thread(is_current, settings.database):
        return None
    db = Database(settings.database)
    try:
        await open_keys(db, secret_keys(settings))
        async with db.reading() as session:
            return await edits.counting(session)
    finally:
        await db.close()


def _made(shipped: Shipped, found: Edits) -> tuple[Library, Matcher]:
    return with_edits(shipped.library, found), _taught(shipped.library, shipped.matcher, found)


def _taught(library: Library, matcher: Matcher, found: Edits) -> Matcher:
    return matcher.taught(lessons_of(library, found), dropped_of(library, found))
