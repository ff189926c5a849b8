"""Which language: picked from native names, or offered and accepted."""

from __future__ import annotations

from bot.dialog.messages import Bind, Button, Message
from bot.dialog.talk import Talk
from bot.domain.happenings import Kind
from bot.i18n import LANGUAGES, _, raw
from flows.menu import menu_message
from flows.start import notice_if_new


async def choose_language(talk: Talk) -> Message:
    """All languages by their own names."""
    del talk
    return Message(_("Choose your language"), buttons=language_buttons())


def language_buttons() -> list[Button]:
    """One button for each language."""
    return [Button(raw(language.native), Bind("language", code)) for code, language in LANGUAGES.items()]


async def set_language(talk: Talk) -> list[Message]:
    """Speak the chosen language from now on."""
    if talk.object not in LANGUAGES:
        return [await choose_language(talk)]
    before = talk.person.language
    talk.change_person(language=talk.object, language_chosen=True)
    if before != talk.object:
        talk.note(Kind.LANGUAGE, before=before)
    if talk.scene.busy:
        return notice_if_new(talk)
    return [*notice_if_new(talk), menu_message(_("How can we help? Choose, or write your question in your own words."))]
