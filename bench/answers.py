"""`python -m bench.answers`: how well questions find their topic, on questions that the matcher has not learnt.

Without a file, a fifth of each topic's own questions is held back in turn. With `--file`, JSON lines
`{"lang", "text", "topic"}` are asked of the matcher as it ships; `topic` is null for what the desk does not answer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.answers.content import Library, load
from bot.answers.danger import Danger
from bot.answers.learnt import load_answers
from bot.answers.matcher import Matcher
from bot.answers.smalltalk import Smalltalk
from bot.paths import FAQ

FOLDS = 5
Asked = tuple[str, str, str | None]  # language, text, topic


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--file", type=Path, help="questions as JSON lines")
    arguments.add_argument("--folds", type=int, default=1, help=f"how many of {FOLDS} parts to hold back in turn")
    given = arguments.parse_args()
    tally: Counter[str] = Counter()
    begun = time.perf_counter()
    if given.file:
        library, matcher = load_answers(FAQ)
        count(tally, matcher, library, read(given.file))
    else:
        library = load(FAQ)
        danger, smalltalk = Danger.load(FAQ / "_words" / "danger"), Smalltalk.load(FAQ / "_words" / "smalltalk")
        for fold in range(min(given.folds, FOLDS)):
            learnt, held_back = split(library, fold)
            count(tally, Matcher(learnt, danger, smalltalk), library, held_back)
    report(tally, time.perf_counter() - begun)


def read(file: Path) -> Iterator[Asked]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["lang"], row["text"], row["topic"]


def split(library: Library, fold: int) -> tuple[Library, list[Asked]]:
    topics, held_back = {}, []
    for topic in library:
        questions = {}
        for language, asked in topic.questions.items():
            questions[language] = tuple(text for at, text in enumerate(asked) if at % FOLDS != fold)
            held_back += [(language, text, topic.id) for at, text in enumerate(asked) if at % FOLDS == fold]
        topics[topic.id] = replace(topic, questions=questions)
    return Library(topics), held_back


def count(tally: Counter[str], matcher: Matcher, library: Library, questions: Iterable[Asked]) -> None:
    for language, text, topic in questions:
        begun = time.perf_counter()
        match = matcher.match(text, None)
        tally["µs"] += round((time.perf_counter() - begun) * 1e6)
        tally["asked"] += 1
        ours = topic in library
        group = "ours" if ours else "others"
        tally[group] += 1
        tally[f"{group} {match.kind}"] += 1
        tally["first is right"] += ours and match.topics[:1] == (topic,)
        tally["among three"] += ours and topic in match.topics
        tally["wrong and sure"] += match.kind == "answer" and match.topics[:1] != (topic,)
        tally[f"asked in {language}"] += 1


def report(tally: Counter[str], seconds: float) -> None:
    ours = max(tally["ours"], 1)
    print(f"{tally['asked']} questions, {tally['ours']} of them about topics of the desk; {seconds:.0f} s")
    print(f"first is right {tally['first is right'] / ours:.1%}, among three {tally['among three'] / ours:.1%}")
    for group in ("ours", "others"):
        kinds = ", ".join(f"{name.split()[1]} {number}" for name, number in sorted(tally.items())
                          if name.startswith(f"{group} "))  # fmt: skip
        print(f"{group}: {kinds or 'none'}")
    print(f"wrong and sure: {tally['wrong and sure']} of {tally['asked']}")
    print(f"{tally['µs'] / max(tally['asked'], 1):.0f} µs a question")


if __name__ == "__main__":
    main()
