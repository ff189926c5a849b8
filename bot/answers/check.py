"""What is wrong with the texts of the `faq/` folder, in sentences for the person who keeps them."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.answers.content import SOURCE_LANGUAGE, Answer, Library, Topic, load
from bot.answers.folding import fold
from bot.answers.phrases import Phrases, tokens_of
from bot.answers.verified import AMOUNTS, FORBIDDEN, PHONES
from bot.i18n import LANGUAGES

MIN_WORDS, MAX_WORDS = 40, 140
MIN_HANDOVER_WORDS = 15
MAX_SENTENCE_WORDS = 28
MIN_QUESTIONS = 15
MIN_HANDOVER_QUESTIONS = 8
MAX_TITLE_CHARS = 60

_WRAPPED = re.compile(r"\[\[(.*?)\]\]")
_MONEY = r"(?:€|EUR\b|eur[aoe]?s?\b|евро|يورو)"
_DIGITS = r"(\d+(?:[ .,\u00a0]\d+)*)"
_AMOUNT = re.compile(rf"{_MONEY}\s*{_DIGITS}|{_DIGITS}\s*{_MONEY}", re.IGNORECASE)
# Seven digits or more in groups, with or without a country code, or a short line beginning with 11.
_PHONE = re.compile(r"(?<![\w.,])\+?\d[\d\u00a0 /-]{5,}\d(?!\w)|(?<![\w.,])11\d(?: \d{3})?(?![\w.,]\d)")
# The two numbers that never go out of date: they must not be hidden in an overdue text.
_EMERGENCY = frozenset({"112", "113"})
_HOURS = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}\s*[-–—]\s*\d{1,2}[:.]\d{2}(?!\d)")
_SENTENCE_END = re.compile(r"(?<=[.!?؟।۔])\s+|\n+")
_MARKUP = re.compile(r"\*\*|__|^#{1,6} |^\s*\||<[a-zA-Z/][^>]*>|\]\(|^\s*[*+] ", re.MULTILINE)
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_TOPIC_LINK = re.compile(r"(?<![\w@./])[a-z]{2,}\.[a-z][a-z-]{2,}(?![\w/])")


NO_PHRASES = Phrases(())


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend, at its place."""

    file: Path
    line: int
    code: str
    sentence: str


def check_folder(folder: Path) -> list[Finding]:
    """All findings of a `faq/` folder as of today. Raises ContentError."""
    return check(load(folder), jargon=Phrases.load(folder / "_words" / "jargon"))


def check(
    library: Library, today: date | None = None, languages: Collection[str] = LANGUAGES, jargon: Phrases = NO_PHRASES
) -> list[Finding]:
    """All findings, in the order of files and lines. Without `today` the real day counts.

    `jargon`: words of officials that no answer may use, see `faq/_words/jargon`.
    """
    day = today or date.today()  # noqa: DTZ011 - review days are local calendar days
    found = {finding for topic in library for finding in _check_topic(topic, library, day, languages)}
    found |= {finding for topic in library for answer in topic.answers.values() for finding in _jargon(answer, jargon)}
    return sorted(found | set(_shared_questions(library)))


def _check_topic(topic: Topic, library: Library, today: date, languages: Collection[str]) -> Iterator[Finding]:
    place = topic.file.parent
    if topic.overdue(today):
        sentence = f"It was to be looked at again by {topic.review_by.isoformat()}."
        yield Finding(topic.file, 1, "overdue", sentence)
    if topic.review_by <= topic.checked_on or topic.checked_on > today:
        sentence = "checked_on must not be in the future, and review_by must come after it."
        yield Finding(topic.file, 1, "dates", sentence)
    for other in topic.related:
        if other not in library or other == topic.id:
            yield Finding(topic.file, 1, "dead-link", f"The related topic {other} does not exist.")
    if not re.fullmatch(r"https://[a-z0-9.-]+/(?:drzavni-organi/upravne-enote/)?", topic.official_url):
        yield Finding(topic.file, 1, "url", "The official address must be the root page of an https site.")
    for language in languages:
        if language not in topic.answers:
            yield Finding(place / f"{language}.md", 0, "missing", f"There is no text in {language}.")
        count = len(topic.questions.get(language, ()))
        least = MIN_HANDOVER_QUESTIONS if topic.handover else MIN_QUESTIONS
        if count < least:
            sentence = f"There are {count} questions in {language}; at least {least} are needed."
            yield Finding(place / f"{language}.questions.txt", 0, "questions", sentence)
    for answer in topic.answers.values():
        for look in _LOOKS:
            yield from look(answer)
        yield from _length(answer, MIN_HANDOVER_WORDS if topic.handover else MIN_WORDS)
        yield from _dead_mentions(answer, library)


def _shared_questions(library: Library) -> Iterator[Finding]:
    """A question that two topics claim can only be answered wrongly by one of them."""
    claims: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for topic in library:
        for language, questions in topic.questions.items():
            for question in questions:
                claims[fold(question)].add((topic.id, language))
    for question, claimed in claims.items():
        ids = sorted({owner for owner, _ in claimed})
        if len(ids) > 1:
            for owner, language in claimed:
                file = library[owner].file.parent / f"{language}.questions.txt"
                others = ", ".join(other for other in ids if other != owner)
                yield Finding(file, 0, "shared", f"«{question}» is also a question of {others}.")


def _stale(answer: Answer) -> Iterator[Finding]:
    if answer.language != SOURCE_LANGUAGE and answer.made_from is None:
        yield _at(answer, 0, "stale", "It does not say which Slovene text it was made from.")
    elif answer.stale:
        yield _at(answer, 0, "stale", "The Slovene text has changed since this translation was made.")


def _length(answer: Answer, least: int) -> Iterator[Finding]:
    words = len(_words(answer.body))
    if not least <= words <= MAX_WORDS:
        yield _at(answer, 0, "length", f"It has {words} words; {least} to {MAX_WORDS} are wanted.")
    if len(answer.title) > MAX_TITLE_CHARS:
        yield _at(answer, 0, "title", f"The title has more than {MAX_TITLE_CHARS} characters.")


def _sentences(answer: Answer) -> Iterator[Finding]:
    for number, line in _lines(answer):
        for sentence in _SENTENCE_END.split(line):
            words = len(_words(sentence))
            if words > MAX_SENTENCE_WORDS:
                short = " ".join(sentence.split()[:6])
                yield _at(answer, number, "long-sentence", f"«{short} …» has {words} words.")


def _unwrapped(answer: Answer) -> Iterator[Finding]:
    for number, line in _lines(answer):
        bare = _WRAPPED.sub(" ", line)
        for pattern, what in ((_AMOUNT, "amount"), (_PHONE, "phone number"), (_HOURS, "opening hour")):
            for match in pattern.finditer(bare):
                if match.group() not in _EMERGENCY:
                    sentence = f"The {what} «{match.group().strip()}» must stand in [[ ]]."
                    yield _at(answer, number, "unwrapped", sentence)
        for text in _WRAPPED.findall(line):
            if text in _EMERGENCY:
                yield _at(answer, number, "hidden", f"{text} must show in an overdue text too: no [[ ]].")
        if line.count("[[") != line.count("]]") or any(not text.strip() for text in _WRAPPED.findall(line)):
            yield _at(answer, number, "unwrapped", "A [[ ]] is not closed or is empty.")


def _unverified(answer: Answer) -> Iterator[Finding]:
    for number, line in _lines(answer):
        for match in _PHONE.finditer(line):
            if re.sub(r"[^\d+]", "", match.group()) not in PHONES:
                sentence = f"The number «{match.group()}» is not among the verified ones."
                yield _at(answer, number, "unverified", sentence)
        for match in _AMOUNT.finditer(line):
            known = {_plain(amount) for amount in AMOUNTS.get(answer.topic, ())}
            if _plain(match.group(1) or match.group(2)) not in known:
                sentence = f"The amount «{match.group()}» is not among the verified ones."
                yield _at(answer, number, "unverified", sentence)


def _forbidden(answer: Answer) -> Iterator[Finding]:
    for number, line in _lines(answer):
        for topic, pattern, why in FORBIDDEN:
            if topic in ("", answer.topic) and (match := pattern.search(line)):
                yield _at(answer, number, "forbidden", f"«{match.group()}»: {why}.")


def _markup(answer: Answer) -> Iterator[Finding]:
    for number, line in _lines(answer):
        if _MARKUP.search(line):
            yield _at(answer, number, "markup", "Only paragraphs, «- » bullets and «1. » steps are allowed.")
        if _LINK.search(line):
            yield _at(answer, number, "link", "The official link is added by the program; leave it out.")


def _jargon(answer: Answer, jargon: Phrases) -> Iterator[Finding]:
    for number, line in _lines(answer):
        tokens = tokens_of(line)
        for start in range(len(tokens)):
            if length := jargon.longest_at(tokens, start):
                words = " ".join(tokens[start : start + length])
                yield _at(answer, number, "jargon", f"«{words}» is a word of officials; say it in words of every day.")


def _dead_mentions(answer: Answer, library: Library) -> Iterator[Finding]:
    for number, line in _lines(answer):
        for mention in _TOPIC_LINK.findall(line):
            if mention not in library and mention.split(".")[0] in _fields_of(library):
                yield _at(answer, number, "dead-link", f"The topic {mention} does not exist.")


_LOOKS: tuple[Callable[[Answer], Iterator[Finding]], ...] = (
    _stale, _sentences, _unwrapped, _unverified, _forbidden, _markup,
)  # fmt: skip


def _at(answer: Answer, line: int, code: str, sentence: str) -> Finding:
    return Finding(answer.file, line or answer.first_line, code, sentence)


def _fields_of(library: Library) -> set[str]:
    """What stands before the dot of a topic's id."""
    return {topic.id.split(".")[0] for topic in library}


def _lines(answer: Answer) -> Iterator[tuple[int, str]]:
    return enumerate(answer.body.splitlines(), start=answer.first_line)


def _words(text: str) -> list[str]:
    marks = re.compile(r"^\s*(?:-|\d+\.) ", re.MULTILINE)
    return [word for word in marks.sub("", text).split() if any(sign.isalnum() for sign in word)]


def _plain(amount: str) -> str:
    """The digits of an amount: 1500 for "1 500,00" and "1.500", 39.36 for "39,36"."""
    bare = re.sub(r"[ \u00a0]", "", amount)
    bare = re.sub(r"[.,](?=\d{3}(?!\d))", "", bare).replace(",", ".")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare
