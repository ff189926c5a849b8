"""The letter to the labour inspectorate about unpaid wages: what was answered, line by line, in any language.

What it has to hold stands in the domain facts, work.inspectorate and work.rights. The same lines in Slovene are the
letter, and in the person's language they say what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.i18n import Catalogs, Text, Verbatim, _p, language_name, month_name

LETTER_LANGUAGE: Final = "sl"
# V-old: to be shown with "check with the office".
INSPECTORATE_MAIL: Final = "gp.irsd@gov.si"
UNIT_MAIL: Final = "kp-po-ng.irsd@gov.si"

# Ids are stored in unfinished conversations.
EVIDENCE: Final[Mapping[str, Text]] = {
    "contract": _p("letter", "employment contract"),
    "slips": _p("letter", "pay slips"),
    "bank": _p("letter", "bank statements"),
    "hours": _p("letter", "my own list of working hours"),
    "messages": _p("letter", "messages from the employer"),
    "people": _p("letter", "people who worked with me and can confirm it"),
    "pictures": _p("letter", "photographs"),
}
_SIGN_HERE: Final = Verbatim("_" * 30)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person has answered. `months`: the first day of each; empty words where nothing was said."""

    today: date
    employer: str
    months: Sequence[date]
    address: str = ""
    workplace: str = ""
    began: date | None = None
    ended: date | None = None
    earlier: bool = False
    missing: int | None = None
    evidence: Sequence[str] = ()
    words: str = ""
    words_language: str = LETTER_LANGUAGE
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the letter, and its look on paper (`bot/paper/pdf.py`)."""

    look: str
    text: Text


def lines(report: Report, language: str) -> list[Line]:
    """The letter as it reads in `language`."""
    *facts, last = _facts(report, language)
    return [*_head(report), *facts, replace(last, look="gap"), *_words(report, language), *_foot(report)]


def paper(report: Report, catalogs: Catalogs) -> dict[str, Any]:
    """What the PDF is made from: the letter in Slovene."""
    said = [[line.look, catalogs.say(line.text, LETTER_LANGUAGE)] for line in lines(report, LETTER_LANGUAGE)]
    title = catalogs.say(_TITLE, LETTER_LANGUAGE)
    return {"language": LETTER_LANGUAGE, "title": title, "paragraphs": said}


_TITLE: Final = _p("letter", "Report: wages not paid")


def _head(report: Report) -> Iterator[Line]:
    yield Line("line", _p("letter", "Labour Inspectorate of the Republic of Slovenia"))
    yield Line("text", _p("letter", "To the regional unit at the employer's seat"))
    yield Line("end", _p("letter", "Date: {day}", day=report.today))
    yield Line("title", _TITLE)
    yield Line("text", _p("letter", "I report that my employer has not paid me for my work, or not in full."))


def _facts(report: Report, language: str) -> Iterator[Line]:
    yield Line("line", _p("letter", "Employer: {name}", name=report.employer))
    if report.address:
        yield Line("line", _p("letter", "Address of the employer: {address}", address=report.address))
    else:
        yield Line("line", _p("letter", "I do not know the exact address of the employer."))
    if report.workplace:
        yield Line("line", _p("letter", "Place of work: {place}", place=report.workplace))
    if report.began is not None:
        yield Line("line", _p("letter", "Start of work: {day}", day=report.began))
    if report.ended is not None:
        yield Line("line", _p("letter", "End of work: {day}", day=report.ended))
    else:
        yield Line("line", _p("letter", "I still work there."))
    months = [month_name(month, language) for month in sorted(report.months)]
    if report.earlier and months:
        yield Line("line", _p("letter", "Months without pay or without full pay: {months}, and before", months=months))
    elif months:
        yield Line("line", _p("letter", "Months without pay or without full pay: {months}", months=months))
    else:
        yield Line("line", _p("letter", "The months without pay or without full pay are more than a year ago."))
    if report.missing is not None:
        text = _p("letter", "Missing amount, as far as I know: about {amount} EUR", amount=report.missing)
        yield Line("line", text)
    evidence = [EVIDENCE[one] for one in report.evidence]
    if evidence:
        yield Line("line", _p("letter", "Evidence that I can show: {evidence}", evidence=evidence))


def _words(report: Report, language: str) -> Iterator[Line]:
    if report.words:
        spoken = language_name(report.words_language, language)
        yield Line("text", _p("letter", "What happened, in my own words (language: {language}):\n{words}",
                              language=spoken, words=report.words))  # fmt: skip


def _foot(report: Report) -> Iterator[Line]:
    rule = _p("letter", "Pay has to be paid at the latest 18 days after the end of the pay period.")  # [78] [79]
    yield Line("text", rule)
    yield Line("gap", _p("letter", "I ask you to look into this and to act."))
    if not report.name:
        yield Line("line", _p("letter", "I make this report without giving my name."))
        return
    yield Line("line", _p("letter", "Name: {name}", name=report.name))
    if report.contact:
        yield Line("gap", _p("letter", "How to reach me: {contact}", contact=report.contact))
    yield Line("line", _p("letter", "Signature: {line}", line=_SIGN_HERE))
