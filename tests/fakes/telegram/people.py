"""Scripted people and groups on the other side of the bot."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.telegram.chats import Button, Chat, Message, Press, Topic
from tests.fakes.telegram.forms import Json, Upload
from tests.fakes.telegram.markup import commands_in
from tests.fakes.telegram.world import World

BLOCKED = (403, "Forbidden: bot was blocked by the user")
DEACTIVATED = (403, "Forbidden: user is deactivated")
NEVER_STARTED = (403, "Forbidden: bot can't initiate conversation with a user")
KICKED = (403, "Forbidden: bot was kicked from the supergroup chat")


@dataclass(slots=True, eq=False)
class Group:
    """A group that the bot is in."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        """The chat's number."""
        return self.chat.id

    @property
    def topics(self) -> dict[int, Topic]:
        """The forum's topics by number."""
        return self.chat.topics

    @property
    def shown(self) -> list[Message]:
        """The bot's messages that are still there."""
        return [m for m in self.chat.messages.values() if m.sender is self.world.bot_face and not m.deleted]

    def thread(self, thread_id: int) -> list[Message]:
        """The bot's messages in one topic."""
        return [message for message in self.shown if message.thread_id == thread_id]

    def kicks_bot(self) -> None:
        """Every later send to the group is refused with 403."""
        self.chat.refuses = KICKED

    def loses_topic(self, thread_id: int) -> None:
        """Somebody deletes a topic; the platform does not tell the bot."""
        del self.chat.topics[thread_id]
        for message in self.chat.messages.values():
            message.deleted = message.deleted or message.thread_id == thread_id
        self.world.changed()

    def moves(self, new_id: int) -> Group:
        """The group is upgraded: sends to the old number get 400 with the new one."""
        old = self.chat
        face: Json = {**old.face, "id": new_id, "type": "supergroup"}
        moved = Chat(new_id, "supergroup", face, forum=old.forum)
        self.world.chats[new_id] = moved
        old.moved_to = new_id
        self.chat = moved
        return self


@dataclass(slots=True, eq=False)
class User:
    """A person with a private chat with the bot; each verb is one update."""

    world: World
    face: Json
    chat: Chat
    heard: int = 0

    @property
    def id(self) -> int:
        """The person's number, also that of the private chat."""
        return self.chat.id

    @property
    def shown(self) -> list[Message]:
        """The bot's messages that are still in the private chat."""
        return [m for m in self.chat.messages.values() if m.sender is self.world.bot_face and not m.deleted]

    @property
    def got(self) -> list[Message]:
        """Every message that the bot ever sent to the private chat, in order."""
        return [m for m in self.chat.messages.values() if m.sender is self.world.bot_face]

    async def hears(self, count: int = 1, *, seconds: float = 10.0) -> list[Message]:
        """The next `count` messages of the bot not heard before. Raises TimeoutError."""
        wanted = self.heard + count

        def arrived() -> list[Message]:
            got = self.got
            return got[self.heard : wanted] if len(got) >= wanted else []

        found = await self.world.until(arrived, seconds)
        if not isinstance(found, list):
            raise TypeError(found)
        self.heard = wanted
        return found

    def says(
        self,
        text: str,
        *,
        to: Group | None = None,
        thread: int = 0,
        reply_to: Message | None = None,
        **more: object,
    ) -> Message:
        """Write a text; `more` is put into the message as it is, such as `forward_origin`."""
        message = self._put("text", text, to, thread, reply_to, more)
        message.entities = commands_in(text)
        self.world.say("message", message.as_json(), message.chat)
        return message

    def edits(self, message: Message, text: str) -> None:
        """Change a message of their own."""
        message.text, message.entities = text, commands_in(text)
        message.edits += 1
        self.world.say("edited_message", message.as_json(), message.chat)

    def presses(self, message: Message, label: str) -> str:
        """Press a button; returns the callback query's id, or '' for a key that sends its label."""
        button = message.button(label)
        if button.url is not None:
            raise LookupError(f"{label!r} opens {button.url}, the bot hears nothing of it")
        if button.data is None:
            self._press_key(message.chat, button)
            return ""
        return self.forges(message, button.data)

    def forges(self, message: Message, data: str) -> str:
        """Send any callback data, as a changed client may. Returns the query's id."""
        world = self.world
        number = f"{self.id}{len(world.presses) + 1:010d}"
        world.presses[number] = Press(world.clock(), message.chat.id)
        shown: Json = message.as_json()
        if message.deleted:
            shown = {"chat": message.chat.face, "message_id": message.message_id, "date": 0}
        query = {"id": number, "from": self.face, "message": shown, "chat_instance": str(message.chat.id)}
        world.say("callback_query", {**query, "data": data}, message.chat)
        return number

    def sends_voice(self, data: bytes = b"OggS voice", *, seconds: int = 3, **more: object) -> Message:
        """Send a voice note."""
        details = {"duration": seconds, "mime_type": "audio/ogg"}
        return self._send_file("voice", Upload("note.oga", "audio/ogg", data), details, more)

    def sends_document(
        self,
        data: bytes = b"%PDF-1.7",
        *,
        name: str = "paper.pdf",
        mime_type: str = "application/pdf",
        **more: object,
    ) -> Message:
        """Send a file."""
        details = {"file_name": name, "mime_type": mime_type}
        return self._send_file("document", Upload(name, mime_type, data), details, more)

    def sends_photo(self, data: bytes = b"\xff\xd8 picture", *, caption: str = "", **more: object) -> Message:
        """Send a picture in one size."""
        stored = self.world.store_file(Upload("picture.jpg", "image/jpeg", data), "photos")
        sizes = [{**stored.as_json(), "width": 640, "height": 480}]
        return self._send("photo", caption, {"photo": sizes}, more)

    def sends_sticker(self, **more: object) -> Message:
        """Send a sticker."""
        stored = self.world.store_file(Upload("sticker.webp", "image/webp", b"RIFF"), "stickers")
        details = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send("sticker", "", {"sticker": {**stored.as_json(), **details}}, more)

    def sends_location(self, latitude: float = 45.77, longitude: float = 14.21, **more: object) -> Message:
        """Send a place."""
        return self._send("location", "", {"location": {"latitude": latitude, "longitude": longitude}}, more)

    def sends_contact(self, **more: object) -> Message:
        """Send their own phone number."""
        contact = {"phone_number": "000000000", "first_name": self.face["first_name"], "user_id": self.id}
        return self._send("contact", "", {"contact": contact}, more)

    def blocks(self) -> None:
        """Block the bot: it is told, and every later send gets 403."""
        self._membership("member", "kicked")
        self.chat.refuses = BLOCKED

    def unblocks(self) -> None:
        """Take the block back."""
        self.chat.refuses = None
        self._membership("kicked", "member")

    def disappears(self) -> None:
        """Delete the account; the bot is not told."""
        self.chat.refuses = DEACTIVATED

    def _press_key(self, chat: Chat, button: Button) -> None:
        keys = {key.text for row in chat.keyboard for key in row}
        if button.text not in keys:
            raise LookupError(f"the keyboard with {button.text!r} is no longer shown")
        if button.asks_for == "contact":
            self.sends_contact()
        elif button.asks_for == "location":
            self.sends_location()
        else:
            self.says(button.text)

    def _send_file(self, kind: str, upload: Upload, details: Json, more: Json) -> Message:
        stored = self.world.store_file(upload, f"{kind}s")
        return self._send(kind, "", {kind: {**stored.as_json(), **details}}, more)

    def _send(self, kind: str, caption: str, extra: Json, more: Json) -> Message:
        group, thread = more.pop("to", None), more.pop("thread", 0)
        message = self._put(kind, caption, group, thread, more.pop("reply_to", None), {**extra, **more})
        self.world.say("message", message.as_json(), message.chat)
        return message

    def _put(
        self, kind: str, text: str, to: Group | None, thread: int, reply_to: Message | None, extra: Json
    ) -> Message:
        chat = to.chat if to is not None else self.chat
        if chat is self.chat and chat.refuses == NEVER_STARTED:
            chat.refuses = None
        if chat is self.chat and chat.refuses == BLOCKED:
            self.unblocks()
        now = int(self.world.clock())
        number = self.world.next_message_id(chat)
        message = Message(number, chat, self.face, now, text, kind, extra=extra, thread_id=thread, reply_to=reply_to)
        return self.world.keep(message)

    def _membership(self, before: str, after: str) -> None:
        bot = self.world.bot_face
        change = {
            "chat": self.chat.face,
            "from": self.face,
            "date": int(self.world.clock()),
            "old_chat_member": _member(bot, before),
            "new_chat_member": _member(bot, after),
        }
        self.world.say("my_chat_member", change, self.chat)


def _member(bot: Json, status: str) -> Json:
    member: Json = {"user": bot, "status": status}
    return {**member, "until_date": 0} if status == "kicked" else member
