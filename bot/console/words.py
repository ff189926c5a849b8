"""The sentences of the console that come from rows and codes, not from a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.happenings import Kind
from bot.domain.outgoing import OutboxState
from bot.domain.staff import Role
from bot.domain.tickets import TicketState
from bot.i18n import Text, _

ROLES: Final[Mapping[Role, Text]] = {
    Role.ADMIN: _("Administrator"),
    Role.COORDINATOR: _("Coordinator"),
    Role.ADVISER: _("Adviser"),
    Role.MEDIATOR: _("Mediator"),
    Role.TUTOR: _("Tutor"),
    Role.MENTOR: _("Mentor"),
    Role.VOLUNTEER: _("Volunteer"),
}

STATES: Final[Mapping[str, Text]] = {
    TicketState.WAITING: _("Waiting"),
    TicketState.HUMAN: _("In conversation"),
    TicketState.CLOSED: _("Closed"),
}

# The keys are stored with the case.
REASONS: Final[Mapping[str, Text]] = {
    "answered": _("Answered"),
    "not_needed": _("No answer needed"),
    "not_reached": _("Person not reached"),
    "other": _("Other reason"),
}

CHANNELS: Final[Mapping[str, Text]] = {"telegram": _("Telegram"), "web": _("Web chat")}

HANDED: Final[Mapping[str, Text]] = {
    "voice": _("Voice message"),
    "audio": _("Voice message"),
    "photo": _("Photo"),
    "video": _("Video"),
    "video_note": _("Video"),
    "location": _("Location"),
    "contact": _("Contact card"),
    "sticker": _("Sticker"),
}
FILE: Final = _("File")

DELIVERY: Final[Mapping[str, Text]] = {
    OutboxState.QUEUED: _("Sending"),
    OutboxState.SENDING: _("Sending"),
    OutboxState.SENT: _("Sent"),
    OutboxState.UNCERTAIN: _("Perhaps not sent"),
    OutboxState.UNDELIVERABLE: _("Not sent"),
}

CONTENT_STATES: Final[Mapping[str, Text]] = {
    "machine": _("Machine-made"),
    "human": _("Written by a person"),
    "checked": _("Checked"),
}

CONTENT_FILTERS: Final[Mapping[str, Text]] = {
    **CONTENT_STATES,
    "stale": _("The Slovene text has changed since"),
    "missing": _("No text yet"),
    "overdue": _("To be checked again"),
}

RECORDED: Final = _("Read aloud")
RECORDED_BEFORE: Final = _("Read aloud, but of an older text")

# What became of a question without an answer.
MISS_STATES: Final[Mapping[str, Text]] = {
    "assigned": _("Given to a topic"),
    "elsewhere": _("Not for the desk"),
    "wanted": _("New topic wanted"),
    "dismissed": _("Set aside"),
}

FACTS: Final[Mapping[str, Text]] = {
    "address": _("Address"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "hours": _("Opening hours"),
}

TABLES: Final[Mapping[str, Text]] = {
    "language": _("Language"),
    "channel": _("Channel"),
    "month": _("Month"),
    "topic": _("Topic"),
    "source": _("Where they came from"),
}

DEEDS: Final[Mapping[Kind, Text]] = {
    Kind.ASKED: _("Questions"),
    Kind.ANSWERED: _("Answers by the bot"),
    Kind.MISSED: _("Without an answer"),
    Kind.HANDED_OVER: _("Cases"),
    Kind.REPLIED: _("Replies by staff"),
    Kind.DANGER: _("Danger"),
}

# What is said above the next page. The address carries only the key.
NOTES: Final[Mapping[str, Text]] = {
    "sent": _("Your reply is on its way."),
    "yours": _("This case is yours now. The bot is silent."),
    "taken": _("Somebody else has already taken this case."),
    "closed": _("This case is closed."),
    "alert": _("You have taken the alert."),
    "alert_taken": _("Somebody else has already taken this alert."),
    "saved": _("Saved."),
    "undone": _("Taken back."),
    "removed": _("Removed."),
    "changed": _("Somebody has changed a text meanwhile. Please look at both once more."),
    "ended": _("Please log in again. Your session has ended."),
    "out": _("You are logged out."),
}

NO_SUCH_PAGE: Final = _("This page does not exist.")
NOT_ALLOWED: Final = _("You may not do this.")
TOO_OLD: Final = _("This form is too old. Please go back, reload the page and try again.")
FROM_ELSEWHERE: Final = _("This request came from another site and was refused.")
WENT_WRONG: Final = _("Something went wrong. Please try again.")
NO_FILE: Final = _("This file cannot be fetched now. Please try again later.")
A_PERSON: Final = _("A person from the desk")
