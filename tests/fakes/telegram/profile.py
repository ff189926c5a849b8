"""The Bot API's methods about the bot itself, files, topics and chats."""

from __future__ import annotations

import re

from tests.fakes.telegram.chats import Topic
from tests.fakes.telegram.forms import Call, bad
from tests.fakes.telegram.methods import find_chat, method
from tests.fakes.telegram.world import World

LARGEST_DOWNLOAD_BYTES = 20 * 1024 * 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member".split()
)


@method("getMe")
def get_me(world: World, call: Call) -> object:
    """The bot itself."""
    del call
    return world.me


@method("logOut")
@method("close")
def log_out(world: World, call: Call) -> object:
    """Accepted, without effect."""
    del world, call
    return True


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _scope(call: Call) -> str:
    scope = call.structure("scope")
    if scope is None:
        return "default"
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    return ":".join(str(scope[part]) for part in ("type", "chat_id", "user_id") if part in scope)


@method("setMyCommands", "commands scope language_code")
def set_my_commands(world: World, call: Call) -> object:
    """Publish the list of commands for one scope and language."""
    commands = call.structure("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("can't parse commands: expected an Array of BotCommand")
    for command in commands:
        if not isinstance(command, dict) or command.keys() - {"command", "description"}:
            raise bad("can't parse BotCommand: expected an Object")
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile[f"commands/{_scope(call)}", _language(call)] = commands
    world.changed()
    return True


@method("getMyCommands", "scope language_code")
def get_my_commands(world: World, call: Call) -> object:
    """The published list, without looking at other scopes or languages."""
    return world.profile.get((f"commands/{_scope(call)}", _language(call)), [])


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(world: World, call: Call) -> object:
    """Take a published list back."""
    world.profile.pop((f"commands/{_scope(call)}", _language(call)), None)
    return True


def _set_words(world: World, call: Call, name: str, most: int, error: str) -> object:
    words = call.text(name)
    if len(words) > most:
        raise bad(error)
    world.profile[name, _language(call)] = words
    world.changed()
    return True


def _get_words(world: World, call: Call, name: str) -> object:
    words = world.profile.get((name, _language(call))) or world.profile.get((name, ""), "")
    return {name: words}


@method("setMyName", "name language_code")
def set_my_name(world: World, call: Call) -> object:
    """At most 64 characters."""
    return _set_words(world, call, "name", 64, "BOT_TITLE_INVALID")


@method("getMyName", "language_code")
def get_my_name(world: World, call: Call) -> object:
    """The name in a language, else the general one."""
    return _get_words(world, call, "name")


@method("setMyDescription", "description language_code")
def set_my_description(world: World, call: Call) -> object:
    """At most 512 characters."""
    return _set_words(world, call, "description", 512, "description is too long")


@method("getMyDescription", "language_code")
def get_my_description(world: World, call: Call) -> object:
    """The description in a language, else the general one."""
    return _get_words(world, call, "description")


@method("setMyShortDescription", "short_description language_code")
def set_my_short_description(world: World, call: Call) -> object:
    """At most 120 characters."""
    return _set_words(world, call, "short_description", 120, "short description is too long")


@method("getMyShortDescription", "language_code")
def get_my_short_description(world: World, call: Call) -> object:
    """The short description in a language, else the general one."""
    return _get_words(world, call, "short_description")


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(world: World, call: Call) -> object:
    """Accepted and kept."""
    world.profile["menu_button", call.text("chat_id")] = call.structure("menu_button")
    return True


@method("getFile", "file_id")
def get_file(world: World, call: Call) -> object:
    """Where a file of at most 20 MB can be downloaded."""
    stored = world.files.get(call.text("file_id"))
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.data) > LARGEST_DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {**stored.as_json(), "file_path": stored.path}


@method("getChat", "chat_id")
def get_chat(world: World, call: Call) -> object:
    """A chat as the bot sees it."""
    chat = find_chat(world, call)
    return {
        **chat.face,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


@method("getChatMember", "chat_id user_id")
def get_chat_member(world: World, call: Call) -> object:
    """Whether somebody is in a group; the bot is its administrator."""
    chat = find_chat(world, call)
    person = world.chats.get(call.integer("user_id"))
    if call.integer("user_id") == world.me["id"]:
        rights = {"status": "administrator", "can_manage_topics": chat.may_manage_topics}
        return {"user": world.bot_face, "can_be_edited": False, "is_anonymous": False, **rights}
    if person is None:
        raise bad("user not found")
    name = {"id": person.id, "is_bot": False, "first_name": person.face["first_name"]}
    return {"user": name, "status": "member"}


@method("createForumTopic", "chat_id name icon_color icon_custom_emoji_id")
def create_forum_topic(world: World, call: Call) -> object:
    """Open a topic; its number is that of a service message."""
    chat = find_chat(world, call)
    if not chat.forum:
        raise bad("the chat is not a forum")
    if not chat.may_manage_topics:
        raise bad("not enough rights to create a topic")
    name = call.text("name")
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_INVALID")
    number = world.next_message_id(chat)
    chat.topics[number] = Topic(name)
    world.changed()
    return {"message_thread_id": number, "name": name, "icon_color": call.integer("icon_color", 7322096)}


def _topic(world: World, call: Call) -> Topic:
    chat = find_chat(world, call)
    if not chat.may_manage_topics:
        raise bad("not enough rights to manage topics")
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad("message thread not found")
    return topic


@method("editForumTopic", "chat_id message_thread_id name icon_custom_emoji_id")
def edit_forum_topic(world: World, call: Call) -> object:
    """Rename a topic."""
    topic = _topic(world, call)
    if topic.name == call.text("name", topic.name) and not call.has("icon_custom_emoji_id"):
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = call.text("name", topic.name)
    world.changed()
    return True


@method("closeForumTopic", "chat_id message_thread_id")
def close_forum_topic(world: World, call: Call) -> object:
    """Close a topic to its members."""
    topic = _topic(world, call)
    if topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = True
    world.changed()
    return True


@method("reopenForumTopic", "chat_id message_thread_id")
def reopen_forum_topic(world: World, call: Call) -> object:
    """Open a closed topic again."""
    topic = _topic(world, call)
    if not topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = False
    world.changed()
    return True


@method("deleteForumTopic", "chat_id message_thread_id")
def delete_forum_topic(world: World, call: Call) -> object:
    """Remove a topic with its messages."""
    _topic(world, call)
    chat = find_chat(world, call)
    number = call.integer("message_thread_id")
    del chat.topics[number]
    for message in chat.messages.values():
        message.deleted = message.deleted or message.thread_id == number
    world.changed()
    return True
