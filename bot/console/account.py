"""Logging in and out, and what members of the desk set for themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.bell import DESK
from bot.console import pages, words
from bot.console.gate import Answer, Form, Gate, Refused, Visit, next_page
from bot.console.pages import Shown
from bot.domain import audit, recordings, staff
from bot.domain.policy import Verb
from bot.domain.staff import Staff
from bot.i18n import LANGUAGES, Text, _, _n

MOST_BY_LOGIN: Final = 10
MOST_BY_ADDRESS: Final = 30
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200


@dataclass(frozen=True, slots=True)
class LogIn:
    """The two pages that everybody may ask for."""

    gate: Gate

    async def ask(self, request: Request) -> Response:
        """The form; straight on for those who are logged in."""
        house = self.gate.house
        async with house.db.reading() as session:
            token = request.cookies.get(self.gate.cookie, "")
            if await staff.by_session(session, token, house.now()):
                return RedirectResponse("/console", 303)
        query = request.query_params
        return self._form(request, language=query.get("lang", ""), to=query.get("next", ""))

    async def take(self, request: Request) -> Response:
        """Check the password and open a session."""
        form, house = await self.gate.form(request), self.gate.house
        login, host = form.text("login").strip().lower(), request.client.host if request.client else ""
        wait = self._too_many(login, host)
        if wait:
            minutes = max(int(wait.total_seconds() // 60), 1)
            said = _n(
                "Too many attempts. Please wait {n} minute.", "Too many attempts. Please wait {n} minutes.", minutes
            )
            return self._form(request, form, said, 429)
        async with house.db.reading() as session:
            member = await staff.by_login(session, login)
        if not await _fits(self.gate, member, form.text("password")) or member is None:
            return self._form(request, form, _("The log-in name or the password is wrong."), 401)
        self.gate.throttle.forgive(f"login:{login[:64]}")
        self.gate.throttle.uncount(f"from:{host}")
        return await self._let_in(request, form, member)

    async def _let_in(self, request: Request, form: Form, member: Staff) -> Response:
        house = self.gate.house
        async with house.db.transaction() as session:
            await staff.log_out(session, request.cookies.get(self.gate.cookie, ""))
            token = await staff.log_in(session, member, house.now())
            await audit.note(session, "log in", house.now(), staff_id=member.id)
        response = RedirectResponse(next_page(form.text("next")), 303)
        self.gate.set_cookie(response, token)
        return response

    def _too_many(self, login: str, host: str) -> timedelta:
        now, throttle = self.gate.house.now(), self.gate.throttle
        limits = {f"login:{login[:64]}": MOST_BY_LOGIN, f"from:{host}": MOST_BY_ADDRESS}
        wait = max(throttle.wait(name, most, now) for name, most in limits.items())
        if not wait:
            for name in limits:
                throttle.count(name, now)
        return wait

    def _form(
        self, request: Request, form: Form | None = None, problem: Text | None = None, status: int = 200, *,
        language: str = "", to: str = "",
    ) -> Response:  # fmt: skip
        code = pages.asked_language(request.headers.get("accept-language", ""), form.text("lang") if form else language)
        request.state.language = code
        values = {
            "problem": problem,
            "note": words.NOTES.get(request.query_params.get("note", "")),
            "login": form.text("login") if form else "",
            "next": form.text("next") if form else to,
        }
        return pages.page(self.gate.house, Shown("login.html", values, status), code)


async def _fits(gate: Gate, member: Staff | None, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        password = ""
    async with gate.hashing:
        return await asyncio.to_thread(staff.password_fits, member, password)


async def log_out(visit: Visit) -> Answer:
    """End the session."""
    await staff.log_out(visit.session, visit.token)
    await audit.note(visit.session, "log out", visit.house.now(), staff_id=visit.member.id)
    response = RedirectResponse("/console/login?note=out", 303)
    visit.gate.set_cookie(response, "")
    return response


async def home(visit: Visit) -> Answer:
    """The first page for this member."""
    return RedirectResponse("/console/cases" if visit.may(Verb.LIST_CASES) else "/console/content", 303)


async def stay(_visit: Visit) -> Answer:
    """Somebody is writing a long reply: the session is in use."""
    return Response(status_code=204)


async def account(visit: Visit) -> Answer:
    """The member's own settings."""
    return await _shown(visit)


async def _shown(visit: Visit, status: int = 200, **values: Any) -> Shown:  # noqa: ANN401 - values for a template
    spoken = await recordings.count_of(visit.session, visit.member.id)
    return Shown("account.html", _settings(visit, recordings=spoken, **values), status)


def _settings(visit: Visit, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - values for a template
    telegram = visit.house.channels.get("telegram")
    return {
        "problem": None, "invitation": "", "link": "", "code": "", "shortest": SHORTEST_PASSWORD,
        "linked": visit.member.address_id is not None, "has_telegram": telegram is not None, **values,
    }  # fmt: skip


async def speak(visit: Visit) -> Answer:
    """Change the language of the member's interface."""
    wanted = visit.form.text("language")
    if wanted in LANGUAGES:
        visit.member.language = wanted
        await visit.session.flush()
    return RedirectResponse(next_page(visit.form.text("next")), 303)


async def on_call(visit: Visit) -> Answer:
    """Be on call, or stop being so."""
    visit.member.on_call = visit.form.text("on_call") == "yes"
    await audit.note(
        visit.session, "on call" if visit.member.on_call else "off call", visit.house.now(), staff_id=visit.member.id
    )
    visit.ring(DESK)
    return RedirectResponse(next_page(visit.form.text("next")), 303)


async def link_telegram(visit: Visit) -> Answer:
    """A single-use word for the desk's bot. It is shown once and stored as a hash."""
    token = await staff.invite(visit.session, visit.member.id, visit.house.now())
    await audit.note(visit.session, "invite telegram", visit.house.now(), staff_id=visit.member.id)
    bot = str(getattr(visit.house.channels.get("telegram"), "username", "") or "")
    link = f"https://t.me/{bot}?start=staff-{token}" if bot else ""
    invitation = f"/start staff-{token}"
    code = segno.make(link or invitation, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return await _shown(visit, invitation=invitation, link=link, code=code)


async def unlink_telegram(visit: Visit) -> Answer:
    """No alerts to the member's Telegram any more."""
    visit.member.address_id = None
    await audit.note(visit.session, "unlink telegram", visit.house.now(), staff_id=visit.member.id)
    return RedirectResponse("/console/account?note=saved", 303)


async def change_password(visit: Visit) -> Answer:
    """A new password for oneself; every other session ends."""
    new, now = visit.form.text("new"), visit.house.now()
    name = f"password:{visit.member.id}"
    if visit.gate.throttle.wait(name, MOST_BY_LOGIN, now):
        raise Refused(429, _("Too many attempts. Please try again later."))
    problem = problem_of(new, visit.member.login)
    if problem is None and new != visit.form.text("again"):
        problem = _("The two new passwords are not the same.")
    if problem is not None:
        return await _shown(visit, 422, problem=problem)
    visit.gate.throttle.count(name, now)
    return lambda: _changed(visit, visit.form.text("current"), new)


def problem_of(password: str, login: str) -> Text | None:
    """What is wrong with a new password, if anything."""
    if len(password) < SHORTEST_PASSWORD:
        return _("The password needs at least {n} characters.", n=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return _("The password may have at most {n} characters.", n=LONGEST_PASSWORD)
    return _("The password must not hold your log-in name.") if login in password.lower() else None


async def _changed(visit: Visit, current: str, new: str) -> Response:
    # After the transaction: a password check takes 0.1 s, during which nobody else should have to wait.
    house, gate = visit.house, visit.gate
    if not await _fits(gate, visit.member, current):
        raise Refused(403, _("The current password is wrong."))
    gate.throttle.forgive(f"password:{visit.member.id}")
    async with house.db.transaction() as session:
        member = await session.get_one(Staff, visit.member.id)
        await staff.set_password(session, member, new)
        await audit.note(session, "change password", house.now(), staff_id=member.id)
        token = await staff.log_in(session, member, house.now())
    response = RedirectResponse("/console/account?note=saved", 303)
    gate.set_cookie(response, token)
    return response
