"""What the matcher learns from: how people ask for each topic, what is none, what is danger and what only sounds so.

Beside the topics stand lists of one message a line in `faq/_words`: `elsewhere/<lang>.txt` (`kind: message`),
`emergencies/<lang>.txt` and `harmless/<lang>.txt`; the lists of danger words and of small talk teach too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.answers.content import ContentError, Library, read_lines
from bot.answers.scoring import Example

# What is no topic of the desk has labels of its own, which no topic can have.
ELSEWHERE: Final = "~"
_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟।۔])\s+|\n+")
_MIN_SENTENCE_WORDS: Final = 3
_WORD_WEIGHT: Final = 0.1  # a list of words has every form of each; messages say more (fitted on messages held back)
_BODY_WEIGHT: Final = 0.1  # an answer's sentences hold its words, but nobody asks in them


def examples_of(library: Library, words: Path) -> Iterator[Example]:
    """Everything that there is to learn, in an order that is always the same. Raises ContentError."""
    yield from _topics(library)
    yield from _elsewhere(words / "elsewhere")
    for kind, danger, weight in (("emergencies", True, 1.0), ("harmless", False, 1.0), ("danger", True, _WORD_WEIGHT)):
        for file in sorted((words / kind).glob("*.txt")):
            for _number, line in read_lines(file):
                yield Example(line.rstrip("*!"), None, file.stem, weight, danger=danger)
    for file in sorted((words / "smalltalk").glob("*.txt")):
        yield from (Example(line, None, file.stem) for _number, line in read_lines(file))


def _topics(library: Library) -> Iterator[Example]:
    for topic in library:
        for language, questions in sorted(topic.questions.items()):
            yield from (Example(question, topic.id, language) for question in questions)
        for language, answer in sorted(topic.answers.items()):
            yield Example(answer.title, topic.id, language)
            for sentence in _SENTENCE_END.split(answer.shown(overdue=False, instead="")):
                if len(sentence.split()) >= _MIN_SENTENCE_WORDS:
                    yield Example(sentence, topic.id, language, _BODY_WEIGHT, danger=None)


def _elsewhere(folder: Path) -> Iterator[Example]:
    for file in sorted(folder.glob("*.txt")):
        for number, line in read_lines(file):
            kind, colon, message = line.partition(":")
            if not colon or not message.strip():
                raise ContentError(file, number, "a line of the form `kind: message` is expected")
            yield Example(message.strip(), ELSEWHERE + kind.strip(), file.stem)
