"""Words that work everywhere, in every language: back, menu, a person, stop, danger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.answers.folding import fold
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, Catalogs, Text, _p

# NOTE: comma-separated whole messages that people type; keep short, lower case, add what people really write.
WORDS: Final[Mapping[str, Text]] = {
    "back": _p("words", "back, previous"),
    "cancel": _p("words", "cancel, never mind"),
    "menu": _p("words", "menu, start, home"),
    "help": _p("words", "help, what can you do"),
    "checklist": _p("words", "my first steps, first steps, checklist"),
    "courses": _p("words", "courses, course, language course"),
    "mentors": _p("words", "mentors, mentor"),
    "events": _p("words", "events, event"),
    "letter": _p("words", "letter to the inspectorate, write a letter"),
    "language": _p("words", "language, languages, change language"),
    "person": _p("words", "person, human, talk to a person, operator"),
    "stop": _p("words", "stop, unsubscribe"),
    "delete": _p("words", "delete my data, forget me"),
    "danger": _p("words", "danger, emergency, i am in danger"),
}
# Whoever wants silence or is in danger may say so in any language, whichever they chose.
_IN_ANY_LANGUAGE: Final = frozenset({"stop", "danger"})


class Words:
    """The words of all catalogs, ready to be recognised."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._verbs: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for verb, text in WORDS.items():
            for language in LANGUAGES:
                for said in _synonyms(catalogs, text, language):
                    self._add(said, verb, language)

    def _add(self, said: str, verb: str, language: str) -> None:
        everywhere = verb in _IN_ANY_LANGUAGE or language == SOURCE_LANGUAGE
        for place in LANGUAGES if everywhere else (language,):
            self._verbs[place].setdefault(said, verb)

    def verb(self, text: str, language: str) -> str | None:
        """What the whole message asks for, if it is one of these words."""
        return self._verbs[language].get(fold(text[:80]).strip())


def _synonyms(catalogs: Catalogs, text: Text, language: str) -> list[str]:
    parts = re.split(r"[,،]", catalogs.say(text, language))
    return [folded for part in parts if (folded := fold(part).strip())]
