"""What went wrong is found without reading all that went well"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0001'
branch_labels = None
depends_on = None

TROUBLED = sa.text("result IN ('failed', 'unknown', 'dead')")
FAILED = sa.text("result IN ('failed', 'dead')")


def upgrade() -> None:
    op.create_index('messages_troubled', 'messages', ['shop_id', 'created_at'], sqlite_where=TROUBLED, postgresql_where=TROUBLED)
    op.create_index('webhooks_failed', 'webhooks', ['shop_domain', 'received_at'], sqlite_where=FAILED, postgresql_where=FAILED)


def downgrade() -> None:
    op.drop_index('webhooks_failed', 'webhooks')
    op.drop_index('messages_troubled', 'messages')
