"""The shipped answers with what the desk changed in the console."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from bot.answers.bank import ELSEWHERE
from bot.answers.content import SOURCE_LANGUAGE, Answer, Library, Topic, body_hash
from bot.answers.lessons import Lesson
from bot.domain.edits import Edits, QuestionEdit, TextEdit

_FIRST_LINE = 5  # of a body below its front matter of title and state


def with_edits(library: Library, edits: Edits) -> Library:
    """The library as the desk wants it. Staleness is found out anew; unknown topics are left out."""
    texts: dict[str, dict[str, TextEdit]] = defaultdict(dict)
    for text in edits.texts:
        if text.body is not None:
            texts[text.topic][text.language] = text
    questions: dict[str, list[QuestionEdit]] = defaultdict(list)
    for question in sorted(edits.questions, key=lambda one: one.id):
        questions[question.topic].append(question)
    return Library({
        topic.id: _edited(topic, texts[topic.id], questions[topic.id])
        if topic.id in texts or topic.id in questions
        else topic
        for topic in library
    })  # fmt: skip


def lessons_of(library: Library, edits: Edits) -> list[Lesson]:
    """The questions that were added since the matcher learnt, for its `taught`."""
    return [
        Lesson(one.text, one.topic)
        for one in sorted(edits.questions, key=lambda one: one.id)
        if one.added and (one.topic in library or one.topic.startswith(ELSEWHERE))
    ]


def dropped_of(library: Library, edits: Edits) -> list[Lesson]:
    """The shipped questions that were taken off their topic."""
    return [Lesson(one.text, one.topic) for one in edits.questions if not one.added and one.topic in library]


def _edited(topic: Topic, texts: Mapping[str, TextEdit], questions: Sequence[QuestionEdit]) -> Topic:
    answers = {**topic.answers, **{language: _answer(topic, text) for language, text in texts.items()}}
    source = body_hash(answers[SOURCE_LANGUAGE].body) if SOURCE_LANGUAGE in answers else None
    checked_on, review_by = _checked(topic, texts.get(SOURCE_LANGUAGE))
    return dataclasses.replace(
        topic,
        answers={
            language: dataclasses.replace(
                one, stale=language != SOURCE_LANGUAGE and source is not None and one.made_from != source
            )
            for language, one in sorted(answers.items())
        },
        questions=_asked(topic.questions, questions),
        checked_on=checked_on,
        review_by=review_by,
    )


def _answer(topic: Topic, text: TextEdit) -> Answer:
    return Answer(
        topic=topic.id, language=text.language, title=text.title, body=text.body or "", state=text.state,
        made_from=text.made_from, stale=False, file=topic.file.parent / f"{text.language}.md", first_line=_FIRST_LINE,
    )  # fmt: skip


def _checked(topic: Topic, source: TextEdit | None) -> tuple[date, date]:
    """When the facts were last checked, and when they are due again: after as long as the file gives them."""
    if source is None or source.verified_on is None or source.verified_on <= topic.checked_on:
        return topic.checked_on, topic.review_by
    return source.verified_on, source.verified_on + (topic.review_by - topic.checked_on)


def _asked(shipped: Mapping[str, tuple[str, ...]], edits: Sequence[QuestionEdit]) -> dict[str, tuple[str, ...]]:
    asked = dict(shipped)
    for edit in edits:
        others = tuple(question for question in asked.get(edit.language, ()) if question != edit.text)
        asked[edit.language] = (*others, edit.text) if edit.added else others
    return {language: asked[language] for language in sorted(asked) if asked[language] or language in shipped}
