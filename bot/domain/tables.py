"""All tables, for migrations and for checks over the whole schema."""

from __future__ import annotations

from typing import Final

from bot.domain import (
    absences,
    attendance,
    audit,
    booking_news,
    bookings,
    certificates,
    checklists,
    consent,
    copies,
    courses,
    documents,
    edits,
    events,
    feedback,
    happenings,
    imports,
    inbound,
    joining,
    mentors,
    merging,
    messages,
    misses,
    news,
    outgoing,
    pairs,
    people,
    pins,
    recordings,
    reminders,
    seats,
    secrets,
    staff,
    tickets,
    visits,
    waiting,
    walk_ins,
)
from bot.domain.db import Base

METADATA: Final = Base.metadata
NOUNS: Final = (
    absences, attendance, audit, booking_news, bookings, certificates, checklists, consent, copies, courses,
    documents, edits, events, feedback, happenings, imports, inbound, joining, mentors, merging, messages, misses,
    news, outgoing, pairs, people, pins, recordings, reminders, seats, secrets, staff, tickets, visits,
    waiting, walk_ins,
)  # fmt: skip
