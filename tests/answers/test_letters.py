"""The letter to the labour inspectorate holds what the facts say it must, in Slovene, and says the same elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.answers.letters import EVIDENCE, LETTER_LANGUAGE, Report, lines, paper
from bot.i18n import Catalogs
from bot.paper.pdf import LOOKS
from bot.paths import LOCALES

CATALOGS = Catalogs(LOCALES)
FULL = Report(
    date(2026, 11, 23), "Sample Builders d.o.o.", [date(2026, 10, 1), date(2026, 9, 1)], "Sample Street 1, Postojna",
    "Sample site", date(2026, 3, 1), date(2026, 10, 31), missing=1200, evidence=["contract", "hours"],
    words="He says: wait.\nI wait.", words_language="en", name="Sample Person", contact="sample@example.org",
)  # fmt: skip
LEAST = Report(date(2026, 11, 23), "Sample Builders d.o.o.", [], earlier=True)


def said(report: Report, language: str) -> list[str]:
    return [CATALOGS.say(line.text, language) for line in lines(report, language)]


def test_everything_in_slovene() -> None:
    assert said(FULL, "sl") == [
        "Inšpektorat Republike Slovenije za delo",
        "Območna enota po sedežu delodajalca",
        "Datum: 23. november 2026",
        "Prijava: neizplačilo plače",
        "Prijavljam, da mi delodajalec za opravljeno delo ni izplačal plače oziroma je ni izplačal v celoti.",
        "Delodajalec: Sample Builders d.o.o.",
        "Naslov delodajalca: Sample Street 1, Postojna",
        "Kraj opravljanja dela: Sample site",
        "Začetek dela: 1. marec 2026",
        "Konec dela: 31. oktober 2026",
        "Meseci brez plače ali brez celotne plače: september 2026 in oktober 2026",
        "Manjkajoči znesek, kolikor mi je znano: približno 1.200 EUR",
        "Dokazi, ki jih lahko predložim: pogodba o zaposlitvi in lastna evidenca delovnih ur",
        "Opis z mojimi besedami (jezik: angleščina):\nHe says: wait.\nI wait.",
        "Plača mora biti izplačana najpozneje 18 dni po preteku plačilnega obdobja.",
        "Prosim, da navedbe preverite in ustrezno ukrepate.",
        "Ime in priimek: Sample Person",
        "Kontakt: sample@example.org",
        f"Podpis: {'_' * 30}",
    ]


def test_the_least_that_can_be_said_without_a_name() -> None:
    assert said(LEAST, "en") == [
        "Labour Inspectorate of the Republic of Slovenia",
        "To the regional unit at the employer's seat",
        "Date: 23 November 2026",
        "Report: wages not paid",
        "I report that my employer has not paid me for my work, or not in full.",
        "Employer: Sample Builders d.o.o.",
        "I do not know the exact address of the employer.",
        "I still work there.",
        "The months without pay or without full pay are more than a year ago.",
        "Pay has to be paid at the latest 18 days after the end of the pay period.",
        "I ask you to look into this and to act.",
        "I make this report without giving my name.",
    ]


def test_the_letter_is_slovene_to_the_last_line() -> None:
    reports = (FULL, LEAST, replace(FULL, earlier=True, evidence=list(EVIDENCE)))
    texts = [line.text for report in reports for line in lines(report, "sl")] + list(EVIDENCE.values())
    assert [text.msgid for text in texts if not CATALOGS.has(text, LETTER_LANGUAGE)] == []


def test_the_paper_has_the_same_lines_and_looks_that_paper_knows() -> None:
    made = paper(FULL, CATALOGS)
    assert [text for _look, text in made["paragraphs"]] == said(FULL, "sl")
    assert {look for look, _text in made["paragraphs"]} <= set(LOOKS)
    assert (made["language"], made["title"]) == ("sl", "Prijava: neizplačilo plače")
