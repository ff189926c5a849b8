"""Catalogs as files: a sentence, its translation, and how a `messages.po` is read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, normalize

from bot.i18n import LANGUAGES

# Who made the translations of a catalog; `checked` is a machine's work that a person has gone through.
STATES: Final = ("machine", "human", "checked")


class Broken(Exception):
    """A file cannot be read; the message is `file:line: what`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of the sources, with the notes for translators and the places (file, line) that use it."""

    context: str
    msgid: str
    plural: str
    comments: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What a catalog holds once."""
        return self.context, self.msgid

    @property
    def source(self) -> tuple[str, ...]:
        """The English forms."""
        return (self.msgid, self.plural) if self.plural else (self.msgid,)


@dataclass(frozen=True, slots=True)
class Translation:
    """The forms of one sentence in one language, as its catalog has them."""

    forms: tuple[str, ...]
    plural: str = ""
    line: int = 1
    fuzzy: bool = False
    notes: tuple[str, ...] = ()


class File(Catalog):
    """A catalog that counts forms by our table, whatever its header claims, and keeps every header field."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.fields: dict[str, str] = {}

    @property
    def num_plurals(self) -> int:
        """The number of forms."""
        return form_count(self.code)

    @property
    def state(self) -> str:
        """Who made the translations."""
        state = self.fields.get("X-State", "")
        return state if state in STATES else STATES[0]

    def __setitem__(self, id: Any, message: Message) -> None:  # noqa: A002, ANN401 - Babel's signature
        if id:
            super().__setitem__(id, message)
        else:
            self.fields = dict(message_from_string(str(message.string)).items())

    def translations(self) -> dict[tuple[str, str], Translation]:
        """Everything but the header."""
        found = {}
        for message in filter(lambda message: message.id, self):
            msgid, plural = message.id if isinstance(message.id, tuple | list) else (message.id, "")
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            texts, notes = tuple(map(str, forms)), tuple(message.user_comments)
            line = message.lineno or 1
            found[message.context or "", msgid] = Translation(texts, plural, line, message.fuzzy, notes)
        return found


def form_count(code: str) -> int:
    """How many plural forms `code` has."""
    return int(LANGUAGES[code].plural_forms.split(";")[0].removeprefix("nplurals="))


def catalog_path(root: Path, code: str) -> Path:
    """Where the catalog of `code` is."""
    return root / "locales" / code / "LC_MESSAGES" / "messages.po"


def read(root: Path, code: str) -> File:
    """The catalog of `code`, empty if there is none. Raises Broken."""
    catalog = File(code)
    path = catalog_path(root, code)
    name = path.relative_to(root).as_posix()
    if not path.exists():
        return catalog
    try:
        with path.open(encoding="utf-8") as lines:
            PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(lines)
    except PoFileError as error:
        what = str(error).removesuffix(f" on {error.lineno}")
        raise Broken(f"{name}:{error.lineno + 1}: cannot be read: {what}") from error
    except ValueError as error:
        raise Broken(f"{name}:1: cannot be read: {error}") from error
    return catalog


def render(code: str, state: str, rows: Iterable[tuple[Entry, Translation]]) -> str:
    """The text of a catalog, or of the template where `code` is empty."""
    fields = "".join(f"{name}: {value}\n" for name, value in _headers(code, state).items())
    lines = ['msgid ""', f"msgstr {normalize(fields, width=0)}"]
    for entry, translation in rows:
        lines += _block(entry, translation)
    return "\n".join(lines) + "\n"


def store(path: Path, text: str) -> None:
    """Write `text` if it is new, in one step: somebody else may be reading the file."""
    if path.exists() and path.read_bytes() == text.encode():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}~")
    beside.write_bytes(text.encode())
    beside.replace(path)


def _headers(code: str, state: str) -> dict[str, str]:
    # Dates and program names are left out: they would change at every run.
    own = {"Language": code, "Plural-Forms": LANGUAGES[code].plural_forms, "X-State": state} if code else {}
    return {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **own,
    }


def _block(entry: Entry, translation: Translation) -> Iterator[str]:
    yield ""
    yield from (f"# {note}".rstrip() for note in translation.notes)
    yield from (f"#. {comment}" for comment in entry.comments)
    # No line numbers: they would change with every edit of the sources.
    yield from (f"#: {name}" for name in dict.fromkeys(name for name, _line in entry.places))
    braces = any("{" in form for form in entry.source)
    flags = ["fuzzy"] * translation.fuzzy + ["python-brace-format"] * braces
    if flags:
        yield f"#, {', '.join(flags)}"
    if entry.context:
        yield f"msgctxt {normalize(entry.context, width=0)}"
    yield f"msgid {normalize(entry.msgid, width=0)}"
    if not entry.plural:
        yield f"msgstr {normalize(translation.forms[0], width=0)}"
        return
    yield f"msgid_plural {normalize(entry.plural, width=0)}"
    for number, form in enumerate(translation.forms):
        yield f"msgstr[{number}] {normalize(form, width=0)}"
