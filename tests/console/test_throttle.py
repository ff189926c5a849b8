"""Attempts are counted by name over the last quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.console.throttle import MOST_KEYS, Throttle

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOTHING = timedelta(0)


def test_the_last_attempts_count_and_old_ones_fall_out() -> None:
    throttle = Throttle()
    for minute in range(3):
        assert throttle.wait("vesna", 3, START) == NOTHING
        throttle.count("vesna", START + timedelta(minutes=minute))
    assert throttle.wait("vesna", 3, START + timedelta(minutes=5)) == timedelta(minutes=10)
    assert throttle.wait("luka", 3, START + timedelta(minutes=5)) == NOTHING
    assert throttle.wait("vesna", 3, START + timedelta(minutes=15)) == NOTHING


def test_a_right_attempt_is_forgiven() -> None:
    throttle = Throttle()
    for name in ("login", "address", "address"):
        throttle.count(name, START)
    throttle.forgive("login")
    throttle.uncount("address")
    assert throttle.wait("login", 1, START) == NOTHING
    assert (throttle.wait("address", 1, START) > NOTHING, throttle.wait("address", 2, START)) == (True, NOTHING)


def test_the_memory_has_an_end() -> None:
    throttle = Throttle()
    for number in range(MOST_KEYS + 50):
        throttle.count(f"name {number}", START)
    assert len(throttle._attempts) == MOST_KEYS
    throttle.count("another", START + timedelta(hours=1))
    assert set(throttle._attempts) == {"another"}
