"""Who may do what: one answer for web pages, live updates and chat buttons. What is not allowed here is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.staff import Role


class Verb(StrEnum):
    """Everything that the desk's own people can do."""

    LIST_CASES = "list cases"
    READ_CASE = "read case"
    CLAIM = "claim"
    REPLY = "reply"
    CLOSE = "close"
    TAKE_ALERT = "take alert"
    BE_ON_CALL = "be on call"
    READ_REPORT = "read report"
    READ_CONTENT = "read content"
    EDIT_CONTENT = "edit content"
    EDIT_FACTS = "edit facts"
    MANAGE_STAFF = "manage staff"
    RUN_SERVICES = "run services"  # make and change courses, events, mentors
    READ_PEOPLE = "read people"  # lists of those who have signed up
    TAKE_ATTENDANCE = "take attendance"
    CHECK_PEOPLE = "check people"  # write down that identity and conduct were checked
    SIGN_UP_OTHERS = "sign up others"


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff as the policy sees them: roles by place (empty: everywhere) and languages."""

    staff_id: int
    roles: frozenset[tuple[Role, str]]
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """What the policy needs to know of a case."""

    place: str = ""
    language: str = ""
    claimed_by: int | None = None
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the policy needs to know of a text: its language, and whether all others are made from it."""

    language: str
    source: bool = False


_DESK: Final = frozenset({Verb.LIST_CASES, Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.CLOSE, Verb.TAKE_ALERT,
                          Verb.BE_ON_CALL, Verb.READ_CONTENT})  # fmt: skip
_SERVICES: Final = frozenset({Verb.RUN_SERVICES, Verb.READ_PEOPLE, Verb.TAKE_ATTENDANCE, Verb.SIGN_UP_OTHERS})
_RIGHTS: Final[dict[Role, frozenset[Verb]]] = {
    Role.ADMIN: frozenset(Verb),
    Role.COORDINATOR: _DESK | _SERVICES | {Verb.READ_REPORT, Verb.EDIT_CONTENT, Verb.EDIT_FACTS, Verb.CHECK_PEOPLE},
    Role.ADVISER: _DESK | _SERVICES | {Verb.READ_REPORT, Verb.EDIT_CONTENT, Verb.EDIT_FACTS, Verb.CHECK_PEOPLE},
    # A mediator helps in their own languages, sees no other conversation and changes no other text.
    Role.MEDIATOR: frozenset(
        {Verb.LIST_CASES, Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.READ_CONTENT, Verb.EDIT_CONTENT}
    ),
    # Cases reach these three singly; they never see the queue.
    Role.TUTOR: frozenset({Verb.READ_CONTENT, Verb.TAKE_ATTENDANCE}),  # of their own groups
    Role.MENTOR: frozenset({Verb.READ_CONTENT}),
    Role.VOLUNTEER: frozenset({Verb.READ_CONTENT}),
}
_ON_A_CASE: Final = frozenset({Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.CLOSE})


def may(actor: Actor, verb: Verb, case: Case | Sheet | None = None) -> bool:
    """Whether this member may do this, to this case or text where one is meant."""
    return any(_role_may(role, place, actor, verb, case) for role, place in actor.roles)


def _role_may(role: Role, place: str, actor: Actor, verb: Verb, case: Case | Sheet | None) -> bool:
    if verb not in _RIGHTS[role]:
        return False
    if isinstance(case, Sheet):
        return role is not Role.MEDIATOR or (case.language in actor.languages and not case.source)
    if case is None:
        return verb not in _ON_A_CASE
    if place and case.place and place != case.place:
        return False
    if role is Role.MEDIATOR:
        return case.language in actor.languages and not case.danger
    return True
