"""Whom messages are for, what for, and by what right"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("customer_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("email_index", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("purpose", sa.String(), nullable=False, server_default="order"))
        table.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        table.add_column(sa.Column("basis", sa.String(), nullable=True))
        table.add_column(sa.Column("grounds", sa.JSON(), nullable=True))
    op.create_index("messages_by_email", "messages", ["shop_id", "email_index"])
    op.create_index("messages_by_customer", "messages", ["shop_id", "customer_id"])
    op.create_index(
        "messages_urgent_due", "messages", ["purpose", "due_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    with op.batch_alter_table("refusals") as table:
        table.add_column(sa.Column("reason", sa.String(), nullable=False, server_default="asked"))
    op.create_table(
        "slots",
        sa.Column("shop_id", BIG, sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("mark", sa.LargeBinary(), primary_key=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("slots")
    with op.batch_alter_table("refusals") as table:
        table.drop_column("reason")
    for index in ("messages_urgent_due", "messages_by_customer", "messages_by_email"):
        op.drop_index(index, "messages")
    with op.batch_alter_table("messages") as table:
        for column in ("grounds", "basis", "facts", "purpose", "email_index", "customer_id"):
            table.drop_column(column)
