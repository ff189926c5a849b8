"""A Bot API server on loopback with scripted people behind it; `python -m` runs it alone."""

from tests.fakes.telegram.chats import Button, Chat, Message
from tests.fakes.telegram.limits import DOCUMENTED_LIMITS, Fault, FaultKind, Limits
from tests.fakes.telegram.people import Group, User
from tests.fakes.telegram.server import TEST_TOKEN, FakeTelegram

__all__ = [
    "DOCUMENTED_LIMITS",
    "TEST_TOKEN",
    "Button",
    "Chat",
    "FakeTelegram",
    "Fault",
    "FaultKind",
    "Group",
    "Limits",
    "Message",
    "User",
]
