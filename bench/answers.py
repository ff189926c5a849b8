"""`python -m bench.answers`: how well questions find their topic, beside three plain searches over the same content.

`--file` names JSON lines `{"lang", "text", "topic", "also", "style"}`: `topic` is null for what the desk does not
answer and `DANGER` for somebody in danger; `also` names topics that would be right too. Without a file a fifth of each
topic's own questions is held back and asked: harder, since no way of asking is in the bank twice.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.answers.content import Library, load
from bot.answers.learnt import INSTALLED, load_answers
from bot.answers.matcher import Match, Matcher
from bot.i18n import LANGUAGES
from bot.paths import FAQ

DANGER: Final = "DANGER"
# What the answers must reach, in percent.
GOALS: Final = {
    "first": 88, "three": 95, "least first": 80, "least three": 90, "latin first": 65, "others answered": 5,
    "danger found": 97, "false danger": 1, "answers right": 95,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what would be right."""

    language: str
    text: str
    style: str
    topic: str | None
    also: tuple[str, ...] = ()

    @property
    def right(self) -> tuple[str, ...]:
        """Every topic that would do."""
        return (*((self.topic,) if self.topic else ()), *self.also)


@dataclass(slots=True)
class Tally:
    """Counts of one group of questions."""

    asked: int = 0
    first: int = 0
    three: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, question: Asked, topics: Sequence[str], kind: str) -> None:
        """Count one answer."""
        self.asked += 1
        self.first += any(topic in question.right for topic in topics[:1])
        self.three += any(topic in question.right for topic in topics)
        self.kinds[kind] += 1


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--file", type=Path, help="questions as JSON lines")
    arguments.add_argument("--confusions", action="store_true", help="list every question that missed its topic")
    arguments.add_argument("--alone", action="store_true", help="without the three searches")
    given = arguments.parse_args()
    begun = time.perf_counter()
    if given.file:
        library, matcher = load_answers(FAQ, INSTALLED)
        questions = list(read(given.file))
    else:
        whole = load(FAQ)
        library, questions = split(whole)
        matcher = Matcher(library, FAQ / "_words")
    console = Console(width=150, highlight=False)
    console.print(f"ready in {time.perf_counter() - begun:.1f} s, {_rss_mb():.0f} MB")
    found = ask(matcher, questions)
    rows = {"ours": [match.topics for match in found]}
    if not given.alone:
        from bench import searches  # their libraries are the benchmark's alone

        for name, search in searches.all_of(library).items():
            rows[name] = [search(question.text) for question in questions]
    report(console, questions, found, rows)
    if given.confusions:
        confusions(console, questions, found)


def read(file: Path) -> Iterator[Asked]:
    """The questions of a file."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        also = tuple(row.get("also", ()))
        yield Asked(row["lang"], row["text"], row.get("style", ""), row["topic"], also)


def split(library: Library) -> tuple[Library, list[Asked]]:
    """The library without every fifth question of each topic, and those."""
    topics, held_back = {}, []
    for topic in library:
        kept = {}
        for language, lines in topic.questions.items():
            kept[language] = tuple(text for at, text in enumerate(lines) if at % 5)
            held_back += [Asked(language, text, "", topic.id) for text in lines[::5]]
        topics[topic.id] = replace(topic, questions=kept)
    return Library(topics), held_back


def ask(matcher: Matcher, questions: Iterable[Asked]) -> list[Match]:
    """Every match, after one that warms up."""
    matcher.match("hello there", None)
    return [matcher.match(question.text, None) for question in questions]


def micros(matcher: Matcher, questions: Sequence[Asked]) -> float:
    """CPU µs of a question, the median."""
    spent = []
    for question in questions:
        begun = time.process_time_ns()
        matcher.match(question.text + " ", None)  # not the same text: a language that was guessed is remembered
        spent.append(time.process_time_ns() - begun)
    return sorted(spent)[len(spent) // 2] / 1000


def report(
    console: Console, questions: list[Asked], found: list[Match], rows: dict[str, list[tuple[str, ...]]]
) -> None:
    """The tables by language and by style, then the goals."""
    ours = [at for at, question in enumerate(questions) if question.topic not in (None, DANGER)]
    for title, key in (("language", _language), ("style", _style)):
        table = Table(title, "asked", *[f"{name}: first / three" for name in rows])
        groups: dict[str, list[int]] = defaultdict(list)
        for at in ours:
            groups[key(questions[at])].append(at)
        for group, members in [*sorted(groups.items()), ("all", ours)]:
            cells = [_share_of(questions, topics, members) for topics in rows.values()]
            table.add_row(group, str(len(members)), *cells)
        console.print(table)
    goals(console, questions, found)


def goals(console: Console, questions: list[Asked], found: list[Match]) -> None:
    """Each goal beside what was found."""
    launch: dict[str, Tally] = defaultdict(Tally)
    whole, latin, others, danger, harmless = Tally(), Tally(), Tally(), Tally(), Tally()
    answered = right = 0
    for question, match in zip(questions, found, strict=True):
        (danger if question.topic == DANGER else harmless).add(question, match.topics, match.kind)
        if question.topic is None:
            others.add(question, match.topics, match.kind)
        elif question.topic != DANGER and question.language in LANGUAGES:
            for tally in (whole, launch[question.language], *((latin,) if question.style == "latin" else ())):
                tally.add(question, match.topics, match.kind)
        if match.kind == "answer":
            answered += 1
            right += match.topics[0] in question.right
    reached = {
        "first": _percent(whole.first, whole.asked),
        "three": _percent(whole.three, whole.asked),
        "least first": min((_percent(one.first, one.asked) for one in launch.values()), default=0.0),
        "least three": min((_percent(one.three, one.asked) for one in launch.values()), default=0.0),
        "latin first": _percent(latin.first, latin.asked),
        "others answered": _percent(others.kinds["answer"], others.asked),
        "danger found": _percent(danger.kinds["danger"], danger.asked),
        "false danger": _percent(harmless.kinds["danger"], harmless.asked),
        "answers right": _percent(right, answered),
    }
    table = Table("goal, percent", "wanted", "found", "of")
    sizes = {"latin first": latin.asked, "others answered": others.asked, "danger found": danger.asked,
             "false danger": harmless.asked, "answers right": answered}  # fmt: skip
    for name, goal in GOALS.items():
        sign = "≤" if name in {"others answered", "false danger"} else "≥"
        table.add_row(name, f"{sign} {goal}", f"{reached[name]:.1f}", str(sizes.get(name, whole.asked)))
    console.print(table)
    console.print("kinds, about topics: " + ", ".join(f"{kind} {n}" for kind, n in sorted(whole.kinds.items())))
    console.print(f"{micros(_matcher(), questions):.0f} µs CPU a question (median); {_rss_mb():.0f} MB")


def confusions(console: Console, questions: list[Asked], found: list[Match]) -> None:
    """What was taken for what, and each question that it happened to."""
    pairs: Counter[tuple[str, str]] = Counter()
    for question, match in zip(questions, found, strict=True):
        first = match.topics[0] if match.topics else "-"
        if question.topic in (None, DANGER):
            continue
        if first not in question.right:
            pairs[str(question.topic), first] += 1
            console.print(
                f"{question.language} {question.topic} → {first} ({match.kind}): {question.text}", markup=False
            )
    table = Table("topic", "taken for", "times")
    for (topic, first), times in pairs.most_common(40):
        table.add_row(topic, first, str(times))
    console.print(table)


def _matcher() -> Matcher:
    return load_answers(FAQ, INSTALLED)[1]


def _language(question: Asked) -> str:
    return question.language


def _style(question: Asked) -> str:
    return question.style or "own"


def _share_of(questions: list[Asked], topics: list[tuple[str, ...]], members: list[int]) -> str:
    tally = Tally()
    for at in members:
        tally.add(questions[at], topics[at], "")
    return f"{_percent(tally.first, tally.asked):.0f} / {_percent(tally.three, tally.asked):.0f}"


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


if __name__ == "__main__":
    main()
