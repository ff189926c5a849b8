"""Courses in every language and on every size of channel: each question once, nothing cut, no dead end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.channels.webchat import WebChat
from bot.dialog.messages import Limits
from bot.domain.courses import Level, When
from bot.domain.people import Dialog
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.learners import signups
from tests.flows.test_walk import fits
from tests.walker import Walk, _send

WEB = WebChat.limits
TELEGRAM = Limits(text_chars=4000, label_chars=60, buttons=100, short_label_chars=18, mirrors_rows=True)
SMALL = Limits(text_chars=1024, label_chars=20, buttons=3)  # WhatsApp's reply buttons and text
Find = Callable[[str, str], bool]


class Crowd:
    """Somebody of each language, going the same way in step. What has no button is written as its number."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.walks = [Walk(desk.person(code)) for code in LANGUAGES]

    async def say(self, words: str) -> None:
        await _send(self.desk, self.walks, [{"typed": words}] * len(self.walks))

    async def press(self, find: Find) -> None:
        said = []
        for walk in self.walks:
            token, laid = next((token, one) for token, one in reversed(walk.guest.screen) if one.binds)
            index = next((n for n, bind in enumerate(laid.binds) if find(bind.verb, bind.object)), None)
            assert index is not None, (walk.guest.language, laid.text)
            shown = any(one.index == index for row in laid.rows for one in row)
            said.append({"pressed": [token, index]} if shown else {"typed": str(index + 1)})
        await _send(self.desk, self.walks, said)

    async def answer(self, *options: str) -> None:
        """Give these answers one after another."""
        for option in options:
            await self.press(_answers(option))

    def fits(self, limits: Limits) -> None:
        """Nothing is cut; but the smallest channel shortens a long label where there are few."""
        for walk in self.walks:
            if limits is not SMALL:
                fits(self.desk, walk)
            for laid in walk.shown:
                assert not laid.text.endswith("…")
                assert len(laid.text) <= limits.text_chars


def _answers(option: str) -> Find:
    return lambda verb, what: (
        verb == "answer" and what.split(":", 2)[2].split("-")[0] == option.split("-", maxsplit=1)[0]
    )


def _does(verb: str, what: str = "") -> Find:
    return lambda v, w: v == verb and (not what or w == what)


def _chooses_group(verb: str, what: str) -> bool:
    return verb == "answer" and what.split(":")[1].startswith("group") and what.rpartition(":")[2].isdecimal()


async def begins(desk: Desk) -> Crowd:
    crowd = Crowd(desk)
    for walk in crowd.walks:
        await walk.guest._begin()
    return crowd


@pytest.mark.parametrize("limits", [WEB, TELEGRAM, SMALL], ids=["web", "telegram", "small"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_question_of_a_course(desk: Desk, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.house.channels["web"], "limits", limits)
    titles = dict.fromkeys(LANGUAGES, "Sample course " + "x" * 30)
    course = await desk.has_course("Sample Slovene A1", Level.B1, **{k: v for k, v in titles.items() if k != "en"})
    for number, when in enumerate(When):
        await desk.has_group(
            course, f"group {number}", seats=60, weekdays=(number, number + 1), first=date(2026, 12, 1), when=(when,),
            childcare=True, latin_script=True, online_url="https://meet.test/x", map_url="https://map.test/x",
        )  # fmt: skip
    await desk.has_group(course, "full", seats=1, weekdays=(6,))
    crowd = await begins(desk)
    await crowd.say("/courses")
    await crowd.press(_does("courses", f"sl:{When.EVENING}:"[:-1]))
    await crowd.press(_does("level"))
    await crowd.answer("check", "yes", "yes", "yes", "yes", "yes", "yes", "B1")
    await crowd.press(_does("course"))
    await crowd.press(_does("enrol"))
    await crowd.answer("child")
    await crowd.say("Sample child")
    await crowd.answer("15", When.MORNING, "enough", "no", "yes", "more")
    await crowd.answer("wait", "no", "none")
    await crowd.answer("no", "level", "known", "A0", "yes")
    await crowd.answer("no", "group")
    await crowd.press(_chooses_group)
    await crowd.answer("yes", "yes")
    await crowd.press(_does("mysignup"))
    await crowd.press(_does("cantcome"))
    await crowd.press(_does("mysignup"))
    await crowd.press(_does("comeback"))
    await crowd.say("/courses")
    await crowd.press(_does("mysignup"))
    await crowd.press(_does("leaveseat"))
    await crowd.answer("yes")
    crowd.fits(limits)
    states = {one.state for one in await signups(desk)}
    assert (states, len(await signups(desk)), await desk.count(Dialog)) == ({"cancelled"}, len(LANGUAGES), 0)


@pytest.mark.parametrize("limits", [WEB, SMALL], ids=["web", "small"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_other_ways(desk: Desk, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.house.channels["web"], "limits", limits)
    crowd = await begins(desk)
    await crowd.say("/courses")
    course = await desk.has_course("Sample Slovene C1", Level.C1)
    await crowd.say(f"/start course-{course.id}")
    await crowd.press(_does("enrol"))
    await crowd.answer("me", "under")
    await crowd.say(f"/start course-{course.id}")
    await crowd.press(_does("enrol"))
    await crowd.answer("me", "adult", "check", "no", "no", "A0", "other")
    await crowd.say(f"/start course-{course.id}")
    await crowd.press(_does("enrol"))
    await crowd.answer("me", "adult", "test", "shifts", "enough", "some", "yes", "no")
    await crowd.say("N" * 60)
    await crowd.answer("none", "yes")
    await crowd.press(_does("mysignup"))
    await crowd.press(_does("leaveseat"))
    await crowd.answer("no")
    await crowd.say(f"/start course-{course.id}")
    await crowd.press(_does("enrol"))
    await crowd.answer("me", "adult")
    crowd.fits(limits)
    assert {one.state for one in await signups(desk)} == {"waiting"}
    assert await desk.count(Dialog) == 0
