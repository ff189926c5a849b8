"""The topics of the desk and their answers, read from the `faq/` folder."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import yaml

SOURCE_LANGUAGE = "sl"
FIELDS = frozenset({"slovene", "administrative", "people", "events", "culture", "work", "business"})
STATES = frozenset({"machine", "human", "checked"})
TRACKS = frozenset({"third_country", "eu", "protection", "any"})

_WRAPPED = re.compile(r"\[\[(.+?)\]\]")
_FRONT = "---"


class ContentError(Exception):
    """A file of the answers cannot be used; says which, where and why in plain words."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """One topic's text in one language, as it stands in its file."""

    topic: str
    language: str
    title: str
    body: str
    state: str
    made_from: str | None
    stale: bool
    file: Path = dataclasses.field(compare=False, repr=False)
    first_line: int = dataclasses.field(compare=False, repr=False)

    def shown(self, overdue: bool, instead: str) -> str:  # noqa: FBT001 - read aloud: shown overdue, instead …
        """The body for a person; overdue amounts, phones and hours are replaced by `instead`."""
        return _WRAPPED.sub(lambda found: instead if overdue else found.group(1), self.body)


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What the desk knows about one matter, in every language there is."""

    id: str
    field: str
    icon: str
    owner: str
    sources: tuple[str, ...]
    official_url: str
    decides: str
    checked_on: date
    review_by: date
    legal_notice: bool
    track: str
    related: tuple[str, ...]
    handover: bool  # nobody has checked facts about it: only a person can help
    answers: Mapping[str, Answer]
    questions: Mapping[str, tuple[str, ...]]
    file: Path = dataclasses.field(compare=False, repr=False)

    def answer(self, language: str, fallback: tuple[str, ...] = ("en", "sl")) -> Answer:
        """The answer in this language, else in the first fallback that exists, else in any."""
        for wanted in (language, *fallback):
            if wanted in self.answers:
                return self.answers[wanted]
        return next(iter(self.answers.values()))

    def overdue(self, today: date) -> bool:
        """Whether its amounts, phones and hours should have been looked at again by now."""
        return today > self.review_by


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """All topics by id, in the order of their ids."""

    topics: Mapping[str, Topic]

    def __getitem__(self, topic: str) -> Topic:
        return self.topics[topic]

    def __contains__(self, topic: object) -> bool:
        return topic in self.topics

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics.values())

    def __len__(self) -> int:
        return len(self.topics)


def load(folder: Path) -> Library:
    """Every topic folder below `folder`, except names that begin with `_` or `.`. Raises ContentError."""
    if not folder.is_dir():
        raise ContentError(folder, 0, "there is no such folder")
    places = sorted(place for place in folder.iterdir() if place.is_dir() and place.name[0] not in "_.")
    return Library({place.name: _load_topic(place) for place in places})


def body_hash(body: str) -> str:
    """The mark by which a translation remembers the Slovene text it was made from."""
    return hashlib.sha256(_normalised(body).encode()).hexdigest()[:12]


def read_lines(file: Path) -> tuple[tuple[int, str], ...]:
    """The lines of a word or question list with their numbers, without blanks and `#` comments."""
    lines = enumerate(_text_of(file).splitlines(), start=1)
    return tuple((number, line.strip()) for number, line in lines if line.strip() and line.strip()[0] != "#")


def _load_topic(place: Path) -> Topic:
    file = place / "topic.yaml"
    if not file.is_file():
        raise ContentError(file, 0, "the topic has no topic.yaml")
    facts = _Facts(file, _yaml_of(file, _text_of(file), 1))
    if facts.text("id") != place.name:
        raise ContentError(file, facts.line("id"), f"the id must be the folder's name, {place.name}")
    facts.refuse_unknown()
    return Topic(
        id=place.name,
        field=facts.one_of("field", FIELDS),
        icon=facts.text("icon"),
        owner=facts.text("owner"),
        sources=facts.texts("sources"),
        official_url=facts.text("official_url"),
        decides=facts.text("decides"),
        checked_on=facts.day("checked_on"),
        review_by=facts.day("review_by"),
        legal_notice=facts.yes_or_no("legal_notice"),
        track=facts.one_of("track", TRACKS),
        related=facts.texts("related"),
        handover="handover" in facts.values and facts.yes_or_no("handover"),
        answers=_load_answers(place),
        questions={
            file.name.split(".")[0]: tuple(line for _, line in read_lines(file))
            for file in sorted(place.glob("*.questions.txt"))
        },
        file=file,
    )


def _load_answers(place: Path) -> dict[str, Answer]:
    parts = {file.stem: (file, *_split(file)) for file in sorted(place.glob("*.md"))}
    if not parts:
        raise ContentError(place, 0, "the topic has no text in any language")
    source = body_hash(parts[SOURCE_LANGUAGE][3]) if SOURCE_LANGUAGE in parts else None
    answers = {}
    for language, (file, front, first_line, body) in parts.items():
        made_from = front.text("made_from") if "made_from" in front.values else None
        answers[language] = Answer(
            topic=place.name,
            language=language,
            title=front.text("title"),
            body=body,
            state=front.one_of("state", STATES),
            made_from=made_from,
            stale=language != SOURCE_LANGUAGE and source is not None and made_from != source,
            file=file,
            first_line=first_line,
        )
    return answers


def _split(file: Path) -> tuple["_Facts", int, str]:
    """Front matter, line number of the body's first line, body."""
    lines = _text_of(file).splitlines()
    if not lines or lines[0].strip() != _FRONT:
        raise ContentError(file, 1, "the file must begin with a line of three dashes")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == _FRONT), None)
    if end is None:
        raise ContentError(file, len(lines), "the front matter has no closing line of three dashes")
    body = _normalised("\n".join(lines[end + 1 :]))
    if not body:
        raise ContentError(file, end + 1, "there is no text below the front matter")
    blank = next(number for number, line in enumerate(lines[end + 1 :]) if line.strip())
    return _Facts(file, _yaml_of(file, "\n".join(lines[1:end]), 2)), end + 2 + blank, body


def _normalised(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        raise ContentError(file, 0, f"the file is not UTF-8 at byte {broken.start}") from None


def _yaml_of(file: Path, text: str, first_line: int) -> dict[str, tuple[object, int]]:
    """Every name with its value and its line."""
    # The base loader leaves all scalars text: a hash that is all digits must not become a number.
    loader = yaml.BaseLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContentError(file, first_line, "lines of the form `name: value` are expected")
        return {
            str(loader.construct_object(name)): (
                loader.construct_object(value, deep=True),
                name.start_mark.line + first_line,
            )
            for name, value in node.value
        }
    except yaml.MarkedYAMLError as broken:
        line = (broken.problem_mark.line if broken.problem_mark else 0) + first_line
        raise ContentError(file, line, f"this is not YAML: {broken.problem}") from None
    except yaml.YAMLError as broken:
        raise ContentError(file, first_line, f"this is not YAML: {broken}") from None


@dataclasses.dataclass(frozen=True, slots=True)
class _Facts:
    """Front matter read strictly: each reading names the file and line that is wrong."""

    file: Path
    values: Mapping[str, tuple[object, int]]

    def line(self, name: str) -> int:
        return self.values[name][1] if name in self.values else 1

    def text(self, name: str) -> str:
        value = self._value(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a word or a sentence")
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._value(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name, "a list of words")
        return tuple(value)

    def one_of(self, name: str, allowed: frozenset[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise self._wrong(name, f"one of {', '.join(sorted(allowed))}")
        return value

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise self._wrong(name, "a date like 2026-11-21") from None

    def yes_or_no(self, name: str) -> bool:
        return self.one_of(name, frozenset({"true", "false"})) == "true"

    def refuse_unknown(self) -> None:
        for name in sorted(self.values.keys() - Topic.__dataclass_fields__.keys()):
            raise ContentError(self.file, self.line(name), f"`{name}` is no known name")

    def _value(self, name: str) -> object:
        if name not in self.values:
            raise ContentError(self.file, 1, f"`{name}` is missing")
        return self.values[name][0]

    def _wrong(self, name: str, expected: str) -> ContentError:
        return ContentError(self.file, self.line(name), f"`{name}` must be {expected}")
