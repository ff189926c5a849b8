from datetime import UTC, datetime

import pytest

from bot.channels.contract import Malformed, Undeliverable
from bot.channels.webchat import WebChat
from bot.dialog.messages import Commanded, Inbound, Laid, Pressed, Reply, Typed

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "reply"),
    [
        ('{"typed": "  Where do I register?\\n"}', Typed("Where do I register?")),
        ('{"typed": "/menu"}', Commanded("menu")),
        ('{"typed": "/Start from-poster "}', Commanded("start", "from-poster")),
        ('{"typed": "/ 12"}', Typed("/ 12")),
        ('{"typed": "//"}', Typed("//")),
        ('{"typed": "/القائمة"}', Typed("/القائمة")),
        ('{"typed": "a\\u0000b\\ud83d"}', Typed("ab\ufffd")),
        ('{"typed": "\\ud83d\\ude00"}', Typed("😀")),
        ('{"typed": "' + "ক" * 4000 + '"}', Typed("ক" * 4000)),
        ('{"pressed": ["abc-_", 3]}', Pressed("abc-_", 3)),
        ('{"command": ["start", ""]}', Commanded("start")),
        ('{"command": ["language", "ar"]}', Commanded("language", "ar")),
    ],
)
def test_what_pages_send_is_read(raw: str, reply: Reply) -> None:
    assert WebChat().read("key:c1", raw, NOW) == Inbound("web", "key", "key:c1", reply, NOW)


def test_the_language_hint_is_kept_within_bounds() -> None:
    read = WebChat().read("key:c1", '{"typed": "a", "hint": "' + "x" * 99 + '"}', NOW)
    assert read is not None
    assert read.hint == "x" * 35
    assert WebChat().read("key:c1", '{"typed": "a", "hint": 7}', NOW) == Inbound(
        "web", "key", "key:c1", Typed("a"), NOW
    )


@pytest.mark.parametrize(
    ("external_id", "raw", "why"),
    [
        ("key", '{"typed": "a"}', "id without an address"),
        (":c1", '{"typed": "a"}', "id without an address"),
        ("key:c1", "{", "not JSON"),
        ("key:c1", "[]", "not an object"),
        ("key:c1", "{}", "nothing to read"),
        ("key:c1", '{"typed": 5}', "nothing to read"),
        ("key:c1", '{"typed": " \\n "}', "empty"),
        ("key:c1", '{"typed": "' + "a" * 4001 + '"}', "too long"),
        ("key:c1", '{"pressed": ["abc"]}', "nothing to read"),
        ("key:c1", '{"pressed": ["abc", true]}', "nothing to read"),
        ("key:c1", '{"pressed": ["abc", -1]}', "no such button"),
        ("key:c1", '{"pressed": ["abc", 1000]}', "no such button"),
        ("key:c1", '{"pressed": ["", 0]}', "no such button"),
        ("key:c1", '{"command": ["Start!", ""]}', "no such command"),
    ],
)
def test_what_cannot_be_read_is_named_without_its_content(external_id: str, raw: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"^{why}$"):
        WebChat().read(external_id, raw, NOW)


async def test_nothing_is_pushed() -> None:
    chat = WebChat()
    with pytest.raises(Undeliverable, match="pulled"):
        await chat.send("key", Laid("a"), None)
    with pytest.raises(Undeliverable, match="pulled"):
        await chat.fetch("file")
    await chat.close()
