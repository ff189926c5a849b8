"""The PIN of "My things": asked before anything is shown, set twice, taken away again."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import AskAgain, Talk
from bot.domain import pins
from bot.i18n import Text, Verbatim, _, _n, joined
from flows.common import menu_button, person_button


async def locked(talk: Talk, flow: str) -> Message | None:
    """Ask for the PIN where there is one and this chat is not open; what to show instead, if it was not right."""
    pin = await talk.look(pins.of_person, talk.person.person_id)
    now, here = talk.scene.now, talk.person.address_id
    if pins.is_open(pin, here, now) or pin is None:
        return None
    if pin.wait_until is not None and now < pin.wait_until:
        at = pin.wait_until.astimezone(talk.desk.zone)
        return _refused(flow, _("There were too many wrong PINs. You can try again on {when}.", when=at))
    code = await talk.secret("pin", _("Please type your PIN."), pins.LEAST_DIGITS, pins.MOST_DIGITS)
    if await talk.do(pins.enter, talk.person.person_id, code, here, now):
        return None
    return _refused(flow, _("This is not the right PIN."))


def _refused(flow: str, why: Text) -> Message:
    ways = _("Forgotten? A person at the desk can take the PIN away. Deleting everything works without it: {command}",
             command=Verbatim("/delete"))  # fmt: skip
    again = Button(_("🔁 Try again"), Bind(flow))
    return Message(joined([why, ways]), buttons=(again, person_button("pin"), menu_button()))


async def set_pin(talk: Talk) -> Message:
    """A PIN, typed twice, in place of a former one."""
    pin = await talk.look(pins.of_person, talk.person.person_id)
    if pin is not None and not pins.is_open(pin, talk.person.address_id, talk.scene.now):
        return _refused("settings", _("Please type your PIN first, in your settings."))
    minutes = int(pins.OPEN_FOR.total_seconds()) // 60
    about = [
        _("A PIN locks “My things” in this chat: whoever holds your phone does not see them."),
        _n("After you have typed it, they stay open for {n} minute.",
           "After you have typed it, they stay open for {n} minutes.", minutes),
        _("Choose {least} to {most} digits.", least=pins.LEAST_DIGITS, most=pins.MOST_DIGITS),
    ]  # fmt: skip
    first = await talk.secret("first", joined(about), pins.LEAST_DIGITS, pins.MOST_DIGITS)
    again = await talk.secret("again", _("Please type the same PIN again."), pins.LEAST_DIGITS, pins.MOST_DIGITS)
    if first != again:
        raise AskAgain("first", because=_("These two were not the same."))
    await talk.do(pins.put, talk.person.person_id, again, talk.person.address_id, talk.scene.now)
    said = [_("Your PIN is set."), _("We do not keep the digits. Delete them from this chat on your phone, too.")]
    return Message(joined(said), tone=Tone.INFO, buttons=(settings_button(), menu_button()))


async def drop_pin(talk: Talk) -> Message:
    """No PIN any more."""
    refused = await locked(talk, "settings")
    if refused is not None:
        return refused
    await talk.do(pins.remove, talk.person.person_id)
    return Message(_("Your PIN is gone. “My things” are open to whoever holds this phone."), tone=Tone.INFO,
                   buttons=(settings_button(), menu_button()))  # fmt: skip


def settings_button() -> Button:
    """To the settings."""
    return Button(_("⚙️ Settings"), Bind("settings"))
