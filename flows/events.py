"""Workshops and events: what is coming, and each with all that one needs to know before one signs up."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.domain import checks, mentors, seated, seats, waiting
from bot.domain import events as programme
from bot.domain.events import FIELDS, Event, EventKind, EventState
from bot.domain.seated import Seated
from bot.domain.seats import Seating, Signup, SignupState
from bot.i18n import Text, _, _n, joined, raw
from flows.common import menu_button, person_button
from flows.seated import BETWEEN, my_signup_button, places, when, where

TITLE: Final = _("📅 Events")
_PAGE: Final = 6  # as many as are read on a phone without getting lost
_LABEL_CHARS: Final = 50
KINDS: Final[dict[EventKind, Text]] = {
    EventKind.WORKSHOP: _("🛠 Workshop"),
    EventKind.MENTOR_DAY: _("🧑‍🏫 Mentor day"),
    EventKind.DINNER: _("🍲 Dinner to meet people"),
    EventKind.STUDY_VISIT: _("🚌 Study visit"),
    EventKind.MATCHMAKING: _("🤝 Employers and job seekers meet"),
    EventKind.STORY_EVENING: _("📖 Story evening"),
    EventKind.WORLD_CAFE: _("☕ Talks at tables"),
    EventKind.PITCHING: _("💡 Business ideas are presented"),
    EventKind.OTHER: _("📅 Event"),
}
# What staff write stands as they wrote it; the words around it are in the reader's language.
_EXPERTS: Final = ("expert_1", "expert_2")


async def events(talk: Talk) -> Message:
    """What is coming, soonest first."""
    found = await talk.look(programme.coming, talk.scene.now, 200)
    before = seated.number_of(talk.object)
    page = found[before : before + _PAGE]
    if not page:
        return _none(talk, later=bool(before))
    waits = await talk.look(waiting.lengths, [seating.list_key for _event, seating in page])
    lines: list[Text] = []
    buttons: list[Button] = []
    for number, (event, seating) in enumerate(page, start=before + 1):
        title = event.title(talk.person.language)
        lines += [*([raw("")] if lines else []), *_entry(number, title, Seated(seating, event), waits)]
        label = shorten(f"{number}. {title}", _LABEL_CHARS, placeholder="")
        buttons.append(Button(raw(label), Bind("event", str(event.id))))
    if len(found) > before + _PAGE:
        buttons.append(Button(_("Later events"), Bind("events", str(before + _PAGE))))
    return Message(joined(lines), title=TITLE, buttons=(*buttons, person_button("events"), menu_button()))


def _none(talk: Talk, *, later: bool) -> Message:
    del talk
    text = _("There are no later events yet.") if later else _(
        "No event is planned yet. A person at the desk can tell you what else there is."
    )  # fmt: skip
    first = (_list_button(),) if later else ()
    return Message(text, title=TITLE, buttons=(*first, person_button("events"), menu_button()))


def _entry(number: int, title: str, thing: Seated, waits: dict[str, int]) -> list[Text]:
    """One event of the list: title, when, and in a line what decides whether one can go."""
    event, seating = thing.event, thing.seating
    at = when(thing)
    if event is None or seating is None or at is None:
        return []
    left = places(seating, waits.get(seating.list_key, 0))
    told = [*([left] if left is not None else []), _price(event), *_open_to_all(event, short=True)]
    return [raw(f"{number}. {title}"), at, joined(told, between=BETWEEN)]


def _price(event: Event) -> Text:
    return _("Price: {price}", price=event.price) if event.price else _("Free of charge")


def _open_to_all(event: Event, *, short: bool) -> list[Text]:
    """Childcare, steps, online: what is not there is said on the card alone."""
    lines = []
    if event.childcare:
        lines.append(_("🧸 Childcare"))
    if event.step_free:
        lines.append(_("♿ Without steps"))
    elif not short and (event.where or not event.online_url):
        unknown = event.step_free is None
        lines.append(_("♿ Steps: not known yet, please ask") if unknown else _("♿ There are steps"))
    if event.online_url and short:
        lines.append(_("💻 Online"))
    return lines


async def event(talk: Talk) -> Message:
    """One event; the list without one."""
    if not talk.object:
        return await events(talk)
    found = await talk.look(programme.find, seated.number_of(talk.object))
    if found is None:
        return Message(
            _("This event is not here any more."), buttons=(_list_button(), person_button("events"), menu_button())
        )
    return await card(talk, Seated(found[1], found[0]))


async def card(talk: Talk, thing: Seated, *above: Text) -> Message:
    """All that is known of an event, below these sentences, with what can be done now."""
    event, seating = thing.event, thing.seating
    if event is None or seating is None:
        return await events(talk)
    mine = await talk.look(seats.active, seating.list_key, talk.person.person_id)
    waits = (await talk.look(waiting.lengths, [seating.list_key]))[seating.list_key]
    language = talk.person.language
    about = event.about(language)
    lines = [*above, *_over(event, talk)]
    lines += [KINDS[EventKind(event.kind)], *([raw(about)] if about else []), *_times_and_places(thing, mine)]
    lines += [*await _own_fields(talk, event), _price(event), *_open_to_all(event, short=False)]
    lines += [raw(event.access)] if event.access else []
    if event.most_guests:
        lines.append(_n("You can bring {n} person along.", "You can bring {n} people along.", event.most_guests))
    left = places(seating, waits)
    can_join = seats.takes(seating, talk.scene.now)
    if left is not None and can_join:
        lines.append(left)
    if mine is not None:
        lines.append(_standing(mine))
    buttons = (*_deeds(event, seating, mine, can_join=can_join), _list_button(), person_button("events"), menu_button())
    return Message(joined(lines), title=raw(event.title(language)), buttons=buttons)


def _over(event: Event, talk: Talk) -> list[Text]:
    if event.state == EventState.CALLED_OFF:
        return [_("This event was called off. We are sorry.")]
    if event.ends_at <= talk.scene.now:
        return [_("This event is over.")]
    if event.starts_at <= talk.scene.now:
        return [_("This event has begun. You can still come and ask at the door.")]
    return []


def _times_and_places(thing: Seated, mine: Signup | None) -> list[Text]:
    at = when(thing)
    going = mine is not None and mine.state == SignupState.GOING
    return [*([at] if at is not None else []), *where(thing, going=going)]


def _standing(mine: Signup) -> Text:
    match mine.state:
        case SignupState.GOING:
            return _("✅ You have a place.")
        case SignupState.OFFERED:
            return _("⏳ A place is held for you. Please answer.")
        case _waiting:
            return _("⏳ You are on the waiting list.")


async def _own_fields(talk: Talk, event: Event) -> list[Text]:
    """What only this kind of event has. Experts are named once the desk has checked who they are."""
    lines = []
    for name in FIELDS.get(EventKind(event.kind), ()):
        said = str(event.fields.get(name, "")).strip()
        if said and name not in _EXPERTS:
            lines.append(field_line(name, said))
    ids = [seated.number_of(str(event.fields.get(name, ""))) for name in _EXPERTS]
    found = [await talk.look(mentors.get, one) for one in ids if one]
    now = talk.scene.now
    names = [one.name for one in found if one is not None and checks.good(one.checked_on, talk.desk, now)]
    if names:
        lines.append(_("Experts: {names}", names=names))
    return lines


def field_line(name: str, said: str) -> Text:
    """A field of an event's kind, as people read it."""
    return {
        "leader": _("Led by: {who}", who=said),
        "bring": _("Please bring: {what}", what=said),
        "topics": _("Topics: {what}", what=said),
        "speaker": _("Speaker: {who}", who=said),
        "invited": _("Invited: {who}", who=said),
        "host": _("Host: {who}", who=said),
        "meeting_point": _("Where we meet: {place}", place=said),
        "offers": _("Offered: {what}", what=said),
        "needs": _("Looked for: {what}", what=said),
        "tellers": _("Stories by: {who}", who=said),
        "mentor": _("Helped by: {who}", who=said),
        "pitches": _("Presented: {what}", what=said),
    }[name]


def _deeds(event: Event, seating: Seating, mine: Signup | None, *, can_join: bool) -> Sequence[Button]:
    deeds = []
    if mine is not None:
        deeds.append(my_signup_button(mine.id))
    elif can_join:
        label = _("✅ Sign up") if seats.free_seats(seating) > 0 else _("⏳ Waiting list")
        deeds.append(Button(label, Bind("eventjoin", str(event.id))))
    if event.kind == EventKind.MENTOR_DAY and can_join:
        deeds.append(Button(_("🧑‍🏫 Book a time"), Bind("mentorday", str(event.id))))
    if event.map_url:
        deeds.append(Button(_("🗺 Map"), url=event.map_url))
    return deeds


def _list_button() -> Button:
    return Button(_("📅 All events"), Bind("events"))
