"""The console on a real socket, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.console.browser")

from tests.console.browser import Console, serving  # noqa: E402 - the line above must come first
from tests.desk import open_desk  # noqa: E402


@pytest.fixture
async def console(database_url: str) -> AsyncIterator[Console]:
    """A desk with its console."""
    async with open_desk(database_url) as desk, serving(desk) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of these opens a desk and its pages: half a minute together, which `make test` has and `test-fast` has not."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.slow)
