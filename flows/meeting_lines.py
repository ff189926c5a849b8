"""What is said of a meeting with a mentor, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.domain import bookings, dependents, mentors, seated
from bot.domain.booking_news import Side
from bot.domain.bookings import Booking
from bot.domain.masking import masked
from bot.domain.matching import OTHER
from bot.domain.mentors import Mentor
from bot.domain.places import Desk
from bot.i18n import LANGUAGES, Text, _, language_name, raw
from flows.menu import FIELDS, menu_message

SUBJECT: Final = "mentors"
TITLE: Final = _("🤝 Meeting with a mentor")
TOPICS: Final[dict[str, Text]] = {**FIELDS, OTHER: _("Something else")}


@dataclass(frozen=True, slots=True)
class Mine:
    """A booking that the caller may see, from which side, and its mentor."""

    booking: Booking
    mentor: Mentor
    side: Side

    @property
    def id(self) -> str:
        """As buttons name it."""
        return str(self.booking.id)


async def mine_of(talk: Talk, what: str, *sides: Side) -> Mine | None:
    """The booking of this id, if it is the caller's or somebody's whom they reach, or they are its mentor."""
    booking = await talk.look(bookings.get, seated.number_of(what))
    mentor = await talk.look(mentors.get, booking.mentor_id) if booking is not None else None
    if booking is None or mentor is None:
        return None
    if Side.PERSON in (sides or Side) and await talk.look(dependents.belongs, booking.person_id, talk.person.person_id):
        return Mine(booking, mentor, Side.PERSON)
    held = await talk.look(mentors.of_chat, talk.person.address_id) if Side.MENTOR in (sides or Side) else None
    return Mine(booking, mentor, Side.MENTOR) if held is not None and held.id == mentor.id else None


def gone() -> Message:
    """The button is of a meeting that is over, or that was never this person's."""
    return menu_message(_("There is no such meeting any more."))


def topic_name(topic: str) -> Text:
    """What a topic is called."""
    return TOPICS.get(topic, TOPICS[OTHER])


def spoken(code: str, language: str) -> Text:
    """What a language is called in another one."""
    return raw(language_name(code, language)) if code in LANGUAGES else raw(code)


def where_line(booking: Booking, mentor: Mentor, desk: Desk) -> Text:
    """Where they meet."""
    if booking.online:
        return _("Where: online. The link comes here before the meeting.")
    told = str(booking.details.get("where", ""))  # a mentor day has a place of its own
    return _("Where: {place}", place=told or place_of(mentor, desk))


def place_of(mentor: Mentor, desk: Desk) -> str:
    """The place of the mentor, else of the desk."""
    place = desk.place_of(mentor.place)
    return mentor.where or ", ".join(part for part in (place.name, place.address) if part)


def for_person(booking: Booking, mentor: Mentor, desk: Desk) -> list[Text]:
    """Who, when and where."""
    lines = [
        _("Mentor: {name}", name=mentor.name),
        _("When: {when}", when=booking.local_start),
        where_line(booking, mentor, desk),
    ]
    if booking.mediator:
        lines.append(_("You asked for a mediator or an interpreter. The desk arranges it."))
    return lines


def for_mentor(booking: Booking, mentor: Mentor, desk: Desk, language: str) -> list[Text]:
    """What a mentor is told: no name, nothing by which the person is reached."""
    lines = [
        _("When: {when}", when=booking.local_start),
        _("Topic: {topic}", topic=topic_name(booking.topic)),
        _("Language: {language}", language=spoken(booking.language, language)),
        where_line(booking, mentor, desk),
    ]
    if booking.mediator:
        lines.append(_("A mediator or an interpreter is asked for. The desk arranges it."))
    wish = str(booking.details.get("wish", ""))
    if wish:
        lines.append(_("In their own words: {words}", words=masked(wish)))
    return lines


def meeting_button(booking_id: int | str) -> Button:
    """To one meeting."""
    return Button(_("🤝 My meeting"), Bind("booking", str(booking_id)))


def mentors_button() -> Button:
    """To the search for a mentor."""
    return Button(_("🔎 Find a mentor"), Bind("mentors"))


def met_buttons(booking_id: int | str) -> tuple[Button, Button]:
    """Whether they met."""
    return Button(_("Yes"), Bind("bookmet", f"{booking_id}:yes")), Button(_("No"), Bind("bookmet", f"{booking_id}:no"))


def answer_buttons(booking_id: int | str) -> tuple[Button, ...]:
    """What a mentor can say to a request."""
    return (
        Button(_("✅ Accept"), Bind("bookanswer", f"{booking_id}:yes")),
        Button(_("🕐 Another time"), Bind("bookanswer", f"{booking_id}:other")),
        Button(_("❌ Decline"), Bind("bookanswer", f"{booking_id}:no")),
    )
