"""A mentor's own page: hours in a few taps, days off, a break, requests answered. Only for whom the desk has linked."""

from __future__ import annotations

from sqlalchemy import update

from bot.domain import mentors
from bot.domain.mentors import Mentor
from tests.desk import Desk, Guest
from tests.flows.test_mentors import CARD, WHEN, has_booking, opens, ticks

PAGE = "🗓 My mentor page |"
BELOW = "[🕐 My hours] [🏖 A day off] [⏸ Take a break] [☰ Menu]"
SAVED = "< Saved. Meetings that are agreed already stay. [🕐 Another day] [🗓 My mentor page] [☰ Menu]"
WEEKDAYS = "[Monday] [Tuesday] [Wednesday] [Thursday] [Friday] [Saturday] [Sunday] [Cancel]"
PARTS = "[Morning, 9 to 12] [Afternoon, 13 to 17] [Evening, 17 to 20]"


async def a_mentor(desk: Desk, **more: object) -> tuple[Guest, Mentor]:
    chat = desk.person("en")
    return chat, await desk.has_mentor(chat=chat, **more)  # type: ignore[arg-type]


async def test_hours_in_a_few_taps(desk: Desk) -> None:
    chat, _mentor = await a_mentor(desk, hours={})
    await chat.chats(f"""
        > /mentoring
        < {PAGE} People can book you. / You have no hours yet, so nobody can book you. Please tell us when you have time.
          / No meetings are coming. {BELOW}
        > [🕐 My hours]
        < Which day of the week? {WEEKDAYS}
        > [Tuesday]
        < Tuesday: when can people meet you? {PARTS} [Other times] [Not on this day] [Back] [Cancel]
        > [Morning, 9 to 12]
        < Tuesday: when can people meet you? / Chosen: Morning, 9 to 12
          [Afternoon, 13 to 17] [Evening, 17 to 20] [That is all] [Back] [Cancel]
        > [Evening, 17 to 20]
        < Tuesday: when can people meet you? / Chosen: Morning, 9 to 12 and Evening, 17 to 20
          [Afternoon, 13 to 17] [That is all] [Back] [Cancel]
        > [That is all]
        {SAVED}
        > [🕐 Another day]
        < Which day of the week? {WEEKDAYS}
        > [Thursday]
        < Thursday: when can people meet you? {PARTS} [Other times] [Not on this day] [Back] [Cancel]
        > [Other times]
        < Please write the times like this: 9:00-11:30, 15:00-17:00 [Back] [Cancel]
        > after lunch
        < I cannot read this as times of the day. / Please write the times like this: 9:00-11:30, 15:00-17:00
          [Back] [Cancel]
        > 17:00-15:00
        < I cannot read this as times of the day. / Please write the times like this: 9:00-11:30, 15:00-17:00
          [Back] [Cancel]
        > 9.30-11, 15 do 17:15
        {SAVED}
        > [🗓 My mentor page]
        < {PAGE} People can book you. / Tuesday: 09:00-12:00, 17:00-20:00 / Thursday: 09:30-11:00, 15:00-17:15
          / No meetings are coming. {BELOW}
        > [🕐 My hours]
        < Which day of the week? {WEEKDAYS}
        > [Tuesday]
        < Tuesday: when can people meet you? {PARTS} [Other times] [Not on this day] [Back] [Cancel]
        > [Not on this day]
        {SAVED}
        > [🗓 My mentor page]
        < {PAGE} People can book you. / Thursday: 09:30-11:00, 15:00-17:15 / No meetings are coming. {BELOW}
    """)


async def test_a_day_off_and_back(desk: Desk) -> None:
    chat, mentor = await a_mentor(desk)
    await has_booking(desk, desk.person("en"), mentor, agreed=True)
    await chat.reads()
    for words in ("/mentoring", "[🏖 A day off]"):
        shown = await (chat.presses(words[1:-1]) if words.startswith("[") else chat.says(words))
        assert shown
    await chat.chats(f"""
        > [Tue 24 Nov]
        < Nobody new can book you on 24 November 2026. / There are meetings on this day already. They stay until you
          cancel them. [🤝 {WHEN}] [↩️ Undo] [🗓 My mentor page] [☰ Menu]
        > [🗓 My mentor page]
        < {PAGE} People can book you. / Tuesday: 10:00-13:00 / Days off: 24 November 2026
          / Your meetings and requests are below. [🤝 {WHEN}] {BELOW}
        > [↩️ Undo]
        < 24 November 2026 is as usual again. [🗓 My mentor page] [☰ Menu]
        > [🗓 My mentor page]
        < {PAGE} People can book you. / Tuesday: 10:00-13:00 / Your meetings and requests are below. [🤝 {WHEN}] {BELOW}
    """)


async def test_a_break(desk: Desk) -> None:
    chat, _mentor = await a_mentor(desk)
    guest = desk.person("en")
    await chat.says("/mentoring")
    await chat.chats(f"""
        > [⏸ Take a break]
        < You have a break now. Nobody new can book you; what is agreed stays. [↩️ Undo] [🗓 My mentor page] [☰ Menu]
        > [🗓 My mentor page]
        < {PAGE} You have a break: nobody new can book you. / Tuesday: 10:00-13:00 / No meetings are coming.
          [🕐 My hours] [🏖 A day off] [▶️ End the break] [☰ Menu]
    """)
    assert [one.text.split(" finds")[0] for one in await guest.says("/mentors")] == ["A person at the desk"]
    await chat.chats("""
        > [↩️ Undo]
        < Welcome back. People can book you again. [🕐 Another day] [🗓 My mentor page] [☰ Menu]
    """)
    assert [one.text.split(" is ")[0] for one in await guest.says("/mentors")] == ["A mentor"]


async def test_decline_with_a_reason_and_the_next_is_asked(desk: Desk) -> None:
    chat, mentor = await a_mentor(desk)
    other, _second = await a_mentor(desk, name="Sample Boris")
    guest = desk.person("en")
    await has_booking(desk, guest, mentor)
    await chat.reads()
    await chat.chats("""
        > [❌ Decline]
        < Why not? Only the desk sees it, and it helps to find somebody else.
          [No time now] [Not my topic] [Too many people] [Another reason] [Cancel]
        > [Not my topic]
        < Do you want to add something for the desk? [Skip] [Back] [Cancel]
        > How do I find work: that is for somebody else
        < Thank you for answering. We ask somebody else. [🗓 My mentor page] [☰ Menu]
        > [❌ Decline]
        < 🤝 Meeting with a mentor | This request is answered already. / When: Tuesday, 24 November 2026, 10:00
          / Topic: 💼 Work / Language: English / Where: Sample street 2
          [🤝 The meeting] [🗓 My mentor page] [☰ Menu]
    """)
    await ticks(desk)
    assert [one.text.splitlines()[0] for one in await other.reads()] == ["Somebody would like to meet you."]
    await guest.chats(f"""
        < {CARD} The first mentor has no time. We ask Sample Boris now, for the same time: {WHEN}
          [🤝 My meeting] [👤 Talk to a person] [☰ Menu]
    """)
    assert await chat.reads() == []


async def test_a_mentor_calls_off_and_the_person_is_told_kindly(desk: Desk) -> None:
    chat, mentor = await a_mentor(desk)
    guest = desk.person("en")
    booking = await has_booking(desk, guest, mentor, agreed=True)
    await opens(desk, chat, ("unbook", booking.id))
    await chat.chats(f"""
        > [Do]
        < Cancel the meeting on {WHEN}? The other side is told. [Yes] [No] [Cancel]
        > [Yes]
        < The meeting is cancelled. [🗓 My mentor page] [☰ Menu]
    """)
    await ticks(desk)
    await guest.chats(f"""
        < {CARD} The meeting with Sample Arta cannot take place: {WHEN}
          [🔎 Find a mentor] [👤 Talk to a person] [☰ Menu]
    """)
    assert [laid.document is not None for _token, laid in guest.screen[-1:]] == [True]  # it leaves their calendar


async def test_without_a_check_that_counts_nothing_is_agreed(desk: Desk) -> None:
    chat, mentor = await a_mentor(desk)
    await has_booking(desk, desk.person("en"), mentor)
    await chat.reads()
    async with desk.house.db.transaction() as session:
        await session.execute(update(Mentor).where(Mentor.id == mentor.id).values(checked_on=None))
    await chat.chats("""
        > [✅ Accept]
        < Your check at the desk has to be renewed first. Please ask the desk. [🗓 My mentor page] [☰ Menu]
    """)


async def test_others_have_no_such_page(desk: Desk) -> None:
    _chat, mentor = await a_mentor(desk)
    stranger = desk.person("en")
    (unknown, _help) = await stranger.says("/mentoring")
    assert unknown.text == "I do not know this command."
    deeds = [(verb, what) for verb in ("mentoring", "mentorhours", "mentoroff", "mentorpause")
             for what in ("", "yes", "no", "usual:2026-11-24", "usual:x")]  # fmt: skip
    await opens(desk, stranger, *deeds)
    token, laid = stranger.screen[-1]
    for button in [one for row in laid.rows for one in row]:
        (shown,) = await stranger.presses_at(str(token), button)
        assert shown.text.startswith("How can we help?")
    async with desk.house.db.reading() as session:
        kept = await mentors.get(session, mentor.id)
    assert kept is not None
    assert (kept.state, kept.changed_at) == ("active", mentor.changed_at)


async def test_a_day_that_nobody_can_read_changes_nothing(desk: Desk) -> None:
    chat, _mentor = await a_mentor(desk)
    await opens(desk, chat, ("mentoroff", "usual:x"), ("mentoroff", "usual:"))
    token, laid = chat.screen[-1]
    for button in [one for row in laid.rows for one in row]:
        (shown,) = await chat.presses_at(str(token), button)
        assert shown.text == "There is no such meeting any more."
