"""Seats and who has one; events, courses, mentors; attendance and feedback; people whom staff write down."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_courses()
    _make_seatings()
    _make_waiting_moves()
    _make_events()
    _make_join_codes()
    _make_walk_ins()
    _make_pairs()
    _make_practices()
    _make_signups()
    _make_attendances()
    _make_certificates()
    _make_course_groups()
    _make_feedbacks()
    _make_mentors()
    _make_seat_offers()
    _make_seat_news()
    _make_bookings()
    _make_booking_news()
    _make_course_sessions()
    _make_absences()
    _make_mentor_exceptions()
    _make_mentor_hours()
    _widen_people()
    _make_pins()
    _widen_reminders()


def downgrade() -> None:
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reminders_address_id_addresses"), type_="foreignkey")
        batch_op.drop_index("ix_reminders_state")
        batch_op.drop_index(batch_op.f("ix_reminders_address_id"))
        for name in ("called_at", "called_by", "remind", "lead_minutes", "starts_at", "address_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("discreet")
        batch_op.drop_column("quiet_until")
        batch_op.drop_column("quiet_from")
        batch_op.drop_column("phone")
        batch_op.drop_column("name")
    for table in (
        "pins",
        "absences",
        "mentor_hours",
        "mentor_exceptions",
        "course_sessions",
        "booking_news",
        "bookings",
        "seat_news",
        "seat_offers",
        "mentors",
        "feedbacks",
        "course_groups",
        "certificates",
        "attendances",
        "signups",
        "practices",
        "pairs",
        "imports",
        "aliases",
        "walk_ins",
        "join_codes",
        "events",
        "waiting_moves",
        "seatings",
        "courses",
    ):
        op.drop_table(table)


def _make_courses() -> None:
    op.create_table(
        "courses",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
    )


def _make_seatings() -> None:
    op.create_table(
        "seatings",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.String(length=80), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name=op.f("ck_seatings_not_oversold")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seatings")),
    )
    with op.batch_alter_table("seatings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seatings_list_key"), ["list_key"], unique=False)


def _make_waiting_moves() -> None:
    op.create_table(
        "waiting_moves",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("was", sa.Integer(), nullable=False),
        sa.Column("became", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_moves")),
    )
    with op.batch_alter_table("waiting_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_moves_list_key"), ["list_key"], unique=False)


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("series", IDENTITY, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("map_url", sa.String(length=300), nullable=False),
        sa.Column("online_url", sa.String(length=300), nullable=False),
        sa.Column("price", sa.String(length=80), nullable=False),
        sa.Column("childcare", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("access", sa.String(length=300), nullable=False),
        sa.Column("most_guests", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("door", sa.String(length=24), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("made_by", IDENTITY, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["seatings.id"], name=op.f("fk_events_id_seatings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("door", name=op.f("uq_events_door")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_day", ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_series"), ["series"], unique=False)


def _make_join_codes() -> None:
    op.create_table(
        "join_codes",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_join_codes_person_id_people")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_join_codes")),
    )
    with op.batch_alter_table("join_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_codes_person_id"), ["person_id"], unique=False)


def _make_walk_ins() -> None:
    op.create_table(
        "walk_ins",
        sa.Column("person_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_walk_ins_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_walk_ins")),
    )
    with op.batch_alter_table("walk_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_walk_ins_mark"), ["mark"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("same_as", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name=op.f("pk_aliases")),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aliases_same_as"), ["same_as"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("planned_to", IDENTITY, nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index("uq_imports_list", ["seating_id", "mark"], unique=True)


def _make_pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("first_id", IDENTITY, nullable=False),
        sa.Column("second_id", IDENTITY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("yes_first", sa.Boolean(), nullable=True),
        sa.Column("yes_second", sa.Boolean(), nullable=True),
        sa.Column("shares_first", sa.Boolean(), nullable=False),
        sa.Column("shares_second", sa.Boolean(), nullable=False),
        sa.Column("told_first", sa.String(length=10), nullable=False),
        sa.Column("told_second", sa.String(length=10), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.Column("check_in_at", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_pairs_first_id_people")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_pairs_second_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs")),
    )
    with op.batch_alter_table("pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairs_second_id"), ["second_id"], unique=False)
        batch_op.create_index("uq_pairs_two", ["first_id", "second_id"], unique=True)


def _make_practices() -> None:
    op.create_table(
        "practices",
        sa.Column("person_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("age", sa.String(length=8), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("with_gender", sa.String(length=8), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("address_id", IDENTITY, nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", IDENTITY, nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_practices_address_id_addresses")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_practices_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_practices")),
    )
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practices_address_id"), ["address_id"], unique=False)


def _make_signups() -> None:
    op.create_table(
        "signups",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=True),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("address_id", IDENTITY, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("wants", sa.String(length=80), nullable=False),
        sa.Column("missed_offers", sa.Integer(), nullable=False),
        sa.Column("remind", sa.String(length=8), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_signups_address_id_addresses")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signups_person_id_people")),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_signups_seating_id_seatings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
    )
    with op.batch_alter_table("signups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signups_address_id"), ["address_id"], unique=False)
        batch_op.create_index("ix_signups_line", ["list_key", "line"], unique=False)
        batch_op.create_index(batch_op.f("ix_signups_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signups_seating_id"), ["seating_id"], unique=False)
        batch_op.create_index(
            "uq_signups_active",
            ["list_key", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('going', 'waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('going', 'waiting', 'offered')"),
        )


def _make_attendances() -> None:
    op.create_table(
        "attendances",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("session_id", IDENTITY, nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=True),
        sa.Column("came", sa.String(length=8), nullable=False),
        sa.Column("guest", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("by", IDENTITY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_attendances_seating_id_seatings")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_attendances_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index(
            "uq_attendances_signup",
            ["seating_id", "session_id", "signup_id"],
            unique=True,
            sqlite_where=sa.text("signup_id IS NOT NULL"),
            postgresql_where=sa.text("signup_id IS NOT NULL"),
        )


def _make_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", IDENTITY, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_certificates_seating_id_seatings")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_certificates_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("signup_id", name=op.f("uq_certificates_signup_id")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_seating_id"), ["seating_id"], unique=False)


def _make_course_groups() -> None:
    op.create_table(
        "course_groups",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("course_id", IDENTITY, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("tutor_id", IDENTITY, nullable=True),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("map_url", sa.String(length=300), nullable=False),
        sa.Column("online_url", sa.String(length=300), nullable=False),
        sa.Column("childcare", sa.Boolean(), nullable=False),
        sa.Column("latin_script", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_groups_course_id_courses")),
        sa.ForeignKeyConstraint(["id"], ["seatings.id"], name=op.f("fk_course_groups_id_seatings")),
        sa.ForeignKeyConstraint(["tutor_id"], ["staff.id"], name=op.f("fk_course_groups_tutor_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_groups")),
    )
    with op.batch_alter_table("course_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_groups_course_id"), ["course_id"], unique=False)


def _make_feedbacks() -> None:
    op.create_table(
        "feedbacks",
        sa.Column("signup_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("face", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("voice", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_feedbacks_seating_id_seatings")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_feedbacks_signup_id_signups")),
        sa.PrimaryKeyConstraint("signup_id", name=op.f("pk_feedbacks")),
    )
    with op.batch_alter_table("feedbacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedbacks_seating_id"), ["seating_id"], unique=False)


def _make_mentors() -> None:
    op.create_table(
        "mentors",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("staff_id", IDENTITY, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("in_person", sa.Boolean(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("ahead_days", sa.Integer(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", IDENTITY, nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mentors_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentors")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_mentors_staff_id")),
    )


def _make_seat_offers() -> None:
    op.create_table(
        "seat_offers",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("chain", IDENTITY, nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("end_told_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_seat_offers_seating_id_seatings")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_seat_offers_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_offers")),
    )
    with op.batch_alter_table("seat_offers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_seat_offers_open",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_seat_offers_seating_id"), ["seating_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_offers_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index("uq_seat_offers_chain", ["chain", "signup_id"], unique=True)


def _make_seat_news() -> None:
    op.create_table(
        "seat_news",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=False),
        sa.Column("seating_id", IDENTITY, nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["seating_id"], ["seatings.id"], name=op.f("fk_seat_news_seating_id_seatings")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_seat_news_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_news")),
    )
    with op.batch_alter_table("seat_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_news_seating_id"), ["seating_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_news_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index(
            "uq_seat_news_untold",
            ["signup_id", "what"],
            unique=True,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )


def _make_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("mentor_id", IDENTITY, nullable=False),
        sa.Column("event_id", IDENTITY, nullable=True),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("address_id", IDENTITY, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("mediator", sa.Boolean(), nullable=False),
        sa.Column("remind", sa.String(length=8), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("shares_person", sa.Boolean(), nullable=False),
        sa.Column("shares_mentor", sa.Boolean(), nullable=False),
        sa.Column("met_person", sa.Boolean(), nullable=True),
        sa.Column("met_mentor", sa.Boolean(), nullable=True),
        sa.Column("answer_by", INSTANT, nullable=True),
        sa.Column("check_in_at", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_bookings_address_id_addresses")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_bookings_event_id_events")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentors.id"], name=op.f("fk_bookings_mentor_id_mentors")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bookings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(
            "uq_bookings_taken",
            ["mentor_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'suggested', 'agreed')"),
            postgresql_where=sa.text("state IN ('asked', 'suggested', 'agreed')"),
        )


def _make_booking_news() -> None:
    op.create_table(
        "booking_news",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("booking_id", IDENTITY, nullable=True),
        sa.Column("mentor_id", IDENTITY, nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_news_booking_id_bookings")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentors.id"], name=op.f("fk_booking_news_mentor_id_mentors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_news")),
    )
    with op.batch_alter_table("booking_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_news_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(
            "ix_booking_news_untold",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )


def _make_course_sessions() -> None:
    op.create_table(
        "course_sessions",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("group_id", IDENTITY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("called_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["course_groups.id"], name=op.f("fk_course_sessions_group_id_course_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
    )
    with op.batch_alter_table("course_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_sessions_day"), ["day"], unique=False)
        batch_op.create_index("uq_course_sessions_number", ["group_id", "number"], unique=True)


def _make_mentor_exceptions() -> None:
    op.create_table(
        "mentor_exceptions",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("mentor_id", IDENTITY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentors.id"], name=op.f("fk_mentor_exceptions_mentor_id_mentors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_exceptions")),
    )
    with op.batch_alter_table("mentor_exceptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentor_exceptions_mentor_id"), ["mentor_id"], unique=False)


def _make_mentor_hours() -> None:
    op.create_table(
        "mentor_hours",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("mentor_id", IDENTITY, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentors.id"], name=op.f("fk_mentor_hours_mentor_id_mentors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_hours")),
    )
    with op.batch_alter_table("mentor_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentor_hours_mentor_id"), ["mentor_id"], unique=False)


def _make_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("signup_id", IDENTITY, nullable=False),
        sa.Column("first_id", IDENTITY, nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.Column("seen_by", IDENTITY, nullable=True),
        sa.ForeignKeyConstraint(
            ["first_id"], ["course_sessions.id"], name=op.f("fk_absences_first_id_course_sessions")
        ),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_absences_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_first_id"), ["first_id"], unique=False)
        batch_op.create_index("uq_absences_run", ["signup_id", "first_id"], unique=True)


def _widen_people() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("quiet_from", sa.Integer(), server_default=sa.text("1200"), nullable=False))
        batch_op.add_column(sa.Column("quiet_until", sa.Integer(), server_default=sa.text("480"), nullable=False))
        batch_op.add_column(sa.Column("discreet", sa.Boolean(), server_default=sa.false(), nullable=False))


def _widen_reminders() -> None:
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_id", IDENTITY, nullable=True))
        batch_op.add_column(sa.Column("starts_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("lead_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("remind", sa.String(length=8), server_default=sa.text("'chat'"), nullable=False))
        batch_op.add_column(sa.Column("called_by", IDENTITY, nullable=True))
        batch_op.add_column(sa.Column("called_at", INSTANT, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_reminders_address_id_addresses"), "addresses", ["address_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_reminders_address_id"), ["address_id"], unique=False)
        batch_op.create_index("ix_reminders_state", ["state", "due_at"], unique=False)


def _make_pins() -> None:
    op.create_table(
        "pins",
        sa.Column("person_id", IDENTITY, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("wait_until", INSTANT, nullable=True),
        sa.Column("open_in", IDENTITY, nullable=True),
        sa.Column("open_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pins_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_pins")),
    )
