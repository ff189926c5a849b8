"""Where to go and whom to call: an office that decides, and the desk itself. What nobody confirmed is not shown."""

from __future__ import annotations

from typing import Final

from bot.domain.hours import say_hours
from bot.domain.places import Desk, Office, Place
from bot.i18n import LANGUAGES, Phone, Text, Value, _, raw

_AS_IT_STANDS: Final = raw("").context  # names and numbers are the same in every language
_KNOWN: Final = ("address", "phone", "email", "hours")


def office_line(desk: Desk, decides: str, language: str) -> Text | None:
    """The office that decides with what is known of it; None where no single office does."""
    office = desk.office(decides)
    if office is None:
        return None
    if not _known(office):
        return _("Address, phone and opening hours: ask the office.")
    return _("Office: {office}", office=_listed(office.name, office, language))


def desk_line(desk: Desk, language: str) -> Text | None:
    """Where the desk is and when it is open; None until somebody has filled that in."""
    if not _known(desk.place):
        return None
    return _("The desk: {facts}", facts=_listed("", desk.place, language))


def _known(thing: Office | Place) -> bool:
    return any(getattr(thing, name) for name in _KNOWN)


def _listed(name: str, thing: Office | Place, language: str) -> Text:
    values: dict[str, Value] = {
        "name": name, "address": thing.address, "phone": Phone(thing.phone), "email": thing.email,
        "hours": say_hours(thing.hours, language) if thing.hours else "",
    }  # fmt: skip
    values = {key: value for key, value in values.items() if value}
    comma = "، " if LANGUAGES[language].right_to_left else ", "
    return Text(comma.join(f"{{{key}}}" for key in values), values, context=_AS_IT_STANDS)
