"""When the desk is open: its hours and public holidays, and time counted in minutes of the office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from bot.domain.hours import read_hours
from bot.domain.places import Place
from bot.domain.wall import instant

# A desk that has not told its hours is taken to be open as offices are.
_USUAL: Final = "; ".join(f"{day} 08:00-16:00" for day in ("mon", "tue", "wed", "thu", "fri"))
_FURTHEST_DAYS: Final = 366
_OFFER_MINUTES: Final = 8 * 60  # an offered seat is held for a working day


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays  # it takes longer than all else at the start, and is needed once a year

    return frozenset(holidays.country_holidays("SI", years=year))


def is_holiday(day: date) -> bool:
    """Whether this is a work-free day of Slovenia (its law on public holidays, as the library has it)."""
    return day in _holidays(day.year)


def blocks(place: Place, day: date) -> list[tuple[datetime, datetime]]:
    """From when to when the place is open on a local day; nothing on holidays."""
    if is_holiday(day):
        return []
    found = []
    for span in filter(None, read_hours(place.hours or _USUAL)[day.weekday()].split(", ")):
        opens, closes = (_at(day, clock, place) for clock in span.split("-"))
        found.append((opens, closes))
    return found


def after(place: Place, start: datetime, minutes: int) -> datetime:
    """The instant at which so many minutes of the office have passed. A place that never opens counts all minutes."""
    left = timedelta(minutes=minutes)
    for opens, closes in _coming(place, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return start + timedelta(minutes=minutes)


def offer_until(place: Place, now: datetime) -> datetime:
    """Until when a seat that is offered now is held."""
    return after(place, now, _OFFER_MINUTES)


def _coming(place: Place, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(place.zone).date()
    for _number in range(_FURTHEST_DAYS):
        yield from ((opens, closes) for opens, closes in blocks(place, day) if closes > start)
        day += timedelta(days=1)


def _at(day: date, clock: str, place: Place) -> datetime:
    hour, _colon, minute = clock.partition(":")
    return instant(day, int(hour) * 60 + int(minute), place.zone)
