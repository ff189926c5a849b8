"""The people of the benchmark: first contact, everybody at once, or so many questions a second."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.script import Script, wanted_button
from tests.fakes.telegram import FakeTelegram, Message, User

QUIET_SECONDS = 0.4
"""So long nothing may come before an answer counts as complete, while learning how long answers are."""
LOST_SECONDS = 15.0
"""A person stops waiting then; the turn counts as lost."""
FIRST_REPLY_SECONDS = 60.0
TICK_SECONDS = 0.002
FIRST_PERSON = 10_001


class NoAnswerError(Exception):
    """The bot said nothing."""


@dataclass(slots=True, eq=False)
class Person:
    """One person and the turn they wait for."""

    user: User
    awaited: int = 0
    asked_at: float = 0.0
    turns: int = 0
    last: Message | None = None


@dataclass(slots=True)
class Tally:
    """What was answered in one measured stretch."""

    latencies: list[float] = field(default_factory=list)
    lost: int = 0
    cpu_seconds: float = 0.0

    def percentile_ms(self, percent: float) -> float:
        """By nearest rank; 0 when nothing was answered."""
        ordered = sorted(self.latencies)
        place = min(len(ordered) - 1, int(len(ordered) * percent / 100))
        return ordered[place] * 1000 if ordered else 0.0


class Crowd:
    """All people of one server."""

    def __init__(self, tg: FakeTelegram, script: Script, size: int) -> None:
        self.tg = tg
        self.script = script
        self.people = [self._person(FIRST_PERSON + number) for number in range(size)]
        self._by_chat = {person.user.id: person for person in self.people}
        self._replies = dict.fromkeys(script.questions, 1)
        self._idle: deque[Person] = deque()
        self._late: deque[float] = deque()
        self._closed = False
        self._heard_at = time.perf_counter()
        self.tally = Tally()
        self.meter: Callable[[], float] = float
        """The bot's CPU seconds so far."""
        self.shown: dict[str, list[str]] = {}
        tg.world.on_bot_message.append(self._hear)

    def _person(self, number: int) -> Person:
        return Person(self.tg.user(number, first_name=f"Sample {number}", language_code="en"))

    async def wakes(self, check: Callable[[], None]) -> float:
        """Seconds to the first message, asked for before the bot was there. `check` raises when it died."""
        started = time.perf_counter()
        before = len(self.tg.sent)
        self.people[0].user.says("/start")
        while time.perf_counter() - started < FIRST_REPLY_SECONDS:
            try:
                await self.tg.until(lambda: len(self.tg.sent) > before, seconds=0.5)
            except TimeoutError:
                check()
                continue
            return time.perf_counter() - started
        raise NoAnswerError("no reply to /start")

    async def meets(self) -> None:
        """Everybody's first contact, then learn how many messages each answer has. Raises NoAnswerError."""
        for step in self.script.first_contact:
            before = self._heard
            acted = [self._do(person, step) for person in self.people]
            await self._answered(step, before + sum(acted))
        for question in self.script.questions:
            for _ in range(2):  # the first answer of all may come with a hint that later ones lack
                before = self._heard
                self.people[0].user.says(question)
                await self._answered(question, before + 1)
                self._replies[question] = self._heard - before
            self.shown[question] = [message.text for message in self.tg.sent[-self._replies[question] :]]

    async def everybody(self, warm_seconds: float, seconds: float) -> Tally:
        """Each person asks again as soon as the answer is there; measured after the warm-up."""
        self._closed = True
        for person in self.people:
            self._ask(person, time.perf_counter())
        await self._stretch(warm_seconds)
        self.tally, used = Tally(), self.meter()
        await self._stretch(seconds)
        self._closed = False
        self.tally.cpu_seconds = self.meter() - used
        return await self._finish()

    async def steadily(self, rate: float, warm_seconds: float, seconds: float) -> Tally:
        """`rate` questions a second, whatever the answers do; latency counts from when it was due."""
        self._idle = deque(self.people)
        self.tally = Tally()
        started = time.perf_counter()
        due, warm = started, True
        while (now := time.perf_counter()) < started + warm_seconds + seconds:
            if warm and now > started + warm_seconds:
                self.tally, warm = Tally(), False
            while due <= now:
                self._late.append(due)
                due += 1 / rate
            while self._late and self._idle:
                self._ask(self._idle.popleft(), self._late.popleft())
            await asyncio.sleep(TICK_SECONDS)
        await self._catch_up()
        return await self._finish()

    @property
    def _heard(self) -> int:
        return self.tg.counters.sent + self.tg.counters.edited

    def _do(self, person: Person, step: str) -> bool:
        """Whether there was something to do."""
        words = wanted_button(step)
        if words is None:
            person.user.says(step)
            return True
        labels = person.last.buttons if person.last is not None else []
        label = next((label for label in labels if words in label), None)
        if label is not None and person.last is not None:
            person.user.presses(person.last, label)
        return label is not None

    def _hear(self, message: Message) -> None:
        self._heard_at = now = time.perf_counter()
        person = self._by_chat.get(message.chat_id)
        if person is None:
            return
        if message.rows:
            person.last = message
        if not person.awaited:
            return
        person.awaited -= 1
        if not person.awaited:
            self.tally.latencies.append(now - person.asked_at)
            self._next(person)

    def _next(self, person: Person) -> None:
        if self._closed or self._late:
            due = time.perf_counter() if self._closed else self._late.popleft()
            asyncio.get_running_loop().call_soon(self._ask, person, due)
        else:
            self._idle.append(person)

    def _ask(self, person: Person, due: float) -> None:
        question = self.script.questions[person.turns % len(self.script.questions)]
        person.turns += 1
        person.awaited = self._replies[question]
        person.asked_at = due
        person.user.says(question)

    async def _stretch(self, seconds: float) -> None:
        ends = time.perf_counter() + seconds
        while (left := ends - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, 0.5))
            self._give_up(LOST_SECONDS)

    def _give_up(self, after_seconds: float) -> None:
        now = time.perf_counter()
        for person in self.people:
            if person.awaited and now - person.asked_at > after_seconds:
                person.awaited = 0
                self.tally.lost += 1
                self._next(person)

    async def _catch_up(self) -> None:
        """Every question that was due is still asked and measured, or counted as lost."""
        ends = time.perf_counter() + LOST_SECONDS
        while (self._late or any(person.awaited for person in self.people)) and time.perf_counter() < ends:
            await asyncio.sleep(TICK_SECONDS)
        self.tally.lost += len(self._late)
        self._late.clear()

    async def _finish(self) -> Tally:
        """The tally so far; then wait for the open turns, so that the next stretch starts from rest."""
        tally, self.tally = self.tally, Tally()
        ends = time.perf_counter() + LOST_SECONDS
        while any(person.awaited for person in self.people) and time.perf_counter() < ends:
            await asyncio.sleep(0.05)
        self._give_up(0.0)
        tally.lost += self.tally.lost
        await self._quiet()
        return tally

    async def _answered(self, words: str, heard: int) -> None:
        """Wait for at least so many messages in all, and then for quiet."""
        try:
            await self.tg.until(lambda: self._heard >= heard, seconds=FIRST_REPLY_SECONDS)
        except TimeoutError:
            raise NoAnswerError(words) from None
        await self._quiet()

    async def _quiet(self) -> None:
        """Wait until everything is delivered and nothing was said for a moment."""
        ends = time.perf_counter() + FIRST_REPLY_SECONDS
        self._heard_at = time.perf_counter()
        while time.perf_counter() < ends:
            resting = time.perf_counter() - self._heard_at > QUIET_SECONDS
            if resting and not self.tg.world.queue:
                return
            await asyncio.sleep(0.05)
