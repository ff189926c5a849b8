"""python-telegram-bot, defaults, no database."""

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.baselines.surroundings import API_URL, TOKEN


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    application = Application.builder().token(TOKEN).base_url(f"{API_URL}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()
