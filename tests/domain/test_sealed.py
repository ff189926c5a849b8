"""What a thief of the disk sees: nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, text
from sqlalchemy.engine import make_url

from bot.domain import messages, people
from bot.domain.db import Database, new_id, write_rows
from bot.domain.inbound import Raw, StoredUpdate, store
from bot.domain.messages import ChatMessage
from bot.domain.people import Address, Caller
from bot.domain.sealed import Keyring, Sealed, SealError, fingerprint, new_secret, unlock
from bot.domain.secrets import open_keys
from bot.domain.tables import METADATA
from tests.desk import SECRET, Desk
from tests.domain.conftest import NOW
from tests.flows.paper import Writer, with_paper


@pytest.fixture(autouse=True)
def _same_keys_afterwards() -> None:
    unlock(Keyring([SECRET]))


def test_a_seal_opens_with_its_own_key_and_place_only() -> None:
    ring, other = Keyring(["one"]), Keyring(["two"])
    sealed = ring.seal(b"canary", b"people.name")
    assert ring.open(sealed, b"people.name") == b"canary"
    assert b"canary" not in sealed
    with pytest.raises(SealError, match="not in SP_SECRET_KEY"):
        other.open(sealed, b"people.name")
    with pytest.raises(SealError, match="changed or moved"):
        ring.open(sealed, b"people.city")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealError):
            ring.open(changed, b"people.name")


@pytest.mark.parametrize("sealed", [b"", b"x", b"\0" * 16, b"\0" * 100])
def test_rubbish_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealError):
        Keyring(["one"]).open(sealed, b"x")


def test_equal_words_look_different_and_their_fingerprints_equal() -> None:
    ring = Keyring(["one"], fingerprint_key=b"k" * 32)
    assert ring.seal(b"canary", b"x") != ring.seal(b"canary", b"x")
    assert ring.fingerprint("address", "web:1") == ring.fingerprint("address", "web:1")
    assert (
        len({ring.fingerprint(*pair) for pair in (("address", "web:1"), ("copy", "web:1"), ("address", "web:2"))}) == 3
    )
    assert Keyring(["one"], fingerprint_key=b"l" * 32).fingerprint("a", "b") != ring.fingerprint("a", "b")
    assert len(ring.fingerprint("address", "x" * 10_000)) == 32


def test_the_newest_key_seals_and_all_open() -> None:
    old, both = Keyring(["old"]), Keyring(["new", "old"])
    assert both.open(old.seal(b"canary", b"x"), b"x") == b"canary"
    with pytest.raises(SealError):
        old.open(both.seal(b"canary", b"x"), b"x")
    with pytest.raises(SealError, match="no secret key"):
        Keyring([])
    assert len(new_secret()) >= 43


async def test_other_keys_do_not_open_the_database(db: Database) -> None:
    with pytest.raises(SealError, match="SP_SECRET_KEY does not open this database"):
        await open_keys(db, ["another key"])
    await open_keys(db, [SECRET])


async def test_fingerprints_stay_when_the_key_is_changed(db: Database, amina: Caller) -> None:
    before = fingerprint("address", "web:amina-s-key")
    await open_keys(db, ["a newer key", SECRET])
    assert fingerprint("address", "web:amina-s-key") == before == amina.sender
    async with db.transaction() as session:
        address = await session.get(Address, amina.address_id)
        assert address is not None
        assert address.key == "amina-s-key"
        await people.add(session, [people.newcomer("web", "n", people.sender_of("web", "n"), "en")], NOW)
    async with db.reading() as session:
        keys = [one.key for one in await session.scalars(select(Address).order_by(Address.id))]
    assert keys == ["amina-s-key", "n"]


async def test_a_ciphertext_that_is_moved_to_another_column_does_not_open(db: Database, amina: Caller) -> None:
    async with db.transaction() as session:
        row = {
            "id": new_id(), "person_id": amina.person_id, "address_id": amina.address_id, "ticket_id": None, "seq": 1,
            "author": "person", "staff_id": None, "token": None, "content": {"text": "canary"}, "at": NOW,
        }  # fmt: skip
        await write_rows(session, ChatMessage.__table__, [row])  # type: ignore[arg-type]
        await store(session, [Raw("web", "k:1", "k", "{}")], NOW)
    async with db.transaction() as session:
        await session.execute(text("UPDATE inbound SET raw = (SELECT content FROM messages)"))
    async with db.reading() as session:
        assert len(await messages.since(session, amina.address_id, 0)) == 1
        with pytest.raises(SealError, match="changed or moved"):
            list(await session.scalars(select(StoredUpdate)))


def test_every_sealed_column_names_its_own_place() -> None:
    places = {
        f"{table.name}.{column.name}": column.type.place
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    assert places == {name: name for name in places}
    assert set(places) >= {"addresses.key", "dialogs.frames", "inbound.raw", "messages.content", "misses.question",
                           "secrets.value", "staff.name", "tickets.card", "visits.key"}  # fmt: skip


def test_no_column_holds_plain_bytes() -> None:
    assert [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_words_and_no_platform_id_in_the_file(desk: Desk) -> None:
    paper = with_paper(desk)
    guest, writer = desk.person(hint="en"), Writer(desk, paper, "7007007007")
    for words in ("/start", "canary one", "/person", "canary two", "canary: he beats me"):
        await guest.says(words)
    await writer.sends("command", "start")
    await writer.sends("voice", "canary three", file="canary-file")
    vesna = await desk.has_staff("vesna")
    assert vesna.name == "Vesna"
    await desk.house.db.close()
    file = Path(str(make_url(desk.house.db.url).database))
    found = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert b"residence" not in found or b"topic" in found
    spoken = ("canary", "7007007007", guest.key, "Vesna", "beats")
    assert [word for word in spoken if word.encode() in found] == []
    assert [word for word in spoken if json.dumps(word).encode() in found] == []
