"""A message, a language and a channel's limits make what the channel shows."""

from __future__ import annotations

import itertools
from typing import Final

from bot.dialog.messages import Document, Laid, LaidButton, LaidDocument, Limits, Message
from bot.domain.db import new_id
from bot.i18n import LANGUAGES, Catalogs, _

_FEW: Final = 3


def lay_out(message: Message, language: str, catalogs: Catalogs, limits: Limits, sender: str = "") -> Laid:
    """`message` in `language` as a channel with these limits shows it.

    Where there are more or longer buttons than the channel has, those that do not fit stand in the text by number.
    """
    counted = itertools.count()
    buttons = [
        LaidButton(catalogs.say(one.label, language), one.url, next(counted) if one.bind else -1)
        for one in message.buttons
    ]
    numbered = len(buttons) > limits.buttons or any(len(one.label) > limits.label_chars for one in buttons)
    shown = _that_fit(buttons, limits) if numbered else buttons
    listed = _numbers([one for one in buttons if one not in shown], language, catalogs) if numbered else ""
    # A text in another language is for somebody else to read; its buttons are still for this person.
    mirrored = limits.mirrors_rows and LANGUAGES[language].right_to_left
    language = message.language or language
    return Laid(
        text=_shorten(catalogs.say(message.text, language), limits.text_chars - len(listed)) + listed,
        title=catalogs.say(message.title, language) if message.title else "",
        rows=_rows(shown, limits, mirrored=mirrored),
        tone=message.tone,
        language=language,
        direction=LANGUAGES[language].direction,
        sender=sender,
        binds=tuple(one.bind for one in message.buttons if one.bind is not None),
        topic=message.topic,
        document=_laid_document(message.document),
        numbered=numbered,
    )


def _that_fit(buttons: list[LaidButton], limits: Limits) -> list[LaidButton]:
    """The first that the channel can show whole. One with few buttons has none that are links."""
    links = limits.buttons > _FEW
    fitting = [one for one in buttons if len(one.label) <= limits.label_chars and (links or one.index >= 0)]
    return fitting[: limits.buttons]


def _numbers(buttons: list[LaidButton], language: str, catalogs: Catalogs) -> str:
    """The others, below the text. The number is that of the reading order of all, so that it also names an option."""
    links = [f"{one.label}: {one.url}" for one in buttons if one.url]
    lines = [f"{one.index + 1}. {one.label}" for one in buttons if not one.url]
    ask = [catalogs.say(_("You can also write a number:"), language)] if lines else []
    return "\n\n" + "\n".join([*links, *ask, *lines])


def _laid_document(document: Document | None) -> LaidDocument | None:
    return LaidDocument(document.name, new_id(), document.maker, document.content) if document is not None else None


def _shorten(words: str, most_chars: int) -> str:
    return words if len(words) <= most_chars else words[: max(most_chars - 1, 0)].rstrip() + "…"


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
