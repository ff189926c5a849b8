"""Whether the desk can run here: one line for each thing that must be right."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.answers.check import check_folder
from bot.answers.content import load
from bot.app import open_house
from bot.config import Settings
from bot.domain.migrations import is_current
from bot.domain.places import load_desk
from bot.house import House
from bot.i18n import LANGUAGES
from bot.paths import FAQ, LOCALES


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is fine, and one sentence."""

    what: str
    fine: bool
    sentence: str


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; a failing part does not hide the others."""
    findings = [await _look("content", _content), await _look("catalogs", _catalogs)]
    try:
        async with open_house(settings) as house:
            findings.append(Finding("database", await asyncio.to_thread(is_current, settings.database),
                                    "the schema is up to date and the key opens it"))  # fmt: skip
            findings.append(await _look("telegram", lambda: _telegram(house)))
            findings.append(_links(house, settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, say it
        findings.append(Finding("database", fine=False, sentence=f"{type(error).__name__}: {error}"))
    desk = load_desk(settings.desk)
    findings.append(
        Finding(
            "desk",
            fine=True,
            sentence=f"{desk.name} (the sample desk; name yours in SP_DESK)" if desk.sample else desk.name,
        )
    )
    return findings


async def _look(what: str, part: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(what, fine=True, sentence=await part())
    except Exception as error:  # noqa: BLE001
        return Finding(what, fine=False, sentence=str(error) or type(error).__name__)


async def _content() -> str:
    findings = check_folder(FAQ)
    if findings:
        raise ValueError(f"{len(findings)} findings; see starting-point content check")
    return f"{len(load(FAQ))} topics"


async def _catalogs() -> str:
    missing = [code for code in LANGUAGES if not (LOCALES / code / "LC_MESSAGES" / "messages.po").exists()]
    if missing:
        raise ValueError(f"no catalog for {', '.join(missing)}")
    return f"{len(LANGUAGES)} languages"


async def _telegram(house: House) -> str:
    from bot.channels.telegram import Telegram

    telegram = house.channels.get(Telegram.name)
    if not isinstance(telegram, Telegram):
        return "off (no SP_TELEGRAM_TOKEN)"
    return await telegram.describe()


def _links(house: House, settings: Settings) -> Finding:
    """Links in Telegram messages (a copy of one's data, an alert) must open from outside."""
    if "telegram" in house.channels and not settings.public_url:
        sentence = "SP_PUBLIC_URL is not set: links in Telegram messages open only on this machine"
        return Finding("links", fine=False, sentence=sentence)
    return Finding("links", fine=True, sentence=house.public_url)
