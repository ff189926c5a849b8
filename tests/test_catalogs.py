"""The catalogs of every launch language are complete and right."""

import pytest

from bot import messages
from bot.i18n import LANGUAGES, Catalogs, _n, _p
from bot.pofile import Entry


@pytest.fixture(scope="module")
def sources() -> list[Entry]:
    return messages.extract(messages.ROOT)


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    return Catalogs(messages.ROOT / "locales")


def test_the_english_sentences_are_right(sources: list[Entry]) -> None:
    assert messages.check_sources(sources) == []


def test_the_template_is_what_the_sources_give(sources: list[Entry]) -> None:
    assert messages.check_template(messages.ROOT, sources) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_is_complete_and_right(sources: list[Entry], language: str) -> None:
    assert messages.check_language(messages.ROOT, sources, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_service_has_every_sentence(sources: list[Entry], catalogs: Catalogs, language: str) -> None:
    texts = [_n(entry.msgid, entry.plural, 1) if entry.plural else _p(entry.context, entry.msgid) for entry in sources]
    assert [text.msgid for text in texts if not catalogs.has(text, language)] == []
