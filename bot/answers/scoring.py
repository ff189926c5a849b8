"""Scores of a text for each label, learnt at start from the examples of every language.

Each language learns for itself (ridge regression on weighted grams, solved exactly); a text is scored by all
of them at once, and a language counts by how much of the text it knows. So nobody has to say which language a
text is in, mixed texts work, and a language is added by adding its examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.answers.grams import grams_of

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# How far the examples may be missed: less learns them by heart, more forgets rare words.
_RIDGE = 0.3
# Examples are compared in this many hashed dimensions while learning: less memory, the same answers.
_HASHED = 4_096
_HASHED_AT_ONCE = 512
# A label with many examples must not outshout one with few: 0 leaves them as they are, 1 evens out.
_EVENING_OUT = 0.5
# A language with more examples than this forgets grams that only one of them has: half the memory at 62 topics.
_MANY_EXAMPLES = 1_000
# How steeply a language loses its say with the share of the text that it does not know.
_KNOWN_POWER = 2.0


@dataclass(frozen=True, slots=True)
class Example:
    """A text that belongs to a label, in a language; `weight` 1 is a question somebody would ask."""

    text: str
    label: str
    language: str
    weight: float


class Scores:
    """The learnt weights; about 0 for a label the text has nothing to do with, about 1 for its own."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.labels = tuple(sorted({example.label for example in examples}))
        self.languages = tuple(sorted({example.language for example in examples}))
        learnt = [
            _learn([example for example in examples if example.language == language], self.labels)
            for language in self.languages
        ]
        self._rarest = np.array([part.rarest for part in learnt], dtype=np.float32)
        grams = dict.fromkeys(chain.from_iterable(part.grams for part in learnt))
        self._ids = {gram: at for at, gram in enumerate(grams)}
        owners = np.array([self._ids[gram] for part in learnt for gram in part.grams], dtype=np.int64)
        order = np.argsort(owners, kind="stable")
        sizes = [len(part.grams) for part in learnt]
        self._language_of = np.repeat(np.arange(len(learnt)), sizes)[order]
        self._first = np.searchsorted(owners[order], np.arange(len(self._ids) + 1))
        self._rarity = np.concatenate([part.rarity for part in learnt])[order]
        self._weights = np.concatenate([part.weights for part in learnt])[order] if learnt else np.zeros((0, 0))

    def of(self, text: str, chosen: str | None = None) -> tuple[Floats, float]:
        """A score for each label, and the share of the text known to the language that knows most of it."""
        grams = grams_of(text)
        known = [(at, count) for gram, count in grams.items() if (at := self._ids.get(gram)) is not None]
        if not known:
            return np.zeros(len(self.labels), dtype=np.float32), 0.0
        ids, counts = np.array(known, dtype=np.int64).T
        rows, spread = self._rows(ids)
        damped = _damp(counts)[spread]
        values = damped * self._rarity[rows]
        languages = self._language_of[rows]
        total = float((_damp(np.fromiter(grams.values(), dtype=np.int64)) ** 2).sum())
        share, norm = self._shares(values, damped, languages, total)
        say = share**_KNOWN_POWER
        if chosen in self.languages:
            say[self.languages.index(chosen)] *= 1.5
        pull = values * (say / (norm * say.sum()))[languages]
        return pull @ self._weights[rows].astype(np.float32), float(share.max())

    def _rows(self, ids: Integers) -> tuple[Integers, Integers]:
        """The rows of all languages for these grams, and for each row the place of its gram in `ids`."""
        first = self._first[ids]
        lengths = self._first[ids + 1] - first
        spread = np.repeat(np.arange(len(ids)), lengths)
        ends = np.cumsum(lengths)
        return np.arange(ends[-1]) - np.repeat(ends - lengths - first, lengths), spread

    def _shares(self, values: Floats, damped: Floats, languages: Integers, total: float) -> tuple[Floats, Floats]:
        """For each language the share of the text it knows, and the text's length; unknown grams are rare."""
        count = len(self.languages)
        known = np.bincount(languages, values**2, count)
        unknown = (total - np.bincount(languages, damped**2, count)) * self._rarest**2
        length = np.maximum(known + unknown, 1e-9)
        return (known / length).astype(np.float32), np.sqrt(length).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Learnt:
    grams: tuple[str, ...]
    rarity: Floats
    rarest: float
    weights: NDArray[np.float16]


def _learn(examples: Sequence[Example], labels: tuple[str, ...]) -> _Learnt:
    counted = [grams_of(example.text) for example in examples]
    ids = {gram: at for at, gram in enumerate(dict.fromkeys(chain(*counted)))}
    found = np.array([ids[gram] for grams in counted for gram in grams], dtype=np.int64)
    seen = np.bincount(found, minlength=len(ids))
    rarity = (np.log(len(examples) / seen) + 1).astype(np.float32)
    ends = np.cumsum([len(grams) for grams in counted])
    tallies = np.array([count for grams in counted for count in grams.values()], dtype=np.int64)
    values = _damp(tallies) * rarity[found]
    rows = np.repeat(np.arange(len(examples)), np.diff(ends, prepend=0))
    lengths = np.sqrt(np.maximum(np.bincount(rows, values**2, len(examples)), 1e-9))
    values = (values / lengths[rows]).astype(np.float32)

    solved = _solve(_likeness(found, values, rows, len(examples)), examples, labels)
    weights = np.zeros((len(ids), len(labels)), dtype=np.float32)
    for at, (start, end) in enumerate(zip(ends - np.diff(ends, prepend=0), ends, strict=True)):
        weights[found[start:end]] += values[start:end, None] * solved[at]
    kept = np.flatnonzero(seen > (1 if len(examples) > _MANY_EXAMPLES else 0))
    grams = tuple(ids)
    return _Learnt(
        grams=tuple(grams[at] for at in kept),
        rarity=rarity[kept],
        rarest=float(np.log(len(examples)) + 1),
        weights=weights[kept].astype(np.float16),
    )


def _likeness(found: Integers, values: Floats, rows: Integers, count: int) -> Floats:
    """How much each example has in common with each other one."""
    mixed = (found * 2_654_435_761) & 0xFFFFFFFF  # Knuth's multiplicative hash: spreads neighbouring ids
    signed = values * np.where((mixed >> 13) & 1, np.float32(1), np.float32(-1))
    places = (mixed >> 16) % _HASHED
    alike = np.zeros((count, count), dtype=np.float32)
    for first in range(0, _HASHED, _HASHED_AT_ONCE):
        here = np.flatnonzero((places >= first) & (places < first + _HASHED_AT_ONCE))
        cells = rows[here] * _HASHED_AT_ONCE + places[here] - first
        table = np.bincount(cells, signed[here], count * _HASHED_AT_ONCE).astype(np.float32)
        table = table.reshape(count, _HASHED_AT_ONCE)
        alike += table @ table.T
    np.fill_diagonal(alike, 1.0)
    return alike


def _solve(alike: Floats, examples: Sequence[Example], labels: tuple[str, ...]) -> Floats:
    places = {label: at for at, label in enumerate(labels)}
    own = np.array([places[example.label] for example in examples], dtype=np.int64)
    weights = np.array([example.weight for example in examples], dtype=np.float32)
    each = np.bincount(own, weights, len(labels))
    mean = each[each > 0].mean()
    weights = weights * (mean / each[own]) ** _EVENING_OUT
    wanted = np.zeros((len(examples), len(labels)), dtype=np.float32)
    wanted[np.arange(len(examples)), own] = 1.0
    solved: Floats = np.linalg.solve(alike + np.diag(_RIDGE / weights).astype(np.float32), wanted)
    return solved


def _damp(counts: Integers) -> Floats:
    """A gram that stands in a text ten times says little more than one that stands there once."""
    return (1 + np.log(counts)).astype(np.float32)
