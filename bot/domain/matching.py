"""Which mentors suit somebody. Computed; no database here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.mentors import Mentor
from bot.domain.slots import Slot

SHOWN: Final = 3  # more choices than that make choosing hard
OTHER: Final = "other"  # a topic that is none of the desk's fields
IN_PERSON: Final = "in_person"
ONLINE: Final = "online"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. `how` and `gender` are empty where it does not matter."""

    topic: str
    language: str
    how: str = ""
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A mentor who suits, and when they are free, soonest first."""

    mentor: Mentor
    slots: Sequence[Slot]
    online: bool


def best(
    found: Sequence[Mentor], free: Mapping[int, Sequence[Slot]], wanted: Wanted, *, but: Collection[int] = ()
) -> list[Fit]:
    """All who suit and have a free time: first those who named the topic, then by their next free time."""
    fits = [
        Fit(one, free[one.id], meets_online(one, wanted.how))
        for one in found
        if one.id not in but and suits(one, wanted) and free.get(one.id)
    ]
    return sorted(fits, key=lambda fit: (wanted.topic not in fit.mentor.topics, fit.slots[0].starts_at, fit.mentor.id))


def suits(mentor: Mentor, wanted: Wanted) -> bool:
    """Whether language, topic, place and gender go together. A mentor without topics helps with any."""
    topic = wanted.topic == OTHER or not mentor.topics or wanted.topic in mentor.topics
    how = {"": mentor.in_person or mentor.online, IN_PERSON: mentor.in_person, ONLINE: mentor.online}
    gender = wanted.gender in {"", mentor.gender}
    return topic and wanted.language in mentor.languages and how.get(wanted.how, False) and gender


def meets_online(mentor: Mentor, how: str) -> bool:
    """Whether they meet online: where that is wished, or the mentor does not meet in person."""
    return how == ONLINE or (how == "" and not mentor.in_person)
