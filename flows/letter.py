"""A letter to the labour inspectorate about unpaid wages: asked in the person's language, written in Slovene."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.answers import letters
from bot.answers.language import guess
from bot.answers.letters import EVIDENCE, LETTER_LANGUAGE, Report
from bot.dialog.messages import Document, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain.happenings import Kind
from bot.domain.keeping import KEEP_FOR, Keep
from bot.i18n import Text, Verbatim, _, _n, joined, month_name, raw
from flows.common import SKIP, menu_button, person_button, several, topic_buttons

TOPIC: Final = "work.inspectorate"
_FILE: Final = "pismo.pdf"  # says nothing to whoever sees it on a shared phone
_MONTHS: Final = 12
_EARLIER: Final = "earlier"
_LINE_CHARS: Final = 200
_WORDS_CHARS: Final = 1000
_MOST_EUROS: Final = 1_000_000
_UNKNOWN: Final = _("I do not know")
# What can be answered anew after the review, by the name of its first key.
_PARTS: Final[dict[str, Text]] = {
    "employer": _("Name of the employer"),
    "address": _("Address of the employer"),
    "workplace": _("Place of work"),
    "began": _("Start of work"),
    "ended": _("End of work"),
    "month": _("Months without pay"),
    "missing": _("Missing amount"),
    "evidence": _("Evidence"),
    "words": _("My own words"),
    "who": _("With or without my name"),
}
_TOGETHER: Final = {"who": ("who", "name", "contact")}


async def letter(talk: Talk) -> list[Message]:
    """Ask, show what it will say, and hand over the letter as text and as a file. Nothing of it is kept for long."""
    talk.keep_briefly()
    if talk.frame.asked is None:
        talk.say(_about())
    report = await _report(talk)
    shown = [line.text for line in letters.lines(report, talk.person.language)]
    right = await talk.confirm("right", joined([_("This is what the letter will say. Is it right?"), raw(""), *shown]))
    if not right:
        part = await talk.choose(
            "change", _("What is not right?"), [Option(name, label) for name, label in _PARTS.items()]
        )
        raise AskAgain(part, because=_("Please answer this again."), only=[*_keys(talk, part), "right", "change"])
    talk.note(Kind.FINISHED, TOPIC, flow="letter")
    made = [
        Message(
            joined([line.text for line in letters.lines(report, LETTER_LANGUAGE)]), title=_("The letter in Slovene"),
            tone=Tone.ANSWER, language=LETTER_LANGUAGE,
        ),
    ]  # fmt: skip
    if talk.person.language != LETTER_LANGUAGE:
        made.append(Message(joined(shown), title=_("What the letter says, line by line")))
    return [*made, _handed_over(talk, report)]


def _about() -> Message:
    lines = [
        _("We write a letter to the Labour Inspectorate together, in Slovene, about wages that you did not get."),
        _("Your answers go in as you write them. They are not translated."),
        _("Only you get the letter: we send it to nobody, and we keep it and your answers for a day only."),
        _("Please do not write numbers of documents, and no numbers of bank accounts."),
        _("A person at the desk can write it with you."),
    ]
    return Message(
        joined(lines), title=_("✉️ Letter to the Labour Inspectorate"), tone=Tone.NOTICE,
        buttons=(person_button(TOPIC),),
    )  # fmt: skip


def _keys(talk: Talk, part: str) -> list[str]:
    """The keys under which the answers to this part are stored."""
    together = _TOGETHER.get(part, (part,))
    return [key for key in talk.frame.answers if key in together or key.startswith(f"{part}.")]


async def _report(talk: Talk) -> Report:
    today = talk.scene.now.astimezone(talk.desk.zone).date()
    employer = await talk.text(
        "employer", _("What is the name of your employer? Write it as it stands in the contract or on a pay slip."),
        private=True, most_chars=_LINE_CHARS,
    )  # fmt: skip
    address = await _line(talk, "address", _("What is the address of your employer? The town helps too."), _UNKNOWN)
    workplace = await _line(talk, "workplace", _("Where did you work? For example a town or a building site."), SKIP)
    began, ended = await _when(talk, today)
    months = await _unpaid(talk, today)
    missing = await talk.maybe_number(
        "missing", _("About how much money is missing, in euros? Write only a number."), 1, _MOST_EUROS,
        skip=_UNKNOWN, private=True,
    )  # fmt: skip
    evidence = await several(
        talk, "evidence", _("What can you show? Choose what you have, one after another."),
        [Option(one, label) for one, label in EVIDENCE.items()], least=0, enough=_("None of these"),
    )  # fmt: skip
    words = await talk.text(
        "words", _("Do you want to add what happened? It stands in the letter exactly as you write it, in your "
                   "language. The inspectorate has to have it translated."),
        private=True, most_chars=_WORDS_CHARS, skip=SKIP, tells=True,
    )  # fmt: skip
    name, contact = await _who(talk)
    return Report(
        today, _one_line(employer), [date.fromisoformat(one) for one in months if one != _EARLIER], address, workplace,
        began, ended, _EARLIER in months, missing, evidence, words, _spoken(talk, words), name, contact,
    )  # fmt: skip


async def _line(talk: Talk, key: str, text: Text, skip: Text) -> str:
    return _one_line(await talk.text(key, text, private=True, most_chars=_LINE_CHARS, skip=skip))


def _spoken(talk: Talk, words: str) -> str:
    return (guess(words).language if words else None) or talk.person.language


def _one_line(words: str) -> str:
    return " ".join(words.split())


async def _when(talk: Talk, today: date) -> tuple[date | None, date | None]:
    example = f"{today.day}. {today.month}. {today.year}"
    began = await talk.maybe_date(
        "began", _("On which day did you start to work there? Write it like this: {example}", example=example),
        skip=_UNKNOWN, private=True,
    )  # fmt: skip
    if began is not None and began > today:
        raise AskAgain("began", because=_("This day has not come yet."), only=["began"])
    ended = await talk.maybe_date(
        "ended", _("What was your last day at work there? Write it like this: {example}", example=example),
        skip=_("I still work there"), private=True,
    )  # fmt: skip
    if ended is not None and ended > today:
        raise AskAgain("ended", because=_("This day has not come yet."), only=["ended"])
    if began is not None and ended is not None and ended < began:
        raise AskAgain("ended", because=_("The last day is before the first one."), only=["ended"])
    return began, ended


async def _unpaid(talk: Talk, today: date) -> list[str]:
    """Months, as ISO dates of their first days, and whether there are earlier ones."""
    options = [Option(month.isoformat(), raw(month_name(month, talk.person.language))) for month in _months(today)]
    options.append(Option(_EARLIER, _("Earlier months too")))
    text = _("For which months did you not get your pay, or not all of it? Choose them one after another.")
    return await several(talk, "month", text, options, least=1, enough=_("None of these"))


def _months(today: date) -> Iterator[date]:
    """This month and those before it, newest first."""
    count = today.year * 12 + today.month - 1
    for number in range(count, count - _MONTHS, -1):
        yield date(number // 12, number % 12 + 1, 1)


async def _who(talk: Talk) -> tuple[str, str]:
    who = await talk.choose(
        "who", _("Do you want to give your name? The inspectorate takes reports without a name too; check with the "
                 "office. Without your name it cannot answer you."),
        [Option("anonymous", _("Without my name")), Option("named", _("With my name"))], private=True,
    )  # fmt: skip
    if who == "anonymous":
        return "", ""
    name = await talk.text(
        "name", _("What is your name, as it stands in the contract?"), private=True, most_chars=_LINE_CHARS
    )
    contact = await _line(talk, "contact", _("How can the inspectorate reach you? A phone number or an e-mail."), SKIP)
    return _one_line(name), contact


def _handed_over(talk: Talk, report: Report) -> Message:
    period = KEEP_FOR[Keep.BRIEF]
    hours = int(period.total_seconds() // 3600) if period else 0
    lines = [
        _("Here is the letter as a file. Read it through with somebody who knows Slovene if you can."),
        _("Send it by e-mail to {mail}, or to the unit for Koper, Postojna and Nova Gorica: {unit}. Please check both "
          "addresses with the office.", mail=Verbatim(letters.INSPECTORATE_MAIL), unit=Verbatim(letters.UNIT_MAIL)),
        _("You can also send it by post, or take it to the unit where your employer has its seat. Check with the "
          "office."),
        _("Add copies of what you can show, and keep a copy of everything."),
        _n("The desk keeps this letter for {n} hour.", "The desk keeps this letter for {n} hours.", hours),
        _("What stands in this chat on your phone stays there until you delete it."),
    ]  # fmt: skip
    if "contract" not in report.evidence:
        lines.append(_("Undeclared work, without a contract: the Financial Administration (FURS) sees to that."))
    lines.append(_("This is information, not legal advice. The office decides."))
    return Message(
        joined(lines),
        document=Document(_FILE, "sheet", letters.paper(report, talk.scene.catalogs)),
        buttons=(person_button(TOPIC), *topic_buttons(talk, [TOPIC]), menu_button()),
    )  # fmt: skip
