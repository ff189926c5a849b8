"""Two hundred people at once for one place: one has it, all others are told kindly in their language, no lock fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from sqlalchemy import select

from bot.channels.contract import RawUpdate
from bot.domain.inbound import StoredUpdate
from bot.domain.seats import Seating, Signup
from bot.i18n import LANGUAGES, _
from tests.desk import Desk, Guest, open_desk

PEOPLE = 200
SLOW = pytest.mark.slow


@pytest.fixture
async def second(desk: Desk) -> AsyncIterator[Desk | None]:
    """Another process of the same desk, where the database allows it."""
    if desk.house.db.is_sqlite:
        yield None
        return
    async with open_desk(desk.house.db.url.render_as_string(hide_password=False)) as other:
        other.clock = desk.clock
        other.house.now = desk.clock
        yield other


async def all_at_once(
    desks: Sequence[Desk], guests: Sequence[Guest], deed: Callable[[Guest], dict[str, object]]
) -> None:
    """Everybody does the same at the same moment; all processes serve them together."""
    updates = [
        RawUpdate(f"{one.key}:r{next(desks[0]._ids)}", one.key, json.dumps({**deed(one), "hint": one.hint}))
        for one in guests
    ]
    await desks[0].reception.receive("web", updates)
    await asyncio.gather(*(one.serve() for one in desks))
    while await desks[0].serve():
        pass
    for one in guests:
        await one.reads()


def pressing(place: int) -> Callable[[Guest], dict[str, object]]:
    """The button at this place of the newest message."""

    def deed(guest: Guest) -> dict[str, object]:
        token, laid = guest.screen[-1]
        return {"pressed": [token, [one.index for row in laid.rows for one in row][place]]}

    return deed


@pytest.mark.parametrize("people", [40, pytest.param(PEOPLE, marks=SLOW)])
async def test_one_place_for_so_many(
    desk: Desk, second: Desk | None, people: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    desks = [desk, *([second] if second is not None else [])]
    event = await desk.has_event(seats=1)
    guests = [desk.person(language) for language in list(LANGUAGES) * (people // len(LANGUAGES) + 1)][:people]
    for one in guests:
        await one._begin()
    await all_at_once(desks, guests, lambda _one: {"typed": f"/start event-{event.id}"})
    for place in (0, 0, 0, 0, 3, 0):  # sign up, no name, skip, a newcomer, no reminders, yes
        await all_at_once(desks, guests, pressing(place))
    async with desk.house.db.reading() as session:
        states = list(await session.scalars(select(Signup.state)))
        assert (await session.get_one(Seating, event.id)).taken == 1
        assert set(await session.scalars(select(StoredUpdate.state))) == {"done"}
    assert states == ["going"]
    catalogs = desk.house.catalogs
    taken = _("Somebody else has just taken the last place. We are sorry.")
    won = _("✅ You have a place. See you there!")
    told = Counter(
        "won" if one.screen[-1][1].text.startswith(catalogs.say(won, one.language)) else
        "list" if catalogs.say(taken, one.language) in one.screen[-1][1].text else "lost"
        for one in guests
    )  # fmt: skip
    assert told == {"won": 1, "list": people - 1}
    losers = [one for one in guests if catalogs.say(taken, one.language) in one.screen[-1][1].text]
    await all_at_once(desks, losers, pressing(0))
    places = sorted(_place(one) for one in losers)
    assert places == list(range(1, people))
    assert [record.getMessage() for record in caplog.records] == []


def _place(guest: Guest) -> int:
    """On the list, as it was told: the number on the line of the place, which stands fifth."""
    line = guest.screen[-1][1].text.split("\n")[4]
    return int("".join(str(int(sign)) for sign in line if sign.isdecimal()))
