"""What an event or a group looks like in a chat: when, where, how many places, and a file for the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialog.messages import Bind, Button, Document
from bot.dialog.talk import Talk
from bot.domain import opening, people, planning
from bot.domain.seated import Seated
from bot.domain.seats import Seating, Signup, free_seats
from bot.domain.waiting import Term
from bot.i18n import Text, Verbatim, _, _n, joined, raw
from flows.common import menu_button, person_button
from flows.notices import Appointment, calendar_file

BETWEEN: Final = " · "
_AS_IT_STANDS: Final = raw("").context  # a date is written in each language's own way


def term(talk: Talk, place: str) -> Term:
    """Now, and until when a seat that becomes free now is held for the next."""
    now = talk.scene.now
    return Term(now, opening.offer_until(talk.desk.place_of(place), now))


def when(thing: Seated) -> Text | None:
    """Weekday, date and time by the clock of the place; None while nobody knows."""
    if thing.starts_at is None:
        return None
    if thing.ends_at is None or thing.ends_at <= thing.starts_at:
        return Text("{start}", {"start": thing.starts_at}, context=_AS_IT_STANDS)
    return _("{start} to {end}", start=thing.starts_at, end=thing.ends_at.time())


def where(thing: Seated, *, going: bool) -> list[Text]:
    """The address and the map; the link to an online meeting only for those who have a seat."""
    lines = []
    if thing.where:
        lines.append(_("📍 {place}", place=thing.where))
    if thing.map_url:
        lines.append(_("Map: {url}", url=Verbatim(thing.map_url)))
    if thing.online_url and going:
        lines.append(_("Online: {url}", url=Verbatim(thing.online_url)))
    elif thing.online_url:
        lines.append(_("💻 Online. You get the link when you have a place."))
    return lines


def facts(talk: Talk, thing: Seated, *, going: bool) -> list[Text]:
    """Title, when and where, a line each."""
    group = [raw(thing.group.name)] if thing.group is not None else []
    at = when(thing)
    title = raw(thing.title(talk.person.language))
    return [title, *group, *([at] if at is not None else []), *where(thing, going=going)]


def places(seating: Seating, waits: int) -> Text | None:
    """How many are left, or how many wait; None where they are not counted."""
    if seating.seats is None:
        return None
    free = free_seats(seating)
    if free > 0:
        return _n("{n} place left", "{n} places left", free)
    if waits:
        return _n("Full, {n} person on the waiting list", "Full, {n} people on the waiting list", waits)
    return _("Full, but there is a waiting list")


def on_the_list(place: int) -> Text:
    """Where somebody stands on a waiting list. Numbers as numbers: what follows an ordinal differs by language."""
    return _("Your place on the list: {place}", place=place)


def appointment(thing: Seated, language: str) -> Appointment | None:
    """For a reminder and for a calendar; None while nobody knows when it is."""
    if thing.starts_at is None or thing.ends_at is None or thing.zone is None:
        return None
    return Appointment(
        raw(thing.title(language)), thing.starts_at, thing.ends_at, thing.zone, thing.where, thing.map_url,
        thing.online_url, changed_at=thing.changed_at,
    )  # fmt: skip


async def calendar(talk: Talk, signup: Signup, thing: Seated) -> Document | None:
    """The appointment for the person's own calendar; its title and place only where nobody else looks at the phone."""
    one = appointment(thing, talk.person.language)
    if one is None:
        return None
    discreet = await talk.look(people.is_discreet, talk.person.person_id)
    first = thing.first
    about = planning.about_session(signup.id, first.id) if first is not None else planning.about_event(signup.id)
    return calendar_file(
        about, one, catalogs=talk.scene.catalogs, language=talk.person.language, discreet=discreet,
        now=talk.scene.now,
    )  # fmt: skip


def ways_on(about: str, *first: Button) -> Sequence[Button]:
    """These buttons, then a person and the menu."""
    return (*first, person_button(about), menu_button())


def my_signup_button(signup_id: int) -> Button:
    """To the person's own sign-up."""
    return Button(_("🎟 My place"), Bind("mysignup", str(signup_id)))


def listed(lines: Sequence[Text | None]) -> Text:
    """Those that are there, a line each."""
    return joined([line for line in lines if line is not None])
