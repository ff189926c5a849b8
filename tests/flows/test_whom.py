"""For whom: oneself, one's child, another person; several people reached by one phone, each of them somebody."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.domain import copies, dependents
from bot.domain.dependents import MOST, TooMany
from bot.domain.people import Person
from tests.desk import Desk, Guest
from tests.flows.learners import comes_to_review, sign_up_label, signs_up, signups, who

PARENT = (
    "< Under 15, a parent or guardian signs up. They can do it in their own chat, or here. A person at the desk helps "
    "too. [👤 Talk to a person] [☰ Menu]"
)
ANSWERS = ("Not sure: test me", "🌙 In the evening", "That is all", "Yes")


async def begins(guest: Guest, course_id: int) -> None:
    await guest.says(f"/start course-{course_id}")
    await guest.presses(sign_up_label(guest))


async def signs_up_child(guest: Guest, course_id: int, name: str) -> str:
    await begins(guest, course_id)
    await guest.presses("For my child")
    await guest.says(name)
    for label in ("Under 15", *ANSWERS, "Tue 17:00", "Yes", "No reminders"):
        await guest.presses(label)
    (shown,) = await guest.presses("Yes")
    return shown.text


async def test_children_are_told_apart_and_offered_again(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    for name in ("Sample Luan", "Sample  Mira"):
        assert (await signs_up_child(guest, course.id, name)).startswith("✅ You have a place.")
    await begins(guest, course.id)
    await guest.chats("""
        > [Back]
        < This is the first question.
        < For whom is it? [For me] [Sample Luan] [Sample Mira] [For my child] [For another person] [Cancel]
        > [Sample Luan]
        < How old is Sample Luan? [18 or older] [15 to 17] [Under 15] [Back] [Cancel]
        > [15 to 17]
        < You are signed up for this course already. [🎟 My place] [📚 Courses] [👤 Talk to a person] [☰ Menu]
        > [🎟 My place]
        < Sample Slovene A1 | ✅ You have a place. / 📅 Tuesday, 17:00 to 18:30 / 📍 Sample street 1 / Name: Sample Luan
          / Next meetings: / • Tuesday, 1 December 2026, 17:00 / • Tuesday, 8 December 2026, 17:00
          / • Tuesday, 15 December 2026, 17:00 / Reminder: No reminders
          [🚫 I can't come on 1. 12.] [🚫 I can't come on 8. 12.] [🚫 I can't come on 15. 12.]
          [❌ Leave the course] [📚 Courses] [👤 Talk to a person] [☰ Menu]
    """)
    (shown,) = await guest.says("/courses")
    assert [button.label for row in shown.rows for button in row][:2] == [
        "⭐ Sample Slovene A1 (Sample Luan)", "⭐ Sample Slovene A1 (Sample Mira)",
    ]  # fmt: skip


async def test_the_same_name_again_is_the_same_child(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    guest = desk.person("en")
    await signs_up_child(guest, course.id, "Sample Luan")
    said = await signs_up_child(guest, course.id, "sample  LUAN")
    assert said == "You are signed up for this course already."
    assert (len(await signups(desk)), await desk.count(Person)) == (1, 2)


@pytest.mark.parametrize(("labels", "name"), [(("For me",), ""), (("For another person",), "Sample Luan")])
async def test_under_fifteen_only_a_parent_signs_up(desk: Desk, labels: tuple[str, ...], name: str) -> None:
    course = await desk.has_course()
    guest = desk.person("en")
    await begins(guest, course.id)
    for label in labels:
        await guest.presses(label)
    if name:
        await guest.says(name)
    await guest.chats(f"""
        > [Under 15]
        {PARENT}
    """)
    assert (await desk.count(Person), await signups(desk)) == (1, [])


async def test_nobody_is_written_down_before_the_yes(desk: Desk) -> None:
    course = await desk.has_course()
    guest = desk.person("en")
    await begins(guest, course.id)
    await guest.presses("For another person")
    await guest.says("Sample Luan")
    for label in ("15 to 17", *ANSWERS, "No, thank you", "Yes", "No reminders", "Cancel"):
        await guest.presses(label)
    assert (await desk.count(Person), await signups(desk)) == (1, [])


async def test_what_is_kept_of_a_child_belongs_to_one_phone_alone(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course)
    amina, boris = desk.person("en"), desk.person("en")
    await signs_up_child(amina, course.id, "Sample Luan")
    await signs_up(boris, course, name="Sample Boris")
    child = (await signups(desk))[0].person_id
    async with desk.house.db.reading() as session:
        assert await dependents.belongs(session, child, (await who(amina)).person_id)
        assert not await dependents.belongs(session, child, (await who(boris)).person_id)
        assert not await dependents.belongs(session, (await who(amina)).person_id, child)
        copy = await copies.collect(session, (await who(amina)).person_id)
    assert [one["person"]["name"] for one in copy["signed_up_by_you"]] == ["Sample Luan"]
    await boris.says("/courses")
    assert "Luan" not in " ".join(laid.text for _token, laid in boris.screen)


async def test_whoever_has_a_chat_of_their_own_is_nobody_else_s_to_look_at(desk: Desk) -> None:
    amina, luan = desk.person("en"), desk.person("en")
    for guest in (amina, luan):
        await guest.says("/menu")
    parent, child = (await who(amina)).person_id, (await who(luan)).person_id
    async with desk.house.db.transaction() as session:
        (await session.get_one(Person, child)).reached_by = parent
    async with desk.house.db.reading() as session:
        assert await dependents.of_person(session, parent) == []
        assert not await dependents.belongs(session, child, parent)


async def test_one_name_at_once_on_two_phones_of_a_person_is_one(desk: Desk) -> None:
    amina = desk.person("en")
    await amina.says("/menu")
    caller = await who(amina)

    async def write() -> int:
        async with desk.house.db.transaction() as session:
            return await dependents.write_down(session, caller, "Sample Luan", desk.clock())

    assert len(set(await asyncio.gather(*(write() for _phone in range(8))))) == 1


async def test_more_people_than_a_family_has_are_for_a_person(desk: Desk) -> None:
    course = await desk.has_course()
    guest = desk.person("en")
    await guest.says("/menu")
    caller = await who(guest)
    async with desk.house.db.transaction() as session:
        for number in range(MOST - 1):
            await dependents.write_down(session, caller, f"Sample {number}", desk.clock())
    await begins(guest, course.id)
    await guest.presses("For another person")
    await guest.says("Sample last")
    for label in ("15 to 17", *ANSWERS, "No, thank you", "Yes", "No reminders"):
        await guest.presses(label)
    async with desk.house.db.transaction() as session:
        await dependents.write_down(session, caller, "Sample other", desk.clock())
        with pytest.raises(TooMany):
            await dependents.write_down(session, caller, "Sample third", desk.clock())
    (shown,) = await guest.presses("Yes")
    assert shown.text == "That choice is no longer available.\nFor whom is it?"
    assert await signups(desk) == []
    labels = [button.label for row in guest.screen[-1][1].rows for button in row]
    assert "For my child" not in labels


async def test_whoever_is_signed_up_is_kept_as_long_as_whoever_writes(desk: Desk) -> None:
    course = await desk.has_course()
    await desk.has_group(course, first=desk.clock().date().replace(year=2027, month=10))
    guest = desk.person("en")
    await signs_up_child(guest, course.id, "Sample Luan")
    child = (await signups(desk))[0].person_id
    other = await desk.has_course("Sample other")
    desk.clock.pass_(days=300)
    await begins(guest, other.id)
    for label in ("Sample Luan", "Under 15", *ANSWERS, "Yes", "No reminders", "Yes"):
        await guest.presses(label)
    async with desk.house.db.reading() as session:
        seen = await session.scalar(select(Person.seen_at).where(Person.id == child))
    assert seen == desk.clock()


async def test_the_review_names_whom_it_is_for(desk: Desk) -> None:
    course = await desk.has_course()
    assert "Name: Sample Amina" in await comes_to_review(desk.person("en"), course, group="")
