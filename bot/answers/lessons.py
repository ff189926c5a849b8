"""Messages that the desk itself assigned to a topic: the next message like one of them goes there, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.answers.grams import grams_of

# So much alike (cosine of grams) two messages ask the same; below it other words of the message may mean more.
_ALIKE: Final = 0.55


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message and the label that somebody of the desk gave it."""

    text: str
    label: str


class Lessons:
    """All lessons, compared with a text at one go."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._labels = tuple(lesson.label for lesson in lessons)
        vectors = [_vector_of(lesson.text) for lesson in lessons]
        self._numbers = np.concatenate([numbers for numbers, _ in vectors] or [np.zeros(0, dtype=np.uint32)])
        self._values = np.concatenate([values for _, values in vectors] or [np.zeros(0, dtype=np.float32)])
        self._owners = np.repeat(np.arange(len(lessons)), [len(numbers) for numbers, _ in vectors])

    def nearest(self, text: str) -> tuple[str, float] | None:
        """The label of the likest lesson and how much alike it is, from 0.55 to 1; None when none is near."""
        if not self._labels:
            return None
        numbers, values = _vector_of(text)
        if not len(numbers):
            return None
        places = np.minimum(np.searchsorted(numbers, self._numbers), len(numbers) - 1)
        shared = np.where(numbers[places] == self._numbers, values[places], np.float32(0))
        alike = np.bincount(self._owners, shared * self._values, len(self._labels))
        best = int(alike.argmax())
        return (self._labels[best], min(float(alike[best]), 1.0)) if alike[best] >= _ALIKE else None


def _vector_of(text: str) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """The numbers of the text's grams in ascending order and their values, of length 1."""
    counted = grams_of(text)
    numbers = np.array(sorted(counted), dtype=np.uint32)
    values = np.array([1 + np.log(counted[int(number)]) for number in numbers], dtype=np.float32)
    return numbers, values / np.float32(max(float(np.sqrt((values**2).sum())), 1e-9))
