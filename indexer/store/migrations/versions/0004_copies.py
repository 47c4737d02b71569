"""What two videos have in common."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBERS = ("a_start_s", "a_end_s", "b_start_s", "b_end_s", "similarity", "motion", "speed")


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in NUMBERS),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("view", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["a"], ["videos.id"], name=op.f("fk_copies_a_videos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["b"], ["videos.id"], name=op.f("fk_copies_b_videos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
    )
    op.create_index(op.f("ix_copies_a"), "copies", ["a"])
    op.create_index(op.f("ix_copies_b"), "copies", ["b"])


def downgrade() -> None:
    op.drop_table("copies")
