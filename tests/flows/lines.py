"""Lines that many transcripts share, whole, as English shows them."""

from __future__ import annotations

_MENU_BUTTONS = (
    "[🧭 My first steps] [🗣 Slovene language] [📄 Papers and offices] [🤝 People and contacts] [📅 Workshops, events] "
    "[🏛 Culture and places] [💼 Work] [🏪 Own business] [👤 Talk to a person] [📁 My things] [🚨 I am in danger]"
)
NOTICE = (
    "< This is Starting Point Postojna: free information and help for newcomers. "
    "/ Starting Point Postojna is run by (sample operator). "
    "/ We are not the police and not the office that decides about permits. "
    "/ You do not have to say your name. I am a program; a person of the desk answers when you ask for one. "
    "/ We keep your messages for 90 days, then they are deleted. "
    "/ Delete everything now: /delete. More: /privacy [🌐 Language]"
)
LANGUAGE_BUTTONS = (
    "[Slovenščina] [English] [Bosanski / Hrvatski / Srpski] [Српски] [Shqip] [Македонски] [العربية] [دری / فارسی] "
    "[پښتو] [اردو] [বাংলা] [Русский] [Українська] [Español]"
)
PICK_LANGUAGE = f"< 👋 🌍 {LANGUAGE_BUTTONS}"
CHOOSE_LANGUAGE = f"< Choose your language {LANGUAGE_BUTTONS}"
GREETING = f"< Hello! How can we help? Choose, or write your question in your own words. {_MENU_BUTTONS}"
MENU = f"< How can we help? Choose, or write your question in your own words. {_MENU_BUTTONS}"
ASK = (
    "< Write your question in your own words, in your language. I look for a checked answer. "
    "[☰ Menu] [👤 Talk to a person]"
)
HELP = (
    "< Write your question in your own words, in your language. I look for a checked answer. "
    "/ If I do not know, or if you want, a person at the desk answers you here. "
    "/ All topics: /menu / Talk to a person: /person / Another language: /language "
    "/ What we keep about you: /mydata / Delete everything about you: /delete / Emergency numbers: /danger "
    "[☰ Menu] [👤 Talk to a person] [🚨 I am in danger]"
)
# The shipped answer on registering an address, in English.
ADDRESS = (
    "< {residence.address en} Official page: https://infotujci.si/ "
    "/ Address, phone and opening hours: ask the office. / Checked on: 21 November 2026 "
    "/ This is information, not legal advice. The office decides. "
    "[👍 This helped] [👎 It did not help] [🪧 Show in Slovene] [🔁 Extend your temporary residence permit] "
    "[👪 Bring your family to Slovenia] [👤 Talk to a person] [☰ Menu]"
)
ADDRESS_AUTOMATIC = ADDRESS.replace("< ", "< (Automatic answer) ", 1)
MENU_AUTOMATIC = MENU.replace("< ", "< (Automatic answer) ", 1)
HELP_AUTOMATIC = HELP.replace("< ", "< (Automatic answer) ", 1)
UNSURE = "< I do not have a checked answer to this. A person at the desk can help you. [👤 Talk to a person] [☰ Menu]"
WHAT_QUESTION = "< What is your question? One or two sentences are enough. A person reads it. [Cancel]"
NUMBERS = (
    "< In danger? Call now. | 112 ambulance, fire, rescue (free) / 113 police "
    "/ 080\u00a011\u00a055 violence at home: women and children, free, anonymous, day and night "
    "/ 116\u00a0123 somebody to talk to in despair, free, day and night "
    "/ Say where you are, what happened, and who needs help."
)
NOBODY_READS = "< Nobody at the desk is reading now. Do not wait: call 112 or 113. [☰ Menu]"
SURE_TO_DELETE = (
    "< Delete everything about you: this chat at the desk, your questions, your language? This cannot be undone. "
    "[Yes] [No] [Cancel]"
)
DELETED = (
    "< Everything about you is deleted at the desk. What stands in this chat on your phone you can delete there "
    "yourself. You can come back any time: /start"
)
OLD_BUTTON = "< This button is from an earlier message. Here is where we are now."
UNKNOWN_COMMAND = "< I do not know this command."


def got_number(number: int) -> str:
    """A case has been opened."""
    return (
        f"< Your question has number {number}. A person at the desk reads it and answers you here. "
        "Until then you can add to it or ask me something else. [☰ Menu] [🚨 I am in danger]"
    )


def is_with_the_desk(number: int) -> str:
    """A case was open already."""
    return (
        f"< Your question {number} is with the desk. Whatever you write here is added to it. "
        "[☰ Menu] [🚨 I am in danger]"
    )


def told_the_desk(number: int) -> str:
    """A danger, and somebody is on call who would notice."""
    return f"< The desk has been told (case {number}). Do not wait for an answer here: call 112 or 113. [☰ Menu]"
