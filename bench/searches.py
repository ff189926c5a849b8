"""Three plain searches over the desk's own content, for comparison: rapidfuzz, bm25s, SQLite FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import bm25s  # type: ignore[import-untyped]
from rapidfuzz import fuzz, process

from bot.answers.content import Library
from bot.answers.phrases import tokens_of

Search = Callable[[str], tuple[str, ...]]
SHOWN = 3
_LOOKED_AT = 30


def all_of(library: Library) -> dict[str, Search]:
    """Each search by its name; every one sees the same folded texts."""
    entries = list(_entries(library))
    texts, topics = [text for text, _ in entries], [topic for _, topic in entries]
    return {
        "rapidfuzz": _rapidfuzz(texts, topics),
        "bm25s": _bm25s(texts, topics),
        "SQLite FTS5": _fts5(texts, topics),
    }


def _entries(library: Library) -> Iterator[tuple[str, str]]:
    for topic in library:
        for questions in topic.questions.values():
            yield from ((" ".join(tokens_of(question)), topic.id) for question in questions)
        for answer in topic.answers.values():
            yield " ".join(tokens_of(f"{answer.title} {answer.body}")), topic.id


def _rapidfuzz(texts: list[str], topics: list[str]) -> Search:
    def search(text: str) -> tuple[str, ...]:
        words = " ".join(tokens_of(text))
        found = process.extract(words, texts, scorer=fuzz.token_set_ratio, limit=_LOOKED_AT)
        return _first_three(topics[at] for _text, _score, at in found)

    return search


def _bm25s(texts: list[str], topics: list[str]) -> Search:
    index = bm25s.BM25()
    index.index([text.split() for text in texts], show_progress=False)

    def search(text: str) -> tuple[str, ...]:
        words = tokens_of(text)
        if not words:
            return ()
        found, _scores = index.retrieve([words], k=_LOOKED_AT, show_progress=False)
        return _first_three(topics[at] for at in found[0].tolist())

    return search


def _fts5(texts: list[str], topics: list[str]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE asked USING fts5(text, topic UNINDEXED, tokenize='trigram')")
    database.executemany("INSERT INTO asked VALUES (?, ?)", zip(texts, topics, strict=True))

    def search(text: str) -> tuple[str, ...]:
        words = [word for word in tokens_of(text) if len(word) > 2]
        if not words:
            return ()
        wanted = " OR ".join('"' + word.replace('"', "") + '"' for word in words)
        rows = database.execute(
            "SELECT topic FROM asked WHERE asked MATCH ? ORDER BY rank LIMIT ?", (wanted, _LOOKED_AT)
        )
        return _first_three(topic for (topic,) in rows)

    return search


def _first_three(topics: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topics))[:SHOWN]
