"""All tables, for migrations and for checks over the whole schema."""

from __future__ import annotations

from typing import Final

from bot.domain import (
    attendance,
    audit,
    checklists,
    consent,
    copies,
    courses,
    documents,
    edits,
    events,
    feedback,
    happenings,
    inbound,
    joining,
    mentors,
    messages,
    misses,
    outgoing,
    people,
    recordings,
    reminders,
    seats,
    secrets,
    staff,
    tickets,
    visits,
    waiting,
)
from bot.domain.db import Base

METADATA: Final = Base.metadata
NOUNS: Final = (
    attendance, audit, checklists, consent, copies, courses, documents, edits, events, feedback, happenings,
    inbound, joining, mentors, messages, misses, outgoing, people, recordings, reminders, seats, secrets, staff,
    tickets, visits, waiting,
)  # fmt: skip
