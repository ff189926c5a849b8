"""No more messages; and forgetting everything."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import erasure, planning
from bot.domain.consent import Aim
from bot.domain.happenings import Kind
from bot.i18n import Verbatim, _, joined
from flows.common import menu_button


async def stop(talk: Talk) -> Message:
    """Nothing is sent any more but answers to what the person asks themselves."""
    said = _("We will not write to you any more. If you write to us, we answer.")
    talk.change_person(stopped_at=talk.scene.now)
    talk.note_consent(Aim.MESSAGES, said, given=False)
    talk.note(Kind.STOPPED)
    lines = [said]
    if await talk.look(planning.has_any, talk.person.person_id):
        await talk.do(planning.no_calls, talk.person.person_id, talk.desk, talk.scene.now)
        lines.append(_("Your places and meetings stay yours, but we do not remind you of them."))
    lines.append(_("To get messages again, write: {start}", start=Verbatim("/start")))
    return Message(joined(lines), tone=Tone.INFO,
                   buttons=(Button(_("🗑 Delete everything"), Bind("delete")), menu_button()))  # fmt: skip


async def delete(talk: Talk) -> Message:
    """Two steps, then nothing is left but counts without a name."""
    sure = await talk.confirm(
        "sure",
        _("Delete everything about you: this chat at the desk, your questions, your language? This cannot be undone."),
    )
    if not sure:
        return Message(_("Fine, nothing was deleted."), buttons=(menu_button(),))
    stand_in = await talk.do(erasure.forget, talk.person, talk.desk, talk.scene.now)
    talk.scene.caller = stand_in
    return Message(
        _("Everything about you is deleted at the desk. What stands in this chat on your phone you can delete there "
          "yourself. You can come back any time: {start}", start=Verbatim("/start")),
        tone=Tone.INFO,
    )  # fmt: skip
