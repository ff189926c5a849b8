"""Answers read aloud: a mediator records in Telegram, people hear it there and in the web chat, and it goes again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from bot.answers.content import Answer, Library, body_hash
from bot.channels.telegram import Telegram
from bot.dialog.messages import Laid
from bot.domain import copies, documents, recordings, staff
from bot.domain.audit import AuditEntry
from bot.domain.callers import callers
from bot.domain.recordings import Recording
from bot.domain.staff import Role, Staff
from bot.domain.tickets import Ticket
from bot.recordings import fetch_recordings, offer_recordings
from tests.desk import Desk, Guest
from tests.fakes.telegram import TEST_TOKEN, FakeTelegram, User
from tests.flows.lines import ADDRESS

TOPIC = "residence.address"
SOUND = b"OggS a sample that nobody spoke"
PROMPT = "{n} of {all}\nPlease read the title and the text aloud and send it as a voice note."
CHECK = "Listen to it once. Shall people hear it like this?"
LISTEN_FIRST = "Shall I always play the answer first, where somebody has read it aloud?"


@dataclass(slots=True)
class Studio:
    """A desk with Telegram, and a member whose Telegram is linked. `texts`: what they may read, in order."""

    desk: Desk
    fake: FakeTelegram
    user: User
    member: Staff
    texts: list[Answer] = field(default_factory=list)

    async def says(self, words: str, answers: int = 1) -> list[str]:
        """Type something; what comes back."""
        self.user.says(words)
        return await self.hears(answers)

    async def presses(self, label: str, answers: int = 1) -> list[str]:
        """Press a button of the last message; what comes back."""
        self.user.presses(self.user.got[-1], label)
        return await self.hears(answers)

    async def sends(self, sound: bytes = SOUND, answers: int = 1) -> list[str]:
        """Send a voice note; what comes back."""
        self.user.sends_voice(sound, seconds=7)
        return await self.hears(answers)

    async def hears(self, answers: int) -> list[str]:
        return [message.text for message in await self.user.hears(answers)]

    async def reads(self, text: Answer) -> None:
        """Record one text, which is the first that is shown."""
        await self.says("/record", 2)
        await self.sends()
        await self.presses("Keep it", 3)
        assert text.title in self.user.got[-5].text

    def shown(self, text: Answer) -> str:
        title = f"{self.desk.house.library[text.topic].icon} {text.title}"
        return f"{title}\n\n{text.shown(overdue=False, instead='')}"

    def prompt(self, number: int) -> str:
        return PROMPT.format(n=number, all=len(self.texts))


@asynccontextmanager
async def telegram_at(desk: Desk) -> AsyncIterator[FakeTelegram]:
    """The fake platform, joined to the desk by a real channel over a socket."""
    async with FakeTelegram() as fake:
        channel = Telegram(TEST_TOKEN, fake.url, first_pause_s=0.01)
        desk.house.channels["telegram"] = channel
        desk.outbox.pushed.append("telegram")
        tasks = [
            asyncio.create_task(part)
            for part in (channel.run(desk.reception.receive), desk.reception.run(), desk.outbox.run())
        ]
        try:
            yield fake
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await desk.outbox.drain()
            await channel.close()


@pytest.fixture
async def studio(desk: Desk) -> AsyncIterator[Studio]:
    """Three texts in English, one of them checked, and a mediator for English."""
    wanted = [TOPIC, "health.doctor", "school.primary"]
    kept = {name: desk.house.library[name] for name in wanted}
    for name, topic in kept.items():
        english = replace(topic.answers["en"], state="checked" if name == "health.doctor" else "machine")
        kept[name] = replace(topic, answers={**topic.answers, "en": english})
    library = desk.house.library.topics
    desk.house.library = Library({**library, **kept})
    member = await desk.has_staff("fatmir", Role.MEDIATOR, languages=["en"])
    texts = [topic.answers["en"] for topic in desk.house.library if not topic.handover and "en" in topic.answers]
    texts.sort(key=lambda one: (one.state != "checked", one.topic))
    async with telegram_at(desk) as fake:
        user = fake.user(7001, language_code="en")
        made = Studio(desk, fake, user, member, texts)
        async with desk.house.db.transaction() as session:
            token = await staff.invite(session, member.id, desk.clock())
        await made.says(f"/start staff-{token}")
        await made.says("/menu", 2)  # the notice comes with it
        yield made


async def test_a_mediator_reads_one_text_after_another(studio: Studio) -> None:
    first, second, third = studio.texts[:3]
    assert first.topic == "health.doctor"
    assert await studio.says("/record", 2) == [studio.shown(first), studio.prompt(1)]
    assert list(studio.user.got[-1].buttons) == ["Skip", "Stop", "Cancel"]
    assert await studio.says("what is this about?", 2) == [
        studio.shown(first),
        f"Please send a voice note: hold the microphone button of your app and read.\n{studio.prompt(1)}",
    ]
    assert await studio.sends() == [CHECK]
    assert await studio.presses("Read it again", 2) == [studio.shown(first), studio.prompt(1)]
    assert await studio.sends() == [CHECK]
    assert await studio.sends(b"OggS once more") == [CHECK]
    assert await studio.presses("Keep it", 3) == [
        "Kept. People can hear it in a moment.", studio.shown(second), studio.prompt(2),
    ]  # fmt: skip
    assert await studio.presses("Skip", 2) == [studio.shown(third), studio.prompt(3)]
    assert await studio.presses("Stop") == ["Thank you. You can go on at any time: /record"]
    assert (await studio.desk.count(Recording), await studio.desk.count(Ticket)) == (1, 0)
    assert studio.desk.house.recorded == {}
    assert await fetch_recordings(studio.desk.house) == 1
    ((text, number),) = studio.desk.house.recorded.items()
    assert text == (first.topic, "en", body_hash(first.body))
    async with studio.desk.house.db.reading() as session:
        kept = await session.get_one(Recording, number)
        verbs = list(await session.scalars(select(AuditEntry.verb)))
        assert await recordings.audio_of(session, number) == b"OggS once more"
    assert (kept.file, kept.seconds, kept.staff_id, verbs) == (None, 7, studio.member.id, ["record text"])
    assert await studio.says("/record", 2) == [studio.shown(second), studio.prompt(2)]


async def test_the_last_text_is_said_to_be_the_last(studio: Studio) -> None:
    await studio.says("/record", 2)
    for _text in studio.texts[1:]:
        await studio.presses("Skip", 2)
    assert await studio.presses("Skip") == [
        "That was the last text. Thank you! Those that you left out come again: /record"
    ]


async def test_for_others_there_is_no_such_command(desk: Desk) -> None:
    guest, other = desk.person("en"), desk.person("en")
    assert [laid.text for laid in await guest.says("/record")] == [laid.text for laid in await other.says("/rekord")]


async def test_a_member_without_languages_has_nothing_to_read(desk: Desk) -> None:
    for login, role, languages in (("luka", Role.TUTOR, ["en"]), ("ana", Role.MEDIATOR, [])):
        guest, member = desk.person("en"), await desk.has_staff(login, role, languages=languages)
        await linked(desk, guest, member)
        await guest.chats("""
            > /record
            < There is no text for you to read. Your languages stand in the console.
        """)


async def linked(desk: Desk, guest: Guest, member: Staff) -> None:
    async with desk.house.db.transaction() as session:
        token = await staff.invite(session, member.id, desk.clock())
    await guest.says(f"/start staff-{token}")


async def test_a_voice_note_that_nobody_asked_for_goes_to_the_desk(studio: Studio) -> None:
    (said,) = await studio.sends()
    assert said.startswith("Thank you. I cannot listen or look myself.")
    assert (await studio.desk.count(Recording), await studio.desk.count(Ticket)) == (0, 1)


@pytest.mark.parametrize(
    ("sound", "why", "said"),
    [
        (b"OggS" + bytes(recordings.MOST_BYTES), "too_big", "is too long. Please read it again: /record"),
        (b"something else", "no_voice", "did not arrive. Please read it again: /record"),
    ],
)
async def test_what_cannot_be_used_is_told_to_who_sent_it(studio: Studio, sound: bytes, why: str, said: str) -> None:
    await studio.says("/record", 2)
    await studio.sends(sound)
    await studio.presses("Keep it", 3)
    assert await fetch_recordings(studio.desk.house) == 0
    (told,) = await studio.hears(1)
    assert told == f"Your recording of “{studio.texts[0].title}” {said}"
    async with studio.desk.house.db.reading() as session:
        (failed,) = await session.scalars(select(Recording))
    assert (failed.failed, failed.audio, failed.file, studio.desk.house.recorded) == (why, None, None, {})
    assert await studio.says("/record", 2) == [studio.shown(studio.texts[0]), studio.prompt(1)]


async def with_recording(desk: Desk, topic: str = TOPIC, language: str = "en") -> int:
    """A recording of the shipped text, as if it had been fetched."""
    text = desk.house.library[topic].answers[language]
    mark = topic, language, body_hash(text.body)
    async with desk.house.db.transaction() as session:
        number = await recordings.keep_recording(session, mark, "telegram", "file", 3, 1, desk.clock())
        (due,) = await recordings.due_for_fetch(session)
        assert await recordings.note_fetched(session, due, SOUND, desk.clock())
    await offer_recordings(desk.house)
    return number


async def test_listening_in_the_web_chat_asks_once(desk: Desk) -> None:
    await with_recording(desk)
    title = desk.house.library[TOPIC].answers["en"].title
    guest = desk.person("en")
    (shown,) = await guest.says("How do I register my address?")
    assert labels(shown)[:2] == ["🔊 Listen", "👍 This helped"]
    await guest.chats(f"""
        > [🔊 Listen]
        < 🔊 🏠 {title}
        < {LISTEN_FIRST} [Yes] [No]
        > [No]
        < Answers come as text. Where somebody has read one aloud, it has a button to listen. [📁 My things] [☰ Menu]
        > [🔊 Listen]
        < 🔊 🏠 {title}
    """)
    heard = guest.screen[-1][1]
    assert heard.document is not None
    assert heard.document.name == "answer.ogg"
    async with desk.house.db.reading() as session:
        recipe = await documents.recipe(session, heard.document.id, desk.clock())
    assert recipe is not None
    assert recipe.content == {"audio": SOUND}


def labels(laid: Laid) -> list[str]:
    return [button.label for row in laid.rows for button in row]


async def settings_of(guest: Guest) -> Laid:
    await guest.says("/mydata")
    return (await guest.presses("⚙️ Settings"))[-1]


async def test_whoever_prefers_it_hears_answers_first(desk: Desk) -> None:
    await with_recording(desk)
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    await guest.presses("🔊 Listen")
    await guest.chats("""
        > [Yes]
        < From now on you hear answers first, where somebody has read them aloud. [📁 My things] [☰ Menu]
    """)
    heard, read = await guest.says("How do I register my address?")
    assert (heard.document is not None, read.topic) == (True, TOPIC)
    assert [one.topic for one in await guest.says("How do I find a doctor?")] == ["health.doctor"]
    assert "🔊 Do not play answers first" in labels(await settings_of(guest))
    await guest.presses("🔊 Do not play answers first")
    assert [one.topic for one in await guest.says("How do I register my address?")] == [TOPIC]
    assert "🔊 Play answers first" in labels(await settings_of(guest))


async def test_the_choice_stands_in_the_copy_and_goes_with_the_person(desk: Desk) -> None:
    await with_recording(desk)
    guest = desk.person("en")
    await settings_of(guest)
    await guest.presses("🔊 Play answers first")
    assert await preference(desk, guest) == ("yes", "yes")
    await guest.says("/delete")
    await guest.presses("Yes")
    await guest.says("/start")
    assert await preference(desk, guest) == ("", "")
    assert "🔊 Play answers first" in labels(await settings_of(guest))


async def preference(desk: Desk, guest: Guest) -> tuple[str, str]:
    async with desk.house.db.reading() as session:
        caller = (await callers(session, [guest.sender], desk.clock()))[guest.sender]
        return caller.listens, (await copies.collect(session, caller.person_id))["person"]["listens"]


async def test_without_recordings_nothing_is_said_of_listening(desk: Desk) -> None:
    await desk.person("en").chats(f"""
        > How do I register my address?
        {ADDRESS}
    """)
    assert not [one for one in labels(await settings_of(desk.person("en"))) if "🔊" in one]


def with_other_words(library: Library) -> Library:
    """The library after somebody has changed one text."""
    answers = library[TOPIC].answers
    other = replace(answers["en"], body="A sample text with other words.")
    return Library({**library.topics, TOPIC: replace(library[TOPIC], answers={**answers, "en": other})})


async def test_a_changed_text_is_not_heard_in_its_old_words(desk: Desk) -> None:
    await with_recording(desk)
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    desk.house.library = with_other_words(desk.house.library)
    (shown,) = await guest.presses("🔊 Listen")
    assert shown.text == "The text has changed and nobody has read it aloud yet. You can read it."
    (answer,) = await guest.says("How do I register my address?")
    assert "🔊 Listen" not in labels(answer)


async def test_an_overdue_text_is_not_heard_since_it_hides_what_a_voice_would_say(desk: Desk) -> None:
    await with_recording(desk)
    desk.clock.at = desk.clock.at.replace(year=2030)
    (answer,) = await desk.person("en").says("How do I register my address?")
    assert "🔊 Listen" not in labels(answer)


async def test_a_removed_recording_is_silent_at_once(desk: Desk) -> None:
    number = await with_recording(desk)
    guest = desk.person("en")
    await guest.says("How do I register my address?")
    await guest.presses("🔊 Listen")
    heard = guest.screen[-2][1].document
    assert heard is not None
    async with desk.house.db.transaction() as session:
        assert await recordings.remove(session, number, desk.clock())
        assert not await recordings.remove(session, number, desk.clock())
    await offer_recordings(desk.house)
    (answer,) = await guest.says("How do I register my address?")
    assert "🔊 Listen" not in labels(answer)
    async with desk.house.db.reading() as session:
        assert await documents.recipe(session, heard.id, desk.clock()) is None
        row = await session.get_one(Recording, number)
    assert (row.audio, row.file, row.removed_at) == (None, None, desk.clock())


async def test_a_newer_recording_takes_the_place_of_the_older(desk: Desk) -> None:
    first, second = await with_recording(desk), await with_recording(desk)
    assert list(desk.house.recorded.values()) == [second]
    async with desk.house.db.reading() as session:
        assert (await recordings.audio_of(session, first), await recordings.audio_of(session, second)) == (None, SOUND)
        assert [one.id for one in await recordings.listed(session)] == [second]


async def test_in_telegram_it_is_a_voice_note(studio: Studio) -> None:
    desk, fake = studio.desk, studio.fake
    await with_recording(desk)
    newcomer = fake.user(7002, language_code="en")
    newcomer.says("How do I register my address?")
    await newcomer.hears(2)
    newcomer.presses(newcomer.got[-1], "🔊 Listen")
    voice, asks = await newcomer.hears(2)
    stored = fake.world.files[voice.extra["voice"]["file_id"]]
    assert (voice.kind, stored.data, asks.text) == ("voice", SOUND, LISTEN_FIRST)
    assert voice.text == f"🔊 🏠 {desk.house.library[TOPIC].answers['en'].title}"
    newcomer.presses(newcomer.got[-1], "Yes")
    await newcomer.hears(1)
    newcomer.says("How do I register my address?")
    assert [one.kind for one in await newcomer.hears(2)] == ["voice", "text"]


async def test_what_a_member_has_read_goes_when_they_want_it(desk: Desk) -> None:
    await with_recording(desk)
    async with desk.house.db.transaction() as session:
        await staff.disable(session, 1, desk.clock())
        assert await recordings.count_of(session, 1) == 1
        assert [await recordings.remove_of(session, number, desk.clock()) for number in (2, 1, 1)] == [0, 1, 0]
        assert await recordings.count_of(session, 1) == 0
