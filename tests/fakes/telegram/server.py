"""The fake platform as one object: its address, its people, its faults."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote

import tests.fakes.telegram.profile  # noqa: F401 - registers its methods
from tests.fakes.telegram import control
from tests.fakes.telegram.chats import Chat, Message
from tests.fakes.telegram.forms import Call, Json, RefusalError, bad, decode
from tests.fakes.telegram.http import Listener, Reply, Request
from tests.fakes.telegram.intake import Intake, ok
from tests.fakes.telegram.limits import Fault, FaultKind, Limits, TooManyError, strike
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.people import NEVER_STARTED, Group, User
from tests.fakes.telegram.world import Counters, World

TEST_TOKEN = "1000001:made-up-token-of-the-tests-0000000"
Found = TypeVar("Found")
_INTAKE = frozenset({"getupdates", "setwebhook", "deletewebhook", "getwebhookinfo"})


class FakeTelegram:
    """A Bot API server with people behind it; `async with` opens and closes its socket."""

    def __init__(
        self,
        token: str = TEST_TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
        latency_seconds: float = 0.0,
        webhook_retry_seconds: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.world = World(token, clock, limits or Limits(), seed)
        self.intake: Intake = Intake(self.world, webhook_retry_seconds)
        self.latency_seconds = latency_seconds
        self._listener = Listener(self._handle, host, port)
        self._prefix = f"/bot{token}/"
        self._file_prefix = f"/file/bot{token}/"
        self._users: dict[int, User] = {}
        self._groups: dict[int, Group] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.intake.stop()
        await self.stop()

    async def start(self) -> None:
        """Answer on the port, the first time or again after `stop`."""
        await self._listener.start()

    async def stop(self) -> None:
        """Become unreachable; everything is remembered."""
        self.intake.evict()
        await self._listener.stop()

    @property
    def url(self) -> str:
        """The server's root, for SP_TELEGRAM_API_URL."""
        return f"http://{self._listener.host}:{self._listener.port}"

    @property
    def sent(self) -> list[Message]:
        """All messages of the bot in the order in which they took effect."""
        return self.world.sent

    @property
    def counters(self) -> Counters:
        """What happened so far."""
        return self.world.counters

    def user(
        self,
        number: int,
        *,
        first_name: str = "Sample",
        last_name: str = "",
        username: str = "",
        language_code: str = "",
        is_bot: bool = False,
        started: bool = True,
    ) -> User:
        """The person of that number, made at the first call; only if `started` may the bot write first."""
        if number in self._users:
            return self._users[number]
        names = {"first_name": first_name, "last_name": last_name, "username": username}
        names = {key: value for key, value in names.items() if value}
        face: Json = {"id": number, "is_bot": is_bot, **names}
        if language_code:
            face["language_code"] = language_code
        chat = Chat(number, "private", {"id": number, "type": "private", **names})
        if not started:
            chat.refuses = NEVER_STARTED
        self.world.chats[number] = chat
        self._users[number] = User(self.world, face, chat)
        return self._users[number]

    def group(self, number: int, *, title: str = "Sample group", forum: bool = False) -> Group:
        """The group of that number, made at the first call; a forum is a supergroup."""
        if number not in self._groups:
            kind = "supergroup" if forum or number < -(10**12) else "group"
            face: Json = {"id": number, "type": kind, "title": title}
            if forum:
                face["is_forum"] = True
            chat = Chat(number, kind, face, forum=forum)
            self.world.chats[number] = chat
            self._groups[number] = Group(self.world, chat)
        return self._groups[number]

    def fault(self, kind: FaultKind | str, *, method: str = "*", **rule: Any) -> Fault:  # noqa: ANN401
        """Let calls go wrong from now on; once unless `times` says otherwise (see Fault)."""
        fault = Fault(FaultKind(kind), method.lower(), **rule)
        self.world.faults.append(fault)
        return fault

    def pushes(self, update: Json) -> int:
        """Queue any object as an update, malformed or not. Returns its number."""
        number = self.world.queue.add_raw(update)
        self.intake.wake()
        return number

    def redelivers(self, update_id: int) -> None:
        """Deliver a confirmed update once more. Raises LookupError."""
        self.world.queue.redeliver(update_id)
        self.intake.wake()

    async def until(self, condition: Callable[[], Found], *, seconds: float = 10.0) -> Found:
        """The first true value of `condition`, asked after each change. Raises TimeoutError."""
        return await self.world.until(condition, seconds)  # type: ignore[return-value]

    async def settled(self, *, seconds: float = 10.0) -> None:
        """Wait until nothing is left to be delivered and confirmed. Raises TimeoutError."""
        await self.world.until(lambda: not self.world.queue, seconds)

    def _handle(self, request: Request) -> Reply | Coroutine[Any, Any, Reply]:
        path = unquote(request.path)
        if path.startswith(self._prefix):
            return self._call(request, path[len(self._prefix) :].lower())
        if path.startswith(self._file_prefix):
            return self._download(path[len(self._file_prefix) :])
        if path.startswith("/control/"):
            return control.answer(self, request)
        if path.startswith("/bot"):
            return refuse(self.world, RefusalError(401, "Unauthorized"))
        return refuse(self.world, RefusalError(404, "Not Found"))

    def _call(self, request: Request, method: str) -> Reply | Coroutine[Any, Any, Reply]:
        world = self.world
        world.counters.calls[method] += 1
        request.waits = method == "getupdates"
        try:
            call = Call(method, decode(request))
        except RefusalError as refusal:
            return refuse(world, refusal)
        fault = strike(world.faults, method, call.values.get("chat_id"), world.dice) if world.faults else None
        if self.latency_seconds or fault is not None:
            return self._call_slowly(call, fault)
        if method in _INTAKE:
            return self._intake(call)
        return self._effect(call)

    async def _call_slowly(self, call: Call, fault: Fault | None) -> Reply:
        """The call takes effect in the middle of its latency."""
        await asyncio.sleep(self.latency_seconds / 2)
        reply = await self._suffer(call, fault) if fault is not None else await self._perform(call)
        await asyncio.sleep(self.latency_seconds / 2)
        return reply

    async def _perform(self, call: Call) -> Reply:
        return await self._intake(call) if call.method in _INTAKE else self._effect(call)

    async def _suffer(self, call: Call, fault: Fault) -> Reply:
        self.world.counters.faults[fault.kind] += 1
        match fault.kind:
            case FaultKind.RESET_BEFORE:
                return Reply(reset=True)
            case FaultKind.RESET_AFTER:
                await self._perform(call)
                return Reply(reset=True)
            case FaultKind.ERROR_BEFORE:
                return broken(fault.status)
            case FaultKind.ERROR_AFTER:
                await self._perform(call)
                return broken(fault.status)
            case FaultKind.TOO_MANY:
                return refuse(self.world, TooManyError(fault.retry_after, while_waiting=False))
            case FaultKind.FORBIDDEN:
                return refuse(self.world, RefusalError(403, "Forbidden: bot was blocked by the user"))
            case FaultKind.HANG:
                await asyncio.sleep(fault.seconds)
                return Reply(reset=True)
            case FaultKind.GARBAGE:
                await self._perform(call)
                return Reply(body=b"<html>not what you wanted</html>", content_type="text/html")

    def _effect(self, call: Call) -> Reply:
        try:
            return reply_json(ok(self.run(call)))
        except RefusalError as refusal:
            return refuse(self.world, refusal)

    def run(self, call: Call) -> object:
        """Check and perform one method. Raises RefusalError."""
        known = METHODS.get(call.method)
        if known is None:
            raise RefusalError(404, "Not Found: method not found")
        function, takes = known
        for name, value in call.values.items():
            if name not in takes and isinstance(value, str | int | float | list | dict):
                raise bad(f"unknown parameter {name}")
        return function(self.world, call)

    async def _intake(self, call: Call) -> Reply:
        try:
            match call.method:
                case "getupdates":
                    return await self.intake.get_updates(call)
                case "setwebhook":
                    return reply_json(await self.intake.set_webhook(call, self._run_from_webhook))
                case "deletewebhook":
                    return reply_json(await self.intake.delete_webhook(call))
                case _:
                    return reply_json(self.intake.info())
        except RefusalError as refusal:
            return refuse(self.world, refusal)

    def _run_from_webhook(self, values: Json) -> None:
        """A method in a webhook's answer; its result is lost, as on the platform."""
        name = str(values.pop("method")).lower()
        self.world.counters.calls[name] += 1
        self._effect(Call(name, values))

    def _download(self, path: str) -> Reply:
        for stored in self.world.files.values():
            if stored.path == path:
                return Reply(body=stored.data, content_type="application/octet-stream")
        return refuse(self.world, RefusalError(404, "Not Found: file not found"))


def reply_json(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def refuse(world: World, refusal: RefusalError) -> Reply:
    """The answer to a refused call, counted."""
    world.counters.refused[refusal.description] += 1
    world.counters.forbidden += refusal.code == 403
    if isinstance(refusal, TooManyError):
        world.counters.too_many += 1
        world.counters.while_waiting += refusal.while_waiting
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    world.changed()
    return reply_json(body, refusal.code)


def broken(status: int) -> Reply:
    """A 5xx: JSON from the API itself, a page from the gateway before it."""
    if status == 500:
        return reply_json({"ok": False, "error_code": 500, "description": "Internal Server Error"}, 500)
    return Reply(status, f"<html><body>{status}</body></html>".encode(), "text/html")
