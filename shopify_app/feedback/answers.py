"""What buyers answer: kept with what follows from it, in one transaction."""

from dataclasses import dataclass

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db, transaction, upsert
from shopify_app.feedback import cases
from shopify_app.feedback.models import WRONG, Answer
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

LOW = 2
"""So many stars or fewer: staff is told."""
ASKED = ("items", "delivery")


@dataclass(frozen=True, slots=True)
class Said:
    """One form. What it left out stays as it was."""

    verdict: str | None = None
    cause: str | None = None
    wrong: str = ""
    items: int | None = None
    delivery: int | None = None
    items_text: str = ""
    delivery_text: str = ""

    @property
    def texts(self) -> dict[str, str]:
        texts = {"wrong": self.wrong, "items": self.items_text, "delivery": self.delivery_text}
        return {name: text for name, text in texts.items() if text}

    @property
    def is_low(self) -> bool:
        return any(stars is not None and stars <= LOW for stars in (self.items, self.delivery))

    @property
    def columns(self) -> dict[str, str | int]:
        told = {"verdict": self.verdict, "cause": self.cause, "items": self.items, "delivery": self.delivery}
        return {name: value for name, value in told.items() if value is not None}


def of(shop: Shop, order_id: int) -> Answer | None:
    return db.session.scalar(select(Answer).where(Answer.shop_id == shop.id, Answer.order_id == order_id))


def of_orders(shop: Shop, order_ids: set[int]) -> dict[int, Answer]:
    """By the order's number; none for those without an answer."""
    said = select(Answer).where(Answer.shop_id == shop.id, Answer.order_id.in_(order_ids))
    return {one.order_id: one for one in db.session.scalars(said)}


def keep(shop: Shop, order_id: int, said: Said) -> bool:
    """Write it down; staff hears at once of what went wrong. False when the order is gone."""
    with transaction():
        order = held(shop, order_id)
        if order is None:
            return False
        before = of(shop, order_id)
        texts = (before.content if before else {}) | said.texts
        now = clock.now()
        row = {
            "shop_id": shop.id,
            "order_id": order_id,
            "said_at": before.said_at if before else now,
            "changed_at": now,
        }
        upsert(Answer, [row | {"content": texts} | said.columns], ("shop_id", "order_id"))
        db.session.expire_all()
        if said.verdict == WRONG or said.is_low:
            cases.open_(shop, order, said.cause)
        else:
            cases.told(shop, order_id)
    return True


def held(shop: Shop, order_id: int) -> Order | None:
    """The order, in a transaction. Whoever erases a person holds the shop's row, so nothing is written after that."""
    db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
    return read.get(shop, order_id)
