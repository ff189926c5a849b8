"""The page itself, its static files, and the headers that guard it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.house import House
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, language_of_platform
from bot.webchat.words import EMERGENCY, interface

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
_ALL_FILES: Final = b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()))
# A changed file changes the address of all, so that browsers may keep them for ever.
FILES: Final = f"/chat/static/{hashlib.sha256(_ALL_FILES).hexdigest()[:12]}"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",  # going back to the page must not bring a closed conversation back
    "Vary": "Accept-Language",
}
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


class LastingFiles(StaticFiles):
    """Static files under an address that changes with them."""

    def file_response(
        self,
        full_path: os.PathLike[str] | str,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, to be kept for a year."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def show(house: House, request: Request) -> Response:
    """The page in the language that was asked for, or that the browser prefers."""
    preferred = languages_of(request.headers.get("accept-language", ""))
    asked = language_of_platform(request.query_params.get("lang"))
    language = asked or (preferred[0] if preferred else SOURCE_LANGUAGE)
    offered = sorted(LANGUAGES.values(), key=lambda one: _place(one.code, [language, *preferred]))
    words = interface(house, language)
    html = _TEMPLATES.get_template("chat.html").render(
        desk=house.desk.name, language=LANGUAGES[language], languages=LANGUAGES.values(), offered=offered,
        words=words["words"], files=FILES, emergency=EMERGENCY,
        data=_for_script({**words, "locales": {code: one.locale for code, one in LANGUAGES.items()}}),
    )  # fmt: skip
    return HTMLResponse(html, headers={**HEADERS, "Content-Language": language})


def languages_of(header: str) -> list[str]:
    """Our languages among those of an Accept-Language header, the most wanted first."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        code = language_of_platform(tag)
        if code is not None:
            wanted.append((-_quality(quality), code))
    return list(dict.fromkeys(code for weight, code in sorted(wanted, key=lambda one: one[0]) if weight < 0))


def _quality(value: str) -> float:
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0


def _place(code: str, first: list[str]) -> int:
    return first.index(code) if code in first else len(first)


def _for_script(data: object) -> Markup:
    """JSON for a data block: nothing in it can end the block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704
