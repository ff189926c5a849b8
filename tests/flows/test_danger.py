"""Danger: numbers first, in every state and language; then whoever is on call, every five minutes."""

from __future__ import annotations

from bot.domain import staff, tickets
from bot.domain.staff import Role, Staff
from bot.i18n import LANGUAGES
from tests.desk import Desk
from tests.flows.deeds import claims
from tests.flows.lines import (
    MENU,
    NOBODY_READS,
    NUMBERS,
    SURE_TO_DELETE,
    WHAT_QUESTION,
    is_with_the_desk,
    told_the_desk,
)
from tests.flows.paper import Writer, with_paper

IN_FEAR = {
    "en": "he beats me", "sl": "mož me tepe", "bs": "muž me tuče", "sr": "муж ме туче", "sq": "burri më rreh",
    "mk": "мажот ме тепа", "ar": "زوجي يضربني", "fa": "شوهرم مرا می زند", "ru": "муж бьёт меня", "uk": "чоловік б'є мене",
    "es": "mi marido me pega", "ps": "میړه مې وهي", "ur": "شوہر مار رہا ہے", "bn": "স্বামী আমাকে মারে",
}  # fmt: skip


async def test_fear_is_heard_in_every_language_whatever_was_chosen(desk: Desk) -> None:
    people = [(desk.person(chosen), words) for language, words in IN_FEAR.items() for chosen in ("en", language)]
    for guest, words in people:
        await guest.sends(typed=words)
    await desk.serve()
    for guest, words in people:
        shown = [(laid.tone, laid.language) for laid in await guest.reads()]
        assert (words, shown) == (words, [("danger", guest.language)] * 2)
        numbers = guest.screen[0][1].text
        assert all(number in numbers for number in ("112", "113", "080\u00a011\u00a055", "116\u00a0123"))


async def test_the_very_first_message(desk: Desk) -> None:
    await desk.person().chats(f"""
        > he beats me
        {NUMBERS}
        {NOBODY_READS}
    """)
    (case,) = await desk.tickets()
    assert (case.danger, case.card) == (True, {"question": "he beats me", "danger": True})


async def test_in_the_middle_of_a_form_which_then_goes_on(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /delete
        {SURE_TO_DELETE}
        > he beats me
        {NUMBERS}
        {NOBODY_READS}
        > no
        < (Automatic answer) Fine, nothing was deleted. [☰ Menu]
    """)


async def test_by_word_button_and_command(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /menu
        {MENU}
        > [🚨 I am in danger]
        {NUMBERS}
        {NOBODY_READS}
        > danger
        {NUMBERS}
        {NOBODY_READS}
        > /danger
        {NUMBERS}
        {NOBODY_READS}
        > 112
        {NUMBERS}
        {NOBODY_READS}
    """)
    assert [case.number for case in await desk.tickets()] == [1001]


async def test_while_a_question_is_asked_for(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /person
        {WHAT_QUESTION}
        > he beats me
        {NUMBERS}
        {NOBODY_READS}
        > My door does not close.
        {is_with_the_desk(1001)}
    """)


async def test_in_what_is_handed_in_or_edited(desk: Desk) -> None:
    writer = Writer(desk, with_paper(desk), "7")
    await writer.sends("command", "start")
    await writer.chats(f"""
        > (photo) he beats me
        {NUMBERS}
        {NOBODY_READS}
        > (edited) he beats me
        {NUMBERS}
        {NOBODY_READS}
    """)
    await claims(desk, await desk.has_staff())
    await writer.chats(f"""
        > (voice) he beats me
        {NUMBERS}
        {NOBODY_READS}
    """)


async def linked(desk: Desk, writer: Writer, login: str = "vesna", *, on_call: bool = True) -> Staff:
    """A member of staff whose chat is on this platform."""
    member = await desk.has_staff(login, Role.ADVISER, on_call=on_call)
    async with desk.house.db.transaction() as session:
        token = await staff.invite(session, member.id, desk.clock())
    assert await writer.sends("command", "start", payload=f"staff-{token}") == [
        "< Done. When you are on call, alerts come to this chat. They show only the number of the case."
    ]
    return member


ALERT = "< Danger: case 1001. Nobody has taken it yet. / Console: http://desk.test/console [I take it]"


async def test_alerts_go_to_everybody_on_call_every_five_minutes_until_taken(desk: Desk) -> None:
    paper = with_paper(desk)
    vesna, miha, free = (Writer(desk, paper, key) for key in ("1", "2", "3"))
    for login, writer in (("vesna", vesna), ("miha", miha)):
        await linked(desk, writer, login)
    await linked(desk, free, "free", on_call=False)
    guest = desk.person("en")
    await guest.chats(f"""
        > he beats me
        {NUMBERS}
        {told_the_desk(1001)}
    """)

    async def rings() -> list[list[str]]:
        await desk.tick()
        while await desk.outbox.claim_due():
            await desk.outbox.drain()
        return [await one.gets() for one in (vesna, miha, free)]

    assert await rings() == [[ALERT], [ALERT], []]
    assert await rings() == [[], [], []]
    desk.clock.pass_(minutes=4, seconds=59)
    assert await rings() == [[], [], []]
    desk.clock.pass_(seconds=1)
    assert await rings() == [[ALERT], [ALERT], []]
    assert await miha.presses("I take it") == [
        "< You have case 1001. Please open the console and write to the person now."
    ]
    assert await vesna.presses("I take it") == ["< Somebody has taken case 1001 already."]
    desk.clock.pass_(hours=1)
    assert await rings() == [[], [], []]
    async with desk.house.db.reading() as session:
        assert await tickets.ringing(session) == []


async def test_a_claim_in_the_console_stops_the_alerts_and_a_new_fear_rings_again(desk: Desk) -> None:
    paper = with_paper(desk)
    writer = Writer(desk, paper, "1")
    vesna = await linked(desk, writer)
    guest = desk.person("en")
    await guest.says("he beats me")
    await claims(desk, vesna)
    await desk.tick()
    assert await desk.outbox.claim_due() == 0
    await guest.says("he beats me again")
    await desk.tick()
    assert await desk.outbox.claim_due() == 1
    assert await writer.gets() == [ALERT]


async def test_somebody_without_the_right_cannot_take_an_alert(desk: Desk) -> None:
    paper = with_paper(desk)
    writer, other = Writer(desk, paper, "1"), Writer(desk, paper, "2")
    await linked(desk, writer)
    await desk.person("en").says("he beats me")
    await desk.tick()
    await desk.outbox.claim_due()
    await writer.gets()
    await other.sends("command", "start")
    (token,) = {token for key, laid, token in paper.sent if key == "1" and laid.tone == "danger"}
    shown = await other.sends("pressed", token=str(token), index=0)
    assert shown[0] == "< This button is from an earlier message. Here is where we are now."
    async with desk.house.db.reading() as session:
        assert len(await tickets.ringing(session)) == 1


async def test_the_alert_names_nobody(desk: Desk) -> None:
    paper = with_paper(desk)
    writer = Writer(desk, paper, "1")
    await linked(desk, writer)
    await desk.person("en").says("he beats me at Jamova street 5")
    await desk.tick()
    await desk.outbox.claim_due()
    assert await writer.gets() == [ALERT]


def test_there_is_a_fear_for_every_language_that_has_words_for_it() -> None:
    from bot.paths import FAQ

    shipped = {file.stem for file in (FAQ / "_words" / "danger").glob("*.txt")}
    assert set(IN_FEAR) >= shipped & set(LANGUAGES)
