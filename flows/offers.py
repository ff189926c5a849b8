"""A place that has become free, held for whoever is next on the list: yes, later, or no; and news of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import planning, seated, seats, waiting
from bot.domain.happenings import Kind
from bot.domain.news import What
from bot.domain.places import Desk
from bot.domain.seated import Seated
from bot.domain.seats import Signup, SignupState
from bot.domain.waiting import Offer, OfferState
from bot.i18n import Text, _, joined, raw
from flows.common import menu_button
from flows.event_signup import signed_up
from flows.menu import menu_message
from flows.seated import listed, my_signup_button, on_the_list, term, ways_on, when, where
from flows.whom import note_for


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom something is said: their language, whether others may read along, and for whom it is, if another."""

    language: str
    discreet: bool = False
    name: str = field(default="", repr=False)

    @property
    def whose(self) -> Sequence[Text]:
        """For somebody who is reached by another's phone."""
        return [_("For: {name}", name=self.name)] if self.name else []


def held_until(thing: Seated, desk: Desk, until: datetime) -> Text:
    """By when somebody has to answer, by the clock of the place."""
    zone = desk.place_of(thing.place).zone
    return _("We hold it for you until {until}.", until=until.astimezone(zone))


def answers(offer_id: int) -> tuple[Button, ...]:
    """What can be said to an offer."""
    what = str(offer_id)
    return (
        Button(_("✅ Yes, I take it"), Bind("offeryes", what)),
        Button(_("🕓 Later"), Bind("offerlater", what)),
        Button(_("❌ No, thank you"), Bind("offerno", what)),
    )


def offer_message(thing: Seated, offer: Offer, desk: Desk, to: Addressed) -> Message:
    """What is pushed when a place becomes free. In discreet mode it names nothing."""
    until = held_until(thing, desk, offer.expires_at)
    if to.discreet:
        said = _("What you wait for is free.")
        show = Button(_("Show"), Bind("mysignup", str(offer.signup_id)))
        return Message(joined([said, until]), tone=Tone.NOTICE, buttons=(show, menu_button()))
    lines = [
        _("Good news: a place is free for you."), *_named(thing, to), until,
        _("Later: the next person gets this place, and you keep yours on the list."),
    ]  # fmt: skip
    return Message(joined(lines), tone=Tone.NOTICE, buttons=ways_on(_about(thing), *answers(offer.id)))


def _named(thing: Seated, to: Addressed) -> list[Text]:
    group = [raw(thing.group.name)] if thing.group is not None else []
    at = when(thing)
    title = raw(thing.title(to.language))
    return [*to.whose, title, *group, *([at] if at is not None else []), *where(thing, going=False)]


def _about(thing: Seated) -> str:
    return "events" if thing.event is not None else "courses"


def over_message(thing: Seated, signup: Signup, to: Addressed) -> Message:
    """An offer ended without an answer: they stay on the list once, and no longer after the second time."""
    title = [] if to.discreet else [*to.whose, raw(thing.title(to.language))]
    if signup.state == SignupState.WAITING:
        said = _("The place went to the next person, as we did not hear from you. You keep your place on the list.")
        mine = my_signup_button(signup.id)
        return Message(joined([said, *title]), tone=Tone.INFO, buttons=ways_on(_about(thing), mine))
    said = _("We did not hear from you twice, so you are not on the waiting list any more. You can join it again.")
    return Message(joined([said, *title]), tone=Tone.INFO, buttons=ways_on(_about(thing), *_join_again(thing)))


def _join_again(thing: Seated) -> tuple[Button, ...]:
    if thing.event is not None:
        return (Button(_("⏳ Join again"), Bind("eventjoin", str(thing.event.id))),)
    course = thing.course
    return (Button(_("⏳ Join again"), Bind("course", str(course.id))),) if course is not None else ()


def news_message(thing: Seated, signup: Signup, what: What, to: Addressed) -> Message:
    """What the desk has changed, or that it does not take place, or that no place became free."""
    show = my_signup_button(signup.id)
    title = raw(thing.title(to.language))
    if to.discreet:
        said = _("Something has changed in what you signed up for. Please look.")
        return Message(said, tone=Tone.NOTICE, buttons=ways_on(_about(thing), show))
    match what:
        case What.CALLED_OFF:
            lines = [_("This was called off. We are sorry."), *to.whose, title, when(thing)]
            other = Button(_("📅 All events"), Bind("events")) if thing.event is not None else Button(
                _("🗣 All courses"), Bind("courses"))  # fmt: skip
            return Message(listed(lines), tone=Tone.NOTICE, buttons=ways_on(_about(thing), other))
        case What.NO_SEAT:
            lines = [_("No place became free this time. We are sorry."), *to.whose, title]
            other = Button(_("📅 All events"), Bind("events"))
            return Message(listed(lines), tone=Tone.INFO, buttons=ways_on(_about(thing), other))
        case _changed:
            lines = [_("Something has changed. Please read when and where it is now."), *_named(thing, to)]
            if thing.group is not None:  # what stands above tells of its first session only
                said = _("The dates or the place of your course have changed. Please look.")
                lines = [said, *to.whose, title]
            return Message(listed(lines), tone=Tone.NOTICE, buttons=ways_on(_about(thing), show))


async def accept_offer(talk: Talk) -> Message:
    """Take the place that is held."""
    offer, signup, thing = await _own(talk)
    if offer is None or signup is None or thing is None:
        return _unknown()
    try:
        signup = await talk.do(waiting.accept, offer.id, talk.scene.now)
    except waiting.OfferOver:
        return await _stands(talk, signup, thing)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    await _note(talk, Kind.SEAT_TAKEN, offer, signup, thing)
    return await signed_up(talk, signup, thing)


async def later_offer(talk: Talk) -> Message:
    """Not this place; the one on the list stays."""
    offer, signup, thing = await _own(talk)
    if offer is None or signup is None or thing is None:
        return _unknown()
    try:
        signup = await talk.do(waiting.pass_on, offer.id, OfferState.LATER, term(talk, thing.place))
    except waiting.OfferOver:
        return await _stands(talk, signup, thing)
    place = await talk.look(waiting.position, signup)
    said = _("Fine. The next person gets this place, and you stay on the list.")
    return Message(
        joined([said, on_the_list(place)]), tone=Tone.INFO, buttons=ways_on(_about(thing), my_signup_button(signup.id))
    )


async def decline_offer(talk: Talk) -> Message:
    """Not at all: off the list."""
    offer, signup, thing = await _own(talk)
    if offer is None or signup is None or thing is None:
        return _unknown()
    try:
        await talk.do(waiting.pass_on, offer.id, OfferState.DECLINED, term(talk, thing.place))
    except waiting.OfferOver:
        return await _stands(talk, signup, thing)
    await _note(talk, Kind.LEFT, offer, signup, thing)
    said = _("Fine. The place goes to the next person, and you are not on the list any more.")
    return Message(said, tone=Tone.INFO, buttons=ways_on(_about(thing), *_join_again(thing)))


async def _own(talk: Talk) -> tuple[Offer | None, Signup | None, Seated | None]:
    """The offer that a button names, if it was made to them."""
    number = seated.number_of(talk.object)
    offer = await talk.look(waiting.find_offer, number) if number else None
    if offer is None:
        return None, None, None
    signup = await talk.look(seated.own, str(offer.signup_id), talk.person.person_id)
    if signup is None:
        return None, None, None
    return offer, signup, await talk.look(seated.of_seating, offer.seating_id)


def _unknown() -> Message:
    return menu_message(_("I do not find this offer. It may be too old."))


async def _stands(talk: Talk, signup: Signup, thing: Seated) -> Message:
    """An answer to an offer that has ended: where they stand now."""
    now = await talk.look(seats.get, signup.id) or signup
    mine = my_signup_button(signup.id)
    match now.state:
        case SignupState.GOING:
            said = _("You have this place already.")
        case SignupState.WAITING | SignupState.OFFERED:
            said = _("This offer has ended. You are still on the waiting list.")
        case _ended:
            said = _("This offer has ended.")
            return Message(said, tone=Tone.INFO, buttons=ways_on(_about(thing), *_join_again(thing)))
    return Message(said, tone=Tone.INFO, buttons=ways_on(_about(thing), mine))


async def _note(talk: Talk, kind: Kind, offer: Offer, signup: Signup, thing: Seated) -> None:
    await note_for(talk, signup.person_id, kind, what=thing.what, id=str(offer.seating_id), kind=thing.sort)
