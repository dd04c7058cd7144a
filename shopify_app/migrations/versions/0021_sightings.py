"""Who looked at whom, who took everything along, which plan a shop has, and when a chore was last done"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", ID, primary_key=True),
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("is_export", sa.Boolean(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
    )
    op.create_index("sightings_by_time", "sightings", ["shop_id", "at"])
    op.create_index("sightings_by_user", "sightings", ["shop_id", "user", "at"])
    op.create_index("sightings_by_order", "sightings", ["shop_id", "order_id"])
    op.create_table(
        "takeouts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("takeouts_by_time", "takeouts", ["shop_id", "began_at"])
    op.create_table(
        "plans",
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("trial_days", sa.Integer(), nullable=True),
        sa.Column("subscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("chores", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("chores", "done_at")
    for name in ("plans", "takeouts", "sightings"):
        op.drop_table(name)
