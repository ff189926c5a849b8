"""The support points that this desk runs, and its own facts, from the desk's file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.hours import read_hours, write_hours
from bot.domain.leads import LEADS, Lead, leads_from

SAMPLE_DESK: Final = Path(__file__).parent / "sample_desk.toml"


class DeskError(Exception):
    """The desk's file cannot be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """One support point. Facts that nobody has confirmed stay empty."""

    id: str
    name: str
    zone: ZoneInfo
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """An office that decides about something, by the id that topics name. Its name is the Slovene one."""

    id: str
    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The operator and its places, the first of which serves whoever has not said where they are."""

    name: str
    operator: str
    places: tuple[Place, ...]
    sample: bool = False
    privacy_contact: str = ""
    offices: tuple[Office, ...] = ()
    certificate_share: int = 75  # percent of the sessions of a course that a certificate asks for
    check_months: int = 12  # so old may the check of a mentor, or of somebody who practises a language, be
    leads: Mapping[str, tuple[Lead, ...]] = field(default_factory=lambda: LEADS)  # how long before things to remind

    def place_of(self, id_: str) -> Place:
        """The place with this id; the default one where the desk has given it up."""
        return next((place for place in self.places if place.id == id_), self.places[0])

    def office(self, id_: str) -> Office | None:
        """The office with this id, if the desk's file names it."""
        return next((office for office in self.offices if office.id == id_), None)

    @property
    def place(self) -> Place:
        """The place that serves by default."""
        return self.places[0]

    @property
    def zone(self) -> ZoneInfo:
        """The local time of the desk."""
        return self.places[0].zone


def load_desk(path: Path | None) -> Desk:
    """Read the desk's own file (the sample desk of Postojna without one). Raises DeskError."""
    source = path or SAMPLE_DESK
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        places = tuple(_place(entry) for entry in data["places"])
        if not places:
            raise DeskError(f"{source.name} names no place")
        offices = tuple(Office(entry["id"], entry["name"], **_facts(entry)) for entry in data.get("offices", ()))
        return Desk(
            data["name"], data["operator"], places, bool(data.get("sample", False)), data.get("privacy_contact", ""),
            offices, check_months=int(data.get("check_months", 12)),
            certificate_share=int(data.get("certificate_share", 75)), leads=leads_from(data.get("reminders", {})),
        )  # fmt: skip
    except OSError as error:
        raise DeskError(f"the desk's file {source.name} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DeskError(f"the desk's file {source.name} is not right: {error}") from None


def _place(entry: dict[str, Any]) -> Place:
    return Place(entry["id"], entry["name"], ZoneInfo(entry.get("zone", "Europe/Ljubljana")), **_facts(entry))


def _facts(entry: dict[str, Any]) -> dict[str, Any]:
    checked_on = entry.get("checked_on") or None
    if isinstance(checked_on, str):
        checked_on = date.fromisoformat(checked_on)
    return {
        **{name: str(entry.get(name, "")).strip() for name in ("address", "phone", "email")},
        "hours": write_hours(read_hours(str(entry.get("hours", "")))),
        "checked_on": checked_on,
    }
