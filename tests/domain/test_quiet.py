"""Quiet hours: what falls into them is moved, never dropped, also in the nights on which the clock is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.quiet import TOO_SOON, Quiet

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
ZONES = [LJUBLJANA, ZoneInfo("UTC"), ZoneInfo("Europe/London"), ZoneInfo("Asia/Kabul"), ZoneInfo("Australia/Lord_Howe")]

minutes = st.integers(0, 24 * 60 - 1)
zones = st.sampled_from(ZONES)
# Whole minutes of three years with a leap day, and the nights on which clocks are changed more often than others.
changes = [
    datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2028, 3, 26, 1, tzinfo=UTC),
    datetime(2027, 4, 3, 15, tzinfo=UTC), datetime(2027, 10, 2, 15, 30, tzinfo=UTC),
]  # fmt: skip
near = st.builds(lambda at, off: at + timedelta(minutes=off), st.sampled_from(changes), st.integers(-2000, 2000))
anywhen = st.builds(
    lambda off: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=off), st.integers(0, 3 * 366 * 24 * 60)
)
instants = near | anywhen


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LJUBLJANA)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (local(2026, 11, 23, 19, 59), local(2026, 11, 23, 19, 59)),
        (local(2026, 11, 23, 20), local(2026, 11, 24, 8)),
        (local(2026, 11, 24, 7, 59), local(2026, 11, 24, 8)),
        (local(2026, 11, 24, 8), local(2026, 11, 24, 8)),
        (local(2026, 12, 31, 23), local(2027, 1, 1, 8)),  # over the end of the year
        (local(2028, 2, 28, 22), local(2028, 2, 29, 8)),  # into a leap day
        (local(2027, 3, 27, 23), local(2027, 3, 28, 8)),  # a night of eleven hours
        (local(2026, 10, 24, 23), local(2026, 10, 25, 8)),  # one of thirteen
    ],
)
def test_from_eight_in_the_evening_until_eight_in_the_morning(at: datetime, until: datetime) -> None:
    assert Quiet(LJUBLJANA).after(at) == until


def test_equal_hours_are_none_and_hours_within_a_day_do_not_wrap() -> None:
    noon = local(2026, 11, 23, 12)
    assert Quiet(LJUBLJANA, 600, 600).after(noon) == noon
    assert Quiet(LJUBLJANA, 0, 1440).after(noon) == noon
    assert Quiet(LJUBLJANA, 11 * 60, 13 * 60).after(noon) == local(2026, 11, 23, 13)
    assert Quiet(LJUBLJANA, 11 * 60, 13 * 60).before(noon) == local(2026, 11, 23, 10, 59)


@pytest.mark.parametrize(
    ("meant", "starts_at", "goes"),
    [
        (local(2026, 11, 24, 16), local(2026, 11, 24, 18), local(2026, 11, 24, 16)),
        (local(2026, 11, 24, 7), local(2026, 11, 24, 9), local(2026, 11, 24, 8)),
        (local(2026, 11, 24, 6, 15), local(2026, 11, 24, 8, 15), local(2026, 11, 24, 8)),
        (local(2026, 11, 24, 6, 14), local(2026, 11, 24, 8, 14), local(2026, 11, 23, 19, 59)),  # too soon before
        (local(2026, 11, 24, 5), local(2026, 11, 24, 7), local(2026, 11, 23, 19, 59)),
        (local(2026, 11, 24, 21), local(2026, 11, 24, 23), local(2026, 11, 24, 19, 59)),
    ],
)
def test_to_their_end_or_else_to_the_last_minute_before_them(
    meant: datetime, starts_at: datetime, goes: datetime
) -> None:
    assert Quiet(LJUBLJANA).moved(meant, starts_at) == goes


@given(at=instants, zone=zones, begins=minutes, ends=minutes)
def test_what_is_moved_is_never_quiet(at: datetime, zone: ZoneInfo, begins: int, ends: int) -> None:
    hours = Quiet(zone, begins, ends)
    after, before = hours.after(at), hours.before(at)
    assert (hours.holds(after), hours.holds(before)) == (False, False)
    assert before <= at <= after
    if not hours.holds(at):
        assert before == at == after
    # The nearest such minute: between it and the instant it is quiet all the time.
    step = timedelta(minutes=7)
    while (at := at + step) < after:
        assert hours.holds(at)


@given(at=instants, ahead=st.integers(1, 10 * 24 * 60), zone=zones, begins=minutes, ends=minutes)
def test_a_reminder_comes_before_the_start_and_outside_quiet_hours(
    at: datetime, ahead: int, zone: ZoneInfo, begins: int, ends: int
) -> None:
    hours, starts_at = Quiet(zone, begins, ends), at + timedelta(minutes=ahead)
    goes = hours.moved(at, starts_at)
    assert goes < starts_at
    assert not hours.holds(goes)
    if goes > at:
        assert starts_at - goes >= TOO_SOON


@given(first=instants, apart=st.integers(0, 3000), ahead=st.integers(1, 3000), zone=zones, begins=minutes, ends=minutes)
def test_the_order_stays(first: datetime, apart: int, ahead: int, zone: ZoneInfo, begins: int, ends: int) -> None:
    hours, second = Quiet(zone, begins, ends), first + timedelta(minutes=apart)
    starts_at = second + timedelta(minutes=ahead)
    assume(first < starts_at)
    assert hours.moved(first, starts_at) <= hours.moved(second, starts_at)
