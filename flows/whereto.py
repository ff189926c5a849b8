"""Where somebody wants to be reminded: asked at every sign-up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import people
from bot.domain.seats import Remind
from bot.i18n import Text, _, joined

_WEB: Final = "web"
_TELEGRAM: Final = "telegram"
_LEAST_DIGITS, _MOST_DIGITS = 6, 15  # the most that a number has anywhere (ITU-T E.164)
_PHONE_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered. `phone` is empty where none was given anew."""

    remind: Remind
    phone: str = field(default="", repr=False)


async def where_to_remind(talk: Talk) -> Told:
    """Ask it, and for a phone number where somebody wants a call: the keys are "remind" and "phone".

    Before the write, with which `keep_phone` stores the number; `short` says in a review what was chosen, `where_line`
    at the end what comes of it.
    """
    lines = [_("Where may we remind you?")]
    if talk.person.channel == _WEB:
        lines.append(_("Honestly: a message in this chat is seen only when you open this page."))
    remind = Remind(await talk.choose("remind", joined(lines), _ways(talk), private=True))
    if remind is not Remind.CALL:
        return Told(remind)
    known = await talk.look(people.phone_of, talk.person.person_id)
    typed = await talk.text(
        "phone", _("What is your phone number? Only the desk sees it, and calls you only for this."),
        private=True, most_chars=_PHONE_CHARS, skip=_("As I told before") if known else None,
    )  # fmt: skip
    if not typed:
        return Told(remind)
    phone = read_phone(typed)
    if not phone:
        raise AskAgain("phone", because=_("This does not look like a phone number. Please write only the number."))
    return Told(remind, phone)


def _ways(talk: Talk) -> list[Option]:
    ways = [Remind.CHAT, *([Remind.TELEGRAM] if talk.person.channel == _WEB else []), Remind.CALL, Remind.NONE]
    return [Option(one, short(one)) for one in ways]


def read_phone(typed: str) -> str:
    """A number as people write it, in one spelling; empty when it is none. Digits of every script count."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed.strip())
    if re.search(r"[^\d+()/\s.-]", plain) or "+" in plain[1:]:
        return ""
    digits = re.sub(r"\D", "", plain)
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return ""
    return " ".join(re.sub(r"[()/.-]", " ", plain).split())


async def keep_phone(talk: Talk, told: Told) -> None:
    """Write the number down, if one was given: with the sign-up's own write, after the last question."""
    if told.phone:
        await talk.do(people.set_phone, talk.person.person_id, told.phone)


async def where_line(talk: Talk, told: Told) -> Text:
    """What comes of it, said after the sign-up."""
    match told.remind:
        case Remind.NONE:
            return _("We do not remind you. Please write the date down.")
        case Remind.CALL:
            return _("Somebody of the desk calls you on a working day before.")
        case Remind.TELEGRAM if not await talk.look(people.uses, talk.person.person_id, _TELEGRAM):
            return _("We do not know you in Telegram yet. Ask a person at the desk to connect it; until then we remind "
                     "you in this chat.")  # fmt: skip
        case Remind.TELEGRAM:
            return _("We remind you in Telegram.")
        case _chat if talk.person.channel == _WEB:
            return _("We remind you in this chat. Please open this page from time to time.")
        case _chat:
            return _("We remind you in this chat.")


def short(remind: Remind) -> Text:
    """What was chosen, in a word or two, for a review."""
    return {
        Remind.CHAT: _("In this chat"), Remind.TELEGRAM: _("In Telegram"), Remind.CALL: _("Call me"),
        Remind.NONE: _("No reminders"),
    }[remind]  # fmt: skip
