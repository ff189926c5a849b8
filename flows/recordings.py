"""Answers read aloud: mediators record them in their own chat, and people listen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from bot.answers.content import SOURCE_LANGUAGE, Answer, Topic, body_hash
from bot.dialog.messages import Bind, Button, Document, Message, Tone
from bot.dialog.questions import Option, Voiced
from bot.dialog.talk import Talk
from bot.domain import audit, recordings, staff
from bot.domain.people import Listens
from bot.domain.policy import Actor, Sheet, Verb, may
from bot.domain.recordings import FILE_NAME, MAKER
from bot.domain.staff import Role, Staff
from bot.i18n import LANGUAGES, Text, Verbatim, _, joined, raw
from flows.common import SKIP, menu_button, topic_button
from flows.menu import menu, menu_message

_KEEP, _AGAIN, _SKIP, _STOP = "keep", "again", "skip", "stop"
_WAYS_OUT: Final = (Option(_SKIP, SKIP), Option(_STOP, _("Stop")))
_VERDICTS: Final = (Option(_KEEP, _("Keep it")), Option(_AGAIN, _("Read it again")), *_WAYS_OUT)


async def record(talk: Talk) -> Message:
    """Read the texts of one's languages aloud, one after another; those that somebody has checked come first."""
    member = await talk.look(staff.by_address, talk.person.address_id)
    if member is None:
        return await menu(talk)
    texts = await _to_read(talk, member)
    done = await talk.look(recordings.recorded)
    left = [one for one in texts if _mark(one) not in done and _place(one) > talk.object]
    for text in left:
        progress = _("{n} of {all}", n=texts.index(text) + 1, all=len(texts))
        said = await _read_aloud(talk, text, progress)
        if isinstance(said, Voiced):
            await _keep(talk, member, text, said)
            talk.then("record", _place(text))
            return Message(_("Kept. People can hear it in a moment."), tone=Tone.INFO)
        if said == _STOP:
            return Message(_("Thank you. You can go on at any time: {command}", command=Verbatim("/record")))
    if not texts:
        return Message(_("There is no text for you to read. Your languages stand in the console."))
    return Message(_("That was the last text. Thank you! Those that you left out come again: {command}",
                     command=Verbatim("/record")))  # fmt: skip


async def _to_read(talk: Talk, member: Staff) -> list[Answer]:
    """Every text that this member may read aloud, in a lasting order."""
    grants = await talk.look(staff.grants, member.id)
    languages = frozenset(member.languages)
    actor = Actor(member.id, frozenset((Role(grant.role), grant.place) for grant in grants), languages)
    found = [
        answer
        for topic in talk.scene.library
        if not topic.handover and not _overdue(talk, topic)
        for language, answer in topic.answers.items()
        if language in languages & LANGUAGES.keys()
        and may(actor, Verb.EDIT_CONTENT, Sheet(language, source=language == SOURCE_LANGUAGE))
    ]
    return sorted(found, key=_place)


def _place(text: Answer) -> str:
    return f"{text.state != 'checked':d} {text.language} {text.topic}"


def _mark(text: Answer) -> recordings.Text:
    return text.topic, text.language, body_hash(text.body)


def _overdue(talk: Talk, topic: Topic) -> bool:
    """Then a recording would say amounts and hours that the text hides."""
    return topic.overdue(talk.scene.now.astimezone(talk.desk.zone).date())


async def _read_aloud(talk: Talk, text: Answer, progress: Text) -> Voiced | str:
    """What the member wants to keep, or how they went on without."""
    held: Voiced | None = None
    icon = talk.scene.library[text.topic].icon
    for turn in itertools.count():
        key = f"{text.topic}.{text.language}.{body_hash(text.body)}.{turn}"
        if held is None:
            words = raw(text.shown(overdue=False, instead=""))
            talk.say(Message(words, title=raw(f"{icon} {text.title}"), language=text.language))
            ask = _("Please read the title and the text aloud and send it as a voice note.")
            said = await talk.voice(key, joined([progress, ask]), _WAYS_OUT)
        else:
            said = await talk.voice(key, _("Listen to it once. Shall people hear it like this?"), _VERDICTS)
        if isinstance(said, Voiced):
            held = said
        elif said == _AGAIN:
            held = None
        else:
            return held if said == _KEEP and held is not None else said
    raise AssertionError


async def _keep(talk: Talk, member: Staff, text: Answer, said: Voiced) -> None:
    now = talk.scene.now
    channel = talk.person.channel
    await talk.do(recordings.keep_recording, _mark(text), channel, said.file, said.seconds, member.id, now)
    await talk.do(audit.note, "record text", now, staff_id=member.id)


# For people who would rather hear than read


def heard(talk: Talk, topic: Topic, text: Answer) -> int | None:
    """The recording of exactly this text, if there is one."""
    return None if _overdue(talk, topic) else talk.scene.recorded.get(_mark(text))


def listen_button(topic: Topic, text: Answer) -> Button:
    """To the recording of a text."""
    return Button(_("🔊 Listen"), Bind("listen", f"{topic.id}:{text.language}"))


def voice_message(topic: Topic, text: Answer, recording: int) -> Message:
    """A text as somebody has read it."""
    held = Document(FILE_NAME, MAKER, {"recording": recording})
    return Message(raw(f"🔊 {topic.icon} {text.title}"), language=text.language, document=held)


async def listen(talk: Talk) -> Message | Sequence[Message]:
    """Play one text; the first time, ask whether answers shall always be played."""
    name, _colon, language = talk.object.partition(":")
    topic = talk.scene.library.topics.get(name)
    text = topic.answers.get(language) if topic is not None else None
    if topic is None or text is None:
        return menu_message(_("This text is not here any more. Please choose again."))
    recording = heard(talk, topic, text)
    if recording is None:
        return Message(
            _("The text has changed and nobody has read it aloud yet. You can read it."),
            buttons=(topic_button(talk, topic), menu_button()),
        )
    shown = [voice_message(topic, text, recording)]
    if talk.person.listens == Listens.UNASKED:
        talk.change_person(listens=Listens.NO)
        shown.append(_always())
    return shown


def _always() -> Message:
    yes, no = Button(_("Yes"), Bind("listening", Listens.YES)), Button(_("No"), Bind("listening", Listens.NO))
    return Message(_("Shall I always play the answer first, where somebody has read it aloud?"), buttons=(yes, no))


async def set_listening(talk: Talk) -> Message:
    """Whether answers are played before they are shown."""
    plays = talk.object == Listens.YES
    talk.change_person(listens=Listens.YES if plays else Listens.NO)
    if plays:
        said = _("From now on you hear answers first, where somebody has read them aloud.")
    else:
        said = _("Answers come as text. Where somebody has read one aloud, it has a button to listen.")
    return Message(said, tone=Tone.INFO, buttons=(Button(_("📁 My things"), Bind("mydata")), menu_button()))


def listening_buttons(talk: Talk) -> Sequence[Button]:
    """The switch, where there is anything to hear."""
    if talk.person.listens == Listens.YES:
        return (Button(_("🔊 Do not play answers first"), Bind("listening", Listens.NO)),)
    return (Button(_("🔊 Play answers first"), Bind("listening", Listens.YES)),) if talk.scene.recorded else ()
