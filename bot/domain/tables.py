"""All tables, for migrations and for checks over the whole schema."""

from __future__ import annotations

from typing import Final

from bot.domain import (
    audit,
    checklists,
    consent,
    copies,
    documents,
    edits,
    happenings,
    inbound,
    messages,
    misses,
    outgoing,
    people,
    recordings,
    reminders,
    secrets,
    staff,
    tickets,
    visits,
)
from bot.domain.db import Base

METADATA: Final = Base.metadata
NOUNS: Final = (
    audit, checklists, consent, copies, documents, edits, happenings, inbound, messages, misses, outgoing, people,
    recordings, reminders, secrets, staff, tickets, visits,
)  # fmt: skip
