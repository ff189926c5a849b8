"""Pairs for language practice: who suits whom, nobody unchecked, both say yes, young people among themselves."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import checks, pairing, pairs, people
from bot.domain.db import Database
from bot.domain.pairs import (
    ADULT,
    YOUTH,
    AlreadyPaired,
    Busy,
    Fit,
    News,
    NotChecked,
    NotFitting,
    PairOver,
    PairState,
    Practice,
    Profile,
)
from bot.domain.people import Person
from bot.domain.places import load_desk
from tests.domain.conftest import NOW

DESK = load_desk(None)
TODAY = date(2026, 11, 23)
_numbers = itertools.count(1)


def practice(
    offers: str = "", wants: str = "", *, age: str = ADULT, gender: str = "", with_gender: str = "",
    when: Sequence[str] = (),
) -> Practice:  # fmt: skip
    number = next(_numbers)
    return Practice(person_id=number, offers=offers.split(), wants=wants.split(), age=age, gender=gender,
                    with_gender=with_gender, details={"when": list(when)}, paused=False,
                    made_at=NOW + timedelta(minutes=number))  # fmt: skip


async def member(
    db: Database, offers: str, wants: str, *, age: str = ADULT, checked: date | None = TODAY, with_gender: str = "",
    contact: str = "",
) -> int:  # fmt: skip
    """Somebody with a chat who wants to practise."""
    key = f"key {next(_numbers)}"
    caller = people.newcomer("web", key, people.sender_of("web", key), "en")
    profile = Profile(tuple(offers.split()), tuple(wants.split()), local=False, age=age, with_gender=with_gender,
                      name=f"Sample {caller.person_id}", contact=contact)  # fmt: skip
    async with db.transaction() as session:
        await people.add(session, [caller], NOW)
        await pairs.register(session, caller.person_id, profile, caller.address_id, NOW)
        await pairs.check(session, caller.person_id, checked, 7)
    return caller.person_id


async def proposed(db: Database, one: int, other: int, *, by_staff: bool = True) -> int:
    async with db.transaction() as session:
        return (await pairing.propose(session, one, other, DESK, NOW, by_staff=by_staff)).id


async def refused(db: Database, one: int, other: int, *, by_staff: bool = True) -> type[Exception] | str:
    try:
        await proposed(db, one, other, by_staff=by_staff)
    except NotFitting as reason:
        return reason.why
    except pairs.PairsError as reason:
        return type(reason)
    return "proposed"


async def answers(db: Database, pair_id: int, person_id: int, *, yes: bool) -> str:
    async with db.transaction() as session:
        return (await pairing.answer(session, pair_id, person_id, NOW, yes=yes)).pair.state


def test_languages_go_both_ways() -> None:
    assert pairs.fit(practice("sq en", "sl"), practice("sl", "en sq", when=["evening"])) == Fit(
        ("sq", "en"), ("sl",), ()
    )


def test_what_does_not_go_together() -> None:
    for one, other, why in (
        (practice("sq", "sl"), practice("sl", "sq", age=YOUTH), "age"),
        (practice("sq", "sl", with_gender="woman"), practice("sl", "sq"), "gender"),
        (practice("sq", "sl"), practice("sl", "sq", with_gender="man"), "gender"),
        (practice("sq", "sl"), practice("ru", "sl"), "language"),
    ):
        with pytest.raises(NotFitting) as reason:
            pairs.fit(one, other)
        assert reason.value.why == why


_CODES = st.lists(st.sampled_from(["sl", "sq", "ar", "ru"]), unique=True, max_size=3).map(" ".join)
_PEOPLE = st.lists(
    st.builds(
        practice, _CODES, _CODES, age=st.sampled_from([ADULT, ADULT, YOUTH]), gender=st.sampled_from(["", "woman", "man"]),
        with_gender=st.sampled_from(["", "", "woman", "man"]),
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_PEOPLE)
def test_suggestions_respect_every_wish(everybody: list[Practice]) -> None:
    ids = [one.person_id for one in everybody]
    known = {pairs.two(ids[0], ids[1])} if len(ids) > 1 else set()
    found = pairs.suggested(everybody, known)
    met = [person for each in found for person in (each.one.person_id, each.other.person_id)]
    assert len(met) == len(set(met))
    for each in found:
        assert pairs.two(each.one.person_id, each.other.person_id) not in known
        assert {each.one.age, each.other.age} == {ADULT}
        for one, other, gives in ((each.one, each.other, each.fit.gives), (each.other, each.one, each.fit.takes)):
            assert one.with_gender in {"", other.gender}
            assert list(gives) == [code for code in one.offers if code in other.wants]
            assert gives or not one.offers or not other.wants or not set(one.offers) & set(other.wants)
        assert each.fit.mutual or not each.one.wants or not each.other.wants


def test_a_check_counts_for_twelve_months() -> None:
    at = datetime(2026, 2, 28, 12, tzinfo=NOW.tzinfo)
    assert checks.since(DESK, at) == date(2025, 2, 28)
    assert checks.months_from(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert checks.good(date(2025, 11, 23), DESK, NOW)
    assert not checks.good(date(2025, 11, 22), DESK, NOW)
    assert not checks.good(None, DESK, NOW)


async def test_nobody_is_proposed_before_a_check(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq", checked=None)
    old = await member(db, "sl", "sq", checked=date(2025, 11, 22))
    async with db.reading() as session:
        assert await pairs.suggestions(session, DESK, NOW) == []
    assert await refused(db, amina, luka) is NotChecked
    assert await refused(db, amina, old) is NotChecked
    assert await refused(db, amina, 5) is NotChecked
    assert await refused(db, amina, amina) is NotChecked
    async with db.transaction() as session:
        await pairs.check(session, luka, TODAY, 7)
        (found,) = await pairs.suggestions(session, DESK, NOW)
        assert ({found.one.person_id, found.other.person_id}, found.fit.mutual) == ({amina, luka}, True)
        await pairs.set_paused(session, luka, paused=True)
        assert await pairs.suggestions(session, DESK, NOW) == []
    assert await refused(db, amina, luka) is NotChecked


async def test_whoever_wants_no_messages_is_not_suggested(db: Database) -> None:
    amina, _luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    async with db.transaction() as session:
        (await session.get_one(Person, amina)).stopped_at = NOW
        await session.flush()
        assert await pairs.suggestions(session, DESK, NOW) == []


async def test_young_people_are_paired_by_hand_with_each_other(db: Database) -> None:
    mia, tara = await member(db, "sq", "sl", age=YOUTH), await member(db, "sl", "sq", age=YOUTH, contact="040")
    grown = await member(db, "sl", "sq")
    async with db.reading() as session:
        assert await pairs.suggestions(session, DESK, NOW) == []
        held = await pairs.of_person(session, tara)
        assert held is not None
        assert held.contact == ""
    assert await refused(db, mia, grown) == "age"
    assert await refused(db, mia, tara, by_staff=False) == "age"
    pair = await proposed(db, mia, tara)
    for person in (mia, tara):
        await answers(db, pair, person, yes=True)
    async with db.transaction() as session:
        for deed in (
            pairing.share(session, pair, mia, NOW, contact="040"),
            pairing.write(session, pair, mia, "hello", NOW),
        ):
            with pytest.raises(PairOver):
                await deed


async def test_both_say_yes(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    stranger = await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    assert await refused(db, amina, luka) is AlreadyPaired
    assert await refused(db, amina, stranger) is Busy
    for forged in (stranger, 5):
        with pytest.raises(PairOver):
            await answers(db, pair, forged, yes=True)
    assert await answers(db, pair, amina, yes=True) == PairState.PROPOSED
    assert await answers(db, pair, amina, yes=True) == PairState.PROPOSED
    assert await answers(db, pair, luka, yes=True) == PairState.AGREED
    assert await answers(db, pair, luka, yes=True) == PairState.AGREED
    with pytest.raises(PairOver):
        await answers(db, pair, luka, yes=False)
    assert await refused(db, amina, stranger) == "proposed"  # by hand one may practise with two


async def test_a_no_is_final(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    assert await answers(db, pair, luka, yes=False) == PairState.DECLINED
    with pytest.raises(PairOver):
        await answers(db, pair, amina, yes=True)
    assert await refused(db, amina, luka) is AlreadyPaired
    async with db.reading() as session:
        assert await pairs.suggestions(session, DESK, NOW) == []


async def test_a_proposal_lapses(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    async with db.transaction() as session:
        assert await pairing.lapse(session, NOW + timedelta(days=13)) == 0
        assert await pairing.lapse(session, NOW + timedelta(days=14)) == 1
        assert (await pairing.seen(session, pair, amina)).pair.state == PairState.LAPSED


async def test_contact_only_when_both_share(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl", contact="040 1"), await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    async with db.transaction() as session:
        with pytest.raises(PairOver):
            await pairing.share(session, pair, amina, NOW)
    for person in (amina, luka):
        await answers(db, pair, person, yes=True)
    async with db.transaction() as session:
        assert (await pairing.share(session, pair, amina, NOW)).news == News.AGREED
        assert not (await pairing.share(session, pair, amina, NOW, yes=False)).shares
        await pairing.share(session, pair, amina, NOW)
        theirs = await pairing.share(session, pair, luka, NOW, contact="040 2")
        assert (theirs.news, theirs.other and theirs.other.contact) == (News.SHARED, "040 1")
        with pytest.raises(PairOver):
            await pairing.share(session, pair, luka, NOW, yes=False)


async def test_few_words_wait_at_a_time(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    for person in (amina, luka):
        await answers(db, pair, person, yes=True)
    async with db.transaction() as session:
        taken = [await pairing.write(session, pair, amina, "hello", NOW) for _note in range(6)]
        assert taken == [True] * 5 + [False]
        assert await pairing.write(session, pair, luka, "hello", NOW)
        await pairing.end(session, pair, luka, NOW)
        assert (await pairing.seen(session, pair, amina)).pair.details == {}


async def test_a_new_name_needs_a_new_check(db: Database) -> None:
    amina = await member(db, "sq", "sl")
    async with db.transaction() as session:
        held = await pairs.of_person(session, amina)
        assert held is not None
        profile = Profile(("ar",), ("sl",), local=False, age=ADULT, name=held.name)
        assert (await pairs.register(session, amina, profile, None, NOW)).checked_on == TODAY
        other = Profile(("ar",), ("sl",), local=False, age=ADULT, name="Somebody else")
        assert (await pairs.register(session, amina, other, None, NOW)).checked_on is None


async def test_whoever_goes_ends_their_pairs(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    pair = await proposed(db, amina, luka)
    async with db.transaction() as session:
        await pairing.forget(session, amina, NOW)
        assert await pairs.of_person(session, amina) is None
        theirs = await pairing.seen(session, pair, luka)
        assert (theirs.pair.state, theirs.other) == (PairState.ENDED, None)


async def test_one_of_two_at_once_proposes(db: Database) -> None:
    amina, luka = await member(db, "sq", "sl"), await member(db, "sl", "sq")
    eva = await member(db, "sl", "sq")
    results = await asyncio.gather(
        refused(db, amina, luka), refused(db, luka, amina), refused(db, amina, eva), refused(db, eva, amina)
    )
    assert results.count("proposed") == 1
    assert {one for one in results if one != "proposed"} <= {AlreadyPaired, Busy}
