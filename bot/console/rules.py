"""What the rules of the answers say about a text that somebody is writing, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.answers.check import MAX_TITLE_CHARS, Finding, check
from bot.answers.content import Answer, Library, Topic
from bot.answers.phrases import Phrases
from bot.i18n import Text, Verbatim, _
from bot.paths import FAQ

_QUOTED: Final = re.compile("«(.*)»")
_NUMBER: Final = re.compile(r"\d+")
_MENTIONED: Final = re.compile(r"The topic (\S+) does not exist")
# Whoever saves one of these has to say that they asked the office.
_TO_BE_ASKED: Final = frozenset({"unverified", "forbidden"})

_SENTENCES: Final[Mapping[str, Callable[[Text | str], Text]]] = {
    "unverified": lambda what: _("This number or amount is not among the checked ones: {words}", words=what),
    "forbidden": lambda what: _("We know that this is wrong, out of date or not confirmed: {words}", words=what),
    "unwrapped": lambda what: _(
        "Amounts, telephone numbers and hours stand in double brackets, so that they can be hidden when they are out "
        "of date: {words}", words=what,
    ),
    "hidden": lambda what: _("This must always be shown, so no double brackets around it: {words}", words=what),
    "long-sentence": lambda what: _("A long sentence; two short ones are easier to read: {words}", words=what),
    "jargon": lambda what: _("A word of officials; everyday words are easier: {words}", words=what),
    "title": lambda _what: _("The title is long. At most {n} characters fit on a button.", n=MAX_TITLE_CHARS),
    "markup": lambda _what: _("Only paragraphs, lines that begin with “- ”, and numbered steps (“1. ”) can be shown."),
    "link": lambda _what: _("Leave links out. The official page is added below the text."),
    "dead-link": lambda what: _("This topic does not exist: {words}", words=what),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a text. `asks`: it can be saved only by somebody who has asked the office."""

    sentence: Text
    asks: bool
    code: str


def remarks(topic: Topic, answer: Answer, library: Library) -> list[Remark]:
    """What there is to say about one text of a topic, what has to be asked first."""
    alone = Library({topic.id: topic})
    found = [
        remark
        for finding in check(alone, topic.checked_on, (), jargon=_jargon())
        if finding.file == answer.file and (remark := _remark(finding, library)) is not None
    ]
    return sorted(dict.fromkeys(found), key=lambda one: not one.asks)


def _remark(finding: Finding, library: Library) -> Remark | None:
    if finding.code == "length":
        words, least, most = _NUMBER.findall(finding.sentence)[:3]
        values = {"words": words, "least": least, "most": most}
        said = _("The text has {words} words. Between {least} and {most} read well.", **values)
        return Remark(said, asks=False, code=finding.code)
    if finding.code not in _SENTENCES:
        return None
    quoted = _QUOTED.search(finding.sentence) or _MENTIONED.search(finding.sentence)
    words = quoted.group(1) if quoted else ""
    if finding.code == "dead-link" and words in library:
        return None
    return Remark(_SENTENCES[finding.code](Verbatim(words)), finding.code in _TO_BE_ASKED, finding.code)


@cache
def _jargon() -> Phrases:
    return Phrases.load(FAQ / "_words" / "jargon")
