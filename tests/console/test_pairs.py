"""Staff check people, send proposals, pair by hand, and write down what was said at the desk."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select

from bot import pair_jobs
from bot.domain import pairs
from bot.domain.audit import AuditEntry
from bot.domain.happenings import Happening
from bot.domain.pairs import Pair, PairState, Practice
from bot.domain.staff import Role
from tests.console.browser import Browser, Console
from tests.desk import Guest, told
from tests.flows.test_practice import ADULT, LOCAL, does, person_of

TODAY = "2026-11-23"
TICKS = {"identity": "yes", "conduct": "yes", "day": TODAY}


async def two(console: Console) -> tuple[Guest, Guest]:
    """Two who would like to practise, unchecked."""
    amina, luka = console.desk.person("en"), console.desk.person("en")
    await does(amina, *ADULT)
    await does(luka, *LOCAL)
    return amina, luka


async def young(console: Console, name: str, offers: str, wants: str) -> Guest:
    guest = console.desk.person("en")
    await does(guest, "/practice", "[15 to 17]", "[I am new here]", f"[{offers}]", "[That is all]", f"[{wants}]",
               "[That is all]", "[It changes]", "[It does not matter]", "[I do not say]", name, "[Yes]")  # fmt: skip
    return guest


async def checks(console: Console, vesna: Browser, *guests: Guest) -> None:
    for guest in guests:
        await vesna.get("/console/pairs")
        page = await vesna.submit("/console/pairs/check", person=str(await person_of(guest)), **TICKS)
        assert "Saved." in page.text


async def the_pair(console: Console) -> Pair:
    async with console.desk.house.db.reading() as session:
        return (await session.scalars(select(Pair))).one()


async def test_nothing_yet(console: Console) -> None:
    vesna = await console.staff()
    page = await vesna.get("/console/pairs")
    assert "Nobody wants to practise a language yet." in page.text
    assert page.actions.isdisjoint({"/console/pairs/propose", "/console/pairs/check"})


async def test_a_check_needs_both_ticks_and_a_day(console: Console) -> None:
    amina, _luka = await two(console)
    vesna = await console.staff()
    person = str(await person_of(amina))
    for wrong in ({"conduct": ""}, {"identity": ""}, {"day": "2026-11-24"}, {"day": "x"}, {"day": ""}):
        await vesna.get("/console/pairs")
        page = await vesna.submit("/console/pairs/check", person=person, **{**TICKS, **wrong})
        assert (page.status, "Please tick both, and give the day" in page.text) == (422, True)
    assert (await vesna.submit("/console/pairs/check", person="7", **TICKS)).status == 404
    async with console.desk.house.db.reading() as session:
        assert set(await session.scalars(select(Practice.checked_on))) == {None}


async def test_from_the_check_to_a_pair(console: Console) -> None:
    amina, luka = await two(console)
    vesna = await console.staff()
    page = await vesna.get("/console/pairs")
    assert ("To be met and checked" in page.text, "Suggestions" in page.text) == (True, False)
    await checks(console, vesna, amina)
    assert "Suggestions" not in (await vesna.get("/console/pairs")).text
    await checks(console, vesna, luka)
    page = await vesna.get("/console/pairs")
    assert "Both ways: Albanian for Slovene Both have time: In the evening" in page.text
    page = await vesna.submit("/console/pairs/propose")
    assert "Both are asked in the chat." in page.text
    assert "Proposed" in page.text
    await pair_jobs.tell_pairs(console.desk.house)
    assert "Somebody could practise with you." in told((await amina.reads())[-1], console.desk)
    await does(amina, "[✅ Yes, please]")
    page = await vesna.get("/console/pairs")
    assert ("Said yes" in page.text, "No answer yet" in page.text) == (True, True)
    assert "040 000 000" not in page.html
    pair = await the_pair(console)
    page = await vesna.submit("/console/pairs/answer", pair=str(pair.id), person=str(await person_of(luka)), deed="yes")
    assert "Practise together" in page.text
    await pair_jobs.tell_pairs(console.desk.house)
    for guest, other in ((amina, "Luka"), (luka, "Amina")):
        assert f"You practise with Sample {other}." in told((await guest.reads())[-1], console.desk)
    page = await vesna.submit("/console/pairs/answer", pair=str(pair.id), deed="end")
    assert (await the_pair(console)).state == PairState.ENDED
    await pair_jobs.tell_pairs(console.desk.house)
    assert "has ended" in told((await amina.reads())[-1], console.desk)


async def test_staff_s_yes_counts_as_a_pair(console: Console) -> None:
    amina, luka = await two(console)
    vesna = await console.staff()
    await checks(console, vesna, amina, luka)
    await vesna.get("/console/pairs")
    await vesna.submit("/console/pairs/propose")
    pair = await the_pair(console)
    for guest in (amina, luka):
        await vesna.submit("/console/pairs/answer", pair=str(pair.id), person=str(await person_of(guest)), deed="yes")
    async with console.desk.house.db.reading() as session:
        assert list(await session.scalars(select(Happening.data).where(Happening.kind == "paired"))) == [
            {"what": "pair", "id": str(pair.id)}
        ]


async def test_pairs_by_hand(console: Console) -> None:
    amina, luka = await two(console)
    mia = await young(console, "Sample Mia", "Albanian", "Slovene")
    tara = await young(console, "Sample Tara", "Slovene", "Albanian")
    vesna = await console.staff()
    await checks(console, vesna, amina, luka, mia, tara)
    ids = {name: str(await person_of(guest)) for name, guest in
           {"amina": amina, "luka": luka, "mia": mia, "tara": tara}.items()}  # fmt: skip
    page = await vesna.get("/console/pairs")
    assert page.text.count("Both ways:") == 1  # nobody of 15-17 is suggested
    for one, other, said in (
        ("mia", "luka", "People of 15 to 17 are paired only with people of that age."),
        ("amina", "amina", "Please choose two different people."),
        ("amina", "", "One of them is not checked"),
    ):
        page = await propose(vesna, ids[one], ids.get(other, "999"))
        assert (page.status in {409, 422}, said in page.text) == (True, True)
    assert (await vesna.submit("/console/pairs/propose", one=ids["mia"], other=ids["tara"], by="")).status == 409
    assert "Both are asked in the chat." in (await propose(vesna, ids["tara"], ids["mia"])).text
    assert "were proposed to each other before" in (await propose(vesna, ids["tara"], ids["mia"])).text
    pair = await the_pair(console)
    for person in (ids["mia"], ids["tara"]):
        page = await vesna.submit("/console/pairs/answer", pair=str(pair.id), person=person, deed="yes")
    assert "The desk arranges where and when they meet" in page.text


async def propose(vesna: Browser, one: str, other: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    await vesna.get("/console/pairs")
    fields = {**vesna.hidden("/console/pairs/propose"), "one": one, "other": other, "by": "hand"}
    return await vesna.post("/console/pairs/propose", fields)


async def test_forged_and_late_deeds_change_nothing(console: Console) -> None:
    amina, luka = await two(console)
    vesna = await console.staff()
    await checks(console, vesna, amina, luka)
    await vesna.get("/console/pairs")
    await vesna.submit("/console/pairs/propose")
    pair = await the_pair(console)
    person = str(await person_of(amina))
    for fields, status in (
        ({"pair": "9" * 40, "person": person, "deed": "yes"}, 409),
        ({"pair": str(pair.id), "person": "7", "deed": "yes"}, 409),
        ({"pair": str(pair.id), "person": "²", "deed": "no"}, 409),
        ({"pair": str(pair.id), "person": person, "deed": "marry"}, 400),
    ):
        await vesna.get("/console/pairs")
        assert (await vesna.submit("/console/pairs/answer", **fields)).status == status
    again = await the_pair(console)
    assert (again.state, again.yes_first, again.yes_second) == (PairState.PROPOSED, None, None)


async def test_a_check_is_taken_back_and_grows_old(console: Console) -> None:
    amina, luka = await two(console)
    vesna = await console.staff()
    await checks(console, vesna, amina, luka)
    page = await vesna.submit("/console/pairs/check", person=str(await person_of(amina)), deed="undo")
    assert "Taken back." in page.text
    assert "Suggestions" not in page.text
    async with console.desk.house.db.transaction() as session:
        for guest in (amina, luka):
            await pairs.check(session, await person_of(guest), date(2025, 11, 22), 7)
    page = await vesna.get("/console/pairs")
    assert len(re.findall("Check too old", page.text)) == 2


async def test_looking_is_noted(console: Console) -> None:
    await two(console)
    vesna = await console.staff("vesna", Role.COORDINATOR)
    await vesna.get("/console/pairs")
    async with console.desk.house.db.reading() as session:
        assert "read pairs" in list(await session.scalars(select(AuditEntry.verb)))
