"""Who may do what, the whole matrix written down."""

from __future__ import annotations

import itertools

from bot.domain.policy import Actor, Case, Sheet, Verb, may
from bot.domain.staff import Role

DESK = {
    Verb.LIST_CASES, Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.CLOSE, Verb.TAKE_ALERT, Verb.BE_ON_CALL,
    Verb.READ_REPORT, Verb.READ_CONTENT, Verb.EDIT_CONTENT, Verb.EDIT_FACTS,
}  # fmt: skip
DESK |= {Verb.RUN_SERVICES, Verb.READ_PEOPLE, Verb.TAKE_ATTENDANCE, Verb.CHECK_PEOPLE, Verb.SIGN_UP_OTHERS}
MATRIX = {
    Role.ADMIN: DESK | {Verb.MANAGE_STAFF},
    Role.COORDINATOR: DESK,
    Role.ADVISER: DESK,
    Role.MEDIATOR: {
        Verb.LIST_CASES, Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.READ_CONTENT, Verb.EDIT_CONTENT,
    },
    Role.TUTOR: {Verb.READ_CONTENT, Verb.TAKE_ATTENDANCE},
    Role.MENTOR: {Verb.READ_CONTENT},
    Role.VOLUNTEER: {Verb.READ_CONTENT},
}  # fmt: skip
ON_A_CASE = {Verb.READ_CASE, Verb.CLAIM, Verb.REPLY, Verb.CLOSE}
ALBANIAN = Case("postojna", "sq")


def actor(*roles: Role, place: str = "", languages: frozenset[str] = frozenset()) -> Actor:
    return Actor(1, frozenset((role, place) for role in roles), languages)


def test_every_role_and_verb() -> None:
    assert set(MATRIX) == set(Role)
    found = {
        (role, verb): may(actor(role, languages=frozenset({"sq"})), verb, ALBANIAN if verb in ON_A_CASE else None)
        for role, verb in itertools.product(Role, Verb)
    }
    assert found == {(role, verb): verb in MATRIX[role] for role, verb in itertools.product(Role, Verb)}


def test_what_needs_a_case_is_refused_without_one() -> None:
    for role, verb in itertools.product(Role, ON_A_CASE):
        assert not may(actor(role), verb)


def test_nobody_may_anything() -> None:
    for verb in Verb:
        assert not may(actor(), verb)
        assert not may(actor(), verb, ALBANIAN)


def test_a_mediator_sees_only_their_languages_and_no_danger() -> None:
    fatmir = actor(Role.MEDIATOR, languages=frozenset({"sq", "bs"}))
    for verb in ON_A_CASE & MATRIX[Role.MEDIATOR]:
        assert may(fatmir, verb, ALBANIAN)
        assert may(fatmir, verb, Case("ljubljana", "bs"))
        assert not may(fatmir, verb, Case("postojna", "ru"))
        assert not may(fatmir, verb, Case("postojna", "sq", danger=True))
    assert not may(fatmir, Verb.CLOSE, ALBANIAN)
    assert not may(fatmir, Verb.TAKE_ALERT)


def test_a_mediator_changes_texts_in_their_languages_and_never_the_source() -> None:
    fatmir = actor(Role.MEDIATOR, languages=frozenset({"sq", "sl"}))
    assert may(fatmir, Verb.EDIT_CONTENT, Sheet("sq"))
    assert not may(fatmir, Verb.EDIT_CONTENT, Sheet("ru"))
    assert not may(fatmir, Verb.EDIT_CONTENT, Sheet("sl", source=True))
    vesna = actor(Role.ADVISER)
    assert may(vesna, Verb.EDIT_CONTENT, Sheet("ru"))
    assert may(vesna, Verb.EDIT_CONTENT, Sheet("sl", source=True))
    assert not may(actor(Role.TUTOR, languages=frozenset({"sq"})), Verb.EDIT_CONTENT, Sheet("sq"))


def test_a_role_at_one_place_does_not_reach_another() -> None:
    vesna = actor(Role.ADVISER, place="postojna")
    for verb in ON_A_CASE:
        assert may(vesna, verb, Case("postojna", "en"))
        assert may(vesna, verb, Case("", "en"))
        assert not may(vesna, verb, Case("koper", "en"))
    assert may(actor(Role.ADVISER), Verb.REPLY, Case("koper", "en"))


def test_several_roles_add_up_and_none_takes_away() -> None:
    both = Actor(1, frozenset({(Role.MEDIATOR, "koper"), (Role.ADVISER, "postojna")}), frozenset({"sq"}))
    assert may(both, Verb.CLOSE, ALBANIAN)
    assert may(both, Verb.REPLY, Case("koper", "sq"))
    assert not may(both, Verb.CLOSE, Case("koper", "sq"))
    assert not may(both, Verb.REPLY, Case("koper", "ru"))
