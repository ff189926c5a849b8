"""For whom something is arranged: several people may be reached by one phone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from bot.dialog.messages import Message
from bot.dialog.questions import Option
from bot.dialog.talk import Talk
from bot.domain import dependents, happenings
from bot.domain.happenings import Kind
from bot.i18n import Text, _, raw
from flows.common import menu_button, person_button

KEYS: Final = ("whom", "whom.name", "whom.age")  # to ask again: `AskAgain("whom", …, only=KEYS)`
_NAME_CHARS: Final = 50  # so that it fits on a button
_KNOWN: Final = "p"  # before the id of somebody who is known already


class Who(StrEnum):
    """Who it is, seen from whoever writes."""

    ME = "me"
    CHILD = "child"
    OTHER = "other"


class Age(StrEnum):
    """As much of somebody's age as rules ask for."""

    ADULT = "adult"
    YOUTH = "15-17"
    CHILD = "under-15"


AGES: Final[dict[Age, Text]] = {
    Age.ADULT: _("18 or older"),
    Age.YOUTH: _("15 to 17"),
    Age.CHILD: _("Under 15"),
}


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom. `person_id` is None for somebody who is written down at the write; `name` is empty for oneself."""

    who: Who
    age: Age
    person_id: int | None = None
    name: str = field(default="", repr=False)

    @property
    def needs_parent(self) -> bool:
        """Under 15 and not signed up by a parent: then only a person of the desk goes on."""
        return self.age is Age.CHILD and self.who is not Who.CHILD

    @property
    def is_me(self) -> bool:
        """Whether it is whoever writes."""
        return self.who is Who.ME


async def for_whom(talk: Talk) -> Whom:
    """Ask for whom, for a name where it is somebody new, and for the age band. Then look at `needs_parent`."""
    known = await talk.look(dependents.of_person, talk.person.person_id)
    options = [Option(Who.ME, _("For me")), *(Option(f"{_KNOWN}{one.id}", raw(one.name or "?")) for one in known)]
    if len(known) < dependents.MOST:
        options += [Option(Who.CHILD, _("For my child")), Option(Who.OTHER, _("For another person"))]
    chosen = await talk.choose("whom", _("For whom is it?"), options, private=True)
    if chosen == Who.ME:
        return Whom(Who.ME, await _age(talk, _("How old are you?")), talk.person.person_id)
    if chosen.startswith(_KNOWN):
        one = next(one for one in known if f"{_KNOWN}{one.id}" == chosen)
        # They may have been written down as a child: whoever is under 15 is then signed up by whom they live with.
        age = await _age(talk, _("How old is {name}?", name=one.name or "?"))
        return Whom(Who.CHILD if age is Age.CHILD else Who.OTHER, age, one.id, one.name or "")
    ask = _("What is the name of your child? The first name is enough.")
    if chosen == Who.OTHER:
        ask = _("What is the name of this person? The first name is enough.")
    name = " ".join((await talk.text("whom.name", ask, private=True, most_chars=_NAME_CHARS)).split())
    return Whom(Who(chosen), await _age(talk, _("How old is {name}?", name=name)), None, name)


async def _age(talk: Talk, text: Text) -> Age:
    options = [Option(age, label) for age, label in AGES.items()]
    return Age(await talk.choose("whom.age", text, options, private=True))


async def settle(talk: Talk, whom: Whom) -> int:
    """The person's id; somebody new is written down. A write: no question may follow. Raises dependents.TooMany."""
    if whom.is_me:
        return talk.person.person_id
    if whom.person_id is not None:
        await talk.do(dependents.touch, whom.person_id, talk.scene.now)
        return whom.person_id
    return await talk.do(dependents.write_down, talk.person, whom.name, talk.scene.now)


async def note_for(talk: Talk, person_id: int, kind: Kind, /, **data: Any) -> None:  # noqa: ANN401
    """Count something that happened to this person, who may be reached by whoever writes."""
    pseudonym = await talk.look(dependents.pseudonym, person_id)
    who = replace(talk.person, pseudonym=pseudonym or talk.person.pseudonym)
    row = happenings.row(kind, who, talk.scene.now, talk.desk.zone, talk.desk.place.id, **data)
    talk.effects.happenings.append(row)


def parent_first(about: str) -> Message:
    """What somebody under 15 reads, or whoever signs up a child that is not theirs."""
    return Message(
        _("Under 15, a parent or guardian signs up. They can do it in their own chat, or here. "
          "A person at the desk helps too."),
        buttons=(person_button(about), menu_button()),
    )  # fmt: skip
