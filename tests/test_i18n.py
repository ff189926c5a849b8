"""Sentences, plurals, dates, numbers and lists in every launch language."""

import string
from datetime import date, datetime, time
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import (
    LANGUAGES,
    NBSP,
    Catalogs,
    Text,
    Value,
    _,
    _n,
    _p,
    joined,
    language_of_platform,
    raw,
)
from bot.pofile import Entry, Translation, catalog_path, form_count, render

EVERY = tuple(LANGUAGES)
RIGHT_TO_LEFT = ("ar", "fa", "ps", "ur")
SENTENCES = Catalogs(Path("no such folder"))


def said(value: Value, language: str) -> str:
    return SENTENCES.say(Text("{value}", {"value": value}), language)


def write(folder: Path, language: str, *rows: tuple[Entry, Translation]) -> None:
    path = catalog_path(folder, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(language, "machine", rows), encoding="utf-8")


@pytest.fixture(scope="session")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Catalogs:
    """Catalogs in which every plural form says its own number."""
    root = tmp_path_factory.mktemp("numbered")
    for language in EVERY:
        forms = tuple(map(str, range(form_count(language))))
        write(root, language, (Entry("", "{n} hour", "{n} hours"), Translation(forms)))
    return Catalogs(root / "locales")


def form(catalogs: Catalogs, number: int, language: str) -> int:
    return int(catalogs.say(_n("{n} hour", "{n} hours", number), language))


# --- languages


def test_the_fourteen_launch_languages() -> None:
    assert EVERY == ("sl", "en", "bs", "sr", "sq", "mk", "ar", "fa", "ps", "ur", "bn", "ru", "uk", "es")
    assert tuple(code for code in EVERY if LANGUAGES[code].direction == "rtl") == RIGHT_TO_LEFT
    assert {code: Locale.parse(LANGUAGES[code].locale).character_order for code in EVERY} == {
        code: "right-to-left" if code in RIGHT_TO_LEFT else "left-to-right" for code in EVERY
    }


@pytest.mark.parametrize(
    ("code", "language"),
    [
        *((code, code) for code in EVERY),
        ("en-US", "en"),
        ("en_GB", "en"),
        ("sl-SI", "sl"),
        ("ES-419", "es"),
        ("ar-SY", "ar"),
        ("ur-PK", "ur"),
        ("hr", "bs"),
        ("hr-HR", "bs"),
        ("bs-Latn-BA", "bs"),
        ("sh", "bs"),
        ("cnr-ME", "bs"),
        ("sr", "sr"),
        ("sr-RS", "sr"),
        ("sr-Cyrl-RS", "sr"),
        ("sr-Latn", "bs"),
        ("sr_Latn_RS", "bs"),
        ("fa-AF", "fa"),
        ("prs", "fa"),
        ("prs-AF", "fa"),
        ("pus", "ps"),
        ("sqi", "sq"),
        ("sq-XK", "sq"),
        ("uk-UA", "uk"),
        ("de", None),
        ("zh-hans", None),
        ("srx", None),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_what_platforms_say_leads_to_a_launch_language(code: str | None, language: str | None) -> None:
    assert language_of_platform(code) == language


# --- plurals

ONE = {0: 1, 1: 0, 2: 1, 11: 1, 21: 1, 100: 1, 101: 1}
ZERO_ONE = {0: 0, 1: 0, 2: 1, 11: 1, 21: 1, 101: 1}
SLAVIC = {
    0: 2,
    1: 0,
    2: 1,
    4: 1,
    5: 2,
    11: 2,
    12: 2,
    14: 2,
    15: 2,
    21: 0,
    22: 1,
    25: 2,
    100: 2,
    101: 0,
    111: 2,
}
SLAVIC |= {112: 2, 121: 0, 122: 1}
MACEDONIAN = {0: 1, 1: 0, 2: 1, 10: 1, 11: 1, 12: 1, 21: 0, 31: 0, 101: 0, 111: 1, 121: 0}
SLOVENE = {
    0: 3,
    1: 0,
    2: 1,
    3: 2,
    4: 2,
    5: 3,
    11: 3,
    12: 3,
    21: 3,
    100: 3,
    101: 0,
    102: 1,
    103: 2,
    104: 2,
    105: 3,
}
SLOVENE |= {111: 3, 112: 3, 201: 0, 202: 1}
ARABIC = {
    0: 0,
    1: 1,
    2: 2,
    3: 3,
    10: 3,
    11: 4,
    26: 4,
    99: 4,
    100: 5,
    101: 5,
    102: 5,
    103: 3,
    110: 3,
    111: 4,
    200: 5,
}


@pytest.mark.parametrize(
    ("languages", "table"),
    [
        ("en sq ps ur es", ONE),
        ("fa bn", ZERO_ONE),
        ("bs sr ru uk", SLAVIC),
        ("mk", MACEDONIAN),
        ("sl", SLOVENE),
        ("ar", ARABIC),
    ],
)
def test_plural_forms(numbered: Catalogs, languages: str, table: dict[int, int]) -> None:
    for language in languages.split():
        assert {number: form(numbered, number, language) for number in table} == table


@pytest.mark.parametrize("language", EVERY)
def test_plural_forms_are_the_categories_of_cldr(numbered: Catalogs, language: str) -> None:
    category = Locale.parse(LANGUAGES[language].locale).plural_form
    pairs = {(form(numbered, number, language), category(number)) for number in range(201)}
    assert sorted(number for number, _name in pairs) == list(range(form_count(language)))
    assert len({name for _number, name in pairs}) == len(pairs)


def test_spanish_millions_are_the_one_category_of_cldr_left_out(numbered: Catalogs) -> None:
    # "un millón de personas": nothing here is ever counted in whole millions.
    assert Locale.parse("es").plural_form(1_000_000) == "many"
    assert form(numbered, 1_000_000, "es") == 1


@pytest.mark.parametrize("language", EVERY)
def test_a_number_below_zero_takes_the_form_of_its_amount(numbered: Catalogs, language: str) -> None:
    forms = [form(numbered, number, language) for number in range(1, 30)]
    assert [form(numbered, -number, language) for number in range(1, 30)] == forms


# --- sentences


def test_a_translation_is_said_with_its_values_and_its_form(tmp_path: Path) -> None:
    hours = Entry("", "{n} hour in {place}", "{n} hours in {place}")
    slovene = ("{place}: {n} ura", "{place}: {n} uri", "{place}: {n} ure", "{place}: {n} ur")
    write(tmp_path, "sl", (hours, Translation(slovene)))
    catalogs = Catalogs(tmp_path / "locales")
    texts = [_n(hours.msgid, hours.plural, n, place="Postojna") for n in (1, 2, 3, 5, 1200)]
    assert [catalogs.say(text, "sl") for text in texts] == [
        "Postojna: 1 ura",
        "Postojna: 2 uri",
        "Postojna: 3 ure",
        "Postojna: 5 ur",
        "Postojna: 1.200 ur",
    ]


def test_context_tells_equal_words_apart(tmp_path: Path) -> None:
    rows = [(Entry(context, "Open", ""), Translation((word,))) for context, word in (("verb", "Odpri"), ("", "Odprto"))]
    write(tmp_path, "sl", *rows)
    catalogs = Catalogs(tmp_path / "locales")
    assert [catalogs.say(text, "sl") for text in (_p("verb", "Open"), _("Open"))] == ["Odpri", "Odprto"]
    assert [catalogs.has(text, "sl") for text in (_p("verb", "Open"), _p("noun", "Open"))] == [True, False]


def test_what_is_not_translated_or_fuzzy_is_said_in_english(tmp_path: Path) -> None:
    half = Translation(("{n} ura", "", "", ""))
    rows = [
        (Entry("", "Back", ""), Translation(("",))),
        (Entry("", "Menu", ""), Translation(("Meni",), fuzzy=True)),
        (Entry("", "{n} hour", "{n} hours"), half),
    ]
    write(tmp_path, "sl", *rows)
    catalogs = Catalogs(tmp_path / "locales")
    texts = [
        _("Back"),
        _("Menu"),
        _n("{n} hour", "{n} hours", 1),
        _n("{n} hour", "{n} hours", 2),
        _("Never seen"),
    ]
    assert [catalogs.say(text, "sl") for text in texts] == ["Back", "Menu", "1 hour", "2 hours", "Never seen"]
    assert [catalogs.has(text, "sl") for text in texts] == [False] * 5
    assert [catalogs.has(text, "en") for text in texts] == [True] * 5


@pytest.mark.parametrize("language", EVERY)
def test_raw_words_stand_as_they_are(language: str) -> None:
    assert SENTENCES.say(raw("{n} علي Ana"), language) == "{n} علي Ana"
    assert SENTENCES.has(raw("Ana"), language)


def test_joined_texts_stand_on_their_own_lines() -> None:
    assert SENTENCES.say(joined([_("Hello"), raw("Ana")]), "en") == "Hello\nAna"
    assert SENTENCES.say(joined([_("Hello"), _("Back")], " · "), "en") == "Hello · Back"


def test_a_text_inside_a_text_is_said_in_the_same_language(tmp_path: Path) -> None:
    rows = [
        (Entry("", "Tuesday", ""), Translation(("torek",))),
        (Entry("", "On {day}", ""), Translation(("{day}!",))),
    ]
    write(tmp_path, "sl", *rows)
    assert Catalogs(tmp_path / "locales").say(_("On {day}", day=_("Tuesday")), "sl") == "torek!"


# --- dates, times, numbers, lists

DATES = {
    "sl": "nedelja, 8. marec 2026",
    "en": "Sunday, 8 March 2026",
    "bs": "nedjelja, 8. mart 2026.",
    "sr": "недеља, 8. март 2026.",
    "sq": "e diel, 8 mars 2026",
    "mk": "недела, 8 март 2026\u202fг.",
    "ar": "الأحد، 8 مارس 2026",
    "fa": "یکشنبه 8 مارچ 2026",
    "ps": "يونۍ د 2026 د مارچ 8",
    "ur": "اتوار، 8 مارچ، 2026",
    "bn": "রবিবার, 8 মার্চ, 2026",
    "ru": "воскресенье, 8 марта 2026\u202fг.",
    "uk": "неділя, 8 березня 2026\u202fр.",
    "es": "domingo, 8 de marzo de 2026",
}
NUMBERS = {
    **dict.fromkeys(("sl", "bs", "sr", "mk", "ps", "es"), ("12.345", "1,5")),
    **dict.fromkeys(("en", "ar", "fa", "ur", "bn"), ("12,345", "1.5")),
    **dict.fromkeys(("sq", "ru", "uk"), (f"12{NBSP}345", "1,5")),
}
LISTS = {
    "sl": "1, 2 in 3",
    "en": "1, 2 and 3",
    "bs": "1, 2 i 3",
    "sr": "1, 2 и 3",
    "sq": "1, 2 dhe 3",
    "mk": "1, 2 и 3",
    "ar": "1 و2 و3",
    "fa": "1،\u200f 2، و 3",
    "ps": "1، 2، او 3",
    "ur": "1، 2، اور 3",
    "bn": "1, 2 এবং 3",
    "ru": "1, 2 и 3",
    "uk": "1, 2 і 3",
    "es": "1, 2 y 3",
}


def test_dates_are_written_as_in_cldr() -> None:
    assert {language: said(date(2026, 3, 8), language) for language in EVERY} == {
        language: format_date(date(2026, 3, 8), "long", locale=LANGUAGES[language].locale) for language in EVERY
    }
    assert [said(date(2026, 3, 8), language) for language in ("sl", "en", "sq", "ar")] == [
        "8. marec 2026", "8 March 2026", "8 mars 2026", "8 مارس 2026",
    ]  # fmt: skip


def test_an_appointment_has_its_weekday_and_its_time() -> None:
    appointment = datetime(2026, 3, 8, 9, 5)  # noqa: DTZ001 - appointments are local wall time
    assert {language: said(appointment, language) for language in EVERY} == {
        language: f"{day}, 09:05" for language, day in DATES.items()
    }


@pytest.mark.parametrize("language", EVERY)
def test_times_are_told_by_the_24_hour_clock_everywhere(language: str) -> None:
    hours = ["00:00", "09:05", "12:00", "13:30", "23:59"]
    assert [said(time.fromisoformat(hour), language) for hour in hours] == hours


def test_numbers() -> None:
    numbers = {language: (said(12345, language), said(1.5, language)) for language in EVERY}
    assert numbers == NUMBERS
    assert {said(0, language) for language in EVERY} == {"0"}


def test_lists() -> None:
    assert {language: said([1, 2, 3], language) for language in EVERY} == LISTS
    assert {(said([], language), said([7], language)) for language in EVERY} == {("", "7")}
    assert said((_("Monday"), "Ana", date(2026, 3, 8)), "en") == "Monday, Ana and 8 March 2026"


# --- fingerprints


def test_fingerprints_change_with_the_sentence_the_values_and_the_count() -> None:
    texts = [
        _("Back"),
        _("Menu"),
        _p("verb", "Back"),
        _("{name}", name="Ana"),
        _("{name}", name="Bor"),
        _("{name}", name=""),
        _("{other}", other="Ana"),
        _("{day}", day=date(2026, 3, 8)),
        _("{day}", day=date(2026, 3, 9)),
        _("{day}", day=datetime(2026, 3, 8, 9, 0)),  # noqa: DTZ001 - appointments are local wall time
        _("{day}", day=time(9)),
        _("{name}", name=_("Back")),
        _("{name}", name=_("Menu")),
        _("{name}", name=_p("verb", "Back")),
        _("{name}", name=_("{deep}", deep=1)),
        _("{name}", name=_("{deep}", deep=2)),
        _("{name}", name=["Ana", "Bor"]),
        _("{name}", name=["Bor", "Ana"]),
        _n("{n} hour", "{n} hours", 1),
        _n("{n} hour", "{n} hours", 2),
    ]
    prints = [text.fingerprint() for text in texts]
    assert len(set(prints)) == len(texts)
    assert {len(one) for one in prints} == {12}
    assert set("".join(prints)) <= set(string.hexdigits.lower())


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), st.text()), st.dictionaries(st.sampled_from("abc"), st.text()))
def test_fingerprints_are_equal_exactly_for_equal_values(one: dict[str, str], other: dict[str, str]) -> None:
    backwards = dict(reversed(one.items()))
    assert Text("x", one).fingerprint() == Text("x", backwards).fingerprint()
    assert (Text("x", one).fingerprint() == Text("x", other).fingerprint()) == (one == other)
