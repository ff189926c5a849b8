"""My things, settings and the PIN in every language and layout."""

from __future__ import annotations

import pytest

from tests.desk import Desk
from tests.flows.walkers import Walkers, ends_well


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_my_things_and_settings(desk: Desk, walkers: Walkers) -> None:
    event = await desk.has_event(seats=len(walkers.walks))
    await walkers.say(f"/start event-{event.id}")
    await walkers.press("eventjoin")
    await walkers.answer("", "", "untold", "chat", "yes")
    await walkers.say("/mydata")
    await walkers.press("mysignup")
    await walkers.say("/mydata")
    await walkers.press("settings")
    for hours in ("20", "22", "none"):
        await walkers.press("quiethours")
        await walkers.answer(hours)
        await walkers.press("settings")
    await walkers.press("quiethours")
    await walkers.answer("own")
    await walkers.say("21")
    await walkers.say("6")
    await walkers.press("settings")
    await walkers.press("discreet", "on")
    await walkers.say("/mydata")
    await walkers.press("settings")
    await walkers.press("discreet", "off")
    await ends_well(desk, walkers)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_pin(desk: Desk, walkers: Walkers) -> None:
    await walkers.say("/mydata")
    await walkers.press("settings")
    await walkers.press("setpin")
    for digits in ("12", "1234", "4321", "1234", "1234"):
        await walkers.say(digits)
    desk.clock.pass_(minutes=10)
    for digits in ("9999", "8888", "7777"):
        await walkers.say("/mydata")
        await walkers.say(digits)
    await walkers.press("mydata")
    desk.clock.pass_(minutes=15)
    await walkers.say("/mydata")
    await walkers.say("1234")
    await walkers.press("settings")
    await walkers.press("droppin")
    await ends_well(desk, walkers)
