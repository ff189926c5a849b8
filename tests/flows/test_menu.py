"""The menu, the seven fields of help, the services, the pages about help and privacy."""

from __future__ import annotations

from tests.desk import Desk
from tests.flows.lines import ASK, GREETING, HELP, MENU, UNKNOWN_COMMAND


async def test_the_menu_and_its_seven_fields(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /menu
        {MENU}
        > [🗣 Slovene language]
        < 🗣 Slovene language | Choose a topic, or write your question in your own words.
          [📘 Free Slovene course (ZIP)] [👤 Talk to a person] [☰ Menu]
        > [📄 Papers and offices]
        < 📄 Papers and offices | Choose a topic, or write your question in your own words.
          [🩺 Choose a doctor and a dentist] [💳 Compulsory health insurance and the card] [🏠 Register your address]
          [👪 Bring your family to Slovenia] [🔁 Extend your temporary residence permit]
          [🛂 Single permit to live and work] [🎒 Enrol a child in primary school] [👤 Talk to a person] [☰ Menu]
        > [🤝 People and contacts]
        < 🤝 People and contacts | Choose a topic, or write your question in your own words.
          [🤝 Meet people in Postojna] [👤 Talk to a person] [☰ Menu]
        > [📅 Workshops, events]
        < 📅 Workshops, events | There are no texts about this yet. A person at the desk can tell you more.
          [👤 Talk to a person] [☰ Menu]
        > [🏛 Culture and places]
        < 🏛 Culture and places | Choose a topic, or write your question in your own words.
          [📚 Join the library] [👤 Talk to a person] [☰ Menu]
        > [💼 Work]
        < 💼 Work | Choose a topic, or write your question in your own words.
          [🔎 Find work through the Employment Service] [📝 Your rights at work] [👤 Talk to a person] [☰ Menu]
        > [🏪 Own business]
        < 🏪 Own business | Choose a topic, or write your question in your own words.
          [🏪 Open a sole-trader business (s.p.)] [👤 Talk to a person] [☰ Menu]
        > [☰ Menu]
        {MENU}
    """)


async def test_a_topic_of_a_field_is_answered(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    await guest.presses("📄 Papers and offices")
    shown = await guest.presses("🏠 Register your address")
    assert [(laid.tone, laid.topic, laid.title) for laid in shown] == [
        ("answer", "residence.address", "🏠 Register your address")
    ]


async def test_services_say_what_is_possible_now(desk: Desk) -> None:
    await desk.person("en").chats("""
        > /courses
        < A person at the desk tells you which courses are open and signs you up.
          [📘 Free Slovene course (ZIP)] [👤 Talk to a person] [☰ Menu]
        > /mentors
        < A person at the desk finds a mentor for you or somebody to practise Slovene with.
          [🤝 Meet people in Postojna] [👤 Talk to a person] [☰ Menu]
        > /events
        < A person at the desk tells you which events are coming and signs you up. [👤 Talk to a person] [☰ Menu]
    """)


async def test_words_for_the_menu(desk: Desk) -> None:
    guest = desk.person("en")
    for words in ("menu", "Menu!", "START", "home"):
        await guest.chats(f"> {words}\n{MENU}")


async def test_help_ask_and_small_talk(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > /help
        {HELP}
        > help
        {HELP}
        > /ask
        {ASK}
        > hello
        {GREETING}
        > /nonsense
        {UNKNOWN_COMMAND}
        {HELP}
    """)


async def test_back_and_cancel_outside_a_form_lead_to_the_menu(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > back
        {MENU}
        > cancel
        {MENU}
        > never mind
        {MENU}
    """)


async def test_privacy_tells_the_periods_by_which_the_desk_deletes(desk: Desk) -> None:
    await desk.person("en").chats("""
        > /privacy
        < Your data | Starting Point Postojna is run by (sample operator).
          / We help newcomers. This is a public service; you need not agree to anything to use it.
          / We are not the police and not the office that decides about permits.
          / We keep: your language, the words of this chat, and the address by which this chat reaches you. All of it is locked with a key.
          / We do not keep your name, picture or phone number from Telegram. Please do not write numbers of documents here.
          / The words of the chat are deleted after 90 days.
          / What you sent is kept as it arrived for 8 days, so that nothing is lost or answered twice.
          / Everything else about you is deleted when you have not written for 365 days.
          / We count contacts, languages and topics without names, so that the desk can be paid for.
          / People of the desk read a chat only to answer it; each reading is written down.
          / Telegram itself sees what you write there. For sensitive matters use our web chat.
          / See what we keep: /mydata. Get a copy: /export. No more messages: /stop. Delete everything: /delete.
          / You can also complain to the Information Commissioner of Slovenia: https://www.ip-rs.si/
          [📁 My things] [☰ Menu]
        > [📁 My things]
        < 📁 My things | You have no open questions. / Language: English / We keep 2 messages of this chat.
          [🌐 Language] [📄 Get a copy] [🔒 Your data] [🔕 No more messages] [🗑 Delete everything] [👤 Talk to a person] [☰ Menu]
    """)
