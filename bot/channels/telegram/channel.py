"""The channel `telegram`: what the service asks of it, wired to the Bot API."""

from __future__ import annotations

import asyncio
import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.routing import BaseRoute, Route
from telegram import Bot, InputFile
from telegram.error import InvalidToken, TelegramError

from bot.channels.contract import Receive, Undeliverable
from bot.channels.telegram.intake import Polling, Presses, Webhook, persist
from bot.channels.telegram.publish import publish
from bot.channels.telegram.read import NAME, UPDATES, read
from bot.channels.telegram.refusals import code_of, refused
from bot.channels.telegram.request import Request
from bot.channels.telegram.show import calls
from bot.dialog.messages import Inbound, Laid, Limits
from bot.i18n import Catalogs

TELEGRAM_API: Final = "https://api.telegram.org"
LARGEST_FILE_BYTES: Final = 20 * 1024 * 1024  # what the Bot API lets a bot download
_WEBHOOK_CONNECTIONS: Final = 100
_FILE_PATH: Final = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
# Spelled so for do_api_request, see intake.py.
_GET_FILE: Final = "get_File"


class NoTelegram(Exception):
    """The platform cannot be used; the message says why in one sentence."""


class Telegram:
    """People who write to the desk's bot. `close` it at the end; `heard_at`: when the platform last spoke."""

    name: str = NAME
    # The Bot API takes 4096 units and 100 buttons; the rest is left for sender and title.
    limits: Limits = Limits(text_chars=4000, label_chars=60, buttons=100, short_label_chars=18, mirrors_rows=True)

    def __init__(
        self,
        token: str,
        api_url: str = TELEGRAM_API,
        catalogs: Catalogs | None = None,
        *,
        webhook_url: str = "",
        webhook_secret: str = "",
        desk_name: str = "",
        first_pause_s: float = 1.0,
    ) -> None:
        root = api_url.rstrip("/")
        # A connection of its own for the long poll, which must not wait behind what is being sent.
        self._request, self._polls = Request(), Request(connections=1)
        self.bot = Bot(token, f"{root}/bot", f"{root}/file/bot", self._request, get_updates_request=self._polls)
        self.webhook_url = webhook_url
        # Replicas share one address and so need one secret from the settings; a single process makes its own.
        self.webhook_secret = webhook_secret or secrets.token_urlsafe(32)
        self.heard_at: datetime | None = None
        self._files = f"{root}/file/bot{token}"
        self._catalogs = catalogs
        self._desk_name = desk_name
        self._first_pause_s = first_pause_s
        self._presses = Presses(self.bot)

    def read(self, external_id: str, raw: str, received_at: datetime) -> Inbound | None:
        """A stored update as a message; None if it is ignored on purpose. Raises Malformed."""
        return read(external_id, raw, received_at)

    async def send(self, key: str, laid: Laid, token: str | None) -> str:
        """Show a message; returns the platform's id for it (of its last part). Raises Undeliverable."""
        sent = ""
        for method, body in calls(int(key), laid, token):
            for what in {"document", "voice"} & body.keys() if laid.file is not None else ():
                body[what] = InputFile(body[what].data, body[what].name)
            answer = await self._call(method, body)
            sent = str(answer.get("message_id", ""))
        return sent

    async def fetch(self, file: str) -> bytes:
        """A file that somebody sent, from the Bot API server and nowhere else. Raises Undeliverable."""
        found = await self._call(_GET_FILE, {"file_id": file})
        path, size = found.get("file_path"), found.get("file_size", 0)
        if not isinstance(path, str) or not _FILE_PATH.fullmatch(path):
            raise Undeliverable("no_such_file")
        if isinstance(size, int) and size > LARGEST_FILE_BYTES:
            raise Undeliverable("too_big")
        try:
            return await self._request.download(f"{self._files}/{quote(path)}", LARGEST_FILE_BYTES)
        except TelegramError as error:
            raise refused(error) from None

    async def run(self, receive: Receive) -> None:
        """Take updates until cancelled: by polling, or by telling the platform where the webhook is."""
        publishing = asyncio.create_task(self._publish())
        try:
            if self.webhook_url:
                await persist(self._set_webhook, "setWebhook", self._first_pause_s)
                await asyncio.Event().wait()
            await persist(self._delete_webhook, "deleteWebhook", self._first_pause_s)
            polling = Polling(self.bot, self._presses, first_pause_s=self._first_pause_s, heard=self._heard)
            await polling.run(receive)
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)

    def routes(self, receive: Receive) -> list[BaseRoute]:
        """The webhook's route, at the path of its address; none while polling."""
        if not self.webhook_url:
            return []
        path = urlsplit(self.webhook_url).path or "/"
        return [Route(path, Webhook(self.webhook_secret, receive, self._heard).take, methods=["POST"])]

    async def describe(self) -> str:
        """One sentence about the bot and how its updates come. Raises NoTelegram."""
        try:
            me, webhook = await self.bot.get_me(), await self.bot.get_webhook_info()
        except InvalidToken:
            raise NoTelegram("the token is refused") from None
        except TelegramError as error:
            raise NoTelegram(f"the Bot API cannot be used ({code_of(error)})") from None
        way = f"webhook at {webhook.url}" if webhook.url else "long polling"
        return f"@{me.username}, {way}, {webhook.pending_update_count} updates waiting"

    async def close(self) -> None:
        """Close all connections."""
        await self._presses.close()
        await asyncio.gather(self._request.shutdown(), self._polls.shutdown())

    async def _call(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self.bot.do_api_request(method, parameters)
        except TelegramError as error:
            raise refused(error) from None
        if not isinstance(answer, dict):
            raise Undeliverable("faulty", uncertain=True)
        return answer

    async def _publish(self) -> None:
        if self._catalogs is not None:
            await publish(self.bot, self._catalogs, self._desk_name)

    async def _set_webhook(self) -> None:
        await self.bot.set_webhook(
            self.webhook_url,
            allowed_updates=UPDATES,
            secret_token=self.webhook_secret,
            max_connections=_WEBHOOK_CONNECTIONS,
        )

    async def _delete_webhook(self) -> None:
        await self.bot.delete_webhook()

    def _heard(self) -> None:
        self.heard_at = datetime.now(UTC)
