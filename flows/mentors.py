"""Finding a mentor: what for, in which language, who suits, when. Only people whom the desk has checked are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import arranging, bookings, checks, dependents, matching, planning, tickets
from bot.domain import mentors as directory
from bot.domain.arranging import Asking
from bot.domain.bookings import TAKEN, Booking, Busy, NotShown, TimeGone
from bot.domain.matching import IN_PERSON, ONLINE, OTHER, Fit, Wanted
from bot.domain.mentors import Gender, Mentor
from bot.domain.seats import Remind
from bot.domain.slots import Slot
from bot.i18n import LANGUAGES, Text, _, joined, raw
from flows.common import SKIP, menu_button, person_button, topic_buttons
from flows.free_times import DAY, choose_time
from flows.meeting_lines import SUBJECT, TOPICS, meeting_button, mentors_button, place_of, spoken, topic_name
from flows.practice import practice_button
from flows.whereto import Told, keep_phone, short, where_line, where_to_remind

_CONTENT: Final = ("local.community",)
_ANY, _NO, _YES = "any", "no", "yes"
_ADULT, _YOUTH, _CHILD = "18", "15", "child"
_WISH_CHARS: Final = 500
_NAME_CHARS: Final = 40
_STAFF_LANGUAGE: Final = "sl"
_SHOWN_BESIDE: Final = 3
_HOW: Final = (Option(_ANY, _("It does not matter")), Option(IN_PERSON, _("In person")), Option(ONLINE, _("Online")))
_WHO: Final = (
    Option(_ANY, _("It does not matter")), Option(Gender.WOMAN, _("A woman")), Option(Gender.MAN, _("A man")),
)  # fmt: skip
_AGES: Final = (
    Option(_ADULT, _("18 or older")), Option(_YOUTH, _("15 to 17")), Option(_CHILD, _("Under 15")),
)  # fmt: skip


async def mentors(talk: Talk) -> Message:
    """From the topic to a time that a mentor is asked for."""
    found = await talk.look(directory.shown, checks.since(talk.desk, talk.scene.now))
    held = await _held(talk)
    if not found:
        return _nobody_yet(talk, held)
    text = _("A mentor is somebody who meets you and helps with what you want to do here. What is it about?")
    topics = [Option(name, label) for name, label in TOPICS.items()]
    topic = await talk.choose("topic", text, topics, beside=(*_meetings(held), practice_button()))
    if not any(one.person_id == talk.person.person_id for one in held):  # who has booked before is an adult
        ask = _("How old are you? For people under 18 a person at the desk arranges meetings.")
        age = await talk.choose("age", ask, _AGES, private=True)
        if age == _CHILD:
            return _for_a_child()
        if age == _YOUTH:
            return await _for_the_young(talk, topic)
    wanted = await _wanted(talk, topic, found)
    free = await talk.look(bookings.free, found, talk.scene.now)
    fits = matching.best(found, free, wanted)[: matching.SHOWN]
    if not fits:
        return _nobody_fits()
    fit = await _choose_mentor(talk, fits, wanted)
    return await _choose_rest(talk, fit, wanted)


async def _held(talk: Talk) -> list[Booking]:
    household = await talk.look(dependents.household, talk.person.person_id)
    return await talk.look(bookings.of_people, list(household))


def _meetings(held: Sequence[Booking]) -> list[Button]:
    """Meetings that are arranged already, so that nobody asks twice by mistake."""
    coming = [one for one in held if one.state in TAKEN][:_SHOWN_BESIDE]
    if len(coming) == 1:
        return [meeting_button(coming[0].id)]
    return [Button(_("🤝 {when}", when=one.local_start), Bind("booking", str(one.id))) for one in coming]


def _nobody_yet(talk: Talk, held: Sequence[Booking]) -> Message:
    return Message(
        _("A person at the desk finds a mentor for you or somebody to practise Slovene with."),
        buttons=(*_meetings(held), *topic_buttons(talk, _CONTENT), practice_button(), person_button(SUBJECT),
                 menu_button()),
    )  # fmt: skip


def _for_a_child() -> Message:
    return Message(
        _("A person at the desk helps you, together with a parent or another adult whom you trust."),
        buttons=(person_button(SUBJECT), menu_button()),
    )


async def _for_the_young(talk: Talk, topic: str) -> Message:
    """A person of the desk pairs them: at the desk or in a group, and nobody learns how they are reached."""
    words = await talk.text(
        "words",
        _("A person at the desk finds somebody for you. You meet at the desk or in a group, and nobody gets your "
          "contact. What would you like help with? A few words are enough."),
        private=True, most_chars=_WISH_CHARS, tells=True,
    )  # fmt: skip
    card = _("A mentor for somebody of 15 to 17. Topic: {topic}. In their words: {words}", topic=topic_name(topic),
             words=words)  # fmt: skip
    opened = await talk.do(
        tickets.open_ticket, talk.person, {"question": talk.scene.catalogs.say(card, _STAFF_LANGUAGE)},
        place=talk.desk.place.id, zone=talk.desk.zone, now=talk.scene.now, subject=SUBJECT,
    )  # fmt: skip
    said = _("Your question has number {number}. A person at the desk reads it and answers you here. "
             "Until then you can add to it or ask me something else.", number=str(opened.number))  # fmt: skip
    return Message(said, tone=Tone.INFO, buttons=(menu_button(),))


async def _wanted(talk: Talk, topic: str, found: Sequence[Mentor]) -> Wanted:
    own = talk.person.language
    known = {code for one in found for code in one.languages if code in LANGUAGES}
    ordered = sorted(known, key=lambda code: (code != own, list(LANGUAGES).index(code)))
    language = await talk.choose(
        "language", _("Which language do you want to speak with your mentor?"),
        [Option(code, raw(LANGUAGES[code].native)) for code in ordered],
    )  # fmt: skip
    how = await talk.choose("how", _("How do you want to meet?"), _HOW)
    gender = await talk.choose("gender", _("Would you rather meet a woman or a man?"), _WHO, private=True)
    return Wanted(topic, language, "" if how == _ANY else how, "" if gender == _ANY else gender)


def _nobody_fits() -> Message:
    return Message(
        _("No mentor fits all of this now. You can look again with other answers, or a person at the desk finds "
          "somebody for you."),
        buttons=(mentors_button(), person_button(SUBJECT), menu_button()),
    )  # fmt: skip


async def _choose_mentor(talk: Talk, fits: Sequence[Fit], wanted: Wanted) -> Fit:
    by_id = {str(fit.mentor.id): fit for fit in fits}
    lines = [_("These people suit you. Whom would you like to meet?")]
    lines += [_why(talk, fit, wanted, number) for number, fit in enumerate(fits, start=1)]
    options = [
        Option(key, raw(f"{number}. {fit.mentor.name[:_NAME_CHARS]}"))
        for number, (key, fit) in enumerate(by_id.items(), start=1)
    ]
    return by_id[await talk.choose("mentor", joined(lines, "\n\n"), options)]


def _why(talk: Talk, fit: Fit, wanted: Wanted, number: int) -> Text:
    """Who it is and why they are shown, in a line; below it what they say of themselves, if it is in this language."""
    mentor, language = fit.mentor, spoken(wanted.language, talk.person.language)
    when = fit.slots[0].starts_at.astimezone(ZoneInfo(mentor.zone))
    if wanted.topic == OTHER or wanted.topic not in mentor.topics:
        why = _("{n}. {name}. Language: {language}. First free time: {when}", n=number, name=mentor.name,
                language=language, when=when)  # fmt: skip
    else:
        why = _("{n}. {name}. Language: {language}. Helps with: {topic}. First free time: {when}", n=number,
                name=mentor.name, language=language, topic=topic_name(wanted.topic), when=when)  # fmt: skip
    about = str(mentor.about.get(talk.person.language, ""))
    return joined([why, raw(about)]) if about else why


async def _choose_rest(talk: Talk, fit: Fit, wanted: Wanted) -> Message:
    mentor = fit.mentor
    slot = await choose_time(talk, _("When can you come? These days {name} is free.", name=mentor.name), fit.slots)
    mediator = await talk.choose(
        "mediator", _("Do you need a cultural mediator or an interpreter at the meeting?"),
        (Option(_NO, _("No")), Option(_YES, _("Yes"))),
    ) == _YES  # fmt: skip
    wish = await talk.text(
        "wish",
        _("Is there anything that {name} should know before? Please write no phone number and no address.",
          name=mentor.name),
        private=True, most_chars=_WISH_CHARS, skip=SKIP, tells=True,
    )  # fmt: skip
    told = await where_to_remind(talk)
    if not await talk.confirm("sure", _review(talk, fit, slot, told, mediator=mediator)):
        return Message(_("Fine, nothing was saved."), buttons=(mentors_button(), menu_button()))
    asking = Asking(talk.person.person_id, mentor.id, slot.day, slot.minute, wanted.topic, wanted.language, fit.online,
                    wanted.how, wanted.gender, mediator, wish, Remind(told.remind), talk.person.address_id)  # fmt: skip
    return await _ask(talk, mentor, asking, told)


def _review(talk: Talk, fit: Fit, slot: Slot, told: Told, *, mediator: bool) -> Text:
    where = _("Online") if fit.online else raw(place_of(fit.mentor, talk.desk))
    lines = [
        _("Mentor: {name}", name=fit.mentor.name),
        _("When: {when}", when=slot.starts_at.astimezone(ZoneInfo(fit.mentor.zone))),
        _("Where: {place}", place=where),
        _("Reminders: {way}", way=short(told.remind)),
        *([_("With a mediator or an interpreter")] if mediator else []),
        _("Shall we ask {name} for this time?", name=fit.mentor.name),
    ]
    return joined(lines)


async def _ask(talk: Talk, mentor: Mentor, asking: Asking, told: Told) -> Message:
    try:
        await keep_phone(talk, told)
        booking = await talk.do(arranging.book, asking, talk.desk, talk.scene.now)
    except TimeGone:
        raise AskAgain(DAY, because=_("Somebody else has this time now. Please choose another one.")) from None
    except Busy:
        raise AskAgain(DAY, because=_("You have another meeting at this time. Please choose another one.")) from None
    except NotShown:
        raise AskAgain("mentor", because=_("This mentor takes nobody now. Please choose somebody else.")) from None
    await talk.do(planning.replan_booking, booking.id, talk.desk, talk.scene.now)
    until = (booking.answer_by or booking.starts_at).astimezone(ZoneInfo(booking.zone))
    said = _("We ask {name} now. You get the answer here, at the latest: {when}. If it is no, we ask somebody else who "
             "suits you.", name=mentor.name, when=until)  # fmt: skip
    lines = [said, await where_line(talk, told)]
    return Message(
        joined(lines), tone=Tone.INFO, buttons=(meeting_button(booking.id), person_button(SUBJECT), menu_button())
    )
