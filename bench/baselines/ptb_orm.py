"""python-telegram-bot, defaults, with SQLAlchemy's ORM on aiosqlite."""

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.baselines.orm import prepare, record
from bench.baselines.surroundings import API_URL, TOKEN


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text and update.effective_user:
        await update.message.reply_text(await record(update.effective_user.id, update.message.text))


if __name__ == "__main__":
    builder = Application.builder().token(TOKEN).base_url(f"{API_URL}/bot").post_init(prepare)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()
