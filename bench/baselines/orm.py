"""The work of one update done the usual way: read one row, upsert one, insert one, one commit."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.baselines.surroundings import DATA_DIR


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    turns: Mapped[int]
    seen_at: Mapped[datetime]


class Contact(Base):
    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    at: Mapped[datetime]


engine = create_async_engine(f"sqlite+aiosqlite:///{DATA_DIR / 'baseline.db'}")
sessions = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def be_durable(connection: DBAPIConnection, _record: object) -> None:
    """WAL and `synchronous=FULL`, as the service has them."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def prepare(*_ignored: object) -> None:
    """Create the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def record(person_id: int, text: str) -> str:
    """Commit one contact and return the reply."""
    now = datetime.now(UTC)
    async with sessions() as session:
        person = await session.scalar(select(Person).where(Person.id == person_id))
        turns = person.turns + 1 if person else 1
        values = {"state": text[:40], "turns": turns, "seen_at": now}
        upsert = insert(Person).values(id=person_id, **values)
        await session.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=values))
        session.add(Contact(person_id=person_id, text=text, at=now))
        await session.commit()
    return f"{turns}: {text}"
