"""My place: what somebody has signed up for, their guests, and letting it go, for everything that has seats."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import AskAgain, Talk
from bot.domain import planning, seated, seats, waiting
from bot.domain.happenings import Kind
from bot.domain.seated import Seated
from bot.domain.seats import ACTIVE, Remind, Signup, SignupState
from bot.i18n import Text, _, _n, joined, raw
from flows.common import menu_button
from flows.event_signup import ask_guests, on_list, signed_up
from flows.menu import menu_message
from flows.my_course import my_course
from flows.offers import answers, held_until
from flows.seated import calendar, facts, listed, my_signup_button, on_the_list, places, term, ways_on
from flows.whereto import short
from flows.whom import note_for


async def my_signup(talk: Talk) -> Message:
    """Where somebody stands, and what they can do about it."""
    signup, thing = await _own(talk)
    if signup is None or thing is None:
        return not_yours()
    match signup.state:
        case SignupState.GOING if thing.group is not None:
            return await my_course(talk, signup)
        case SignupState.GOING:
            return await _going(talk, signup, thing)
        case SignupState.WAITING:
            return await _waiting(talk, signup, thing)
        case SignupState.OFFERED:
            return await _offered(talk, signup, thing)
        case _ended:
            return _ended_one(talk, signup, thing)


async def _own(talk: Talk) -> tuple[Signup | None, Seated | None]:
    """The sign-up that a button names, if it is theirs."""
    signup = await talk.look(seated.own, talk.object, talk.person.person_id)
    return signup, await talk.look(seated.of_signup, signup) if signup is not None else None


def not_yours() -> Message:
    """There is nothing of theirs behind a button."""
    return menu_message(_("I do not find this sign-up. It may have been deleted."))


def about_of(thing: Seated) -> str:
    """Which service a person of the desk is asked about."""
    return "events" if thing.event is not None else "courses"


async def _going(talk: Talk, signup: Signup, thing: Seated) -> Message:
    guests = signup.seats > 1
    lines = listed(
        [
            _over(talk, thing) or _("✅ You have a place."),
            *facts(talk, thing, going=True),
            _n("{n} place", "{n} places", signup.seats) if guests or thing.most_guests else None,
            _("Name: {name}", name=signup.name) if signup.name else None,
            _("Reminder: {how}", how=short(Remind(signup.remind))),
        ]
    )
    deeds = []
    if _begun(talk, thing):
        if thing.event is not None and thing.event.ends_at <= talk.scene.now:
            deeds.append(Button(_("💬 Say how it was"), Bind("feedback", str(signup.id))))
        return Message(lines, buttons=ways_on(about_of(thing), *deeds))
    if thing.most_guests:
        deeds.append(Button(_("👥 Change guests"), Bind("guests", str(signup.id))))
    deeds.append(Button(_("❌ Cancel my place"), Bind("leaveseat", str(signup.id))))
    return Message(
        lines, document=await calendar(talk, signup, thing), buttons=ways_on(about_of(thing), *deeds, *_card(thing))
    )


def _card(thing: Seated) -> tuple[Button, ...]:
    if thing.event is None:
        return ()
    return (Button(_("📅 To the event"), Bind("event", str(thing.event.id))),)


def _begun(talk: Talk, thing: Seated) -> bool:
    """Whether nothing can be changed any more. A course goes on after its first session."""
    return thing.event is not None and thing.event.starts_at <= talk.scene.now


def _over(talk: Talk, thing: Seated) -> Text | None:
    if thing.event is None or thing.event.ends_at > talk.scene.now:
        return None
    return _("This event is over. Thank you for coming.")


async def _waiting(talk: Talk, signup: Signup, thing: Seated) -> Message:
    if _begun(talk, thing):
        lines = [_("This event has begun, and no place became free. We are sorry.")]
        return Message(joined(lines), buttons=ways_on(about_of(thing), *_card(thing)))
    place = await talk.look(waiting.position, signup)
    lines = [_("⏳ You are on the waiting list."), *facts(talk, thing, going=False), on_the_list(place)]
    deeds = []
    seating = thing.seating
    if seating is not None and seats.free_seats(seating, signup.seats) >= signup.seats:
        free = places(seating, 0)
        lines += [free] if free is not None else []
        deeds.append(Button(_("✅ Take a free place"), Bind("takeseat", str(signup.id))))
    if thing.most_guests:
        deeds.append(Button(_("👥 Change guests"), Bind("guests", str(signup.id))))
    deeds.append(Button(_("❌ Leave the list"), Bind("leaveseat", str(signup.id))))
    return Message(joined(lines), buttons=ways_on(about_of(thing), *deeds))


async def _offered(talk: Talk, signup: Signup, thing: Seated) -> Message:
    offer = await talk.look(waiting.open_offer, signup.id)
    if offer is None:
        return await _waiting(talk, signup, thing)
    lines = [_("⏳ A place is held for you. Please answer."), *facts(talk, thing, going=False)]
    lines.append(held_until(thing, talk.desk, offer.expires_at))
    return Message(joined(lines), buttons=ways_on(about_of(thing), *answers(offer.id)))


def _ended_one(talk: Talk, signup: Signup, thing: Seated) -> Message:
    said = {
        SignupState.CANCELLED: _("You have given up this place."),
        SignupState.DECLINED: _("You did not want this place."),
        SignupState.EXPIRED: _("You are not on this waiting list any more."),
        SignupState.DROPPED: _("You do not go to this course any more."),
        SignupState.CALLED_OFF: _("The desk has ended this sign-up."),
        SignupState.FINISHED: _("This course has come to its end. Thank you for taking part."),
    }[SignupState(signup.state)]
    lines = [said, raw(thing.title(talk.person.language))]
    if thing.called_off:
        lines = [_("This event was called off. We are sorry."), *lines[1:]]
    return Message(joined(lines), buttons=ways_on(about_of(thing), *_card(thing)))


async def guests(talk: Talk) -> Message:
    """Come with more or fewer people."""
    signup, thing = await _own(talk)
    if signup is None or thing is None or signup.state not in ACTIVE or not thing.most_guests:
        return not_yours() if signup is None else await my_signup(talk)
    number = await ask_guests(talk, thing.most_guests) + 1
    try:
        await talk.do(waiting.change_party, signup.id, number, term(talk, thing.place))
    except seats.Full:
        free = seats.free_seats(thing.seating) if thing.seating is not None else 0
        few = _n("Only {n} more place is free.", "Only {n} more places are free.", free)
        raise AskAgain("guests", because=few if free else _("No more place is free now.")) from None
    except seats.SeatsError:
        return await my_signup(talk)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    return await my_signup(talk)


async def leave_seat(talk: Talk) -> Message:
    """Give a place up, on the list or in the room. It goes to whoever waits."""
    signup, thing = await _own(talk)
    if signup is None or thing is None:
        return not_yours()
    if signup.state not in ACTIVE or _begun(talk, thing):
        return await my_signup(talk)
    going = signup.state == SignupState.GOING
    title = thing.title(talk.person.language)
    sure = _("Give up your place? {title}", title=title) if going else _("Leave the waiting list? {title}", title=title)
    if not await talk.confirm("sure", sure):
        return await my_signup(talk)
    try:
        await talk.do(waiting.leave, signup.id, term(talk, thing.place))
    except seats.NotSignedUp:
        return await my_signup(talk)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    await _note(talk, Kind.LEFT, signup, thing)
    said = _("Your place is free for somebody else. Thank you for telling us.") if going else _("You left the list.")
    undo = Button(_("↩️ Undo"), Bind("againseat", str(signup.id)))
    return Message(said, tone=Tone.INFO, buttons=(undo, *_card(thing), menu_button()))


def _id(signup: Signup) -> str:
    """Of what somebody has signed up for: the event, the group, or else the course."""
    return str(signup.seating_id or signup.list_key.partition(":")[2])


async def _note(talk: Talk, kind: Kind, signup: Signup, thing: Seated) -> None:
    await note_for(talk, signup.person_id, kind, what=thing.what, id=_id(signup), kind=thing.sort)


async def sign_up_again(talk: Talk) -> Message:
    """Undo: the same sign-up once more, if there is still a place; else at the end of the list."""
    signup, thing = await _own(talk)
    if signup is None or thing is None:
        return not_yours()
    if signup.state != SignupState.CANCELLED or await _is_signed_up(talk, signup):
        return await _current(talk, signup, thing)
    wish, now = seats.wish_of(signup), talk.scene.now
    if signup.seating_id is not None:
        try:
            fresh = await talk.do(seats.take, signup.seating_id, wish, now)
        except seats.Full:
            pass
        except seats.SeatsError:
            return await _too_late(talk, thing)
        else:
            await talk.do(planning.replan_signup, fresh.id, talk.desk, now)
            await _note(talk, Kind.SIGNED_UP, fresh, thing)
            return await signed_up(talk, fresh, thing)
    return await _wait_again(talk, signup, thing)


async def _wait_again(talk: Talk, signup: Signup, thing: Seated) -> Message:
    if thing.called_off or _begun(talk, thing):
        return await _too_late(talk, thing)
    try:
        fresh = await talk.do(waiting.join, signup.list_key, seats.wish_of(signup), term(talk, thing.place))
    except seats.AlreadySignedUp:
        return await _current(talk, signup, thing)
    await _note(talk, Kind.WAITS, signup, thing)
    return await on_list(talk, fresh, thing)


async def _is_signed_up(talk: Talk, signup: Signup) -> bool:
    return await talk.look(seats.active, signup.list_key, signup.person_id) is not None


async def _current(talk: Talk, signup: Signup, thing: Seated) -> Message:
    """They are signed up again already, or this one ended in another way."""
    mine = await talk.look(seats.active, signup.list_key, signup.person_id)
    if mine is None:
        return _ended_one(talk, signup, thing)
    said = _("You are signed up.") if mine.state == SignupState.GOING else _("⏳ You are on the waiting list.")
    return Message(said, tone=Tone.INFO, buttons=ways_on(about_of(thing), my_signup_button(mine.id)))


async def _too_late(talk: Talk, thing: Seated) -> Message:
    del talk
    return Message(_("One cannot sign up for this any more."), buttons=ways_on(about_of(thing), *_card(thing)))


async def take_seat(talk: Talk) -> Message:
    """Somebody who waits takes a place that is free: the others on the list were asked before."""
    signup, thing = await _own(talk)
    if signup is None or thing is None or thing.seating is None:
        return not_yours() if signup is None else await my_signup(talk)
    try:
        await talk.do(waiting.claim, signup.id, thing.seating.id, talk.scene.now)
    except seats.SeatsError:
        return await my_signup(talk)
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    await _note(talk, Kind.SIGNED_UP, signup, thing)
    return await signed_up(talk, signup, thing)
