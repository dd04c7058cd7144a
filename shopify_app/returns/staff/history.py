"""What a buyer has bought and sent back before, as far as the app knows their orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from shopify_app.db import db
from shopify_app.orders.models import Line, Order
from shopify_app.returns.models import FREEING, WITHDRAWAL, Item, Request
from shopify_app.shopify.models import Shop

SHOWN = 5
MOST = 1000
"""Orders of one buyer that are looked at, the newest."""


@dataclass(frozen=True, slots=True)
class History:
    orders: int
    """This one among them."""
    bought: int
    """Units, as ordered."""
    returned: int
    """Units of returns that were neither declined nor called off."""
    returns: int
    withdrawals: int
    """Of the returns, by the law of the European Union."""
    declined: int
    latest: Sequence[Request]
    """Besides the one at hand, the newest first."""

    @property
    def share(self) -> int:
        """Of all units bought, how many in a hundred were sent back."""
        return round(100 * self.returned / self.bought) if self.bought else 0


def of(shop: Shop, order: Order, request: Request) -> History:
    ids = db.session.scalars(_same_buyer(shop, order)).all()
    bought = select(func.sum(Line.quantity)).where(Line.shop_id == shop.id, Line.order_id.in_(ids))
    back = select(func.sum(Item.quantity)).join(Request, Request.id == Item.request_id)
    back = back.where(Item.shop_id == shop.id, Item.order_id.in_(ids), Request.state.not_in(FREEING))
    theirs = select(Request).where(Request.shop_id == shop.id, Request.order_id.in_(ids))
    requests = db.session.scalars(theirs.order_by(Request.asked_at.desc(), Request.id.desc())).all()
    return History(
        orders=len(ids),
        bought=db.session.scalar(bought) or 0,
        returned=db.session.scalar(back) or 0,
        returns=len(requests),
        withdrawals=sum(one.kind == WITHDRAWAL for one in requests),
        declined=sum(one.state == "declined" for one in requests),
        latest=[one for one in requests if one.id != request.id][:SHOWN],
    )


def _same_buyer(shop: Shop, order: Order) -> Select[int]:
    """By the customer's number or by the e-mail address; an order with neither stands alone."""
    same = [Order.id == order.id]
    if order.customer_id is not None:
        same.append(Order.customer_id == order.customer_id)
    if order.email_index is not None:
        same.append(Order.email_index == order.email_index)
    found = select(Order.id).where(Order.shop_id == shop.id, Order.deleted_at.is_(None), or_(*same))
    return found.order_by(Order.placed_at.desc()).limit(MOST)
