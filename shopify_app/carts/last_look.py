"""Ask the shop itself, in the second before a message goes out: webhooks may be late, and other devices may buy.

`abandonedCheckouts` tells no e-mail, and whether Shopify wrote by itself only as a filter. `Abandonment.emailState`
tells it too, but wants the number of the checkout, which not every webhook has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopify_app import clock, zones
from shopify_app.addresses import email_key
from shopify_app.carts.models import Cart
from shopify_app.orders.facts import moment
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What Shopify says of a checkout at one moment."""

    is_there: bool | None = None
    active_at: datetime | None = None
    """When the checkout changed last: its news may not have come."""
    is_completed: bool = False
    has_bought: bool = False
    is_available: bool | None = None
    """None: it has no items that Shopify could tell about."""
    shopify_wrote: bool | None = None
    is_unsubscribed: bool | None = None
    """None: Shopify knows no customer with this address."""
    country: str | None = None
    zone: str | None = None
    """Where it would go to, and the name of its time zone, as far as the buyer has said."""
    url: str | None = None
    gone: frozenset[int] = frozenset()
    """Variants that cannot be bought any more."""
    pictures: dict[int, str] = field(default_factory=dict)
    """Of variants."""


NOTHING = Seen()
"""Shopify was not asked."""


def look(shop: Shop, cart: Cart) -> Seen:
    """Raises one of the ShopifyError family."""
    which, began_at = _which(cart), cart.began_at or cart.updated_at
    answer = AdminApi(shop).run(
        "carts/last_look",
        checkouts=which,
        mailed=f"{which} (email_state:sent OR email_state:scheduled)",
        orders=f"created_at:>={_quoted(began_at.isoformat())} ({' OR '.join(_buyer(cart))})",
        customers=" OR ".join(_customer(cart)),
    )
    checkout = next((one for one in answer["checkouts"]["nodes"] if _is(cart, one)), None)
    customers: list[Node] = answer["customers"]["nodes"]
    since_then = [moment(order["createdAt"]) for one in customers for order in one["orders"]["nodes"]]
    lines: Sequence[Node] = checkout["lineItems"]["nodes"] if checkout else ()
    variants = [line["variant"] for line in lines if line["variant"]]
    place = _place(checkout)
    return Seen(
        is_there=checkout is not None,
        active_at=moment(checkout["updatedAt"]) if checkout else None,
        is_completed=bool(checkout and checkout["completedAt"]),
        has_bought=bool(answer["orders"]["nodes"]) or any(at and at >= began_at for at in since_then),
        is_available=any(variant["availableForSale"] for variant in variants) if lines else None,
        shopify_wrote=checkout is not None and checkout["id"] in [one["id"] for one in answer["mailed"]["nodes"]],
        is_unsubscribed=_unsubscribed(cart, customers),
        country=place["country"] if place else None,
        zone=zones.name(place, clock.now()) if place else None,
        url=checkout and checkout["abandonedCheckoutUrl"],
        gone=frozenset(_number(variant) for variant in variants if not variant["availableForSale"]),
        pictures={
            _number(line["variant"]): line["image"]["url"] for line in lines if line["variant"] and line["image"]
        },
    )


def _place(checkout: Node | None) -> Node | None:
    address = checkout and checkout["shippingAddress"]
    return address and address | {"country": address["countryCodeV2"]}


def _which(cart: Cart) -> str:
    """The checkout by its number, where a webhook told it, else by the second in which it began."""
    if cart.checkout_id is not None:
        return f"id:{cart.checkout_id}"
    began_at = cart.began_at or cart.updated_at
    return f"created_at:>={_time(began_at)} created_at:<={_time(began_at + timedelta(seconds=1))}"


def _is(cart: Cart, checkout: Node) -> bool:
    if cart.checkout_id is not None:
        return bool(checkout["id"] == f"gid://shopify/AbandonedCheckout/{cart.checkout_id}")
    return any(token and token in checkout["abandonedCheckoutUrl"] for token in (cart.token, cart.cart_token))


def _buyer(cart: Cart) -> list[str]:
    by_email = [f"email:{_quoted(cart.person['email'])}"] if cart.person["email"] else []
    by_account = [f"customer_id:{cart.customer_id}"] if cart.customer_id else []
    return [f"checkout_token:{_quoted(cart.token)}", *by_email, *by_account]


def _customer(cart: Cart) -> list[str]:
    """Orders know no search by phone, so that one goes by the customers that have it."""
    by_account = [f"id:{cart.customer_id}"] if cart.customer_id else []
    known = [f"{name}:{_quoted(cart.person[name])}" for name in ("email", "phone") if cart.person[name]]
    return by_account + known or ["id:0"]


def _unsubscribed(cart: Cart, customers: Sequence[Node]) -> bool | None:
    email = email_key(cart.person["email"] or "")
    addresses = [one["defaultEmailAddress"] for one in customers if one["defaultEmailAddress"]]
    states = [one["marketingState"] for one in addresses if email_key(one["emailAddress"]) == email]
    return "UNSUBSCRIBED" in states if states else None


def _number(variant: Node) -> int:
    return int(variant["id"].rpartition("/")[2])


def _time(at: datetime) -> str:
    return _quoted(at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _quoted(text: str) -> str:
    """As Shopify's search wants a text that may hold anything."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
