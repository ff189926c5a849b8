"""Signing up for an event: a nickname is enough, and so is none. Full: a place on the waiting list, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import events, planning, seated, seats, waiting
from bot.domain.attendance import Guest
from bot.domain.events import Event
from bot.domain.happenings import Kind
from bot.domain.seated import Seated
from bot.domain.seats import Seating, Signup, SignupState, Wish
from bot.i18n import Text, _, _n, joined
from flows.common import SKIP, menu_button, person_button
from flows.events import card
from flows.seated import calendar, facts, listed, my_signup_button, on_the_list, term, ways_on
from flows.whereto import Told, keep_phone, short, where_line, where_to_remind

_NAME_CHARS: Final = 60
_NEEDS_CHARS: Final = 500
_MOST_BUTTONS: Final = 8  # more numbers than that are written
_MOST_CHILDREN: Final = 6
_YES, _NO, _FEWER = "yes", "no", "fewer"
_UNTOLD: Final = "untold"
_TAKEN: Final = _("Somebody else has just taken the last place. We are sorry.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody told to sign up."""

    name: str
    guests: int
    children: int
    details: dict[str, Any]
    told: Told

    @property
    def party(self) -> int:
        return self.guests + 1


async def event_join(talk: Talk) -> Message:
    """Ask what is needed, show it, take the place. What has filled up meanwhile leads to the waiting list."""
    found = await talk.look(events.find, seated.number_of(talk.object))
    if found is None:
        return _gone()
    event, seating = found
    thing = Seated(seating, event)
    mine = await talk.look(seats.active, seating.list_key, talk.person.person_id)
    if mine is not None or not seats.takes(seating, talk.scene.now):
        above = () if mine is not None else (_("One cannot sign up for this any more."),)
        return await card(talk, thing, *above)
    if talk.frame.asked is None and seats.free_seats(seating) <= 0:
        talk.say(_("All places are taken now. We can put you on the waiting list."))
    asked = await _ask(talk, event)
    if seats.free_seats(seating, asked.party) < asked.party:
        return await _wait(talk, thing, seating, asked)
    if not await talk.confirm("sure", _review(talk, thing, asked)):
        return _nothing_saved(event)
    try:
        signup = await talk.do(seats.take, event.id, _wish(talk, asked), talk.scene.now)
    except seats.Full:
        raise AskAgain("sure", because=_TAKEN) from None
    except seats.SeatsError:  # on two phones at once, or closed at this moment
        return await card(talk, thing)
    await _settle(talk, signup, event, asked, Kind.SIGNED_UP)
    return await signed_up(talk, signup, thing, await where_line(talk, asked.told))


def _gone() -> Message:
    return Message(
        _("This event is not here any more."),
        buttons=(Button(_("📅 All events"), Bind("events")), person_button("events"), menu_button()),
    )


def _nothing_saved(event: Event) -> Message:
    back = Button(_("📅 To the event"), Bind("event", str(event.id)))
    return Message(_("Fine, nothing was saved."), buttons=ways_on("events", back))


async def _ask(talk: Talk, event: Event) -> _Asked:
    name = await talk.text(
        "name", _("What may we call you at the door? A nickname is enough."), private=True, most_chars=_NAME_CHARS,
        skip=_("No name"),
    )  # fmt: skip
    guests = await ask_guests(talk, event.most_guests)
    children = await _children(talk) if event.childcare else 0
    needs = await talk.text(
        "needs", _("Is there anything you need to take part? For example an interpreter, or a seat near the door. "
                   "Only the desk sees it."),
        private=True, most_chars=_NEEDS_CHARS, skip=SKIP,
    )  # fmt: skip
    origin = await talk.choose(
        "origin", _("Who are you? We only count this, so that newcomers and locals meet."),
        [Option(Guest.NEWCOMER, _("A newcomer")), Option(Guest.LOCAL, _("I am from here")),
         Option(_UNTOLD, _("Rather not say"))],
        private=True,
    )  # fmt: skip
    details = {"children": children, "needs": needs, "origin": "" if origin == _UNTOLD else origin}
    return _Asked(" ".join(name.split()), guests, children, details, await where_to_remind(talk))


async def ask_guests(talk: Talk, most: int) -> int:
    """How many come along."""
    if most <= 0:
        return 0
    text = _("How many people come with you?")
    if most >= _MOST_BUTTONS:
        return await talk.number("guests", text, 0, most)
    several = [Option(str(n), _n("{n} person with me", "{n} people with me", n)) for n in range(1, most + 1)]
    return int(await talk.choose("guests", text, [Option("0", _("I come alone")), *several]))


async def _children(talk: Talk) -> int:
    several = [Option(str(n), _n("For {n} child", "For {n} children", n)) for n in range(1, _MOST_CHILDREN + 1)]
    text = _("Somebody looks after children during this event. Do you want that?")
    return int(await talk.choose("children", text, [Option("0", _("No, thank you")), *several], private=True))


def _review(talk: Talk, thing: Seated, asked: _Asked) -> Text:
    """All but what somebody needs: that is between them and the desk."""
    return listed(
        [
            *facts(talk, thing, going=False),
            _n("{n} place", "{n} places", asked.party),
            _("Name: {name}", name=asked.name) if asked.name else None,
            _n("Childcare for {n} child", "Childcare for {n} children", asked.children) if asked.children else None,
            _("Reminder: {how}", how=short(asked.told.remind)),
            _("Is this right?"),
        ]
    )


def _wish(talk: Talk, asked: _Asked) -> Wish:
    return Wish(
        talk.person.person_id, asked.party, asked.name, asked.details, remind=asked.told.remind,
        address_id=talk.person.address_id,
    )  # fmt: skip


async def _settle(talk: Talk, signup: Signup, event: Event, asked: _Asked, kind: Kind) -> None:
    await keep_phone(talk, asked.told)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    talk.note(kind, what=events.KIND, id=str(event.id), kind=event.kind)


async def signed_up(talk: Talk, signup: Signup, thing: Seated, *below: Text) -> Message:
    """They have a place: when and where, for their calendar too."""
    lines = [_("✅ You have a place. See you there!"), *facts(talk, thing, going=True), *below]
    return Message(
        joined(lines), document=await calendar(talk, signup, thing),
        buttons=ways_on("events", my_signup_button(signup.id)),
    )  # fmt: skip


async def _wait(talk: Talk, thing: Seated, seating: Seating, asked: _Asked) -> Message:
    """There is no place for so many: the waiting list, or fewer of them."""
    event, free = thing.event, seats.free_seats(seating)
    waits = (await talk.look(waiting.lengths, [seating.list_key]))[seating.list_key]
    lines = [_("All places are taken.")]
    just_now = [_TAKEN] if talk.frame.asked == "sure" else []  # they had the review before their eyes
    options = [Option(_YES, _("Put me on the list")), Option(_NO, _("No, thank you"))]
    if free > 0:
        lines = [_n("Only {n} place is left.", "Only {n} places are left.", free)]
        options.insert(1, Option(_FEWER, _("We come with fewer")))
    lines = [
        *just_now, *lines,
        _("Shall we put you on the waiting list? When a place becomes free, we offer it to you here."),
        on_the_list(waits + 1),
    ]  # fmt: skip
    chosen = await talk.choose("wait", joined(lines), options)
    if chosen == _FEWER:
        fewer = _n("{n} place is left, for you and whoever comes with you.",
                   "{n} places are left, for you and whoever comes with you.", free)  # fmt: skip
        raise AskAgain("guests", because=fewer, only=["guests", "wait", "sure"])
    if chosen == _NO or event is None:
        return Message(_("Fine, nothing was saved."), buttons=ways_on("events"))
    try:
        signup = await talk.do(waiting.join, seating.list_key, _wish(talk, asked), term(talk, seating.place))
    except seats.AlreadySignedUp:
        return await card(talk, thing)
    await _settle(talk, signup, event, asked, Kind.WAITS)
    return await on_list(talk, signup, thing)


async def on_list(talk: Talk, signup: Signup, thing: Seated) -> Message:
    """They wait: their place, and what happens next. A place that is free already is held for them."""
    if signup.state == SignupState.OFFERED:
        said = _("A place has just become free. It is held for you: open it and answer.")
        return Message(said, buttons=ways_on("events", my_signup_button(signup.id)))
    place = await talk.look(waiting.position, signup)
    lines = [
        _("⏳ You are on the waiting list."), *facts(talk, thing, going=False), on_the_list(place),
        _("When a place becomes free, we write to you here, and hold it for you for some hours."),
    ]  # fmt: skip
    return Message(joined(lines), buttons=ways_on("events", my_signup_button(signup.id)))
