"""Reminders of carts"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = sa.text("done_at IS NULL")
TOLD = ("began_at", "currency", "total", "items", "obstacle", "source", "country", "zone", "accepts_marketing")


def upgrade() -> None:
    op.add_column("carts", sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("carts", sa.Column("total", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("carts", sa.Column("items", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("carts", sa.Column("accepts_marketing", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("currency", "obstacle", "source", "country", "zone"):
        op.add_column("carts", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "cart_reminders",
        sa.Column("id", ID, primary_key=True),
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_held_out", sa.Boolean(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.UniqueConstraint("shop_id", "token"),
    )
    op.create_index("cart_reminders_due", "cart_reminders", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    for name, column in (
        ("by_email", "email_index"),
        ("by_phone", "phone_index"),
        ("by_customer", "customer_id"),
        ("by_time", "began_at"),
        ("assigned", "assigned_at"),
    ):
        op.create_index(f"cart_reminders_{name}", "cart_reminders", ["shop_id", column])


def downgrade() -> None:
    op.drop_table("cart_reminders")
    with op.batch_alter_table("carts") as table:
        for name in TOLD:
            table.drop_column(name)
