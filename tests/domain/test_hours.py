"""Opening hours: typed in many ways, kept in one, said in each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import DAYS, HoursError, read_day, read_hours, say_hours, write_hours
from bot.i18n import LANGUAGES


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("8-12", "08:00-12:00"),
        ("8:00–12:00, 13.30 - 15.00", "08:00-12:00, 13:30-15:00"),
        ("8-12 13-17", "08:00-12:00, 13:00-17:00"),
        ("0-24", "00:00-24:00"),
    ],
)
def test_hours_are_understood_as_people_write_them(typed: str, kept: str) -> None:
    assert read_day("mon", typed) == kept


@pytest.mark.parametrize("typed", ["morning", "8", "12-8", "8-12, 11-13", "8-25", "8:75-9", "8-12 or later", "8-8"])
def test_what_is_no_hours_is_refused(typed: str) -> None:
    with pytest.raises(HoursError):
        read_day("mon", typed)


@pytest.mark.parametrize("text", ["8-12", "day 8-12", "mon 8-12; mon 13-15"])
def test_a_week_names_each_day_once(text: str) -> None:
    with pytest.raises(HoursError):
        read_hours(text)


times = st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True).map(sorted)


@given(st.lists(st.none() | times, min_size=7, max_size=7))
def test_a_week_that_is_written_is_read_again(week: list[list[int] | None]) -> None:
    days = tuple(
        ", ".join(
            f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in zip(day[::2], day[1::2], strict=False)
        )
        if day
        else ""
        for day in week
    )
    assert read_hours(write_hours(days)) == days


def test_days_that_are_alike_are_put_together() -> None:
    week = "mon 08:00-12:00; tue 08:00-12:00; wed 08:00-12:00, 13:00-17:00; fri 08:00-13:00"
    assert say_hours(week, "en") == "Mon–Tue 08:00–12:00; Wed 08:00–12:00, 13:00–17:00; Fri 08:00–13:00"
    assert say_hours(week, "sl") == "pon.–tor. 08:00–12:00; sre. 08:00–12:00, 13:00–17:00; pet. 08:00–13:00"
    assert all(say_hours(week, language) for language in LANGUAGES)
    assert say_hours("", "en") == ""
    assert len(DAYS) == 7
