"""Words: passages of speech, screen and names, and the full text over them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# One column a channel, so that a channel's matches are counted and ranked without the others. Terms
# come ready made: to the tokenizer `ascii` everything beyond ASCII is part of a word.
FTS5 = (
    """CREATE VIRTUAL TABLE passage_terms USING fts5(
        speech, screen, name, tokenize = 'ascii', prefix = '2 3'
    )""",
    """CREATE TRIGGER passages_deleted AFTER DELETE ON passages BEGIN
        DELETE FROM passage_terms WHERE rowid = old.id;
    END""",
)
TSVECTOR = (
    "ALTER TABLE passages ADD COLUMN terms tsvector",
    "CREATE INDEX ix_passages_terms ON passages USING gin (terms)",
)


def upgrade() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=True),
        sa.Column("end_s", sa.Double(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["videos.id"],
            name=op.f("fk_passages_video_id_videos"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passages_video_id_channel", "passages", ["video_id", "channel"])
    op.create_index("ix_passages_language", "passages", ["language"])
    op.create_table(
        "sources",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_sources_video_id_videos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("video_id", "channel", name=op.f("pk_sources")),
    )
    op.create_table(
        "readings",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("recipes", sa.JSON(), nullable=False),
        sa.Column("shots", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["videos.id"],
            name=op.f("fk_readings_video_id_videos"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_readings")),
    )
    for statement in FTS5 if op.get_bind().dialect.name == "sqlite" else TSVECTOR:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE passage_terms")
    for table in ("readings", "sources", "passages"):
        op.drop_table(table)
