"""From a question to a topic: sure, a short list, or an honest "not sure"."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from bot.answers.bank import examples_of
from bot.answers.content import Library, read_lines
from bot.answers.danger import Danger
from bot.answers.folding import fold
from bot.answers.language import guess
from bot.answers.lessons import Lesson, Lessons
from bot.answers.phrases import Phrases, tokens_of
from bot.answers.scoring import Scored, Scores
from bot.answers.smalltalk import Smalltalk

Kind = Literal["answer", "choices", "unsure", "smalltalk", "danger"]

MAX_CHARS: Final = 1_000
SHOWN: Final = 3

# A sure answer needs this probability; a short list is offered when its best has this one. Fitted so that
# hardly any question about something else gets a sure answer: a wrong one about a permit harms somebody.
_SURE: Final = 0.45
_CHOICE: Final = 0.12
# Of two that are nearly as likely, neither is sure.
_AHEAD: Final = 1.5
# Danger is heard from these log odds on. A word of the list adds to them; being plainly a question takes away.
_DANGER: Final = -0.65
_LISTED_GAIN: Final = 2.0
_TOPIC_LOSS: Final = 1.5
# Nobody who writes of being beaten is sent to a text first because it happened yesterday.
_VIOLENCE: Final = "violence.domestic"
_VIOLENT_GAIN: Final = 4.0
_DANGER_WORDS: Final = 4
# So few words with one of the list are a call for help, whatever else they might be ("112", "he beats me").
_CALL_WORDS: Final = 3
# A topic is named by a word of so many letters at least; a number or "ok" names none. One word alone has to be plain.
_LETTERS: Final = 3
_ONE_WORD: Final = 0.3
# A sentence that names another country's offices is not sure unless it names home as well.
_HOME: Final = Phrases(
    [
        "sloven*", "slloven*", "словен*", "postojn*", "постојн*", "постойн*", "سلوف*", "اسلوون*", "سلوون*", "স্লোভ*",
    ]
)  # fmt: skip
_WORDS_SHOWN: Final = 3
# What is left of a topic's share for a question that the desk took off its list; and what a listed question gets.
_DROPPED: Final = 0.05
_LISTED: Final = 0.99


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

    def __init__(self, library: Library, words: Path) -> None:
        self._danger = Danger.load(words / "danger")
        self._smalltalk = Smalltalk.load(words / "smalltalk")
        self._abroad = Phrases(line for _, line in read_lines(words / "abroad.txt"))
        self._scores = Scores(list(examples_of(library, words)))
        labels = self._scores.labels
        self._topics = np.array([at for at, label in enumerate(labels) if label in library], dtype=np.int64)
        self._asked = {
            fold(question): labels.index(topic.id)
            for topic in library
            for questions in topic.questions.values()
            for question in questions
        }
        self.lessons = Lessons(())
        self.dropped: dict[str, int] = {}

    def taught(self, lessons: Sequence[Lesson], dropped: Sequence[Lesson] = ()) -> Matcher:
        """This matcher, knowing these messages too, and some no longer; what it has learnt before is shared."""
        other = copy(self)
        other.lessons = Lessons(lessons)
        labels = self._scores.labels
        other.dropped = {fold(one.text): labels.index(one.label) for one in dropped if one.label in labels}
        return other

    def match(self, text: str, chosen: str | None = None) -> Match:
        """The kind of the text and its best topics."""
        text = text[:MAX_CHARS]
        language = guess(text, chosen).language or chosen
        scored = self._scores.of(text)
        ranked = self._rank(text, scored)
        topics = tuple(topic for topic, _ in ranked)
        scores = tuple(round(score, 4) for _, score in ranked)
        kind, why = self._decide(text, topics, scores, scored)
        return Match(kind, topics, scores, language, why)

    def explain(self, text: str, topic: str) -> tuple[str, ...]:
        """The words of a text that speak most for a topic, best first."""
        words = dict.fromkeys(text[:MAX_CHARS].split())
        speaks = {word: self._scores.weight_of(word, topic) for word in words if topic in self._scores.labels}
        best = sorted(speaks, key=lambda word: -speaks[word])
        return tuple(word for word in best if speaks[word] > 0)[:_WORDS_SHOWN]

    def _rank(self, text: str, scored: Scored) -> list[tuple[str, float]]:
        """The best topics with their probabilities. A listed question and a taught one are their topic's."""
        labels, shares = self._scores.labels, scored.shares
        folded = fold(text)
        asked, dropped = self._asked.get(folded), self.dropped.get(folded)
        if dropped is not None:
            shares = shares.copy()
            shares[dropped] *= _DROPPED
        elif asked is not None:
            shares = shares * (1 - _LISTED)
            shares[asked] += _LISTED
        taught = self.lessons.nearest(text)
        if taught is not None:
            shares = shares * (1 - taught[1])
            if taught[0] in labels:
                shares[labels.index(taught[0])] += taught[1]
        best = self._topics[np.argsort(-shares[self._topics], kind="stable")[:SHOWN]]
        return [(labels[at], float(shares[at])) for at in best]

    def _decide(
        self, text: str, topics: tuple[str, ...], scores: tuple[float, ...], scored: Scored
    ) -> tuple[Kind, str]:
        best, second = (*scores, 0.0, 0.0)[:2]
        violent = topics[:1] == (_VIOLENCE,)
        if why := self._danger_in(text, scored.danger - (0 if violent else _TOPIC_LOSS * best), violent=violent):
            return "danger", why
        if self._smalltalk.covers(text):
            return "smalltalk", "greeting or thanks"
        if best < _CHOICE or (best < _LISTED and not _names_something(text, best)):
            return "unsure", "nothing near"
        if best < _SURE or best < _AHEAD * second:
            return "choices", "near"
        if self._is_abroad(text):
            return "choices", "another country is named"
        return "answer", "sure"

    def _danger_in(self, text: str, odds: float, *, violent: bool) -> str:
        """By what danger is heard, empty if it is not. A word or two say too little, unless they are on the list."""
        words = len(tokens_of(text))
        if self._danger.sounds(text):
            gain = _VIOLENT_GAIN if violent else _LISTED_GAIN
            return "danger words" if words <= _CALL_WORDS or odds + gain >= _DANGER else ""
        return "sounds like danger" if odds >= _DANGER and words >= _DANGER_WORDS else ""

    def _is_abroad(self, text: str) -> bool:
        tokens = tokens_of(text)
        return _stands_in(self._abroad, tokens) and not _stands_in(_HOME, tokens)


def _names_something(text: str, best: float) -> bool:
    words = [word for word in tokens_of(text) if len(word) >= _LETTERS and not word.isdecimal()]
    return len(words) > 1 or (len(words) == 1 and best >= _ONE_WORD)


def _stands_in(phrases: Phrases, tokens: list[str]) -> bool:
    return any(phrases.longest_at(tokens, start) for start in range(len(tokens)))
