"""Everything that is read stands out enough from what is behind it, by day and by night (WCAG 2.2, level AA)."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from bot.webchat.page import STATIC

READ = 4.5  # text
SEEN = 3.0  # what only has to be seen: outlines, large things

ON = [
    ("ink", "paper", READ), ("ink", "card", READ), ("soft", "paper", READ), ("soft", "card", READ),
    ("brand", "paper", READ), ("brand", "card", READ), ("on-brand", "brand", READ), ("ink", "own", READ),
    ("ink", "staff", READ), ("ink", "notice", READ), ("brand", "staff", READ), ("brand", "notice", READ),
    ("brand", "brand-soft", READ), ("on-danger", "danger", READ), ("on-danger", "danger-deep", READ),
    ("focus", "paper", SEEN), ("focus", "card", SEEN), ("soft", "card", SEEN), ("staff-line", "staff", SEEN),
    ("notice-line", "notice", SEEN),
]  # fmt: skip


def schemes() -> list[dict[str, str]]:
    """The colours by day, and those by night."""
    css = (STATIC / "shell.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    day, night = (dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in blocks)
    return [day, {**day, **night}]


def brightness(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[start:end], 16) / 255 for start, end in pairwise((0, 2, 4, 6))]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", schemes(), ids=["day", "night"])
def test_colours_can_be_told_apart(scheme: dict[str, str]) -> None:
    faint = []
    for front, back, least in ON:
        dark, light = sorted((brightness(scheme[front]), brightness(scheme[back])))
        if (light + 0.05) / (dark + 0.05) < least:
            faint.append((front, back))
    assert faint == []
