"""Look-ups of orders, how far the setting up came, and what the figures of the start page are read by"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROMISED = sa.text("estimated_delivery_at IS NOT NULL")
RECEIVED = sa.text("received_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("searches_by_time", "searches", ["shop_id", "at"])
    op.create_index("searches_by_order", "searches", ["shop_id", "order_id"])
    op.create_table(
        "milestones",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"]),
        sa.PrimaryKeyConstraint("shop_id", "name"),
    )
    for name, table, columns, where in (
        ("parcel_events_promised", "parcel_events", ["shop_id", "estimated_delivery_at"], PROMISED),
        ("return_requests_by_received", "return_requests", ["shop_id", "received_at"], RECEIVED),
    ):
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("return_requests_by_received", "return_requests")
    op.drop_index("parcel_events_promised", "parcel_events")
    op.drop_table("milestones")
    op.drop_table("searches")
