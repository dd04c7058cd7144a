"""What buyers are asked, what they answer, cases for staff, reviews and their photos"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DUE = sa.text("done_at IS NULL")
SHOWN = sa.text("hidden_at IS NULL AND withdrawn_at IS NULL")


def shop() -> sa.Column:
    return sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), nullable=False)


def number() -> sa.Column:
    return sa.Column("id", ID, primary_key=True)


def order() -> sa.Column:
    return sa.Column("order_id", sa.BigInteger(), nullable=False)


def upgrade() -> None:
    _requests()
    _answers()
    _cases()
    _reviews()


def _requests() -> None:
    op.create_table(
        "feedback_requests",
        number(),
        shop(),
        order(),
        sa.Column("reason", sa.String()),
        sa.Column("asked_at", TIME),
        sa.Column("reminded_at", TIME),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("done_at", TIME),
        sa.Column("result", sa.String()),
        sa.Column("error", sa.String()),
        sa.UniqueConstraint("shop_id", "order_id"),
    )
    op.create_index("feedback_requests_due", "feedback_requests", ["due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("feedback_requests_by_asked", "feedback_requests", ["shop_id", "asked_at"])


def _answers() -> None:
    op.create_table(
        "feedback_answers",
        sa.Column("shop_id", ID, sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("order_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.String()),
        sa.Column("cause", sa.String()),
        sa.Column("items", sa.Integer()),
        sa.Column("delivery", sa.Integer()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
    )
    op.create_index("feedback_answers_by_time", "feedback_answers", ["shop_id", "said_at"])


def _cases() -> None:
    op.create_table(
        "feedback_cases",
        number(),
        shop(),
        order(),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("email_index", sa.LargeBinary()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cause", sa.String()),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("solved_at", TIME),
        sa.UniqueConstraint("shop_id", "order_id"),
    )
    op.create_index("feedback_cases_by_time", "feedback_cases", ["shop_id", "state", "opened_at"])
    op.create_index("feedback_cases_by_customer", "feedback_cases", ["shop_id", "customer_id"])
    op.create_index("feedback_cases_by_email", "feedback_cases", ["shop_id", "email_index"])
    op.create_table(
        "feedback_case_entries",
        number(),
        shop(),
        sa.Column("case_id", ID, sa.ForeignKey("feedback_cases.id"), nullable=False),
        order(),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("feedback_case_entries_by_case", "feedback_case_entries", ["shop_id", "case_id"])
    op.create_index("feedback_case_entries_by_order", "feedback_case_entries", ["shop_id", "order_id"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        number(),
        shop(),
        order(),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.String()),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME),
        sa.Column("hidden_at", TIME),
        sa.Column("hidden_why", sa.String()),
        sa.UniqueConstraint("shop_id", "order_id", "product_id"),
    )
    columns = ["shop_id", "product_id", "written_at"]
    op.create_index("reviews_shown", "reviews", columns, sqlite_where=SHOWN, postgresql_where=SHOWN)
    op.create_index("reviews_by_time", "reviews", ["shop_id", "written_at"])
    op.create_table(
        "review_entries",
        number(),
        shop(),
        sa.Column("review_id", ID, sa.ForeignKey("reviews.id"), nullable=False),
        order(),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
    )
    op.create_index("review_entries_by_review", "review_entries", ["shop_id", "review_id"])
    op.create_index("review_entries_by_order", "review_entries", ["shop_id", "order_id"])
    op.create_table(
        "review_photos",
        number(),
        shop(),
        order(),
        sa.Column("review_id", ID, sa.ForeignKey("reviews.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        sa.UniqueConstraint("shop_id", "key"),
    )
    op.create_index("review_photos_by_review", "review_photos", ["shop_id", "review_id"])
    op.create_index("review_photos_by_order", "review_photos", ["shop_id", "order_id"])


def downgrade() -> None:
    for table in ("review_photos", "review_entries", "reviews", "feedback_case_entries", "feedback_cases"):
        op.drop_table(table)
    for table in ("feedback_answers", "feedback_requests"):
        op.drop_table(table)
