"""Language practice: what somebody offers and wants; nobody is proposed before a person at the desk has met them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import checks, pairing, pairs
from bot.domain.happenings import Kind
from bot.domain.mentors import Gender
from bot.domain.pairing import Seen
from bot.domain.pairs import Practice, Profile
from bot.i18n import LANGUAGES, Text, _, joined, language_name, raw
from flows.common import SKIP, menu_button, person_button, several
from flows.menu import menu_message
from flows.offices import desk_line
from flows.whom import AGES, Age

TITLE: Final = _("🗣 Language practice")
SUBJECT: Final = "practice"
# Ids are stored with what somebody told.
TIMES: Final[dict[str, Text]] = {
    "morning": _("In the morning"),
    "afternoon": _("In the afternoon"),
    "evening": _("In the evening"),
    "weekend": _("At the weekend"),
}
_NAME_CHARS: Final = 40
_CONTACT_CHARS: Final = 120
_ANY: Final = "any"
_SLOVENE: Final = "sl"


def practice_button() -> Button:
    """To what one has told about practising, or to the questions."""
    return Button(TITLE, Bind("practice"))


async def practice(talk: Talk) -> Message:
    """What the person has told, and their pairs; without that, the questions first."""
    held = await talk.look(pairs.of_person, talk.person.person_id)
    return await _mine(talk, held) if held is not None else await new_practice(talk)


async def new_practice(talk: Talk) -> Message:
    """Ask what they offer and want; what they told before stays until then."""
    if talk.frame.asked is None:
        talk.say(_about())
    age = Age(await talk.choose("age", _("How old are you?"), [Option(*one) for one in AGES.items()], private=True))
    if age is Age.CHILD:
        return Message(
            _("Under 15, a person at the desk arranges this, together with a parent or guardian. Please write to us "
              "here, or come by."),
            buttons=(person_button(SUBJECT), menu_button()),
        )  # fmt: skip
    if age is Age.YOUTH:
        talk.say(Message(_youth(), tone=Tone.NOTICE))
    profile = await _profile(talk, age)
    if not await talk.confirm("right", joined([*_told(talk, profile), _right()])):
        return Message(
            _("Fine, nothing was saved."), buttons=(practice_button(), person_button(SUBJECT), menu_button())
        )
    held = await talk.do(pairs.register, talk.person.person_id, profile, talk.person.address_id, talk.scene.now)
    talk.note(Kind.SIGNED_UP, what="pair")
    return _registered(talk, held)


def _about() -> Message:
    lines = [
        _("You meet somebody to practise a language: a bit in yours, a bit in theirs."),
        _("First a few questions, then a person at the desk meets you. We propose you to nobody before."),
    ]
    return Message(joined(lines), title=TITLE, tone=Tone.NOTICE)


def _youth() -> Text:
    return joined(
        [
            _("At your age the desk finds somebody of your age. You meet at the desk or in a group."),
            _("Nobody gets your telephone number or address."),
        ]
    )


def _right() -> Text:
    return _("Only the desk sees this until you and the other person both say yes. Is it right?")


async def _profile(talk: Talk, age: Age) -> Profile:
    local = await talk.choose(
        "local", _("Which fits you better?"),
        [Option("newcomer", _("I am new here")), Option("local", _("I am from here"))], private=True,
    )  # fmt: skip
    offers, wants = await _languages(talk)
    when = await several(
        talk, "when", _("When do you have time? Choose one after another."),
        [Option(*one) for one in TIMES.items()], least=0, enough=_("It changes"),
    )  # fmt: skip
    with_gender, gender = await _genders(talk)
    name = await talk.text(
        "name", _("What may the other person call you? A first name or a nickname is enough."), private=True,
        most_chars=_NAME_CHARS,
    )  # fmt: skip
    contact = await _contact(talk) if age is Age.ADULT else ""
    return Profile(
        tuple(offers), tuple(wants), local == "local", pairs.ADULT if age is Age.ADULT else pairs.YOUTH, gender,
        with_gender, " ".join(name.split()), " ".join(contact.split()), tuple(when),
    )  # fmt: skip


async def _languages(talk: Talk) -> tuple[list[str], list[str]]:
    options = language_options(talk.person.language)
    offers = await several(
        talk, "offers", _("Which languages can you help somebody with? Choose them one after another."), options,
        least=0, enough=_("None of these"),
    )  # fmt: skip
    wants = await several(
        talk, "wants", _("Which languages do you want to practise? Choose them one after another."),
        [option for option in options if option.id not in offers], least=0, enough=_("None, I help others"),
    )  # fmt: skip
    if not offers and not wants:
        raise AskAgain("offers.0", because=_("Please choose at least one language."))
    return offers, wants


def language_options(language: str) -> list[Option]:
    """All languages of the desk, Slovene and the person's own first."""
    first = list(dict.fromkeys([_SLOVENE, language]))
    codes = [*first, *(code for code in LANGUAGES if code not in first)]
    return [Option(code, raw(_named(code, language))) for code in codes]


def _named(code: str, language: str) -> str:
    if (code, language) == ("sl", "en"):
        return "Slovene"  # as everywhere else in our texts
    # The Latin and the Cyrillic language of one region have one name in some languages.
    return LANGUAGES[code].native if code in {"bs", "sr"} else language_name(code, language)


def named(codes: Sequence[str], language: str) -> list[str]:
    """What these languages are called in `language`."""
    return [_named(code, language) for code in codes if code in LANGUAGES]


async def _genders(talk: Talk) -> tuple[str, str]:
    """With whom they want to meet, and what they are; nobody has to say."""
    wanted = await talk.choose(
        "with_gender", _("With whom do you want to practise?"),
        [Option(_ANY, _("It does not matter")), Option(Gender.WOMAN, _("With a woman")),
         Option(Gender.MAN, _("With a man"))],
        private=True,
    )  # fmt: skip
    own = await talk.choose(
        "gender", _("Some people practise only with women, or only with men. What are you?"),
        [Option(_ANY, _("I do not say")), Option(Gender.WOMAN, _("A woman")), Option(Gender.MAN, _("A man"))],
        private=True,
    )  # fmt: skip
    return wanted.replace(_ANY, Gender.UNTOLD), own.replace(_ANY, Gender.UNTOLD)


async def _contact(talk: Talk) -> str:
    return await talk.text(
        "contact", _("How may the other person reach you, if both of you agree to that later? For example a telephone "
                     "number. You can skip this: the desk passes messages on."),
        private=True, most_chars=_CONTACT_CHARS, skip=SKIP,
    )  # fmt: skip


def _told(talk: Talk, profile: Profile) -> list[Text]:
    return [_("Name: {name}", name=profile.name), *_spoken(talk, profile.offers, profile.wants)]


def _spoken(talk: Talk, offers: Sequence[str], wants: Sequence[str]) -> list[Text]:
    lines = []
    if offers:
        lines.append(_("You help with: {languages}", languages=named(offers, talk.person.language)))
    if wants:
        lines.append(_("You want to practise: {languages}", languages=named(wants, talk.person.language)))
    return lines


def _first_a_meeting(talk: Talk) -> list[Text]:
    here = desk_line(talk.desk, talk.person.language)
    return [
        _("Before we look for somebody, a person at the desk meets you and sees who you are. Bring a document with a "
          "photo; we keep nothing of it."),
        *([here] if here else []),
    ]  # fmt: skip


def _registered(talk: Talk, held: Practice) -> Message:
    lines = [_("Thank you, {name}. It is saved.", name=held.name)]
    if not checks.good(held.checked_on, talk.desk, talk.scene.now):
        lines += _first_a_meeting(talk)
    lines.append(_("When somebody suits you, we write to you here."))
    return Message(joined(lines), tone=Tone.INFO, buttons=(practice_button(), person_button(SUBJECT), menu_button()))


async def _mine(talk: Talk, held: Practice) -> Message:
    found = await talk.look(pairing.of_person, talk.person.person_id)
    lines = _spoken(talk, held.offers, held.wants)
    if held.paused:
        lines.append(_("You take a break: we propose you to nobody."))
    elif not checks.good(held.checked_on, talk.desk, talk.scene.now):
        lines += _first_a_meeting(talk)
    elif not found:
        lines.append(_("We are looking for somebody who suits you, and write to you here."))
    break_button = Button(_("▶️ Look again"), Bind("resumepractice")) if held.paused else Button(
        _("⏸ Take a break"), Bind("pausepractice"))  # fmt: skip
    return Message(
        joined(lines), title=TITLE,
        buttons=(
            *(pair_button(one, number) for number, one in enumerate(found, start=1)),
            Button(_("✏️ Change"), Bind("newpractice")), break_button,
            Button(_("🗑 Remove me"), Bind("droppractice")), person_button(SUBJECT), menu_button(),
        ),
    )  # fmt: skip


def pair_button(one: Seen, number: int) -> Button:
    """To one pair; no name before both have said yes."""
    if one.pair.state == pairs.PairState.PROPOSED:
        return Button(_("👋 A proposal"), Bind("pair", str(one.pair.id)))
    name = one.other.name if one.other is not None and not one.young else ""
    label = raw(f"{number}. {name}") if name else _("{number}. Your pair", number=number)
    return Button(label, Bind("pair", str(one.pair.id)))


async def pause_practice(talk: Talk) -> Message:
    """Be proposed to nobody for a while."""
    return await _set_paused(talk, paused=True)


async def resume_practice(talk: Talk) -> Message:
    """Be proposed again."""
    return await _set_paused(talk, paused=False)


async def _set_paused(talk: Talk, *, paused: bool) -> Message:
    held = await talk.do(pairs.set_paused, talk.person.person_id, paused=paused)
    return await _mine(talk, held) if held is not None else _nothing_there()


async def drop_practice(talk: Talk) -> Message:
    """Practise no more: what was told is deleted, pairs end."""
    if await talk.look(pairs.of_person, talk.person.person_id) is None:
        return _nothing_there()
    sure = _("Delete what you told us about language practice? If you practise with somebody, that ends too; they are "
             "told only that it has ended.")  # fmt: skip
    if not await talk.confirm("drop", sure):
        return Message(_("Fine, nothing was deleted."), buttons=(practice_button(), menu_button()))
    await talk.do(pairing.forget, talk.person.person_id, talk.scene.now)
    return Message(_("It is deleted. You can come back any time."), tone=Tone.INFO,
                   buttons=(practice_button(), menu_button()))  # fmt: skip


def _nothing_there() -> Message:
    return menu_message(_("You are not on the list for language practice."))
