"""A message, a language and a channel's limits make what the channel shows."""

from __future__ import annotations

import itertools

from bot.dialog.messages import Document, Laid, LaidButton, LaidDocument, Limits, Message
from bot.domain.db import new_id
from bot.i18n import LANGUAGES, Catalogs


def lay_out(message: Message, language: str, catalogs: Catalogs, limits: Limits, sender: str = "") -> Laid:
    """`message` in `language` as a channel with these limits shows it."""
    shown = message.buttons[: limits.buttons]
    counted = itertools.count()
    buttons = [
        LaidButton(_shorten(catalogs.say(one.label, language), limits), one.url, next(counted) if one.bind else -1)
        for one in shown
    ]
    # A text in another language is for somebody else to read; its buttons are still for this person.
    mirrored = limits.mirrors_rows and LANGUAGES[language].right_to_left
    language = message.language or language
    return Laid(
        text=_shorten_text(catalogs.say(message.text, language), limits),
        title=catalogs.say(message.title, language) if message.title else "",
        rows=_rows(buttons, limits, mirrored=mirrored),
        tone=message.tone,
        language=language,
        direction=LANGUAGES[language].direction,
        sender=sender,
        binds=tuple(one.bind for one in shown if one.bind is not None),
        topic=message.topic,
        document=_laid_document(message.document),
    )


def _laid_document(document: Document | None) -> LaidDocument | None:
    return LaidDocument(document.name, new_id(), document.maker, document.content) if document is not None else None


def _shorten(label: str, limits: Limits) -> str:
    return label if len(label) <= limits.label_chars else label[: limits.label_chars - 1].rstrip() + "…"


def _shorten_text(text: str, limits: Limits) -> str:
    return text if len(text) <= limits.text_chars else text[: limits.text_chars - 1].rstrip() + "…"


def _rows(buttons: list[LaidButton], limits: Limits, *, mirrored: bool) -> tuple[tuple[LaidButton, ...], ...]:
    """Short labels in pairs, long ones alone. The numbering of buttons follows reading order in both directions."""
    rows: list[tuple[LaidButton, ...]] = []
    pair: list[LaidButton] = []
    for button in buttons:
        if len(button.label) > limits.short_label_chars or button.url:
            if pair:
                rows.append(tuple(pair))
                pair = []
            rows.append((button,))
            continue
        pair.append(button)
        if len(pair) == 2:  # noqa: PLR2004 - two side by side
            rows.append(tuple(pair))
            pair = []
    if pair:
        rows.append(tuple(pair))
    # Keyboards know no direction: in right-to-left languages the first button belongs on the right.
    return tuple(tuple(reversed(row)) for row in rows) if mirrored else tuple(rows)
