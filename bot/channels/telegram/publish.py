"""What Telegram shows about the bot: commands, name and descriptions, in every translated language."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final

from telegram import Bot, BotCommand
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.refusals import code_of
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, Catalogs, Text, _

log = logging.getLogger(__name__)

COMMANDS: Final[Mapping[str, Text]] = {
    "start": _("Start here"),
    "menu": _("Show the menu"),
    "checklist": _("My first steps"),
    "ask": _("Ask a question"),
    "courses": _("Slovene courses"),
    "mentors": _("Find a mentor"),
    "practice": _("Practise a language"),
    "events": _("Workshops and events"),
    "letter": _("Letter to the Labour Inspectorate"),
    "person": _("Talk to a person"),
    "language": _("Change the language"),
    "mydata": _("See my data"),
    "privacy": _("What we keep and why"),
    "export": _("Get a copy of my data"),
    "delete": _("Delete my data"),
    "stop": _("Stop all messages"),
    "help": _("Help"),
    "danger": _("Emergency numbers"),
}
# NOTE: shown before the first message; 512 characters at most
DESCRIPTION: Final = _(
    "Ask in your own language: Slovene courses, documents, work, daily life. "
    "You get an answer with its source, or a person at the desk answers. "
    "This is not the police and not the permit office. In danger, call 112."
)
# NOTE: 120 characters at most
SHORT_DESCRIPTION: Final = _("Help desk for newcomers. Ask in your own language.")

# What the Bot API takes, in characters.
_NAME_CHARS: Final = 64
_DESCRIPTION_CHARS: Final = 512
_SHORT_CHARS: Final = 120
_COMMAND_CHARS: Final = 256
# Whoever uses Telegram in Croatian reads our Latin catalog; the empty code is everybody else.
_ALSO: Final = {"": SOURCE_LANGUAGE, "hr": "bs"}


async def publish(bot: Bot, catalogs: Catalogs, name: str) -> None:
    """Bring everything up to date, changing only what differs: changes are rationed. Failures are logged."""
    languages = {**_ALSO, **{code: code for code in LANGUAGES if code != SOURCE_LANGUAGE}}
    try:
        for code, language in languages.items():
            await _publish_commands(bot, code, [(n, _said(catalogs, t, language)) for n, t in COMMANDS.items()])
            await _publish_description(bot, code, _said(catalogs, DESCRIPTION, language))
            await _publish_short(bot, code, _said(catalogs, SHORT_DESCRIPTION, language))
        await _publish_name(bot, name)
    except TelegramError as error:
        log.warning("telegram: commands and descriptions are not all published: %s", code_of(error))


async def _publish_commands(bot: Bot, code: str, words: Sequence[tuple[str, str]]) -> None:
    if not all(_fits(said, _COMMAND_CHARS, "description of a command", code) for _name, said in words):
        return
    commands = tuple(BotCommand(name, said) for name, said in words)
    if await bot.get_my_commands(language_code=code) != commands:
        await _keep_going(bot.set_my_commands(commands, language_code=code), "commands", code)


async def _publish_description(bot: Bot, code: str, said: str) -> None:
    if _fits(said, _DESCRIPTION_CHARS, "description", code):
        shown = await bot.get_my_description(language_code=code)
        if shown.description != said:
            await _keep_going(bot.set_my_description(said, language_code=code), "description", code)


async def _publish_short(bot: Bot, code: str, said: str) -> None:
    if _fits(said, _SHORT_CHARS, "short description", code):
        shown = await bot.get_my_short_description(language_code=code)
        if shown.short_description != said:
            await _keep_going(bot.set_my_short_description(said, language_code=code), "short description", code)


async def _publish_name(bot: Bot, name: str) -> None:
    """The desk's own name, in all languages. Last, because the platform allows few changes of it."""
    if _fits(name, _NAME_CHARS, "name", "") and (await bot.get_my_name()).name != name:
        await _keep_going(bot.set_my_name(name), "name", "")


async def _keep_going(change: Awaitable[object], what: str, code: str) -> None:
    """One text that is refused does not hold back the others."""
    try:
        await change
    except BadRequest:
        log.warning("telegram: language %r: %s refused", code, what)


def _said(catalogs: Catalogs, text: Text, language: str) -> str:
    """The text in this language, or "" where it is not translated: Telegram then shows the general one."""
    return catalogs.say(text, language) if catalogs.has(text, language) else ""


def _fits(said: str, most: int, what: str, code: str) -> bool:
    if len(said) > most:
        log.warning("telegram: language %r: %s longer than %d characters", code, what, most)
    return 0 < len(said) <= most
