"""How near a text is to each label, and to danger: a linear classifier learnt from the examples of all languages.

One classifier for all languages: nobody has to say which language a text is in, words that languages share help each
other, mixed texts work, and a language is added by adding its examples. Softmax regression over weighted grams,
learnt one example at a time in an order that is always the same, so that the same examples give the same weights.
Beside the labels it learns one yes-or-no more: whether somebody is in danger now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.answers.grams import grams_of

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# Fitted on questions held back: more rounds or longer steps learn the examples by heart.
_ROUNDS: Final = 5
_STEP: Final = 3.0
# How much more a rare gram says than a common one.
_RARITY_POWER: Final = 1.3
_SEED: Final = 20_261_122
# Where there are fewer labels, so many more are thought of that a text has nothing to do with: three topics alone
# must not be sure for lack of a fourth.
_FEWEST_LABELS: Final = 64
# The log odds of danger before a word is read: hardly anybody who writes is in danger at that moment.
_CALM: Final = -2.0
# Weights are kept in whole numbers up to this one: a quarter of the memory, the same answers.
_FINEST: Final = 127


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what it is taken for.

    `label`: what it belongs to; None says nothing about labels. `danger`: whether its writer is in danger now; None
    says nothing about that. `weight` 1 is a message that somebody would write.
    """

    text: str
    label: str | None
    language: str
    weight: float = 1.0
    danger: bool | None = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A text's probabilities in the order of the labels, the log odds of danger, and how much of it is known words."""

    shares: Floats
    danger: float
    known: float


class Scores:
    """What was learnt: for every known gram its rarity and its weight for each label and for danger."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.labels = tuple(sorted({example.label for example in examples if example.label is not None}))
        counted = [grams_of(example.text) for example in examples]
        seen = Counter(gram for grams in counted for gram in grams)
        self._numbers = np.array(sorted(seen), dtype=np.uint32)
        often = np.array([seen[number] for number in sorted(seen)], dtype=np.float32)
        self._rarity: Floats = ((np.log((len(examples) + 1) / (often + 1)) + 1) ** _RARITY_POWER).astype(np.float32)
        self._rarest = float((np.log(len(examples) + 1) + 1) ** _RARITY_POWER)
        vectors = [self.vector_of(grams) for grams in counted]
        weights = _learn(vectors, examples, self.labels, len(self._numbers))
        largest = np.abs(weights).max(axis=1, initial=1e-6)
        self._unit: Floats = (largest / _FINEST).astype(np.float32)
        self._weights = np.rint(weights / self._unit[:, None]).astype(np.int8)

    def of(self, text: str) -> Scored:
        """How near the text is to each label and to danger."""
        rows, values, known = self.vector_of(grams_of(text))
        scores = (values * self._unit[rows]) @ self._weights[rows].astype(np.float32)
        # Unknown words may change what the known ones mean: the less is known, the less do they say.
        scores *= np.float32(known**0.5)
        return Scored(_shares(scores[:-1]), _CALM + float(scores[-1]), known)

    def vector_of(self, grams: Counter[int]) -> tuple[Integers, Floats, float]:
        """Rows of the known grams, their values (length at most 1), and the share of the text that is known."""
        numbers = np.fromiter(grams, dtype=np.uint32, count=len(grams))
        if not len(numbers) or not len(self._numbers):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32), 0.0
        damped = 1 + np.log(np.fromiter(grams.values(), dtype=np.float32, count=len(grams)))
        rows = np.searchsorted(self._numbers, numbers)
        rows[rows == len(self._numbers)] = 0
        found = self._numbers[rows] == numbers
        rows = rows[found]
        values = damped[found] * self._rarity[rows]
        whole = float((values**2).sum())
        unknown = float((damped[~found] ** 2).sum()) * self._rarest**2
        length = np.sqrt(max(whole, 1e-9))
        return rows, (values / length).astype(np.float32), whole / max(whole + unknown, 1e-9)

    def weight_of(self, text: str, label: str) -> float:
        """How much the words of a text speak for a label: what explains a choice."""
        rows, values, _known = self.vector_of(grams_of(text))
        column = self.labels.index(label)
        return float((values * self._unit[rows]) @ self._weights[rows, column].astype(np.float32))


def _learn(
    vectors: Sequence[tuple[Integers, Floats, float]],
    examples: Sequence[Example],
    labels: tuple[str, ...],
    grams: int,
) -> Floats:
    places = {label: at for at, label in enumerate(labels)}
    weights = np.zeros((grams, len(labels) + 1), dtype=np.float32)
    order = np.random.default_rng(_SEED)
    for turn in range(_ROUNDS):
        step = _STEP * (1 - turn / _ROUNDS)
        for at in order.permutation(len(examples)):
            rows, values, _known = vectors[at]
            example = examples[at]
            scores = values @ weights[rows]
            miss = np.zeros(len(labels) + 1, dtype=np.float32)
            if example.label is not None:
                miss[:-1] = _shares(scores[:-1])
                miss[places[example.label]] -= 1
            if example.danger is not None:
                miss[-1] = 1 / (1 + np.exp(-_CALM - scores[-1])) - example.danger
            weights[rows] += values[:, None] * (miss * (-step * example.weight))
    return weights


def _shares(scores: Floats) -> Floats:
    """Scores as probabilities."""
    odds = np.exp(scores)
    shares: Floats = odds / (odds.sum() + max(0, _FEWEST_LABELS - len(scores)))
    return shares
