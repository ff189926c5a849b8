"""Finding a mentor and meeting one: the newcomer's side, in transcripts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import mentor_jobs
from bot.dialog.layout import lay_out
from bot.dialog.messages import Bind, Button, Laid, Limits, Message
from bot.domain import arranging, bookings
from bot.domain.arranging import Asking
from bot.domain.bookings import Booking, BookingState
from bot.domain.callers import callers
from bot.domain.db import new_id
from bot.domain.happenings import Happening
from bot.domain.mentors import Mentor
from bot.domain.people import Person
from bot.domain.reminders import Reminder
from bot.i18n import LANGUAGES, raw
from bot.post import post
from flows.meeting_lines import answer_buttons
from tests.desk import Desk, Guest
from tests.flows.test_walk import fits
from tests.flows.test_walk_forms import Forms, nth, option

TOPIC = ("What is it about? [🗣 Slovene language] [📄 Papers and offices] [🤝 People and contacts] "
         "[📅 Workshops, events] [🏛 Culture and places] [💼 Work] [🏪 Own business] [Something else]")  # fmt: skip
INTRO = "A mentor is somebody who meets you and helps with what you want to do here."
WHEN = "Tuesday, 24 November 2026, 10:00"
LATER = "Tuesday, 24 November 2026, 11:15"
CARD = "🤝 Meeting with a mentor |"
TUESDAY = date(2026, 11, 24)
TEN, LATE = 600, 675


async def ticks(desk: Desk) -> None:
    """What the clock does for mentors, and everything arrives."""
    await mentor_jobs.see_to_mentors(desk.house)
    await desk.serve()


async def caller_of(desk: Desk, guest: Guest) -> Any:  # noqa: ANN401
    async with desk.house.db.reading() as session:
        return (await callers(session, [guest.sender], desk.clock()))[guest.sender]


async def has_booking(
    desk: Desk, guest: Guest, mentor: Mentor, minute: int = TEN, *, agreed: bool = False, day: date = TUESDAY
) -> Booking:
    """A time that somebody has asked for in their chat; perhaps the mentor has said yes."""
    await guest._begin()
    caller = await caller_of(desk, guest)
    asking = Asking(caller.person_id, mentor.id, day, minute, "work", "en", address_id=caller.address_id)
    async with desk.house.db.transaction() as session:
        booking = await arranging.book(session, asking, desk.house.desk, desk.clock())
        if agreed:
            await arranging.accept(session, booking.id, desk.house.desk, desk.clock())
    await ticks(desk)
    await guest.reads()
    return booking


async def opens(desk: Desk, guest: Guest, *deeds: tuple[str, object]) -> None:
    """A message with buttons that do this, as an older message or a forged one would."""
    await guest._begin()
    caller = await caller_of(desk, guest)
    buttons = [Button(raw("Do"), Bind(verb, str(what))) for verb, what in deeds]
    async with desk.house.db.transaction() as session:
        await post(session, desk.house, caller.address_id, Message(raw("?"), buttons=buttons), f"test:{new_id()}")
    await guest.reads()


async def test_find_book_be_accepted_and_called_off(desk: Desk) -> None:
    chat = desk.person("en")
    await desk.has_mentor(chat=chat, about={"en": "I have helped with many letters."})
    lena = desk.person("en")
    await lena.chats(f"""
        > /mentors
        < {INTRO} {TOPIC} [🗣 Language practice] [Cancel]
        > [💼 Work]
        < How old are you? For people under 18 a person at the desk arranges meetings.
          [18 or older] [15 to 17] [Under 15] [Back] [Cancel]
        > [18 or older]
        < Which language do you want to speak with your mentor? [English] [Slovenščina] [Back] [Cancel]
        > [English]
        < How do you want to meet? [It does not matter] [In person] [Online] [Back] [Cancel]
        > [In person]
        < Would you rather meet a woman or a man? [It does not matter] [A woman] [A man] [Back] [Cancel]
        > [It does not matter]
        < These people suit you. Whom would you like to meet?
          / 1. Sample Arta. Language: English. Helps with: 💼 Work. First free time: {WHEN}
          / I have helped with many letters. [1. Sample Arta] [Back] [Cancel]
        > [1. Sample Arta]
        < When can you come? These days Sample Arta is free.
          [Tue 24 Nov] [Tue 1 Dec] [Tue 8 Dec] [Tue 15 Dec] [Back] [Cancel]
        > [Tue 24 Nov]
        < 24 November 2026: at what time? [10:00] [11:15] [Back] [Cancel]
        > [10:00]
        < Do you need a cultural mediator or an interpreter at the meeting? [No] [Yes] [Back] [Cancel]
        > [Yes]
        < Is there anything that Sample Arta should know before? Please write no phone number and no address.
          [Skip] [Back] [Cancel]
        > I want to write a letter to my landlord, my number is 041 123 456
        < Where may we remind you?
          / Honestly: a message in this chat is seen only when you open this page.
          [In this chat] [In Telegram] [Call me] [No reminders] [Back] [Cancel]
        > [In this chat]
        < Mentor: Sample Arta / When: {WHEN} / Where: Sample street 2 / Reminders: In this chat
          / With a mediator or an interpreter / Shall we ask Sample Arta for this time? [Yes] [No] [Back] [Cancel]
        > [Yes]
        < We ask Sample Arta now. You get the answer here, at the latest: Monday, 23 November 2026, 22:00. If it is no,
          we ask somebody else who suits you.
          / We remind you in this chat. Please open this page from time to time.
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    await ticks(desk)
    await chat.chats(f"""
        < {CARD} Somebody would like to meet you. / When: {WHEN} / Topic: 💼 Work / Language: English
          / Where: Sample street 2 / A mediator or an interpreter is asked for. The desk arranges it.
          / In their own words: I want to write a letter to my landlord, my number is •••
          / Please answer until Monday, 23 November 2026, 22:00. After that we ask somebody else.
          [✅ Accept] [🕐 Another time] [❌ Decline] [🗓 My mentor page]
        > [✅ Accept]
        < Thank you. The meeting is agreed: {WHEN}. We tell the person. [🤝 The meeting] [🗓 My mentor page] [☰ Menu]
        > [✅ Accept]
        < {CARD} This request is answered already. / When: {WHEN} / Topic: 💼 Work / Language: English
          / Where: Sample street 2 / A mediator or an interpreter is asked for. The desk arranges it.
          / In their own words: I want to write a letter to my landlord, my number is •••
          [🤝 The meeting] [🗓 My mentor page] [☰ Menu]
    """)
    await ticks(desk)
    await lena.chats(f"""
        < {CARD} Good news: your meeting is agreed. / Mentor: Sample Arta / When: {WHEN} / Where: Sample street 2
          / You asked for a mediator or an interpreter. The desk arranges it.
          [🤝 My meeting] [✍️ Write] [📇 Give my contact] [👤 Talk to a person] [☰ Menu]
        > [🤝 My meeting]
        < {CARD} This meeting is agreed. / Mentor: Sample Arta / When: {WHEN} / Where: Sample street 2
          / You asked for a mediator or an interpreter. The desk arranges it.
          [✍️ Write] [📇 Give my contact] [🕐 Another time] [❌ Cancel it] [👤 Talk to a person] [☰ Menu]
        > [❌ Cancel it]
        < Cancel the meeting on {WHEN}? The other side is told. [Yes] [No] [Cancel]
        > [Yes]
        < The meeting is cancelled. [↩️ Undo] [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
        > [↩️ Undo]
        < Good, the meeting stands again. [🤝 My meeting] [☰ Menu]
        > [🤝 My meeting]
        < {CARD} This meeting is agreed. / Mentor: Sample Arta / When: {WHEN} / Where: Sample street 2
          / You asked for a mediator or an interpreter. The desk arranges it.
          [✍️ Write] [📇 Give my contact] [🕐 Another time] [❌ Cancel it] [👤 Talk to a person] [☰ Menu]
        > [❌ Cancel it]
        < Cancel the meeting on {WHEN}? The other side is told. [Yes] [No] [Cancel]
        > [Yes]
        < The meeting is cancelled. [↩️ Undo] [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
    """)
    await ticks(desk)
    await chat.chats(f"""
        < {CARD} This meeting is cancelled: {WHEN}. The time is free again. [🗓 My mentor page]
    """)
    async with desk.house.db.reading() as session:
        kinds = list(await session.scalars(select(Happening.kind).order_by(Happening.id)))
    assert [kind for kind in kinds if kind in {"booked", "agreed"}] == ["booked", "agreed"]


async def test_slovene(desk: Desk) -> None:
    """The words are translated later; the way is the same, and the days are Slovene ones."""
    await desk.has_mentor()
    guest = desk.person("sl")
    await guest.says("/mentors")
    for words in ("6", "1", "1", "1", "1", "1"):
        await guest.says(words)
    labels = [one.label for _token, laid in guest.screen[-1:] for row in laid.rows for one in row]
    assert labels[:4] == ["tor., 24. nov.", "tor., 1. dec.", "tor., 8. dec.", "tor., 15. dec."]


@pytest.mark.parametrize(("age", "text"), [("Under 15", "together with a parent"), ("15 to 17", "finds somebody")])
async def test_nobody_under_eighteen_books(desk: Desk, age: str, text: str) -> None:
    await desk.has_mentor()
    guest = desk.person("en")
    for words in ("/mentors", "6"):
        await guest.says(words)
    (shown,) = await guest.presses(age)
    assert text in shown.text
    assert "Sample" not in " ".join(laid.text for _token, laid in guest.screen)


async def test_people_of_fifteen_are_handed_to_the_desk(desk: Desk) -> None:
    await desk.has_mentor()
    guest = desk.person("en")
    await guest.chats(f"""
        > /mentors
        < {INTRO} {TOPIC} [🗣 Language practice] [Cancel]
        > [💼 Work]
        < How old are you? For people under 18 a person at the desk arranges meetings.
          [18 or older] [15 to 17] [Under 15] [Back] [Cancel]
        > [15 to 17]
        < A person at the desk finds somebody for you. You meet at the desk or in a group, and nobody gets your contact.
          What would you like help with? A few words are enough. [Back] [Cancel]
        > Summer jobs
        < Your question has number 1001. A person at the desk reads it and answers you here. Until then you can add to
          it or ask me something else. [☰ Menu]
    """)
    (case,) = await desk.tickets()
    assert (case.subject, "Summer jobs" in case.card["question"], await desk.count(Booking)) == ("mentors", True, 0)


async def test_without_a_checked_mentor_a_person_of_the_desk_helps(desk: Desk) -> None:
    await desk.has_mentor(checked_on=None)
    await desk.has_mentor(checked_on=date(2025, 11, 22))
    await desk.has_mentor(state="draft")
    await desk.person("en").chats("""
        > /mentors
        < A person at the desk finds a mentor for you or somebody to practise Slovene with.
          [🤝 Meet people in Postojna] [🗣 Language practice] [👤 Talk to a person] [☰ Menu]
    """)


async def test_nobody_fits(desk: Desk) -> None:
    await desk.has_mentor(topics=["culture"])
    guest = desk.person("en")
    for words in ("/mentors", "6", "1", "1", "1"):
        await guest.says(words)
    await guest.chats("""
        > 1
        < No mentor fits all of this now. You can look again with other answers, or a person at the desk finds somebody
          for you. [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
    """)


async def test_somebody_was_quicker(desk: Desk) -> None:
    mentor = await desk.has_mentor()
    guest = desk.person("en")
    for words in ("/mentors", "6", "1", "1", "1", "1", "1", "1", "1", "1"):
        await guest.says(words)
    await guest.says("[Skip]")
    await guest.presses("Skip")
    await guest.presses("In this chat")
    await has_booking(desk, desk.person("en"), mentor)
    await guest.chats("""
        > [Yes]
        < That choice is no longer available. / 24 November 2026: at what time? [11:15] [Back] [Cancel]
    """)


async def test_two_meetings_at_one_time_are_refused_kindly(desk: Desk) -> None:
    await desk.has_mentor("Sample Boris")
    guest = desk.person("en")
    await has_booking(desk, guest, await desk.has_mentor(topics=[]))
    for words in ("/mentors", "6", "1", "1", "1", "1", "1", "1", "1"):
        await guest.says(words)
    await guest.presses("Skip")
    await guest.presses("In this chat")
    await guest.chats("""
        > [Yes]
        < You have another meeting at this time. Please choose another one.
          / When can you come? These days Sample Boris is free.
          [Tue 24 Nov] [Tue 1 Dec] [Tue 8 Dec] [Tue 15 Dec] [Back] [Cancel]
    """)
    assert await desk.count(Booking) == 1


async def test_another_time_with_the_same_mentor(desk: Desk) -> None:
    chat = desk.person("en")
    guest = desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat), agreed=True)
    await chat.reads()
    await opens(desk, guest, ("rebook", booking.id))
    await guest.chats(f"""
        > [Do]
        < When can you come? These days Sample Arta is free.
          [Tue 24 Nov] [Tue 1 Dec] [Tue 8 Dec] [Tue 15 Dec] [Cancel]
        > [Tue 24 Nov]
        < 24 November 2026: at what time? [11:15] [Back] [Cancel]
        > [11:15]
        < Ask Sample Arta for {LATER} instead? The old time is given up, and Sample Arta has to agree again.
          [Yes] [No] [Back] [Cancel]
        > [Yes]
        < We ask Sample Arta for the new time. You get the answer here. [🤝 My meeting] [☰ Menu]
    """)
    await ticks(desk)
    await chat.chats(f"""
        < {CARD} Somebody asks you for another time than before. / When: {LATER} / Topic: 💼 Work / Language: English
          / Where: Sample street 2 / Please answer until Monday, 23 November 2026, 22:37. After that we ask somebody else.
          [✅ Accept] [🕐 Another time] [❌ Decline] [🗓 My mentor page]
    """)
    async with desk.house.db.reading() as session:
        waiting = select(Reminder).where(Reminder.person_id == booking.person_id, Reminder.state == "waiting")
        assert list(await session.scalars(waiting)) == []


async def test_the_mentor_suggests_times_and_the_person_takes_one(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    await has_booking(desk, guest, await desk.has_mentor(chat=chat))
    await chat.reads()
    for label in ("🕐 Another time", "Tue 1 Dec", "10:00", "Tue 8 Dec", "11:15"):
        await chat.presses(label)
    shown = await chat.presses("That is all")
    assert [one.text for one in shown] == ["Thank you. We ask the person which time suits them, and tell you."]
    await ticks(desk)
    await guest.chats(f"""
        < {CARD} Sample Arta would like to meet you, but at another time.
          [🕐 See the times] [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
        > [🕐 See the times]
        < Sample Arta can meet you at these times. Which one suits you? [Tuesday, 1 December 2026, 10:00]
          [Tuesday, 8 December 2026, 11:15] [None of these] [Cancel]
        > [Tuesday, 8 December 2026, 11:15]
        < Agreed: you meet Sample Arta on Tuesday, 8 December 2026, 11:15. [🤝 My meeting] [☰ Menu]
        > [🕐 See the times]
        < {CARD} This meeting is agreed. / Mentor: Sample Arta / When: Tuesday, 8 December 2026, 11:15
          / Where: Sample street 2
          [✍️ Write] [📇 Give my contact] [🕐 Another time] [❌ Cancel it] [👤 Talk to a person] [☰ Menu]
    """)


async def test_none_of_the_times_and_nobody_else(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    await has_booking(desk, guest, await desk.has_mentor(chat=chat))
    await chat.reads()
    for label in ("🕐 Another time", "Tue 1 Dec", "10:00", "That is all"):
        await chat.presses(label)
    await ticks(desk)
    await guest.reads()
    await guest.chats("""
        > [🕐 See the times]
        < Sample Arta can meet you at these times. Which one suits you? [Tuesday, 1 December 2026, 10:00]
          [None of these] [Cancel]
        > [None of these]
        < Fine. We look for somebody else who suits you, and write to you here.
          [🤝 My meeting] [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
    """)
    await ticks(desk)
    await ticks(desk)
    await guest.chats(f"""
        < {CARD} No mentor has time for this now. A person at the desk looks for one and writes to you here.
          [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
    """)
    assert [case.subject for case in await desk.tickets()] == ["mentors"]


async def test_no_answer_in_three_days_and_the_next_is_asked(desk: Desk) -> None:
    first, second, guest = desk.person("en"), desk.person("en"), desk.person("en")
    mentor = await desk.has_mentor(chat=first)
    await desk.has_mentor("Sample Boris", chat=second)
    await has_booking(desk, guest, mentor, day=TUESDAY + timedelta(days=14))
    await first.reads()
    desk.clock.pass_(hours=72, minutes=-1)
    await ticks(desk)
    assert (await first.reads(), await second.reads(), await guest.reads()) == ([], [], [])
    desk.clock.pass_(minutes=1)
    await ticks(desk)
    when = "Tuesday, 8 December 2026, 10:00"
    await guest.chats(f"""
        < {CARD} The first mentor has no time. We ask Sample Boris now, for the same time: {when}
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    await first.chats(f"""
        < {CARD} There was no answer in time, so this meeting does not take place: {when} [🗓 My mentor page]
        > [✅ Accept]
        < This request has gone to somebody else, or it is over. [🗓 My mentor page] [☰ Menu]
    """)
    assert [one.text.splitlines()[0] for one in await second.reads()] == ["Somebody would like to meet you."]


async def test_words_go_to_and_fro_until_one_side_has_enough(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat), agreed=True)
    await chat.reads()
    await opens(desk, guest, ("bookwrite", booking.id))
    await guest.chats("""
        > [Do]
        < What shall we pass on? Phone numbers and addresses are taken out: you can give your contact by its own button.
          [Cancel]
        > How do I get a tax number, and can you call 041 123 456?
        < We pass it on now. [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    await ticks(desk)
    await chat.chats("""
        < Message about a meeting | How do I get a tax number, and can you call •••?
          [✍️ Answer] [🔕 No more messages] [🤝 My meeting]
        > [✍️ Answer]
        < What shall we pass on? Phone numbers and addresses are taken out: you can give your contact by its own button.
          [Cancel]
        > I bring the form.
        < We pass it on now. [🤝 My meeting] [☰ Menu]
        > [🔕 No more messages]
        < Messages are stopped. If something was not right, tell a person at the desk.
          [↩️ Undo] [👤 Talk to a person] [☰ Menu]
    """)
    await guest.chats("""
        > [🤝 My meeting]
        < 🤝 Meeting with a mentor | This meeting is agreed. / Mentor: Sample Arta / When: Tuesday, 24 November 2026, 10:00
          / Where: Sample street 2
          [✍️ Write] [📇 Give my contact] [🕐 Another time] [❌ Cancel it] [👤 Talk to a person] [☰ Menu]
        > [✍️ Write]
        < Messages are stopped for this meeting. A person at the desk can help.
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)


async def test_contact_goes_only_where_both_said_yes(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat), agreed=True)
    await chat.reads()
    await opens(desk, guest, ("bookshare", booking.id))
    await opens(desk, chat, ("bookshare", booking.id))
    await guest.chats("""
        > [Do]
        < How may Sample Arta reach you? Write a name and a phone number or an address, only what you want to give.
          [Cancel]
        > Lena, 041 000 000
        < Give this? It reaches the other side only if they give their contact too: Lena, 041 000 000
          [Yes] [No] [Back] [Cancel]
        > [Yes]
        < Noted. It is passed on as soon as the other side agrees too.
          [↩️ Take it back] [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    await ticks(desk)
    assert await chat.reads() == []
    for words in ("arta@example.org", "yes"):
        if words != "yes":
            await chat.presses("Do")
        await chat.says(words)
    await ticks(desk)
    assert [one.text for one in await chat.reads()] == [
        "You both agreed. The person can be reached like this: Lena, 041 000 000"]  # fmt: skip
    await guest.chats(f"""
        < {CARD} You both agreed. You can reach Sample Arta like this: arta@example.org
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
        > [↩️ Take it back]
        < The other side has it already. A person at the desk can help.
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)


async def test_did_you_meet_and_three_months_later(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat), agreed=True)
    await chat.reads()
    desk.clock.at = booking.ends_at + timedelta(minutes=61)
    await ticks(desk)
    await guest.chats(f"""
        < {CARD} Did you meet Sample Arta? ({WHEN}) [Yes] [No] [👤 Talk to a person] [☰ Menu]
        > [Yes]
        < Thank you, that is good to hear. [🔎 Find a mentor] [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    await chat.chats(f"""
        < {CARD} Did this meeting take place? {WHEN} [Yes] [No] [🗓 My mentor page]
        > [No]
        < Thank you for telling us. We are sorry that it did not work. [↩️ We did meet] [🤝 My meeting] [☰ Menu]
        > [↩️ We did meet]
        < Thank you, that is good to hear. [🤝 My meeting] [☰ Menu]
        > [↩️ We did meet]
        < Thank you. This is settled already. [🤝 My meeting] [☰ Menu]
    """)
    desk.clock.pass_(days=95)
    await ticks(desk)
    await guest.chats(f"""
        < {CARD} Three months ago you met Sample Arta. Are you still in touch?
          [Yes] [No] [👤 Talk to a person] [☰ Menu]
        > [Yes]
        < Thank you. How is it going? A few words are enough; a person at the desk reads them. [Skip] [Cancel]
        > [Skip]
        < Thank you for telling us. [🔎 Find a mentor] [☰ Menu]
    """)
    await ticks(desk)
    assert await guest.reads() == []
    async with desk.house.db.reading() as session:
        kinds = list(await session.scalars(select(Happening.kind).order_by(Happening.id)))
    assert [kind for kind in kinds if kind in {"met", "rated", "no_show"}] == ["met", "rated"]


VERBS = ("booking", "rebook", "unbook", "keepbooking", "booktime", "bookwrite", "bookmute", "bookunmute", "bookshare",
         "bookunshare", "bookmet", "bookstill", "bookanswer")  # fmt: skip


SAID = ("", ":yes", ":no", ":other")
KINDLY = ("There is no such meeting any more.", "This request has gone to somebody else")


async def presses_each(desk: Desk, guest: Guest, deeds: Sequence[tuple[str, str]]) -> list[Laid]:
    """Press a button for each of these verbs and objects; the last message that each shows."""
    shown = []
    for start in range(0, len(deeds), 20):
        part = deeds[start : start + 20]
        await opens(desk, guest, *part)
        token, laid = guest.screen[-1]
        for button in [one for row in laid.rows for one in row]:
            came = await guest.presses_at(str(token), button)
            assert came, part[button.index]
            assert came[-1].rows, part[button.index]
            shown.append(came[-1])
            await guest.says("/menu")
    return shown


async def test_nobody_sees_or_changes_what_is_somebody_else_s(desk: Desk) -> None:
    chat, owner, stranger = desk.person("en"), desk.person("en"), desk.person("en")
    booking = await has_booking(desk, owner, await desk.has_mentor(chat=chat), agreed=True)
    objects = [f"{booking.id}{said}" for said in SAID]
    for laid in await presses_each(desk, stranger, [(verb, what) for verb in VERBS for what in objects]):
        assert laid.text.startswith(KINDLY)
        assert "Sample" not in laid.text
    async with desk.house.db.reading() as session:
        kept = await bookings.get(session, booking.id)
        assert kept is not None
        assert (kept.state, kept.changed_at) == (BookingState.AGREED, booking.made_at)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_buttons_that_nobody_made_land_kindly(desk: Desk) -> None:
    objects = ("", "0", "x", "9" * 30, "-1", ":yes", "1:yes:no", "१२")
    for laid in await presses_each(desk, desk.person("en"), [(verb, what) for verb in VERBS for what in objects]):
        assert laid.text.startswith(KINDLY)


@pytest.mark.parametrize("state", list(BookingState))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_button_in_every_state_has_an_answer_with_a_way_on(desk: Desk, state: BookingState) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat))
    for who in (guest, chat):
        for verb in VERBS:
            async with desk.house.db.transaction() as session:
                values = {"state": state, "answer_by": None, "details": {"suggested": [["2026-12-01", 600]]}}
                await session.execute(update(Booking).where(Booking.id == booking.id).values(**values))
            said = ("",) if verb not in {"bookmet", "bookstill", "bookanswer"} else SAID[1:]
            await presses_each(desk, who, [(verb, f"{booking.id}{one}") for one in said])


async def test_somebody_whose_phone_others_see_is_told_nothing_of_it(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    mentor = await desk.has_mentor(chat=chat)
    booking = await has_booking(desk, guest, mentor)
    async with desk.house.db.transaction() as session:
        await session.execute(update(Person).where(Person.id == booking.person_id).values(discreet=True))
        await arranging.accept(session, booking.id, desk.house.desk, desk.clock())
    await ticks(desk)
    await guest.chats(f"""
        < There is news about your appointment. [Show]
        > [Show]
        < {CARD} This meeting is agreed. / Mentor: Sample Arta / When: {WHEN} / Where: Sample street 2
          [✍️ Write] [📇 Give my contact] [🕐 Another time] [❌ Cancel it] [👤 Talk to a person] [☰ Menu]
    """)


async def test_who_did_not_answer_reads_of_the_time_that_they_were_asked_for(desk: Desk) -> None:
    first, guest = desk.person("en"), desk.person("en")
    mentor = await desk.has_mentor(chat=first)
    await desk.has_mentor("Sample Boris", hours={3: [(900, 960)]})
    await has_booking(desk, guest, mentor)
    await first.reads()
    desk.clock.pass_(hours=23)
    await ticks(desk)
    assert [laid.text for laid in await first.reads()] == [
        f"There was no answer in time, so this meeting does not take place: {WHEN}"]  # fmt: skip
    when = "Thursday, 26 November 2026, 15:00"
    await guest.chats(f"""
        < {CARD} The first mentor has no time. We ask Sample Boris now, for another time: {when}. If Sample Boris agrees,
          you are asked too. [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)


async def test_two_clocks_at_once_tell_and_pass_on_once(desk: Desk) -> None:
    first, second, guest = desk.person("en"), desk.person("en"), desk.person("en")
    mentor = await desk.has_mentor(chat=first)
    await desk.has_mentor("Sample Boris", chat=second)
    await has_booking(desk, guest, mentor, day=TUESDAY + timedelta(days=14))
    await first.reads()
    desk.clock.pass_(hours=72)
    await asyncio.gather(*(mentor_jobs.see_to_mentors(desk.house) for _clock in range(4)))
    await ticks(desk)
    assert [len(await one.reads()) for one in (first, second, guest)] == [1, 1, 1]


async def test_at_night_the_news_waits_for_the_morning(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    booking = await has_booking(desk, guest, await desk.has_mentor(chat=chat), day=TUESDAY + timedelta(days=7))
    desk.clock.pass_(hours=12)  # ten in the evening
    async with desk.house.db.transaction() as session:
        await arranging.accept(session, booking.id, desk.house.desk, desk.clock())
    await ticks(desk)
    assert await guest.reads() == []
    desk.clock.pass_(hours=10)
    await ticks(desk)
    assert [laid.text.splitlines()[0] for laid in await guest.reads()] == ["Good news: your meeting is agreed."]


async def test_each_thing_is_told_once_however_often_the_clock_ticks(desk: Desk) -> None:
    chat, guest = desk.person("en"), desk.person("en")
    await has_booking(desk, guest, await desk.has_mentor(chat=chat), agreed=True)
    for _tick in range(3):
        await ticks(desk)
    told = [laid.text for laid in await chat.reads()]
    assert told == []  # it was accepted before the request could be told
    assert len([laid for _token, laid in guest.screen if laid.text.startswith("Good news")]) == 1


@pytest.mark.parametrize("limits", [Limits(1024, 20, 3), Limits(4096, 64, 100), Limits(4000, 60, 20)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_words_on_buttons_are_short_enough(desk: Desk, limits: Limits) -> None:
    """In English; each channel numbers what does not fit. What a person must find at once stands on its first three."""
    message = Message(raw("?"), buttons=answer_buttons(1))
    laid = lay_out(message, "en", desk.house.catalogs, limits)
    assert [one.label for row in laid.rows for one in row] == ["✅ Accept", "🕐 Another time", "❌ Decline"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_question_in_every_language(desk: Desk) -> None:
    await desk.has_mentor(
        languages=list(LANGUAGES), about=dict.fromkeys(LANGUAGES, "x"), most_open=100, ahead_days=60,
        hours={day: [(480, 1200)] for day in range(7)}, chat=desk.person("en"),
    )  # fmt: skip
    forms = Forms(desk)
    await forms.begin()
    await forms.say("/mentors")
    for number in (5, 0, 0, 0, 0, 0):
        await forms.press(nth(number))
    await forms.press(option("more"))
    for number in (0, 0, 0):
        await forms.press(nth(number))
    await forms.say("w" * 500)
    await forms.press(nth(0))
    await forms.press(option("yes"))
    for walk in forms.walks:
        fits(desk, walk)
