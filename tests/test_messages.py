"""The command that extracts sentences, updates catalogs and checks them, on a small project of its own."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot import messages
from bot.i18n import LANGUAGES, Catalogs, _, _n
from bot.pofile import Broken, Entry, catalog_path, read

PLAIN = Entry("", "Back to {place}", "")
HOURS = Entry("", "{n} hour", "{n} hours")
SYNONYMS = Entry("words", "yes, ok", "")

FLOW = """
from bot.i18n import _, _n, _p

# NOTE: The button at the end.
BACK = _("Back to {place}", place="Postojna")
HOURS = _n("{n} hour", "{n} hours", 3)
YES = _p("words", "yes, ok")
"""
PAGE = """
{# NOTE: A heading. #}
<h1>{{ _("Cases") }}</h1>
<p>{{ _("Back to {place}", place=place) }} {{ _n("{n} hour", "{n} hours", hours) }}</p>
"""
SLOVENE = {
    "Back to {place}": "Nazaj: {place}",
    "{n} hour": ["{n} ura", "{n} uri", "{n} ure", "{n} ur"],
    "yes, ok": "da, ja",
    "Cases": "Primeri",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"flows/hours.py": FLOW, "bot/console/templates/page.html": PAGE}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    def run(*arguments: str) -> tuple[int, list[str]]:
        code = messages.main(arguments, project)
        return code, capsys.readouterr().out.splitlines()

    return run


Run = Callable[..., tuple[int, list[str]]]


def lines_of(project: Path, **translations: object) -> str:
    rows = [
        {"context": "words" if msgid == "yes, ok" else "", "msgid": msgid, "msgstr": msgstr}
        for msgid, msgstr in {**SLOVENE, **translations}.items()
    ]
    path = project / "lines.jsonl"
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return str(path)


def of(lines: Sequence[str], language: str) -> list[str]:
    start = f"locales/{language}/LC_MESSAGES/messages.po:"
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_extracting_finds_what_is_marked_in_code_and_pages(project: Path) -> None:
    page, flow = "bot/console/templates/page.html", "flows/hours.py"
    assert messages.extract(project) == [
        Entry("", "Back to {place}", "", ("The button at the end.",), ((page, 4), (flow, 5))),
        Entry("", "Cases", "", ("A heading.",), ((page, 3),)),
        Entry("words", "yes, ok", "", (), ((flow, 7),)),
        Entry("", "{n} hour", "{n} hours", (), ((page, 4), (flow, 6))),
    ]


def test_updating_makes_every_catalog_and_lists_what_is_not_translated(project: Path, run: Run) -> None:
    code, lines = run()
    assert code == 1
    assert of(lines, "sl") == [
        '14: no translation: "Back to {place}"',
        '19: no translation: "Cases"',
        '24: no translation: "words: yes, ok"',
        '30: no translation: "{n} hour"',
    ]
    assert of(lines, "en") == []
    assert (project / "locales/messages.pot").read_text(encoding="utf-8") == TEMPLATE
    assert catalog_path(project, "en").read_text(encoding="utf-8") == ENGLISH


TEMPLATE = r"""msgid ""
msgstr ""
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

#. The button at the end.
#: bot/console/templates/page.html
#: flows/hours.py
#, python-brace-format
msgid "Back to {place}"
msgstr ""

#. A heading.
#: bot/console/templates/page.html
msgid "Cases"
msgstr ""

#: flows/hours.py
msgctxt "words"
msgid "yes, ok"
msgstr ""

#: bot/console/templates/page.html
#: flows/hours.py
#, python-brace-format
msgid "{n} hour"
msgid_plural "{n} hours"
msgstr[0] ""
msgstr[1] ""
"""
ENGLISH = (
    TEMPLATE.replace(
        r'8bit\n"',
        '8bit\\n"\n"Language: en\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n"X-State: human\\n"',
    )
    .replace('msgid "Back to {place}"\nmsgstr ""', 'msgid "Back to {place}"\nmsgstr "Back to {place}"')
    .replace('msgid "Cases"\nmsgstr ""', 'msgid "Cases"\nmsgstr "Cases"')
    .replace('msgid "yes, ok"\nmsgstr ""', 'msgid "yes, ok"\nmsgstr "yes, ok"')
    .replace('msgstr[0] ""', 'msgstr[0] "{n} hour"')
    .replace('msgstr[1] ""', 'msgstr[1] "{n} hours"')
)


def test_a_second_update_changes_no_byte(project: Path, run: Run) -> None:
    run()
    run("--fill", "sl", lines_of(project))
    first = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    run()
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == first


def test_missing_sentences_come_as_json_lines(run: Run) -> None:
    run()
    code, lines = run("--missing", "sl")
    assert code == 0
    assert [json.loads(line) for line in lines][2:] == [
        {
            "context": "words",
            "msgid": "yes, ok",
            "plural": "",
            "comments": [],
            "locations": ["flows/hours.py:7"],
        },
        {
            "context": "",
            "msgid": "{n} hour",
            "plural": "{n} hours",
            "comments": [],
            "locations": ["bot/console/templates/page.html:4", "flows/hours.py:6"],
        },
    ]


def test_filling_makes_a_catalog_complete(project: Path, run: Run) -> None:
    run()
    assert run("--fill", "sl", lines_of(project)) == (0, [])
    assert run("--missing", "sl") == (0, [])
    assert of(run("--check")[1], "sl") == []
    catalogs = Catalogs(project / "locales")
    assert [catalogs.say(_n("{n} hour", "{n} hours", n), "sl") for n in (1, 2, 3, 5)] == [
        "1 ura", "2 uri", "3 ure", "5 ur",
    ]  # fmt: skip
    assert catalogs.say(_("Back to {place}", place="Postojna"), "sl") == "Nazaj: Postojna"


def test_filling_takes_what_is_right_and_names_the_rest(project: Path, run: Run) -> None:
    run()
    path = lines_of(project, **{"Back to {place}": "Nazaj: {mesto}", "{n} hour": ["{n} ura"], "Never": "Nikoli"})
    with Path(path).open("a", encoding="utf-8") as file:
        file.write('[]\n{"msgid": "Cases", "msgstr": ["Primeri"]}\n{"msgid": 5}\nno json\n')
    assert run("--fill", "sl", path) == (
        1,
        [
            f'{path}:1: {{place}} is missing; {{mesto}} is not in the source: "Back to {{place}}"',
            f'{path}:2: 1 forms, 4 needed: "{{n}} hour"',
            f"{path}:5: no such context and msgid in the sources",
            f"{path}:6: not an object",
            f'{path}:7: msgstr must be a text: "Cases"',
            f"{path}:8: no such context and msgid in the sources",
            f"{path}:9: Expecting value: line 1 column 1 (char 0)",
        ],
    )
    assert [json.loads(line)["msgid"] for line in run("--missing", "sl")[1]] == [
        "Back to {place}",
        "{n} hour",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("machine", "machine"), ("checked", "machine"), ("human", "human"), ("else", "machine")],
)
def test_filled_catalogs_carry_the_mark_of_a_machine_unless_people_wrote_them(
    project: Path, run: Run, before: str, after: str
) -> None:
    run()
    path = catalog_path(project, "sl")
    path.write_text(path.read_text(encoding="utf-8").replace("X-State: machine", f"X-State: {before}"), "utf-8")
    run("--fill", "sl", lines_of(project))
    assert read(project, "sl").fields["X-State"] == after


def test_updating_keeps_translations_notes_and_state_and_guesses_nothing(project: Path, run: Run) -> None:
    run()
    run("--fill", "sl", lines_of(project))
    path = catalog_path(project, "sl")
    text = path.read_text(encoding="utf-8").replace("X-State: machine", "X-State: checked")
    path.write_text(text.replace("#. A heading.", "# Seen at the desk.\n#. A heading."), "utf-8")
    flow = project / "flows/hours.py"
    flow.write_text(FLOW.replace("yes, ok", "yes, ok, sure").replace('"{n} hours"', '"{n} long hours"'), "utf-8")
    page = project / "bot/console/templates/page.html"
    page.write_text(PAGE.replace('"{n} hours"', '"{n} long hours"'), "utf-8")
    assert of(run()[1], "sl") == [
        '25: no translation: "words: yes, ok, sure"',
        '31: no translation: "{n} hour"',
    ]
    assert read(project, "sl").fields["X-State"] == "checked"
    assert "# Seen at the desk.\n#. A heading.\n" in path.read_text(encoding="utf-8")
    assert "da, ja" not in path.read_text(encoding="utf-8")


def test_checking_compares_the_catalogs_with_the_sources_and_writes_nothing(project: Path, run: Run) -> None:
    run()
    run("--fill", "sl", lines_of(project))
    catalog_path(project, "sq").unlink()
    (project / "flows/hours.py").write_text(FLOW.replace("yes, ok", "no"), "utf-8")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, lines = run("--check")
    assert (code, lines[0]) == (1, "locales/messages.pot:1: not up to date: run `make messages`")
    assert of(lines, "sl") == [
        '1: not up to date: run `make messages`: "words: no"',
        "24: no longer in the sources: run `make messages`",
    ]
    assert of(lines, "sq") == ["1: not there: run `make messages`"]
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("nplurals=4", "nplurals=3", f"1: Plural-Forms is not {LANGUAGES['sl'].plural_forms}"),
        ("Language: sl", "Language: sk", "1: Language is not sl"),
        ("X-State: machine", "X-State: robot", "1: X-State is not machine or human or checked"),
        ('msgstr "Primeri"', 'msgstr ""', '19: no translation: "Cases"'),
        ('msgstr "Primeri"', 'msgstr "Primeri\\n"',
         '19: begins or ends with other spaces or line breaks than the source: "Cases"'),
        ("#. A heading.", "#, fuzzy", '19: marked fuzzy: "Cases"'),
        ("Nazaj: {place}", "Nazaj", '14: {place} is missing: "Back to {place}"'),
        ("Nazaj: {place}", "Nazaj: {place",
         """14: broken placeholder: expected '}' before end of string: "Back to {place}\""""),
        ('msgstr[2] "{n} ure"', 'msgstr[2] "ure"', '30: form 2: {n} is missing: "{n} hour"'),
        ('msgstr[2] "{n} ure"', 'msgstr[2] ""', '30: form 2: no translation: "{n} hour"'),
        ('msgstr[3] "{n} ur"\n', "", '30: form 3: no translation: "{n} hour"'),
        ('msgstr[3] "{n} ur"', 'msgstr[3] "{n} ur"\nmsgstr[4] "{n} ur"',
         "30: cannot be read: msg has more translations than num_plurals of catalog"),
        ("msgid_plural", "msgid_more", "31: cannot be read: Unknown or misformatted keyword"),
        ('"da, ja"', '"da, , ja"', '24: an empty word in the list: "words: yes, ok"'),
        ("Primeri", "Примери", '19: has Cyrillic letters: "Cases"'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_catalog_is_named_with_its_line(
    project: Path, run: Run, old: str, new: str, finding: str
) -> None:
    run()
    run("--fill", "sl", lines_of(project))
    path = catalog_path(project, "sl")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert of(run("--check")[1], "sl") == [finding]


def test_a_catalog_that_cannot_be_read_is_left_alone(project: Path, run: Run) -> None:
    run()
    path = catalog_path(project, "sl")
    path.write_bytes(path.read_bytes() + b"\xff")
    before = path.read_bytes()
    code, lines = run()
    assert (code, len(of(lines, "sl")), path.read_bytes()) == (1, 1, before)


@pytest.mark.parametrize(
    ("language", "entry", "forms", "faults"),
    [
        ("ar", HOURS, ["لا ساعات", "ساعة واحدة", "ساعتان", "{n} ساعات", "{n} ساعة", "{n} ساعة"], []),
        ("ar", HOURS, ["لا ساعات", "ساعة واحدة", "ساعتان", "ساعات", "{n} ساعة", "{n} ساعة"],
         ["form 3: {n} is missing"]),
        ("sq", HOURS, ["një orë", "{n} orë"], []),
        ("sq", HOURS, ["një orë", "orë"], ["form 1: {n} is missing"]),
        # One Slovene or Russian form serves 1, 101, 201 …; the Bengali one serves 0 and 1.
        ("sl", HOURS, ["ena ura", "{n} uri", "{n} ure", "{n} ur"], ["form 0: {n} is missing"]),
        ("ru", HOURS, ["один час", "{n} часа", "{n} часов"], ["form 0: {n} is missing"]),
        ("mk", HOURS, ["еден час", "{n} часа"], ["form 0: {n} is missing"]),
        ("bn", HOURS, ["এক ঘণ্টা", "{n} ঘণ্টা"], ["form 0: {n} is missing"]),
        ("ru", HOURS, ["{n} час", "{n} часов"], ["2 forms, 3 needed"]),
        ("ru", HOURS, ["{n} час", "{m} часа", "{n:d} часов"],
         ["form 1: {n} is missing", "form 1: {m} is not in the source",
          "form 2: broken placeholder: {n} is not a plain name"]),
        ("es", Entry("", "One hour", "Many hours"), ["Una hora", "{n} horas"], []),
        ("es", PLAIN, ["A {place} y a {place}"], []),
        ("es", PLAIN, ["A {}"], ["broken placeholder: {} is not a plain name"]),
        ("es", PLAIN, ["A {place.name}"], ["broken placeholder: {place.name} is not a plain name"]),
        ("es", PLAIN, ["A {place!r}"], ["broken placeholder: {place} is not a plain name"]),
        ("es", PLAIN, [" A {place}"], ["begins or ends with other spaces or line breaks than the source"]),
        ("es", PLAIN, ["A \u2068{place}\u2069"],
         ["has invisible direction marks; they are added where a value goes in"]),
        ("es", PLAIN, [" "], ["no translation"]),
        ("es", Entry("", "☰ Menu", ""), ["☰ Menú"], []),
        ("es", Entry("", "☰ Menu", ""), ["Menú"], ["has other icons than the source"]),
        ("ar", SYNONYMS, ["نعم، أجل, ok"], []),
        ("ar", SYNONYMS, ["نعم؛ أجل"], ["the words of a list are separated by commas"]),
        ("es", SYNONYMS, ["sí,"], ["an empty word in the list"]),
        ("sr", SYNONYMS, ["да, da"], []),
        ("sr", SYNONYMS, ["da"], ["has no Cyrillic letters"]),
        ("bs", PLAIN, ["Nazad: {place}"], []),
        ("bs", PLAIN, ["Назад: {place}"], ["has Cyrillic letters"]),
        ("sr", PLAIN, ["Назад: {place}"], []),
        ("sr", PLAIN, ["Nazad: {place}"], ["has no Cyrillic letters"]),
        ("sr", PLAIN, ["Нaзад: {place}"], ["a word mixes Latin and Cyrillic letters"]),
        ("sr", PLAIN, ["Назад у Telegram: {place}"], []),
        ("sr", Entry("", "Telegram", ""), ["Telegram"], []),
        ("ur", PLAIN, ["{place}: وापس"], []),
        ("ur", PLAIN, ["Wapas: {place}"], ["has no Arabic letters"]),
        ("bn", PLAIN, ["ফিরে যান: {place}"], []),
    ],
)  # fmt: skip
def test_the_forms_of_a_translation(language: str, entry: Entry, forms: list[str], faults: list[str]) -> None:
    assert messages.form_faults(entry, forms, language) == faults


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('_("Back to {place")', "flows/more.py:1: broken placeholder: expected '}' before end of string"),
        ('_("Back to {0}")', "flows/more.py:1: broken placeholder: {0} is not a plain name"),
        ('_n("{n} day in {place}", "{n} days", 3)', "flows/more.py:1: {place} is not in the plural"),
        ('_n("{n} hour", "{n} great hours", 3)', 'flows/more.py:1: a second plural for "{n} hour"'),
    ],
)
def test_what_is_wrong_in_the_sources_is_named_first(project: Path, run: Run, text: str, finding: str) -> None:
    (project / "flows/more.py").write_text(f"{text}\n", encoding="utf-8")
    assert run() == (1, [finding])


def test_a_page_that_cannot_be_read_is_named(project: Path) -> None:
    (project / "bot/console/templates/other.html").write_text("\n{% if %}", encoding="utf-8")
    with pytest.raises(Broken, match=r"^bot/console/templates/other.html:2: cannot be read: "):
        messages.extract(project)
