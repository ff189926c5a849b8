"""The full text on what the desk keeps, why, for how long, and what one can do."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain.keeping import KEEP_FOR, Keep
from bot.i18n import Verbatim, _, _n, joined
from flows.common import menu_button


async def privacy(talk: Talk) -> Message:
    """Generated from the same periods by which the desk deletes."""
    lines = [
        _("{desk} is run by {operator}.", desk=talk.desk.name, operator=talk.desk.operator),
        _("We help newcomers. This is a public service; you need not agree to anything to use it."),
        _("We are not the police and not the office that decides about permits."),
        _("We keep: your language, the words of this chat, and the address by which this chat reaches you. "
          "All of it is locked with a key."),
        _("We do not keep your name, picture or phone number from Telegram. "
          "Please do not write numbers of documents here."),
        _("When you sign up or book, we also keep what you tell us for it, for example a name or a phone number. "
          "You find it under {mydata}.", mydata=Verbatim("/mydata")),
        _n("The words of the chat are deleted after {n} day.", "The words of the chat are deleted after {n} days.",
           _period(Keep.CHAT)),
        _n("A letter that you make here, and your answers for it, are deleted after {n} day.",
           "A letter that you make here, and your answers for it, are deleted after {n} days.", _period(Keep.BRIEF)),
        _n("What you sent is kept as it arrived for {n} day, so that nothing is lost or answered twice.",
                 "What you sent is kept as it arrived for {n} days, so that nothing is lost or answered twice.",
           _period(Keep.RAW)),
        _n("Everything else about you is deleted when you have not written for {n} day.",
                 "Everything else about you is deleted when you have not written for {n} days.", _period(Keep.PERSON)),
        _("We count contacts, languages and topics without names, so that the desk can be paid for."),
        _("People of the desk read a chat only to answer it; each reading is written down."),
        _("Telegram itself sees what you write there. For sensitive matters use our web chat."),
        _("See what we keep: {mydata}. Get a copy: {export}. No more messages: {stop}. Delete everything: {delete}.",
          mydata=Verbatim("/mydata"), export=Verbatim("/export"), stop=Verbatim("/stop"), delete=Verbatim("/delete")),
    ]  # fmt: skip
    if talk.desk.privacy_contact:
        lines.append(_("Questions about your data: {contact}", contact=Verbatim(talk.desk.privacy_contact)))
    lines.append(_("You can also complain to the Information Commissioner of Slovenia: {url}",
                   url=Verbatim("https://www.ip-rs.si/")))  # fmt: skip
    return Message(
        joined(lines, "\n\n"), title=_("Your data"), tone=Tone.NOTICE,
        buttons=(Button(_("📁 My things"), Bind("mydata")), menu_button()),
    )  # fmt: skip


def _period(keep: Keep) -> int:
    period = KEEP_FOR[keep]
    return period.days if period else 0
