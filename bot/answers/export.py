"""The answers written back as files of the `faq/` folder, the desk's own changes included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from bot.answers.bank import ELSEWHERE
from bot.answers.content import Answer, Library, Topic
from bot.domain.edits import Edits

_DAY: Final = r"^({name}:).*$"


def export(folder: Path, shipped: Library, edited: Library, edits: Edits) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder by its path below it: as shipped, or as edited."""
    changed = dict(_changed(folder, shipped, edited, edits))
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path not in changed:
            yield path, file.read_bytes()
    for path, text in sorted(changed.items()):
        yield path, text.encode()


def _changed(folder: Path, shipped: Library, edited: Library, edits: Edits) -> Iterator[tuple[str, str]]:
    for topic in edited:
        before = shipped[topic.id]
        if (topic.checked_on, topic.review_by) != (before.checked_on, before.review_by):
            yield f"{topic.id}/topic.yaml", _facts(topic)
        for language, answer in topic.answers.items():
            if answer != before.answers.get(language) and _written(answer) != _written(before.answers.get(language)):
                yield f"{topic.id}/{language}.md", _written(answer)
        for language, questions in topic.questions.items():
            if questions != before.questions.get(language):
                file = folder / topic.id / f"{language}.questions.txt"
                yield f"{topic.id}/{language}.questions.txt", _listed(_lines_of(file), questions)
    yield from _elsewhere(folder / "_words" / "elsewhere", edits)


def _written(answer: Answer | None) -> str:
    """A text as its file."""
    if answer is None:
        return ""
    made_from = [f"made_from: {answer.made_from}"] if answer.made_from else []
    front = [f"title: {_plain_or_quoted(answer.title)}", f"state: {answer.state}", *made_from]
    return "\n".join(["---", *front, "---", answer.body, ""])


def _plain_or_quoted(title: str) -> str:
    try:
        if yaml.load(f"title: {title}", yaml.BaseLoader) == {"title": title}:  # noqa: S506 - makes texts only
            return title
    except yaml.YAMLError:
        pass
    return json.dumps(title, ensure_ascii=False)


def _facts(topic: Topic) -> str:
    text = topic.file.read_text(encoding="utf-8-sig")
    for name, day in (("checked_on", topic.checked_on), ("review_by", topic.review_by)):
        text = re.sub(_DAY.format(name=name), rf"\g<1> {day.isoformat()}", text, flags=re.MULTILINE)
    return text


def _listed(lines: list[str], questions: tuple[str, ...]) -> str:
    """The file's own lines and comments without what was removed, then what was added."""
    left = dict.fromkeys(questions)
    stay = [line for line in lines if not line.strip() or line.strip()[0] == "#" or line.strip() in left]
    there = {line.strip() for line in stay}
    return "\n".join([*stay, *(question for question in left if question not in there), ""])


def _elsewhere(folder: Path, edits: Edits) -> Iterator[tuple[str, str]]:
    added: dict[str, list[str]] = {}
    for edit in sorted(edits.questions, key=lambda one: one.id):
        if edit.added and edit.topic.startswith(ELSEWHERE):
            added.setdefault(edit.language, []).append(f"{edit.topic.removeprefix(ELSEWHERE)}: {edit.text}")
    for language, lines in sorted(added.items()):
        before = _lines_of(folder / f"{language}.txt")
        fresh = [line for line in lines if line not in before]
        yield f"_words/elsewhere/{language}.txt", "\n".join([*before, *fresh, ""])


def _lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8-sig").splitlines() if file.is_file() else []
