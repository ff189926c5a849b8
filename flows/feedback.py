"""How was it: three faces right after the end, then a few words or a voice note for whoever wants to say more."""

from __future__ import annotations

from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Voiced
from bot.dialog.talk import Talk
from bot.domain import feedback as verdicts
from bot.domain import seated
from bot.domain.feedback import Face
from bot.domain.happenings import Kind
from bot.domain.seated import Seated
from bot.domain.seats import Signup, SignupState
from bot.i18n import Text, _, joined, raw
from flows.common import SKIP, menu_button, person_button
from flows.menu import menu_message

FACES: Final[dict[Face, Text]] = {
    Face.GOOD: _("😊 Good"),
    Face.MIDDLING: _("😐 Middling"),
    Face.BAD: _("🙁 Not good"),
}
_HOW: Final = _("How was it? One tap is enough.")


def request(thing: Seated, signup_id: int, language: str, *, discreet: bool) -> Message:
    """What is pushed right after the end."""
    text = _HOW if discreet else joined([raw(thing.title(language)), _HOW])
    return Message(text, tone=Tone.NOTICE, buttons=(*_faces(signup_id), menu_button()))


def _faces(signup_id: int) -> list[Button]:
    return [Button(label, Bind("face", f"{signup_id}:{face:d}")) for face, label in FACES.items()]


async def feedback(talk: Talk) -> Message:
    """The faces for whoever has not chosen one; then their own words, if they like."""
    signup = await _own(talk, talk.object)
    if signup is None:
        return _not_now()
    said = await talk.look(verdicts.of_signup, signup.id)
    if said is None or said.face is None:
        thing = await talk.look(seated.of_signup, signup)
        title = [raw(thing.title(talk.person.language))] if thing is not None else []
        return Message(joined([*title, _HOW]), buttons=(*_faces(signup.id), person_button("events"), menu_button()))
    more = await talk.story(
        "more", _("Thank you! Do you want to say more? Write it, or send a voice note. Only the desk sees it."),
        skip=SKIP,
    )  # fmt: skip
    if isinstance(more, Voiced):
        await talk.do(verdicts.add_words, signup.id, voice=f"{talk.person.channel}:{more.file}")
    elif more:
        await talk.do(verdicts.add_words, signup.id, words=more)
    else:
        return _thanks()
    return _thanks()


async def face(talk: Talk) -> Message | None:
    """Keep the face at once: whoever says nothing more has said enough. Pressed again, the newest counts."""
    what, _colon, value = talk.object.partition(":")
    signup = await _own(talk, what)
    if signup is None or value not in {str(int(one)) for one in Face}:
        return _not_now()
    first = await talk.do(
        verdicts.rate, signup, Face(int(value)), talk.person.language, talk.scene.now
    )  # fmt: skip
    if first:
        thing = await talk.look(seated.of_signup, signup)
        what_of, sort = (thing.what, thing.sort) if thing is not None else ("", "")
        talk.note(Kind.RATED, what=what_of, id=str(signup.seating_id), kind=sort, face=int(value))
    talk.then("feedback", what)
    return None


async def _own(talk: Talk, what: str) -> Signup | None:
    """Their sign-up, if it is one that can be judged: they went, and it has begun."""
    signup = await talk.look(seated.own, what, talk.person.person_id)
    if signup is None or signup.state != SignupState.GOING or signup.seating_id is None:
        return None
    thing = await talk.look(seated.of_signup, signup)
    starts_at = thing.starts_at if thing is not None else None
    return signup if starts_at is not None and starts_at <= talk.scene.now else None


def _not_now() -> Message:
    return menu_message(_("There is nothing to say about this now."))


def _thanks() -> Message:
    return Message(_("Thank you. It helps us."), tone=Tone.INFO, buttons=(person_button("events"), menu_button()))
