"""Choosing among free times on a phone: first the day, then the time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain.slots import Slot
from bot.domain.wall import write_clock
from bot.i18n import Text, _, raw, short_day

DAY: Final = "day.0"  # the first question: to it one goes back when a time is gone
_MORE: Final = "more"
_DAYS: Final = 5  # so many buttons can be read at a glance


async def choose_time(talk: Talk, text: Text, slots: Sequence[Slot]) -> Slot:
    """One of these times, which are not none."""
    days = sorted({one.day for one in slots})
    day = await _choose_day(talk, text, days)
    of_day = {str(one.minute): one for one in slots if one.day == day}
    times = [Option(key, raw(write_clock(one.minute))) for key, one in of_day.items()]
    return of_day[await talk.choose("time", _("{day}: at what time?", day=day), times)]


async def _choose_day(talk: Talk, text: Text, days: Sequence[date]) -> date:
    """A page of days after the other; after the last comes the first."""
    pages = [days[number : number + _DAYS] for number in range(0, len(days), _DAYS)]
    for turn in itertools.count():
        page = pages[turn % len(pages)]
        options = [Option(day.isoformat(), raw(short_day(day, talk.person.language))) for day in page]
        if len(pages) > 1:
            options.append(Option(_MORE, _("Other days")))
        chosen = await talk.choose(f"day.{turn}", text, options)
        if chosen != _MORE:
            return date.fromisoformat(chosen)
    raise AssertionError
