"""A channel with three buttons of twenty characters: what does not fit is written as a number."""

from __future__ import annotations

from sqlalchemy import select

from bot.dialog.messages import Limits
from bot.domain.seats import Signup
from tests.desk import Desk
from tests.flows.paper import Writer, with_paper

SMALL = Limits(text_chars=4000, label_chars=20, buttons=3)


async def test_everything_can_be_reached_by_its_number(desk: Desk) -> None:
    event = await desk.has_event(most_guests=2)
    paper = with_paper(desk)
    paper.limits = SMALL
    writer = Writer(desk, paper, "7")
    await writer.sends("typed", "hello")
    (*_before, menu) = await writer.sends("command", "menu")
    assert menu.endswith(
        "/ You can also write a number: / 4. 🤝 People and contacts / 5. 📅 Workshops, events / 6. 🏛 Culture and places "
        "/ 7. 💼 Work / 8. 🏪 Own business / 9. 👤 Talk to a person / 10. 📁 My things / 11. 🚨 I am in danger "
        "[🧭 My first steps] [🗣 Slovene language] [📄 Papers and offices]"
    )
    (field,) = await writer.sends("typed", "7")
    assert field.startswith("< 💼 Work | Choose a topic")
    (unknown,) = await writer.sends("typed", "99")
    assert unknown.startswith("< I do not have a checked answer to this.")
    (card,) = await writer.sends("command", "start", payload=f"event-{event.id}")
    assert card.endswith(
        "You can also write a number: / 4. ☰ Menu [✅ Sign up] [📅 All events] [👤 Talk to a person]"
    )  # fmt: skip
    await writer.presses("✅ Sign up")
    (asked,) = await writer.sends("typed", "Luan")
    assert asked == (
        "< How many people come with you? / You can also write a number: / 4. Back / 5. Cancel [I come alone] "
        "[1 person with me] [2 people with me]"
    )
    (back,) = await writer.sends("typed", "4")
    assert back.startswith("< What may we call you at the door?")
    await writer.sends("typed", "4")  # a name, where a name is asked for
    for answer in ("2", "Skip", "1"):
        await writer.sends("typed", answer)
    (shown,) = await writer.sends("typed", "3")
    assert "/ 2 places / Name: 4 / Reminder: No reminders / Is this right?" in shown
    await writer.sends("typed", "1")
    async with desk.house.db.reading() as session:
        assert [(one.name, one.seats) for one in await session.scalars(select(Signup))] == [("4", 2)]
