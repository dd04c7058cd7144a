"""Look-ups that found nothing, until somebody has looked into them."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import Work


class Lookup(Work, Personal, Model):
    """Somebody asked for an order and could not prove that it is theirs. Gone as soon as the work is done."""

    __tablename__ = "lookups"
    queue = "mail"
    searched = ("number",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    number: Mapped[str] = mapped_column(Encrypted("lookups.number"))
    """The order number as it was typed."""

    __table_args__ = (
        Index("lookups_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )
