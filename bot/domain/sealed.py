"""Columns that a thief of the disk cannot read: sealed text, and fingerprints to look it up by."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

_NONCE_BYTES: Final = 12  # AES-GCM's standard nonce (NIST SP 800-38D)
_KEY_ID_BYTES: Final = 4


class SealError(Exception):
    """Something sealed could not be opened: its key is missing or its bytes were changed."""


def new_secret() -> str:
    """A fresh secret for `SP_SECRET_KEY`: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


class Keyring:
    """The keys of `SP_SECRET_KEY`, newest first: the newest seals, all of them open."""

    def __init__(self, keys: Iterable[str], *, fingerprint_key: bytes = b"") -> None:
        self._boxes: dict[bytes, AESGCM] = {}
        for key in keys:
            material = HKDF(SHA256(), 32 + _KEY_ID_BYTES, salt=None, info=b"starting-point seal").derive(key.encode())
            self._boxes.setdefault(material[32:], AESGCM(material[:32]))
        if not self._boxes:
            raise SealError("no secret key")
        self._newest = next(iter(self._boxes))
        self.fingerprint_key = fingerprint_key

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """`plain` sealed for one `place` (table and column); a copy put elsewhere does not open."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._newest + nonce + self._boxes[self._newest].encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The plain bytes. Raises SealError."""
        box = self._boxes.get(sealed[:_KEY_ID_BYTES])
        if box is None:
            raise SealError("sealed with a key that is not in SP_SECRET_KEY")
        body = _KEY_ID_BYTES + _NONCE_BYTES
        try:
            return box.decrypt(sealed[_KEY_ID_BYTES:body], sealed[body:], place)
        except InvalidTag:
            raise SealError("sealed bytes were changed or moved") from None

    def fingerprint(self, kind: str, value: str) -> str:
        """A keyed hash of `value`: 32 characters, equal for equal values of one kind, useless without the key."""
        digest = hmac.digest(self.fingerprint_key, f"{kind}\0{value}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:24]).decode()


_keyring: list[Keyring] = []


def unlock(keyring: Keyring) -> None:
    """Use this keyring for every sealed column of the process."""
    _keyring[:] = [keyring]


def keyring() -> Keyring:
    """The keyring in use. Raises SealError before `unlock`."""
    if not _keyring:
        raise SealError("the keys are not loaded")
    return _keyring[0]


def fingerprint(kind: str, value: str) -> str:
    """A keyed hash to look a sealed value up by."""
    return keyring().fingerprint(kind, value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Sealed(TypeDecorator[Any]):
    """A JSON value, sealed at rest. `place` names table and column and is bound into the seal."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401
        """Seal on the way in."""
        if value is None:
            return None
        plain = _encode(value).encode("utf-8", "surrogatepass")
        return keyring().seal(plain, self.place.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Open on the way out."""
        if value is None:
            return None
        return json.loads(keyring().open(value, self.place.encode()).decode("utf-8", "surrogatepass"))
