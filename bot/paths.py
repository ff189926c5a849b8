"""Where content and catalogs are: beside the code in a checkout, inside the package when installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def _found(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


FAQ: Final = _found("faq")
LOCALES: Final = _found("locales")
