"""Courses in chat: what is open, signing up, the waiting list, and one's own place."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot import offering
from bot.dialog.messages import Bind, Button, Laid, Message
from bot.domain import courses, seats
from bot.domain.courses import CourseState, Level, When
from bot.domain.db import new_token
from bot.domain.happenings import Happening
from bot.domain.people import Dialog, Person
from bot.domain.reminders import Reminder
from bot.domain.seats import Seating, Signup, Wish
from bot.i18n import raw
from bot.post import post
from tests.desk import Desk, Guest
from tests.flows.learners import GROUP, comes_to_review, from_the_card, signs_up, signups, who

WAYS_ON = "[👤 Talk to a person] [☰ Menu]"
ZIP = "[📘 Free Slovene course (ZIP)]"
CARD_END = f"[✅ Sign up] [📚 Courses] {WAYS_ON}"
LETTERS = (
    "< Can you read Latin letters (a, b, c)? If not, there may be a group that begins with them. "
    "[Yes] [A little] [Not yet] [Back] [Cancel]"
)
REVIEW = (
    f"Sample Slovene A1 / {GROUP} / Name: Sample Amina / Your level: A1: simple words "
    "/ When you can come: 🌙 In the evening / Reminder: No reminders / Is this right? [Yes] [No] [Back] [Cancel]"
)
MINE = f"[🎟 My place] {WAYS_ON}"


async def taken(desk: Desk, group_id: int) -> int:
    async with desk.house.db.reading() as session:
        return (await session.get_one(Seating, group_id)).taken


async def counted(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    kinds = ("signed_up", "waits", "left", "attended", "absent")
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Happening).where(Happening.kind.in_(kinds)).order_by(Happening.id))
        return [(one.kind, one.data) for one in rows]


async def test_nothing_is_open(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /courses
        < 📚 Courses | No course is open now. A person at the desk can tell you more, and these pages too:
          {ZIP} [🎓 Official Slovene exam] [📚 Education and courses for adults] {WAYS_ON}
    """)


async def test_the_list_the_course_and_a_whole_sign_up(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course)
    guest = desk.person("en")
    await guest.chats(f"""
        > /courses
        < 📚 Courses | 1. Sample Slovene A1 / Level A1: simple words / 10 places left
          [1. Sample Slovene A1] [🔎 Which level is mine?] {ZIP} {WAYS_ON}
        > [1. Sample Slovene A1]
        < Sample Slovene A1 | Level A1: simple words / {GROUP} / 10 places left {CARD_END}
        > [✅ Sign up]
        < For whom is it? [For me] [For my child] [For another person] [Cancel]
        > [For me]
        < How old are you? [18 or older] [15 to 17] [Under 15] [Back] [Cancel]
        > [18 or older]
        < Slovenian: how much do you know already? [Short self-check] [I know my level] [Not sure: test me]
          [Back] [Cancel]
        > [I know my level]
        < Which level do you have? [A0: just starting] [A1: simple words] [A2: everyday things]
          [B1: I manage alone] [B2: I can discuss] [C1: almost everything] [Not sure: test me] [Back] [Cancel]
        > 2
        < When can you come? Choose everything that suits, one after another. [🌅 In the morning]
          [🌤 In the afternoon] [🌙 In the evening] [🗓 At the weekend] [It changes every week (shifts)]
          [Back] [Cancel]
        > [🌙 In the evening]
        < When can you come? Choose everything that suits, one after another. / Chosen: 🌙 In the evening
          [🌅 In the morning] [🌤 In the afternoon] [🗓 At the weekend] [It changes every week (shifts)]
          [That is all] [Back] [Cancel]
        > [That is all]
        {LETTERS}
        > [Yes]
        < Do you need somebody to look after a child during the course? [No, thank you] [Yes] [Back] [Cancel]
        > [No, thank you]
        < Which group do you want? / {GROUP} / 10 places left
          [Tue 17:00] [None of these: waiting list] [Back] [Cancel]
        > [Tue 17:00]
        < Can you come here by yourself? Sample street 1 [Yes] [I need help with it] [Back] [Cancel]
        > [Yes]
        < What is your name, as you want it on the list and on the certificate? [Back] [Cancel]
        > Sample Amina
        < Where may we remind you? / Honestly: a message in this chat is seen only when you open this page.
          [In this chat] [In Telegram] [Call me] [No reminders] [Back] [Cancel]
        > [No reminders]
        < {REVIEW}
        > [Yes]
        < ✅ You have a place. See you there! / Sample Slovene A1 / First meeting: Tuesday, 1 December 2026, 17:00
          / 📍 Sample street 1 / We do not remind you. Please write the date down. {MINE}
        > [🎟 My place]
        < Sample Slovene A1 | ✅ You have a place. / 📅 Tuesday, 17:00 to 18:30 / 📍 Sample street 1
          / Name: Sample Amina / Next meetings: / • Tuesday, 1 December 2026, 17:00
          / • Tuesday, 8 December 2026, 17:00 / • Tuesday, 15 December 2026, 17:00 / Reminder: No reminders
          [🚫 I can't come on 1. 12.] [🚫 I can't come on 8. 12.] [🚫 I can't come on 15. 12.]
          [❌ Leave the course] [📚 Courses] {WAYS_ON}
        > /courses
        < 📚 Courses | You have signed up already: ⭐ / 1. Sample Slovene A1 / Level A1: simple words / 9 places left
          [⭐ Sample Slovene A1] [1. Sample Slovene A1] [🔎 Which level is mine?] {ZIP} {WAYS_ON}
    """)
    (mine,) = await signups(desk)
    assert (mine.seating_id, mine.state, mine.name, mine.wants, mine.remind) == (
        group.id, "going", "Sample Amina", "evening", "none",
    )  # fmt: skip
    assert mine.details == {
        "level": "A1", "how": "known", "shifts": False, "letters": "yes", "childcare": False, "travel": "yes",
        "age": "adult",
    }  # fmt: skip
    assert await counted(desk) == [("signed_up", {"what": "course", "id": str(group.id), "kind": "A1"})]
    assert await desk.count(Dialog) == 0


async def test_each_line_of_the_review_can_be_changed(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course, childcare=True)
    guest = desk.person("en")
    await comes_to_review(guest, course)
    changes = (
        ("Level", ("Not sure: test me",), "Your level: To be tested in person"),
        ("Childcare", ("Yes", "Tue 17:00"), "🧸 Childcare"),
        ("Help with the way there", ("I need help with it",), "You need help with the way there."),
        ("When I can come", ("🌅 In the morning", "🗓 At the weekend", "That is all", "Tue 17:00"),
         "When you can come: 🌅 In the morning and 🗓 At the weekend"),
        ("Reminder", ("In this chat",), "Reminder: In this chat"),
        ("Latin letters", ("Not yet", "Tue 17:00"), "Is this right?"),
        ("Group", ("None of these: waiting list", "Yes"), "⏳ Waiting list"),
        ("For whom", ("For my child",), None),
    )  # fmt: skip
    for part, answers, line in changes:
        await guest.presses("No")
        (shown,) = await guest.presses(part)
        assert shown.text.startswith("Please answer this again.\n")
        for answer in answers:
            (shown,) = await guest.presses(answer)
        assert line is None or line in shown.text.splitlines()
    await guest.says("Sample Luan")
    await guest.presses("Under 15")
    (shown,) = await guest.presses("Yes")
    assert shown.text.startswith("⏳ You are on the waiting list.")
    (mine,) = await signups(desk)
    assert (mine.name, mine.state, mine.details["how"], mine.details["travel"], mine.details["letters"]) == (
        "Sample Luan", "waiting", "test", "yes", "no",
    )  # fmt: skip
    assert mine.person_id != (await who(guest)).person_id


async def test_a_full_course_has_one_list_and_shows_the_place_on_it(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course, seats=1)
    amina, boris, chen = (desk.person("en") for _person in range(3))
    await signs_up(amina, course)
    await boris.chats(f"""
        > /start course-{course.id}
        < Sample Slovene A1 | Level A1: simple words / {GROUP} / Full, but there is a waiting list
          [⏳ Waiting list] [📚 Courses] {WAYS_ON}
    """)
    review = await from_the_card(boris, name="Sample Boris", group="")
    assert "All groups are full now. / ⏳ Waiting list / Name: Sample Boris" in review
    await boris.chats(f"""
        > [Yes]
        < ⏳ You are on the waiting list. / Sample Slovene A1 / Your place on the list: 1
          / When a place becomes free, we write to you here, and hold it for you for some hours.
          / The list goes on from term to term: you keep your place on it. [🎟 My place] [📚 Other courses] {WAYS_ON}
    """)
    said = await signs_up(chen, course, name="Sample Chen", group="")
    assert "Your place on the list: 2" in said
    (shown,) = await chen.says("/courses")
    assert shown.text.endswith("Full, 2 people on the waiting list")
    await amina.presses("🎟 My place")
    await amina.presses("❌ Leave the course")
    await amina.presses("Yes")
    assert await taken(desk, group.id) == 1
    await offering.tell_offers(desk.house)
    (offer,) = await boris.reads()
    assert "Good news: a place is free for you." in offer.text
    await boris.presses("✅ Yes, I take it")
    assert [(one.name, one.state) for one in await signups(desk)] == [
        ("Sample Amina", "cancelled"), ("Sample Boris", "going"), ("Sample Chen", "waiting"),
    ]  # fmt: skip
    (shown,) = await chen.presses("🎟 My place")
    assert "Your place on the list: 1" in shown.text


async def test_a_course_without_groups_has_a_list_and_its_new_group_is_offered(desk: Desk) -> None:
    course = await desk.has_course()
    amina = desk.person("en")
    (shown,) = await amina.says(f"/start course-{course.id}")
    assert shown.text.endswith("No group is open now. You can wait for the next one.")
    assert "Your place on the list: 1" in await signs_up(amina, course, group="")
    await desk.has_group(course, "Saturday", weekdays=(5,), when=(When.WEEKEND,))
    assert [one.state for one in await signups(desk)] == ["waiting"]  # she can come in the evening only
    await desk.has_group(course)
    assert [one.state for one in await signups(desk)] == ["offered"]


async def test_whoever_waits_may_take_a_place_at_another_time(desk: Desk) -> None:
    course = await desk.has_course()
    guest = desk.person("en")
    await signs_up(guest, course, group="")
    saturday = await desk.has_group(course, "Saturday", weekdays=(5,), when=(When.WEEKEND,), first=date(2026, 12, 5))
    await guest.says(f"/start course-{course.id}")
    await guest.presses("✅ Sign up")
    await guest.presses("For me")
    await guest.chats(f"""
        > [18 or older]
        < You are on the waiting list already. / These groups have a free place now. Press one to take it:
          / 📅 Saturday, 17:00 to 18:30 / 8 meetings. First day: 5 December 2026 / 📍 Sample street 1 / 10 places left
          [Sat 17:00] [🎟 My place] [📚 Courses] {WAYS_ON}
        > [Sat 17:00]
        < ✅ You have a place. See you there! / Sample Slovene A1 / First meeting: Saturday, 5 December 2026, 17:00
          / 📍 Sample street 1 {MINE}
    """)
    assert [(one.seating_id, one.state) for one in await signups(desk)] == [(saturday.id, "going")]
    assert await taken(desk, saturday.id) == 1
    (shown,) = await guest.presses("Sat 17:00")
    assert shown.text == "You are signed up for this course already."
    assert await taken(desk, saturday.id) == 1


async def test_who_declines_what_is_free_waits_without_being_offered_it_at_once(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course)
    said = await signs_up(desk.person("en"), course, group="None of these: waiting list")
    assert said.startswith("< ⏳ You are on the waiting list.")
    assert [one.state for one in await signups(desk)] == ["waiting"]
    assert await taken(desk, group.id) == 0


async def test_the_last_place_goes_while_somebody_reads_the_review(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course, seats=1)
    amina, boris = desk.person("en"), desk.person("en")
    await comes_to_review(amina, course)
    await signs_up(boris, course, name="Sample Boris")
    (shown,) = await amina.presses("Yes")
    assert shown.text.splitlines()[:4] == [
        "That choice is no longer available.", "Sample Slovene A1", "All groups are full now.", "⏳ Waiting list",
    ]  # fmt: skip
    assert (await amina.presses("Yes"))[0].text.startswith("⏳ You are on the waiting list.")


@pytest.mark.parametrize("number", [12])
async def test_many_want_the_last_place_at_once_and_one_gets_it(desk: Desk, number: int) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course, seats=1)
    guests = [desk.person("en") for _guest in range(number)]
    for guest in guests:
        await comes_to_review(guest, course)
    for guest in guests:
        token, laid = guest.screen[-1]
        yes = next(one for row in laid.rows for one in row if one.label == "Yes")
        await guest.sends(pressed=[token, yes.index])
    await desk.serve()
    said = [(await guest.reads())[-1].text.splitlines()[0] for guest in guests]
    assert sorted(said) == ["That choice is no longer available."] * (number - 1) + [
        "✅ You have a place. See you there!"
    ]
    assert await taken(desk, group.id) == 1
    for guest in guests:
        if guest.screen[-1][1].text.startswith("That choice"):
            await guest.presses("Yes")
    waiting = [one for one in await signups(desk) if one.state == "waiting"]
    assert len(waiting) == number - 1


async def test_two_in_a_row_of_one_person_are_one_place(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course)
    guest = desk.person("en")
    await comes_to_review(guest, course)
    token, laid = guest.screen[-1]
    yes = next(one for row in laid.rows for one in row if one.label == "Yes")
    for _press in range(2):
        await guest.sends(pressed=[token, yes.index])
    await desk.serve()
    assert await taken(desk, group.id) == 1
    await guest.reads()
    await guest.says(f"/start course-{course.id}")
    await guest.presses("✅ Sign up")
    await guest.presses("For me")
    (shown,) = await guest.presses("18 or older")
    assert shown.text == "You are signed up for this course already."


async def test_what_is_at_the_same_time_is_said_and_may_be_gone_on_with(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    event = await desk.has_event(day=date(2026, 12, 8), minute=18 * 60)
    guest = desk.person("en")
    await guest.says("/menu")
    async with desk.house.db.transaction() as session:
        await seats.take(session, event.id, Wish((await who(guest)).person_id), desk.clock())
    review = await comes_to_review(guest, course)
    assert "/ ⚠️ You have something else at the same time: Tuesday, 8 December 2026, 18:00 / Is this right?" in review
    (shown,) = await guest.presses("Yes")
    assert shown.text.startswith("✅ You have a place.")


async def test_a_level_that_does_not_fit_is_said(desk: Desk) -> None:
    course = await desk.has_course("Sample Slovene B1", Level.B1)
    await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    await guest.says(f"/start course-{course.id}")
    for label in ("✅ Sign up", "For me", "18 or older", "I know my level"):
        await guest.presses(label)
    await guest.chats("""
        > [A0: just starting]
        < This course may be too hard: it is for B1: I manage alone.
          [Sign up all the same] [Show other courses] [Back] [Cancel]
    """)
    first, second = await guest.presses("Show other courses")
    assert (first.text, second.title) == ("Fine, nothing was saved.", "📚 Courses")
    await guest.says(f"/start course-{course.id}")
    for label in ("✅ Sign up", "For me", "18 or older", "I know my level"):
        await guest.presses(label)
    (shown,) = await guest.presses("C1: almost everything")
    assert shown.text == "This course may be too easy: it is for B1: I manage alone."
    (shown,) = await guest.presses("Sign up all the same")
    assert shown.text.startswith("When can you come?")


async def test_the_list_by_language_by_time_and_page(desk: Desk) -> None:
    for number in range(8):
        one = await desk.has_course(f"Sample {number}")
        await desk.has_group(one, when=(When.EVENING if number % 2 else When.MORNING,))
    guest = desk.person("en")
    (shown,) = await guest.says("/courses")
    labels = [button.label for row in shown.rows for button in row]
    assert labels == [
        *(f"{number + 1}. Sample {number}" for number in range(6)), "More courses", "🔎 Which level is mine?",
        "🌅 In the morning", "🌙 In the evening", "📘 Free Slovene course (ZIP)", "👤 Talk to a person", "☰ Menu",
    ]  # fmt: skip
    (shown,) = await guest.presses("More courses")
    assert [button.label for row in shown.rows for button in row][:2] == ["7. Sample 6", "8. Sample 7"]
    (shown,) = await guest.presses("🌅 In the morning")
    labels = [button.label for row in shown.rows for button in row]
    assert labels[:5] == ["1. Sample 0", "2. Sample 2", "3. Sample 4", "4. Sample 6", "🔎 Which level is mine?"]
    assert labels[5:7] == ["🌙 In the evening", "At any time"]
    await desk.has_course("Sample English", language="en")
    (shown,) = await guest.says("/courses")
    assert (shown.text, [button.label for row in shown.rows for button in row][:2]) == (
        "Which language do you want to learn?", ["English", "Slovenian"],
    )  # fmt: skip
    (shown,) = await guest.presses("English")
    assert shown.text.startswith("1. Sample English\n")


@pytest.mark.parametrize("payload", ["course", "course-", "course-x", "course-0", "course-1", "course-" + "9" * 30])
async def test_a_link_to_a_course_that_is_not_there(desk: Desk, payload: str) -> None:
    await desk.has_course()
    (shown,) = await desk.person("en").says(f"/start {payload}")
    gone = "This course is not open any more. Here are the others."
    assert shown.text == gone if payload == "course-1" else shown.title == "📚 Courses"


async def test_courses_that_closed_lead_to_the_others_and_change_nothing(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    await comes_to_review(guest, course)
    async with desk.house.db.transaction() as session:
        await courses.set_state(session, course.id, CourseState.OVER, desk.clock())
    (shown,) = await guest.presses("Yes")
    assert shown.text == "This course is not open any more. Here are the others."
    (shown,) = await guest.presses("✅ Sign up")
    assert shown.text == "This course is not open any more. Here are the others."
    assert (await desk.count(Signup), await desk.count(Dialog), await desk.count(Reminder)) == (0, 0, 0)


async def test_a_group_that_has_begun_or_was_called_off_cannot_be_joined(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course)
    guest = desk.person("en")
    await comes_to_review(guest, course)
    async with desk.house.db.transaction() as session:
        await courses.call_off_group(session, group.id, desk.clock())
    (shown,) = await guest.presses("Yes")
    assert shown.text.splitlines()[:3] == [
        "That choice is no longer available.", "Sample Slovene A1", "⏳ Waiting list",
    ]  # fmt: skip
    other = await desk.has_group(course, "Wednesday", weekdays=(2,), first=date(2026, 12, 2))
    desk.clock.pass_(days=30)
    shown, _still_asked = await guest.says(f"/start course-{course.id}")
    assert shown.text.endswith("No group is open now. You can wait for the next one.")
    assert await taken(desk, other.id) == 0


async def test_other_people_s_places_and_old_buttons(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    amina, boris = desk.person("en"), desk.person("en")
    await signs_up(amina, course)
    (mine,) = await signups(desk)
    for verb in ("mysignup", "leaveseat", "absence", "takegroup"):
        (shown,) = await presses_made_up(boris, verb, f"{mine.id}:1" if verb == "takegroup" else str(mine.id))
        assert "Sample" not in shown.text
        assert shown.text in {
            "I do not find this sign-up. It may have been deleted.",
            "There is nothing to answer here any more. Thank you.",
            "This course is not open any more. Here are the others.",
        }
    for about in (f"session:{mine.id}:1", f"session:{mine.id}:{'9' * 30}", "session:", "x"):
        (shown,) = await presses_made_up(boris, "cantcome", about)
        assert shown.text == "You are not signed up for this any more."
    assert [one.state for one in await signups(desk)] == ["going"]


async def presses_made_up(guest: Guest, verb: str, what: str) -> list[Laid]:
    """Press a button as nobody was ever shown it."""
    await guest.says("/menu")
    async with guest.desk.house.db.transaction() as session:
        forged = Message(raw("forged"), buttons=(Button(raw("forged"), Bind(verb, what)),))
        await post(session, guest.desk.house, guest.address, forged, f"forged:{new_token()}")
    await guest.reads()
    return await guest.presses("forged")


async def test_one_meeting_is_excused_and_taken_back(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    await comes_to_review(guest, course)
    await guest.presses("Back")
    await guest.presses("In this chat")
    await guest.presses("Yes")
    planned = await desk.count(Reminder)
    await guest.presses("🎟 My place")
    (shown,) = await guest.presses("🚫 I can't come on 8. 12.")
    assert shown.text == "You are excused this time, and your place in the course stays. Thank you for telling us."
    (shown,) = await guest.presses("🎟 My place")
    assert "• Tuesday, 8 December 2026, 17:00: you are excused" in shown.text.splitlines()
    await guest.presses("✅ I come on 8. 12. after all")
    (shown,) = await guest.presses("🎟 My place")
    assert "• Tuesday, 8 December 2026, 17:00" in shown.text.splitlines()
    assert await desk.count(Reminder) == planned


async def test_deleting_everything_frees_the_places_of_all_who_are_reached_by_somebody(desk: Desk) -> None:
    course = await desk.has_course()
    group = await desk.has_group(course, seats=2)
    guest = desk.person("en")
    await signs_up(guest, course)
    await guest.says(f"/start course-{course.id}")
    for label in ("✅ Sign up", "For my child"):
        await guest.presses(label)
    await guest.says("Sample Luan")
    for label in ("15 to 17", "Not sure: test me", "🌙 In the evening", "That is all", "Yes", "No, thank you",
                  "Tue 17:00", "Yes", "No reminders", "Yes"):  # fmt: skip
        await guest.presses(label)
    assert await taken(desk, group.id) == 2
    assert len([one for one in await signups(desk) if one.name == "Sample Luan"]) == 1
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    assert (await taken(desk, group.id), await desk.count(Signup), await desk.count(Person)) == (0, 0, 0)
