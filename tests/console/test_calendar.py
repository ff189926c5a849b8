"""The month of events."""

from __future__ import annotations

import re

from tests.console.browser import Console
from tests.console.test_events import make, one

MONTH = "/console/events/calendar"


async def test_a_month_shows_its_events_and_holidays(console: Console) -> None:
    browser = await console.staff("vesna")
    await make(browser, day="2026-12-24", sure="yes")
    event = await one(console)
    page = await browser.get(f"{MONTH}?month=2026-12")
    assert "December 2026" in page.text
    assert page.html.count(f'href="/console/events/{event.id}"') == 2  # in the table, and in the list for phones
    assert "Thursday, 24 Dec 2026" in page.text
    table = page.html[page.html.index("<tbody>") : page.html.index("</tbody>")]
    days = re.findall(r'<td class="([^"]*)"[^>]*>\s*<span class="number"><time datetime="([\d-]+)">', table)
    assert (len(days), days[0][1], days[-1][1]) == (35, "2026-11-30", "2027-01-03")
    assert [day for kind, day in days if "holiday" in kind] == ["2026-12-25", "2026-12-26", "2027-01-01", "2027-01-02"]
    assert {"?month=2026-11", "?month=2027-01"} <= page.links()


async def test_this_month_without_an_address_and_whatever_the_address_says(console: Console) -> None:
    browser = await console.staff("vesna")
    page = await browser.get(MONTH)
    for query in ("", "?month=x", "?month=2026-13", "?month=1999-01", "?month=2026-11"):
        page = await browser.get(MONTH + query)
        assert (page.status, "November 2026" in page.text) == (200, True)
    assert page.html.count('aria-current="date"') == 2
    for month, name in (("2099-12", "December 2099"), ("2000-01", "January 2000")):
        assert name in (await browser.get(f"{MONTH}?month={month}")).text


async def test_days_of_the_week_are_named_in_the_reader_s_language(console: Console) -> None:
    for language, monday in (("sl", "pon."), ("ar", "الاثنين"), ("en", "Mon")):
        browser = await console.staff(f"v{language}", language=language)
        page = await browser.get(MONTH)
        assert page.html.index(f'<th scope="col">{monday}</th>') < page.html.index("</thead>")
