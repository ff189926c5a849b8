"""Conversations that earlier releases left unfinished go on. A file a release; what it saved never changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain import people
from bot.domain.callers import callers
from bot.domain.db import new_id, new_token, write_rows
from bot.domain.messages import ChatMessage
from tests.desk import Desk, Guest

SESSIONS = Path(__file__).parent.parent / "sessions"


def saved() -> list[Any]:
    found = []
    for file in sorted(SESSIONS.glob("*.json")):
        release = json.loads(file.read_text(encoding="utf-8"))
        found += [pytest.param(one, id=f"{release['release']}: {one['what']}") for one in release["dialogs"]]
    return found


async def left_there(desk: Desk, dialog: dict[str, Any]) -> Guest:
    """Somebody whom that release had asked something."""
    guest = desk.person("en")
    await guest._begin()
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        row = {
            "id": new_id(), "person_id": caller.person_id, "address_id": caller.address_id, "ticket_id": None,
            "seq": max([caller.next_seq(), *(frame.get("seq", 0) for frame in dialog["frames"])]), "author": "bot",
            "staff_id": None, "token": new_token(), "content": dialog["shown"], "at": desk.clock(),
        }  # fmt: skip
        caller.frames, caller.last_seq = dialog["frames"], int(str(row["seq"]))
        await write_rows(session, ChatMessage.__table__, [row])  # type: ignore[arg-type]
        await people.save(session, [caller], desk.clock())
        await people.save_dialogs(session, [caller], desk.clock())
    await guest.reads()
    return guest


@pytest.mark.parametrize("dialog", saved())
async def test_a_saved_conversation_goes_on(desk: Desk, dialog: dict[str, Any]) -> None:
    guest = await left_there(desk, dialog)
    await guest.chats("\n".join(dialog["then"]))
