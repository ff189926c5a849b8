"""Free times: whatever hours, exceptions, bookings and clock changes there are, no rule is ever broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.opening import is_holiday
from bot.domain.slots import Block, Rules, Slot, Span, blocks, free
from bot.domain.wall import instant

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
ZONES = [LJUBLJANA, ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu"),
         ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]  # fmt: skip
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def starts(found: Sequence[Slot], zone: ZoneInfo = LJUBLJANA) -> list[str]:
    return [f"{one.starts_at.astimezone(zone):%a %d %H:%M}" for one in found]


def weekly(**more: object) -> Rules:
    week: Mapping[int, Sequence[Block]] = {1: [Block(600, 780)]}
    values: dict[str, object] = {"zone": LJUBLJANA, "week": week, "ahead_days": 8, **more}
    return Rules(**values)  # type: ignore[arg-type]


def test_the_usual_week() -> None:
    assert starts(free(weekly(), [], MONDAY)) == ["Tue 24 10:00", "Tue 24 11:15", "Tue 01 10:00", "Tue 01 11:15"]


def test_notice_is_kept_to_the_minute() -> None:
    assert starts(free(weekly(notice_hours=24), [], MONDAY + timedelta(minutes=1)))[0] == "Tue 24 11:15"
    assert starts(free(weekly(notice_hours=0), [], MONDAY + timedelta(days=1)))[0] == "Tue 24 10:00"


def test_other_days_stand_in_the_place_of_the_week() -> None:
    others = {date(2026, 11, 24): [Block(0, 0)], date(2026, 11, 26): [Block(900, 960), Block(540, 600)]}
    assert starts(free(weekly(others=others), [], MONDAY)) == [
        "Thu 26 09:00", "Thu 26 15:00", "Tue 01 10:00", "Tue 01 11:15"]  # fmt: skip


def test_public_holidays_are_off_whatever_the_mentor_has_said() -> None:
    christmas = date(2026, 12, 25)
    rules = weekly(others={christmas: [Block(600, 780)]}, ahead_days=40)
    assert [one for one in free(rules, [], MONDAY) if one.day == christmas] == []
    assert blocks(rules, christmas) == []


def test_a_booking_takes_its_time_and_the_buffer_around_it() -> None:
    at = datetime(2026, 11, 24, 10, 30, tzinfo=LJUBLJANA)  # from times that the mentor had before
    rules = weekly(week={1: [Block(540, 900)]}, ahead_days=1)
    assert starts(free(rules, [], MONDAY)) == ["Tue 24 10:15", "Tue 24 11:30", "Tue 24 12:45", "Tue 24 14:00"]
    assert starts(free(rules, [(at, at + timedelta(hours=1))], MONDAY)) == ["Tue 24 12:45", "Tue 24 14:00"]


def test_an_hour_that_the_clock_skips_is_no_time_and_a_doubled_one_is_one() -> None:
    night = {6: [Block(60, 300)]}
    spring = free(weekly(week=night, buffer_minutes=0, ahead_days=2), [], datetime(2026, 3, 27, tzinfo=UTC))
    assert starts(spring) == ["Sun 29 01:00", "Sun 29 03:00", "Sun 29 04:00"]
    autumn = free(weekly(week=night, buffer_minutes=0, ahead_days=2), [], datetime(2026, 10, 23, tzinfo=UTC))
    assert starts(autumn) == ["Sun 25 01:00", "Sun 25 02:00", "Sun 25 03:00", "Sun 25 04:00"]
    assert len({one.starts_at for one in autumn}) == 4


def a_block() -> st.SearchStrategy[Block]:
    return st.builds(Block, st.integers(0, 1439), st.integers(0, 1440))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Rules, list[Span], datetime]:
    now = draw(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31))).replace(tzinfo=UTC)  # noqa: DTZ001 - bounds
    near = draw(st.sampled_from([now, datetime(2026, 3, 27, 7, tzinfo=UTC), datetime(2026, 10, 23, 7, tzinfo=UTC)]))
    today = near.date()
    rules = Rules(
        draw(st.sampled_from(ZONES)),
        draw(st.dictionaries(st.integers(0, 6), st.lists(a_block(), max_size=3))),
        draw(st.dictionaries(st.dates(today, today + timedelta(days=9)), st.lists(a_block(), max_size=2), max_size=4)),
        draw(st.integers(15, 120)), draw(st.integers(0, 45)), draw(st.integers(0, 72)), draw(st.integers(0, 10)),
    )  # fmt: skip
    spans = []
    for minutes, length in draw(st.lists(st.tuples(st.integers(0, 14_400), st.integers(15, 180)), max_size=6)):
        begins = near + timedelta(minutes=minutes)
        spans.append((begins, begins + timedelta(minutes=length)))
    return rules, spans, near


@settings(max_examples=150, deadline=None)
@given(situations())
def test_no_rule_is_ever_broken(situation: tuple[Rules, list[Span], datetime]) -> None:
    rules, taken, now = situation
    found = free(rules, taken, now)
    buffer = timedelta(minutes=rules.buffer_minutes)
    assert found == sorted(set(found))
    for one in found:
        local = one.starts_at.astimezone(rules.zone)
        assert (local.date(), local.hour * 60 + local.minute) == (one.day, one.minute)
        assert one.ends_at - one.starts_at == timedelta(minutes=rules.minutes)
        told = rules.others.get(one.day, rules.week.get(one.day.weekday(), ()))
        assert not is_holiday(one.day)
        assert covers(rules, blocks(rules, one.day), told, one)
        assert one.starts_at >= now + timedelta(hours=rules.notice_hours)
        assert (one.day - now.astimezone(rules.zone).date()).days <= rules.ahead_days
        assert all(one.ends_at + buffer <= begins or ends + buffer <= one.starts_at for begins, ends in taken)


def covers(rules: Rules, merged: Sequence[Block], told: Sequence[Block], one: Slot) -> bool:
    """Whether every quarter of an hour of the slot lies in some block as it was told."""
    assert {minute for block in merged for minute in range(block.opens, block.closes)} == {
        minute for block in told for minute in range(block.opens, block.closes)
    }
    spans = [(instant(one.day, block.opens, rules.zone), instant(one.day, block.closes, rules.zone)) for block in told]
    at = one.starts_at
    while at < one.ends_at:
        if not any(begins <= at < ends for begins, ends in spans):
            return False
        at += timedelta(minutes=1)
    return True


@settings(max_examples=60, deadline=None)
@given(situations(), st.randoms(use_true_random=False))
def test_booking_one_free_time_after_another_never_puts_two_together(
    situation: tuple[Rules, list[Span], datetime], chance: object
) -> None:
    rules, taken, now = situation
    buffer = timedelta(minutes=rules.buffer_minutes)
    booked: list[Slot] = []
    while (found := free(rules, [*taken, *((one.starts_at, one.ends_at) for one in booked)], now)) and len(booked) < 20:
        booked.append(chance.choice(found))  # type: ignore[attr-defined]
    booked.sort()
    for one, other in pairwise(booked):
        assert one.ends_at + buffer <= other.starts_at
