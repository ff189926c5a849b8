"""Everything the page itself says, in one place for the server and the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.house import House
from bot.i18n import LANGUAGES, Text, _

# Source: gov.si, emergency call.
EMERGENCY: Final = {"rescue": "112", "police": "113"}

WORDS: Final[Mapping[str, Text]] = {
    "ask": _("Ask in your own language."),
    "nameless": _("You do not have to give your name."),
    "people": _("The bot answers at once. You can also talk to a person."),
    "start": _("Start"),
    "choose_language": _("Choose your language"),
    "language": _("Language"),
    "conversation": _("Conversation"),
    "to_write": _("Go to the text field"),
    "write": _("Write your question"),
    "send": _("Send"),
    "sending": _("Sending"),
    "sent": _("Sent"),
    "unsent": _("Not sent"),
    "writing": _("Writing…"),
    "you": _("You"),
    "newer": _("New messages"),
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "more": _("More"),
    "close": _("Close"),
    "menu": _("Menu"),
    "person": _("Talk to a person"),
    "danger": _("Danger"),
    "in_danger": _("Are you in danger? Call now."),
    "rescue": _("Ambulance and firefighters"),
    "police": _("Police"),
    "late": _("If this page does not open, reload it. In danger, call:"),
    "exit": _("Leave quickly"),
    "exit_keys": _("Or press Esc twice."),
    "privacy": _("Privacy"),
    "delete": _("Delete my data"),
    "shared": _("This phone is shared"),
    "shared_why": _("Then nothing of this conversation stays on this phone."),
    "elsewhere": _("Continue on another phone"),
    "elsewhere_why": _("Here you get a code. Enter it on the other phone. It works once, for 30 days."),
    "get_code": _("Get a code"),
    "no_code": _("There is no conversation yet. Write something first."),
    "have_code": _("I have a code"),
    "code": _("Your code"),
    "continue": _("Continue"),
    "bad_code": _("This code does not work. Please check it."),
    "copy": _("Copy"),
    "copied": _("Copied"),
    "download": _("Download"),
    "listen": _("Listen"),
    "no_sound": _("There is no recording of this any more."),
    "no_file": _("This file is not kept any more. Please make it again."),
    "leave": _("End the conversation on this phone"),
    "leave_why": _("You will not see it here any more. The desk keeps it."),
    "yes": _("Yes"),
    "no": _("No"),
    "offline": _("You are offline. We try again."),
    "kept": _("You are offline. Your message is kept and will be sent."),
    "wait": _("Please wait a moment."),
    "too_long": _("This text is too long. Please send it in parts."),
    "ended": _("This conversation has ended. You can start a new one."),
    "failed": _("This did not work. Please try again."),
}


def interface(house: House, language: str) -> dict[str, Any]:
    """The page's own words in `language`, and in which direction they run."""
    words = {name: house.catalogs.say(text, language) for name, text in WORDS.items()}
    return {"lang": language, "dir": LANGUAGES[language].direction, "words": words}
