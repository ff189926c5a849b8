"""Telegram, by long polling or webhook. Nothing outside this package imports python-telegram-bot."""

import os

# The library's announced way to get durations as timedelta; without it each RetryAfter warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.channels.telegram.channel import Telegram

__all__ = ["Telegram"]
