"""Answers read aloud: to hear them, and to remove them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.responses import RedirectResponse, Response

from bot.console import words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.sheets import open_page
from bot.domain import audit, recordings
from bot.domain.recordings import Listed
from bot.recordings import offer_recordings

_RANGE: Final = re.compile(r"bytes=(\d{1,9})-(\d{0,9})", re.ASCII)
_SANDBOXED: Final = "default-src 'none'; sandbox"


async def play(visit: Visit) -> Answer:
    """The sound of the newest recording, whatever words were read."""
    page = await open_page(visit, to_edit=False)
    found = await recordings.of_topic(visit.session, page.topic.id, page.language)
    audio = await recordings.audio_of(visit.session, found.id) if found is not None else None
    if audio is None:
        raise Refused(404, words.NO_FILE)
    return _part(audio, visit.request.headers.get("range", ""))


def _part(audio: bytes, wanted: str) -> Response:
    """All of it, or the bytes that a player asks for: some play nothing else (RFC 9110, section 14)."""
    headers = {"Accept-Ranges": "bytes", "Content-Security-Policy": _SANDBOXED}
    asked = _RANGE.fullmatch(wanted)
    if asked is None:
        return Response(audio, media_type="audio/ogg", headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or len(audio) - 1), len(audio) - 1)
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(audio)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(audio)}"
    return Response(audio[first : last + 1], 206, media_type="audio/ogg", headers=headers)


async def remove(visit: Visit) -> Answer:
    """Delete the recording that was shown; a newer one stays."""
    page = await open_page(visit)
    wanted = visit.form.text("recording")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < len(str(LARGEST_ID)) else 0
    found = await recordings.of_topic(visit.session, page.topic.id, page.language)
    if _is(found, number) and await recordings.remove(visit.session, number, visit.house.now()):
        await audit.note(visit.session, "remove recording", visit.house.now(), staff_id=visit.member.id)
    return _then(visit, f"{page.address}?note=removed")


def _is(found: Listed | None, number: int) -> bool:
    return found is not None and found.id == number


async def remove_mine(visit: Visit) -> Answer:
    """Delete everything that this member has read aloud."""
    if await recordings.remove_of(visit.session, visit.member.id, visit.house.now()):
        await audit.note(visit.session, "remove own recordings", visit.house.now(), staff_id=visit.member.id)
    return _then(visit, "/console/account?note=removed")


def _then(visit: Visit, address: str) -> Callable[[], Awaitable[Response]]:
    async def go_on() -> Response:
        await offer_recordings(visit.house)  # after the commit: from now on nobody hears it
        return RedirectResponse(address, 303)

    return go_on
