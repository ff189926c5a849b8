"""Events that come again."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import events, series
from bot.domain.events import EventKind, Plan
from bot.domain.opening import is_holiday
from bot.domain.seats import Seating
from bot.domain.series import Every, dates
from tests.desk import Desk

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def plan(**fields: object) -> Plan:
    usual: dict[str, object] = {
        "kind": EventKind.WORKSHOP, "day": date(2026, 12, 4), "minute": 17 * 60, "minutes": 90,
        "zone": "Europe/Ljubljana", "place": "postojna", "seats": 5, "texts": {"en": {"title": "Sample"}},
        "where": "Sample hall",
    }  # fmt: skip
    return Plan(**{**usual, **fields})  # type: ignore[arg-type]


@given(DAYS, st.sampled_from(Every), st.integers(0, 30))
def test_dates_keep_their_weekday_and_no_holiday_is_among_them(first: date, every: Every, times: int) -> None:
    found = dates(first, every, times)
    assert len(found.days) == times
    both = sorted([*found.days, *found.skipped])
    assert all(day > first and day.weekday() == first.weekday() for day in both)
    assert not any(is_holiday(day) for day in found.days)
    assert all(is_holiday(day) for day in found.skipped)
    if every in {Every.WEEK, Every.TWO_WEEKS}:
        weeks = timedelta(weeks=1 if every is Every.WEEK else 2)
        assert all(after - before == weeks for before, after in zip([first, *both], both, strict=False))
    else:
        step = 1 if every is Every.MONTH else 2
        months = [day.year * 12 + day.month for day in [first, *both]]
        assert all(after - before == step for before, after in itertools.pairwise(months))
        which = (first.day + 6) // 7
        for day in both:
            last = (day + timedelta(weeks=1)).month != day.month
            assert ((day.day + 6) // 7 == which) if which < 5 else last


def test_the_fifth_weekday_is_the_last() -> None:
    found = dates(date(2026, 1, 30), Every.MONTH, 3)  # the fifth Friday
    assert found.days == (date(2026, 2, 27), date(2026, 3, 27), date(2026, 4, 24))
    assert dates(date(2026, 2, 3), Every.TWO_MONTHS, 2).days == (date(2026, 4, 7), date(2026, 6, 2))


def test_holidays_are_named_and_made_up_for() -> None:
    found = dates(date(2026, 12, 18), Every.WEEK, 2)
    assert (found.days, found.skipped) == (
        (date(2027, 1, 8), date(2027, 1, 15)),
        (date(2026, 12, 25), date(2027, 1, 1)),
    )


@given(DAYS, st.integers(-40, 40), st.integers(0, 23), st.text(max_size=5))
def test_what_changed_reaches_others_and_nothing_else(day: date, by: int, hour: int, where: str) -> None:
    before, other = plan(), plan(day=day, seats=9, price="1", texts={"en": {"title": "Other"}})
    after = plan(day=before.day + timedelta(days=by), minute=hour * 60, where=where)
    moved = series.shifted(before, after, other)
    assert (moved.day, moved.minute, moved.where) == (day + timedelta(days=by), hour * 60, where)
    assert (moved.seats, moved.price, moved.texts) == (9, "1", {"en": {"title": "Other"}})


async def test_an_event_gives_the_plan_that_made_it(desk: Desk) -> None:
    written = plan(step_free=False, most_guests=2, childcare=True, fields={"leader": "x"}, sample=True, price="2")
    async with desk.house.db.transaction() as session:
        event = await events.make(session, written, desk.clock())
        assert series.plan_of(event, await session.get_one(Seating, event.id)) == written


async def test_a_series_is_made_once(desk: Desk) -> None:
    days = (date(2026, 12, 11), date(2026, 12, 18))
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan(), desk.clock())
        made = await series.repeat(session, event, days, desk.clock(), 1)
        assert await series.repeat(session, event, days, desk.clock(), 1) == []
        assert await series.repeat(session, made[0], (date(2026, 12, 4),), desk.clock(), 1) == []
        assert [one.day for one in await series.of_series(session, event.id)] == [event.day, *days]
        assert await series.following(session, made[0]) == [made[1]]
        await events.call_off(session, made[1].id, desk.clock())
        assert await series.following(session, event) == [made[0]]


async def test_a_clash_is_the_same_place_at_the_same_time(desk: Desk) -> None:
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan(), desk.clock())
        assert await series.clashes(session, plan(), event.id) == []
        for written, expected in (
            (plan(minute=18 * 60, where="SAMPLE hall "), [event]),
            (plan(minute=18 * 60 + 30), []),  # begins when the other ends
            (plan(minute=16 * 60, minutes=60), []),
            (plan(minute=16 * 60, minutes=61), [event]),
            (plan(where="Another"), []),
            (plan(place="ljubljana"), []),
            (plan(day=date(2026, 12, 3), minute=23 * 60, minutes=24 * 60), [event]),
            (plan(day=date(2026, 12, 5)), []),
        ):
            assert await series.clashes(session, written) == expected
        await events.call_off(session, event.id, desk.clock())
        assert await series.clashes(session, plan()) == []


async def test_days_over_a_change_of_the_clock_begin_at_the_same_hour(desk: Desk) -> None:
    async with desk.house.db.transaction() as session:
        event = await events.make(session, plan(day=date(2026, 10, 23)), desk.clock())
        (after,) = await series.repeat(session, event, (date(2026, 10, 30),), desk.clock(), 1)
        assert after.starts_at - event.starts_at == timedelta(weeks=1, hours=1)
        seating = await session.get_one(Seating, after.id)
        assert seating.starts_at == after.starts_at == datetime.fromisoformat("2026-10-30T16:00:00+00:00")
