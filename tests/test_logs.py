"""No secret, no name and nobody's words in the log, at any level, also when things break."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from bot import logs
from bot.channels.contract import RawUpdate, Undeliverable
from bot.channels.telegram import Telegram
from bot.config import Settings, SettingsError, read_settings
from bot.dialog.messages import Laid
from tests.fakes.telegram import FakeTelegram

TOKEN = "7000042:canary-token-canary-token-canary-0000"
SECRET = "canary-webhook-secret"
KEYS = "canary-key-one, canary-key-two"
CANARY = "canary"

log = logging.getLogger("bot.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def settings() -> Settings:
    return read_settings(
        {
            "SP_TELEGRAM_TOKEN": TOKEN,
            "SP_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "SP_SECRET_KEY": KEYS,
            "SP_LOG_LEVEL": "debug",
        }
    )


@pytest.fixture
def output(settings: Settings) -> Iterator[io.StringIO]:
    """What the root logger's handler writes at DEBUG; everything is put back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    hooks, handlers = (sys.excepthook, threading.excepthook), list(root.handlers)
    names = ["", "bot", "flows", *logs._TALKATIVE]
    levels = [logging.getLogger(name).level for name in names]
    logs.set_up(settings, stream)
    yield stream
    root.handlers[:] = handlers
    for name, level in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logs._secrets.clear()


def lines(output: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def messages(output: io.StringIO) -> list[str]:
    return [line["message"] for line in lines(output)]


class TestConversation:
    """Canaries go through the whole channel, forwards and backwards, with everything that can go wrong."""

    async def test_leaves_no_trace(self, output: io.StringIO) -> None:
        async with FakeTelegram(TOKEN) as tg:
            channel = Telegram(TOKEN, tg.url, webhook_secret=SECRET, first_pause_s=0.01)
            failures = iter([ValueError(CANARY), OSError(5, "Input/output error", CANARY), KeyError(CANARY)])

            async def receive(name: str, updates: Sequence[RawUpdate]) -> None:
                for failure in failures:
                    raise RuntimeError(repr(updates)) from failure

            user = tg.user(41, first_name=CANARY, last_name=CANARY, username=CANARY)
            user.says(f"{CANARY} question")
            user.sends_voice(caption=CANARY)
            tg.pushes({"update_id": CANARY, "message": CANARY})
            for kind in ("garbage", "reset_before", "error_before", "too_many", "forbidden"):
                tg.fault(kind, method="getUpdates")
            task = asyncio.create_task(channel.run(receive))
            user.says(CANARY)
            await tg.settled()
            for kind in ("garbage", "reset_after", "error_after", "too_many", "forbidden"):
                tg.fault(kind, method="sendMessage")
                with pytest.raises(Undeliverable) as refusal:
                    await channel.send("41", Laid(CANARY, CANARY, sender=CANARY), None)
                log.warning("not sent: %s", refusal.value, exc_info=refusal.value)
            await channel.send("41", Laid(CANARY, CANARY, sender=CANARY), None)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await channel.close()
        assert messages(output).count("telegram: getUpdates failed") == 3
        assert CANARY not in output.getvalue()
        assert TOKEN.partition(":")[2] not in output.getvalue()

    async def test_library_at_its_most_talkative(self, output: io.StringIO) -> None:
        """Even where somebody turns everything up: the token stays out."""
        for name in ("", "telegram", "aiohttp"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        async with FakeTelegram(TOKEN) as tg:
            channel = Telegram(TOKEN, tg.url)
            tg.user(41)
            await channel.send("41", Laid("hello"), None)
            with pytest.raises(Undeliverable):
                await channel.send("42", Laid("hello"), None)
            await channel.bot.get_me()
            await channel.close()
        assert "Set Bot API URL" in output.getvalue()
        assert TOKEN not in output.getvalue()
        assert "canary" not in output.getvalue()

    def test_others_stay_silent_below_warning(self, output: io.StringIO) -> None:
        for name in (
            "telegram.Bot",
            "httpx",
            "aiosqlite",
            "sqlalchemy.engine.Engine",
            "new.library",
        ):
            logging.getLogger(name).debug(CANARY)
            logging.getLogger(name).info(CANARY)
        assert output.getvalue() == ""


def chained() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise KeyError(CANARY) from error


def grouped() -> None:
    raise ExceptionGroup(CANARY, [ValueError(CANARY), OSError(28, "No space left on device", CANARY)])


def in_the_database() -> None:
    sqlite3.connect(":memory:").execute("SELECT * FROM missing WHERE word = ?", (CANARY,))


def of_postgres() -> None:
    import psycopg

    raise psycopg.errors.UniqueViolation(f"DETAIL: Key (key)=({CANARY}) already exists.")


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (chained, ["ValueError", "which led to:", "KeyError"]),
        (grouped, ["ExceptionGroup", "ValueError", "OSError: No space left on device"]),
        pytest.param(
            in_the_database,
            ["sqlite3.OperationalError: no such table: missing"],
            marks=pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
        ),
        (of_postgres, ["psycopg.errors.UniqueViolation: SQLSTATE 23505"]),
    ],
)
def test_tracebacks_say_where_and_what_but_not_with_which_value(
    output: io.StringIO, breaks: Callable[[], None], said: list[str]
) -> None:
    try:
        breaks()
    except Exception:
        log.exception("it broke")
    (line,) = lines(output)
    assert f"in {breaks.__name__}" in line["error"]
    assert [one for one in said if one not in line["error"].splitlines()] == []
    assert f"{CANARY}'" not in line["error"]
    assert f"({CANARY}" not in line["error"]


def test_exceptions_among_the_arguments_are_only_named(output: io.StringIO) -> None:
    log.error("failed: %s and %r", ValueError(CANARY), OSError(13, "Permission denied", CANARY))
    log.error(KeyError(CANARY))
    log.error("%(why)s", {"why": "fine"})
    log.error("%d", CANARY)
    assert messages(output) == [
        "failed: ValueError and 'PermissionError: Permission denied'", "KeyError", "fine", "%d",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot[hidden]/getMe"),
        ("bot123456789:AAErandom_letters-of-a-token-00000 refused", "[hidden] refused"),
        ("The token `123456789%3AAAErandom_letters-of-a-token` was", "The token `[hidden]` was"),
        (f"secret {SECRET}, keys canary-key-one and canary-key-two", "secret [hidden], keys [hidden] and [hidden]"),
        ("postgresql+psycopg://desk:pass-word@db/desk", "postgresql+psycopg://desk:[hidden]@db/desk"),
        ("at 10:15:30, update 700000001", "at 10:15:30, update 700000001"),
    ],
)
def test_secrets_are_hidden_wherever_they_come_from(output: io.StringIO, text: str, shown: str) -> None:
    log.info(text)
    log.info("%s", text)
    log.info("%(text)s", {"text": text})
    assert messages(output) == [shown] * 3


def test_stack_and_late_secrets(output: io.StringIO) -> None:
    logs.hide("another-secret", "short", "")
    log.info("another-secret short", stack_info=True)
    (line,) = lines(output)
    assert line["message"] == "[hidden] short"
    assert "test_stack_and_late_secrets" in line["stack"]


async def test_forgotten_tasks_do_not_quote_their_exception(output: io.StringIO) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"Task exception was never retrieved exception={CANARY}", "exception": ValueError(CANARY),
         "future": asyncio.ensure_future(asyncio.sleep(0, CANARY))}
    )  # fmt: skip
    (line,) = lines(output)
    assert CANARY not in json.dumps(line)
    assert line["error"] == "ValueError"


def test_uncaught_exceptions_go_the_same_way(output: io.StringIO) -> None:
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=lambda: int(CANARY))
    thread.start()
    thread.join()
    assert messages(output) == ["stopped by a fault", "a thread ended by a fault"]
    assert "'canary'" not in output.getvalue()


def test_one_json_object_a_line(output: io.StringIO) -> None:
    log.info("two\nlines")
    (line,) = lines(output)
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "bot.test", "two\nlines")
    assert line["at"].endswith("+00:00")


def test_plain_where_somebody_watches(output: io.StringIO, settings: Settings) -> None:
    terminal = Terminal()
    logs.set_up(settings, terminal)
    log.info("hello %s", TOKEN)
    assert terminal.getvalue().endswith(" INFO bot.test: hello [hidden]\n")
    assert output.getvalue() == ""  # setting up again replaces the handler


@pytest.mark.parametrize("level", ["WARNING", "error"])
def test_level(output: io.StringIO, level: str) -> None:
    logs.set_up(read_settings({"SP_LOG_LEVEL": level}), output)
    log.info("one")
    log.error("two")
    assert messages(output) == ["two"]


@pytest.mark.parametrize("level", ["LOUD", "10"])
def test_unknown_level_is_refused(level: str) -> None:
    with pytest.raises(SettingsError, match="SP_LOG_LEVEL"):
        logs.set_up(read_settings({"SP_LOG_LEVEL": level}))
