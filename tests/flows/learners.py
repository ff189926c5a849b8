"""People who sign up for courses, in English, in as few presses as it takes."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import staff
from bot.domain.callers import callers
from bot.domain.courses import Course
from bot.domain.people import Caller
from bot.domain.seats import Signup
from bot.domain.staff import Role, Staff
from tests.desk import Desk, Guest, told

GROUP = "📅 Tuesday, 17:00 to 18:30 / 8 meetings. First day: 1 December 2026 / 📍 Sample street 1"


async def comes_to_review(
    guest: Guest, course: Course, *, name: str = "Sample Amina", group: str = "Tue 17:00", again: bool = False
) -> str:
    """Answer everything up to the review, which is returned. Without a `group` there is none to choose."""
    await guest.says(f"/start course-{course.id}")
    return await from_the_card(guest, name=name, group=group, again=again)


async def from_the_card(guest: Guest, *, name: str, group: str, again: bool = False) -> str:
    """The same from the course's own page on. `again`: the name is known already."""
    await guest.presses(sign_up_label(guest))
    for answer in ("For me", "18 or older", "I know my level", "A1: simple words", "🌙 In the evening", "That is all",
                   "Yes", "No, thank you", *([group] if group else []), "Yes"):  # fmt: skip
        await guest.presses(answer)
    if not again:
        await guest.says(name)
    (shown,) = await guest.presses("No reminders")
    return told(shown, guest.desk)


async def signs_up(guest: Guest, course: Course, *, name: str = "Sample Amina", group: str = "Tue 17:00") -> str:
    """Sign up; what is said in the end."""
    await comes_to_review(guest, course, name=name, group=group)
    (shown,) = await guest.presses("Yes")
    return told(shown, guest.desk)


def sign_up_label(guest: Guest) -> str:
    """What the button is called on the course's own page: to sign up, or to wait."""
    labels = {button.label for row in guest.screen[-1][1].rows for button in row}
    return "✅ Sign up" if "✅ Sign up" in labels else "⏳ Waiting list"


async def who(guest: Guest) -> Caller:
    """Somebody as the database has them."""
    async with guest.desk.house.db.reading() as session:
        return (await callers(session, [guest.sender], guest.desk.clock()))[guest.sender]


async def signups(desk: Desk) -> list[Signup]:
    """All sign-ups, oldest first."""
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Signup).order_by(Signup.id)))


async def tutor(desk: Desk, login: str = "tina", *roles: Role) -> tuple[Guest, Staff]:
    """A tutor whose chat is linked to their log-in."""
    member = await desk.has_staff(login, *(roles or (Role.TUTOR,)))
    chat = desk.person("en")
    async with desk.house.db.transaction() as session:
        token = await staff.invite(session, member.id, desk.clock())
    await chat.says(f"/start staff-{token}")
    return chat, member
