"""Every button that can be reached, in every language: none fails, none is dead, every label fits."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.domain.inbound import StoredUpdate
from bot.domain.people import Person
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.walker import MOST_PRESSES, walk_from

VERBS = {
    "answer", "danger", "export", "field", "helped", "language", "languages", "menu", "mydata", "person", "privacy",
    "slovene", "stop", "topic", "delete", "word",
}  # fmt: skip
_LEFT_OPEN = re.compile(r"\{\w*\}|%\(\w+\)s")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_button_leads_somewhere(desk: Desk, language: str) -> None:
    guest = desk.person(language)
    walk = await walk_from(desk, guest, "/menu", "How do I register my address?", "zxcv qwer")
    assert walk.dead == []
    assert walk.pressed == len(walk.deeds) < MOST_PRESSES
    assert {verb for verb, _object in walk.deeds} == VERBS
    assert {object_ for verb, object_ in walk.deeds if verb == "topic"} == set(desk.house.library.topics)
    async with desk.house.db.reading() as session:
        assert set(await session.scalars(select(StoredUpdate.state))) == {"done"}
    limits = desk.house.channels["web"].limits
    for laid in walk.shown:
        assert 0 < len(laid.text) <= limits.text_chars
        assert not laid.text.endswith("…")
        assert not _LEFT_OPEN.search(laid.text + laid.title)
        labels = [button.label for row in laid.rows for button in row]
        assert len(labels) <= limits.buttons
        assert all(0 < len(label) <= limits.label_chars and not label.endswith("…") for label in labels)
        assert len(labels) == len(set(labels))
        assert not any(_LEFT_OPEN.search(label) for label in labels)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_path_ends_without_a_form_left_open(desk: Desk) -> None:
    guest = desk.person("en")
    await walk_from(desk, guest, "/menu", "How do I register my address?", "zxcv qwer")
    shown = await guest.says("/menu")
    assert [laid.text for laid in shown] == ["How can we help? Choose, or write your question in your own words."]
    assert await desk.count(Person) <= 2
