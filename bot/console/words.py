"""The sentences of the console that come from rows and codes, not from a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.bookings import BookingState
from bot.domain.events import EventKind, EventState
from bot.domain.happenings import Kind
from bot.domain.mentors import Gender, MentorState
from bot.domain.outgoing import OutboxState
from bot.domain.pairs import PairState
from bot.domain.seats import Remind
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

CHANNELS: Final[Mapping[str, Text]] = {"telegram": _("Telegram"), "web": _("Web chat"), "desk": _("At the desk")}

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

EVENT_KINDS: Final[Mapping[str, Text]] = {
    EventKind.WORKSHOP: _("Workshop"),
    EventKind.MENTOR_DAY: _("Mentor day"),
    EventKind.DINNER: _("Networking dinner"),
    EventKind.STUDY_VISIT: _("Study visit"),
    EventKind.MATCHMAKING: _("Matchmaking"),
    EventKind.STORY_EVENING: _("Story evening"),
    EventKind.WORLD_CAFE: _("World café"),
    EventKind.PITCHING: _("Pitching"),
    EventKind.OTHER: _("Other event"),
}

# What an event of some kind has beside what each has, as staff fill it in.
EVENT_FIELDS: Final[Mapping[str, Text]] = {
    "leader": _("Led by"),
    "bring": _("What to bring"),
    "expert_1": _("First expert"),
    "expert_2": _("Second expert"),
    "topics": _("Topics"),
    "speaker": _("Speaker"),
    "invited": _("Who is invited"),
    "host": _("Host"),
    "meeting_point": _("Meeting point"),
    "offers": _("What is offered"),
    "needs": _("What is looked for"),
    "tellers": _("Who tells a story"),
    "mentor": _("Mentor"),
    "pitches": _("Who presents"),
}

EVENT_STATES: Final[Mapping[str, Text]] = {
    EventState.DRAFT: _("Draft"),
    EventState.PUBLISHED: _("Published"),
    EventState.CALLED_OFF: _("Called off"),
}

REMINDED: Final[Mapping[str, Text]] = {
    Remind.CHAT: _("In the chat"),
    Remind.TELEGRAM: _("Telegram"),
    Remind.CALL: _("By phone"),
    Remind.NONE: _("No reminders"),
}

MENTOR_STATES: Final[Mapping[str, Text]] = {
    MentorState.DRAFT: _("Not shown yet"),
    MentorState.ACTIVE: _("Shown"),
    MentorState.PAUSED: _("Takes a break"),
}

MENTOR_LACKS: Final[Mapping[str, Text]] = {
    "check": _(
        "Nobody is shown before identity and conduct were checked. Please write down the day of the check first."
    ),
    "languages": _("Please enter the languages first."),
    "hours": _("Please enter the hours of the week first."),
}

MENTOR_NUMBERS: Final[Mapping[str, Text]] = {
    "slot_minutes": _("Length of a meeting, in minutes"),
    "buffer_minutes": _("Break between meetings, in minutes"),
    "notice_hours": _("Book at least so many hours before"),
    "ahead_days": _("Book at most so many days ahead"),
    "most_open": _("How many people at the same time"),
}

GENDERS: Final[Mapping[str, Text]] = {
    Gender.UNTOLD: _("Not told"),
    Gender.WOMAN: _("Woman"),
    Gender.MAN: _("Man"),
}

BOOKING_STATES: Final[Mapping[str, Text]] = {
    BookingState.ASKED: _("Mentor was asked"),
    BookingState.SUGGESTED: _("Other times suggested"),
    BookingState.AGREED: _("Agreed"),
    BookingState.DECLINED: _("Declined"),
    BookingState.LAPSED: _("No answer"),
    BookingState.CANCELLED: _("Called off"),
    BookingState.MET: _("They met"),
    BookingState.MISSED: _("The person did not come"),
    BookingState.ALONE: _("The mentor did not come"),
}

PAIR_STATES: Final[Mapping[str, Text]] = {
    PairState.PROPOSED: _("Proposed"),
    PairState.AGREED: _("Practise together"),
    PairState.DECLINED: _("One said no"),
    PairState.LAPSED: _("No answer"),
    PairState.ENDED: _("Ended"),
}

# What is said above the next page. The address carries only the key.
NOTES: Final[Mapping[str, Text]] = {
    "sent": _("Your reply is on its way."),
    "yours": _("This case is yours now. The bot is silent."),
    "taken": _("Somebody else has already taken this case."),
    "closed": _("This case is closed."),
    "no_pin": _("This person has no PIN now."),
    "alert": _("You have taken the alert."),
    "alert_taken": _("Somebody else has already taken this alert."),
    "saved": _("Saved."),
    "undone": _("Taken back."),
    "removed": _("Removed."),
    "changed": _("Somebody has changed a text meanwhile. Please look at both once more."),
    "counted": _("Counted."),
    "moved": _("Moved. The reason is written down."),
    "signup_over": _("The sign-up has ended. The person is told in the chat."),
    "signup_over_call": _("The sign-up has ended. This person cannot be written to: please call."),
    "list_changed": _("The list has changed meanwhile. Please look at it once more."),
    "reason": _("Please write the reason. Nothing was changed."),
    "published": _("Published. People can see it and sign up."),
    "called_off": _("Called off. Everybody who signed up is told."),
    "proposed": _("Both are asked in the chat."),
    "opened": _("Open. People see it and can sign up."),
    "session_off": _("The session is called off. Everybody with a seat is told."),
    "group_off": _("The group is called off. Everybody who had a seat is told."),
    "group_over": _("The group has ended. You can issue certificates now."),
    "issued": _("The certificates are issued."),
    "issued_sent": _("The certificates are issued. Whoever has a chat gets theirs there."),
    "copied": _("This is the copy. Nobody sees it yet."),
    "repeated": _("The dates are made. Nobody sees them yet."),
    "taken_in": _("The list is taken in."),
    "left": _("The sign-up has ended. You can take it back below."),
    "ended_before": _("This sign-up had ended already."),
    "offer_over": _("This place is not held any more."),
    "joined": _("This person is joined to a chat already."),
    "forgotten": _("The record is deleted."),
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
