"""What is known of an order and its buyer, for choosing the kind of its confirmation."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, exists, or_, select

from shopify_app.codes import making
from shopify_app.codes.making import Wish
from shopify_app.codes.models import ORDER
from shopify_app.confirmations import similar
from shopify_app.confirmations.kinds import REASSURANCE, SIMILAR, TEMPTING, Facts, Rules
from shopify_app.db import db
from shopify_app.mail import consents, law, refusals
from shopify_app.mail import rules as marketing
from shopify_app.mail.law import Right
from shopify_app.mail.models import Basis
from shopify_app.orders import arrivals, troubles
from shopify_app.orders.models import Consent, Order, Refund, Return
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

SUBSCRIBED = "subscribed"


def of(shop: Shop, whole: Whole, rules: Rules) -> Facts:
    """As far as our mirror knows."""
    order = whole.order
    earlier = _earlier(shop, order)
    arrival = arrivals.of(shop, whole)
    return Facts(
        earlier=len(earlier),
        trouble=_trouble(shop, earlier) if REASSURANCE in rules.on else None,
        total=order.total if order.currency == shop.currency else None,
        lead_days=(arrival.at - order.placed_at).days if arrival else None,
        has_consent=_has_consent(shop, order),
        no_code=making.why_not(shop, wish(order, rules)) if TEMPTING in rules.on else None,
        similar=len(similar.beside(shop, whole)) if SIMILAR in rules.on else 0,
    )


def asked(shop: Shop, order: Order, known: Facts) -> Facts:
    """With what Shopify says at this moment: our mirror may begin after a buyer's first order, and consent may have
    been withdrawn a second ago. Raises one of the ShopifyError family.
    """
    email = order.person["email"]
    told = consents.ask(shop, email, order.customer_id)
    limits = marketing.of(shop)
    may = law.right(told, None, order.country, (Basis.CONSENT,), limits)
    is_refused = refusals.stands(shop, email, "marketing") or limits.most == 0
    return replace(
        known,
        earlier=max(known.earlier, told.orders - 1),
        has_consent=isinstance(may, Right) and not is_refused,
    )


def _earlier(shop: Shop, order: Order) -> Sequence[int]:
    """The buyer's orders before this one: by customer where there is one, else by e-mail."""
    if order.customer_id is None and order.email_index is None:
        return []
    placed = select(Order.id).where(
        Order.shop_id == shop.id,
        _same_buyer(order),
        # Shopify tells whole seconds: of two orders in one of them the lower number is the first.
        or_(Order.placed_at < order.placed_at, and_(Order.placed_at == order.placed_at, Order.id < order.id)),
        Order.cancelled_at.is_(None),
        Order.deleted_at.is_(None),
        Order.is_test.is_(False),
    )
    return db.session.scalars(placed.order_by(Order.placed_at.desc()).limit(100)).all()


def _same_buyer(order: Order) -> ColumnElement[bool]:
    if order.customer_id is not None:
        return Order.customer_id == order.customer_id
    return Order.email_index == order.email_index


def wish(order: Order, rules: Rules) -> Wish:
    """The code that its buyer would get."""
    about = {"customer_id": order.customer_id, "days": rules.days, "budget": rules.budget}
    return Wish(f"order/{order.id}", ORDER, order.email_index, rules.percent, **about)


def _trouble(shop: Shop, order_ids: Sequence[int]) -> str | None:
    """What a feature knows says more than that something came back."""
    return troubles.of(shop, order_ids) or ("earlier_trouble" if _came_back(shop, order_ids) else None)


def _came_back(shop: Shop, order_ids: Sequence[int]) -> bool:
    came_back = exists().where(Return.shop_id == shop.id, Return.order_id.in_(order_ids))
    paid_back = exists().where(Refund.shop_id == shop.id, Refund.order_id.in_(order_ids), Refund.amount > 0)
    return bool(order_ids) and bool(db.session.scalar(select(came_back | paid_back)))


def _has_consent(shop: Shop, order: Order) -> bool:
    if order.customer_id is None:
        return False
    consent = db.session.get(Consent, (shop.id, order.customer_id, "email"))
    return consent is not None and consent.state == SUBSCRIBED
