"""Language practice in chat: nobody is proposed unchecked, both say yes, the desk passes on, either ends it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot import pair_jobs
from bot.dialog.engine import step
from bot.dialog.layout import lay_out
from bot.dialog.messages import Laid, LaidButton
from bot.dialog.talk import Frame, Scene
from bot.domain import pairing, pairs
from bot.domain.callers import callers
from bot.domain.happenings import Happening
from bot.domain.outgoing import Outgoing
from bot.domain.pairs import Pair, Practice
from bot.domain.people import Dialog, Person
from flows import FLOWS
from tests.desk import Desk, Guest, told
from tests.flows.paper import Writer, with_paper
from tests.flows.test_small_channel import SMALL
from tests.flows.test_walk import fits
from tests.flows.test_walk_forms import Forms, Pick, deed, nth, option

CHECKED = date(2026, 11, 23)
ADULT = ("/practice", "[18 or older]", "[I am new here]", "[Albanian]", "[That is all]", "[Slovene]", "[That is all]",
         "[In the evening]", "[That is all]", "[It does not matter]", "[I do not say]", "Sample Amina", "Skip",
         "[Yes]")  # fmt: skip
LOCAL = ("/practice", "[18 or older]", "[I am from here]", "[Slovene]", "[That is all]", "[Albanian]",
         "[That is all]", "[In the evening]", "[That is all]", "[It does not matter]", "[A man]", "Sample Luka",
         "040 000 000", "[Yes]")  # fmt: skip
END = "[👤 Talk to a person] [☰ Menu]"


async def does(guest: Guest, *steps: str) -> str:
    """Say or press one after another; the last thing that appears."""
    laid: list[Laid] = []
    for one in steps:
        laid = await (guest.presses(one[1:-1]) if one.startswith("[") else guest.says(one))
    return told(laid[-1], guest.desk)


async def person_of(guest: Guest) -> int:
    async with guest.desk.house.db.reading() as session:
        return (await callers(session, [guest.sender], guest.desk.clock()))[guest.sender].person_id


async def two(desk: Desk) -> tuple[Guest, Guest]:
    """Amina and Luka, both checked, proposed to each other and told."""
    amina, luka = desk.person("en"), desk.person("en")
    await does(amina, *ADULT)
    await does(luka, *LOCAL)
    await propose(desk, amina, luka)
    return amina, luka


async def propose(desk: Desk, *guests: Guest, by_staff: bool = False) -> None:
    one, other = [await person_of(guest) for guest in guests]
    async with desk.house.db.transaction() as session:
        for person in (one, other):
            await pairs.check(session, person, CHECKED, 7)
        await pairing.propose(session, one, other, desk.house.desk, desk.clock(), by_staff=by_staff)
    await tells(desk)


async def tells(desk: Desk) -> None:
    """What the clock does; twice is once."""
    await pair_jobs.tell_pairs(desk.house)
    assert await pair_jobs.tell_pairs(desk.house) == 0


async def agreed(desk: Desk) -> tuple[Guest, Guest]:
    amina, luka = await two(desk)
    for guest in (amina, luka):
        await guest.reads()
        await guest.presses("✅ Yes, please")
    await tells(desk)
    await amina.reads()
    return amina, luka


async def test_the_questions(desk: Desk) -> None:
    amina = desk.person("en")
    rest = ("[English] [Bosanski / Hrvatski / Srpski] [Српски] {albanian}[Macedonian] [Arabic] [Persian] [Pashto] "
            "[Urdu] [Bangla] [Russian] [Ukrainian] [Spanish]")  # fmt: skip
    every, others = rest.format(albanian="[Albanian] "), rest.format(albanian="")
    await amina.chats(f"""
        > /practice
        < 🗣 Language practice | You meet somebody to practise a language: a bit in yours, a bit in theirs. / First a
          few questions, then a person at the desk meets you. We propose you to nobody before.
        < How old are you? [18 or older] [15 to 17] [Under 15] [Cancel]
        > [18 or older]
        < Which fits you better? [I am new here] [I am from here] [Back] [Cancel]
        > [I am new here]
        < Which languages can you help somebody with? Choose them one after another. [Slovene] {every} [None of these]
          [Back] [Cancel]
        > Albanian
        < Which languages can you help somebody with? Choose them one after another. / Chosen: Albanian [Slovene]
          {others} [That is all] [Back] [Cancel]
        > [That is all]
        < Which languages do you want to practise? Choose them one after another. [Slovene] {others}
          [None, I help others] [Back] [Cancel]
        > [Slovene]
        < Which languages do you want to practise? Choose them one after another. / Chosen: Slovene {others}
          [That is all] [Back] [Cancel]
        > [That is all]
        < When do you have time? Choose one after another. [In the morning] [In the afternoon] [In the evening]
          [At the weekend] [It changes] [Back] [Cancel]
        > [It changes]
        < With whom do you want to practise? [It does not matter] [With a woman] [With a man] [Back] [Cancel]
        > [With a woman]
        < Some people practise only with women, or only with men. What are you? [I do not say] [A woman] [A man] [Back]
          [Cancel]
        > [A woman]
        < What may the other person call you? A first name or a nickname is enough. [Back] [Cancel]
        > Sample Amina
        < How may the other person reach you, if both of you agree to that later? For example a telephone number. You
          can skip this: the desk passes messages on. [Skip] [Back] [Cancel]
        > [Skip]
        < Name: Sample Amina / You help with: Albanian / You want to practise: Slovene / Only the desk sees this until
          you and the other person both say yes. Is it right? [Yes] [No] [Back] [Cancel]
        > [Yes]
        < Thank you, Sample Amina. It is saved. / Before we look for somebody, a person at the desk meets you and sees
          who you are. Bring a document with a photo; we keep nothing of it. / When somebody suits you, we write to you
          here. [🗣 Language practice] {END}
        > [🗣 Language practice]
        < 🗣 Language practice | You help with: Albanian / You want to practise: Slovene / Before we look for somebody,
          a person at the desk meets you and sees who you are. Bring a document with a photo; we keep nothing of it.
          [✏️ Change] [⏸ Take a break] [🗑 Remove me] {END}
        > [⏸ Take a break]
        < 🗣 Language practice | You help with: Albanian / You want to practise: Slovene / You take a break: we propose
          you to nobody. [✏️ Change] [▶️ Look again] [🗑 Remove me] {END}
        > [🗑 Remove me]
        < Delete what you told us about language practice? If you practise with somebody, that ends too; they are told
          only that it has ended. [Yes] [No] [Cancel]
        > [Yes]
        < It is deleted. You can come back any time. [🗣 Language practice] [☰ Menu]
        > [▶️ Look again]
        < You are not on the list for language practice. [🧭 My first steps] [🗣 Slovene language]
          [📄 Papers and offices] [🤝 People and contacts] [📅 Workshops, events] [🏛 Culture and places] [💼 Work]
          [🏪 Own business] [👤 Talk to a person] [📁 My things] [🚨 I am in danger]
    """)
    assert await desk.count(Practice) == 0


async def test_nothing_offered_and_nothing_wanted(desk: Desk) -> None:
    amina = desk.person("en")
    said = await does(amina, *ADULT[:3], "[None of these]", "[None, I help others]")
    assert said.startswith("< Please choose at least one language. / Which languages can you help somebody with?")


async def test_both_say_yes_write_share_and_end_it(desk: Desk) -> None:
    amina, luka = await two(desk)
    both = ("< 🗣 Language practice | Somebody could practise with you. / This person helps you with: {takes} / You help "
            "with: {gives} / You both have time: In the evening /{more} You learn each other's names only if both of "
            f"you say yes. You can end it at any time, without a reason. [✅ Yes, please] [❌ No, thank you] {END}")  # fmt: skip
    await amina.chats(f"""
        {both.format(takes="Slovene", gives="Albanian", more=" This person is from here. /")}
        > [✅ Yes, please]
        < 🗣 Language practice | You said yes. Now we wait for the other person, and write to you here. [❌ Rather not]
          [🗣 Language practice] [☰ Menu]
        > [✅ Yes, please]
        < 🗣 Language practice | You said yes. Now we wait for the other person, and write to you here. [❌ Rather not]
          [🗣 Language practice] [☰ Menu]
        > /practice
        < 🗣 Language practice | You help with: Albanian / You want to practise: Slovene [👋 A proposal] [✏️ Change]
          [⏸ Take a break] [🗑 Remove me] {END}
    """)
    relays = ("the desk passes it on, without your number. If both of you want, you can exchange how to reach each "
              "other. / Meet for the first time at the desk, in a library or a café.")  # fmt: skip
    luka_agreed = (
        "< 🗣 Language practice | You practise with Sample Amina. / Languages: Albanian and Slovene / Write to "
        f"Sample Amina here: {relays} [✉️ Write] [🤝 Share contact] [⏹ End it] {END}"
    )
    await luka.chats(f"""
        {both.format(takes="Albanian", gives="Slovene", more="")}
        > [✅ Yes, please]
        {luka_agreed}
        > [✅ Yes, please]
        {luka_agreed}
    """)
    await tells(desk)
    await amina.chats(f"""
        < 🗣 Language practice | You practise with Sample Luka. / Languages: Albanian and Slovene / Write to
          Sample Luka here: {relays} [✉️ Write] [🤝 Share contact] [⏹ End it] {END}
        > [✉️ Write]
        < Write to Sample Luka. Your number and address do not go with it. [Cancel]
        > Hello, tomorrow at five?
        < 🗣 Language practice | We pass it on to Sample Luka. The answer comes here. [✉️ Write] [🤝 Share contact]
          [⏹ End it] [☰ Menu]
    """)
    await tells(desk)
    await luka.chats(f"""
        < 🗣 Language practice | Sample Amina writes to you: / Hello, tomorrow at five? [✉️ Answer] [⏹ End it]
          [👤 Talk to a person]
        > [🤝 Share contact]
        < When Sample Amina agrees too, Sample Amina gets this to reach you: 040 000 000. Is that right? [Yes] [No]
          [Cancel]
        > [Yes]
        < 🗣 Language practice | You practise with Sample Amina. / Languages: Albanian and Slovene / You agreed to
          exchange how to reach each other. We wait for Sample Amina. / Meet for the first time at the desk, in a
          library or a café. [✉️ Write] [↩️ Do not share] [⏹ End it] {END}
    """)
    await tells(desk)
    await amina.chats(f"""
        < 🗣 Language practice | You practise with Sample Luka. / Languages: Albanian and Slovene / Sample Luka would
          like that you exchange how to reach each other. If you want it too, press “Share contact”; else you need not
          do anything. / Meet for the first time at the desk, in a library or a café. [✉️ Write] [🤝 Share contact]
          [⏹ End it] {END}
        > [🤝 Share contact]
        < How may Sample Luka reach you? For example a telephone number. [Cancel]
        > 040 111 111
        < When Sample Luka agrees too, Sample Luka gets this to reach you: 040 111 111. Is that right? [Yes] [No]
          [Back] [Cancel]
        > [Yes]
        < 🗣 Language practice | You practise with Sample Luka. / Languages: Albanian and Slovene / This is how you
          reach Sample Luka: 040 000 000 [✉️ Write] [⏹ End it] {END}
        > [⏹ End it]
        < End this practice? You need not say why. The other person is told only that it has ended. [Yes] [No] [Cancel]
        > [Yes]
        < 🗣 Language practice | It has ended. If something was not right, tell a person at the desk.
          [👤 Talk to a person] [🗣 Language practice] [☰ Menu]
    """)
    await tells(desk)
    await luka.chats(f"""
        < 🗣 Language practice | Your language practice, or the proposal for one, has ended. If you like, we look for
          somebody else. [🗣 Language practice] {END}
        > [✉️ Answer]
        < 🗣 Language practice | This proposal or practice has ended. [🗣 Language practice] {END}
    """)


async def test_counted_once(desk: Desk) -> None:
    amina, luka = await agreed(desk)
    for guest in (amina, luka):
        await guest.presses("✅ Yes, please")
    desk.clock.pass_(days=91)
    await tells(desk)
    for guest in (amina, luka):
        assert "How is it going?" in told((await guest.reads())[-1], desk)
        for _twice in range(2):
            assert "good to hear" in await does(guest, "[😊 We go on]")
    async with desk.house.db.reading() as session:
        rows = await session.execute(select(Happening.kind, Happening.data).where(Happening.data.is_not(None)))
        kinds = sorted(kind for kind, data in rows if data.get("what") == "pair")
        (pair,) = await session.scalars(select(Pair))
    assert kinds == ["met", "met", "paired", "signed_up", "signed_up"]
    assert "Hello" not in str(pair.details)


async def test_a_no_tells_nobody_who(desk: Desk) -> None:
    amina, luka = await two(desk)
    await amina.reads()
    await luka.reads()
    await does(luka, "[✅ Yes, please]")
    await does(amina, "[❌ No, thank you]", "[No]")
    said = await does(amina, "[❌ No, thank you]", "[Yes]")
    assert said.startswith("< 🗣 Language practice | Fine. We go on looking for somebody who suits you.")
    await tells(desk)
    assert "has ended. If you like, we look for somebody else." in told((await luka.reads())[-1], desk)
    assert "This proposal or practice has ended." in await does(amina, "[✅ Yes, please]")
    assert await amina.reads() == []


async def test_a_forgotten_proposal_lapses(desk: Desk) -> None:
    amina, luka = await two(desk)
    await amina.reads()
    await does(amina, "[✅ Yes, please]")
    desk.clock.pass_(days=14)
    await tells(desk)
    for guest in (amina, luka):
        assert "has ended. If you like" in told((await guest.reads())[-1], desk)


async def test_under_fifteen(desk: Desk) -> None:
    guest = desk.person("en")
    assert await does(guest, "/practice", "[Under 15]") == (
        "< Under 15, a person at the desk arranges this, together with a parent or guardian. Please write to us here, "
        f"or come by. {END}"
    )
    assert (await desk.count(Practice), await desk.count(Dialog)) == (0, 0)


async def test_young_people_meet_at_the_desk(desk: Desk) -> None:
    guests = [desk.person("en"), desk.person("en")]
    for guest, offers, wants in zip(guests, ("Albanian", "Slovene"), ("Slovene", "Albanian"), strict=True):
        await does(guest, "/practice", "[15 to 17]")
        assert "Nobody gets your telephone number or address." in told(guest.screen[-2][1], desk)
        said = await does(guest, "[I am new here]", f"[{offers}]", "[That is all]", f"[{wants}]", "[That is all]",
                          "[It changes]", "[It does not matter]", "[I do not say]", "Sample Mia", "[Yes]")  # fmt: skip
        assert said.startswith("< Thank you, Sample Mia. It is saved.")
    await propose(desk, *guests, by_staff=True)
    rules = "You meet at the desk or in a group, and a person of the desk arranges it. You can end it at any time."
    said = ""
    for guest in guests:
        assert rules in told((await guest.reads())[-1], desk)
        said = await does(guest, "[✅ Yes, please]")
    assert said == f"< 🗣 Language practice | Both of you said yes. / {rules} [⏹ End it] {END}"
    assert "[1. Your pair]" in await does(guests[0], "/practice")


async def test_other_peoples_pairs_and_odd_ids(desk: Desk) -> None:
    amina, luka = await agreed(desk)
    async with desk.house.db.reading() as session:
        (pair,) = await session.scalars(select(Pair))
    eve = desk.person("en")
    await does(eve, *LOCAL)
    async with desk.house.db.transaction() as session:
        person = await person_of(eve)
        for object_ in (str(pair.id), "0", "9" * 30, "", "x", "²"):
            for verb in ("pair", "pairyes", "pairno", "pairend", "pairshare", "pairunshare", "pairnote", "pairstill"):
                said = await forged(desk, eve, verb, object_)
                assert said.startswith("< 🗣 Language practice | This proposal or practice has ended."), (verb, object_)
        assert await pairing.of_person(session, person) == []
        (same,) = await session.scalars(select(Pair), execution_options={"populate_existing": True})
        assert (same.state, same.details, same.shares_first, same.shares_second) == ("agreed", {}, False, False)
    assert "You practise with Sample Luka." in await does(amina, "/practice", "[1. Sample Luka]")
    assert "You practise with Sample Amina." in await does(luka, "/practice", "[1. Sample Amina]")


async def forged(desk: Desk, guest: Guest, verb: str, object_: str) -> str:
    """As if a button of theirs had named this."""

    house = desk.house
    async with house.db.reading() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        scene = Scene(session, caller, house.desk, house.library, house.catalogs, desk.clock())
        came = await step(FLOWS[verb], Frame(verb, "run", {"object": object_}), None, scene)
        assert came.frame is None
        (message,) = came.messages

    return told(lay_out(message, "en", house.catalogs, house.channels["web"].limits), desk)


async def test_nothing_is_pushed_to_whoever_said_stop(desk: Desk) -> None:
    amina, luka = desk.person("en"), desk.person("en")
    await does(amina, *ADULT)
    await does(luka, *LOCAL)
    await does(luka, "/stop")
    await propose(desk, amina, luka)
    assert len(await amina.reads()) == 1
    assert await luka.reads() == []
    async with desk.house.db.reading() as session:
        (pair,) = await session.scalars(select(Pair))
        assert sorted([pair.told_first, pair.told_second]) == ["!proposed", "proposed"]


async def test_a_watched_phone_shows_nothing(desk: Desk) -> None:
    amina, luka = desk.person("en"), desk.person("en")
    await does(amina, *ADULT)
    await does(luka, *LOCAL)
    async with desk.house.db.transaction() as session:
        (await session.get_one(Person, await person_of(luka))).discreet = True
    await propose(desk, amina, luka)
    await luka.chats("< There is something new for you. [Show] [☰ Menu]")
    assert "Somebody could practise with you." in await does(luka, "[Show]")


async def test_words_cross_as_they_are_and_are_not_kept(desk: Desk) -> None:
    amina, luka = await agreed(desk)
    said = ""
    for number in range(6):
        said = await does(amina, "[✉️ Write]", f"Words {number}")
    assert "Sample Luka has not got your last messages yet." in said
    await tells(desk)
    assert [told(one, desk).split(" / ")[1].split(" [")[0] for one in await luka.reads()] == [
        f"Words {number}" for number in range(5)
    ]
    async with desk.house.db.reading() as session:
        (pair,) = await session.scalars(select(Pair))
        assert (pair.details, pair.noted) == ({}, False)
        assert len(list(await session.scalars(select(Outgoing.id).where(Outgoing.occasion.startswith("note:"))))) == 5


async def test_erased_people_leave_no_pair(desk: Desk) -> None:
    amina, luka = await agreed(desk)
    await does(amina, "/delete", "[Yes]")
    assert await desk.count(Pair) == 0
    assert "This proposal or practice has ended." in await does(luka, "[✉️ Write]")
    assert "We are looking for somebody who suits you" in await does(luka, "/practice")


async def test_by_numbers_on_a_small_channel(desk: Desk) -> None:
    paper = with_paper(desk)
    paper.limits = SMALL
    writer = Writer(desk, paper, "7")
    await writer.sends("typed", "hello")
    said = await writer.sends("command", "practice")
    for answer in ("1", "1", "5", "14", "1", "13", "5", "1", "1", "Sample Amina", "Skip"):
        said = await writer.sends("typed", answer)
    assert said[-1] == (
        "< Name: Sample Amina / You help with: Albanian / You want to practise: Slovene / Only the desk sees this until "
        "you and the other person both say yes. Is it right? / You can also write a number: / 4. Cancel [Yes] [No] "
        "[Back]"
    )
    (saved,) = await writer.sends("typed", "1")
    assert saved.startswith("< Thank you, Sample Amina. It is saved.")
    (mine,) = await writer.presses("🗣 Language practice")
    assert mine.endswith(
        "You can also write a number: / 4. 👤 Talk to a person / 5. ☰ Menu [✏️ Change] [⏸ Take a break] [🗑 Remove me]"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_in_every_language(desk: Desk) -> None:
    forms = Forms(desk)
    await forms.begin()
    await forms.say("/practice")
    for pick in (option("15"), option("newcomer"), nth(0), option("enough"), nth(1), option("enough")):
        await forms.press(pick)
    for _part in range(4):
        await forms.press(nth(0))
    await forms.press(option("any"))
    await forms.press(option("any"))
    await forms.say("N" * 40)
    await forms.press(option("yes"))
    await forms.press(deed("practice"))
    await forms.press(deed("newpractice"))
    for pick in (option("adult"), option("local"), nth(13), option("enough"), nth(0), option("enough"),
                 option("enough"), option("woman"), option("man")):  # fmt: skip
        await forms.press(pick)
    await forms.say("M" * 40)
    await forms.say("C" * 120)
    await forms.press(option("yes"))
    for verb in ("practice", "pausepractice", "resumepractice", "droppractice"):
        await forms.press(deed(verb))
    await forms.press(option("no"))
    await pair_them(desk, forms)
    await forms.say("/practice")
    for verb in ("pair", "pairno"):
        await forms.press(deed_of(verb))
    await forms.press(option("no"))
    await forms.press(deed_of("pairyes"))
    await tells(desk)
    await forms.say("/practice")
    for verb in ("pair", "pairnote"):
        await forms.press(deed_of(verb))
    await forms.say("w" * 600)
    await tells(desk)
    await forms.press(deed_of("pairshare"))
    await forms.press(option("yes"))
    await forms.press(deed_of("pairend"))
    await forms.press(option("yes"))
    await tells(desk)
    for walk in forms.walks:
        fits(desk, walk)
    assert await desk.count(Dialog) == 0


async def pair_them(desk: Desk, forms: Forms) -> None:
    """Check everybody, and propose each to their neighbour."""
    people = [await person_of(walk.guest) for walk in forms.walks]
    async with desk.house.db.transaction() as session:
        for person in people:
            await pairs.check(session, person, CHECKED, 7)
            held = await pairs.of_person(session, person)
            assert held is not None
            held.offers, held.wants, held.with_gender = ["sl", "sq"], ["sl", "sq"], ""
        await session.flush()
        for one, other in zip(people[::2], people[1::2], strict=True):
            await pairing.propose(session, one, other, desk.house.desk, desk.clock(), by_staff=False)
    await tells(desk)


def deed_of(verb: str) -> Pick:
    """The button that does this to whatever it names."""

    def pick(laid: Laid) -> LaidButton | None:
        return next((one for row in laid.rows for one in row if laid.binds[one.index].verb == verb), None)

    return pick
