"""Every button that can be reached, in every language: none fails, none is dead, every path ends, every label fits."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.domain.inbound import StoredUpdate
from bot.domain.people import Dialog
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.walker import MOST_PRESSES, Walk, walk_all

VERBS = {
    "answer", "danger", "export", "field", "helped", "language", "languages", "menu", "mydata", "person", "privacy",
    "slovene", "stop", "topic", "delete", "word",
}  # fmt: skip
_LEFT_OPEN = re.compile(r"\{\w*\}|%\(\w+\)s")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_button_in_every_language(desk: Desk) -> None:
    walks = await walk_all(desk, list(LANGUAGES), "/menu", "How do I register my address?", "zxcv qwer")
    async with desk.house.db.reading() as session:
        assert set(await session.scalars(select(StoredUpdate.state))) == {"done"}
    for walk in walks:
        assert (walk.guest.language, walk.dead) == (walk.guest.language, [])
        assert walk.pressed == len(walk.deeds) < MOST_PRESSES
        assert {verb for verb, _object in walk.deeds} >= VERBS - {"slovene"}
        assert {object_.partition(":")[0] for verb, object_ in walk.deeds if verb == "topic"} == set(
            desk.house.library.topics
        )
        fits(desk, walk)
    assert await desk.count(Dialog) == 0


def fits(desk: Desk, walk: Walk) -> None:
    """Nothing was cut, nothing was left open, nothing stands twice on one message."""
    limits = desk.house.channels["web"].limits
    for laid in walk.shown:
        labels = [button.label for row in laid.rows for button in row]
        assert 0 < len(laid.text) <= limits.text_chars
        assert len(labels) == len(set(labels)) <= limits.buttons
        assert all(0 < len(label) <= limits.label_chars for label in labels)
        for words in (laid.text, laid.title, *labels):
            assert not words.endswith("…")
            assert not _LEFT_OPEN.search(words)
        shown_in = {laid.language} - {"sl", "en"}  # a text for the counter, or one that is not translated yet
        assert shown_in <= {walk.guest.language}
