"""Small flows for the engine's rules: each becomes a command of its own for the length of a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialog.talk import Flow
from flows import COMMANDS, FLOWS

Offers = Callable[[str, Flow], None]


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> Offers:
    """`offers("size", flow)` makes `/size` open that flow."""

    def offer(name: str, flow: Flow) -> None:
        monkeypatch.setitem(FLOWS, name, flow)
        monkeypatch.setitem(COMMANDS, name, name)

    return offer
