"""Events in chat: what is coming, signing up, guests, letting go; and everything that is no longer so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain import events, seats
from bot.domain.attendance import Guest as Origin
from bot.domain.events import EventKind
from bot.domain.happenings import Happening
from bot.domain.mentors import Mentor
from bot.domain.seats import Seating, Signup
from tests.desk import Desk, Guest
from tests.flows.lines import MENU

WHEN = "Tuesday, 1 December 2026, 18:00 to 20:00"
FACTS = f"Sample workshop / {WHEN} / 📍 Sample street 1"
LIST = (
    f"< 📅 Events | 1. Sample workshop / {WHEN} / {{}} · Free of charge [1. Sample workshop] [👤 Talk to a person] "
    "[☰ Menu]"
)
CARD = (
    f"< Sample workshop | 🛠 Workshop / {WHEN} / 📍 Sample street 1 / Free of charge / ♿ Steps: not known yet, "
    "please ask / {} [📅 All events] [👤 Talk to a person] [☰ Menu]"
)
NAME = "< What may we call you at the door? A nickname is enough. [No name] [Cancel]"
NEEDS = (
    "< Is there anything you need to take part? For example an interpreter, or a seat near the door. Only the desk "
    "sees it. [Skip] [Back] [Cancel]"
)
WHO = (
    "< Who are you? We only count this, so that newcomers and locals meet. [A newcomer] [I am from here] "
    "[Rather not say] [Back] [Cancel]"
)
REMIND = (
    "< Where may we remind you? / Honestly: a message in this chat is seen only when you open this page. "
    "[In this chat] [In Telegram] [Call me] [No reminders] [Back] [Cancel]"
)
REVIEW = f"< {FACTS} / 1 place / Name: Amina / Reminder: No reminders / Is this right? [Yes] [No] [Back] [Cancel]"
DONE = (
    f"< ✅ You have a place. See you there! / {FACTS} / We do not remind you. Please write the date down. [🎟 My place] "
    "[👤 Talk to a person] [☰ Menu]"
)
ON_THE_LIST = (
    f"< ⏳ You are on the waiting list. / {FACTS} / Your place on the list: {{}} / When a place becomes free, we write "
    "to you here, and hold it for you for some hours. [🎟 My place] [👤 Talk to a person] [☰ Menu]"
)
GONE = "< This event is not here any more. [📅 All events] [👤 Talk to a person] [☰ Menu]"
NOT_YOURS = MENU.replace("How can we help? Choose, or write your question in your own words.",
                         "I do not find this sign-up. It may have been deleted.")  # fmt: skip


async def signs_up(guest: Guest, event_id: int, *answers: str) -> str:
    """Go through the form: without a name, alone, as a newcomer, without reminders, if `answers` say nothing else."""
    await guest.says(f"/start event-{event_id}")
    await presses_either(guest, "✅ Sign up", "⏳ Waiting list")
    for label in answers or ("No name", "Skip", "A newcomer", "No reminders"):
        await guest.presses(label)
    await presses_either(guest, "Put me on the list", "Yes")
    return guest.screen[-1][1].text.split("\n")[0]


async def presses_either(guest: Guest, *labels: str) -> None:
    shown = [button.label for row in guest.screen[-1][1].rows for button in row]
    await guest.presses(next(label for label in labels if label in shown))


async def signups(desk: Desk) -> list[Signup]:
    async with desk.house.db.reading() as session:
        return list(await session.scalars(select(Signup).order_by(Signup.line)))


async def taken(desk: Desk, event_id: int) -> int:
    async with desk.house.db.reading() as session:
        return (await session.get_one(Seating, event_id)).taken


async def counted(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    async with desk.house.db.reading() as session:
        rows = await session.scalars(select(Happening).order_by(Happening.id))
        return [(one.kind, one.data) for one in rows if "what" in one.data]


async def test_from_the_list_to_a_place(desk: Desk) -> None:
    event = await desk.has_event()
    guest = desk.person("en")
    await guest.chats(f"""
        > /events
        {LIST.format("20 places left")}
        > [1. Sample workshop]
        {CARD.format("20 places left [✅ Sign up]")}
        > [✅ Sign up]
        {NAME}
        > Amina
        {NEEDS}
        > I use a wheelchair.
        {WHO}
        > [I am from here]
        {REMIND}
        > [No reminders]
        {REVIEW}
        > [Yes]
        {DONE}
        > [🎟 My place]
        < ✅ You have a place. / {FACTS} / Name: Amina / Reminder: No reminders [❌ Cancel my place] [📅 To the event]
          [👤 Talk to a person] [☰ Menu]
        > [📅 To the event]
        {CARD.format("19 places left / ✅ You have a place. [🎟 My place]")}
    """)
    (mine,) = await signups(desk)
    assert (mine.state, mine.name, mine.details) == (
        "going", "Amina", {"children": 0, "needs": "I use a wheelchair.", "origin": "local"},
    )  # fmt: skip
    assert await counted(desk) == [("signed_up", {"what": "event", "id": str(event.id), "kind": "workshop"})]


async def test_in_slovene_with_guests_and_children(desk: Desk) -> None:
    texts = {"en": {"title": "Sample dinner"}, "sl": {"title": "Vzorčna večerja", "about": "Vzorec."}}
    event = await desk.has_event(
        kind=EventKind.DINNER, texts=texts, most_guests=3, childcare=True, step_free=True, price="5 €",
        fields={"speaker": "Sample speaker"},
    )  # fmt: skip
    guest = desk.person("sl")
    (card,) = await guest.says(f"/start event-{event.id}")
    assert card.title == "Vzorčna večerja"
    await guest.sends(pressed=[guest.screen[-1][0], 0])
    await desk.serve()
    await guest.reads()
    for answer in ("Marko", "2", "3", "nič", "1", "4", "1"):  # numbers of options
        await guest.says(answer)
    assert guest.screen[-1][1].document is not None
    (mine,) = await signups(desk)
    assert (mine.seats, mine.name, mine.details["children"], mine.details["origin"]) == (2, "Marko", 2, Origin.NEWCOMER)
    assert await taken(desk, event.id) == 2


async def test_the_card_of_every_kind_shows_its_own_fields(desk: Desk) -> None:
    guest = desk.person("en")
    async with desk.house.db.transaction() as session:
        for number, checked in ((1, date(2026, 11, 1)), (2, None)):
            session.add(Mentor(id=number, state="active", name=f"Sample mentor {number}", languages=[], topics=[],
                               about={}, place="postojna", zone="Europe/Ljubljana", made_at=desk.clock(),
                               changed_at=desk.clock(), checked_on=checked))  # fmt: skip
    for kind in EventKind:
        fields = {name: f"the {name}" for name in events.FIELDS[kind]}
        if kind == EventKind.MENTOR_DAY:
            fields |= {"expert_1": "1", "expert_2": "2"}
        event = await desk.has_event(kind=kind, fields=fields, map_url="https://example.org/map", access="A ramp.",
                                     online_url="https://example.org/room")  # fmt: skip
        (card,) = await guest.says(f"/start event-{event.id}")
        for name, said in fields.items():
            assert (f": {said}" in card.text) == (not name.startswith("expert"))
        assert ("Experts: Sample mentor 1\n" in card.text) == (kind == EventKind.MENTOR_DAY)
        assert "A ramp." in card.text
        assert "https://example.org/room" not in card.text
        await signs_up(guest, event.id)
        assert "https://example.org/room" in guest.screen[-1][1].text


async def test_lists_go_on_and_end(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.chats("""
        > /events
        < 📅 Events | No event is planned yet. A person at the desk can tell you what else there is.
          [👤 Talk to a person] [☰ Menu]
    """)
    for number in range(8):
        await desk.has_event(f"Sample {number}", day=date(2026, 12, 1) + timedelta(days=number))
    (first,) = await guest.says("/events")
    (second,) = await guest.presses("Later events")
    titles = [line for one in (first, second) for line in one.text.split("\n") if ". Sample" in line]
    assert titles == [f"{number + 1}. Sample {number}" for number in range(8)]
    assert guest.screen[-1][1].binds[-1].verb == "menu"


async def test_full_leads_to_the_waiting_list_at_once(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    first, second, third = (desk.person("en") for _ in range(3))
    assert await signs_up(first, event.id) == "✅ You have a place. See you there!"
    await second.chats(f"""
        > /start event-{event.id}
        {CARD.format("Full, but there is a waiting list [⏳ Waiting list]")}
        > [⏳ Waiting list]
        < All places are taken now. We can put you on the waiting list.
        {NAME}
        > [No name]
        {NEEDS}
        > [Skip]
        {WHO}
        > [Rather not say]
        {REMIND}
        > [No reminders]
        < All places are taken. / Shall we put you on the waiting list? When a place becomes free, we offer it to you
          here. / Your place on the list: 1 [Put me on the list] [No, thank you] [Back] [Cancel]
        > [Put me on the list]
        {ON_THE_LIST.format(1)}
    """)
    await third.says("/events")
    assert "Full, 1 person on the waiting list · Free of charge" in third.screen[-1][1].text
    assert await signs_up(third, event.id) == "⏳ You are on the waiting list."
    assert "Your place on the list: 2" in third.screen[-1][1].text
    assert [one[0] for one in await counted(desk)] == ["signed_up", "waits", "waits"]


async def test_the_last_place_goes_while_somebody_reads_the_review(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    slow, quick = desk.person("en"), desk.person("en")
    await slow.says(f"/start event-{event.id}")
    for label in ("✅ Sign up", "No name", "Skip", "A newcomer", "No reminders"):
        await slow.presses(label)
    await signs_up(quick, event.id)
    await slow.chats(f"""
        > [Yes]
        < Somebody else has just taken the last place. We are sorry. / All places are taken. / Shall we put you on the
          waiting list? When a place becomes free, we offer it to you here. / Your place on the list: 1
          [Put me on the list] [No, thank you] [Back] [Cancel]
        > [Put me on the list]
        {ON_THE_LIST.format(1)}
    """)


async def test_too_many_guests_can_be_fewer(desk: Desk) -> None:
    event = await desk.has_event(seats=2, most_guests=3)
    guest = desk.person("en")
    await guest.says(f"/start event-{event.id}")
    for label in ("✅ Sign up", "No name", "3 people with me", "Skip", "A newcomer"):
        await guest.presses(label)
    (shown,) = await guest.presses("No reminders")
    assert shown.text.startswith("Only 2 places are left.\nShall we put you on the waiting list?")
    (shown,) = await guest.presses("We come with fewer")
    assert shown.text == (
        "2 places are left, for you and whoever comes with you.\nHow many people come with you?"
    )  # fmt: skip
    (shown,) = await guest.presses("1 person with me")
    assert "\n2 places\n" in shown.text
    await guest.presses("Yes")
    assert await taken(desk, event.id) == 2
    await guest.presses("🎟 My place")
    await guest.presses("👥 Change guests")
    (shown,) = await guest.presses("2 people with me")
    assert shown.text.startswith("No more place is free now.\n")
    await guest.presses("I come alone")
    assert await taken(desk, event.id) == 1


async def test_giving_up_undo_and_undo_when_it_is_taken(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    guest, other = desk.person("en"), desk.person("en")
    await signs_up(guest, event.id)
    given_up = "< Your place is free for somebody else. Thank you for telling us. [↩️ Undo] [📅 To the event] [☰ Menu]"
    await guest.presses("🎟 My place")
    await guest.chats(f"""
        > [❌ Cancel my place]
        < Give up your place? Sample workshop [Yes] [No] [Cancel]
        > [Yes]
        {given_up}
        > [↩️ Undo]
        < ✅ You have a place. See you there! / {FACTS} [🎟 My place] [👤 Talk to a person] [☰ Menu]
        > [↩️ Undo]
        < You are signed up. [🎟 My place] [👤 Talk to a person] [☰ Menu]
        > [🎟 My place]
        < ✅ You have a place. / {FACTS} / Reminder: No reminders [❌ Cancel my place] [📅 To the event]
          [👤 Talk to a person] [☰ Menu]
        > [❌ Cancel my place]
        < Give up your place? Sample workshop [Yes] [No] [Cancel]
        > [Yes]
        {given_up}
    """)
    await signs_up(other, event.id)
    await guest.chats(f"""
        > [↩️ Undo]
        {ON_THE_LIST.format(1)}
    """)
    assert [one.state for one in await signups(desk)] == ["cancelled", "cancelled", "going", "waiting"]


async def test_what_is_over_begun_called_off_or_unknown_changes_nothing(desk: Desk) -> None:
    event = await desk.has_event()
    guest, late = desk.person("en"), desk.person("en")
    await late.says(f"/start event-{event.id}")
    await late.presses("✅ Sign up")
    await signs_up(guest, event.id)
    for what in ("1", "x", "99999999999999999999", "-1", ""):
        answer = (await guest.says(f"/start event-{what}"))[-1]
        assert guest._told(answer) == GONE if what else answer.title == "📅 Events"
    async with desk.house.db.transaction() as session:
        draft = await events.make(session, _plan(desk), desk.clock())
    assert guest._told((await guest.says(f"/start event-{draft.id}"))[-1]) == GONE
    desk.clock.at = event.starts_at + timedelta(minutes=1)
    (shown,) = await guest.says(f"/start event-{event.id}")
    assert shown.text.startswith("This event has begun. You can still come and ask at the door.\n")
    (shown,) = await late.says("Luan")
    assert shown.text.startswith("One cannot sign up for this any more.\nThis event has begun.")
    await guest.presses("🎟 My place")
    assert [bind.verb for bind in guest.screen[-1][1].binds] == ["person", "menu"]
    desk.clock.at = event.ends_at
    (shown,) = await guest.says(f"/start event-{event.id}")
    assert shown.text.startswith("This event is over.\n")
    async with desk.house.db.transaction() as session:
        await events.call_off(session, event.id, desk.clock())
    (shown,) = await guest.says(f"/start event-{event.id}")
    assert shown.text.startswith("This event was called off. We are sorry.\n")
    (shown,) = await guest.presses("🎟 My place")
    assert shown.text == "This event was called off. We are sorry.\nSample workshop"
    assert [one.state for one in await signups(desk)] == ["called_off"]


def _plan(desk: Desk) -> events.Plan:
    day = desk.clock().date() + timedelta(days=3)
    return events.Plan(EventKind.OTHER, day, 600, 60, "Europe/Ljubljana", "postojna", 1, {"en": {"title": "x"}})


@pytest.mark.parametrize("verb", ["mysignup", "guests", "leaveseat", "againseat", "takeseat"])
async def test_the_sign_ups_of_others_are_nobody_else_s(desk: Desk, verb: str) -> None:
    from bot.dialog.messages import Bind, Button, Message
    from bot.i18n import raw
    from bot.post import post

    event = await desk.has_event(most_guests=2)
    mine, other = desk.person("en"), desk.person("en")
    await signs_up(mine, event.id, "No name", "I come alone", "Skip", "A newcomer", "No reminders")
    (held,) = await signups(desk)
    await other.says("/menu")
    async with desk.house.db.transaction() as session:
        forged = [Button(raw(what[:8] or "none"), Bind(verb, what)) for what in (str(held.id), "1", "x", "")]
        await post(session, desk.house, other.address, Message(raw("?"), buttons=forged), "forged")
    await other.reads()
    for label in (str(held.id)[:8], "1", "x", "none"):
        assert [other._told(one) for one in await other.presses(label)] == [NOT_YOURS]
    assert [(one.state, one.seats) for one in await signups(desk)] == [("going", 1)]
    assert await taken(desk, event.id) == 1


async def test_pressed_twice_is_one_place_and_old_buttons_land_kindly(desk: Desk) -> None:
    event = await desk.has_event()
    guest = desk.person("en")
    await guest.says(f"/start event-{event.id}")
    for label in ("✅ Sign up", "No name", "Skip", "A newcomer", "No reminders"):
        await guest.presses(label)
    token, review = guest.screen[-1]
    yes = review.rows[0][0]
    await guest.presses_at(str(token), yes)
    shown = await guest.presses_at(str(token), yes)
    assert shown[0].text == "This button is from an earlier message. Here is where we are now."
    (again,) = await guest.presses("✅ Sign up")
    assert "✅ You have a place." in again.text
    assert (len(await signups(desk)), await taken(desk, event.id)) == (1, 1)


async def test_whoever_leaves_for_good_frees_the_place_for_the_next(desk: Desk) -> None:
    event = await desk.has_event(seats=1)
    guest, next_one = desk.person("en"), desk.person("en")
    await signs_up(guest, event.id)
    await signs_up(next_one, event.id)
    await guest.says("/delete")
    await guest.says("yes")
    assert [one.state for one in await signups(desk)] == [seats.SignupState.OFFERED]
