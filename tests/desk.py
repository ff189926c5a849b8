"""A desk for tests: real database, real content, people who chat in transcripts, and a clock that stands still."""

from __future__ import annotations

import itertools
import json
import re
import textwrap
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from bot import clockwork
from bot.answers.content import Library
from bot.answers.learnt import INSTALLED, load_answers
from bot.answers.matcher import Matcher
from bot.channels.contract import Channel, RawUpdate
from bot.channels.webchat import WebChat
from bot.dialog.messages import Laid, LaidButton, laid_from
from bot.domain import courses, events, mentors, messages, outgoing, people, staff, timetable
from bot.domain.callers import callers
from bot.domain.courses import Course, Group, Level, When
from bot.domain.db import Database, new_id, new_token
from bot.domain.events import Event, EventKind
from bot.domain.mentors import Mentor, MentorState
from bot.domain.messages import Author
from bot.domain.places import load_desk
from bot.domain.secrets import open_keys
from bot.domain.slots import Block
from bot.domain.staff import Role, Staff
from bot.domain.tickets import Ticket
from bot.domain.waiting import Term
from bot.house import House
from bot.i18n import LANGUAGES, Catalogs, Text
from bot.outbox import Outbox
from bot.paths import FAQ, LOCALES
from bot.reception import Reception
from flows.answers import body

SECRET = "a key for tests"
_MARKS = re.compile("[\u200e\u2066-\u2069]")
_EXPECTED_BUTTON = re.compile(r"\[([^\[\]]+)\]")


class Clock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday morning, ten o'clock in Postojna

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


class CheckedCatalogs(Catalogs):
    """The real catalogs, remembering every shown sentence that some language lacks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.lacking: set[tuple[str, str]] = set()

    def say(self, text: Text, language: str) -> str:
        """The sentence, after a look at all languages."""
        self.lacking |= {(code, text.msgid) for code in LANGUAGES if not self.has(text, code)}
        return super().say(text, language)


@cache
def shipped_catalogs() -> CheckedCatalogs:
    """Read once for all tests."""
    return CheckedCatalogs(LOCALES)


@cache
def shipped_answers() -> tuple[Library, Matcher]:
    """Learnt once for all tests."""
    return load_answers(FAQ, INSTALLED)


@dataclass(slots=True)
class Desk:
    """The desk under test."""

    house: House
    clock: Clock
    outbox: Outbox = field(init=False)
    reception: Reception = field(init=False)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.house, [])
        self.reception = Reception(self.house, self.outbox)

    def person(self, language: str = "", hint: str = "") -> Guest:
        """Somebody with a browser. With a `language` they have been here before and chosen it."""
        return Guest(self, language, hint or language)

    async def serve(self) -> int:
        """Deal with everything that is waiting."""
        total = 0
        while served := await self.reception.serve_waiting():
            total += served
        return total

    async def tick(self) -> None:
        """What the clockwork does, once."""
        await clockwork.ring_alerts(self.house)
        await clockwork.return_left_alone(self.house)
        await clockwork.let_leavers_go(self.house)
        await self.serve()

    async def has_staff(
        self, login: str = "vesna", *roles: Role, on_call: bool = False, languages: Sequence[str] = ("sl", "en")
    ) -> Staff:
        """A member of staff."""
        async with self.house.db.transaction() as session:
            member = await staff.add(
                session, login, login.title(), "a long password", list(roles) or [Role.ADVISER],
                languages=list(languages), now=self.clock(),
            )  # fmt: skip
            member.on_call = on_call
            await session.flush()
        return member

    async def has_event(self, title: str = "Sample workshop", seats: int | None = 20, **more: Any) -> Event:  # noqa: ANN401
        """A published event: on Tuesday of next week at 18:00, if nothing else is said. `more`: fields of its plan."""
        plan = events.Plan(
            **{"kind": EventKind.WORKSHOP, "day": date(2026, 12, 1), "minute": 18 * 60, "minutes": 120,
               "zone": "Europe/Ljubljana", "place": "postojna", "texts": {"en": {"title": title}},
               "where": "Sample street 1", "seats": seats, **more}
        )  # fmt: skip
        async with self.house.db.transaction() as session:
            event = await events.make(session, plan, self.clock())
            await events.publish(session, event.id, self.clock())
        return event

    async def has_course(
        self, title: str = "Sample Slovene A1", level: Level = Level.A1, language: str = "sl", **texts: str
    ) -> Course:
        """A course that people see, without groups. `texts`: titles in other languages."""
        titles = {code: {"title": told} for code, told in {"en": title, **texts}.items()}
        async with self.house.db.transaction() as session:
            return await courses.make(session, language, level, titles, "postojna", self.clock())

    async def has_group(
        self, course: Course, name: str = "Tuesday", seats: int = 10, *, weekdays: Sequence[int] = (1,),
        first: date = date(2026, 12, 1), minute: int = 17 * 60, number: int = 8,
        when: Sequence[When] = (When.EVENING,), **more: Any,  # noqa: ANN401
    ) -> Group:  # fmt: skip
        """An open group: on Tuesdays from the first of December on, if nothing else is said. `more`: of its plan."""
        days = timetable.laid_out(weekdays, first, number).days
        plan = courses.GroupPlan(
            name, seats, tuple(when), "Europe/Ljubljana", tuple((day, minute, 90) for day in days),
            **{"where": "Sample street 1", **more},
        )  # fmt: skip
        async with self.house.db.transaction() as session:
            group = await courses.add_group(session, course.id, plan, self.clock())
            term = Term(self.clock(), self.clock() + timedelta(hours=8))
            assert await courses.open_group(session, group.id, term) is not None
        return group

    async def has_mentor(
        self, name: str = "Sample Arta", *, hours: Mapping[int, Sequence[tuple[int, int]]] | None = None,
        chat: Guest | None = None, **more: Any,  # noqa: ANN401
    ) -> Mentor:  # fmt: skip
        """A checked mentor who speaks English and Slovene: Tuesdays from 10 to 13, if nothing else is said.

        `hours`: minutes of the day by weekday; `chat`: the one that is linked to their log-in; `more`: columns.
        """
        now = self.clock()
        told: dict[str, Any] = {
            "state": MentorState.ACTIVE, "languages": ["en", "sl"], "topics": ["work", "administrative"], "about": {},
            "place": "postojna", "where": "Sample street 2", "zone": "Europe/Ljubljana", "checked_on": now.date(),
            "sample": True, "made_at": now, "changed_at": now, **more,
        }  # fmt: skip
        login = f"mentor{next(self._ids)}"
        member = await self.has_staff(login, Role.MENTOR) if chat is not None else None
        if chat is not None:
            await chat.says("/menu")  # so that the chat is known
        async with self.house.db.transaction() as session:
            mentor = Mentor(id=new_id(), name=name, staff_id=member.id if member else None, **told)
            session.add(mentor)
            await session.flush()
            for weekday, blocks in ({1: [(600, 780)]} if hours is None else hours).items():
                change = mentors.Change(weekday, tuple(Block(*block) for block in blocks))
                await mentors.set_hours(session, mentor.id, change, now)
            if member is not None and chat is not None:
                await session.execute(update(Staff).where(Staff.id == member.id).values(address_id=chat.address))
        return mentor

    async def count(self, table: type) -> int:
        """How many rows a table has."""
        async with self.house.db.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(table)) or 0)

    async def tickets(self) -> list[Ticket]:
        """All cases, oldest first."""
        async with self.house.db.reading() as session:
            return list(await session.scalars(select(Ticket).order_by(Ticket.id)))


@dataclass(slots=True)
class Guest:
    """Somebody who uses the web chat, and reads everything that appears there."""

    desk: Desk
    language: str = ""
    hint: str = ""
    key: str = field(default_factory=new_token)
    address: int = 0
    seen: int = 0
    screen: list[tuple[str | None, Laid]] = field(default_factory=list)
    _began: bool = False

    async def sends(self, **update: object) -> None:
        """Something from the browser, stored as the web chat stores it."""
        await self._begin()
        client = f"c{next(self.desk._ids)}"
        raw = json.dumps({**update, "hint": self.hint})
        await self.desk.reception.receive("web", [RawUpdate(f"{self.key}:{client}", self.key, raw)])

    async def says(self, words: str) -> list[Laid]:
        """Type words (a line that begins with / is a command); what appears."""
        await self.sends(typed=words)
        await self.desk.serve()
        return await self.reads()

    async def presses(self, label: str) -> list[Laid]:
        """Press the newest button with this label; what appears."""
        for token, laid in reversed(self.screen):
            for button in (one for row in laid.rows for one in row):
                if _plain(button.label) == label and token:
                    return await self.presses_at(token, button)
        raise AssertionError(f"no button {label!r} on the screen")

    async def presses_at(self, token: str, button: LaidButton) -> list[Laid]:
        """Press one exact button; what appears."""
        await self.sends(pressed=[token, button.index])
        await self.desk.serve()
        return await self.reads()

    async def reads(self) -> list[Laid]:
        """What has appeared since the last look."""
        async with self.desk.house.db.transaction() as session:
            caller = (await callers(session, [self.sender], self.desk.clock())).get(self.sender)
            if caller is None:
                return []
            if caller.address_id != self.address:  # the first look, or a new beginning after /delete
                self.address, self.seen = caller.address_id, 0
            rows = await messages.since(session, caller.address_id, self.seen)
            if rows:
                await outgoing.acknowledge(session, caller.address_id, rows[-1].seq, self.desk.clock())
        shown = [(row.token, laid_from(row.content)) for row in rows if row.author != Author.PERSON]
        self.screen += shown
        self.seen = rows[-1].seq if rows else self.seen
        return [laid for _token, laid in shown]

    @property
    def sender(self) -> str:
        """The fingerprint of this browser's address."""
        return people.sender_of("web", self.key)

    async def chats(self, script: str) -> None:
        """Play a transcript: `> words`, `> [button]`, `< what must appear [with] [buttons]`; compared whole."""
        expected = _lines(script)
        starts_with_news = bool(expected) and expected[0].startswith("<")
        happened = [self._told(one) for one in await self.reads()] if starts_with_news else []
        for line in expected:
            if not line.startswith(">"):
                continue
            happened.append(line)
            said = line[1:].strip()
            label = re.fullmatch(r"\[(.+)\]", said)
            laid = await (self.presses(label.group(1)) if label else self.says(said))
            happened += [self._told(one) for one in laid]
        assert happened == expected

    def _told(self, laid: Laid) -> str:
        return told(laid, self.desk)

    async def _begin(self) -> None:
        if self._began or not self.language:
            self._began = True
            return
        self._began = True
        house = self.desk.house
        caller = people.newcomer("web", self.key, self.sender, self.language)
        caller.language_chosen, caller.notice_version = True, 10**6
        async with house.db.transaction() as session:
            await people.add(session, [caller], self.desk.clock())
            await people.save(session, [caller], self.desk.clock())


def told(laid: Laid, desk: Desk) -> str:
    """A message as one line of a transcript. An answer of the shipped content is named by its topic."""
    topic = desk.house.library.topics.get(laid.topic) if laid.topic else None
    answer = topic.answer(laid.language) if topic else None
    text = _plain(laid.text)
    if answer is not None:
        whole = _plain(body(answer.shown(overdue=False, instead="")))
        assert text.startswith(whole), text
        text = f"{{{laid.topic} {answer.language}}} {text.removeprefix(whole).strip()}"
    elif laid.title:
        text = f"{_plain(laid.title)} | {text}"
    sender = f"({laid.sender}) " if laid.sender else ""
    buttons = "".join(f" [{_plain(one.label)}]" for row in laid.rows for one in row)
    return "< " + sender + " / ".join(part.strip() for part in text.splitlines() if part.strip()) + buttons


def _plain(text: str) -> str:
    return _MARKS.sub("", text)


def _lines(script: str) -> list[str]:
    """Lines of a transcript; a line that begins with neither sign goes on with the one before."""
    found: list[str] = []
    for line in textwrap.dedent(script).strip().splitlines():
        if line.strip()[:1] in {"<", ">"}:
            found.append(line.strip())
        elif line.strip():
            found[-1] += " " + line.strip()
    return found


@asynccontextmanager
async def open_desk(url: str) -> AsyncIterator[Desk]:
    """A desk on an upgraded database."""
    db = Database(url)
    try:
        await open_keys(db, [SECRET])
        library, matcher = shipped_answers()
        channels: dict[str, Channel] = {"web": WebChat()}
        clock = Clock()
        house = House(db, load_desk(None), shipped_catalogs(), library, matcher, channels, now=clock,
                      public_url="http://desk.test")  # fmt: skip
        yield Desk(house, clock)
    finally:
        await db.close()
