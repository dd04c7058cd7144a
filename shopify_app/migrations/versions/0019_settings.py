"""Who changed which setting when, and who of the staff is what"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
shops = sa.table(
    "shops", sa.column("id", ID), sa.column("installed_at", sa.DateTime(timezone=True)), sa.column("settings", sa.JSON())
)


def upgrade() -> None:
    op.create_table(
        "setting_changes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
    )
    op.create_index("setting_changes_by_time", "setting_changes", ["shop_id", "at"])
    op.add_column("templates", sa.Column("written_by", sa.String(), nullable=True))
    op.create_index("templates_by_time", "templates", ["shop_id", "written_at"])
    staff = op.create_table(
        "staff",
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("user", sa.String(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    _take_over(staff)


def _take_over(staff: sa.Table) -> None:
    """Who was named as having no limit is an owner; in their shops all others stay under the limits."""
    bind = op.get_bind()
    for number, installed_at, kept in bind.execute(sa.select(shops.c.id, shops.c.installed_at, shops.c.settings)).all():
        managers = (kept or {}).get("goodwill", {}).pop("managers", None)
        if managers is None:
            continue
        times = {"first_seen_at": installed_at, "last_seen_at": installed_at}
        for user in managers if installed_at else ():
            bind.execute(staff.insert().values(shop_id=number, user=user, role="owner", **times))
        changed = kept | ({"staff": {"role": "agent"}} if managers else {})
        bind.execute(shops.update().where(shops.c.id == number).values(settings=changed))


def downgrade() -> None:
    op.drop_table("staff")
    op.drop_index("templates_by_time", "templates")
    op.drop_column("templates", "written_by")
    op.drop_index("setting_changes_by_time", "setting_changes")
    op.drop_table("setting_changes")
