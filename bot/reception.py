"""Stored messages become turns: up to 64 waiting people at a time, one transaction, few statements."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import language as languages
from bot.bell import ALERTS, DESK, INBOX, OUTBOX, of_address, of_sender
from bot.channels.contract import RawUpdate
from bot.dialog.engine import keep_writes, undo_writes
from bot.dialog.layout import lay_out
from bot.dialog.messages import Inbound, Laid, Left, Message, Pressed, Returned, Tone, Typed
from bot.dialog.talk import Scene
from bot.domain import consent, documents, happenings, inbound, messages, misses, outgoing, people, tickets
from bot.domain.callers import callers
from bot.domain.db import lock_senders, new_id, new_token, write_rows
from bot.domain.inbound import InboundState, Raw, StoredUpdate
from bot.domain.messages import Author, ChatMessage
from bot.domain.outgoing import Outgoing, Parcel, Priority
from bot.domain.people import Caller
from bot.domain.tickets import TicketState
from bot.house import House
from bot.i18n import SOURCE_LANGUAGE, _, language_of_platform
from bot.outbox import Outbox
from bot.post import post
from bot.reading import Prepared, prepare
from bot.turn import Turn
from bot.words import Words

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 64
MOST_ATTEMPTS: Final = 3
_LOOK_AGAIN_S: Final = 1.0
_STORE_FIRST: Final = 16  # from so many on a commit of their own costs less than the wait of the others
_GATHER_S: Final = 0.005  # between rounds that follow each other: one for more people costs less than two
HUSHED: Final = "••••"  # what is written down of words that nobody may read
_PULLED: Final = frozenset({"web"})  # the browser fetches these itself


@dataclass(slots=True)
class Rows:
    """What a batch writes at its end, a table at a time."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    happenings: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    wrote_to: list[int] = field(default_factory=list)
    outcomes: list[tuple[int, InboundState, str]] = field(default_factory=list)
    brief: list[int] = field(default_factory=list)  # updates that are not kept as they came
    parcels: list[Parcel] = field(default_factory=list)
    bells: set[str] = field(default_factory=set)


class Reception:
    """Takes stored updates in order of each sender and runs their turns."""

    def __init__(self, house: House, outbox: Outbox) -> None:
        self.house = house
        self.outbox = outbox
        self.words = Words(house.catalogs)
        self._running = False
        self._more = False
        self._arrived: list[tuple[list[Raw], asyncio.Future[None]]] = []

    async def receive(self, channel: str, updates: Sequence[RawUpdate]) -> None:
        """Store what a channel has got; returns after the commit."""
        raws = [Raw(channel, update.external_id, update.key, update.raw) for update in updates]
        if not self._running:
            async with self.house.db.transaction(at_once=True) as session:
                await inbound.store(session, raws, self.house.now())
            return
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((raws, stored))
        self.house.bell.ring(INBOX)
        await stored

    async def run(self) -> None:
        """Serve until cancelled."""
        self._running = True
        try:
            with self.house.bell.listen(INBOX) as event:
                while True:
                    await self._serve_all()
                    await self.house.bell.wait(event, _LOOK_AGAIN_S)
        finally:
            self._running = False
            for _raws, stored in self._arrived:
                stored.cancel()

    async def _serve_all(self) -> None:
        self._more, busy = True, False
        while self._more or self._arrived:
            if busy and not self._more and len(self._arrived) < _STORE_FIRST:
                await asyncio.sleep(_GATHER_S)
            busy = True
            try:
                await self.serve_waiting()
            except Exception:
                log.exception("reception failed; it goes on")
                await asyncio.sleep(_LOOK_AGAIN_S)

    async def serve_waiting(self) -> int:
        """One round: store what has arrived, then one turn for each of up to 64 people who wait longest; one commit.

        Returns how many updates were dealt with.
        """
        arrived, self._arrived = self._arrived, []
        waiting = [stored for _raws, stored in arrived]
        try:
            raws = [raw for raws, _stored in arrived for raw in raws]
            try:
                if len(raws) >= _STORE_FIRST:
                    raws = await self._store_first(raws, waiting)
                served = await self._round(raws)
            except Exception:
                log.warning("a round failed; each update is tried alone", exc_info=True)
                served = await self._round_apart(arrived)
            _tell(waiting, None)
        except BaseException as error:
            # Perhaps it is stored, perhaps not: the channel asks again, and its id makes that harmless.
            _tell(waiting, error if isinstance(error, Exception) else RuntimeError("the desk stops"))
            raise
        return served

    async def _round(self, arrived: Sequence[Raw]) -> int:
        rows = Rows()
        async with self.house.db.transaction(at_once=True) as session:
            await inbound.store(session, arrived, self.house.now())
            settled = await self.outbox.settle_in(session)
            waiting = await inbound.oldest_waiting(session, MOST_AT_ONCE)
            if waiting:
                await self._serve(session, [prepare(self.house, one) for one in waiting], rows)
        self.outbox.settled(settled)
        self._finish(rows)
        more = len(waiting) == MOST_AT_ONCE or any(one.waiting_of_sender > 1 for one in waiting)
        self._more = more and bool(rows.outcomes)  # else another process is at them
        return len(rows.outcomes)

    async def _store_first(self, raws: Sequence[Raw], waiting: Sequence[asyncio.Future[None]]) -> list[Raw]:
        """Many at once: tell their channel early, so that it fetches the next while these are served."""
        async with self.house.db.transaction(at_once=True) as session:
            await inbound.store(session, raws, self.house.now())
        _tell(waiting, None)
        return []

    async def _round_apart(self, arrived: Sequence[tuple[list[Raw], asyncio.Future[None]]]) -> int:
        """After a failure: what has arrived is stored by itself, then each turn has a transaction of its own."""
        async with self.house.db.transaction(at_once=True) as session:
            for raws, _stored in arrived:
                await inbound.store(session, raws, self.house.now())
        _tell([stored for _raws, stored in arrived], None)
        async with self.house.db.reading() as session:
            waiting = await inbound.oldest_waiting(session, MOST_AT_ONCE)
        self._more = bool(waiting)
        return sum([await self._serve_alone(prepare(self.house, one)) for one in waiting])

    def _finish(self, rows: Rows) -> None:
        """After the commit: send, and wake whoever waits for news."""
        self.outbox.hand_over(rows.parcels)
        self.house.bell.ring(*rows.bells)

    async def _serve_alone(self, one: Prepared) -> int:
        rows = Rows()
        try:
            async with self.house.db.transaction(at_once=True) as session:
                await self._serve(session, [one], rows)
            self._finish(rows)
            return len(rows.outcomes)
        except Exception as error:
            log.exception("update %d failed", one.waiting.id)
            async with self.house.db.transaction(at_once=True) as session:
                await inbound.note_failure(session, one.waiting.id, type(error).__name__, MOST_ATTEMPTS)
            if one.waiting.attempts + 1 >= MOST_ATTEMPTS:
                await self._apologise(one)
            return 1

    async def _serve(self, session: AsyncSession, prepared: Sequence[Prepared], rows: Rows) -> None:
        ours = await self._still_waiting(session, prepared)
        known = await self._callers(session, ours)
        pressed = [one.inbound.reply.token for one in ours if one.inbound and isinstance(one.inbound.reply, Pressed)]
        buttons = await messages.bound_buttons(session, pressed)
        for one in ours:
            await self._run_one(session, one, known.get(one.waiting.sender), buttons, rows)
        await self._write(session, rows)

    async def _still_waiting(self, session: AsyncSession, prepared: Sequence[Prepared]) -> list[Prepared]:
        """Those that no other process has served meanwhile. SQLite has one process and needs no look."""
        if self.house.db.is_sqlite:
            return list(prepared)
        locked = set(await lock_senders(session, [one.waiting.sender for one in prepared]))
        ids = [one.waiting.id for one in prepared if one.waiting.sender in locked]
        pending = set(
            await session.scalars(
                select(StoredUpdate.id).where(StoredUpdate.id.in_(ids), StoredUpdate.state == InboundState.PENDING)
            )
        )
        return [one for one in prepared if one.waiting.id in pending]

    async def _callers(self, session: AsyncSession, ours: Sequence[Prepared]) -> dict[str, Caller]:
        """Everybody who has written, strangers added."""
        found = await callers(
            session, [one.waiting.sender for one in ours if one.inbound], self.house.now(), self.house.owner
        )
        strangers = []
        for one in ours:
            read = one.inbound
            if read is None or one.waiting.sender in found or isinstance(read.reply, Left | Returned):
                continue
            stranger = self._stranger(read, one)
            found[one.waiting.sender] = stranger
            strangers.append(stranger)
        await people.add(session, strangers, self.house.now())
        return found

    def _stranger(self, read: Inbound, one: Prepared) -> Caller:
        """Their first language: what they wrote, where that leaves no doubt against their phone; else the phone's.

        Short or mixed words do not count against the phone: they belong to many languages.
        """
        words = read.reply.text if isinstance(read.reply, Typed) else ""
        hinted = language_of_platform(read.hint)
        written = languages.offers_switch(words, hinted) if hinted else languages.guess(words).language
        known = written or hinted
        stranger = people.newcomer(read.channel, read.key, one.waiting.sender, known or SOURCE_LANGUAGE)
        stranger.language_offered = known or ""
        return stranger

    async def _run_one(
        self, session: AsyncSession, one: Prepared, caller: Caller | None,
        buttons: dict[str, tuple[int, dict[str, Any]]], rows: Rows,
    ) -> None:  # fmt: skip
        read = one.inbound
        if read is None or caller is None:
            rows.outcomes.append((one.waiting.id, one.state, one.why))
            return
        house = self.house
        scene = Scene(
            session, caller, house.desk, house.library, house.catalogs, house.now(), public_url=house.public_url,
            recorded=house.recorded,
        )  # fmt: skip
        button = buttons.get(read.reply.token) if isinstance(read.reply, Pressed) else None
        turn = Turn(scene, read, one.reading, self.words, button)
        try:
            await turn.run()
        except Exception:
            await undo_writes(scene)
            raise
        await keep_writes(scene)
        self._collect(turn, one.waiting.id, rows)
        rows.outcomes.append((one.waiting.id, InboundState.DONE, ""))

    def _collect(self, turn: Turn, update_id: int, rows: Rows) -> None:
        caller = turn.scene.caller
        if turn.incoming is not None and not caller.leaving:
            self._collect_incoming(turn, rows)
        for place, message in enumerate(turn.forms.shown):
            self._collect_shown(turn, message, f"reply:{update_id}:{place}", rows)
        if _is_brief(turn) or turn.scene.hushed:
            rows.brief.append(update_id)
        rows.happenings += turn.forms.effects.happenings
        rows.consents += turn.forms.effects.consents
        rows.misses += turn.forms.effects.misses
        rows.callers.append(caller)
        rows.bells |= {of_address(caller.address_id), of_sender(caller.sender)}
        if turn.danger:
            rows.bells.add(ALERTS)
        if caller.behind:
            rows.bells.add(OUTBOX)
        if turn.danger or caller.leaving or (caller.ticket_id is not None and turn.incoming is not None):
            rows.bells.add(DESK)

    def _collect_incoming(self, turn: Turn, rows: Rows) -> None:
        caller, content = turn.scene.caller, turn.incoming or {}
        if turn.scene.hushed:
            content = {**content, "text": HUSHED}
        if turn.inbound.external_id:
            content = {**content, "client": turn.inbound.external_id}
        rows.messages.append(
            {
                "id": new_id(), "person_id": caller.person_id, "address_id": caller.address_id,
                "ticket_id": caller.ticket_id, "seq": caller.next_seq(), "author": Author.PERSON, "staff_id": None,
                "token": None, "content": content, "at": turn.scene.now, "brief": _is_brief(turn),
            }
        )  # fmt: skip
        if caller.ticket_id is not None and not isinstance(turn.inbound.reply, Pressed):
            rows.wrote_to.append(caller.ticket_id)

    def _collect_shown(self, turn: Turn, message: Message, occasion: str, rows: Rows) -> None:
        caller, house, now = turn.scene.caller, self.house, turn.scene.now
        laid = self._lay_out(message, caller)
        token = new_token() if laid.binds else None
        message_id, outgoing_id, seq = new_id(), new_id(), caller.next_seq()
        content = laid.content()
        rows.messages.append(
            {
                "id": message_id, "person_id": caller.person_id, "address_id": caller.address_id,
                "ticket_id": caller.ticket_id, "seq": seq, "author": Author.BOT, "staff_id": None, "token": token,
                "content": content, "at": now, "brief": _is_brief(turn),
            }
        )  # fmt: skip
        if laid.document is not None:
            rows.documents.append(documents.row(laid.document, caller.person_id, now))
        # Behind something that waits in the outbox it waits too, so that a conversation keeps its order.
        pushed = caller.channel not in _PULLED and not caller.behind
        priority = Priority.DANGER if message.tone is Tone.DANGER else Priority.REPLY
        rows.outbox.append(
            outgoing.row(
                outgoing_id, message_id, caller.address_id, occasion, now, owner=house.owner if pushed else "",
                priority=priority,
            )
        )  # fmt: skip
        if pushed:
            rows.parcels.append(
                Parcel(outgoing_id, caller.address_id, caller.channel, caller.key, seq, token, content, 1, laid=laid)
            )

    def _lay_out(self, message: Message, caller: Caller) -> Laid:
        house, sender = self.house, ""
        if caller.ticket_state == TicketState.WAITING and message.tone in {Tone.BOT, Tone.ANSWER}:
            sender = house.catalogs.say(_("Automatic answer"), caller.language)
        return lay_out(message, caller.language, house.catalogs, house.channels[caller.channel].limits, sender)

    async def _write(self, session: AsyncSession, rows: Rows) -> None:
        now = self.house.now()
        await write_rows(session, ChatMessage.__table__, rows.messages)  # type: ignore[arg-type]
        await write_rows(session, Outgoing.__table__, rows.outbox)  # type: ignore[arg-type]
        await happenings.record(session, *rows.happenings)
        await write_rows(session, consent.Consent.__table__, rows.consents)  # type: ignore[arg-type]
        await write_rows(session, misses.Miss.__table__, rows.misses)  # type: ignore[arg-type]
        await write_rows(session, documents.Document.__table__, rows.documents)  # type: ignore[arg-type]
        await people.save(session, rows.callers, now)
        await people.save_dialogs(session, rows.callers, now)
        await tickets.note_person_wrote(session, rows.wrote_to, now)
        await inbound.mark(session, rows.outcomes)
        await inbound.blank(session, rows.brief)

    async def _apologise(self, one: Prepared) -> None:
        """After the last attempt: say that this message could not be dealt with, and where to turn."""
        if one.inbound is None:
            return
        async with self.house.db.transaction(at_once=True) as session:
            known = await callers(session, [one.waiting.sender], self.house.now())
            caller = known.get(one.waiting.sender)
            if caller is not None:
                sorry = Message(
                    _("Something went wrong with your last message. Please write it again, or talk to a person."),
                    tone=Tone.INFO,
                )
                await post(session, self.house, caller.address_id, sorry, f"sorry:{one.waiting.id}")
        if caller is not None:
            self.house.bell.ring(OUTBOX, of_address(caller.address_id))


def _is_brief(turn: Turn) -> bool:
    """Whether what is said in this turn is kept briefly; what belongs to a case stays with it."""
    in_form = turn.scene.brief or any(frame.brief for frame in turn.forms.frames)
    return in_form and turn.scene.caller.ticket_id is None


def _tell(waiting: Sequence[asyncio.Future[None]], error: Exception | None) -> None:
    """Let those who handed updates in know that they are stored, or why they may not be."""
    for stored in waiting:
        if stored.done():
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
