"""What a reminder says: each service tells what it is about; the shape, the buttons and the calendar file are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Document, Message, Tone
from bot.dialog.notices import Notice
from bot.domain.sealed import fingerprint
from bot.i18n import Catalogs, Text, Verbatim, _, joined
from flows.common import menu_button, person_button

CALENDAR: Final = "calendar"  # the maker of the file, see bot/paper/makers.py
_FILE: Final = "termin.ics"  # says nothing to whoever sees it on a shared phone


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is on, as somebody is told of it and as it stands in their calendar. Nothing about other people."""

    title: Text  # in the reader's language
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    where: str = ""
    map_url: str = ""
    online_url: str = ""
    changed_at: datetime | None = None  # when it was last changed: calendars then replace what they have
    hint: Text | None = None  # one more line, such as what to bring; nothing sensitive

    @property
    def local_start(self) -> datetime:
        """By the clock of the place."""
        return self.starts_at.astimezone(self.zone)


def remind_of(notice: Notice, one: Appointment, *, change: Bind) -> Message:
    """The reminder: weekday, date, time, address, map, a file for the calendar, and what can be done about it."""
    title = _("Your appointment") if notice.discreet else one.title
    lines = [_("⏰ {title}: {when}", title=title, when=one.local_start)]
    if not notice.discreet:
        lines += [*where_lines(one), *([one.hint] if one.hint is not None else [])]
    buttons = (
        Button(_("✅ Coming"), Bind("coming", notice.about)),
        Button(_("❌ Can't come"), Bind("cantcome", notice.about)),
        Button(_("✏️ Change"), change),
        person_button(), menu_button(),
    )  # fmt: skip
    file = calendar_file(
        notice.about, one, catalogs=notice.catalogs, language=notice.language, discreet=notice.discreet, now=notice.now
    )
    return Message(joined([*lines, _("Are you coming?")]), tone=Tone.NOTICE, buttons=buttons, document=file)


def where_lines(one: Appointment) -> list[Text]:
    """Address, map, link: what is known of it."""
    lines = [_("📍 {place}", place=one.where)] if one.where else []
    lines += [_("Map: {url}", url=Verbatim(one.map_url))] if one.map_url else []
    return lines + ([_("Online: {url}", url=Verbatim(one.online_url))] if one.online_url else [])


def calendar_file(
    about: str, one: Appointment, *, catalogs: Catalogs, language: str, discreet: bool, now: datetime,
    called_off: bool = False,
) -> Document:  # fmt: skip
    """The same for a calendar. One `about` is one entry there, however often it is sent; `called_off` takes it away."""
    title = catalogs.say(_("Appointment") if discreet else one.title, language)
    content = {
        "uid": fingerprint("calendar", about), "title": title, "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(), "changed_at": (one.changed_at or now).isoformat(),
        "written_at": now.isoformat(), "where": "" if discreet else one.where,
        "url": "" if discreet else (one.online_url or one.map_url), "called_off": called_off,
    }  # fmt: skip
    return Document(_FILE, CALENDAR, content)
