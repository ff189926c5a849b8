"""What the walks of all languages share."""

from __future__ import annotations

import pytest

from bot.channels.webchat import WebChat
from tests.desk import Desk
from tests.flows.walkers import LAYOUTS, Walkers, without_mirrors


@pytest.fixture(params=LAYOUTS)
async def walkers(request: pytest.FixtureRequest, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Walkers:
    monkeypatch.setattr(WebChat, "limits", without_mirrors(LAYOUTS[request.param]))
    made = Walkers(desk)
    await made.begin()
    return made
