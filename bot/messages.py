"""The command `python -m bot.messages`: extract the sentences, update the catalogs, check them."""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter
from tokenize import TokenError
from typing import Final

from babel.messages.extract import extract_from_dir
from jinja2 import TemplateSyntaxError

from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, _plural_rule
from bot.pofile import STATES, Broken, Entry, Translation, catalog_path, form_count, read, render, store

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ("bot", "flows")
METHODS: Final = (("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"))
OPTIONS: Final = {"**.html": {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}}
KEYWORDS: Final = {"_": None, "_n": (1, 2), "_p": ((1, "c"), 2)}
# The context of lists of words that people may type, separated by commas.
WORDS: Final = "words"
SHOWN_CHARS: Final = 60

_SCRIPTS: Final = {
    **dict.fromkeys(("sr", "mk", "ru", "uk"), "CYRILLIC"),
    **dict.fromkeys(("ar", "fa", "ps", "ur"), "ARABIC"),
    "bn": "BENGALI",
}
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def extract(root: Path) -> list[Entry]:
    """Every sentence marked in the sources, by msgid. Raises Broken."""
    found: dict[tuple[str, str], Entry] = {}
    for new in _occurrences(root):
        old = found.get(new.key, new)
        if old.plural and new.plural and old.plural != new.plural:
            name, line = new.places[0]
            raise Broken(f"{name}:{line}: a second plural for {_short(new)}")
        found[new.key] = replace(
            old,
            plural=old.plural or new.plural,
            comments=tuple(dict.fromkeys(old.comments + new.comments)),
            places=tuple(sorted({*old.places, *new.places})),
        )
    return sorted(found.values(), key=lambda entry: (entry.msgid, entry.context))


def _occurrences(root: Path) -> Iterator[Entry]:
    for folder in filter(lambda name: (root / name).is_dir(), SOURCES):
        current = [folder]
        rows = extract_from_dir(
            root / folder,
            METHODS,
            OPTIONS,
            KEYWORDS,
            comment_tags=("NOTE:",),
            callback=lambda name, _method, _options, current=current: current.append(name),  # type: ignore[misc]
            strip_comment_tags=True,
        )
        try:
            for name, line, message, comments, context in sorted(rows, key=lambda row: row[:2]):
                msgid, plural = message if isinstance(message, tuple) else (message, "")
                notes = tuple(filter(None, comments))
                yield Entry(context or "", msgid, plural, notes, ((f"{folder}/{name}", line),))
        except (TemplateSyntaxError, SyntaxError, TokenError) as error:
            line = getattr(error, "lineno", None) or 1
            raise Broken(f"{folder}/{current[-1]}:{line}: cannot be read: {error}") from error


def template(entries: Iterable[Entry]) -> str:
    """The text of locales/messages.pot."""
    return render("", "", ((entry, Translation(("", "") if entry.plural else ("",))) for entry in entries))


def kept(entry: Entry, known: Mapping[tuple[str, str], Translation], code: str) -> Translation:
    """What the catalog goes on with: its own forms if the sentence is the same, else empty ones."""
    if code == SOURCE_LANGUAGE:
        return Translation(entry.source)
    count = form_count(code) if entry.plural else 1
    old = known.get(entry.key, Translation(()))
    if old.plural == entry.plural and len(old.forms) == count:
        return old
    return Translation(("",) * count, notes=old.notes)


def update(root: Path, entries: Sequence[Entry]) -> None:
    """Write the template and every catalog anew: new sentences are empty, those that are gone are deleted."""
    store(root / "locales" / "messages.pot", template(entries))
    for code in LANGUAGES:
        catalog = read(root, code)
        known = catalog.translations()
        state = "human" if code == SOURCE_LANGUAGE else catalog.state
        store(catalog_path(root, code), render(code, state, ((e, kept(e, known, code)) for e in entries)))


def placeholders(text: str) -> set[str]:
    """The names in braces. Raises ValueError where a brace is alone or a name is not a plain one."""
    names = set()
    for _literal, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} is not a plain name")
        names.add(name)
    return names


@cache
def _stands_for_one_number(code: str, form: int) -> bool:
    """Whether the form may spell its number: Arabic's dual is only 2, Slovene's first form is 1, 101, 201."""
    rule = _plural_rule(LANGUAGES[code].plural_forms)
    return [rule(number) for number in range(1000)].count(form) == 1


def form_faults(entry: Entry, forms: Sequence[str], code: str) -> list[str]:
    """What is wrong with `forms` as the translation of `entry`."""
    if not any(map(str.strip, forms)):
        return ["no translation"]
    count = form_count(code) if entry.plural else 1
    if len(forms) != count:
        return [f"{len(forms)} forms, {count} needed"]
    found = []
    for number, form in enumerate(forms):
        where = f"form {number}: " if entry.plural else ""
        faults = _faults(entry, number, form, code) if form.strip() else ("no translation",)
        found += [where + fault for fault in faults]
    return found


def _faults(entry: Entry, number: int, form: str, code: str) -> Iterator[str]:
    yield from _placeholder_faults(entry, number, form, code)
    source = entry.source[min(number, len(entry.source) - 1)]
    if _edges(form) != _edges(source):
        yield "begins or ends with other spaces or line breaks than the source"
    if _icons(form) != _icons(source):
        yield "has other icons than the source"
    if set(form) & _BIDI_CONTROLS:
        yield "has invisible direction marks; they are added where a value goes in"
    if entry.context == WORDS:
        if not all(any(map(str.isalnum, word)) for word in re.split(r"[,،]", form)):
            yield "an empty word in the list"
        if set(form) & set(";؛、"):
            yield "the words of a list are separated by commas"
    yield from _script_faults(entry, form, code)


def _placeholder_faults(entry: Entry, number: int, form: str, code: str) -> Iterator[str]:
    wanted = {name for text in entry.source for name in placeholders(text)}
    try:
        found = placeholders(form)
    except ValueError as error:
        yield f"broken placeholder: {error}"
        return
    count = {"n"} if entry.plural else set()
    optional = count if _stands_for_one_number(code, number) else set()
    yield from (f"{{{name}}} is missing" for name in sorted(wanted - optional - found))
    yield from (f"{{{name}}} is not in the source" for name in sorted(found - wanted - count))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _icons(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) == "So"}


def _scripts(text: str) -> set[str]:
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}
    return names & {"LATIN", "CYRILLIC", "ARABIC", "BENGALI"}


def _script_faults(entry: Entry, form: str, code: str) -> Iterator[str]:
    own = _SCRIPTS.get(code, "LATIN")
    words = re.sub(r"\{\w*\}", " ", form)
    scripts = _scripts(words)
    # Lists of words take what people type, also in another script; names such as Telegram stay as they are.
    foreign = scripts - {own, "LATIN"} - _scripts("".join(entry.source)) if entry.context != WORDS else set()
    if foreign:
        yield f"has {', '.join(sorted(foreign)).title()} letters"
    elif scripts and own not in scripts and form not in entry.source:
        yield f"has no {own.title()} letters"
    if any({"LATIN", "CYRILLIC"} <= _scripts(word) for word in re.findall(r"\w+", words)):
        yield "a word mixes Latin and Cyrillic letters"


def _short(entry: Entry) -> str:
    text = f"{entry.context}: {entry.msgid}" if entry.context else entry.msgid
    return json.dumps(text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…", ensure_ascii=False)


def check_sources(entries: Iterable[Entry]) -> list[str]:
    """What is wrong with the English sentences, as lines `file:line: what`."""
    found = []
    for entry in entries:
        where = "{}:{}".format(*entry.places[0])
        try:
            lost = placeholders(entry.msgid) - placeholders(entry.plural or entry.msgid)
        except ValueError as error:
            found.append(f"{where}: broken placeholder: {error}")
            continue
        found += [f"{where}: {{{name}}} is not in the plural" for name in sorted(lost)]
    return found


def check_template(root: Path, entries: Iterable[Entry]) -> list[str]:
    """Whether locales/messages.pot is what the sources give."""
    path = root / "locales" / "messages.pot"
    same = path.exists() and path.read_text(encoding="utf-8") == template(entries)
    return [] if same else ["locales/messages.pot:1: not up to date: run `make messages`"]


def check_language(root: Path, entries: Iterable[Entry], code: str) -> list[str]:
    """What is missing or wrong in the catalog of `code`, as lines `file:line: what`."""
    path = catalog_path(root, code)
    name = path.relative_to(root).as_posix()
    if not path.exists():
        return [f"{name}:1: not there: run `make messages`"]
    try:
        catalog = read(root, code)
    except Broken as error:
        return [str(error)]
    right = {"Language": (code,), "Plural-Forms": (LANGUAGES[code].plural_forms,), "X-State": STATES}
    found = [
        f"{name}:1: {field} is not {' or '.join(values)}"
        for field, values in right.items()
        if catalog.fields.get(field) not in values
    ]
    known = catalog.translations()
    for entry in entries:
        old = known.pop(entry.key, None)
        where = f"{name}:{old.line if old else 1}"
        if old is None or old.plural != entry.plural:
            found.append(f"{where}: not up to date: run `make messages`: {_short(entry)}")
        elif old.fuzzy:
            found.append(f"{where}: marked fuzzy: {_short(entry)}")
        elif code == SOURCE_LANGUAGE and old.forms != entry.source:
            found.append(f"{where}: not as in the sources: {_short(entry)}")
        else:
            found += [f"{where}: {fault}: {_short(entry)}" for fault in form_faults(entry, old.forms, code)]
    return found + [f"{name}:{old.line}: no longer in the sources: run `make messages`" for old in known.values()]


def check(root: Path, entries: Sequence[Entry]) -> list[str]:
    """All that is wrong, as lines `file:line: what`. The catalogs wait until the sources are right."""
    languages = (line for code in LANGUAGES for line in check_language(root, entries, code))
    return check_sources(entries) or [*check_template(root, entries), *languages]


def missing(root: Path, entries: Iterable[Entry], code: str) -> Iterator[str]:
    """The sentences without a translation into `code`, as JSON lines. Raises Broken."""
    known = read(root, code).translations()
    for entry in entries:
        old = kept(entry, known, code)
        if old.fuzzy or not all(map(str.strip, old.forms)):
            row = {
                "context": entry.context,
                "msgid": entry.msgid,
                "plural": entry.plural,
                "comments": entry.comments,
                "locations": [f"{name}:{line}" for name, line in entry.places],
            }
            yield json.dumps(row, ensure_ascii=False)


def fill(root: Path, entries: Sequence[Entry], code: str, file: Path) -> list[str]:
    """Take the right ones of the JSON lines in `file`; returns what is wrong with the rest. Raises Broken."""
    by_key = {entry.key: entry for entry in entries}
    new: dict[tuple[str, str], tuple[str, ...]] = {}
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        try:
            new.update([_filled(line, by_key, code)] if line.strip() else [])
        except (Broken, json.JSONDecodeError) as error:
            found.append(f"{file}:{number}: {error}")
    catalog = read(root, code)
    known = catalog.translations()
    rows = []
    for entry in entries:
        old = kept(entry, known, code)
        rows.append((entry, replace(old, forms=new[entry.key], fuzzy=False) if entry.key in new else old))
    state = STATES[0] if new and catalog.state != "human" else catalog.state
    store(catalog_path(root, code), render(code, state, rows))
    return found


def _filled(line: str, entries: Mapping[tuple[str, str], Entry], code: str) -> tuple[tuple[str, str], tuple[str, ...]]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise Broken("not an object")
    entry = entries.get((row.get("context") or "", row.get("msgid") or ""))
    if entry is None:
        raise Broken("no such context and msgid in the sources")
    forms = row.get("msgstr") if entry.plural else [row.get("msgstr")]
    if not isinstance(forms, list) or not all(isinstance(form, str) for form in forms):
        raise Broken(f"msgstr must be {'a list of forms' if entry.plural else 'a text'}: {_short(entry)}")
    if faults := form_faults(entry, forms, code):
        raise Broken(f"{'; '.join(faults)}: {_short(entry)}")
    return entry.key, tuple(forms)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.messages", description="Extract, update, check.")
    languages = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="only check, write nothing")
    choice.add_argument("--missing", metavar="LANG", choices=languages, help="untranslated, as JSON lines")
    choice.add_argument("--fill", metavar=("LANG", "FILE"), nargs=2, help="take translations in JSON lines")
    options = parser.parse_args(arguments)
    if options.fill and options.fill[0] not in languages:
        parser.error(f"choose the language from {', '.join(languages)}")
    return options


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command. Returns 1 where something is wrong or not translated."""
    options = _options(arguments)
    try:
        entries = extract(root)
        if options.missing:
            sys.stdout.writelines(f"{line}\n" for line in missing(root, entries, options.missing))
            return 0
        if options.fill:
            found = check_sources(entries) or fill(root, entries, options.fill[0], Path(options.fill[1]))
        else:
            if not options.check:
                update(root, entries)
            found = check(root, entries)
    except Broken as error:
        found = [str(error)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
