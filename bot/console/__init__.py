"""The staff pages: cases, content, the desk's own people."""

from bot.console.site import routes

__all__ = ["routes"]
