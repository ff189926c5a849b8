"""Pages for machines and for one's own data: health, readiness, figures, a copy of what is kept."""

from __future__ import annotations

import html
import json
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.domain import copies, tickets
from bot.domain.inbound import InboundState, StoredUpdate
from bot.domain.outgoing import OutboxState, Outgoing
from bot.house import House
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, Text, _, language_of_platform

_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
}  # fmt: skip


def routes(house: House) -> list[BaseRoute]:
    """`/healthz`, `/readyz`, `/metrics` and `/copy/…`."""
    pages = _Pages(house)
    return [
        Route("/healthz", pages.healthz),
        Route("/readyz", pages.readyz),
        Route("/metrics", pages.metrics),
        Route("/copy/{token}", pages.offer_copy, methods=["GET"]),
        Route("/copy/{token}", pages.give_copy, methods=["POST"]),
    ]


class _Pages:
    def __init__(self, house: House) -> None:
        self.house = house
        self.registry = CollectorRegistry()
        self.gauges = {
            name: Gauge(f"starting_point_{name}", meaning, registry=self.registry)
            for name, meaning in (
                ("inbound_pending", "Updates that are stored and not dealt with"),
                ("inbound_dead", "Updates that were set aside"),
                ("outbox_open", "Messages that are not sent yet"),
                ("outbox_uncertain", "Messages that may or may not have arrived"),
                ("dangers_ringing", "Dangers that nobody has taken"),
            )
        }

    async def healthz(self, _request: Request) -> Response:
        """The process lives."""
        return PlainTextResponse("ok")

    async def readyz(self, _request: Request) -> Response:
        """The database answers."""
        try:
            async with self.house.db.reading() as session:
                await session.execute(text("SELECT 1"))
        except Exception:  # noqa: BLE001 - whatever it is, we are not ready
            return JSONResponse({"ready": False}, status_code=503)
        return JSONResponse({"ready": True})

    async def metrics(self, _request: Request) -> Response:
        """Figures for Prometheus, without anything personal."""
        async with self.house.db.reading() as session:
            stored = await session.execute(select(StoredUpdate.state, func.count()).group_by(StoredUpdate.state))
            inbound: dict[str, int] = {state: count for state, count in stored}  # noqa: C416
            leaving = await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
            outbox: dict[str, int] = {state: count for state, count in leaving}  # noqa: C416
            ringing = await tickets.ringing(session)
        self.gauges["inbound_pending"].set(inbound.get(InboundState.PENDING, 0))
        self.gauges["inbound_dead"].set(inbound.get(InboundState.DEAD, 0))
        self.gauges["outbox_open"].set(outbox.get(OutboxState.QUEUED, 0) + outbox.get(OutboxState.SENDING, 0))
        self.gauges["outbox_uncertain"].set(outbox.get(OutboxState.UNCERTAIN, 0))
        self.gauges["dangers_ringing"].set(len(ringing))
        return Response(generate_latest(self.registry), media_type="text/plain; version=0.0.4")

    async def offer_copy(self, request: Request) -> Response:
        """A page with one button, so that a link preview does not use the link up."""
        language = self._language(request)
        title, button = self._say(_("Your data"), language), self._say(_("Get a copy"), language)
        once = self._say(_("This link works once, for ten minutes."), language)
        body = (
            f'<!doctype html><html lang="{language}" dir="{LANGUAGES[language].direction}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f'<h1>{title}</h1><p>{once}</p><form method="post"><button>{button}</button></form></html>'
        )
        return HTMLResponse(body, headers=_SAFE)

    async def give_copy(self, request: Request) -> Response:
        """Everything that is kept, as a file; afterwards the link is used up."""
        async with self.house.db.transaction() as session:
            copy = await copies.redeem(session, request.path_params["token"], self.house.now())
        if copy is None:
            gone = self._say(
                _("This link does not work any more. Ask for a new one in the chat."), self._language(request)
            )
            return HTMLResponse(f"<!doctype html><meta charset=utf-8><p dir=auto>{gone}</p>", 404, headers=_SAFE)
        headers = {**_SAFE, "Content-Disposition": 'attachment; filename="my-data.json"'}
        return Response(json.dumps(copy, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)

    def _language(self, request: Request) -> str:
        accepted = request.headers.get("accept-language", "").split(",")
        found = (language_of_platform(one.split(";")[0].strip()) for one in accepted)
        return next((language for language in found if language), SOURCE_LANGUAGE)

    def _say(self, sentence: Text, language: str) -> str:
        return html.escape(self.house.catalogs.say(sentence, language))
