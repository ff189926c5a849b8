"""Every way through events in every language, laid out for the web, for Telegram and for three short buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot import offering
from bot.domain import events, seats
from bot.domain.events import EventKind
from bot.domain.news import What
from bot.domain.seats import Wish
from bot.domain.waiting import Term
from tests.desk import Desk
from tests.flows.walkers import Walkers, ends_well


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_events(desk: Desk, walkers: Walkers) -> None:
    kinds = [await desk.has_event(f"Sample {kind}", kind=kind, fields=dict.fromkeys(events.FIELDS[kind], "9"))
             for kind in EventKind]  # fmt: skip
    crowd = len(walkers.walks)
    wide = await desk.has_event("Sample wide", seats=4 * crowd, most_guests=2, childcare=True, map_url="https://x.test",
                                day=kinds[0].day + timedelta(days=1))  # fmt: skip
    await walkers.say("/events")
    await walkers.press("events", "6")
    await walkers.press("event", str(wide.id))
    await walkers.press("eventjoin")
    await walkers.say("N" * 60)
    await walkers.answer("1", "6")
    await walkers.say("w" * 500)
    await walkers.answer("local", "none", "yes")
    await walkers.press("mysignup")
    await walkers.press("guests")
    await walkers.answer("2")
    await walkers.press("leaveseat")
    await walkers.answer("yes")
    await walkers.press("againseat")
    for one in kinds:
        await walkers.say(f"/start event-{one.id}")
    await walkers.say(f"/start door-{wide.door}")
    desk.clock.at = wide.starts_at
    await walkers.say(f"/start door-{wide.door}")
    await walkers.say(f"/start door-{kinds[0].door}")
    desk.clock.at = wide.ends_at + timedelta(hours=12)
    assert await offering.ask_feedback(desk.house) == crowd
    await walkers.reads()
    await walkers.press("face")
    await walkers.say("zxcv")
    await ends_well(desk, walkers)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_waiting_list(desk: Desk, walkers: Walkers) -> None:
    crowd = len(walkers.walks)
    full = await desk.has_event(seats=1, day=desk.clock().date() + timedelta(days=3))
    somebody = desk.person("en")
    await somebody.says("/menu")
    async with desk.house.db.transaction() as session:
        person = await seats_taken_by(session, somebody.address)
        await seats.take(session, full.id, Wish(person), desk.clock())
    await walkers.say(f"/start event-{full.id}")
    await walkers.press("eventjoin")
    await walkers.answer("", "", "untold", "chat", "yes")
    await walkers.press("mysignup")
    async with desk.house.db.transaction() as session:
        await events.change(session, full.id, plan_of(full, crowd + 1), Term(desk.clock(), full.starts_at))
        await offering.tell_changed(session, desk.house, full.id, What.CHANGED)
    assert (await offering.tell_offers(desk.house), await offering.tell_news(desk.house)) == (crowd, crowd + 1)
    await walkers.reads()
    await walkers.press("mysignup")
    await walkers.press("offerlater")
    await walkers.press("offerlater")
    await walkers.press("mysignup")
    await walkers.press("takeseat")
    await walkers.press("offeryes")
    await walkers.press("offerno")
    async with desk.house.db.transaction() as session:
        await events.call_off(session, full.id, desk.clock())
        await offering.tell_changed(session, desk.house, full.id, What.CALLED_OFF)
    await offering.tell_news(desk.house)
    await walkers.reads()
    await walkers.press("mysignup")
    await ends_well(desk, walkers)


async def seats_taken_by(session: Any, address: int) -> int:  # noqa: ANN401
    from bot.domain.people import Address

    return int((await session.get_one(Address, address)).person_id)


def plan_of(event: events.Event, number: int) -> events.Plan:
    return events.Plan(EventKind(event.kind), event.day, event.minute, event.minutes, event.zone, "postojna", number,
                       event.texts, where=event.where)  # fmt: skip
