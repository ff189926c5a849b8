"""Signing up for a course: for whom, which level, when, what one needs; then the review, and a place or the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.questions import Option
from bot.dialog.talk import AskAgain, Talk
from bot.domain import catalogue, clashes, courses, dependents, planning, seated, seats, waiting
from bot.domain.catalogue import Entry
from bot.domain.courses import Level, Offered
from bot.domain.happenings import Kind
from bot.domain.seats import Signup, SignupState, Wish
from bot.domain.waiting import OfferState
from bot.i18n import Text, _, joined, raw
from flows import course_lines, level_check, whereto, whom
from flows.common import menu_button, person_button, several
from flows.course_lines import WHEN, courses_button
from flows.courses import closed
from flows.level_check import LABELS, Placement, level_of
from flows.offers import answers
from flows.seated import my_signup_button, on_the_list, term, ways_on
from flows.whereto import Told
from flows.whom import Whom

_SHIFTS: Final = "shifts"
_WAIT, _MORE = "wait", "more"
_YES, _SOME, _NO, _OTHER = "yes", "some", "no", "other"
_NAME_CHARS: Final = 60
_MOST_CLASHES: Final = 2
_PAGE: Final = 4  # groups; a message of more is too long for the smallest channel
WHEN_LABELS: Final[dict[str, Text]] = {**WHEN, _SHIFTS: _("It changes every week (shifts)")}
# What can be answered anew after the review, by the name of its first key.
_PARTS: Final[dict[str, Text]] = {
    "whom": _("For whom"),
    "level": _("Level"),
    "when": _("When I can come"),
    "letters": _("Latin letters"),
    "childcare": _("Childcare"),
    "group": _("Group"),
    "travel": _("Help with the way there"),
    "name": _("Name"),
    "remind": _("Reminder"),
}
_TOGETHER: Final = {
    "whom": (*whom.KEYS, "name", "childcare"), "level": (*level_check.KEYS, "fits"), "remind": ("remind", "phone"),
}  # fmt: skip
# What follows from another answer, and is asked again with it.
_ALSO: Final = {"when": ("group",), "letters": ("group",), "childcare": ("group",), "group": ("travel",)}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody told to sign up. Without a group they wait."""

    whom: Whom
    placement: Placement
    when: tuple[str, ...]
    letters: str
    childcare: bool
    group: Offered | None
    travel: str
    told: Told
    name: str = field(repr=False)

    @property
    def wants(self) -> tuple[str, ...]:
        """When a place suits; whoever works in shifts decides about each."""
        return () if _SHIFTS in self.when else self.when

    def details(self) -> dict[str, Any]:
        """What staff need to know."""
        return {
            "level": self.placement.level or "", "how": self.placement.how, "shifts": _SHIFTS in self.when,
            "letters": self.letters, "childcare": self.childcare, "travel": self.travel, "age": str(self.whom.age),
        }  # fmt: skip


async def enrol(talk: Talk) -> Message:
    """Sign up for a course. `object`: the course, perhaps with the level that a self-check found."""
    what = talk.object.partition(":")[0]
    entry = await talk.look(catalogue.entry, seated.number_of(what), talk.scene.now)
    if entry is None:
        return closed()
    who = await whom.for_whom(talk)
    if who.needs_parent:
        return whom.parent_first("courses")
    mine = await _signed_up(talk, entry, who)
    if mine is not None:
        return _already(talk, entry, mine)
    asked = await _ask(talk, entry, who)
    if asked is None:
        talk.then("courses", entry.course.language)
        return Message(_("Fine, nothing was saved."))
    if not await talk.confirm("right", await _review(talk, entry, asked)):
        parts = [Option(part, label) for part, label in _PARTS.items() if part == "level" or _keys(talk, part)]
        part = await talk.choose("change", _("What is not right?"), parts)
        if part == "level":
            talk.frame.answers["object"] = what  # without the level that was found before
        raise AskAgain(part, because=_("Please answer this again."), only=[*_keys(talk, part), "right", "change"])
    return await _write(talk, entry, asked)


def _keys(talk: Talk, part: str) -> list[str]:
    """The keys under which the answers to this part, and to what follows from it, are stored."""
    together = {*_TOGETHER.get(part, (part,)), *_ALSO.get(part, ())}
    return [key for key in talk.frame.answers if key in together or key.partition(".")[0] in together]


def _group_keys(talk: Talk) -> list[str]:
    return [key for key in talk.frame.answers if key == "group" or key.startswith("group.")]


async def _signed_up(talk: Talk, entry: Entry, who: Whom) -> Signup | None:
    if who.person_id is None:
        return None
    return await talk.look(seats.active, courses.list_key(entry.course.id), who.person_id)


def _already(talk: Talk, entry: Entry, mine: Signup) -> Message:
    """They are signed up. Whoever waits may take a place that is free in another group."""
    own = my_signup_button(mine.id)
    if mine.state != SignupState.WAITING:
        return Message(
            _("You are signed up for this course already."), buttons=ways_on("courses", own, courses_button())
        )
    free = [one for one in entry.groups if seats.free_seats(one.seating) > 0][:_PAGE]
    lines = [_("You are on the waiting list already.")]
    lines += [_("These groups have a free place now. Press one to take it:")] if free else []
    for one in free:
        lines += [raw(""), *course_lines.group_lines(one, talk.person.language, entry.waiting)]
    buttons = [
        Button(option.label, Bind("takegroup", f"{mine.id}:{option.id}"))
        for option in course_lines.group_options(free, talk.person.language)
    ]
    return Message(joined(lines), buttons=ways_on("courses", *buttons, own, courses_button()))


async def take_group(talk: Talk) -> Message:
    """Somebody who waits takes a free place in a group that they see. `object`: their sign-up and the group."""
    mine, _colon, group_id = talk.object.partition(":")
    signup = await talk.look(seated.own, mine, talk.person.person_id)
    course = await talk.look(catalogue.course_of, signup) if signup is not None else None
    entry = await talk.look(catalogue.entry, course.id, talk.scene.now) if course is not None else None
    if signup is None or entry is None:
        return closed()
    group = next((one for one in entry.groups if str(one.group.id) == group_id), None)
    if group is None or signup.state != SignupState.WAITING:
        return _already(talk, entry, signup)
    try:
        await talk.do(waiting.claim, signup.id, group.group.id, talk.scene.now)
    except seats.SeatsError:
        sorry = _("Somebody else has just taken the last place. We are sorry.")
        return Message(sorry, buttons=ways_on("courses", my_signup_button(signup.id), courses_button()))
    await talk.do(planning.replan_signup, signup.id, talk.desk, talk.scene.now)
    await whom.note_for(
        talk, signup.person_id, Kind.SIGNED_UP, what="course", id=str(group.group.id), kind=entry.course.level
    )
    return _in(talk, signup, group)


async def _ask(talk: Talk, entry: Entry, who: Whom) -> _Asked | None:
    """All questions; None for somebody who would rather see other courses."""
    placement = await _level(talk, entry)
    if not await _fits(talk, entry, placement):
        return None
    when = await several(
        talk, "when", _("When can you come? Choose everything that suits, one after another."),
        [Option(one, label) for one, label in WHEN_LABELS.items()], least=1, enough=_("That is all"),
    )  # fmt: skip
    letters = await talk.choose(
        "letters", _("Can you read Latin letters (a, b, c)? If not, there may be a group that begins with them."),
        [Option(_YES, _("Yes")), Option(_SOME, _("A little")), Option(_NO, _("Not yet"))], private=True,
    )  # fmt: skip
    childcare = who.age is not whom.Age.CHILD and await talk.choose(
        "childcare", _("Do you need somebody to look after a child during the course?"),
        [Option(_NO, _("No, thank you")), Option(_YES, _("Yes"))], private=True,
    ) == _YES  # fmt: skip
    group = await _group(talk, entry, when, letters, childcare=childcare)
    travel = await _travel(talk, group)
    name = who.name or await talk.text(
        "name", _("What is your name, as you want it on the list and on the certificate?"), private=True,
        most_chars=_NAME_CHARS,
    )  # fmt: skip
    told = await whereto.where_to_remind(talk)
    return _Asked(who, placement, tuple(when), letters, childcare, group, travel, told, " ".join(name.split()))


async def _level(talk: Talk, entry: Entry) -> Placement:
    """What a self-check has found just before, or what is asked now."""
    found = talk.object.partition(":")[2]
    if found in list(Level):
        return Placement(Level(found), level_check.CHECKED)
    return await level_of(talk, entry.course.language)


async def _fits(talk: Talk, entry: Entry, placement: Placement) -> bool:
    if placement.level is None or catalogue.fits(entry.course, placement.level):
        return True
    level = Level(entry.course.level)
    if catalogue.LEVELS.index(level) > catalogue.LEVELS.index(placement.level):
        text = _("This course may be too hard: it is for {level}.", level=LABELS[level])
    else:
        text = _("This course may be too easy: it is for {level}.", level=LABELS[level])
    options = [Option(_YES, _("Sign up all the same")), Option(_OTHER, _("Show other courses"))]
    return await talk.choose("fits", text, options) == _YES


async def _group(talk: Talk, entry: Entry, when: list[str], letters: str, *, childcare: bool) -> Offered | None:
    """The group that was chosen among those with a free place; None for the waiting list."""
    wants = () if _SHIFTS in when else tuple(when)
    ordered = catalogue.in_order(entry.groups, wants, reads_latin=letters == _YES, childcare=childcare)
    free = [one for one in ordered if seats.free_seats(one.seating) > 0]
    if not free:
        return None
    language = talk.person.language
    ask = _("Which group do you want?")
    if not any(catalogue.suits(one, wants) for one in free):
        ask = _("No place is free at the times that you chose. These groups have places:")
    for page in range(0, len(free), _PAGE):
        shown = free[page : page + _PAGE]
        lines = [line for one in shown for line in (raw(""), *course_lines.group_lines(one, language, entry.waiting))]
        options = course_lines.group_options(shown, language)
        if len(free) > page + _PAGE:
            options.append(Option(_MORE, _("More groups")))
        options.append(Option(_WAIT, _("None of these: waiting list")))
        chosen = await talk.choose(f"group.{page}" if page else "group", joined([ask, *lines]), options)
        if chosen != _MORE:
            return next((one for one in shown if str(one.group.id) == chosen), None)
    return None


async def _travel(talk: Talk, group: Offered | None) -> str:
    """Whether somebody can come by themselves; not asked for what is only online."""
    if group is not None and group.group.online_url and not group.group.where:
        return ""
    text = _("Can you come to the course by yourself?")
    if group is not None and group.group.where:
        text = _("Can you come here by yourself? {place}", place=group.group.where)
    return await talk.choose(
        "travel", text, [Option(_YES, _("Yes")), Option(_NO, _("I need help with it"))], private=True
    )


async def _review(talk: Talk, entry: Entry, asked: _Asked) -> Text:
    """All that is going to be written, with what somebody should know before they say yes."""
    language = talk.person.language
    lines = [raw(course_lines.title(entry.course, language))]
    if asked.group is not None:
        lines += course_lines.group_facts(asked.group, language)
    else:
        full = bool(entry.groups) and (entry.free or 0) <= 0
        lines += [*([_("All groups are full now.")] if full else []), _("⏳ Waiting list")]
    lines += [
        _("Name: {name}", name=asked.name),
        _("Your level: {level}", level=asked.placement.line),
        _("When you can come: {list}", list=[WHEN_LABELS[one] for one in asked.when]),
    ]
    lines += [_("🧸 Childcare")] if asked.childcare else []
    lines += [_("You need help with the way there.")] if asked.travel == _NO else []
    lines += [_("Reminder: {how}", how=whereto.short(asked.told.remind)), *await _warnings(talk, asked)]
    return joined([*lines, _("Is this right?")])


async def _warnings(talk: Talk, asked: _Asked) -> list[Text]:
    """What does not go together; they may go on all the same."""
    if asked.group is None:
        return []
    found = []
    if asked.childcare and not asked.group.group.childcare:
        found.append(_("⚠️ This group has no childcare. A person at the desk looks for a way with you."))
    if asked.whom.person_id is not None:
        spans = [(one.starts_at, one.ends_at) for one in asked.group.sessions]
        busy = await talk.look(clashes.busy, asked.whom.person_id, talk.scene.now)
        at = clashes.overlapping(spans, busy)[:_MOST_CLASHES]
        local = [one.astimezone(talk.desk.place_of(asked.group.course.place).zone) for one in at]
        if local:
            found.append(_("⚠️ You have something else at the same time: {times}", times=local))
    return found


async def _write(talk: Talk, entry: Entry, asked: _Asked) -> Message:
    """Take the place, or join the list. What has filled up meanwhile is asked again."""
    key, now = courses.list_key(entry.course.id), talk.scene.now
    try:
        person_id = await whom.settle(talk, asked.whom)
    except dependents.TooMany:
        return Message(
            _("So many people are signed up from this chat already. A person at the desk goes on with you."),
            buttons=(person_button("courses"), menu_button()),
        )
    wish = Wish(person_id, 1, asked.name, asked.details(), asked.wants, asked.told.remind, talk.person.address_id)
    try:
        if asked.group is not None:
            signup = await talk.do(courses.enrol, asked.group.group.id, wish, now)
        else:
            signup = await _join(talk, entry, key, wish)
    except (seats.Full, seats.Closed):
        raise AskAgain(
            "group", because=_("That group has just filled up."), only=[*_group_keys(talk), "right"]
        ) from None
    except seats.AlreadySignedUp:
        mine = await talk.look(seats.active, key, person_id)
        return _already(talk, entry, mine) if mine is not None else closed()
    await whereto.keep_phone(talk, asked.told)
    await talk.do(planning.replan_signup, signup.id, talk.desk, now)
    kind = Kind.SIGNED_UP if asked.group is not None else Kind.WAITS
    what = asked.group.group.id if asked.group is not None else entry.course.id
    await whom.note_for(talk, person_id, kind, what="course", id=str(what), kind=entry.course.level)
    if asked.group is not None:
        return _in(talk, signup, asked.group, await whereto.where_line(talk, asked.told))
    return await _on_list(talk, signup, entry)


async def _join(talk: Talk, entry: Entry, key: str, wish: Wish) -> Signup:
    """A place on the list. The groups that somebody has just seen and not taken are not offered to them at once."""
    until = term(talk, entry.course.place)
    seen = {one.group.id for one in entry.groups if seats.free_seats(one.seating) > 0}
    signup = await talk.do(waiting.join, key, wish, until)
    offer = await talk.look(waiting.open_offer, signup.id)
    if (
        offer is not None
        and offer.seating_id in seen
        and _WAIT in [talk.frame.answers[one] for one in _group_keys(talk)]
    ):
        signup = await talk.do(waiting.pass_on, offer.id, OfferState.LATER, until)
    return signup


def _in(talk: Talk, signup: Signup, group: Offered, *below: Text) -> Message:
    lines = [_("✅ You have a place. See you there!"), raw(course_lines.title(group.course, talk.person.language))]
    coming = course_lines.coming(group.sessions, talk.scene.now)
    if coming:
        lines.append(_("First meeting: {when}", when=course_lines.at(coming[0])))
    lines += [*course_lines.where_lines(group.group, going=True), *below]
    return Message(
        joined(lines),
        buttons=ways_on("courses", my_signup_button(signup.id), *course_lines.map_buttons([group.group])),
    )


async def _on_list(talk: Talk, signup: Signup, entry: Entry) -> Message:
    """They wait: their place, and what happens next. What is free at this moment is offered at once."""
    offer = await talk.look(waiting.open_offer, signup.id)
    if offer is not None:
        said = _("A place has just become free. It is held for you: open it and answer.")
        return Message(said, buttons=(*answers(offer.id), my_signup_button(signup.id), menu_button()))
    lines = [
        _("⏳ You are on the waiting list."), raw(course_lines.title(entry.course, talk.person.language)),
        on_the_list(await talk.look(waiting.position, signup)),
        _("When a place becomes free, we write to you here, and hold it for you for some hours."),
        _("The list goes on from term to term: you keep your place on it."),
    ]  # fmt: skip
    where = Button(_("📚 Other courses"), Bind("courses"))
    return Message(joined(lines), buttons=ways_on("courses", my_signup_button(signup.id), where))
