"""A file in a real browser: pressed, saved under its name, and said plainly when it is not kept any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.bell import OUTBOX, of_address
from bot.dialog.messages import Document, Message
from bot.domain.people import Address
from bot.i18n import raw
from bot.post import post
from tests.webchat.conftest import Chat
from tests.webchat.test_browser import Phones, chromium, database_url, phones, settled, writes
from tests.webchat.test_documents import SHEET

if TYPE_CHECKING:
    from playwright.async_api import Page

__all__ = ["chromium", "database_url", "phones"]
pytestmark = pytest.mark.browser


async def with_a_file(chat: Chat, phones: Phones, locale: str = "en") -> Page:
    page = await phones.page(locale)
    await writes(page, "hello")
    await settled(page, own=1)
    async with chat.desk.house.db.transaction() as session:
        address = (await session.scalars(select(Address.id))).one()
        message = Message(raw("Ask sample@example.org."), document=Document("pismo.pdf", "sheet", SHEET))
        await post(session, chat.desk.house, address, message, "test:file")
    chat.desk.house.bell.ring(OUTBOX, of_address(address))
    await page.wait_for_selector("button.file")
    return page


@pytest.mark.parametrize("locale", ["en", "ar"])
async def test_a_file_is_saved(chat: Chat, phones: Phones, locale: str) -> None:
    page = await with_a_file(chat, phones, locale)
    async with page.expect_download() as saving:
        await page.focus("button.file")
        await page.keyboard.press("Enter")
    download = await saving.value
    assert download.suggested_filename == "pismo.pdf"
    assert (await download.path()).read_bytes()[:5] == b"%PDF-"
    assert await page.is_enabled("button.file")
    assert await page.get_attribute("a.mail", "href") == "mailto:sample@example.org"


async def test_a_file_that_is_gone_says_so(chat: Chat, phones: Phones) -> None:
    page = await with_a_file(chat, phones)
    chat.desk.clock.pass_(days=2)
    await page.click("button.file")
    await page.wait_for_function("() => document.getElementById('says').textContent")
    assert await page.text_content("#says") == "This file is not kept any more. Please make it again."
