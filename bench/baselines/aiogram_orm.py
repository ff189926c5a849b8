"""aiogram, defaults, with SQLAlchemy's ORM on aiosqlite."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from bench.baselines.orm import prepare, record
from bench.baselines.surroundings import API_URL, TOKEN

dispatcher = Dispatcher()


@dispatcher.message()
async def answer(message: Message) -> None:
    if message.from_user and message.text:
        await message.answer(await record(message.from_user.id, message.text))


async def main() -> None:
    await prepare()
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API_URL)))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
