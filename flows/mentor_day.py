"""A time with one of the two experts of a mentor day: whom, when, about what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import bookings, events, mentor_days, seated
from bot.domain.bookings import Busy, NotShown, Over, TimeGone
from bot.domain.events import Event
from bot.domain.mentor_days import HasOne, Wanted
from bot.domain.mentors import Mentor
from bot.domain.slots import Slot
from bot.domain.wall import write_clock
from bot.i18n import LANGUAGES, Text, _, joined, raw
from flows.common import SKIP, menu_button, person_button
from flows.meeting_lines import SUBJECT, meeting_button
from flows.whereto import Told, keep_phone, short, where_line, where_to_remind
from flows.whom import AGES, Age

TITLE: Final = _("🧑‍🏫 Mentor day")
_WORDS_CHARS: Final = 500
_LONGEST_LABEL: Final = 40
_YES, _NO = "yes", "no"


async def mentor_day(talk: Talk) -> Message:
    """From the event's card to a time with an expert."""
    found = await talk.look(events.find, seated.number_of(talk.object))
    event = found[0] if found is not None else None
    if event is None or not mentor_days.is_open(event, talk.scene.now):
        return _over()
    experts = await talk.look(mentor_days.experts, event, talk.desk, talk.scene.now)
    free = await talk.look(mentor_days.free, event, experts, talk.scene.now)
    held = await talk.look(mentor_days.of_person, event.id, talk.person.person_id)
    known = {one.mentor_id for one in held}
    open_ = [one for one in experts if free[one.id] and one.id not in known]
    mine = tuple(meeting_button(one.id) for one in held[:1])
    if not open_:
        return _full(event, mine)
    if await _too_young(talk):
        return _for_the_young()
    return await _choose(talk, event, open_, free, mine)


def _over() -> Message:
    return Message(
        _("On this day no times with experts can be booked any more."), title=TITLE,
        buttons=(_list_button(), person_button(SUBJECT), menu_button()),
    )  # fmt: skip


def _list_button() -> Button:
    return Button(_("📅 All events"), Bind("events"))


def _event_button(event: Event) -> Button:
    return Button(TITLE, Bind("event", str(event.id)))


def _full(event: Event, mine: Sequence[Button]) -> Message:
    text = _("All times with the experts are taken. You can come all the same and ask whether somebody is free.")
    if mine:
        text = _("You have a time on this day. The others are taken.")
    return Message(text, title=TITLE, buttons=(*mine, _event_button(event), person_button(SUBJECT), menu_button()))


async def _too_young(talk: Talk) -> bool:
    if await talk.look(bookings.of_people, [talk.person.person_id]):
        return False  # who has booked before is an adult
    ask = _("How old are you? For people under 18 a person at the desk arranges meetings.")
    return await talk.choose("age", ask, [Option(*one) for one in AGES.items()], private=True) != Age.ADULT


def _for_the_young() -> Message:
    return Message(
        _("A person at the desk helps you, together with a parent or another adult whom you trust."), title=TITLE,
        buttons=(person_button(SUBJECT), menu_button()),
    )  # fmt: skip


async def _choose(
    talk: Talk, event: Event, experts: Sequence[Mentor], free: dict[int, list[Slot]], mine: Sequence[Button]
) -> Message:
    by_id = {str(one.id): one for one in experts}
    lines = [_("Each talk takes {n} minutes. Whom do you want to talk to?", n=mentor_days.PIECE_MINUTES)]
    lines += [_who(talk, one, number) for number, one in enumerate(experts, start=1)]
    options = [Option(key, raw(f"{number}. {one.name[:_LONGEST_LABEL]}"))
               for number, (key, one) in enumerate(by_id.items(), start=1)]  # fmt: skip
    expert = by_id[await talk.choose("expert", joined(lines), options, beside=mine)]
    slots = {one.starts_at.isoformat(): one for one in free[expert.id]}
    times = [Option(key, raw(write_clock(one.minute))) for key, one in slots.items()]
    slot = slots[await talk.choose("time", _("When do you want to talk to {name}?", name=expert.name), times)]
    language, mediator = await _language(talk, expert)
    words = await talk.text(
        "words", _("What do you want to talk about? A few words help {name} to prepare. Please write no phone number.",
                   name=expert.name),
        private=True, most_chars=_WORDS_CHARS, skip=SKIP, tells=True,
    )  # fmt: skip
    told = await where_to_remind(talk)
    if not await talk.confirm("sure", _review(event, expert, slot, told)):
        return Message(_("Fine, nothing was saved."), buttons=(_event_button(event), menu_button()))
    wanted = Wanted(event.id, expert.id, slot.starts_at, talk.person.person_id, language, told.remind,
                    talk.person.address_id, mediator, words)  # fmt: skip
    return await _book(talk, event, expert, wanted, told)


def _who(talk: Talk, expert: Mentor, number: int) -> Text:
    """Name, languages, and what they say of themselves, where it is told in this language."""
    spoken = [LANGUAGES[code].native for code in expert.languages if code in LANGUAGES]
    who = _("{n}. {name}. Languages: {languages}", n=number, name=expert.name, languages=spoken)
    about = str(expert.about.get(talk.person.language, ""))
    return joined([who, raw(about)]) if about else who


async def _language(talk: Talk, expert: Mentor) -> tuple[str, bool]:
    """In which language they talk, and whether somebody must interpret; asked only where theirs is not spoken."""
    known = [code for code in expert.languages if code in LANGUAGES]
    own = talk.person.language
    if own in known or not known:
        return own, False
    language = known[0]
    if len(known) > 1:
        language = await talk.choose(
            "language", _("{name} does not speak your language. Which one would you use?", name=expert.name),
            [Option(code, raw(LANGUAGES[code].native)) for code in known],
        )  # fmt: skip
    mediator = await talk.choose(
        "mediator", _("Do you need a cultural mediator or an interpreter at the meeting?"),
        (Option(_NO, _("No")), Option(_YES, _("Yes"))),
    )  # fmt: skip
    return language, mediator == _YES


def _review(event: Event, expert: Mentor, slot: Slot, told: Told) -> Text:
    when = slot.starts_at.astimezone(ZoneInfo(event.zone))
    lines = [
        _("Expert: {name}", name=expert.name),
        _("When: {when}", when=when),
        *([_("Where: {place}", place=event.where)] if event.where else []),
        _("Reminders: {way}", way=short(told.remind)),
        _("Is this right?"),
    ]
    return joined(lines)


async def _book(talk: Talk, event: Event, expert: Mentor, wanted: Wanted, told: Told) -> Message:
    try:
        await keep_phone(talk, told)
        booking = await talk.do(mentor_days.book, wanted, talk.desk, talk.scene.now)
    except TimeGone:
        raise AskAgain("time", because=_("Somebody else has this time now. Please choose another one.")) from None
    except Busy:
        raise AskAgain("time", because=_("You have another meeting at this time. Please choose another one.")) from None
    except (NotShown, HasOne):
        raise AskAgain("expert", because=_("This cannot be booked any more. Please choose again.")) from None
    except Over:
        return _over()
    when = booking.starts_at.astimezone(ZoneInfo(event.zone))
    lines = [
        _("You have a time with {name}: {when}", name=expert.name, when=when),
        *([_("Where: {place}", place=event.where)] if event.where else []),
        *([_("You asked for a mediator or an interpreter. The desk arranges it.")] if wanted.mediator else []),
        await where_line(talk, told),
    ]
    return Message(
        joined(lines), title=TITLE, tone=Tone.INFO,
        buttons=(meeting_button(booking.id), _event_button(event), person_button(SUBJECT), menu_button()),
    )  # fmt: skip
