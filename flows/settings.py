"""Settings: language, listening, when and how somebody is written to, a PIN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import overview, pins, planning
from bot.domain.overview import Settings
from bot.i18n import LANGUAGES, Text, _, joined
from flows.common import menu_button, person_button
from flows.pin import locked, settings_button
from flows.recordings import listening_buttons

_HOUR: Final = 60
_PRESETS: Final = {"20-8": (20 * _HOUR, 8 * _HOUR), "22-7": (22 * _HOUR, 7 * _HOUR), "none": (0, 0)}
_OWN: Final = "own"
_LAST_HOUR: Final = 23


async def settings(talk: Talk) -> Message:
    """How it is set now, each with a button to change it."""
    refused = await locked(talk, "settings")
    if refused is not None:
        return refused
    now = await talk.look(overview.settings, talk.person.person_id)
    has_pin = await talk.look(pins.of_person, talk.person.person_id) is not None
    lines = [
        _("Language: {language}", language=LANGUAGES[talk.person.language].native),
        _quiet_line(now),
        _("Discreet messages: on. They name no topic and no place.") if now.discreet
        else _("Discreet messages: off. Reminders say what they are about."),
        _("PIN: set") if has_pin else _("PIN: none"),
        _("You wanted no messages. We write only when you write.") if talk.person.stopped
        else _("We may write to you about what you sign up for."),
    ]  # fmt: skip
    return Message(joined(lines), title=_("⚙️ Settings"), buttons=_buttons(talk, now, has_pin=has_pin))


def _quiet_line(now: Settings) -> Text:
    if now.quiet_from == now.quiet_until:
        return _("Quiet hours: none")
    return _("Quiet hours: {begins} to {ends}", begins=_clock(now.quiet_from), ends=_clock(now.quiet_until))


def _clock(minute: int) -> time:
    return time(minute // _HOUR, minute % _HOUR)


def _buttons(talk: Talk, now: Settings, *, has_pin: bool) -> Sequence[Button]:
    discreet = (
        Button(_("👁 Messages as usual"), Bind("discreet", "off")) if now.discreet
        else Button(_("🤫 Discreet messages"), Bind("discreet", "on"))
    )  # fmt: skip
    pin = (
        (Button(_("🔢 Change the PIN"), Bind("setpin")), Button(_("🔓 No PIN"), Bind("droppin"))) if has_pin
        else (Button(_("🔢 Set a PIN"), Bind("setpin")),)
    )  # fmt: skip
    messages = (
        Button(_("🔔 Allow messages"), Bind("start")) if talk.person.stopped
        else Button(_("🔕 No more messages"), Bind("stop"))
    )  # fmt: skip
    return (
        Button(_("🌐 Language"), Bind("languages")), *listening_buttons(talk),
        Button(_("🌙 Quiet hours"), Bind("quiethours")), discreet, *pin, messages,
        Button(_("📁 My things"), Bind("mydata")), person_button(), menu_button(),
    )  # fmt: skip


async def quiet_hours(talk: Talk) -> Message:
    """Between which hours nothing is pushed."""
    options = [
        Option("20-8", _("{begins} to {ends}", begins=time(20), ends=time(8))),
        Option("22-7", _("{begins} to {ends}", begins=time(22), ends=time(7))),
        Option("none", _("No quiet hours")), Option(_OWN, _("Other hours")),
    ]  # fmt: skip
    chosen = await talk.choose(
        "hours", _("When shall we not write to you? Reminders wait until then; only danger does not wait."), options
    )
    if chosen == _OWN:
        begins = await talk.number("begins", _("From which hour? Write a number from 0 to 23."), 0, _LAST_HOUR)
        ends = await talk.number("ends", _("Until which hour? Write a number from 0 to 23."), 0, _LAST_HOUR)
        hours = (begins * _HOUR, ends * _HOUR)
    else:
        hours = _PRESETS[chosen]
    await talk.do(overview.set_quiet, talk.person.person_id, *hours)
    await talk.do(planning.replan_person, talk.person.person_id, talk.desk, talk.scene.now)
    return _done(_quiet_line(Settings(*hours, discreet=False)))


async def set_discreet(talk: Talk) -> Message:
    """Whether what is pushed names no topic and no place."""
    on = talk.object == "on"
    await talk.do(overview.set_discreet, talk.person.person_id, discreet=on)
    return _done(
        _("From now on, reminders say only that there is something, and when. Open the chat to see more.") if on
        else _("From now on, reminders say what they are about, and where.")
    )  # fmt: skip


def _done(said: Text) -> Message:
    return Message(said, tone=Tone.INFO, buttons=(settings_button(), menu_button()))
