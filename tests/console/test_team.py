"""Administrators add, change and disable members of the desk."""

from __future__ import annotations

import re

from bot.domain import staff
from bot.domain.staff import Grant, Role, Staff
from tests.console.browser import Console


async def roles_of(console: Console, login: str) -> tuple[Staff, set[tuple[str, str]]]:
    async with console.desk.house.db.reading() as session:
        member = await staff.by_login(session, login)
        assert member is not None
        grants: list[Grant] = await staff.grants(session, member.id)
    return member, {(grant.role, grant.place) for grant in grants}


async def test_somebody_new_gets_a_password_that_is_shown_once(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    await admin.get("/console/staff")
    page = await admin.submit(
        "/console/staff", name="Luka <b>", login="Luka", roles=["adviser|", "mediator|", "king|", "admin|moon"],
        languages=["sq", "xx"],
    )  # fmt: skip
    (password,) = re.findall(r"Password ([\w-]{16}) ", page.text)
    assert "Luka <b>" in page.text
    member, roles = await roles_of(console, "luka")
    assert (member.name, member.languages, roles) == ("Luka <b>", ["sq"], {("adviser", ""), ("mediator", "")})
    assert password not in (await admin.get("/console/staff")).text
    assert (await console.browser().log_in("luka", password)).path == "/console/cases"


async def test_a_log_in_name_is_given_once(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    for name, login, reason in (
        ("Luka", "vesna", "Somebody has this log-in name already."),
        ("Luka", "l", "A log-in name has 2 to 64 small letters"),
        ("Luka", "luka luka", "A log-in name has 2 to 64 small letters"),
        (" ", "luka", "Please enter a name."),
    ):
        await admin.get("/console/staff")
        page = await admin.submit("/console/staff", name=name, login=login)
        assert (page.status, reason in page.text) == (422, True)
    assert await console.desk.count(Staff) == 1


async def test_roles_and_languages_are_changed(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    luka = await console.member("luka", Role.ADVISER)
    await admin.get("/console/staff")
    page = await admin.submit(f"/console/staff/{luka.id}", name="Luka K.", roles="mediator|", languages=["ar", "fa"])
    member, roles = await roles_of(console, "luka")
    assert "Saved." in page.text
    assert (member.name, member.languages, roles) == ("Luka K.", ["ar", "fa"], {("mediator", "")})


async def test_nobody_takes_their_own_rights(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    me, _roles = await roles_of(console, "vesna")
    await admin.get("/console/staff")
    await admin.submit(f"/console/staff/{me.id}", name="Vesna", roles="tutor|")
    assert (await roles_of(console, "vesna"))[1] == {("admin", "")}
    for deed in ("disable", "password"):
        assert (await admin.post(f"/console/staff/{me.id}/{deed}", {"csrf": admin.csrf})).status == 403
    assert (await admin.get("/console/staff")).status == 200


async def test_somebody_leaves_and_comes_back(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    luka = await console.staff("luka", Role.ADVISER)
    member, _roles = await roles_of(console, "luka")
    await admin.get("/console/staff")
    page = await admin.submit(f"/console/staff/{member.id}/disable")
    assert "Luka luka Adviser Disabled" in page.text
    assert (await luka.get("/console/cases")).path.startswith("/console/login")
    assert (await luka.log_in("luka")).status == 401
    await admin.submit(f"/console/staff/{member.id}/enable")
    assert (await luka.log_in("luka")).path == "/console/cases"


async def test_a_forgotten_password_is_replaced(console: Console) -> None:
    admin = await console.staff("vesna", Role.ADMIN)
    luka = await console.staff("luka", Role.ADVISER)
    member, _roles = await roles_of(console, "luka")
    await admin.get("/console/staff")
    page = await admin.submit(f"/console/staff/{member.id}/password")
    (password,) = re.findall(r"Password ([\w-]{16}) ", page.text)
    assert (await luka.get("/console/cases")).path.startswith("/console/login")
    assert (await luka.log_in("luka", password)).path == "/console/cases"
