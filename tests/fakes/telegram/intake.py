"""How a bot gets its updates: getUpdates, or setWebhook with its companions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from tests.fakes.telegram.forms import Call, Json, RefusalError, bad
from tests.fakes.telegram.http import Reply
from tests.fakes.telegram.markup import units
from tests.fakes.telegram.updates import Update
from tests.fakes.telegram.webhook import Address, Webhook
from tests.fakes.telegram.world import World

LONGEST_POLL_SECONDS = 50
_POLL = frozenset({"offset", "limit", "timeout", "allowed_updates"})
_SET = frozenset("url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token".split())


def ok(result: object) -> Json:
    """The envelope of an accepted call."""
    return {"ok": True, "result": result}


def batch_reply(batch: list[Update]) -> Reply:
    """The answer to getUpdates; updates are already encoded."""
    return Reply(body=b'{"ok":true,"result":[' + b",".join([update.body for update in batch]) + b"]}")


class Intake:
    """One bot's side of the update queue."""

    def __init__(self, world: World, retry_seconds: float) -> None:
        self.world = world
        self.retry_seconds = retry_seconds
        self.webhook: Webhook | None = None
        self._poll: asyncio.Future[bool] | None = None
        world.on_update = self.wake

    def wake(self) -> None:
        """Something is new in the queue."""
        if self.webhook is not None:
            self.webhook.push()
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(True)

    def evict(self) -> None:
        """End a waiting poll with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(False)

    async def stop(self) -> None:
        """End deliveries."""
        if self.webhook is not None:
            await self.webhook.stop()

    def read_allowed(self, call: Call) -> None:
        """Keep the wanted kinds; an empty list means the default again. Raises RefusalError."""
        wanted = call.structure("allowed_updates")
        if wanted is None:
            return
        if not isinstance(wanted, list) or not all(isinstance(kind, str) for kind in wanted):
            raise bad("can't parse allowed updates: expected an Array of String")
        self.world.queue.allowed = frozenset(wanted) or None

    async def get_updates(self, call: Call) -> Reply:
        """Confirm below `offset`, then give what waits, for up to `timeout` seconds. Raises RefusalError."""
        if unknown := call.values.keys() - _POLL:
            raise bad(f"unknown parameter {min(unknown)}")
        if self.webhook is not None:
            raise self._conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.evict()
        self.read_allowed(call)
        queue = self.world.queue
        offset = call.integer("offset")
        limit = min(max(call.integer("limit", 100), 1), 100)
        if offset < 0:
            queue.keep_last(-offset)
        elif offset > 0 and queue.waiting and queue.waiting[0].update_id < offset:
            self._confirm(offset)
        batch = queue.take(limit)
        timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL_SECONDS)
        if not batch and timeout:
            await self._wait(timeout)
            batch = queue.take(limit)
        return batch_reply(batch)

    def _confirm(self, offset: int) -> None:
        queue = self.world.queue
        before = queue.confirmed
        queue.confirm_below(offset)
        if self.world.duplicate_share:
            for back in range(queue.confirmed - before, 0, -1):
                if self.world.dice.random() < self.world.duplicate_share:
                    queue.again.append(queue.remembered[-back])
        self.world.changed()

    async def _wait(self, seconds: float) -> None:
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        self.world.changed()
        timer = asyncio.get_running_loop().call_later(seconds, _give_up, poll)
        try:
            kept = await poll
        finally:
            timer.cancel()
            if self._poll is poll:
                self._poll = None
            self.world.changed()
        if not kept:
            raise self._conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )

    def is_polled(self) -> bool:
        """Whether a poll waits at this moment."""
        return self._poll is not None and not self._poll.done()

    def _conflict(self, why: str) -> RefusalError:
        self.world.counters.conflicts += 1
        return RefusalError(409, f"Conflict: {why}")

    async def set_webhook(self, call: Call, run_method: Callable[[Json], object]) -> Json:
        """Deliver to an address from now on; an empty one stops it. Raises RefusalError."""
        if unknown := call.values.keys() - _SET:
            raise bad(f"unknown parameter {min(unknown)}")
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return await self.delete_webhook(call)
        target = urlsplit(url)
        if target.scheme != "http" or target.hostname not in {"127.0.0.1", "localhost"}:
            raise bad("bad webhook: this fake delivers to plain HTTP on loopback only")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        if not 1 <= units(url) <= 2048 or not 1 <= call.integer("max_connections", 40) <= 100:
            raise bad("bad webhook: wrong url or max_connections")
        self.read_allowed(call)
        if call.flag("drop_pending_updates"):
            self.world.queue.drop()
        self.evict()
        await self.stop()
        address = Address(url, secret, call.integer("max_connections", 40))
        self.webhook = Webhook(self.world, address, self.retry_seconds, run_method)
        self.webhook.push()
        self.world.changed()
        return {**ok(True), "description": "Webhook was set"}

    async def delete_webhook(self, call: Call) -> Json:
        """Back to getUpdates."""
        if call.flag("drop_pending_updates"):
            self.world.queue.drop()
        was_set = self.webhook is not None
        await self.stop()
        self.webhook = None
        self.world.changed()
        description = "Webhook was deleted" if was_set else "Webhook is already deleted"
        return {**ok(True), "description": description}

    def info(self) -> Json:
        """The state of the webhook."""
        self.world.queue.expire()
        shown: Json = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.queue),
        }
        if self.webhook is not None and not self.webhook.closed:
            address = self.webhook.address
            shown |= {
                "url": address.url,
                "max_connections": address.max_connections,
                "ip_address": "127.0.0.1",
            }
            if address.last_error:
                shown["last_error_date"] = int(address.last_error_at)
                shown["last_error_message"] = address.last_error
        if self.world.queue.allowed is not None:
            shown["allowed_updates"] = sorted(self.world.queue.allowed)
        return ok(shown)


def _give_up(poll: asyncio.Future[bool]) -> None:
    if not poll.done():
        poll.set_result(True)
