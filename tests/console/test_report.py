"""The report as a page and as a file."""

from __future__ import annotations

from bot.domain.staff import Role
from tests.console.browser import Console


async def test_contacts_and_people_are_two_numbers(console: Console) -> None:
    guest, _ticket = await console.case("How do I register my address?", language="en")
    console.desk.clock.pass_(days=1)
    await guest.says("How do I register my address?")
    browser = await console.staff("vesna", Role.COORDINATOR)
    page = await browser.get("/console/report")
    assert "Contacts 2 Different people 1 Questions 2" in page.text
    assert "Language Language Contacts Different people English 2 1" in page.text
    assert "Channel Channel Contacts Different people Web chat 2 1" in page.text
    assert "Topic Topic Contacts Different people Register your address 2 1" in page.text
    page = await browser.get("/console/report?first=2026-11-24&last=2026-11-24")
    assert "Contacts 1 Different people 1" in page.text


async def test_the_file_is_for_spreadsheets(console: Console) -> None:
    await console.case("How do I register my address?", language="en")
    stranger = console.desk.person(language="en")
    await stranger.says("/start from-=cmd")
    browser = await console.staff("vesna", Role.COORDINATOR)
    page = await browser.get("/console/report")
    (link,) = [link for link in page.links() if link.startswith("/console/report.csv")]
    page = await browser.get(link)
    assert page.body.startswith(b"\xef\xbb\xbf")
    assert page.headers["Content-Disposition"].startswith('attachment; filename="report-2025-11-23-2026-11-23.csv"')
    rows = page.body.decode("utf-8-sig").splitlines()
    assert rows[:3] == ["table,group,contacts,people", "total,,2,2", "language,en,2,2"]
    assert not [row for row in rows for cell in row.split(",") if cell.startswith(("=", "+", "-", "@"))]


async def test_a_period_that_is_no_period_is_refused(console: Console) -> None:
    browser = await console.staff("vesna", Role.COORDINATOR)
    for query in ("first=x", "last=2026-13-01", "first=0001-01-01&last=x", "last=0001-01-01"):
        assert (await browser.get(f"/console/report?{query}")).status == 400
    assert (await browser.get("/console/report?place=moon")).status == 403
