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
          [📚 Courses] [📚 Education and courses for adults] [🎓 Official Slovene exam]
          [🗣️ Slovene for renewing a family permit] [📘 Free Slovene course (ZIP)] [👤 Talk to a person] [☰ Menu]
        > [📄 Papers and offices]
        < 📄 Papers and offices | Choose a topic, or write your question in your own words.
          [🪪 Permits, residence] [👪 Family, school] [🩺 Health] [💶 Money, home] [✒️ Documents, driving]
          [👤 Talk to a person] [☰ Menu]
        > [🪪 Permits, residence]
        < 🪪 Permits, residence | Choose a topic, or write your question in your own words.
          [🇸🇮 Slovene citizenship] [🌳 Slovene ancestors and citizenship] [🏢 Administrative Unit Postojna]
          [🏠 Register your address] [🔢 EMŠO personal number] [🇪🇺 Residence registration for EU citizens]
          [👪 Bring your family to Slovenia] [🪪 First temporary residence permit] [🏡 Permanent residence permit]
          [🔁 Extend your temporary residence permit] [🧰 Permit for the self-employed]
          [🛂 Single permit to live and work] [🎓 Residence permit for study] [👤 Talk to a person] [☰ Menu]
        > [👪 Family, school]
        < 👪 Family, school | Choose a topic, or write your question in your own words.
          [🧒 Child benefit] [🤰 Maternity leave] [👶 Papers for a newborn child]
          [🍼 Parental allowance for parents without benefit] [🧸 A place in kindergarten]
          [🎒 Enrol a child in primary school] [🏫 Enrol in secondary school] [👤 Talk to a person] [☰ Menu]
        > [🩺 Health]
        < 🩺 Health | Choose a topic, or write your question in your own words.
          [🩺 Choose a doctor and a dentist] [💳 Compulsory health insurance and the card]
          [🗣️ Interpreter or mediator at the doctor] [💉 Vaccination of children] [👤 Talk to a person] [☰ Menu]
        > [💶 Money, home]
        < 💶 Money, home | Choose a topic, or write your question in your own words.
          [🏦 Basic bank account] [🔑 Renting a flat and the contract] [👵 Pension and years worked abroad]
          [📺 RTV fee (radio and television)] [🤝 Cash social assistance] [🧾 Income tax (dohodnina)] [🔢 Tax number]
          [👤 Talk to a person] [☰ Menu]
        > [✒️ Documents, driving]
        < ✒️ Documents, driving | Choose a topic, or write your question in your own words.
          [📱 Electronic identity (smsPASS, SIGEN-CA)] [📜 Apostille and legalised papers]
          [🗣️ Court interpreter and translated papers] [🖋️ Certify a signature or a copy] [🚗 Register or import a car]
          [🪪 Exchange a foreign driving licence] [⚖️ Free legal aid] [🏛️ The municipality of Postojna]
          [👤 Talk to a person] [☰ Menu]
        > [🤝 People and contacts]
        < 🤝 People and contacts | Choose a topic, or write your question in your own words.
          [🧑‍🏫 Mentors] [🗣 Language practice] [⚖️ Discrimination] [🚨 Emergency numbers] [💚 Mental distress, someone to talk to]
          [🤝 Meet people in Postojna] [🚪 Aliens Centre in Postojna] [🕊️ Asking for international protection (asylum)]
          [🛡️ Temporary protection] [🧒 Minors alone without parents] [🛟 Domestic violence]
          [👤 Talk to a person] [☰ Menu]
        > [📅 Workshops, events]
        < 📅 Workshops, events | Choose a topic, or write your question in your own words. [📅 Events]
          [👤 Talk to a person] [☰ Menu]
        > [🏛 Culture and places]
        < 🏛 Culture and places | Choose a topic, or write your question in your own words.
          [📚 Join the library] [♻️ Rubbish and recycling] [🚌 Bus, train and the Torbar ride]
          [👤 Talk to a person] [☰ Menu]
        > [💼 Work]
        < 💼 Work | Choose a topic, or write your question in your own words.
          [📜 Recognition of a foreign diploma] [🛠️ Certificate of vocational skills (NPK)]
          [⛓️ Exploitation, passport taken, threats] [ℹ️ Info points for foreigners]
          [🔎 Report an employer to the Labour Inspectorate] [🔎 Find work through the Employment Service]
          [📝 Your rights at work] [👤 Talk to a person] [☰ Menu]
        > [🏪 Own business]
        < 🏪 Own business | Choose a topic, or write your question in your own words.
          [🏢 Open a limited company (d.o.o.)] [🏪 Open a sole-trader business (s.p.)]
          [👤 Talk to a person] [☰ Menu]
        > [☰ Menu]
        {MENU}
    """)


async def test_a_topic_of_a_field_is_answered(desk: Desk) -> None:
    guest = desk.person("en")
    await guest.says("/menu")
    await guest.presses("📄 Papers and offices")
    await guest.presses("🪪 Permits, residence")
    shown = await guest.presses("🏠 Register your address")
    assert [(laid.tone, laid.topic, laid.title) for laid in shown] == [
        ("answer", "residence.address", "🏠 Register your address")
    ]


async def test_services_say_what_is_possible_now(desk: Desk) -> None:
    await desk.person("en").chats("""
        > /courses
        < 📚 Courses | No course is open now. A person at the desk can tell you more, and these pages too:
          [📘 Free Slovene course (ZIP)] [🎓 Official Slovene exam] [📚 Education and courses for adults]
          [👤 Talk to a person] [☰ Menu]
        > /mentors
        < A person at the desk finds a mentor for you or somebody to practise Slovene with.
          [🤝 Meet people in Postojna] [🗣 Language practice] [👤 Talk to a person] [☰ Menu]
        > /events
        < 📅 Events | No event is planned yet. A person at the desk can tell you what else there is.
          [👤 Talk to a person] [☰ Menu]
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
          / When you sign up or book, we also keep what you tell us for it, for example a name or a phone number. You find it under /mydata.
          / The words of the chat are deleted after 90 days.
          / A letter that you make here, and your answers for it, are deleted after 1 day.
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
          [⚙️ Settings] [📄 Get a copy] [🔒 Your data] [🗑 Delete everything] [👤 Talk to a person] [☰ Menu]
    """)
