"""Contacts and people are two numbers, counted by hand on a small story."""

from __future__ import annotations

import json
from datetime import date, timedelta

from bot.domain.happenings import Happening
from bot.domain.indicators import Line, Report, Unanswered, report
from tests.desk import Desk
from tests.flows.deeds import claims, closes, replies
from tests.flows.paper import Writer, with_paper

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)


async def figures(desk: Desk, first: date = FIRST, last: date = LAST, **more: str | int) -> Report:
    async with desk.house.db.reading() as session:
        return await report(session, first, last, desk.house.desk.zone, **more)  # type: ignore[arg-type]


async def tells_a_story(desk: Desk) -> None:
    """23 November: Amina (en, web) starts from a poster, asks twice; Boris (ru, paper) asks.
    24 November: Amina asks again; a case of hers is answered.  2 December: Boris asks; Cveta only presses a button.
    """
    paper = with_paper(desk)
    amina, cveta = desk.person(hint="en"), desk.person("sl")
    boris = Writer(desk, paper, "1", hint="ru")
    await amina.says("/start from-poster")
    await amina.says("How do I register my address?")
    await amina.says("zxcv qwer")
    await boris.sends("typed", "Как зарегистрировать временный адрес?")
    desk.clock.pass_(days=1)
    await amina.says("How do I register my address?")
    await amina.says("/person")
    vesna = await desk.has_staff()
    await claims(desk, vesna)
    await replies(desk, vesna, "Come on Tuesday.")
    await closes(desk, vesna)
    desk.clock.pass_(days=8)
    await boris.sends("typed", "Как зарегистрировать временный адрес?")
    await cveta.says("/menu")


async def test_a_story_counted_by_hand(desk: Desk) -> None:
    await tells_a_story(desk)
    found = await figures(desk)
    # Amina on two days, Boris on two days; Cveta only looked at the menu.
    assert (found.contacts, found.people) == (4, 2)
    assert found.tables == {
        "language": [Line("en", 2, 1), Line("ru", 2, 1)],
        "channel": [Line("paper", 2, 1), Line("web", 2, 1)],
        "month": [Line("2026-11", 3, 2), Line("2026-12", 1, 1)],
        "topic": [Line("residence.address", 4, 2)],
        "source": [Line("poster", 1, 1)],
    }
    assert found.happenings == {"answered": 4, "asked": 5, "handed_over": 1, "missed": 1, "started": 1}
    assert [(one.language, one.count, one.examples) for one in found.unanswered] == [("en", 1, ("zxcv qwer",))]


async def test_a_period_has_both_its_ends(desk: Desk) -> None:
    await tells_a_story(desk)
    assert (await figures(desk, date(2026, 11, 23), date(2026, 11, 23))).contacts == 2
    assert (await figures(desk, date(2026, 11, 24), date(2026, 12, 1))).contacts == 1
    assert (await figures(desk, date(2026, 12, 2), date(2026, 12, 2))).contacts == 1
    nothing = await figures(desk, date(2027, 1, 1), date(2027, 12, 31))
    assert (nothing.contacts, nothing.people, nothing.happenings, nothing.unanswered) == (0, 0, {}, [])
    assert set(nothing.tables) == {"language", "channel", "month", "topic", "source"}


async def test_the_day_is_the_desk_s_own(desk: Desk) -> None:
    guest = desk.person(hint="en")
    desk.clock.at = desk.clock.at.replace(month=12, day=31, hour=22, minute=59)
    await guest.says("How do I register my address?")
    desk.clock.pass_(minutes=1)
    await guest.says("zxcv qwer")
    new_year = await figures(desk, date(2027, 1, 1), date(2027, 1, 1))
    assert (new_year.contacts, new_year.happenings) == (1, {"asked": 1, "missed": 1})
    assert [one.count for one in new_year.unanswered] == [1]
    old_year = await figures(desk, date(2026, 12, 31), date(2026, 12, 31))
    assert (old_year.contacts, old_year.happenings, old_year.unanswered) == (1, {"answered": 1, "asked": 1}, [])


async def test_one_person_on_one_day_is_one_contact_however_much_is_said(desk: Desk) -> None:
    guest = desk.person(hint="en")
    for _time in range(5):
        await guest.says("How do I register my address?")
    found = await figures(desk)
    assert (found.contacts, found.people, found.happenings["asked"]) == (1, 1, 5)


async def test_forgetting_somebody_changes_no_past_count(desk: Desk) -> None:
    await tells_a_story(desk)
    guest = desk.person(hint="en")
    await guest.says("/start from-fair")
    await guest.says("How do I register my address?")
    before = await figures(desk)
    rows = await desk.count(Happening)
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    after = await figures(desk)
    assert (after.contacts, after.people, after.tables) == (before.contacts, before.people, before.tables)
    assert after.happenings == {**before.happenings, "erased": 1}
    assert await desk.count(Happening) == rows + 1


async def test_questions_without_an_answer_are_grouped_the_most_frequent_first(desk: Desk) -> None:
    for number in range(3):
        await desk.person(hint="en").says(f"zxcv qwer {number}")
    await desk.person(hint="en").says("бгдж фцчщ ъъъ")
    found = await figures(desk, examples=2)
    assert [one.count for one in found.unanswered] == sorted((one.count for one in found.unanswered), reverse=True)
    assert sum(one.count for one in found.unanswered) == 4
    assert max(len(one.examples) for one in found.unanswered) <= 2
    assert all(one.examples == () for one in (await figures(desk, examples=0)).unanswered)


async def test_one_place_is_counted_apart(desk: Desk) -> None:
    await tells_a_story(desk)
    assert (await figures(desk, place="postojna")).contacts == 4
    assert (await figures(desk, place="koper")).contacts == 0


def test_as_json_and_rows() -> None:
    found = Report(FIRST, LAST, 3, 2, {"language": [Line("en", 3, 2)]}, {"asked": 3},
                   [Unanswered("", "en", 2, ("a", "b"))])  # fmt: skip
    assert json.loads(json.dumps(found.as_json())) == {
        "first": "2026-11-01", "last": "2026-12-31", "contacts": 3, "people": 2,
        "tables": {"language": [{"group": "en", "contacts": 3, "people": 2}]}, "happenings": {"asked": 3},
        "unanswered": [{"nearest": "", "language": "en", "count": 2, "examples": ["a", "b"]}],
    }  # fmt: skip
    assert found.as_rows() == [
        ("table", "group", "contacts", "people"), ("total", "", "3", "2"), ("language", "en", "3", "2"),
        ("unanswered", "? · en", "2", ""),
    ]  # fmt: skip


async def test_a_language_switch_is_counted_where_it_led(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/language")
    await guest.presses("Русский")
    await guest.says("/language")
    await guest.presses("Русский")
    found = await figures(desk)
    assert (found.happenings, found.tables["language"]) == ({"language": 1}, [Line("ru", 1, 1)])


async def test_days_in_a_row_make_as_many_contacts_and_one_person(desk: Desk) -> None:
    guest = desk.person(hint="en")
    for _day in range(3):
        await guest.says("How do I register my address?")
        desk.clock.at += timedelta(days=1)
    found = await figures(desk)
    assert (found.contacts, found.people) == (3, 1)
