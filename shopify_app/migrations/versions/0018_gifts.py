"""Codes in one room, friends who were sent, ratings and refusals that Shopify is told of"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = sa.text("done_at IS NULL")


def upgrade() -> None:
    _codes()
    _referrals()
    _told()


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
    )
    op.create_index("codes_by_email", "codes", ["shop_id", "email_index", "created_at"])
    op.create_index("codes_by_customer", "codes", ["shop_id", "customer_id"])
    op.create_index("codes_by_code", "codes", ["shop_id", "code_index"])
    op.create_index("codes_by_time", "codes", ["shop_id", "kind", "created_at"])


def _referrals() -> None:
    op.create_table(
        "referrals",
        *_work(),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("place_index", sa.LargeBinary(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.UniqueConstraint("shop_id", "order_id"),
    )
    op.create_index("referrals_due", "referrals", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    for name, columns in (
        ("by_code", ["code_index", "placed_at"]),
        ("by_customer", ["customer_id"]),
        ("by_email", ["email_index"]),
        ("by_phone", ["phone_index"]),
        ("by_place", ["place_index"]),
        ("by_time", ["placed_at"]),
    ):
        op.create_index(f"referrals_{name}", "referrals", ["shop_id", *columns])


def _told() -> None:
    op.create_table(
        "product_ratings",
        *_work(),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.UniqueConstraint("shop_id", "product_id"),
    )
    op.create_index("product_ratings_due", "product_ratings", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_table(
        "withdrawals",
        *_work(),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("shop_id", "mark"),
    )
    op.create_index("withdrawals_due", "withdrawals", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("withdrawals_by_customer", "withdrawals", ["shop_id", "customer_id"])
    op.add_column("messages", sa.Column("reader_mark", sa.LargeBinary(), nullable=True))
    op.create_index("messages_by_reader", "messages", ["shop_id", "reader_mark"])


def _work() -> list[sa.Column]:
    return [
        sa.Column("id", ID, primary_key=True),
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
    ]


def downgrade() -> None:
    op.drop_index("messages_by_reader", "messages")
    op.drop_column("messages", "reader_mark")
    for name in ("withdrawals", "product_ratings", "referrals", "codes"):
        op.drop_table(name)
