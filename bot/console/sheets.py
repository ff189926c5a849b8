"""One text as the database has it now, whatever this process has learnt so far; and who may change it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from starlette.responses import RedirectResponse, Response

from bot.answers.content import SOURCE_LANGUAGE, Answer, Library, Topic, body_hash
from bot.answers.edited import with_edits
from bot.console import words
from bot.console.gate import Refused, Visit
from bot.domain import audit, edits
from bot.domain.policy import Sheet, Verb
from bot.i18n import LANGUAGES
from bot.library import relearn


@dataclass(frozen=True, slots=True)
class Page:
    """The text that the address of a page names. `answer` is None where nobody has written it yet."""

    topic: Topic
    shipped: Topic
    language: str
    answer: Answer | None

    @property
    def source(self) -> Answer | None:
        """The Slovene text."""
        return self.topic.answers.get(SOURCE_LANGUAGE)

    @property
    def is_source(self) -> bool:
        """Whether all others are made from this one."""
        return self.language == SOURCE_LANGUAGE

    @property
    def address(self) -> str:
        """Where it stands in the console."""
        return f"/console/content/{self.topic.id}/{self.language}"


async def open_page(visit: Visit, *, to_edit: bool = True) -> Page:
    """The text that the address names. Raises Refused when there is none, or the member may not change it."""
    wanted = visit.request.path_params
    shipped, language = visit.house.shipped.library.topics.get(wanted["topic"]), wanted["language"]
    if shipped is None or language not in LANGUAGES:
        raise Refused(404, words.NO_SUCH_PAGE)
    if to_edit and not may_edit(visit, language):
        raise Refused(403, words.NOT_ALLOWED)
    topic = await topic_now(visit, shipped)
    return Page(topic, shipped, language, topic.answers.get(language))


async def topic_now(visit: Visit, shipped: Topic) -> Topic:
    """A topic with its edits as of this moment."""
    return with_edits(Library({shipped.id: shipped}), await edits.of_topic(visit.session, shipped.id))[shipped.id]


def may_edit(visit: Visit, language: str) -> bool:
    """Whether this member may change texts of a language."""
    return visit.may(Verb.EDIT_CONTENT, Sheet(language, source=language == SOURCE_LANGUAGE))


def with_topic(visit: Visit, topic: Topic) -> Library:
    """The whole library, this topic in it as given."""
    return Library({**visit.house.library.topics, topic.id: topic})


def hash_of(answer: Answer | None) -> str:
    """The mark of a text; empty for none."""
    return body_hash(answer.body) if answer else ""


def today(visit: Visit) -> date:
    """The local day of the desk."""
    return visit.house.now().astimezone(visit.house.desk.zone).date()


async def done(visit: Visit, verb: str, address: str) -> Callable[[], Awaitable[Response]]:
    """Note the deed; after the commit put it in force, then go on at `address`."""
    await audit.note(visit.session, verb, visit.house.now(), staff_id=visit.member.id)

    async def go_on() -> Response:
        await relearn(visit.house)
        return RedirectResponse(address, 303)

    return go_on
