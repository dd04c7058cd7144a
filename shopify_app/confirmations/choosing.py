"""Choose the kind of an order's confirmation: from our mirror, and, before anything special is said, from Shopify."""

import structlog

from shopify_app.codes import friends, making
from shopify_app.codes.making import No
from shopify_app.codes.models import Code
from shopify_app.confirmations import facts, rules, similar
from shopify_app.confirmations.kinds import (
    PLAIN,
    REASSURANCE,
    SELLING,
    SIMILAR,
    TEMPTING,
    WELCOME,
    Choice,
    Rules,
    choose,
)
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
    choice = choose(known, chosen)
    if choice.kind in (PLAIN, REASSURANCE):
        return Kind(choice.kind, choice.reason)
    try:
        return _special(shop, whole, chosen, choose(facts.asked(shop, whole.order, known), chosen))
    except ShopifyError as error:
        log.warning("confirmation_plain", order=whole.order.id, error=type(error).__name__)
        return Kind(why="shop_silent")


def _special(shop: Shop, whole: Whole, chosen: Rules, choice: Choice) -> Kind:
    """With what only its kind holds, as far as that is to be had now. Raises one of the ShopifyError family."""
    leave = links.page(shop, whole.order.person["email"]) if choice.kind in SELLING else ""
    if choice.kind == WELCOME:
        return Kind(*choice, community=chosen.community)
    if choice.kind == SIMILAR:
        beside = similar.in_stock(shop, similar.beside(shop, whole))
        return Kind(*choice, similar=beside, leave=leave) if beside else Kind(why="sold_out_beside")
    if choice.kind == TEMPTING:
        code = making.of(shop, facts.wish(whole.order, chosen))
        if isinstance(code, No):
            return Kind(why=code.reason)
        return Kind(*choice, code=code, friends=_for_friends(shop, whole), leave=leave)
    return Kind(*choice)


def _for_friends(shop: Shop, whole: Whole) -> Code | None:
    """The buyer's own code is there already: without one for friends the message goes out all the same."""
    try:
        return friends.code(shop, whole.order)
    except ShopifyError as error:
        log.warning("friends_code_missing", order=whole.order.id, error=type(error).__name__)
        return None
