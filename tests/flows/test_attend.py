"""Tutors write down who came, in two taps; two absences in a row are asked about once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import absentees
from bot.domain import absences, courses
from bot.domain.absences import Absence
from bot.domain.attendance import Attendance, Came
from bot.domain.audit import AuditEntry
from bot.domain.courses import Group
from bot.domain.staff import Role, Staff
from tests.desk import Desk, Guest
from tests.flows.learners import signs_up, signups, tutor
from tests.flows.test_courses import counted, presses_made_up

NAMES = ("Sample Amina", "Sample Boris", "Sample Chen")
HINT = "Tap whoever was not there. ✅ came, ❌ did not come, 💬 told us before."
NONE_TODAY = "< You have no meeting today for which somebody can write down who came. [☰ Menu]"
MISSED = (
    "< We have missed you at your last two meetings. Is something in the way? Perhaps we can help. "
    "[Answer] [👤 Talk to a person] [☰ Menu]"
)
REASONS = (
    "[💼 Work] [🧸 A child] [🚌 The way there] [📈 It is too hard] [📉 It is too easy] [🩺 Health] [✍️ Something else] "
    "[🚪 I want to stop]"
)
ASKED = f"< What is in the way? Only people of the desk see your answer. {REASONS}"


async def a_group(desk: Desk, member: Staff, names: tuple[str, ...] = NAMES) -> tuple[Group, list[Guest]]:
    """A group on Tuesdays with these people; it is the first Tuesday, five minutes after the beginning."""
    course = await desk.has_course()
    group = await desk.has_group(course, tutor_id=member.id)
    people = [desk.person("en") for _name in names]
    for person, name in zip(people, names, strict=True):
        await signs_up(person, course, name=name)
    desk.clock.at = (await meetings(desk, group))[0].starts_at + timedelta(minutes=5)
    return group, people


async def meetings(desk: Desk, group: Group) -> list[courses.Session]:
    async with desk.house.db.reading() as session:
        return await courses.sessions(session, group.id)


async def marks(desk: Desk) -> list[tuple[int, str]]:
    """By number of the meeting, in order of sign-ups."""
    async with desk.house.db.reading() as session:
        rows = await session.execute(
            select(courses.Session.number, Attendance.came)
            .join(courses.Session, courses.Session.id == Attendance.session_id)
            .order_by(courses.Session.number, Attendance.signup_id)
        )
        return [(number, came) for number, came in rows]


async def taken_by(chat: Guest, *absent: str) -> None:
    await chat.says("/attend")
    for name in absent:
        await chat.presses(f"✅ {name}")
    await chat.presses("💾 Done")


async def test_everybody_came_in_two_taps_and_it_can_be_changed_the_same_day(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina)
    await chat.chats(f"""
        > /attend
        < Tuesday: Tuesday, 1 December 2026, 17:00 / {HINT} / 0 people are not there.
          [✅ Sample Amina] [✅ Sample Boris] [✅ Sample Chen] [💾 Done] [Cancel]
        > [💾 Done]
        < Written down: 3 people came. / You can change it today: /attend [✏️ Change] [☰ Menu]
        > [✏️ Change]
        < Tuesday: Tuesday, 1 December 2026, 17:00 / {HINT} / 0 people are not there.
          [✅ Sample Amina] [✅ Sample Boris] [✅ Sample Chen] [💾 Done] [Cancel]
        > [✅ Sample Boris]
        < Tuesday: Tuesday, 1 December 2026, 17:00 / {HINT} / 1 person is not there.
          [✅ Sample Amina] [❌ Sample Boris] [✅ Sample Chen] [💾 Done] [Back] [Cancel]
        > [✅ Sample Chen]
        < Tuesday: Tuesday, 1 December 2026, 17:00 / {HINT} / 2 people are not there.
          [✅ Sample Amina] [❌ Sample Boris] [❌ Sample Chen] [💾 Done] [Back] [Cancel]
        > [❌ Sample Chen]
        < Tuesday: Tuesday, 1 December 2026, 17:00 / {HINT} / 1 person is not there.
          [✅ Sample Amina] [❌ Sample Boris] [✅ Sample Chen] [💾 Done] [Back] [Cancel]
        > [💾 Done]
        < Written down: 2 people came. / You can change it today: /attend [✏️ Change] [☰ Menu]
    """)
    assert await marks(desk) == [(1, "yes"), (1, "no"), (1, "yes")]
    first = (await meetings(desk, group))[0].id
    about = {"what": "course", "id": str(group.id), "session": str(first), "kind": "A1"}
    assert (await counted(desk))[3:] == [("attended", about)] * 3 + [("absent", about)]
    async with desk.house.db.reading() as session:
        assert list(await session.scalars(select(AuditEntry.verb))) == ["take attendance"] * 2


async def test_only_tutors_in_a_linked_chat_and_of_their_own_groups(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    other, _member = await tutor(desk, "toma")
    adviser, _vesna = await tutor(desk, "vesna", Role.ADVISER)
    mentor, _miha = await tutor(desk, "miha", Role.MENTOR)
    group, (amina, *_others) = await a_group(desk, tina)
    await other.chats(f"""
        > /attend
        {NONE_TODAY}
    """)
    first = (await meetings(desk, group))[0].id
    (shown,) = await presses_made_up(other, "attend", str(first))
    assert shown.text.startswith("You have no meeting today")
    shown = (await amina.says("/attend"))[0]
    assert shown.text == "I do not know this command."
    for stranger in (amina, mentor):
        (shown,) = await presses_made_up(stranger, "attend", str(first))
        assert shown.text.startswith("How can we help?")
    (shown,) = await adviser.says("/attend")
    assert shown.text.startswith("Tuesday: Tuesday, 1 December 2026, 17:00\n")
    for made_up in ("x", "9" * 30, "-1", "0"):
        (shown,) = await presses_made_up(chat, "attend", made_up)
        assert shown.text.startswith(("Which meeting?", "Tuesday: "))


async def test_not_before_the_meeting_and_not_after_it_is_written_down(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina)
    first, second, *_later = await meetings(desk, group)
    desk.clock.at = first.starts_at - timedelta(minutes=16)
    await chat.chats(f"> /attend\n{NONE_TODAY}")
    desk.clock.at = first.starts_at - timedelta(minutes=15)
    await taken_by(chat)
    desk.clock.at = first.starts_at + timedelta(days=1)
    await chat.chats(f"> /attend\n{NONE_TODAY}")
    desk.clock.at = second.starts_at + timedelta(days=2)  # forgotten: it can be made up for
    await chat.chats("""
        > /attend
        < Tuesday: Tuesday, 8 December 2026, 17:00 / Tap whoever was not there. ✅ came, ❌ did not come,
          💬 told us before. / 0 people are not there.
          [✅ Sample Amina] [✅ Sample Boris] [✅ Sample Chen] [💾 Done] [Cancel]
        > [💾 Done]
        < Written down: 3 people came. / You can change it today: /attend [✏️ Change] [☰ Menu]
    """)
    await chat.chats(f"> /attend\n{NONE_TODAY}")


async def test_whoever_told_before_is_excused_and_may_have_come_all_the_same(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, (amina, boris, _chen) = await a_group(desk, tina)
    desk.clock.at = (await meetings(desk, group))[1].starts_at - timedelta(hours=3)
    for person in (amina, boris):
        await person.presses("🎟 My place")
        await person.presses("🚫 I can't come on 8. 12.")
    desk.clock.pass_(hours=3)
    (shown,) = await chat.says("/attend")
    assert [button.label for row in shown.rows for button in row] == ["Tuesday 8. 12.", "Tuesday 1. 12.", "☰ Menu"]
    (shown,) = await chat.presses("Tuesday 8. 12.")
    assert [button.label for row in shown.rows for button in row][:3] == [
        "💬 Sample Amina", "💬 Sample Boris", "✅ Sample Chen",
    ]  # fmt: skip
    await chat.presses("💬 Sample Boris")
    await chat.presses("💾 Done")
    assert await marks(desk) == [(2, "excused"), (2, "yes"), (2, "yes")]


async def test_many_names_come_in_pages_and_twins_are_told_apart(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    await a_group(desk, tina, ("Sample Ana", "Sample Ana"))
    (shown,) = await chat.says("/attend")
    assert [button.label for row in shown.rows for button in row][:2] == ["✅ Sample Ana", "✅ Sample Ana (2)"]
    await chat.presses("Cancel")
    course = await desk.has_course("Sample Slovene A2")
    large = await desk.has_group(course, "large", seats=20, tutor_id=tina.id, weekdays=(2,), when=())
    for number in range(10, 24):
        await signs_up(desk.person("en"), course, name=f"Sample {number}", group="Wed 17:00")
    desk.clock.at = (await meetings(desk, large))[0].starts_at
    await chat.says("/attend")
    (shown,) = await chat.presses("large 2. 12.")
    labels = [button.label for row in shown.rows for button in row]
    assert labels[10:] == ["✅ Sample 20", "✅ Sample 21", "More names", "💾 Done", "Cancel"]
    await chat.presses("✅ Sample 21")
    (shown,) = await chat.presses("More names")
    assert [button.label for row in shown.rows for button in row][:2] == ["✅ Sample 22", "✅ Sample 23"]
    await chat.presses("✅ Sample 22")
    await chat.presses("More names")
    (shown,) = await chat.presses("💾 Done")
    assert shown.text.startswith("Written down: 12 people came.")


async def misses(desk: Desk, chat: Guest, group: Group, *numbers: int) -> None:
    """The tutor writes down that Sample Amina was not at these meetings."""
    for number in numbers:
        desk.clock.at = (await meetings(desk, group))[number - 1].starts_at
        await taken_by(chat, "Sample Amina")


async def morning_after(desk: Desk) -> int:
    """The clockwork at nine on the next day."""
    desk.clock.at = (desk.clock.at + timedelta(days=1)).replace(hour=8, minute=0)
    return await absentees.ask_absentees(desk.house)


async def test_two_in_a_row_are_asked_about_once_and_not_at_night(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, (amina, boris, _chen) = await a_group(desk, tina)
    await misses(desk, chat, group, 1)
    assert await morning_after(desk) == 0
    await misses(desk, chat, group, 2)
    assert await absentees.ask_absentees(desk.house) == 0  # not on the same day: the tutor may have slipped
    desk.clock.at = desk.clock.at.replace(hour=23, minute=30)  # half past midnight there
    assert await absentees.ask_absentees(desk.house) == 0
    desk.clock.pass_(hours=8)
    assert await absentees.ask_absentees(desk.house) == 1
    assert await absentees.ask_absentees(desk.house) == 0
    await amina.chats(MISSED)
    assert await boris.reads() == []
    await misses(desk, chat, group, 3)
    assert await morning_after(desk) == 0  # the same run goes on
    async with desk.house.db.reading() as session:
        ((run, signup),) = await absences.of_groups(session, [group.id])
    assert (run.missed, run.reason, signup.name) == (3, "", "Sample Amina")
    desk.clock.at = (await meetings(desk, group))[3].starts_at
    await taken_by(chat)
    async with desk.house.db.reading() as session:
        assert await absences.of_groups(session, [group.id]) == []
    await misses(desk, chat, group, 5, 6)
    assert await morning_after(desk) == 1  # another run


async def test_a_slip_is_mended_before_anybody_is_asked(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina)
    await misses(desk, chat, group, 1, 2)
    await chat.says("/attend")
    await chat.presses("❌ Sample Amina")
    await chat.presses("💾 Done")
    assert (await morning_after(desk), await desk.count(Absence)) == (0, 0)


@pytest.mark.parametrize("came", [Came.EXCUSED, Came.YES])
async def test_an_excuse_or_a_visit_ends_a_run(desk: Desk, came: Came) -> None:
    _chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina)
    held, amina = await meetings(desk, group), (await signups(desk))[0]
    async with desk.house.db.transaction() as session:
        for number, mark in enumerate((Came.NO, came, Came.NO)):
            await absences.take(session, group.id, held[number].id, {amina.id: mark}, tina.id, desk.clock())
    assert await desk.count(Absence) == 0


async def test_whoever_wants_no_messages_is_not_asked_but_staff_see_it(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, (amina, *_others) = await a_group(desk, tina)
    await amina.says("/stop")
    await misses(desk, chat, group, 1, 2)
    assert await morning_after(desk) == 0
    async with desk.house.db.reading() as session:
        assert len(await absences.of_groups(session, [group.id])) == 1


@pytest.mark.parametrize(
    ("label", "kept", "below"),
    [
        ("💼 Work", "work", "A person at the desk looks for a way with you."),
        ("🧸 A child", "child", "A person at the desk looks for a way with you."),
        ("📈 It is too hard", "too_hard", "Perhaps another course fits better. Look at the others, or ask a person."),
        ("🩺 Health", "health", ""),
    ],
)
async def test_what_is_in_the_way(desk: Desk, label: str, kept: str, below: str) -> None:
    chat, tina = await tutor(desk)
    group, (amina, *_others) = await a_group(desk, tina)
    await misses(desk, chat, group, 1, 2)
    await morning_after(desk)
    thanks = "Thank you for telling us. Your place stays, and you are welcome at the next meeting."
    await amina.reads()
    await amina.presses("Answer")
    (shown,) = await amina.presses(label)
    assert shown.text == "\n".join([thanks, *([below] if below else [])])
    async with desk.house.db.reading() as session:
        ((run, _signup),) = await absences.of_groups(session, [group.id])
    assert (run.reason, run.answered_at) == (kept, desk.clock())


async def test_in_own_words_or_without_any(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, (amina, *_others) = await a_group(desk, tina)
    await misses(desk, chat, group, 1, 2)
    await morning_after(desk)
    await amina.chats(f"""
        {MISSED}
        > [Answer]
        {ASKED} [Cancel]
        > [✍️ Something else]
        < What is it, in a few words? You can also leave this out. [Skip] [Back] [Cancel]
        > I have no bus on Tuesdays and I am tired
        < Thank you for telling us. Your place stays, and you are welcome at the next meeting.
          / A person at the desk looks for a way with you.
          [🎟 My place] [👤 Talk to a person] [☰ Menu]
    """)
    async with desk.house.db.reading() as session:
        ((run, _signup),) = await absences.of_groups(session, [group.id])
    assert (run.words, run.language) == ("I have no bus on Tuesdays and I am tired", "en")


async def test_whoever_stops_frees_the_place_for_the_next(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, (amina, *_others) = await a_group(desk, tina)
    await misses(desk, chat, group, 1, 2)
    await morning_after(desk)
    await amina.reads()
    await amina.presses("Answer")
    await amina.presses("🚪 I want to stop")
    await amina.chats(f"""
        > [No]
        < Good. Your place stays. [🎟 My place] [👤 Talk to a person] [☰ Menu]
        > [Answer]
        {ASKED} [Cancel]
        > [🚪 I want to stop]
        < Give up your place in the course? Somebody who is waiting gets it. [Yes] [No] [Back] [Cancel]
        > [Yes]
        < Your place is free for somebody else. Thank you for telling us.
          [📚 Courses] [👤 Talk to a person] [☰ Menu]
        > [Answer]
        < There is nothing to answer here any more. Thank you. [🧭 My first steps] [🗣 Slovene language]
          [📄 Papers and offices] [🤝 People and contacts] [📅 Workshops, events] [🏛 Culture and places] [💼 Work]
          [🏪 Own business] [👤 Talk to a person] [📁 My things] [🚨 I am in danger]
    """)
    assert [one.state for one in await signups(desk)] == ["dropped", "going", "going"]
    assert [kind for kind, _data in await counted(desk)][-1] == "left"
    async with desk.house.db.reading() as session:
        assert await absences.of_groups(session, [group.id]) == []


async def test_two_people_of_the_desk_at_once_write_each_mark_once(desk: Desk) -> None:
    _chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina)
    held, going = await meetings(desk, group), await signups(desk)

    async def write(came: Came) -> None:
        async with desk.house.db.transaction() as session:
            marked = {one.id: came for one in going}
            for number in range(2):
                await absences.take(session, group.id, held[number].id, marked, tina.id, desk.clock())

    await asyncio.gather(*(write(came) for came in (Came.YES, Came.NO) * 4))
    found = await marks(desk)
    assert len(found) == 2 * len(going)
    assert len({came for _number, came in found}) == 1
    assert await desk.count(Absence) == (len(going) if found[0][1] == "no" else 0)


async def test_nobody_in_the_group_and_no_meeting_that_was_called_off(desk: Desk) -> None:
    chat, tina = await tutor(desk)
    group, _people = await a_group(desk, tina, ())
    await chat.chats("""
        > /attend
        < Nobody has a place in this group yet. [☰ Menu]
    """)
    async with desk.house.db.transaction() as session:
        first = await session.get_one(courses.Session, (await meetings(desk, group))[0].id)
        first.called_off = True
    await chat.chats(f"> /attend\n{NONE_TODAY}")
