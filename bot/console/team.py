"""The desk's own people, for administrators."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse

from bot.bell import DESK
from bot.console import words
from bot.console.gate import LARGEST_ID, Answer, Refused, Visit
from bot.console.pages import Shown
from bot.domain import audit, staff
from bot.domain.staff import Grant, LoginTaken, Role, Staff
from bot.i18n import LANGUAGES, Text, _

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_LONGEST_NAME: Final = 80
_FIRST_PASSWORD_BYTES: Final = 12  # 96 bits, 16 characters to type once


async def team(visit: Visit) -> Answer:
    """Everybody who works or worked for the desk."""
    return await _shown(visit)


async def _shown(visit: Visit, status: int = 200, **values: Any) -> Shown:  # noqa: ANN401 - values for a template
    everybody = list(await visit.session.scalars(select(Staff)))
    everybody.sort(key=lambda one: (one.disabled_at is not None, one.name.casefold()))
    roles: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for grant in await visit.session.scalars(select(Grant)):
        roles[grant.staff_id].add((grant.role, grant.place))
    return Shown(
        "team.html",
        {
            "members": everybody, "granted": roles, "roles": words.ROLES, "places": _places(visit, roles),
            "problem": None, "password": "", "about": None, "entered": {"name": "", "login": ""}, **values,
        },
        status,
    )  # fmt: skip


def _places(visit: Visit, roles: dict[int, set[tuple[str, str]]]) -> dict[str, str]:
    """The columns of the table of roles: everywhere, and single places where that makes a difference."""
    known = {place.id: place.name for place in visit.house.desk.places}
    used = {place for granted in roles.values() for _role, place in granted if place}
    if len(known) == 1 and not used:
        return {"": ""}
    return {"": "", **known, **{place: known.get(place, place) for place in sorted(used)}}


async def add(visit: Visit) -> Answer:
    """Somebody new, with a first password that is shown once."""
    form, login = visit.form, visit.form.text("login").strip().lower()
    name, password = form.text("name").strip(), secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
    problem = _problem(name, login)
    if problem is None:
        try:
            languages = [code for code in form.every("languages") if code in LANGUAGES]
            member = await staff.add(
                visit.session, login, name, password, [], languages=languages, now=visit.house.now()
            )
        except LoginTaken:
            problem = _("Somebody has this log-in name already.")
        else:
            await _grant(visit, member.id)
            await _note(visit, "add staff")
            return await _shown(visit, about=member, password=password)
    entered = {"name": name, "login": login}
    return await _shown(visit, 422, problem=problem, entered=entered)


def _problem(name: str, login: str) -> Text | None:
    if not name or len(name) > _LONGEST_NAME:
        return _("Please enter a name.")
    if not _LOGIN.fullmatch(login):
        return _("A log-in name has 2 to 64 small letters, digits, dots or hyphens.")
    return None


async def _grant(visit: Visit, member_id: int) -> None:
    """Give exactly the roles that the form names."""
    known = {"", *(place.id for place in visit.house.desk.places)}
    await visit.session.execute(delete(Grant).where(Grant.staff_id == member_id))
    for choice in set(visit.form.every("roles")):
        role, _bar, place = choice.partition("|")
        if role in set(Role) and place in known:
            visit.session.add(Grant(staff_id=member_id, role=role, place=place))
    await visit.session.flush()


async def change(visit: Visit) -> Answer:
    """Other roles, other languages, another name."""
    member, name = await _member(visit), visit.form.text("name").strip()
    if not name or len(name) > _LONGEST_NAME:
        return await _shown(visit, 422, problem=_("Please enter a name."))
    member.name = name
    member.languages = [code for code in visit.form.every("languages") if code in LANGUAGES]
    await visit.session.flush()
    # Nobody can take their own rights away, so there is always one administrator left.
    if member.id != visit.member.id:
        await _grant(visit, member.id)
    await _note(visit, "change staff")
    visit.ring(DESK)
    return RedirectResponse("/console/staff?note=saved", 303)


async def disable(visit: Visit) -> Answer:
    """Somebody leaves: no session of theirs works from now on."""
    member = await _member(visit)
    if member.id == visit.member.id:
        raise Refused(403, words.NOT_ALLOWED)
    await staff.disable(visit.session, member.id, visit.house.now())
    await _note(visit, "disable staff")
    visit.ring(DESK)
    return RedirectResponse("/console/staff?note=saved", 303)


async def enable(visit: Visit) -> Answer:
    """Somebody comes back."""
    member = await _member(visit)
    await visit.session.execute(update(Staff).where(Staff.id == member.id).values(disabled_at=None))
    await _note(visit, "enable staff")
    return RedirectResponse("/console/staff?note=saved", 303)


async def new_password(visit: Visit) -> Answer:
    """A password for somebody who forgot theirs, shown once; their sessions end."""
    member = await _member(visit)
    if member.id == visit.member.id:
        raise Refused(403, words.NOT_ALLOWED)
    password = secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
    await staff.set_password(visit.session, member, password)
    await _note(visit, "new password")
    return await _shown(visit, about=member, password=password)


async def _member(visit: Visit) -> Staff:
    return await member_of(visit.session, visit.request.path_params["member"])


async def member_of(session: AsyncSession, member_id: int) -> Staff:
    """The member with this id. Raises Refused."""
    member = await session.get(Staff, member_id) if member_id <= LARGEST_ID else None
    if member is None:
        raise Refused(404, words.NO_SUCH_PAGE)
    return member


async def _note(visit: Visit, verb: str) -> None:
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id)
