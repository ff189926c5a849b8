"""Texts in fourteen languages: message id and values now, a sentence in the person's language later."""

from __future__ import annotations

import gettext
import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE_LANGUAGE: Final = "en"
_OWN_WORDS: Final = "\0"  # the context of texts that are shown as they stand
_LINES: Final = "\1"  # the context of several texts joined
FSI, PDI, LRM, NBSP = "\u2068", "\u2069", "\u200e", "\u00a0"

_RULE_ONE = "nplurals=2; plural=(n != 1);"
_RULE_SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
_RULE_SLOVENE = "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);"
_RULE_ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
# CLDR counts 0 and 1 as `one` in Bengali and Dari/Persian; Macedonian says `one` for 1, 21, 31 … but not 11.
_RULE_ZERO_ONE = "nplurals=2; plural=(n > 1);"
_RULE_MACEDONIAN = "nplurals=2; plural=(n%10==1 && n%100!=11 ? 0 : 1);"


@dataclass(frozen=True, slots=True)
class Language:
    """One launch language: its own name, its CLDR locale, and the plural rule pinned for its catalog."""

    code: str
    native: str
    locale: str
    plural_forms: str
    right_to_left: bool = False

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML spells it."""
        return "rtl" if self.right_to_left else "ltr"


LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language
    for language in (
        Language("sl", "Slovenščina", "sl", _RULE_SLOVENE),
        Language("en", "English", "en_GB", _RULE_ONE),
        Language("bs", "Bosanski / Hrvatski / Srpski", "bs_Latn", _RULE_SLAVIC),
        Language("sr", "Српски", "sr_Cyrl", _RULE_SLAVIC),
        Language("sq", "Shqip", "sq", _RULE_ONE),
        Language("mk", "Македонски", "mk", _RULE_MACEDONIAN),
        Language("ar", "العربية", "ar", _RULE_ARABIC, right_to_left=True),
        Language("fa", "دری / فارسی", "fa_AF", _RULE_ZERO_ONE, right_to_left=True),
        Language("ps", "پښتو", "ps", _RULE_ONE, right_to_left=True),
        Language("ur", "اردو", "ur", _RULE_ONE, right_to_left=True),
        Language("bn", "বাংলা", "bn", _RULE_ZERO_ONE),
        Language("ru", "Русский", "ru", _RULE_SLAVIC),
        Language("uk", "Українська", "uk", _RULE_SLAVIC),
        Language("es", "Español", "es", _RULE_ONE),
    )
}

# What platforms and browsers say, where it differs from our codes. Montenegrin and Croatian read the Latin catalog.
_PLATFORM_CODES: Final = {
    "hr": "bs", "sh": "bs", "cnr": "bs", "me": "bs", "sr-latn": "bs", "prs": "fa", "pes": "fa", "pus": "ps",
    "alb": "sq", "sqi": "sq", "ben": "bn", "urd": "ur", "ara": "ar",
}  # fmt: skip


def language_of_platform(code: str | None) -> str | None:
    """Our language for a platform's or browser's code (`sr-Latn-RS` → `bs`), or None."""
    parts = (code or "").lower().replace("_", "-").split("-")
    for size in range(len(parts), 0, -1):
        name = "-".join(parts[:size])
        if name in _PLATFORM_CODES:
            return _PLATFORM_CODES[name]
        if name in LANGUAGES:
            return name
    return None


class Verbatim(str):
    """A value that goes in untouched: an address on the web, a /command, a case number."""

    __slots__ = ()


class Phone(str):
    """A telephone number. Its spaces do not break, which also keeps its groups in order in right-to-left text."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence not yet in any language: English message id and the values that go into it."""

    msgid: str
    values: Mapping[str, Value]
    plural: str = ""
    count: int = 0
    context: str = ""

    def __hash__(self) -> int:
        return hash((self.msgid, self.plural, self.count, self.context))

    def fingerprint(self) -> str:
        """Twelve hex digits that change when the sentence or a value does, whatever the language."""
        shape = json.dumps([self.context, self.msgid, self.count, _plain(self.values)], sort_keys=True)
        return hashlib.sha256(shape.encode()).hexdigest()[:12]


Value: TypeAlias = str | int | float | date | datetime | time | Text | Sequence["Value"]


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return [value.context, value.msgid, value.count, _plain(value.values)]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def _(msgid: str, /, **values: Value) -> Text:
    """Mark a sentence for translation."""
    return Text(msgid, values)


def _n(singular: str, plural: str, count: int, /, **values: Value) -> Text:
    """Mark a sentence whose form depends on `count`, which is also the value `{n}`."""
    return Text(singular, {"n": count, **values}, plural, count)


def _p(context: str, msgid: str, /, **values: Value) -> Text:
    """Mark a sentence whose meaning needs a context (a verb or a noun, a list of synonyms)."""
    return Text(msgid, values, context=context)


def raw(value: str) -> Text:
    """A text that is shown as it stands in every language: somebody's own words, a name."""
    return Text("{value}", {"value": Verbatim(value)}, context=_OWN_WORDS)


def isolate(value: str, language: Language) -> str:
    """`value` between bidi isolates where it could disturb the order of the sentence around it."""
    value = value.translate(_CONTROLS)
    ours = "R" if language.right_to_left else "L"
    strong = {"R" if kind in {"R", "AL"} else "L" for kind in map(unicodedata.bidirectional, value) if kind in _STRONG}
    harmless = strong == {ours} or (not language.right_to_left and not strong)
    return value if harmless else f"{FSI}{value}{PDI}"


_STRONG: Final = frozenset({"L", "R", "AL"})
# Somebody's own direction controls would reach into the sentence around their words.
_CONTROLS: Final = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


class Catalogs:
    """The translations of one folder of `messages.po` files, compiled in memory. Fuzzy entries do not count."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._forms: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        self._plural: dict[str, Callable[[int], int]] = {}
        for code, language in LANGUAGES.items():
            self._plural[code] = _plural_rule(language.plural_forms)
            self._forms[code] = _read_catalog(folder / code / "LC_MESSAGES" / "messages.po", code)

    def has(self, text: Text, language: str) -> bool:
        """Whether `text` is translated into `language` (English is the source)."""
        if language == SOURCE_LANGUAGE or text.context in {_OWN_WORDS, _LINES}:
            return True
        return (text.context, text.msgid) in self._forms[language]

    def say(self, text: Text, language: str) -> str:
        """`text` as a sentence in `language`; English where the translation is missing."""
        template = self._template(text, language)
        if not text.values:
            return template
        chosen = LANGUAGES[language]
        if text.context == _LINES:  # each stands on a line of its own and disturbs no other
            lines = {name: self.say(one, language) for name, one in text.values.items() if isinstance(one, Text)}
            return template.format_map(lines)
        return template.format_map({name: self._value(value, chosen) for name, value in text.values.items()})

    def _template(self, text: Text, language: str) -> str:
        forms = self._forms[language].get((text.context, text.msgid))
        if forms is None:
            return text.plural if text.plural and text.count != 1 else text.msgid
        if not text.plural:
            return forms[0]
        return forms[min(self._plural[language](abs(text.count)), len(forms) - 1)]

    def _value(self, value: Value, language: Language) -> str:
        match value:
            case Verbatim():
                # Without the mark a /command in right-to-left text shows as command/.
                return f"{LRM}{value}" if language.right_to_left and value.startswith("/") else str(value)
            case Phone():
                return isolate(value.replace(" ", NBSP), language)
            case str():
                return isolate(value, language)
            case Text():
                words = self.say(value, language.code)
                return isolate(words, language) if value.context == _OWN_WORDS else words
            case int() | float():
                return format_decimal(value, locale=language.locale)
            case datetime():
                # All offices here use the 24-hour clock, also where CLDR would say a.m. and p.m.
                return f"{format_date(value, _day_pattern(language.locale), locale=language.locale)}, {value:%H:%M}"
            case date():
                return format_date(value, "long", locale=language.locale)
            case time():
                return f"{value:%H:%M}"
            case _:
                return self.listed([self._value(item, language) for item in value], language.code)

    def listed(self, items: Sequence[str], language: str) -> str:
        """`items` as a list in a sentence ("a, b and c")."""
        return format_list(list(items), locale=LANGUAGES[language].locale)


def month_name(day: date, language: str) -> str:
    """The month of `day` with its year, as it stands by itself ("November 2026")."""
    return format_date(day, "LLLL y", locale=LANGUAGES[language].locale)


def short_day(day: date, language: str) -> str:
    """A day with its weekday, short enough for a button ("Tue 24 Nov")."""
    return format_skeleton("MMMEd", day, locale=LANGUAGES[language].locale)


def weekday_name(weekday: int, language: str, *, short: bool = False) -> str:
    """A day of the week (0 is Monday), as it stands by itself ("Monday", "Mon")."""
    day = date(2024, 1, 1 + weekday)  # that year began on a Monday
    return format_date(day, "ccc" if short else "cccc", locale=LANGUAGES[language].locale)


def language_name(code: str, language: str) -> str:
    """What our language `code` is called in `language`; its own name where CLDR does not know."""
    known = Locale.parse(LANGUAGES[language].locale).languages
    return str(known.get(code) or LANGUAGES[code].native)


@cache
def _day_pattern(locale: str) -> str:
    """The CLDR pattern of this locale's long date, with the weekday in front."""
    return str(Locale.parse(locale).date_formats["full"].pattern)


def _plural_rule(plural_forms: str) -> Callable[[int], int]:
    return gettext.c2py(plural_forms.split("plural=", 1)[1].rstrip(";"))


def _read_catalog(path: Path, code: str) -> dict[tuple[str, str], tuple[str, ...]]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGES[code].locale)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
            found[message.context or "", msgid] = tuple(str(form) for form in forms)
    return found


def joined(texts: Iterable[Text], between: str = "\n") -> Text:
    """Several texts as one, each on its own line."""
    items = list(texts)
    template = between.join(f"{{t{number}}}" for number in range(len(items)))
    return Text(template, {f"t{number}": item for number, item in enumerate(items)}, context=_LINES)
