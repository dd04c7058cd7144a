"""Somebody follows the link to an order: which one, and how much we know of who it is."""

from dataclasses import dataclass

from flask import g, request

from shopify_app.orders import links, proof, read
from shopify_app.orders.proof import Level
from shopify_app.orders.read import Whole


@dataclass(frozen=True, slots=True)
class Visit:
    whole: Whole
    token: str
    """Of the link."""
    level: Level
    word: str
    """Carried on from page to page by who has proven to be the buyer; "" for others."""


def of(token: str) -> Visit | None:
    """None where the link opens no order of this shop. Raises links.Expired."""
    order_id = links.order_id(g.shop, token)
    whole = read.whole(g.shop, order_id) if order_id else None
    if whole is None:
        return None
    given = request.args.get("proof", "")
    return Visit(whole, token, proof.level(g.shop, whole.order, token, g.customer, given), given)
