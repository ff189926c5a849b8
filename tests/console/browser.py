"""The console over real HTTP, as a browser sees it: pages, forms, cookies."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

import aiohttp
import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette
from yarl import URL

from bot.console import routes
from bot.domain import staff
from bot.domain.db import new_id
from bot.domain.staff import Grant, Role, Staff
from bot.domain.tickets import Ticket
from tests.desk import Desk, Guest

PASSWORD = "a long password"
Fields = str | list[str]


@dataclass(slots=True)
class Page:
    """An answer, read as a page."""

    status: int
    path: str
    headers: dict[str, str]
    body: bytes
    text: str = ""
    title: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The source."""
        return self.body.decode()

    def form(self, action: str) -> dict[str, str]:
        """The hidden fields of the first form with this action."""
        return next(form for form in self.forms if form["="] == action)

    @property
    def actions(self) -> set[str]:
        """Where its forms go."""
        return {form["="] for form in self.forms}

    def links(self) -> set[str]:
        """Where its links go."""
        return {attributes["href"] for tag, attributes in self.tags if tag == "a" and "href" in attributes}


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.where = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.page.tags.append((tag, attributes))
        self.where = tag
        if tag == "form":
            self.page.forms.append({"=": attributes["action"]})
        elif tag == "input" and attributes.get("type") == "hidden":
            self.page.forms[-1][attributes["name"]] = attributes["value"]

    def handle_data(self, data: str) -> None:
        if self.where == "title":
            self.page.title += data
        self.page.text += data + " "

    def handle_endtag(self, tag: str) -> None:
        self.where = ""


@dataclass(slots=True)
class Browser:
    """One browser. `here` is the page that it shows."""

    root: str
    http: aiohttp.ClientSession
    here: Page | None = None
    csrf: str = ""  # the token of the forms on the last page that had any

    async def get(self, path: str, **headers: str) -> Page:
        """Follow a link."""
        async with self.http.get(self.root + path, headers=headers) as answer:
            return await self._show(answer)

    async def post(self, path: str, fields: dict[str, Fields] | None = None, **headers: str) -> Page:
        """Send exactly these fields."""
        pairs = [(name, one) for name, value in (fields or {}).items() for one in _each(value)]
        async with self.http.post(self.root + path, data=pairs, headers=headers) as answer:
            return await self._show(answer)

    async def submit(self, action: str, **fields: Fields) -> Page:
        """Send a form of the page that is shown, hidden fields included."""
        return await self.post(action, {**self.hidden(action), **fields})

    def hidden(self, action: str) -> dict[str, Fields]:
        """The hidden fields of a form of the page that is shown."""
        assert self.here is not None
        return {name: value for name, value in self.here.form(action).items() if name != "="}

    async def log_in(self, login: str = "vesna", password: str = PASSWORD) -> Page:
        """Log in by the form."""
        await self.get("/console/login")
        return await self.submit("/console/login", login=login, password=password)

    @contextlib.asynccontextmanager
    async def events(self) -> AsyncIterator[aiohttp.ClientResponse]:
        """The live stream."""
        async with self.http.get(f"{self.root}/console/live") as answer:
            yield answer

    async def _show(self, answer: aiohttp.ClientResponse) -> Page:
        page = Page(answer.status, answer.url.raw_path_qs, dict(answer.headers), await answer.read())
        if answer.content_type == "text/html":
            _Reader(page).feed(page.html)
            page.text = re.sub(r"\s+", " ", page.text)
            self.here = page
            self.csrf = next((form["csrf"] for form in page.forms if "csrf" in form), self.csrf)
        return page


def _each(value: Fields) -> list[str]:
    return value if isinstance(value, list) else [value]


async def event(stream: aiohttp.ClientResponse) -> tuple[str, str]:
    """The next event of a live stream: its name and what it says."""
    name, data = "", ""
    async for raw in stream.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and name:
            return name, data
    return "", ""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@cache
def _password_hash() -> str:
    return PasswordHasher().hash(PASSWORD)


@dataclass(slots=True)
class Console:
    """A desk whose console answers at `url`."""

    desk: Desk
    url: str
    closing: asyncio.Event
    _open: list[aiohttp.ClientSession] = field(default_factory=list)

    def browser(self) -> Browser:
        """A fresh browser without cookies."""
        http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept-Language": "en"})
        self._open.append(http)
        return Browser(self.url, http)

    async def staff(
        self, login: str = "vesna", *roles: Role, language: str = "en", languages: Sequence[str] = ()
    ) -> Browser:
        """Somebody of the desk, logged in. Not by the form: checking a password is slow on purpose."""
        member = await self.member(login, *roles, language=language, languages=languages)
        async with self.desk.house.db.transaction() as session:
            token = await staff.log_in(session, member, self.desk.clock())
        browser = self.browser()
        browser.http.cookie_jar.update_cookies({"desk_session": token}, URL(self.url))
        page = await browser.get("/console")
        assert page.status == 200
        return browser

    async def member(self, login: str, *roles: Role, language: str = "en", languages: Sequence[str] = ()) -> Staff:
        """Somebody of the desk."""
        async with self.desk.house.db.transaction() as session:
            member = Staff(
                id=new_id(), login=login, name=login.title(), password_hash=_password_hash(), language=language,
                languages=list(languages), on_call=False, created_at=self.desk.clock(),
            )  # fmt: skip
            session.add(member)
            await session.flush()
            session.add_all(Grant(staff_id=member.id, role=role, place="") for role in roles or (Role.ADVISER,))
        return member

    async def case(self, words: str = "My permit ends soon", language: str = "sq") -> tuple[Guest, Ticket]:
        """Somebody who asks for a person, and their case."""
        guest = self.desk.person(language=language)
        await guest.says(words)
        await guest.says("/person")
        tickets = await self.desk.tickets()
        return guest, tickets[-1]

    async def danger(self, language: str = "en") -> tuple[Guest, Ticket]:
        """Somebody in danger, and their case."""
        guest = self.desk.person(language=language)
        await guest.says("/danger")
        return guest, (await self.desk.tickets())[-1]

    def cookie(self, browser: Browser) -> str:
        """The session's token in this browser."""
        cookies = browser.http.cookie_jar.filter_cookies(URL(f"{self.url}/console"))
        return cookies["desk_session"].value


@contextlib.asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[Console]:
    """The console of this desk on a free port of the loopback."""
    closing, listener = asyncio.Event(), socket.create_server(("127.0.0.1", 0))
    web = Starlette(routes=routes(desk.house, closing))
    config = uvicorn.Config(web, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = _Server(config)
    serve = asyncio.create_task(server.serve([listener]))
    console = Console(desk, f"http://127.0.0.1:{listener.getsockname()[1]}", closing)
    try:
        yield console
    finally:
        for http in console._open:
            await http.close()
        closing.set()
        server.should_exit = True
        await asyncio.gather(serve, return_exceptions=True)
        listener.close()
