"""The conversations of the desk, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialog.notices import NoticeOf
from bot.dialog.talk import Flow
from flows.absence import absence
from flows.answers import answer, ask, help_verdict, none_of_these, question, show_in_slovene
from flows.appointments import booking_notice, event_notice, session_notice
from flows.attend import attend
from flows.checklist import checklist, drop_list, new_list, quiet, show_step, snooze, step_day, tick, untick, why
from flows.checklist import notice as checklist_notice
from flows.course_signup import enrol, take_group
from flows.courses import course, courses, level
from flows.danger import danger
from flows.door import door
from flows.event_signup import event_join
from flows.events import event, events
from flows.feedback import face, feedback
from flows.joining import join
from flows.language import choose_language, set_language
from flows.leaving import delete, stop
from flows.letter import letter
from flows.meeting_words import in_touch, met, mute, share, unmute, unshare, write
from flows.mentor_booking import booking, keep_booking, rebook, take_time, unbook
from flows.mentor_day import mentor_day
from flows.mentoring import answer as answer_request
from flows.mentoring import day_off, mentoring, pause, set_hours
from flows.mentors import mentors
from flows.menu import help_page, menu, show_field
from flows.my_data import export, my_data
from flows.offers import accept_offer, decline_offer, later_offer
from flows.pairs import pair, pair_end, pair_no, pair_note, pair_share, pair_still, pair_unshare, pair_yes
from flows.person import person
from flows.pin import drop_pin, set_pin
from flows.practice import drop_practice, new_practice, pause_practice, practice, resume_practice
from flows.privacy import privacy
from flows.recordings import listen, record, set_listening
from flows.reminders import cannot_come, come_back, coming
from flows.settings import quiet_hours, set_discreet, settings
from flows.signups import guests, leave_seat, my_signup, sign_up_again, take_seat
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
    "settings": settings,
    "quiethours": quiet_hours,
    "discreet": set_discreet,
    "setpin": set_pin,
    "droppin": drop_pin,
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
    "course": course,
    "level": level,
    "enrol": enrol,
    "takegroup": take_group,
    "absence": absence,
    "attend": attend,
    "mentors": mentors,
    "booking": booking,
    "rebook": rebook,
    "unbook": unbook,
    "keepbooking": keep_booking,
    "booktime": take_time,
    "bookwrite": write,
    "bookmute": mute,
    "bookunmute": unmute,
    "bookshare": share,
    "bookunshare": unshare,
    "bookmet": met,
    "bookstill": in_touch,
    "bookanswer": answer_request,
    "mentoring": mentoring,
    "mentorhours": set_hours,
    "mentoroff": day_off,
    "mentorpause": pause,
    "events": events,
    "event": event,
    "eventjoin": event_join,
    "mysignup": my_signup,
    "guests": guests,
    "leaveseat": leave_seat,
    "againseat": sign_up_again,
    "takeseat": take_seat,
    "offeryes": accept_offer,
    "offerlater": later_offer,
    "offerno": decline_offer,
    "door": door,
    "feedback": feedback,
    "face": face,
    "mentorday": mentor_day,
    "practice": practice,
    "newpractice": new_practice,
    "pausepractice": pause_practice,
    "resumepractice": resume_practice,
    "droppractice": drop_practice,
    "pair": pair,
    "pairyes": pair_yes,
    "pairno": pair_no,
    "pairend": pair_end,
    "pairshare": pair_share,
    "pairunshare": pair_unshare,
    "pairnote": pair_note,
    "pairstill": pair_still,
    "join": join,
    "coming": coming,
    "cantcome": cannot_come,
    "comeback": come_back,
    "staff": link_telegram,
    "take": take_alert,
}

# What reminders say, by the kind of thing that they are about.
NOTICES: Final[Mapping[str, NoticeOf]] = {
    "step": checklist_notice,
    "event": event_notice,
    "session": session_notice,
    "booking": booking_notice,
}

# Commands and start payloads by the flow that they open. What is not here is told kindly to be unknown.
COMMANDS: Final[Mapping[str, str]] = {
    name: name
    for name in ("start", "menu", "checklist", "ask", "courses", "mentors", "events", "letter", "person", "mydata",
                 "practice", "privacy", "export", "delete", "stop", "help", "danger")
} | {"language": "languages"}  # fmt: skip
# For the desk's own people in a chat that is linked to their log-in; for all others there is no such command.
STAFF_COMMANDS: Final[Mapping[str, str]] = {"record": "record", "attend": "attend", "mentoring": "mentoring"}
PAYLOADS: Final[Mapping[str, str]] = {
    "course": "courses", "mentor": "mentors", "event": "event", "events": "events", "door": "door", "staff": "staff",
    "join": "join", "steps": "checklist", "letter": "letter", "practice": "practice",
}  # fmt: skip
