"""Choose the kind of an order's confirmation: from our mirror, and, before anything special is said, from Shopify."""

import structlog

from shopify_app.confirmations import facts, rules, similar
from shopify_app.confirmations.kinds import PLAIN, REASSURANCE, SELLING, SIMILAR, TEMPTING, WELCOME, Choice, choose
from shopify_app.confirmations.letter import Kind
from shopify_app.mail import links
from shopify_app.orders.read import Whole
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

log = structlog.get_logger()


def foreseen(shop: Shop, whole: Whole) -> Choice:
    """By our mirror alone: what the merchant's page shows."""
    chosen = rules.of(shop)
    return choose(facts.of(shop, whole, chosen), chosen)


def now(shop: Shop, whole: Whole) -> Kind:
    """What is sent at this moment. Where Shopify does not answer it is the plain one: a confirmation never waits."""
    chosen = rules.of(shop)
    known = facts.of(shop, whole, chosen)
    if choose(known, chosen).kind in (PLAIN, REASSURANCE):
        return Kind(choose(known, chosen).kind)
    try:
        kind = choose(facts.asked(shop, whole.order, known), chosen).kind
        beside = similar.in_stock(shop, similar.beside(shop, whole)) if kind == SIMILAR else ()
    except ShopifyError as error:
        log.warning("confirmation_plain", order=whole.order.id, error=type(error).__name__)
        return Kind()
    if kind == SIMILAR and not beside:
        return Kind()
    return Kind(
        kind,
        community=chosen.community if kind == WELCOME else "",
        code=chosen.code if kind == TEMPTING else "",
        similar=beside,
        leave=links.page(shop, whole.order.person["email"]) if kind in SELLING else "",
    )
