"""Words that work everywhere, in every language."""

from __future__ import annotations

import re

import pytest

from bot.answers.folding import fold
from bot.i18n import LANGUAGES
from bot.words import WORDS, Words
from flows import FLOWS
from tests.desk import Desk, shipped_catalogs

OF_THE_ENGINE = {"back", "cancel", "language", "danger"}


def synonyms(verb: str, language: str) -> list[str]:
    return [said.strip() for said in re.split(r"[,،]", shipped_catalogs().say(WORDS[verb], language))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_synonym_is_understood_in_its_language(language: str) -> None:
    words = Words(shipped_catalogs())
    for verb in WORDS:
        found = {said: words.verb(said, language) for said in synonyms(verb, language)}
        assert found == dict.fromkeys(found, verb)
        assert {said: words.verb(f" {said.upper()}!", language) for said in found} == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_means_two_things(language: str) -> None:
    said = [word for verb in WORDS for word in {fold(word) for word in synonyms(verb, language)}]
    assert len(said) == len(set(said))
    assert all(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_words_work_everywhere(language: str) -> None:
    words = Words(shipped_catalogs())
    own = {fold(word): verb for verb in WORDS for word in synonyms(verb, language)}
    for verb in WORDS:
        for said in synonyms(verb, "en"):
            assert words.verb(said, language) == own.get(fold(said), verb)


def test_silence_and_danger_are_understood_in_any_language_whichever_was_chosen() -> None:
    words = Words(shipped_catalogs())
    everywhere = {said: verb for verb in ("stop", "danger") for spoken in LANGUAGES for said in synonyms(verb, spoken)}
    for chosen in LANGUAGES:
        own = {fold(word): name for name in WORDS for word in synonyms(name, chosen)}
        wrong = {
            said: found
            for said, verb in everywhere.items()
            if (found := words.verb(said, chosen)) not in {verb, own.get(fold(said))}
        }
        assert wrong == {}


def test_every_word_leads_somewhere() -> None:
    assert {verb for verb in WORDS if verb not in OF_THE_ENGINE} <= set(FLOWS)


@pytest.mark.parametrize("said", ["", " ", "?", "menu please now", "stopping", "x" * 100_000, "menu" * 30])
def test_only_the_whole_message_counts(said: str) -> None:
    assert Words(shipped_catalogs()).verb(said, "en") is None


async def test_a_word_in_the_middle_of_a_form(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/person")
    assert [laid.text for laid in await guest.says("help")][-1].startswith("What is your question?")
    assert [laid.text for laid in await guest.says("Menu.")] == [
        "How can we help? Choose, or write your question in your own words."
    ]
