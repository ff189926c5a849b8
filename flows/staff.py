"""The desk's own people in the chat: joining their Telegram, taking a danger."""

from __future__ import annotations

from bot.dialog.messages import Message, Tone
from bot.dialog.talk import Talk
from bot.domain import staff, tickets
from bot.domain.policy import Actor, Verb, may
from bot.domain.staff import InvitationRefused, Role
from bot.domain.tickets import NotOpen
from bot.i18n import _
from flows.menu import menu


async def link_telegram(talk: Talk) -> Message:
    """Join this chat to the log-in that the invitation names."""
    try:
        await talk.do(staff.link, talk.object, talk.person.address_id, talk.scene.now)
    except InvitationRefused:
        return Message(_("This invitation is not valid any more. Please make a new one in the console."))
    return Message(
        _("Done. When you are on call, alerts come to this chat. They show only the number of the case."),
        tone=Tone.INFO,
    )


async def take_alert(talk: Talk) -> Message:
    """Somebody on call sees to a danger: its alerts stop for everybody."""
    member = await talk.look(staff.by_address, talk.person.address_id)
    if member is None:
        return await menu(talk)
    grants = await talk.look(staff.grants, member.id)
    actor = Actor(member.id, frozenset((Role(grant.role), grant.place) for grant in grants))
    if not may(actor, Verb.TAKE_ALERT):
        return await menu(talk)
    number, _colon, ticket_id = talk.object.partition(":")
    try:
        await talk.do(tickets.claim, int(ticket_id), member.id, talk.scene.now)
    except NotOpen:
        return Message(_("Somebody has taken case {number} already.", number=number), tone=Tone.INFO)
    return Message(
        _("You have case {number}. Please open the console and write to the person now.", number=number),
        tone=Tone.INFO,
    )
