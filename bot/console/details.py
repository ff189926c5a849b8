"""What people told for a sign-up, as staff read it: only what is needed to make it work for them."""

from __future__ import annotations

from typing import Any

from bot.domain.seats import Signup
from bot.i18n import Text, _, _n, raw
from flows.whom import AGES, Age


def remarks(signup: Signup) -> list[Text]:
    """One line for each thing that is told. What nobody needs to know again, such as an adult's age, is left out."""
    told = signup.details
    return [*_level(told), *_help(told), *_age(told)]


def _level(told: dict[str, Any]) -> list[Text]:
    if told.get("how") == "test":
        return [_("To be tested in person")]
    return [_("Level: {level}", level=str(told["level"]))] if told.get("level") else []


def _help(told: dict[str, Any]) -> list[Text]:
    found = []
    if told.get("shifts"):
        found.append(_("Works in shifts"))
    if told.get("letters") == "no":
        found.append(_("Does not read Latin letters yet"))
    if told.get("childcare"):
        found.append(_("Needs childcare"))
    if told.get("travel") == "no":
        found.append(_("Needs help with the way there"))
    if told.get("needs"):
        found.append(_("Needs: {words}", words=raw(str(told["needs"]))))
    return found


def _age(told: dict[str, Any]) -> list[Text]:
    return [AGES[age] for age in (Age.CHILD, Age.YOUTH) if told.get("age") == age]


def children(signup: Signup) -> Text | None:
    """For how many children somebody is to look after them."""
    number = signup.details.get("children")
    return _n("{n} child", "{n} children", number) if isinstance(number, int) and number else None
