"""What the desk edits in the console; what became of unanswered questions; first steps, reminders, files; recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_edits()
    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=IDENTITY, nullable=True)
        batch_op.add_column(sa.Column("state", sa.String(length=12), server_default="open", nullable=False))
        batch_op.add_column(sa.Column("edit_id", IDENTITY, nullable=True))
        batch_op.add_column(sa.Column("settled_by", IDENTITY, nullable=True))
        batch_op.add_column(sa.Column("settled_at", INSTANT, nullable=True))
        batch_op.create_index(batch_op.f("ix_misses_state"), ["state"], unique=False)
    _make_first_steps()
    _make_recordings()
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listens", sa.String(length=8), server_default=sa.text("''"), nullable=False))
    for table in ("messages", "dialogs"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("brief", sa.Boolean(), server_default=sa.false(), nullable=False))
    brief = sa.text("brief")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_brief", ["at"], sqlite_where=brief, postgresql_where=brief)


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_brief")
    for table in ("messages", "dialogs"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("brief")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("listens")
    for name, indexes in (
        ("recordings", ("ix_recordings_staff_id", "ix_recordings_topic")),
        ("reminders", ("ix_reminders_waiting", "ix_reminders_person_id")),
        ("documents", ("ix_documents_person_id", "ix_documents_made_at")),
        ("checklists", ("ix_checklists_touched_at",)),
    ):
        with op.batch_alter_table(name, schema=None) as batch_op:
            for index in indexes:
                batch_op.drop_index(index)
        op.drop_table(name)
    with op.batch_alter_table("misses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_misses_state"))
        for name in ("settled_at", "settled_by", "edit_id", "state"):
            batch_op.drop_column(name)
        batch_op.alter_column("person_id", existing_type=IDENTITY, nullable=False)
    for name, index in (("desk_facts", "subject"), ("question_edits", "topic"), ("text_edits", "topic")):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{name}_{index}"))
        op.drop_table(name)


def _make_edits() -> None:
    op.create_table(
        "text_edits",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_from", sa.String(length=12), nullable=True),
        sa.Column("over", sa.String(length=12), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        *_who_and_when(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_edits")),
    )
    op.create_table(
        "question_edits",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("from_miss", sa.Boolean(), nullable=False),
        *_who_and_when(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_edits")),
    )
    op.create_table(
        "desk_facts",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        *_who_and_when(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_facts")),
    )
    for name, index in (("text_edits", "topic"), ("question_edits", "topic"), ("desk_facts", "subject")):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{name}_{index}"), [index], unique=False)


def _who_and_when() -> "list[sa.Column[object]]":
    return [
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", IDENTITY, nullable=True),
    ]


def _make_first_steps() -> None:
    op.create_table(
        "checklists",
        sa.Column("person_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        _of_person("checklists"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_checklists")),
    )
    op.create_table(
        "reminders",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("late_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        _of_person("reminders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("occasion", name=op.f("uq_reminders_occasion")),
    )
    op.create_table(
        "documents",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("maker", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _of_person("documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    waiting = sa.text("state = 'waiting'")
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_reminders_waiting", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)
    for table, column in (("documents", "person_id"), ("documents", "made_at"), ("checklists", "touched_at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def _make_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text_hash", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("audio", sa.LargeBinary(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=True),
        sa.Column("failed", sa.String(length=24), nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        for column in ("staff_id", "topic"):
            batch_op.create_index(batch_op.f(f"ix_recordings_{column}"), [column], unique=False)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id_people"))
