"""The one door: who asks, from where, and whether they may. What no page declares is refused."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from bot.console import pages, queue, words
from bot.console.pages import Shown
from bot.console.throttle import Throttle
from bot.domain import policy, staff, tickets
from bot.domain.db import wait_for_sender
from bot.domain.people import Address, Person
from bot.domain.policy import Actor, Verb
from bot.domain.sealed import fingerprint
from bot.domain.staff import Grant, Role, Staff
from bot.domain.tickets import NotOpen, Ticket
from bot.house import House
from bot.i18n import LANGUAGES, Text

MOST_BODY_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 300
LARGEST_ID: Final = 2**63 - 1
_OURS: Final = re.compile(r"/console(?:/[a-z0-9.-]+)*")
_log: Final = logging.getLogger(__name__)


class Refused(Exception):
    """The request cannot be served; the sentence says so to the person who asked."""

    def __init__(self, status: int, sentence: Text) -> None:
        super().__init__(sentence.msgid)
        self.status = status
        self.sentence = sentence


class _Uploads(MultiPartParser):
    """A form with a file, which never touches the disk."""

    spool_max_size = 2**31


class Form:
    """The fields of a form that was sent."""

    def __init__(self, body: str = "", files: Mapping[str, tuple[str, bytes]] | None = None) -> None:
        self._files = files or {}
        try:
            self._fields = parse_qs(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise Refused(400, words.TOO_OLD) from None

    def text(self, name: str) -> str:
        """A field's value, empty where it is missing."""
        value = self._fields.get(name, [""])[-1]
        return value.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")

    def file(self, name: str) -> tuple[str, bytes]:
        """Name and content of a file that was chosen; both empty without one."""
        return self._files.get(name, ("", b""))

    def every(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return self._fields.get(name, [])


@dataclass(slots=True)
class CaseFile:
    """A case with the person and the address it belongs to."""

    ticket: Ticket
    address: Address
    person: Person


@dataclass(slots=True)
class Visit:
    """One request of a member of the desk, inside its transaction."""

    gate: Gate
    request: Request
    session: AsyncSession
    token: str
    member: Staff
    actor: Actor
    form: Form
    case_file: CaseFile | None = None
    bells: list[str] = field(default_factory=list)

    @property
    def house(self) -> House:
        """The shared things of the process."""
        return self.gate.house

    @property
    def file(self) -> CaseFile:
        """The case that the address of the page names."""
        if self.case_file is None:
            raise LookupError("this page is about no case")
        return self.case_file

    def may(self, verb: Verb, case: policy.Case | policy.Sheet | None = None) -> bool:
        """Whether this member may."""
        return policy.may(self.actor, verb, case)

    def ring(self, *names: str) -> None:
        """Ring these bells after the commit."""
        self.bells.extend(names)


# A page to render, a finished response, or something that has to wait for the end of the transaction.
Answer: TypeAlias = Shown | Response | Callable[[], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the right that it takes (None: being logged in) and what answers.

    `touches`: a look that the page takes by itself must not keep a session alive. `writes`: whether it needs a
    transaction that can.
    """

    method: str
    path: str
    act: Callable[[Visit], Awaitable[Answer]]
    verb: Verb | None
    touches: bool = True
    writes: bool = True
    most_bytes: int = MOST_BODY_BYTES


class Gate:
    """Lets requests in, page by page."""

    def __init__(self, house: House, closing: asyncio.Event) -> None:
        self.house = house
        self.closing = closing
        self.throttle = Throttle()
        self.hashing = asyncio.Semaphore(2)  # a password check takes 0.1 s of CPU and 64 MB

    @property
    def secure(self) -> bool:
        """Whether people reach us by https."""
        return self.house.public_url.startswith("https:")

    @property
    def cookie(self) -> str:
        """The name of the session cookie. `__Host-` makes browsers refuse one set by a neighbour, but needs https."""
        return "__Host-desk" if self.secure else "desk_session"

    def set_cookie(self, response: Response, token: str) -> None:
        """Hand the browser its session."""
        path = "/" if self.secure else "/console"
        if token:
            response.set_cookie(self.cookie, token, path=path, secure=self.secure, httponly=True, samesite="lax")
        else:
            response.delete_cookie(self.cookie, path=path, secure=self.secure, httponly=True, samesite="lax")

    def endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """The page behind the door."""

        async def ask(request: Request) -> Response:
            return await self._answered(request, page)

        return self.caught(ask)

    def caught(self, ask: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """`ask` with plain error pages."""

        async def endpoint(request: Request) -> Response:
            try:
                return pages.secured(await ask(request))
            except Refused as refusal:
                return self.plainly(request, refusal.status, refusal.sentence)
            except HTTPException:
                raise
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it: the connection was cut while they wrote
            except Exception as error:  # noqa: BLE001 - the trace of a database error would name values
                steps = ", ".join(f"{step.name}:{step.lineno}" for step in traceback.extract_tb(error.__traceback__))
                _log.error("a page of the console failed: %s at %s", type(error).__name__, steps)
                return self.plainly(request, 500, words.WENT_WRONG)

        return endpoint

    def plainly(self, request: Request, status: int, sentence: Text) -> Response:
        """A page with one sentence. Pieces of a page get none: they stay as they are."""
        if "HX-Request" in request.headers:
            return pages.secured(Response(status_code=204))
        language = getattr(request.state, "language", "")
        if language not in LANGUAGES:
            language = pages.asked_language(request.headers.get("accept-language", ""))
        draft = getattr(request.state, "draft", "")  # what was written is not lost with the case that it was for
        shown = Shown("error.html", {"sentence": sentence, "status": status, "draft": draft}, status)
        return pages.page(self.house, shown, language)

    async def form(self, request: Request) -> Form:
        """The form that was sent by one of our own pages. Raises Refused."""
        if not self._from_here(request):
            raise Refused(403, words.FROM_ELSEWHERE)
        if request.headers.get("content-type", "").startswith("multipart/"):
            return await _upload(request)
        return Form((await request.body()).decode("utf-8", "replace"))

    def _from_here(self, request: Request) -> bool:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        if origin is None:
            return True  # no browser sends a form without either; the form's own token is checked all the same
        ours = {request.headers.get("host", ""), urlsplit(self.house.public_url).netloc} - {""}
        return urlsplit(origin).netloc in ours

    async def _answered(self, request: Request, page: Page) -> Response:
        if page.most_bytes > MOST_BODY_BYTES and not await self._knows(request):
            return self._to_log_in(request)  # before so much is read
        form = await self.form(request) if page.method == "POST" else Form()
        request.state.draft = form.text("words")
        token = request.cookies.get(self.cookie, "")
        async with self._session(page) as session:
            visit = await self._admit(request, session, page, token, form)
            if visit is None:
                return self._to_log_in(request)
            answer = await page.act(visit)
            if isinstance(answer, Shown):
                values = {**frame(visit, await queue.look(session, visit.actor)), **answer.values}
                answer = Shown(answer.template, values, answer.status)
        self.house.bell.ring(*visit.bells)
        if isinstance(answer, Shown):
            return pages.page(self.house, answer, visit.member.language)
        return answer if isinstance(answer, Response) else await answer()

    async def _knows(self, request: Request) -> bool:
        async with self.house.db.reading() as session:
            return await staff.by_session(session, request.cookies.get(self.cookie, ""), self.house.now()) is not None

    @asynccontextmanager
    async def _session(self, page: Page) -> AsyncIterator[AsyncSession]:
        async with self.house.db.transaction() if page.writes else self.house.db.reading() as session:
            yield session

    async def _admit(self, request: Request, session: AsyncSession, page: Page, token: str, form: Form) -> Visit | None:
        now = self.house.now()
        found = await staff.by_session(session, token, now)
        if found is None:
            return None
        member, grants = found
        request.state.language = member.language
        if page.method == "POST" and not hmac.compare_digest(form.text("csrf").encode(), csrf_of(token).encode()):
            raise Refused(403, words.TOO_OLD)
        visit = Visit(self, request, session, token, member, actor_of(member, grants), form)
        if "ticket" in request.path_params:
            visit.case_file = await open_file(session, request.path_params["ticket"], alone=page.method == "POST")
            if visit.case_file is None or not visit.may(Verb.READ_CASE, visit.case_file.ticket.case):
                raise Refused(404, words.NO_SUCH_PAGE)
        case = visit.case_file.ticket.case if visit.case_file else None
        if page.verb is not None and not visit.may(page.verb, case):
            raise Refused(403, words.NOT_ALLOWED)
        if page.touches and page.writes:
            await staff.touch_session(session, token, now)
        return visit

    def _to_log_in(self, request: Request) -> Response:
        said = {"note": "ended"} if request.cookies.get(self.cookie) else {}
        if "HX-Request" in request.headers:
            return Response(status_code=204, headers={"HX-Redirect": f"/console/login?{urlencode(said)}"})
        if request.headers.get("accept") == "text/event-stream":
            # A redirect would look like a lost connection, and be tried again for ever.
            return Response("event: ended\ndata: {}\n\n", media_type="text/event-stream")
        back = {"next": request.url.path} if request.method == "GET" else {}
        return RedirectResponse(f"/console/login?{urlencode({**said, **back})}".rstrip("?"), 303)


async def _upload(request: Request) -> Form:
    """A form with one file. Raises Refused."""
    try:
        sent = await _Uploads(request.headers, request.stream(), max_files=1, max_fields=20).parse()
    except (MultiPartException, KeyError):
        raise Refused(400, words.TOO_OLD) from None
    fields, files = [], {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files[name] = (value.filename or "", await value.read())
        else:
            fields.append((name, value))
    await sent.close()
    return Form(urlencode(fields), files)


async def open_file(session: AsyncSession, ticket_id: int, *, alone: bool) -> CaseFile | None:
    """The case with its person. `alone`: nobody else changes this conversation until the commit."""
    if ticket_id > LARGEST_ID:
        return None
    try:
        ticket = await tickets.get(session, ticket_id)
    except NotOpen:
        return None
    address, person = await session.get(Address, ticket.address_id), await session.get(Person, ticket.person_id)
    if address is None or person is None:
        return None
    if alone:
        await wait_for_sender(session, address.sender)
        await session.refresh(ticket)
    return CaseFile(ticket, address, person)


def actor_of(member: Staff, grants: list[Grant]) -> Actor:
    """This member as the policy sees them."""
    known = set(Role)
    roles = frozenset((Role(grant.role), grant.place) for grant in grants if grant.role in known)
    return Actor(member.id, roles, frozenset(member.languages))


def csrf_of(token: str) -> str:
    """What every form of this session carries."""
    return fingerprint("console form", token)


def next_page(wanted: str) -> str:
    """Where to go after logging in: a page of ours, never another site."""
    return wanted if _OURS.fullmatch(wanted) else "/console"


def frame(visit: Visit, seen: queue.Queue) -> dict[str, object]:
    """What every page of a logged-in member shows around its own content."""
    note = words.NOTES.get(visit.request.query_params.get("note", ""))
    return {
        "member": visit.member, "may": visit.may, "verbs": Verb, "csrf": csrf_of(visit.token), "queue": seen,
        "note": note, "path": visit.request.url.path, "native": {code: one.native for code, one in LANGUAGES.items()},
    }  # fmt: skip
