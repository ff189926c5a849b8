"""Every page of the console with the right that it takes. A page that is not here does not exist."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.console import (
    account,
    cases,
    compare,
    content,
    deeds,
    facts,
    gaps,
    history,
    live,
    questions,
    recordings,
    report,
    team,
    texts,
    words,
)
from bot.console.account import LogIn
from bot.console.gate import MOST_BODY_BYTES, Gate, Page, Refused
from bot.console.pages import STATIC, Assets
from bot.domain.policy import Verb
from bot.house import House

PAGES: Final = (
    Page("GET", "/console", account.home, None),
    Page("GET", "/console/", account.home, None),
    Page("GET", "/console/cases", cases.overview, Verb.LIST_CASES),
    Page("GET", "/console/cases/list", cases.rows, Verb.LIST_CASES, touches=False, writes=False),
    Page("GET", "/console/now", cases.now, Verb.LIST_CASES, touches=False, writes=False),
    Page("GET", "/console/events", live.events, Verb.LIST_CASES, touches=False, writes=False),
    Page("GET", "/console/cases/{ticket:int}", cases.case, Verb.READ_CASE),
    Page("GET", "/console/cases/{ticket:int}/thread", cases.thread, Verb.READ_CASE, touches=False),
    Page("GET", "/console/cases/{ticket:int}/files/{message:int}", cases.attachment, Verb.READ_CASE),
    Page("POST", "/console/cases/{ticket:int}/claim", deeds.claim, Verb.CLAIM),
    Page("POST", "/console/cases/{ticket:int}/reply", deeds.reply, Verb.REPLY),
    Page("POST", "/console/cases/{ticket:int}/close", deeds.close, Verb.CLOSE),
    Page("POST", "/console/cases/{ticket:int}/alert", deeds.take_alert, Verb.TAKE_ALERT),
    Page("POST", "/console/on-call", account.on_call, Verb.BE_ON_CALL),
    Page("GET", "/console/content", content.overview, Verb.READ_CONTENT),
    Page("GET", "/console/content/files.zip", content.download, Verb.EDIT_FACTS),
    Page("GET", "/console/content/gaps", gaps.overview, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/gaps", gaps.settle, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/gaps/reopen", gaps.reopen, Verb.EDIT_CONTENT),
    Page("GET", "/console/content/facts", facts.overview, Verb.EDIT_FACTS),
    Page("POST", "/console/content/facts", facts.save, Verb.EDIT_FACTS),
    Page("POST", "/console/content/facts/undo", facts.undo, Verb.EDIT_FACTS),
    Page("GET", "/console/content/compare", compare.languages, Verb.EDIT_CONTENT),
    Page("GET", "/console/content/compare/{language}", compare.compare, Verb.EDIT_CONTENT),
    Page("GET", "/console/content/{topic}/{language}", content.text, Verb.READ_CONTENT),
    Page("GET", "/console/content/{topic}/{language}/history", history.history, Verb.READ_CONTENT),
    Page("GET", "/console/content/{topic}/{language}/questions", questions.listed, Verb.READ_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/questions", questions.add, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/questions/remove", questions.remove, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/questions/undo", questions.undo, Verb.EDIT_CONTENT),
    Page("GET", "/console/content/{topic}/{language}/edit", texts.form, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/edit", texts.save, Verb.EDIT_CONTENT),
    Page(
        "POST",
        "/console/content/{topic}/{language}/preview",
        texts.preview,
        Verb.EDIT_CONTENT,
        touches=False,
        writes=False,
    ),
    Page("POST", "/console/content/{topic}/{language}/undo", texts.undo, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/use", texts.use, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/recheck", texts.recheck, Verb.EDIT_CONTENT),
    Page("GET", "/console/content/{topic}/{language}/recording", recordings.play, Verb.READ_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/recording/remove", recordings.remove, Verb.EDIT_CONTENT),
    Page("POST", "/console/content/{topic}/{language}/right", compare.right, Verb.EDIT_CONTENT),
    Page("GET", "/console/report", report.overview, Verb.READ_REPORT),
    Page("GET", "/console/report.csv", report.as_csv, Verb.READ_REPORT),
    Page("GET", "/console/staff", team.team, Verb.MANAGE_STAFF),
    Page("POST", "/console/staff", team.add, Verb.MANAGE_STAFF),
    Page("POST", "/console/staff/{member:int}", team.change, Verb.MANAGE_STAFF),
    Page("POST", "/console/staff/{member:int}/disable", team.disable, Verb.MANAGE_STAFF),
    Page("POST", "/console/staff/{member:int}/enable", team.enable, Verb.MANAGE_STAFF),
    Page("POST", "/console/staff/{member:int}/password", team.new_password, Verb.MANAGE_STAFF),
    Page("GET", "/console/account", account.account, None),
    Page("POST", "/console/account/password", account.change_password, None),
    Page("POST", "/console/account/telegram", account.link_telegram, None),
    Page("POST", "/console/account/telegram/unlink", account.unlink_telegram, None),
    Page("POST", "/console/account/recordings", recordings.remove_mine, None),
    Page("POST", "/console/language", account.speak, None),
    Page("POST", "/console/stay", account.stay, None),
    Page("POST", "/console/logout", account.log_out, None),
)


def routes(house: House, closing: asyncio.Event | None = None) -> list[BaseRoute]:
    """The staff pages below `/console`. Their live streams end when `closing` is set."""
    gate = Gate(house, closing or asyncio.Event())
    log_in = LogIn(gate)

    async def nothing(_request: Request) -> Response:
        raise Refused(404, words.NO_SUCH_PAGE)

    return [
        *[
            Route(page.path, gate.endpoint(page), methods=[page.method], max_body_size=MOST_BODY_BYTES)
            for page in PAGES
        ],
        Route("/console/login", gate.caught(log_in.ask), methods=["GET"]),
        Route("/console/login", gate.caught(log_in.take), methods=["POST"], max_body_size=MOST_BODY_BYTES),
        Mount("/console/static", Assets(directory=STATIC)),
        Route("/console/{rest:path}", gate.caught(nothing), methods=["GET", "POST"], max_body_size=MOST_BODY_BYTES),
    ]
