"""A customer's orders in the order of time"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("orders_by_customer", "orders")
    op.create_index("orders_by_customer", "orders", ["shop_id", "customer_id", "placed_at"])


def downgrade() -> None:
    op.drop_index("orders_by_customer", "orders")
    op.create_index("orders_by_customer", "orders", ["shop_id", "customer_id"])
