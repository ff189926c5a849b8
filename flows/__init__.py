"""The conversations of the desk, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialog.talk import Flow
from flows.answers import answer, ask, help_verdict, none_of_these, question, show_in_slovene
from flows.checklist import checklist, drop_list, new_list, quiet, show_step, snooze, step_day, tick, untick, why
from flows.danger import danger
from flows.language import choose_language, set_language
from flows.leaving import delete, stop
from flows.letter import letter
from flows.menu import help_page, menu, show_field
from flows.my_data import export, my_data
from flows.person import person
from flows.privacy import privacy
from flows.recordings import listen, record, set_listening
from flows.services import courses, events, mentors
from flows.staff import link_telegram, take_alert
from flows.start import notice, start

# A flow's name is stored in unfinished conversations: it never changes its meaning.
FLOWS: Final[Mapping[str, Flow]] = {
    "start": start,
    "notice": notice,
    "menu": menu,
    "field": show_field,
    "help": help_page,
    "ask": ask,
    "question": question,
    "none": none_of_these,
    "topic": answer,
    "slovene": show_in_slovene,
    "helped": help_verdict,
    "person": person,
    "danger": danger,
    "language": set_language,
    "languages": choose_language,
    "privacy": privacy,
    "mydata": my_data,
    "export": export,
    "stop": stop,
    "delete": delete,
    "checklist": checklist,
    "newlist": new_list,
    "droplist": drop_list,
    "why": why,
    "step": show_step,
    "tick": tick,
    "untick": untick,
    "stepday": step_day,
    "snooze": snooze,
    "quiet": quiet,
    "letter": letter,
    "record": record,
    "listen": listen,
    "listening": set_listening,
    "courses": courses,
    "mentors": mentors,
    "events": events,
    "staff": link_telegram,
    "take": take_alert,
}

# Commands and start payloads by the flow that they open. What is not here is told kindly to be unknown.
COMMANDS: Final[Mapping[str, str]] = {
    name: name
    for name in ("start", "menu", "checklist", "ask", "courses", "mentors", "events", "letter", "person", "mydata",
                 "privacy", "export", "delete", "stop", "help", "danger")
} | {"language": "languages"}  # fmt: skip
# For the desk's own people in a chat that is linked to their log-in; for all others there is no such command.
STAFF_COMMANDS: Final[Mapping[str, str]] = {"record": "record"}
PAYLOADS: Final[Mapping[str, str]] = {
    "course": "courses", "mentor": "mentors", "event": "events", "staff": "staff", "steps": "checklist",
    "letter": "letter",
}  # fmt: skip
