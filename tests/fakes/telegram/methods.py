"""The Bot API's methods about messages: what they take, check and do."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.telegram.chats import Chat, Message
from tests.fakes.telegram.forms import Call, Json, RefusalError, Upload, bad
from tests.fakes.telegram.markup import (
    CAPTION_UNITS,
    TEXT_UNITS,
    check_text,
    parse,
    read_entities,
    read_markup,
)
from tests.fakes.telegram.world import World

Method = Callable[[World, Call], object]
METHODS: dict[str, tuple[Method, frozenset[str]]] = {}

_SEND = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification "
    "protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters "
    "reply_markup "
)
_CAPTION = "caption parse_mode caption_entities show_caption_above_media has_spoiler "
_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
DELETABLE_SECONDS = 48 * 3600


def method(name: str, takes: str = "") -> Callable[[Method], Method]:
    """Register a method with all the parameters that it knows."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = (function, frozenset(takes.split()))
        return function

    return register


def find_chat(world: World, call: Call) -> Chat:
    """The chat that the call names, open to the bot. Raises RefusalError."""
    if not call.has("chat_id"):
        raise bad("chat_id is empty")
    try:
        chat = world.chats.get(call.integer("chat_id"))
    except RefusalError:
        chat = None
    if chat is None:
        raise bad("chat not found")
    if chat.moved_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise RefusalError(400, description, migrate_to_chat_id=chat.moved_to)
    if chat.refuses is not None:
        raise RefusalError(*chat.refuses)
    return chat


def find_message(world: World, call: Call, deed: str) -> Message:
    """The message of `chat_id` and `message_id` that is still there. Raises RefusalError."""
    chat = find_chat(world, call)
    message = chat.messages.get(call.integer("message_id"))
    if message is None or message.deleted:
        raise bad(f"message to {deed} not found")
    return message


def check_thread(chat: Chat, thread_id: int) -> None:
    """Raises RefusalError for a topic that is not there."""
    if thread_id and thread_id not in chat.topics:
        raise bad("message thread not found")


def answered_message(chat: Chat, call: Call) -> Message | None:
    """The message that `reply_parameters` points at. Raises RefusalError."""
    wanted = call.structure("reply_parameters")
    if wanted is None:
        return None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("message_id"), int):
        raise bad("can't parse reply parameters JSON object")
    message = chat.messages.get(wanted["message_id"])
    if message is not None and not message.deleted:
        return message
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def post(world: World, call: Call, text: str, entities: list[Json], **more: object) -> Message:
    """Put a message of the bot into the chat that the call names. Raises RefusalError."""
    chat = find_chat(world, call)
    thread_id = call.integer("message_thread_id")
    check_thread(chat, thread_id)
    reply_to = answered_message(chat, call)
    rows, inline, replaces = read_markup(call.structure("reply_markup"))
    world.paces.take(chat)
    if replaces:
        chat.keyboard = rows
    kind = str(more.get("kind", "text"))
    extra = more.get("extra")
    message = Message(
        world.next_message_id(chat),
        chat,
        world.bot_face,
        int(world.clock()),
        text,
        kind,
        entities,
        rows,
        inline,
        extra if isinstance(extra, dict) else {},
        thread_id,
        reply_to,
        silent=call.flag("disable_notification"),
    )
    world.keep(message)
    world.note_sent(message)
    return message


def formatted(call: Call, text: str, entities_name: str) -> tuple[str, list[Json]]:
    """The plain text and entities of a call. Raises RefusalError."""
    plain, found = parse(text, call.text("parse_mode"))
    return plain, found or read_entities(call.structure(entities_name), plain)


@method("sendMessage", _SEND + "text parse_mode entities link_preview_options")
def send_message(world: World, call: Call) -> object:
    """Send a text."""
    text, entities = formatted(call, call.text("text"), "entities")
    check_text(text, TEXT_UNITS)
    return post(world, call, text, entities).as_json()


def _send_file(world: World, call: Call, name: str, folder: str, details: Json) -> object:
    given = call.file(name)
    stored = world.store_file(given, folder)
    text, entities = formatted(call, call.text("caption"), "caption_entities")
    if text:
        check_text(text, CAPTION_UNITS)
    shown: object = {**stored.as_json(), **details}
    if isinstance(given, Upload) and name == "document":
        shown = {**stored.as_json(), "file_name": given.name, "mime_type": given.content_type}
    if name == "photo":
        shown = [shown]
    return post(world, call, text, entities, kind=name, extra={name: shown}).as_json()


@method("sendPhoto", _SEND + _CAPTION + "photo")
def send_photo(world: World, call: Call) -> object:
    """Send a picture."""
    return _send_file(world, call, "photo", "photos", {"width": 640, "height": 480})


@method("sendDocument", _SEND + _CAPTION + "document thumbnail disable_content_type_detection")
def send_document(world: World, call: Call) -> object:
    """Send a file."""
    return _send_file(world, call, "document", "documents", {})


@method("sendVoice", _SEND + _CAPTION + "voice duration")
def send_voice(world: World, call: Call) -> object:
    """Send a voice note."""
    given = call.file("voice")
    kind = {"mime_type": given.content_type} if isinstance(given, Upload) else {}
    return _send_file(world, call, "voice", "voice", {"duration": call.integer("duration"), **kind})


@method("copyMessage", _SEND + _CAPTION + "from_chat_id message_id video_start_timestamp")
def copy_message(world: World, call: Call) -> object:
    """Send the content of another message as the bot's own."""
    source = world.chats.get(call.integer("from_chat_id"))
    message = source.messages.get(call.integer("message_id")) if source else None
    if message is None or message.deleted:
        raise bad("message to copy not found")
    text = call.text("caption", message.text)
    copied = post(world, call, text, list(message.entities), kind=message.kind, extra=message.extra)
    return {"message_id": copied.message_id}


@method(
    "editMessageText",
    "business_connection_id chat_id message_id inline_message_id text parse_mode entities "
    "link_preview_options reply_markup",
)
def edit_message_text(world: World, call: Call) -> object:
    """Replace the text and the buttons of a message of the bot's own."""
    message = _own(find_message(world, call, "edit"), world)
    text, entities = formatted(call, call.text("text"), "entities")
    check_text(text, TEXT_UNITS)
    return _change(world, call, message, text, entities)


@method("editMessageReplyMarkup", "business_connection_id chat_id message_id inline_message_id reply_markup")
def edit_message_reply_markup(world: World, call: Call) -> object:
    """Replace only the buttons."""
    message = _own(find_message(world, call, "edit"), world)
    return _change(world, call, message, message.text, message.entities)


def _own(message: Message, world: World) -> Message:
    if message.sender is not world.bot_face:
        raise bad("message can't be edited")
    return message


def _change(world: World, call: Call, message: Message, text: str, entities: list[Json]) -> object:
    rows, inline, replaces = read_markup(call.structure("reply_markup"))
    if replaces:
        raise bad("inline keyboard expected")
    if (text, entities, inline) == (message.text, message.entities, message.inline):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    world.paces.take(message.chat)
    message.text, message.entities, message.rows, message.inline = text, entities, rows, inline
    message.edits += 1
    world.counters.edited += 1
    world.tell(message)
    return message.as_json()


@method("deleteMessage", "chat_id message_id")
def delete_message(world: World, call: Call) -> object:
    """Take a message away."""
    message = find_message(world, call, "delete")
    if world.clock() - message.date > DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    world.changed()
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(world: World, call: Call) -> object:
    """Take several messages away; unknown ones are passed over."""
    chat = find_chat(world, call)
    numbers = call.structure("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified")
    for number in numbers:
        if number in chat.messages:
            chat.messages[number].deleted = True
    world.changed()
    return True


@method("sendChatAction", "business_connection_id chat_id message_thread_id action")
def send_chat_action(world: World, call: Call) -> object:
    """Show that the bot is busy."""
    chat = find_chat(world, call)
    check_thread(chat, call.integer("message_thread_id"))
    if call.text("action").lower() not in _ACTIONS:
        raise bad("wrong parameter action in request")
    world.actions.append((chat.id, call.text("action")))
    world.changed()
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(world: World, call: Call) -> object:
    """Stop the spinner on a pressed button; only for a while after the press."""
    press = world.presses.get(call.text("callback_query_id"))
    if press is None or world.clock() - press.at > world.press_answer_seconds:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    press.answers.append(call.text("text"))
    world.changed()
    return True
