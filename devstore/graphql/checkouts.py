"""Resolvers of abandoned checkouts, and of the codes that may win their buyers back."""

from datetime import datetime, timedelta
from typing import Any

from devstore import deeds, totals, words
from devstore.graphql import access
from devstore.graphql.caller import Info, caller
from devstore.graphql.catalogue import product_picture, variant_of
from devstore.graphql.connections import connect
from devstore.graphql.orders import address
from devstore.graphql.parts import Part
from devstore.graphql.search import Fields, compile
from devstore.money import graphql_text
from devstore.records import Checkout, DiscountCode

ABANDONED = timedelta(minutes=10)
"""Without any news of it for so long, Shopify lists a checkout."""
SHARES = (0.0, 1.0)

Given = dict[str, Any]

FIELDS = Fields(
    named={
        "id": lambda c: c.id,
        "created_at": lambda c: c.created_at,
        "updated_at": lambda c: c.updated_at,
        "email_state": lambda c: c.email_state,
        "recovery_state": lambda c: "recovered" if c.completed_at else "not_recovered",
        "status": lambda c: "closed" if c.closed_at else "open",
    },
    text=lambda c: f"#{c.id} {c.email or ''}",
)

SORTS = {"ID": lambda c: c.id, "CREATED_AT": lambda c: c.created_at}


def find(info: Info, page: Given) -> Given:
    return connect(_found(info, page), caller(info), page, SORTS[page["sortKey"]])


def count(info: Info, page: Given) -> Given:
    found, limit = len(_found(info, page)), page.get("limit")
    is_more = limit is not None and found > limit
    return {"count": limit if is_more else found, "precision": "AT_LEAST" if is_more else "EXACT"}


def _found(info: Info, page: Given) -> list[Checkout]:
    """Completed ones too, if they had been abandoned before."""
    who, test = caller(info), compile(page.get("query"), FIELDS)
    kept = who.state.checkouts.of(who.shop.domain)
    return [one for one in kept if _is_abandoned(one, who.now) and test(one)]


def _is_abandoned(checkout: Checkout, now: datetime) -> bool:
    quiet_until = checkout.completed_at or now
    return checkout.source_name == "web" and quiet_until - checkout.created_at >= ABANDONED


def _total(checkout: Checkout, info: Info) -> Given:
    """In shop money and in what the buyer sees."""
    view, shop = caller(info).view, caller(info).shop
    worth = totals.of_checkout(checkout, shop.tax_rate, shop.taxes_included, shop.currency).total
    bag = view.bag(worth, checkout)
    return {
        side: {"amount": str(bag[key]["amount"]), "currencyCode": bag[key]["currency_code"]}
        for side, key in (("shopMoney", "shop_money"), ("presentmentMoney", "presentment_money"))
    }


CHECKOUT: dict[str, Any] = {
    "abandonedCheckoutUrl": lambda c, i: words.recover_url(caller(i).view.storefront, caller(i).shop, c),
    "customer": lambda c, i: caller(i).state.customers.get(c.customer_id or 0),
    "discountCodes": lambda c, i: [one.code for one in c.discounts],
    "lineItems": lambda c, i, **page: connect([Part(line, c) for line in c.lines], caller(i), page),
    "name": lambda c, i: f"#{c.id}",
    "shippingAddress": lambda c, i: address(i, c.shipping_address, c, "Address"),
    "totalPriceSet": _total,
}

LINE: dict[str, Any] = {
    "id": lambda p, i: words.gid("AbandonedCheckoutLineItem", p.id),
    "image": lambda p, i: product_picture(i, p.record.product_id, p.record.variant_id),
    "product": lambda p, i: caller(i).state.products.get(p.record.product_id or 0),
    "variant": lambda p, i: variant_of(i, p.record.product_id, p.record.variant_id),
}


def by_code(info: Info, code: str) -> DiscountCode | None:
    access.check(caller(info), ("read_discounts",), "codeDiscountNodeByCode")
    return caller(info).state.code(caller(info).shop.domain, code)


def make(info: Info, *, basicCodeDiscount: Given) -> Given:  # noqa: N803
    """discountCodeBasicCreate, as far as per cent off an order go."""
    who, given = caller(info), basicCodeDiscount
    access.check(who, ("write_discounts",), "discountCodeBasicCreate")
    if problem := _wrong_with(info, given):
        return {"codeDiscountNode": None, "userErrors": [problem]}
    made = deeds.make_code(
        who.state,
        who.shop.domain,
        given["code"],
        graphql_text(given["customerGets"]["value"]["percentage"] * 100, "EUR"),
        title=given["title"],
        starts_at=_time(given["startsAt"]),
        ends_at=_time(given["endsAt"]) if given.get("endsAt") else None,
        usage_limit=given.get("usageLimit"),
        once_per_customer=bool(given.get("appliesOncePerCustomer")),
    )
    return {"codeDiscountNode": made, "userErrors": []}


def _wrong_with(info: Info, given: Given) -> Given | None:
    for name in ("title", "code", "startsAt", "customerGets", "context"):
        if not given.get(name):
            return _error(name, f"{name} can't be blank", "BLANK")
    if not SHARES[0] < given["customerGets"]["value"]["percentage"] <= SHARES[1]:
        return _error("customerGets", "Value must be between 0.0 and 1.0", "VALUE_OUTSIDE_RANGE")
    if given.get("endsAt") and _time(given["endsAt"]) <= _time(given["startsAt"]):
        return _error("endsAt", "Ends at needs to be after starts_at", "END_DATE_BEFORE_START_DATE")
    if caller(info).state.code(caller(info).shop.domain, given["code"]):
        return _error("code", "Code must be unique. Please try a different code.", "TAKEN")
    return None


def _time(given: str | datetime) -> datetime:
    return given if isinstance(given, datetime) else datetime.fromisoformat(given)


def _error(field: str, message: str, code: str) -> Given:
    return {"field": ["basicCodeDiscount", field], "message": message, "code": code, "extraInfo": None}
