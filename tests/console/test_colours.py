"""Everything that is read stands out enough from what is behind it, by day and by night (WCAG 2.2, level AA)."""

from __future__ import annotations

import re

import pytest

from bot.console.pages import STATIC
from tests.webchat.test_colours import brightness

READ, SEEN = 4.5, 3.0
ON = [
    *[(front, back, READ) for front in ("ink", "soft") for back in ("ground", "sheet", "person", "bot", "staff")],
    ("main", "ground", READ), ("main", "sheet", READ), ("main", "main-soft", READ), ("main-ink", "main", READ),
    ("ink", "main-soft", READ), ("ink", "danger-soft", READ), ("soft", "danger-soft", READ),
    ("danger", "sheet", READ), ("danger", "danger-soft", READ), ("danger-ink", "danger", READ),
    ("waiting", "waiting-soft", READ), ("human", "human-soft", READ), ("human", "sheet", READ),
    ("human", "danger-soft", READ), ("new", "new-soft", READ), ("danger", "bot", READ), ("danger", "ground", READ),
    ("field", "sheet", SEEN), ("field", "ground", SEEN), ("sheet", "field", SEEN), ("main", "danger-soft", SEEN),
]  # fmt: skip


def schemes() -> list[dict[str, str]]:
    """The colours by day, and those by night."""
    blocks = re.findall(r":root \{(.*?)\}", (STATIC / "console.css").read_text(encoding="utf-8"), re.DOTALL)
    day, night = (dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in blocks)
    return [day, {**day, **night}]


@pytest.mark.parametrize("scheme", schemes(), ids=["day", "night"])
def test_colours_can_be_told_apart(scheme: dict[str, str]) -> None:
    faint = []
    for front, back, least in ON:
        dark, light = sorted((brightness(scheme[front]), brightness(scheme[back])))
        if (light + 0.05) / (dark + 0.05) < least:
            faint.append((front, back, round((light + 0.05) / (dark + 0.05), 2)))
    assert faint == []
