"""Live updates: a stream that says what changed, never what it says. Pages then fetch it through the one door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import StreamingResponse

from bot.bell import DESK
from bot.console import queue
from bot.console.gate import Answer, Gate, Visit, actor_of
from bot.domain import staff

LOOK_EVERY_S: Final = 2.0  # another process may have changed the rows without ringing our bell
AT_MOST_EVERY_S: Final = 0.2
BEAT_S: Final = 15.0  # below the 30 to 60 seconds after which proxies close a silent connection


async def events(visit: Visit) -> Answer:
    """The stream of one browser; it ends with the session, or with the service."""
    news = _news(visit.gate, visit.token)
    return StreamingResponse(news, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _news(gate: Gate, token: str) -> AsyncIterator[str]:
    loop, told, said_at = asyncio.get_running_loop(), "", 0.0
    with gate.house.bell.listen(DESK) as rung:
        closing = loop.create_task(gate.closing.wait())
        closing.add_done_callback(lambda _done: rung.set())
        try:
            while not gate.closing.is_set():
                # Whoever leaves in the middle of a look must not take the database's connection with them.
                seen = await asyncio.shield(loop.create_task(_look(gate, token)))
                if seen is None:
                    yield "event: ended\ndata: {}\n\n"
                    return
                if seen != told:
                    told, said_at = seen, loop.time()
                    yield f"event: changed\ndata: {seen}\n\n"
                elif loop.time() - said_at > BEAT_S:
                    said_at = loop.time()
                    yield ": beat\n\n"
                await gate.house.bell.wait(rung, LOOK_EVERY_S)
                await asyncio.sleep(AT_MOST_EVERY_S)
        finally:
            closing.cancel()


async def _look(gate: Gate, token: str) -> str | None:
    """What this session may see now; None once it has ended. Rights are read anew each time."""
    async with gate.house.db.reading() as session:
        found = await staff.by_session(session, token, gate.house.now())
        if found is None:
            return None
        seen = await queue.look(session, actor_of(*found))
    return json.dumps(
        {
            "desk": seen.mark,
            "waiting": seen.waiting,
            "ringing": len(seen.ringing),
            # Identities are beyond the integers of JavaScript: text.
            "cases": {str(case.id): case.mark for case in seen.cases},
        }
    )
