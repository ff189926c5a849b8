"""What is turned to the person at the desk, large and in their language: a confirmation, or a code to scan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import segno
from starlette.responses import Response

from bot.console import desk_records, pages, words
from bot.console.desk_signups import title
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import joining, seated, waiting, walk_ins
from bot.domain.people import Person
from bot.domain.seats import ACTIVE, Remind, Signup, SignupState
from bot.i18n import Text, _, _n
from flows.offices import desk_line
from flows.seated import on_the_list, when, where

_REMINDED: dict[str, Text] = {
    Remind.CHAT: _("We remind you in your chat with the desk, once you have joined it."),
    Remind.TELEGRAM: _("We remind you in Telegram."),
    Remind.CALL: _("Somebody of the desk calls you on a working day before."),
    Remind.NONE: _("We do not remind you. Please write the date down."),
}


async def card(visit: Visit) -> Answer:
    """A sign-up, as its person reads it."""
    person = await desk_records.open_record(visit)
    number = seated.number_of(visit.request.query_params.get("signup", ""))
    signup = await visit.session.get(Signup, number, populate_existing=True) if number else None
    thing = await seated.of_signup(visit.session, signup) if signup is not None else None
    if signup is None or thing is None or signup.person_id != person.id or signup.state not in ACTIVE:
        raise Refused(404, words.NO_SUCH_PAGE)
    going = signup.state == SignupState.GOING
    lines: list[Text | None] = [when(thing), *where(thing, going=going)]
    if signup.seats > 1:
        lines.append(_n("{n} place", "{n} places", signup.seats))
    if not going:
        lines.append(on_the_list(await waiting.position(visit.session, signup)))
    headline = _("✅ You have a place. See you there!") if going else _("You are on the waiting list.")
    after = _REMINDED[signup.remind] if going else _("As soon as a place is free, the desk tells you.")
    joins = await desk_records.has_chat(visit, person) or person.reached_by is not None
    if going and signup.remind == Remind.CHAT and joins:
        after = _("We remind you in this chat.")
    return _in_their_language(
        visit, person, "desk_card.html", headline=headline, name=signup.name or person.name or "",
        title=title(thing, person.language), lines=[one for one in lines if one is not None], after=after,
        desk_line=desk_line(visit.house.desk, person.language), joins=joins,
    )  # fmt: skip


async def code(visit: Visit) -> Answer:
    """A code by which the person joins this record to their own chat: for a quarter of an hour, once."""
    person = await desk_records.open_record(visit, alone=True)
    if await desk_records.has_chat(visit, person) or person.reached_by is not None:
        return desk_records.back(person, "joined")
    token = await joining.new_code(visit.session, person.id, visit.member.id, visit.house.now())
    await desk_records.note(visit, "show join code", person)
    minutes = int(joining.CODE_FOR.total_seconds() // 60)
    return _in_their_language(
        visit, person, "desk_code.html", ways=_ways(visit, token), person_id=person.id, joined=False, minutes=minutes
    )


async def joined(visit: Visit) -> Answer:
    """Whether the code was used, for the page that shows it."""
    number = visit.request.path_params["person"]
    person = await walk_ins.record(visit.session, number) if number <= LARGEST_ID else None
    done = person is not None and await joining.joined(visit.session, number)
    values = {"person_id": number, "joined": done}
    language = person.language if person is not None else visit.member.language
    house = visit.house

    async def send() -> Response:
        return pages.page(house, Shown("desk_joined.html", values), language)

    return send


def _ways(visit: Visit, token: str) -> list[dict[str, Any]]:
    """Telegram where the desk has it, and the web chat: where to point the camera."""
    bot = str(getattr(visit.house.channels.get("telegram"), "username", "") or "")
    links = [(_("Telegram"), f"https://t.me/{bot}?start=join-{token}")] if bot else []
    links.append((_("In the browser, without any account"), f"{visit.house.public_url}/?start=join-{token}"))
    return [
        {"label": label, "link": link, "code": segno.make(link, error="m").svg_data_uri(
            scale=8, border=3, dark="#000", light="#fff")}
        for label, link in links
    ]  # fmt: skip


def _in_their_language(
    visit: Visit, person: Person, template: str, **values: Any,  # noqa: ANN401 - values for a template
) -> Callable[[], Awaitable[Response]]:  # fmt: skip
    """A page in the person's language; what the member of staff presses is in theirs."""
    house, ours = visit.house, visit.member.language
    buttons = {
        "back": house.catalogs.say(_("Back"), ours),
        "turn": house.catalogs.say(_("Turn upside down"), ours),
        "print": house.catalogs.say(_("Print"), ours),
        "language": ours,
        "address": desk_records.address(person),
    }

    async def send() -> Response:
        return pages.page(house, Shown(template, {"ours": buttons, **values}), person.language)

    return send
