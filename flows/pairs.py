"""A pair for language practice, as each of the two has it: proposal, answer, words passed on, contact, end."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from bot.dialog.messages import Bind, Button, Message, Tone
from bot.dialog.talk import Talk
from bot.domain import pairing, pairs
from bot.domain.happenings import Kind
from bot.domain.pairing import Seen
from bot.domain.pairs import Fit, NotFitting, PairOver, PairState, Practice
from bot.i18n import Text, _, joined, raw
from flows.common import menu_button, person_button
from flows.practice import SUBJECT, TIMES, TITLE, named, practice_button

_NOTE_CHARS: Final = 600
_CONTACT_CHARS: Final = 120
_LARGEST_ID: Final = 2**63 - 1


def _bind(verb: str, one: Seen) -> Bind:
    return Bind(verb, str(one.pair.id))


def _id(talk: Talk) -> int:
    named_id = talk.object
    number = int(named_id) if named_id.isascii() and named_id.isdigit() and len(named_id) < 20 else 0  # noqa: PLR2004
    return number if number <= _LARGEST_ID else 0


async def _seen(talk: Talk) -> Seen:
    """The pair that the button names. Raises PairOver when it is none of theirs."""
    return await talk.look(pairing.seen, _id(talk), talk.person.person_id)


def over() -> Message:
    """What has ended, or is none of theirs."""
    return Message(
        _("This proposal or practice has ended."), title=TITLE, tone=Tone.INFO,
        buttons=(practice_button(), person_button(SUBJECT), menu_button()),
    )  # fmt: skip


def _fit(one: Seen) -> Fit:
    """What goes to and fro as both have told by now."""
    with suppress(NotFitting):
        if one.mine is not None and one.other is not None:
            return pairs.fit(one.mine, one.other)
    return Fit((), (), ())


def proposal(one: Seen, language: str) -> Message:
    """Somebody who suits them: languages and time, no name."""
    why = _fit(one)
    lines = [_("Somebody could practise with you.")]
    if why.takes:
        lines.append(_("This person helps you with: {languages}", languages=named(why.takes, language)))
    if why.gives:
        lines.append(_("You help with: {languages}", languages=named(why.gives, language)))
    if why.when:
        lines.append(_("You both have time: {times}", times=[TIMES[part] for part in why.when if part in TIMES]))
    if one.other is not None and one.other.local:
        lines.append(_("This person is from here."))
    lines += _young_rules() if one.young else [
        _("You learn each other's names only if both of you say yes. You can end it at any time, without a reason.")
    ]  # fmt: skip
    return Message(
        joined(lines), title=TITLE,
        buttons=(
            Button(_("✅ Yes, please"), _bind("pairyes", one)), Button(_("❌ No, thank you"), _bind("pairno", one)),
            person_button(SUBJECT), menu_button(),
        ),
    )  # fmt: skip


def _young_rules() -> list[Text]:
    return [_("You meet at the desk or in a group, and a person of the desk arranges it. You can end it at any time.")]


def agreed(one: Seen, language: str) -> Message:
    """A pair that both agreed to, and what they can do now."""
    if one.young:
        lines = [_("Both of you said yes."), *_young_rules()]
        return Message(joined(lines), title=TITLE,
                       buttons=(_end_button(one), person_button(SUBJECT), menu_button()))  # fmt: skip
    name = _name(one)
    lines = [_("You practise with {name}.", name=name)]
    if one.pair.languages:
        lines.append(_("Languages: {languages}", languages=named(one.pair.languages, language)))
    lines.append(_contact_line(one, name))
    if not one.both_share:
        lines.append(_("Meet for the first time at the desk, in a library or a café."))
    return Message(joined(lines), title=TITLE, buttons=(*_agreed_buttons(one), person_button(SUBJECT), menu_button()))


def _contact_line(one: Seen, name: str) -> Text:
    if one.both_share:
        contact = one.other.contact if one.other is not None else ""
        return _("This is how you reach {name}: {contact}", name=name, contact=contact)
    if one.shares:
        return _("You agreed to exchange how to reach each other. We wait for {name}.", name=name)
    if one.asked:
        return _("{name} would like that you exchange how to reach each other. If you want it too, press “Share "
                 "contact”; else you need not do anything.", name=name)  # fmt: skip
    return _("Write to {name} here: the desk passes it on, without your number. If both of you want, you can exchange "
             "how to reach each other.", name=name)  # fmt: skip


def _agreed_buttons(one: Seen) -> list[Button]:
    buttons = [Button(_("✉️ Write"), _bind("pairnote", one))]
    if not one.shares:
        buttons.append(Button(_("🤝 Share contact"), _bind("pairshare", one)))
    elif not one.both_share:
        buttons.append(Button(_("↩️ Do not share"), _bind("pairunshare", one)))
    return [*buttons, _end_button(one)]


def _end_button(one: Seen) -> Button:
    return Button(_("⏹ End it"), _bind("pairend", one))


def _name(one: Seen) -> str:
    return one.other.name if one.other is not None else ""


def news(one: Seen, language: str) -> Message:
    """What there is to tell to one of the two now."""
    if one.pair.state == PairState.PROPOSED:
        return proposal(one, language)
    return agreed(one, language) if one.pair.state == PairState.AGREED else ended()


def ended() -> Message:
    """Pushed to whoever did not end it."""
    return Message(
        _("Your language practice, or the proposal for one, has ended. If you like, we look for somebody else."),
        title=TITLE, tone=Tone.INFO, buttons=(practice_button(), person_button(SUBJECT), menu_button()),
    )  # fmt: skip


def discreet(one: Seen) -> Message:
    """Pushed in place of anything else to whoever wants that nobody can read anything from it."""
    return Message(_("There is something new for you."), tone=Tone.INFO,
                   buttons=(Button(_("Show"), _bind("pair", one)), menu_button()))  # fmt: skip


def passed_on(one: Seen, words: str) -> Message:
    """What the other has written, without an address."""
    return Message(
        joined([_("{name} writes to you:", name=_name(one)), raw(words)]), title=TITLE,
        buttons=(Button(_("✉️ Answer"), _bind("pairnote", one)), _end_button(one), person_button(SUBJECT)),
    )  # fmt: skip


def check_in(one: Seen) -> Message:
    """Three months later, once."""
    text = _("You have practised together for three months now. How is it going?")
    return Message(
        text, title=TITLE,
        buttons=(Button(_("😊 We go on"), _bind("pairstill", one)), _end_button(one), person_button(SUBJECT),
                 menu_button()),
    )  # fmt: skip


async def pair(talk: Talk) -> Message:
    """One pair as it is now."""
    try:
        return _card(talk, await _seen(talk))
    except PairOver:
        return over()


def _card(talk: Talk, one: Seen) -> Message:
    if one.pair.state == PairState.PROPOSED and one.yes:
        return Message(
            _("You said yes. Now we wait for the other person, and write to you here."), title=TITLE, tone=Tone.INFO,
            buttons=(Button(_("❌ Rather not"), _bind("pairno", one)), practice_button(), menu_button()),
        )  # fmt: skip
    if one.pair.state not in pairs.OPEN:
        return over()
    return news(one, talk.person.language)


async def pair_yes(talk: Talk) -> Message:
    """Yes to a proposal; the second yes makes them a pair."""
    try:
        waited = (await _seen(talk)).pair.state == PairState.PROPOSED
        one = await talk.do(pairing.answer, _id(talk), talk.person.person_id, talk.scene.now, yes=True)
    except PairOver:
        return over()
    if waited and one.pair.state == PairState.AGREED:
        talk.note(Kind.PAIRED, what="pair", id=str(one.pair.id))
    return _card(talk, one)


async def pair_no(talk: Talk) -> Message:
    """No to a proposal."""
    try:
        one = await _seen(talk)
        if one.pair.state != PairState.PROPOSED:
            return _card(talk, one)
        if not await talk.confirm("no", _("Say no to this proposal? The other person does not learn who you are.")):
            return _card(talk, one)
        await talk.do(pairing.answer, one.pair.id, talk.person.person_id, talk.scene.now, yes=False)
    except PairOver:
        return over()
    return Message(_("Fine. We go on looking for somebody who suits you."), title=TITLE, tone=Tone.INFO,
                   buttons=(practice_button(), person_button(SUBJECT), menu_button()))  # fmt: skip


async def pair_end(talk: Talk) -> Message:
    """End it, without a reason."""
    try:
        one = await _seen(talk)
        if one.pair.state not in pairs.OPEN:
            return over()
        sure = _("End this practice? You need not say why. The other person is told only that it has ended.")
        if not await talk.confirm("end", sure):
            return _card(talk, one)
        await talk.do(pairing.end, one.pair.id, talk.person.person_id, talk.scene.now)
    except PairOver:
        return over()
    text = _("It has ended. If something was not right, tell a person at the desk.")
    return Message(text, title=TITLE, tone=Tone.INFO,
                   buttons=(person_button(SUBJECT), practice_button(), menu_button()))  # fmt: skip


async def _adult_pair(talk: Talk) -> tuple[Seen, Practice]:
    """A pair of adults that both agreed to, with what the person told. Raises PairOver."""
    one = await _seen(talk)
    if one.pair.state != PairState.AGREED or one.young or one.mine is None or one.other is None:
        raise PairOver
    return one, one.mine


async def pair_share(talk: Talk) -> Message:
    """Let the other have what one may be reached by, once both do."""
    try:
        one, mine = await _adult_pair(talk)
        if one.shares:
            return _card(talk, one)
        contact = mine.contact or await talk.text(
            "contact", _("How may {name} reach you? For example a telephone number.", name=_name(one)), private=True,
            most_chars=_CONTACT_CHARS,
        )  # fmt: skip
        contact = " ".join(contact.split())
        sure = _("When {name} agrees too, {name} gets this to reach you: {contact}. Is that right?",
                 name=_name(one), contact=contact)  # fmt: skip
        if not await talk.confirm("share", sure):
            return Message(_("Fine, nothing was shared."), title=TITLE,
                           buttons=(*_agreed_buttons(one), practice_button(), menu_button()))  # fmt: skip
        one = await talk.do(pairing.share, one.pair.id, talk.person.person_id, talk.scene.now, contact=contact)
    except PairOver:
        return over()
    return _card(talk, one)


async def pair_unshare(talk: Talk) -> Message:
    """Take that back, as long as the other has not agreed."""
    try:
        one = await talk.do(pairing.share, _id(talk), talk.person.person_id, talk.scene.now, yes=False)
    except PairOver:
        return await pair(talk)
    return _card(talk, one)


async def pair_note(talk: Talk) -> Message:
    """Write to the other; the desk passes it on."""
    try:
        one, _mine = await _adult_pair(talk)
        words = await talk.text(
            "words", _("Write to {name}. Your number and address do not go with it.", name=_name(one)), private=True,
            most_chars=_NOTE_CHARS, tells=True,
        )  # fmt: skip
        left = await talk.do(pairing.write, one.pair.id, talk.person.person_id, words, talk.scene.now)
    except PairOver:
        return over()
    text = _("We pass it on to {name}. The answer comes here.", name=_name(one)) if left else _(
        "{name} has not got your last messages yet. Please wait a little.", name=_name(one))  # fmt: skip
    return Message(text, title=TITLE, tone=Tone.INFO, buttons=(*_agreed_buttons(one), menu_button()))


async def pair_still(talk: Talk) -> Message:
    """They go on."""
    try:
        first = await talk.do(pairing.still, _id(talk), talk.person.person_id)
    except PairOver:
        return over()
    if first:
        talk.note(Kind.MET, what="pair", id=talk.object)
    return Message(_("That is good to hear. Have fun together!"), title=TITLE,
                   buttons=(practice_button(), menu_button()))  # fmt: skip
