"""From a question to a topic: sure, a short list, or an honest "not sure"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.answers.content import Library
from bot.answers.danger import Danger
from bot.answers.elsewhere import examples_of, load_abroad
from bot.answers.folding import fold
from bot.answers.language import guess
from bot.answers.phrases import Phrases, tokens_of
from bot.answers.scoring import Example, Scores
from bot.answers.smalltalk import Smalltalk

Kind = Literal["answer", "choices", "unsure", "smalltalk", "danger"]

MAX_CHARS = 1_000
SHOWN = 3

# Scores become odds by e^(steepness * score); "none of these" has the odds of the second number.
_STEEPNESS = 15.0
_NONE_SCORE = 0.2
# A sure answer needs this probability; a short list is offered when its best has this one. Fitted so that
# hardly any question about something else gets a sure answer: a wrong one about a permit harms somebody.
_SURE = 0.55
_CHOICE = 0.2
# Of two that are nearly as likely, neither is sure.
_AHEAD = 2.0
_BODY_WEIGHT = 0.4
_HOME = Phrases(
    [
        "sloven*",
        "slloven*",
        "словен*",
        "postojn*",
        "постојн*",
        "постойн*",
        "سلوف*",
        "اسلوون*",
        "سلوون*",
        "স্লোভ*",
    ]
)

_SENTENCE_END = re.compile(r"(?<=[.!?؟।۔])\s+|\n+")
_MIN_SENTENCE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What a text is taken for; `topics` are the best three for every kind, `scores` their probabilities."""

    kind: Kind
    topics: tuple[str, ...]
    scores: tuple[float, ...]
    language: str | None
    why: str


class Matcher:
    """Learns the library once; afterwards every match is a pure function of text and chosen language."""

    def __init__(self, library: Library, danger: Danger, smalltalk: Smalltalk) -> None:
        self._danger = danger
        self._smalltalk = smalltalk
        self._abroad = load_abroad()
        self._scores = Scores([*_examples(library), *examples_of(library)])
        labels = self._scores.labels
        self._asked = {
            fold(question): labels.index(topic.id)
            for topic in library
            for questions in topic.questions.values()
            for question in questions
        }
        self._topics = [at for at, label in enumerate(labels) if label in library]
        self._others = [at for at, label in enumerate(labels) if label not in library]

    def match(self, text: str, chosen: str | None = None) -> Match:
        """The kind of the text and its best topics."""
        text = text[:MAX_CHARS]
        language = guess(text, chosen).language or chosen
        ranked, other = self._rank(text, chosen)
        topics = tuple(topic for topic, _ in ranked)
        scores = tuple(round(score, 4) for _, score in ranked)
        kind, why = self._decide(text, scores, other)
        return Match(kind, topics, scores, language, why)

    def _rank(self, text: str, chosen: str | None) -> tuple[list[tuple[str, float]], str]:
        """The best topics with their probabilities, and the best matter that is none."""
        scores, _ = self._scores.of(text, chosen)
        asked = self._asked.get(fold(text))
        if asked is not None:
            scores[asked] += 1.0  # a question of the list is its topic's, however near another one is
        odds = np.exp(_STEEPNESS * (scores.clip(-1.0, 2.0) - _NONE_SCORE))
        shares = (odds / (odds.sum() + 1.0)).tolist()
        labels = self._scores.labels
        best = sorted(self._topics, key=lambda at: -shares[at])[:SHOWN]
        other = max(self._others, key=lambda at: shares[at], default=None)
        return [(labels[at], shares[at]) for at in best], "" if other is None else labels[other]

    def _decide(self, text: str, scores: tuple[float, ...], other: str) -> tuple[Kind, str]:
        if self._danger.sounds(text):
            return "danger", "danger words"
        if self._smalltalk.covers(text):
            return "smalltalk", "greeting or thanks"
        best, second = (*scores, 0.0, 0.0)[:2]
        if best < _CHOICE:
            return "unsure", f"perhaps {other}" if other else "nothing near"
        if best < _SURE or best < _AHEAD * second:
            return "choices", "near"
        if self._is_abroad(text):
            return "choices", "another country is named"
        return "answer", "sure"

    def _is_abroad(self, text: str) -> bool:
        tokens = tokens_of(text)
        return _stands_in(self._abroad, tokens) and not _stands_in(_HOME, tokens)


def _examples(library: Library) -> Iterator[Example]:
    for topic in library:
        for language, questions in topic.questions.items():
            yield from (Example(question, topic.id, language, 1.0) for question in questions)
        for language, answer in topic.answers.items():
            yield Example(answer.title, topic.id, language, 1.0)
            sentences = _SENTENCE_END.split(answer.shown(overdue=False, instead=""))
            for sentence in sentences:
                if len(sentence.split()) >= _MIN_SENTENCE_WORDS:
                    yield Example(sentence, topic.id, language, _BODY_WEIGHT)


def _stands_in(phrases: Phrases, tokens: list[str]) -> bool:
    return any(phrases.longest_at(tokens, start) for start in range(len(tokens)))
