"""What Telegram shows about the bot."""

from __future__ import annotations

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram.publish import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION, publish
from bot.i18n import LANGUAGES, Catalogs, Text
from bot.paths import LOCALES
from tests.channels.conftest import SOON_S, Inbox, Platform, running
from tests.fakes.telegram import TEST_TOKEN

NAME = "Sample desk"
EVERYBODY = ("", "hr", *(code for code in LANGUAGES if code != "en"))


class Marked(Catalogs):
    """Everything is translated: into itself, with the language's code in front."""

    def has(self, text: Text, language: str) -> bool:
        return True

    def say(self, text: Text, language: str) -> str:
        return f"{language}: {text.msgid}"


@pytest.fixture
def catalogs() -> Catalogs:
    return Marked(LOCALES)


def in_language(code: str) -> str:
    return {"": "en", "hr": "bs"}.get(code, code)


async def test_everything_in_every_language(tg: Platform, channel: Telegram, catalogs: Catalogs) -> None:
    await publish(channel.bot, catalogs, NAME)
    expected: dict[tuple[str, str], object] = {("name", ""): NAME}
    for code in EVERYBODY:
        language = in_language(code)
        expected["commands/default", code] = [
            {"command": name, "description": f"{language}: {text.msgid}"} for name, text in COMMANDS.items()
        ]
        expected["description", code] = f"{language}: {DESCRIPTION.msgid}"
        expected["short_description", code] = f"{language}: {SHORT_DESCRIPTION.msgid}"
    assert tg.world.profile == expected


async def test_only_changes_are_sent(tg: Platform, channel: Telegram, catalogs: Catalogs) -> None:
    await publish(channel.bot, catalogs, NAME)
    tg.world.profile["description", "sq"] = "something old"
    del tg.world.profile["commands/default", "ar"]
    tg.bodies.clear()
    await publish(channel.bot, catalogs, NAME)
    changes = [(name, body["language_code"]) for name, body in tg.bodies if name.startswith("set")]
    assert sorted(changes) == [("setmycommands", "ar"), ("setmydescription", "sq")]


async def test_shipped_texts_fit(tg: Platform, channel: Telegram, caplog: pytest.LogCaptureFixture) -> None:
    await publish(channel.bot, Catalogs(LOCALES), NAME)
    assert caplog.messages == []
    assert len(tg.asked("setMyName")) == 1


async def test_what_is_not_translated_stays_general(tg: Platform, channel: Telegram) -> None:
    await publish(channel.bot, Catalogs(LOCALES / "none"), NAME)
    assert {code for _what, code in tg.world.profile} == {""}


async def test_what_does_not_fit_is_left_out_and_said(
    tg: Platform, channel: Telegram, catalogs: Catalogs, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(channel.bot, catalogs, "n" * 65)
    assert tg.asked("setMyName") == []
    assert caplog.messages == ["telegram: language '': name longer than 64 characters"]


class Blank(Marked):
    """In Albanian a command has a description of spaces, which the platform refuses."""

    def say(self, text: Text, language: str) -> str:
        return "  " if (text, language) == (COMMANDS["help"], "sq") else super().say(text, language)


async def test_one_refusal_does_not_hold_back_the_others(
    tg: Platform, channel: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(channel.bot, Blank(LOCALES), NAME)
    assert len(tg.world.profile) == 3 * len(EVERYBODY)
    assert ("commands/default", "sq") not in tg.world.profile
    assert caplog.messages == ["telegram: language 'sq': commands refused"]


@pytest.mark.parametrize("kind", ["too_many", "reset_before", "error_before", "garbage", "forbidden"])
async def test_a_failure_never_disturbs_the_intake(
    tg: Platform, inbox: Inbox, catalogs: Catalogs, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = Telegram(TEST_TOKEN, tg.url, catalogs, desk_name=NAME, first_pause_s=SOON_S)
    tg.fault(kind, method="setMyCommands")
    tg.user(41).says("hello")
    async with running(telegram, inbox.receive):
        await tg.settled()
        await tg.until(lambda: sum(tg.counters.faults.values()) or tg.counters.refused)
        while not caplog.messages:
            await telegram.bot.get_me()
    await telegram.close()
    assert len(await inbox.stored()) == 1
    assert [message.partition(":")[2].rpartition(":")[0] for message in caplog.messages] == [
        " commands and descriptions are not all published"
    ]


async def test_it_goes_on_at_the_next_start(tg: Platform, channel: Telegram, catalogs: Catalogs) -> None:
    tg.fault("too_many", method="setMyDescription", retry_after=3600)
    await publish(channel.bot, catalogs, NAME)
    assert ("name", "") not in tg.world.profile
    await publish(channel.bot, catalogs, NAME)
    assert len(tg.world.profile) == 3 * len(EVERYBODY) + 1
