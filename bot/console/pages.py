"""From a template, a language and values to a page with its security headers."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.domain.wall import write_clock
from bot.house import House
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, Text, Value, _n, language_of_platform

STATIC: Final = Path(__file__).parent / "static"
_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
# `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with our own forms.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
# Scripts by nonce only: a file that somebody uploaded must not become one, although it has our origin.
_POLICY: Final = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to be rendered once the transaction is over."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class Assets(StaticFiles):
    """Our own files. Their addresses change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, for a day in the browser's cache."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response


@cache
def asset(name: str) -> str:
    """The address of one of our own files, with a mark of its content."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/console/static/{name}?v={mark}"


def page(house: House, shown: Shown, language: str) -> Response:
    """The finished page with its headers."""
    nonce = secrets.token_urlsafe(16)
    values = {**_telling(house, language), "nonce": nonce, "asset": asset, "desk": house.desk, **shown.values}
    body = _PAGES.get_template(shown.template).render(values)
    return secured(HTMLResponse(body, shown.status), f"'nonce-{nonce}'")


def secured(response: Response, scripts: str = "'none'") -> Response:
    """The response with the headers that every answer of the console carries."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(scripts=scripts))
    return response


def asked_language(accepted: str, wanted: str = "") -> str:
    """The language for somebody whom we do not know yet: what they picked, else what their browser asks for."""
    if wanted in LANGUAGES:
        return wanted
    for entry in accepted.split(","):
        found = language_of_platform(entry.split(";")[0].strip())
        if found:
            return found
    return SOURCE_LANGUAGE


def _telling(house: House, code: str) -> dict[str, Any]:
    """What templates speak with: `_`, `_n`, `say`, and times in the desk's zone."""
    language, now, zone = LANGUAGES[code], house.now(), house.desk.zone

    def say(text: Text) -> str:
        return house.catalogs.say(text, code)

    def message(msgid: str, **values: Value) -> str:
        return say(Text(msgid, values))

    def counted(singular: str, plural: str, count: int, **values: Value) -> str:
        return say(_n(singular, plural, count, **values))

    def moment(at: datetime) -> str:
        local = at.astimezone(zone)
        if local.date() == now.astimezone(zone).date():
            return f"{local:%H:%M}"
        return f"{format_date(local, 'medium', locale=language.locale)}, {local:%H:%M}"

    def day(value: date) -> str:
        return format_date(value, "medium", locale=language.locale)

    def weekday(value: date) -> str:
        return format_date(value, "EEEE", locale=language.locale)

    def month(value: date) -> str:
        return format_date(value, "LLL", locale=language.locale)

    def ago(at: datetime) -> str:
        return format_timedelta(whole(now - at), "minute", 1.0, format="short", locale=language.locale)

    return {
        "_": message, "_n": counted, "say": say, "moment": moment, "day": day, "ago": ago, "iso": iso,
        "weekday": weekday, "month": month, "clock": write_clock,
        "language": language, "languages": LANGUAGES,
    }  # fmt: skip


def iso(at: datetime) -> str:
    """An instant for machines."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def whole(passed: timedelta) -> timedelta:
    """`passed` without the part below its largest unit: 119 minutes are one hour, not two."""
    minutes = max(int(passed.total_seconds() // 60), 0)
    for unit in (24 * 60, 60):
        if minutes >= unit:
            return timedelta(minutes=minutes - minutes % unit)
    return timedelta(minutes=minutes)
