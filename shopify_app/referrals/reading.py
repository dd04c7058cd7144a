"""What is known of a friend's order: from our mirror, and how many orders Shopify counts."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, exists, func, or_, select

from shopify_app import clock
from shopify_app.codes import friends
from shopify_app.codes.models import Code
from shopify_app.db import db
from shopify_app.mail import consents
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.referrals.decision import Facts
from shopify_app.referrals.models import REWARDED, Referral
from shopify_app.referrals.record import place
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=30)
"""Of which the merchant's number of rewards speaks."""
OPEN = ("requested", "open")
"""Shopify's words for a return that is not over."""
PAID = ("paid", "partially_refunded", "refunded")


def facts(shop: Shop, referral: Referral, unknown: int = 0) -> Facts:
    """unknown: the friend's orders that only Shopify knows of, from before our mirror begins."""
    whole, theirs = read.whole(shop, referral.order_id), of_referrer(shop, referral)
    order = whole.order if whole else None
    return Facts(
        has_referrer=bool(theirs),
        is_there=order is not None,
        is_test=order is not None and order.is_test,
        is_cancelled=order is not None and order.cancelled_at is not None,
        is_refunded=whole is not None and _is_refunded(whole),
        is_paid=order is not None and order.financial_status in PAID,
        is_return_open=whole is not None and any(one.status in OPEN for one in whole.returns),
        is_self=any(_is_same(shop, referral, one) for one in theirs),
        earlier=_earlier(shop, referral) + unknown,
        had_reward=_had_reward(shop, referral),
        rewards=_rewards(shop, referral),
        cap=friends.of(shop).cap,
    )


def unknown(shop: Shop, referral: Referral) -> int:
    """How many orders of the friend Shopify counts that our mirror does not know. Raises one of the ShopifyError
    family.
    """
    order = read.get(shop, referral.order_id)
    if order is None or not order.person["email"]:
        return 0
    told = consents.ask(shop, order.person["email"], order.customer_id)
    same = [Order.customer_id == told.customer_id, Order.email_index == referral.email_index]
    mirrored = select(func.count()).select_from(Order).where(Order.shop_id == shop.id, or_(*same))
    return max(told.orders - (db.session.scalar(mirrored) or 0), 0) if told.customer_id else 0


def of_referrer(shop: Shop, referral: Referral) -> Sequence[Order]:
    """The newest orders of whoever gave the code away, the newest first; none once that person was erased."""
    found = select(Code).where(Code.shop_id == shop.id, Code.code_index == referral.code_index)
    code = db.session.scalars(found).first()
    if code is None or code.customer_id is None:
        return []
    ids = read.of_person(shop, code.email_index, code.customer_id)
    orders = select(Order).where(Order.shop_id == shop.id, Order.id.in_(ids)).order_by(Order.placed_at.desc())
    return db.session.scalars(orders).all()


def _is_refunded(whole: Whole) -> bool:
    return bool(whole.refunds) or whole.order.financial_status in ("refunded", "partially_refunded", "voided")


def _is_same(shop: Shop, referral: Referral, order: Order) -> bool:
    pairs = (
        (referral.customer_id, order.customer_id),
        (referral.email_index, order.email_index),
        (referral.phone_index, order.phone_index),
        (referral.place_index, place(shop, order)),
    )
    return any(one is not None and one == other for one, other in pairs)


def _earlier(shop: Shop, referral: Referral) -> int:
    """By account, e-mail or telephone; of two orders in one second the lower number is the first."""
    names = ("customer_id", "email_index", "phone_index")
    same = [getattr(Order, name) == value for name in names if (value := getattr(referral, name)) is not None]
    before = or_(
        Order.placed_at < referral.placed_at,
        and_(Order.placed_at == referral.placed_at, Order.id < referral.order_id),
    )
    counts = (Order.cancelled_at.is_(None), Order.is_test.is_(False), before)
    if not same:
        return 0
    found = select(func.count()).select_from(Order).where(Order.shop_id == shop.id, or_(*same), *counts)
    return db.session.scalar(found) or 0


def _had_reward(shop: Shop, referral: Referral) -> bool:
    names = ("customer_id", "email_index", "phone_index", "place_index")
    same = [getattr(Referral, name) == value for name in names if (value := getattr(referral, name)) is not None]
    others = (Referral.shop_id == shop.id, Referral.id != referral.id, Referral.result == REWARDED)
    return bool(same) and bool(db.session.scalar(select(exists().where(*others, or_(*same)))))


def _rewards(shop: Shop, referral: Referral) -> int:
    theirs = (Referral.shop_id == shop.id, Referral.code_index == referral.code_index, Referral.result == REWARDED)
    recent = Referral.done_at > clock.now() - SPAN
    return db.session.scalar(select(func.count()).select_from(Referral).where(*theirs, recent)) or 0
