from datetime import UTC, datetime, timedelta

from bot.webchat.pace import Pace

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_all_at_once_then_evenly() -> None:
    pace = Pace(per_minute=30)
    assert [pace.wait_s("amina", NOW) for _ in range(31)] == [0] * 30 + [2]
    assert pace.wait_s("amina", NOW + timedelta(seconds=1)) == 1
    assert pace.wait_s("amina", NOW + timedelta(seconds=2)) == 0
    assert pace.wait_s("amina", NOW + timedelta(seconds=2)) == 2
    assert pace.wait_s("boris", NOW) == 0


def test_a_clock_set_back_gives_nothing_and_takes_nothing() -> None:
    pace = Pace(per_minute=1)
    assert pace.wait_s("amina", NOW) == 0
    assert pace.wait_s("amina", NOW - timedelta(hours=1)) == 60
    assert pace.wait_s("amina", NOW + timedelta(hours=1)) == 0
