"""Whom messages are for"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("customer_id", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("email_index", sa.LargeBinary(), nullable=True))
    op.create_index("messages_by_email", "messages", ["shop_id", "email_index"])
    op.create_index("messages_by_customer", "messages", ["shop_id", "customer_id"])


def downgrade() -> None:
    op.drop_index("messages_by_customer", "messages")
    op.drop_index("messages_by_email", "messages")
    with op.batch_alter_table("messages") as table:
        table.drop_column("email_index")
        table.drop_column("customer_id")
