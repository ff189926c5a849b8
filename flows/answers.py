"""Questions and answers: from checked texts only, with their source; else a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.answers.content import Topic
from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import messages
from bot.domain.happenings import Kind
from bot.domain.people import Listens
from bot.i18n import LANGUAGES, NBSP, Text, Verbatim, _, joined, raw
from flows.common import menu_button, person_button, topic_buttons
from flows.menu import menu_message
from flows.offices import office_line
from flows.recordings import heard, listen_button, voice_message

_MOST_RELATED: Final = 2
_WITH_LETTER: Final = frozenset({"work.rights", "work.inspectorate"})
_DESCENT: Final = "citizenship.descent"
_LIKELY: Final = 0.2  # of the best one's probability: what is less likely is not offered
_BULLET: Final = re.compile(r"^- ", re.MULTILINE)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")


async def ask(talk: Talk) -> Message:
    """Invite a question; whatever is typed next is looked up."""
    del talk
    return Message(
        _("Write your question in your own words, in your language. I look for a checked answer."),
        buttons=(menu_button(), person_button()),
    )


async def question(talk: Talk) -> Message | Sequence[Message]:
    """Answer the words that the person has just written."""
    match = talk.scene.match
    if match is None or match.kind == "smalltalk":
        return menu_message(_("Hello! How can we help? Choose, or write your question in your own words."))
    topics = [topic for topic in match.topics if topic in talk.scene.library]
    talk.note(Kind.ASKED, topics[0] if topics else "", outcome=match.kind)
    if match.kind == "answer" and topics:
        return _open(talk, topics[0])
    if match.kind == "choices" and topics:
        talk.note(Kind.OFFERED, topics[0])
        least = _LIKELY * match.scores[0]
        likely = [topic for topic, score in zip(topics, match.scores, strict=False) if score >= least]
        buttons = (*topic_buttons(talk, likely), Button(_("None of these"), Bind("none", topics[0])))
        return Message(_("Is your question about one of these?"), buttons=buttons)
    return _missed(talk, topics[0] if topics else "", match.language)


async def none_of_these(talk: Talk) -> Message:
    """The short list did not hold it: a question without an answer, and the way to a person."""
    lately = await talk.look(messages.lately, talk.person.address_id, talk.scene.now)
    talk.scene.words = lately["question"]
    return _missed(talk, talk.object, None)


def _missed(talk: Talk, nearest: str, language: str | None) -> Message:
    talk.note(Kind.MISSED, nearest)
    if talk.scene.words:
        talk.note_miss(nearest, language or talk.person.language)
    return Message(
        _("I do not have a checked answer to this. A person at the desk can help you."),
        buttons=(person_button("question"), menu_button()),
    )


async def answer(talk: Talk) -> Message | Sequence[Message]:
    """One topic, chosen by its button."""
    topic, _colon, asked = talk.object.partition(":")
    if topic not in talk.scene.library:
        return menu_message(_("This text is not here any more. Please choose again."))
    return _open(talk, topic, chosen=True, asked=bool(asked))


def _open(talk: Talk, topic: str, *, chosen: bool = False, asked: bool = False) -> Message | Sequence[Message]:
    """The topic's text; before it a question that decides whether it is the right one; or the way to a person."""
    if topic == "citizenship" and _DESCENT in talk.scene.library and not asked:
        return Message(
            _("First one question: do you have Slovene ancestors (parents, grandparents)? Then other rules apply."),
            buttons=(
                Button(_("Yes"), Bind("topic", _DESCENT)),
                Button(_("No, or I do not know"), Bind("topic", f"{topic}:asked")),
                menu_button(),
            ),
        )
    found = talk.scene.library[topic]
    if found.handover:
        return _hand_over(talk, found)
    talk.note(Kind.ANSWERED, topic, **({"chosen": True} if chosen else {}))
    shown, text = answer_message(talk, found), found.answer(talk.person.language)
    recording = heard(talk, found, text) if talk.person.listens == Listens.YES else None
    return shown if recording is None else [voice_message(found, text, recording), shown]


def _hand_over(talk: Talk, topic: Topic) -> Message:
    """A need that is known and that nobody has checked facts about: said so, and a person offered."""
    talk.note(Kind.MISSED, topic.id)
    text = topic.answer(talk.person.language)
    return Message(
        raw(body(text.shown(overdue=False, instead=""))), title=raw(f"{topic.icon} {text.title}"), tone=Tone.ANSWER,
        topic=topic.id, buttons=(person_button(topic.id), *topic_buttons(talk, topic.related[:_MOST_RELATED]),
                                 menu_button()),
    )  # fmt: skip


def answer_message(talk: Talk, topic: Topic, language: str = "") -> Message:
    """A topic's text with its source, date and what it is not."""
    text = topic.answer(language or talk.person.language)
    overdue = topic.overdue(talk.scene.now.astimezone(talk.desk.zone).date())
    instead = talk.scene.catalogs.say(_("(ask the office)"), text.language)
    lines = [raw(body(text.shown(overdue, instead)))]
    if text.language != talk.person.language and not language:
        name = LANGUAGES[text.language].native if text.language in LANGUAGES else text.language
        lines.insert(0, _("This text is not in your language yet. It is shown in: {language}.", language=name))
    office = office_line(talk.desk, topic.decides, talk.person.language)
    lines += [raw(""), *_small_print(topic, office, overdue=overdue)]
    buttons = [
        Button(_("👍 This helped"), Bind("helped", f"{topic.id}:yes")),
        Button(_("👎 It did not help"), Bind("helped", f"{topic.id}:no")),
        *topic_buttons(talk, topic.related[:_MOST_RELATED]),
        person_button(topic.id),
        menu_button(),
    ]
    if topic.id in _WITH_LETTER:
        buttons.insert(2, Button(_("✉️ Letter to the Labour Inspectorate"), Bind("letter")))
    if text.language != "sl" and "sl" in topic.answers:
        buttons.insert(2, Button(_("🪧 Show in Slovene"), Bind("slovene", topic.id)))
    if heard(talk, topic, text) is not None:
        buttons.insert(0, listen_button(topic, text))
    return Message(
        joined(lines), title=raw(f"{topic.icon} {text.title}"), buttons=buttons, tone=Tone.ANSWER, topic=topic.id
    )


def body(text: str) -> str:
    """A text of `faq/` as shown: bullets as dots, and groups of digits that do not break apart."""
    return _BETWEEN_DIGITS.sub(NBSP, _BULLET.sub("• ", text))


def _small_print(topic: Topic, office: Text | None, *, overdue: bool) -> list[Text]:
    lines = [_("Official page: {url}", url=Verbatim(topic.official_url))]
    if office is not None:
        lines.append(office)
    if overdue:
        lines.append(_("This text has to be checked again. Please confirm it with the office."))
    else:
        lines.append(_("Checked on: {day}", day=topic.checked_on))
    if topic.legal_notice:
        lines.append(_("This is information, not legal advice. The office decides."))
    return lines


async def show_in_slovene(talk: Talk) -> Message:
    """The same steps in Slovene, large, to be shown at a counter."""
    if talk.object not in talk.scene.library or "sl" not in talk.scene.library[talk.object].answers:
        return menu_message(_("This text is not here any more. Please choose again."))
    text = talk.scene.library[talk.object].answers["sl"]
    overdue = talk.scene.library[talk.object].overdue(talk.scene.now.astimezone(talk.desk.zone).date())
    shown = body(text.shown(overdue, talk.scene.catalogs.say(_("(ask the office)"), "sl")))
    return Message(
        raw(shown), title=raw(text.title), tone=Tone.LARGE, language="sl", topic=talk.object,
        buttons=(menu_button(),),
    )  # fmt: skip


async def help_verdict(talk: Talk) -> Message:
    """Whether an answer helped; if not, the way to a person is open."""
    topic, _colon, verdict = talk.object.partition(":")
    talk.note(Kind.HELPED, topic if topic in talk.scene.library else "", yes=verdict == "yes")
    if verdict == "yes":
        return Message(_("Good. You can ask more at any time."), buttons=(menu_button(),))
    return Message(
        _("I am sorry. You can ask in other words, or talk to a person at the desk."),
        buttons=(person_button(topic), menu_button()),
    )
