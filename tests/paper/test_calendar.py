"""The file for a calendar: read back as a calendar reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar

from bot.paper.makers import make

CONTENT = {
    "uid": "abc", "title": "Sample; workshop, with\nlines — طابور", "starts_at": "2027-03-28T18:00:00+02:00",
    "ends_at": "2027-03-28T19:30:00+02:00", "changed_at": "2026-11-23T09:00:00+00:00",
    "written_at": "2026-11-24T09:00:00+00:00", "where": "Sample street 1, Sample town", "url": "https://map.test/1?a=b",
    "called_off": False,
}  # fmt: skip


def read(**changes: Any) -> tuple[Calendar, Any]:  # noqa: ANN401
    file = make("calendar", "termin.ics", {**CONTENT, **changes})
    assert (file.name, file.media_type) == ("termin.ics", "text/calendar; charset=utf-8")
    whole = Calendar.from_ical(file.data)
    assert isinstance(whole, Calendar)
    (entry,) = whole.walk("VEVENT")
    return whole, entry


def test_one_entry_in_utc() -> None:
    whole, entry = read()
    assert (whole["method"], whole["version"], len(whole.subcomponents)) == ("PUBLISH", "2.0", 1)
    assert entry.decoded("dtstart") == datetime(2027, 3, 28, 16, 0, tzinfo=UTC)
    assert entry.decoded("dtend") == datetime(2027, 3, 28, 17, 30, tzinfo=UTC)
    assert (entry["uid"], entry["summary"], entry["location"], entry["url"], entry["status"], entry["class"]) == (
        "abc@starting-point", CONTENT["title"], CONTENT["where"], CONTENT["url"], "CONFIRMED", "PRIVATE",
    )  # fmt: skip
    assert {name for name in ("ATTENDEE", "ORGANIZER", "DESCRIPTION") if name in entry} == set()


def test_lines_end_and_fold_as_the_standard_says() -> None:
    data = make("calendar", "termin.ics", {**CONTENT, "where": "ж" * 200}).data
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_a_change_replaces_and_the_same_sent_twice_does_not() -> None:
    first, same = read()[1]["sequence"], read(written_at="2026-11-25T09:00:00+00:00")[1]["sequence"]
    later = read(changed_at="2026-11-23T09:01:00+00:00")[1]["sequence"]
    assert first == same < later < 2**31


def test_called_off_takes_it_out() -> None:
    whole, entry = read(called_off=True)
    assert (whole["method"], entry["status"], entry["uid"]) == ("CANCEL", "CANCELLED", "abc@starting-point")
    assert entry["sequence"] > read()[1]["sequence"]


def test_without_a_place_it_names_none() -> None:
    entry = read(where="", url="", title="Appointment")[1]
    assert {name for name in ("LOCATION", "URL") if name in entry} == set()
    assert entry["summary"] == "Appointment"
