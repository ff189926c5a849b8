"""My first steps: questions that may be skipped, a list in order, ticks that can be undone, days that are remembered."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import checklists
from bot.domain.callers import callers
from bot.domain.checklists import Checklist, Held
from bot.domain.happenings import Happening
from bot.domain.messages import ChatMessage
from bot.domain.people import Dialog
from bot.domain.reminders import Reminder
from tests.desk import Desk, Guest

ABOUT = (
    "< 🧭 My first steps | Five short questions, then you get a list: what to do first, why, and until when. / You can "
    "skip each question. Your answers stay in your list; nobody else sees them, and you can delete it."
)
STATUS = (
    "< Question 1 of 5 / Which of these fits you best? [I am a citizen of the EU, EEA or Switzerland] "
    "[I have a permit to work] [I came to my family] [I asked for protection, or have it] "
    "[I have temporary protection] [I study here] [I am not sure, or would rather not say] [Skip] [Why do you ask?]"
)
FAMILY = (
    "< Question 2 of 5 / Who of your family is here? [Nobody, I am alone] [My partner] [Children under 6] "
    "[Children of school age] [Younger and older children] [Skip] [Why do you ask?] [Back] [Cancel]"
)
WORK = (
    "< Question 3 of 5 / Do you work? [I have a job] [I look for a job] [I have a business, or want one] [Not now] "
    "[Skip] [Why do you ask?] [Back] [Cancel]"
)
SLOVENE = (
    "< Question 4 of 5 / How much Slovene do you know? [Nothing yet] [A little] [A1 or more] [Skip] [Why do you ask?] "
    "[Back] [Cancel]"
)
FIRST = (
    "< Question 5 of 5 / What is most important to you now? [Papers] [Work and money] [Health] [My children] [Slovene] "
    "[Meeting people] [Skip] [Why do you ask?] [Back] [Cancel]"
)
ADDRESS = (
    "< 🏠 Register your address | Everybody who lives here registers the address. / ⏰ In the first three days after you "
    "move in or get the permit, at the latest in eight."
)


async def with_a_list(desk: Desk, *answers: str) -> Guest:
    """Somebody who has answered so, or skipped."""
    guest = desk.person("en")
    await guest.says("/checklist")
    for answer in [*answers, *["Skip"] * (5 - len(answers))]:
        await guest.presses(answer)
    return guest


async def held(desk: Desk, guest: Guest) -> Held | None:
    async with desk.house.db.reading() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        return await checklists.of_person(session, caller.person_id)


async def test_questions_reasons_back_and_the_list(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats(f"""
        > /checklist
        {ABOUT}
        {STATUS} [Cancel]
        > [Why do you ask?]
        < Citizens of the EU, people with a permit and people with protection need different papers.
        {STATUS} [Cancel]
        > [I have a permit to work]
        {FAMILY}
        > [Back]
        {ABOUT}
        {STATUS} [Cancel]
        > 1
        {FAMILY}
        > 3
        {WORK}
        > [Skip]
        {SLOVENE}
        > [Skip]
        {FIRST}
    """)
    (shown,) = await guest.presses("My children")
    titles = [line for line in shown.text.split("\n") if line.startswith(("🏠", "🇪🇺", "🧸"))]
    assert shown.text.startswith("0 of 11 done\n\n🏠 Register your address\nEverybody who lives here")
    assert [title.split()[0] for title in titles] == ["🏠", "🇪🇺", "🧸"]
    assert [row[0].label for row in shown.rows][:3] == titles
    found = await held(desk, guest)
    assert found is not None
    assert found.answers == {"status": "eu", "family": "small", "work": "skip", "slovene": "skip", "first": "children"}


async def test_a_finished_form_leaves_no_row_and_an_unfinished_one_goes_after_a_day(desk: Desk) -> None:
    from bot import clockwork

    await with_a_list(desk)
    assert await desk.count(Dialog) == 0
    guest = desk.person("en")
    await guest.says("/checklist")
    desk.clock.pass_(hours=24)
    await clockwork.sweep_brief(desk.house)
    assert await desk.count(Dialog) == 1
    desk.clock.pass_(seconds=1)
    await clockwork.sweep_brief(desk.house)
    assert await desk.count(Dialog) == 0


async def test_what_was_answered_is_gone_from_the_chat_after_a_day_but_not_from_the_list(desk: Desk) -> None:
    from bot import clockwork

    guest = await with_a_list(desk, "I asked for protection, or have it")
    await guest.says("/menu")
    desk.clock.pass_(days=1, seconds=1)
    await clockwork.sweep_brief(desk.house)
    async with desk.house.db.reading() as session:
        left = [message.content for message in await session.scalars(select(ChatMessage).order_by(ChatMessage.seq))]
    assert [one.get("text", "")[:14] for one in left] == ["/menu", "How can we hel"]
    found = await held(desk, guest)
    assert found is not None
    assert found.answers["status"] == "protection"


async def test_ticks_and_undo(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🏠 Register your address")
    await guest.chats(f"""
        > [✅ Done]
        < Done: Register your address / 1 of 7 done [Next: Tax number] [↩️ Undo] [🧭 My first steps]
        > [↩️ Undo]
        {ADDRESS} / Address, phone and opening hours: ask the office. [📖 What to do, what to bring] [✅ Done]
          [⏰ Remind me] [🧭 My first steps] [👤 Talk to a person]
        > [✅ Done]
        < Done: Register your address / 1 of 7 done [Next: Tax number] [↩️ Undo] [🧭 My first steps]
    """)
    (shown,) = await guest.presses("🧭 My first steps")
    assert shown.text.startswith("1 of 7 done\n\n✅ Register your address\n\n🔢 Tax number\n")
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Happening).where(Happening.kind == "checklist").order_by(Happening.id))
        counted = [(one.topic, one.data) for one in rows]
    assert counted == [("", {}), ("residence.address", {}), ("residence.address", {})]


async def test_new_questions_keep_what_is_done_and_cancel_keeps_the_old_list(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🔢 Tax number")
    await guest.presses("✅ Done")
    await guest.presses("🧭 My first steps")
    await guest.presses("🔄 New questions")
    await guest.presses("I study here")
    await guest.presses("Cancel")
    before = await held(desk, guest)
    assert before is not None
    assert (before.answers["status"], before.done) == ("skip", ["tax.number"])
    await guest.presses("🧭 My first steps")
    await guest.presses("🔄 New questions")
    for answer in ("I study here", "Skip", "Skip", "Skip", "Skip"):
        await guest.presses(answer)
    after = await held(desk, guest)
    assert after is not None
    assert (after.answers["status"], after.done, "study.permit" in after.topics) == ("student", ["tax.number"], True)


async def test_a_day_is_told_and_remembered_or_kept_to_oneself(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🏠 Register your address")
    asked = "< {} On which day did you move in, or get the permit? / Write the date like 23. 11. 2026. [Skip] [Cancel]"
    await guest.chats(f"""
        > [⏰ Remind me]
        {asked.format("").replace("  ", " ")}
        > [Skip]
        {ADDRESS} / Address, phone and opening hours: ask the office. [📖 What to do, what to bring] [✅ Done]
          [⏰ Remind me] [🧭 My first steps] [👤 Talk to a person]
        > [⏰ Remind me]
        {asked.format("").replace("  ", " ")}
        > 24. 11. 2026
        {asked.format("This day has not come yet. /")}
        > 1. 1. 1999
        {asked.format("Please look at the year again. /")}
        > 23. 11. 2026
        < Last day: 1 December 2026 / We remind you here at nine in the morning on: 25 November 2026 and
          29 November 2026 [📖 What to do, what to bring] [🧭 My first steps] [🔕 Stop these reminders]
          [👤 Talk to a person]
        > [🔕 Stop these reminders]
        < Fine, we do not remind you any more. Your list stays. [🧭 My first steps] [☰ Menu]
    """)
    assert await desk.count(Reminder) == 0


async def test_a_day_that_is_over_and_one_that_is_too_near(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    (late,) = await guest.says("1. 11. 2026")
    assert late.text == (
        "Last day: 9 November 2026\n"
        "This day is over. Go to the office as soon as you can; a person at the desk can help."
    )
    await guest.presses("🧭 My first steps")
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    (near,) = await guest.says("16. 11. 2026")
    assert near.text == "Last day: 24 November 2026\nIt is so soon that we do not remind you any more."
    assert await desk.count(Reminder) == 0


async def test_whoever_wants_no_messages_is_told_that_none_will_come(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.says("/stop")
    await guest.says("/checklist")
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    (shown,) = await guest.says("23. 11. 2026")
    assert shown.text.endswith("You wanted no messages, so we do not write. This allows it again: /start")


async def test_the_list_is_forgotten_on_request(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    await guest.says("23. 11. 2026")
    await guest.says("/checklist")
    await guest.chats("""
        > [🗑 Delete this list]
        < Delete your list with all answers, days and reminders? [Yes] [No] [Cancel]
        > [No]
        < Fine, nothing was deleted. [🧭 My first steps] [☰ Menu]
    """)
    await guest.presses("🧭 My first steps")
    await guest.presses("🗑 Delete this list")
    await guest.chats("""
        > [Yes]
        < Your list is deleted. [🧭 My first steps] [☰ Menu]
    """)
    assert (await desk.count(Checklist), await desk.count(Reminder)) == (0, 0)


async def test_old_buttons_of_a_list_that_is_gone_lead_to_the_menu(desk: Desk) -> None:
    guest = await with_a_list(desk)
    await guest.presses("🏠 Register your address")
    async with desk.house.db.transaction() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        await checklists.remove(session, caller.person_id)
    for label in ("✅ Done", "⏰ Remind me"):
        (shown,) = await guest.presses(label)
        assert shown.text == "This step is not on your list any more."


async def test_my_things_copy_and_deletion_include_it(desk: Desk) -> None:
    from bot.domain import copies

    guest = await with_a_list(desk, "I study here")
    await guest.presses("🏠 Register your address")
    await guest.presses("⏰ Remind me")
    await guest.says("23. 11. 2026")
    (mine,) = await guest.says("/mydata")
    assert mine.text.endswith("Your first steps: 0 of 9 done")
    async with desk.house.db.reading() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        copy = await copies.collect(session, caller.person_id)
    assert copy["first_steps"]["answers"]["status"] == "student"
    assert [(one["about"], one["day"]) for one in copy["reminders"]] == [
        ("step:residence.address", "2026-11-25"), ("step:residence.address", "2026-11-29"),
    ]  # fmt: skip
    await guest.says("/delete")
    await guest.says("yes")
    await desk.tick()
    assert (await desk.count(Checklist), await desk.count(Reminder)) == (0, 0)
