"""Saved queries, what they have to find, and judgements."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "saved_queries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_queries")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_queries_name")),
    )
    op.create_table(
        "expected_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query_id", sa.Integer(), nullable=False),
        *_moment(),
        _of_query("expected_answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_answers")),
        sa.UniqueConstraint(
            "query_id",
            "content",
            "start_s",
            "end_s",
            name=op.f("uq_expected_answers_query_id_content_start_s_end_s"),
        ),
    )
    op.create_table(
        "reported_contents",
        sa.Column("query_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        _of_query("reported_contents"),
        sa.PrimaryKeyConstraint("query_id", "content", name=op.f("pk_reported_contents")),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        *_moment(),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint(
            "query",
            "content",
            "start_s",
            "end_s",
            name=op.f("uq_judgements_query_content_start_s_end_s"),
        ),
    )


def _moment() -> list[sa.Column]:
    return [
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
    ]


def _of_query(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["query_id"],
        ["saved_queries.id"],
        name=op.f(f"fk_{table}_query_id_saved_queries"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("judgements", "reported_contents", "expected_answers", "saved_queries"):
        op.drop_table(table)
