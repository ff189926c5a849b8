"""Between a newcomer and a mentor: words that the desk passes on, contact details, whether they met, how it goes on."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import meetings, planning, tickets
from bot.domain.booking_news import Side
from bot.domain.bookings import BookingState, Over
from bot.domain.happenings import Kind
from bot.domain.meetings import Muted, TooMany
from bot.i18n import Text, _, raw
from flows.common import SKIP, menu_button, person_button
from flows.meeting_lines import SUBJECT, Mine, gone, meeting_button, mentors_button, mine_of

_WORDS_CHARS: Final = 500
_CONTACT_CHARS: Final = 120
_SPOKEN_TO: Final = (BookingState.AGREED, BookingState.MET)


def _below(mine: Mine) -> tuple[Button, ...]:
    if mine.side is Side.PERSON:
        return (meeting_button(mine.id), person_button(SUBJECT), menu_button())
    return (meeting_button(mine.id), menu_button())


async def _spoken_to(talk: Talk, *sides: Side) -> Mine | None:
    """The meeting, if its two sides have agreed to meet."""
    mine = await mine_of(talk, talk.object, *sides)
    return mine if mine is not None and mine.booking.state in _SPOKEN_TO else None


async def write(talk: Talk) -> Message:
    """A short message to the other side. Neither learns how the other is reached."""
    mine = await _spoken_to(talk)
    if mine is None:
        return gone()
    if mine.booking.muted_by:
        return _silent(mine)
    words = await talk.text(
        "words",
        _("What shall we pass on? Phone numbers and addresses are taken out: you can give your contact by its own "
          "button."),
        private=True, most_chars=_WORDS_CHARS, tells=True,
    )  # fmt: skip
    try:
        await talk.do(meetings.relay, mine.booking.id, mine.side, words, talk.scene.now)
    except Muted:
        return _silent(mine)
    except TooMany:
        return Message(_("You have sent many messages today. Please write again tomorrow, or ask a person."),
                       buttons=_below(mine))  # fmt: skip
    except Over:
        return gone()
    return Message(_("We pass it on now."), tone=Tone.INFO, buttons=_below(mine))


def _silent(mine: Mine) -> Message:
    if mine.booking.muted_by == mine.side:
        again = Button(_("✉️ Allow messages"), Bind("bookunmute", mine.id))
        return Message(_("You have stopped messages for this meeting."), buttons=(again, *_below(mine)))
    return Message(_("Messages are stopped for this meeting. A person at the desk can help."), buttons=_below(mine))


async def mute(talk: Talk) -> Message:
    """No more messages of the other side."""
    return await _set_muted(talk, muted=True)


async def unmute(talk: Talk) -> Message:
    """Messages again."""
    return await _set_muted(talk, muted=False)


async def _set_muted(talk: Talk, *, muted: bool) -> Message:
    mine = await _spoken_to(talk)
    if mine is None:
        return gone()
    try:
        changed = await talk.do(meetings.mute, mine.booking.id, mine.side, talk.scene.now, muted=muted)
    except Over:
        return gone()
    if not changed and mine.booking.muted_by != (mine.side if muted else ""):
        return _silent(mine)
    if not muted:
        return Message(_("Messages come through again."), tone=Tone.INFO, buttons=_below(mine))
    return Message(
        _("Messages are stopped. If something was not right, tell a person at the desk."), tone=Tone.INFO,
        buttons=(Button(_("↩️ Undo"), Bind("bookunmute", mine.id)), person_button(SUBJECT), menu_button()),
    )  # fmt: skip


async def share(talk: Talk) -> Message:
    """Give one's contact: the other side gets it only when they give theirs."""
    mine = await _spoken_to(talk)
    if mine is None:
        return gone()
    shares, others = mine.booking.shares_person, mine.booking.shares_mentor
    if mine.side is Side.MENTOR:
        shares, others = others, shares
    if shares:
        return _shared(mine, both=others)
    contact = await talk.text("contact", _ask_contact(mine), private=True, most_chars=_CONTACT_CHARS, tells=True)
    sure = _("Give this? It reaches the other side only if they give their contact too: {contact}", contact=contact)
    if not await talk.confirm("sure", sure):
        return Message(_("Fine, nothing was given."), buttons=_below(mine))
    try:
        both = await talk.do(meetings.share, mine.booking.id, mine.side, contact, talk.scene.now)
    except Over:
        return gone()
    return _shared(mine, both=both)


def _ask_contact(mine: Mine) -> Text:
    if mine.side is Side.PERSON:
        return _("How may {name} reach you? Write a name and a phone number or an address, only what you want to give.",
                 name=mine.mentor.name)  # fmt: skip
    return _("How may the person reach you? Write a phone number or an address, only what you want to give.")


def _shared(mine: Mine, *, both: bool) -> Message:
    if both:
        return Message(_("You have both agreed. Each of you gets the other's contact."), tone=Tone.INFO,
                       buttons=_below(mine))  # fmt: skip
    back = Button(_("↩️ Take it back"), Bind("bookunshare", mine.id))
    return Message(_("Noted. It is passed on as soon as the other side agrees too."), tone=Tone.INFO,
                   buttons=(back, *_below(mine)))  # fmt: skip


async def unshare(talk: Talk) -> Message:
    """Take one's contact back, while the other side does not have it."""
    mine = await _spoken_to(talk)
    if mine is None:
        return gone()
    try:
        gave_up = await talk.do(meetings.unshare, mine.booking.id, mine.side, talk.scene.now)
    except Over:
        return gone()
    if not gave_up:
        return Message(_("The other side has it already. A person at the desk can help."), buttons=_below(mine))
    return Message(_("Your contact is deleted here and was not passed on."), tone=Tone.INFO, buttons=_below(mine))


async def met(talk: Talk) -> Message:
    """Whether they met, as one side says."""
    number, _colon, said = talk.object.partition(":")
    mine = await mine_of(talk, number)
    if mine is None or said not in {"yes", "no"}:
        return gone()
    try:
        await talk.do(meetings.say_met, mine.booking.id, mine.side, talk.desk, talk.scene.now, met=said == "yes")
    except Over:
        return Message(_("Thank you. This is settled already."), tone=Tone.INFO, buttons=_below(mine))
    await talk.do(planning.replan_booking, mine.booking.id, talk.desk, talk.scene.now)
    if said == "yes":
        buttons = (mentors_button(), *_below(mine)) if mine.side is Side.PERSON else _below(mine)
        return Message(_("Thank you, that is good to hear."), tone=Tone.INFO, buttons=buttons)
    buttons = (Button(_("↩️ We did meet"), Bind("bookmet", f"{number}:yes")), *_below(mine))
    said_so = _("Thank you for telling us. We are sorry that it did not work.")
    return Message(said_so, tone=Tone.INFO, buttons=buttons)


async def in_touch(talk: Talk) -> Message:
    """Three months later: whether they are still in touch, and how it goes."""
    number, _colon, said = talk.object.partition(":")
    mine = await mine_of(talk, number, Side.PERSON)
    if mine is None or said not in {"yes", "no"}:
        return gone()
    words = await talk.text(
        "words", _("Thank you. How is it going? A few words are enough; a person at the desk reads them."),
        private=True, most_chars=_WORDS_CHARS, skip=SKIP, tells=True,
    )  # fmt: skip
    talk.note(Kind.RATED, mine.booking.topic, what="mentor", id=mine.id, yes=said == "yes")
    if words:
        await talk.do(
            tickets.open_ticket, talk.person, {"question": words}, place=talk.desk.place.id, zone=talk.desk.zone,
            now=talk.scene.now, subject=SUBJECT,
        )  # fmt: skip
    return Message(_("Thank you for telling us."), tone=Tone.INFO, buttons=(mentors_button(), menu_button()))


def words_of(mine_side: Side, name: str, words: str, number: int | str) -> Message:
    """A message of the other side, as it arrives."""
    title = _("Message of your mentor {name}", name=name) if mine_side is Side.PERSON else _("Message about a meeting")
    buttons = (
        Button(_("✍️ Answer"), Bind("bookwrite", str(number))),
        Button(_("🔕 No more messages"), Bind("bookmute", str(number))),
        meeting_button(number),
    )  # fmt: skip
    return Message(raw(words), title=title, buttons=buttons)
