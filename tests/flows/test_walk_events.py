"""Every way through events in every language, laid out for the web, for Telegram and for three short buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import offering
from bot.channels.telegram.channel import Telegram
from bot.channels.webchat import WebChat
from bot.dialog.messages import Laid, Limits
from bot.domain import events, seats
from bot.domain.events import EventKind
from bot.domain.news import What
from bot.domain.people import Dialog
from bot.domain.seats import Wish
from bot.domain.waiting import Term
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.test_small_channel import SMALL
from tests.flows.test_walk import fits
from tests.walker import Walk, _send

LAYOUTS: Final = {"web": WebChat.limits, "telegram": Telegram.limits, "small": SMALL}
Is = Callable[[str, str], bool]


class Walkers:
    """People of every language who do the same in step; what is no button on their channel they write as a number."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.walks = [Walk(desk.person(code)) for code in LANGUAGES]

    async def begin(self) -> None:
        for walk in self.walks:
            await walk.guest._begin()

    async def say(self, words: str) -> None:
        await _send(self.desk, self.walks, [{"typed": words}] * len(self.walks))

    async def press(self, verb: str, what: str = "") -> None:
        """The newest button that does this; for an answer its option (`yes` of any sentence)."""
        await self._press(lambda v, w: v == verb and (what in {"", w} or _option(v, w) == what))

    async def answer(self, *options: str) -> None:
        for one in options:
            await self._press(lambda v, w, one=one: v == "answer" and _option(v, w) == one)  # type: ignore[misc]

    async def _press(self, is_it: Is) -> None:
        said: list[dict[str, Any]] = []
        for walk in self.walks:
            token, laid, index = _find(walk, is_it)
            shown = index in {button.index for row in laid.rows for button in row}
            assert shown or laid.numbered
            said.append({"pressed": [token, index]} if shown else {"typed": str(index + 1)})
        await _send(self.desk, self.walks, said)

    def newest(self) -> list[Laid]:
        return [walk.shown[-1] for walk in self.walks]

    async def reads(self) -> None:
        """What was pushed."""
        await _send(self.desk, self.walks, [{"typed": "/menu"}] * len(self.walks))


def _option(verb: str, what: str) -> str:
    return what.split(":", 2)[2].split("-", maxsplit=1)[0] if verb == "answer" else ""


def _find(walk: Walk, is_it: Is) -> tuple[str, Laid, int]:
    for token, laid in reversed(walk.guest.screen):
        for index, bind in enumerate(laid.binds):
            if is_it(bind.verb, bind.object):
                return str(token), laid, index
    raise AssertionError([bind.verb for bind in walk.shown[-1].binds])


@pytest.fixture(params=LAYOUTS)
async def walkers(request: pytest.FixtureRequest, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Walkers:
    monkeypatch.setattr(WebChat, "limits", _without_mirrors(LAYOUTS[request.param]))
    made = Walkers(desk)
    await made.begin()
    return made


def _without_mirrors(limits: Limits) -> Limits:
    return Limits(limits.text_chars, limits.label_chars, limits.buttons, limits.short_label_chars)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_events(desk: Desk, walkers: Walkers) -> None:
    kinds = [await desk.has_event(f"Sample {kind}", kind=kind, fields=dict.fromkeys(events.FIELDS[kind], "9"))
             for kind in EventKind]  # fmt: skip
    crowd = len(walkers.walks)
    wide = await desk.has_event("Sample wide", seats=4 * crowd, most_guests=2, childcare=True, map_url="https://x.test",
                                day=kinds[0].day + timedelta(days=1))  # fmt: skip
    await walkers.say("/events")
    await walkers.press("events", "6")
    await walkers.press("event", str(wide.id))
    await walkers.press("eventjoin")
    await walkers.say("N" * 60)
    await walkers.answer("1", "6")
    await walkers.say("w" * 500)
    await walkers.answer("local", "none", "yes")
    await walkers.press("mysignup")
    await walkers.press("guests")
    await walkers.answer("2")
    await walkers.press("leaveseat")
    await walkers.answer("yes")
    await walkers.press("againseat")
    for one in kinds:
        await walkers.say(f"/start event-{one.id}")
    await walkers.say(f"/start door-{wide.door}")
    desk.clock.at = wide.starts_at
    await walkers.say(f"/start door-{wide.door}")
    await walkers.say(f"/start door-{kinds[0].door}")
    desk.clock.at = wide.ends_at + timedelta(hours=12)
    assert await offering.ask_feedback(desk.house) == crowd
    await walkers.reads()
    await walkers.press("face")
    await walkers.say("zxcv")
    await ends_well(desk, walkers)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_waiting_list(desk: Desk, walkers: Walkers) -> None:
    crowd = len(walkers.walks)
    full = await desk.has_event(seats=1, day=desk.clock().date() + timedelta(days=3))
    somebody = desk.person("en")
    await somebody.says("/menu")
    async with desk.house.db.transaction() as session:
        person = await seats_taken_by(session, somebody.address)
        await seats.take(session, full.id, Wish(person), desk.clock())
    await walkers.say(f"/start event-{full.id}")
    await walkers.press("eventjoin")
    await walkers.answer("", "", "untold", "chat", "yes")
    await walkers.press("mysignup")
    async with desk.house.db.transaction() as session:
        await events.change(session, full.id, plan_of(full, crowd + 1), Term(desk.clock(), full.starts_at))
        await offering.tell_changed(session, desk.house, full.id, What.CHANGED)
    assert (await offering.tell_offers(desk.house), await offering.tell_news(desk.house)) == (crowd, crowd + 1)
    await walkers.reads()
    await walkers.press("mysignup")
    await walkers.press("offerlater")
    await walkers.press("offerlater")
    await walkers.press("mysignup")
    await walkers.press("takeseat")
    await walkers.press("offeryes")
    await walkers.press("offerno")
    async with desk.house.db.transaction() as session:
        await events.call_off(session, full.id, desk.clock())
        await offering.tell_changed(session, desk.house, full.id, What.CALLED_OFF)
    await offering.tell_news(desk.house)
    await walkers.reads()
    await walkers.press("mysignup")
    await ends_well(desk, walkers)


async def seats_taken_by(session: Any, address: int) -> int:  # noqa: ANN401
    from bot.domain.people import Address

    return int((await session.get_one(Address, address)).person_id)


def plan_of(event: events.Event, number: int) -> events.Plan:
    return events.Plan(EventKind(event.kind), event.day, event.minute, event.minutes, event.zone, "postojna", number,
                       event.texts, where=event.where)  # fmt: skip


async def ends_well(desk: Desk, walkers: Walkers) -> None:
    for walk in walkers.walks:
        fits(desk, walk)
        for laid in walk.shown:
            assert {"menu", "word", "checklist", "language"} & {bind.verb for bind in laid.binds} or not laid.binds
    assert await desk.count(Dialog) == 0
