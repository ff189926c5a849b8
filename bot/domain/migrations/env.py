"""What Alembic runs: the connection is handed in, the tables are the domain's."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.domain.db import Instant
from bot.domain.sealed import Sealed
from bot.domain.tables import METADATA


def _render(kind: str, thing: Any, _autogenerate: AutogenContext) -> str | Literal[False]:  # noqa: ANN401
    """Write down plain types, so that an old migration does not depend on today's code."""
    if kind == "type" and isinstance(thing, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=_render,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
