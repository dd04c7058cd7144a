"""What our extensions on Shopify's pages are told of an order: what its page on the storefront shows, as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from shopify_app import addresses
from shopify_app.orders import links
from shopify_app.orders.doors import Door
from shopify_app.tracking import faq
from shopify_app.tracking.page import OrderPage
from shopify_app.tracking.state import Item, Parcel

Answer = dict[str, Any]
OPEN = ("requested", "open")
"""States of a return that somebody still has to do something about."""


def row(page: OrderPage) -> Answer:
    """An order among others; `parcels` and `returns` are counts, the latter of the open ones."""
    order = page.progress.order
    return _head(page) | {
        "id": order.id,
        "placed": page.language.day(order.placed_at, page.zone),
        "parcels": len(page.progress.parcels),
        "returns": sum(one.status in OPEN for one in page.progress.whole.returns),
    }


def whole(page: OrderPage, doors: Sequence[Door]) -> Answer:
    """One order with everything about it."""
    t, url = page.language.t, links.url(page.shop, page.progress.order.id)
    asked = (one for one in page.questions if one is not faq.WHO_SEES_IT)
    return _head(page) | {
        "placed": page.ordered,
        "destination": page.destination,
        "parts": [part.text for part in page.parts],
        "parcels": [_parcel(page, parcel) for parcel in page.progress.parcels],
        "guide": [t(step) for step in page.guide],
        "questions": [{"question": t(one.question), "answer": t(one.answer)} for one in asked],
        "doors": [
            {"words": door.words, "url": door.path and f"{url}/{door.path}", "note": door.note} for door in doors
        ],
        "shop": {"name": page.shop.name or page.shop.domain, "email": page.shop.email},
    }


def _head(page: OrderPage) -> Answer:
    order = page.progress.order
    told = {"name": order.name, "state": page.progress.state, "headline": page.headline}
    return told | {"url": links.url(page.shop, order.id)}


def _parcel(page: OrderPage, parcel: Parcel) -> Answer:
    return {
        "title": page.title(parcel),
        "status": page.status(parcel),
        "state": parcel.state,
        "expected": page.expected(parcel),
        "promised_first": page.promised_first(parcel),
        "arrived": page.arrived(parcel),
        "carrier": parcel.shipment.carrier,
        "numbers": list(_numbers(parcel)),
        "items": [_item(item) for item in parcel.items],
        "scans": [asdict(step) for step in page.scans(parcel)],
    }


def _item(item: Item) -> Answer:
    return {"title": item.line.title, "variant": item.line.variant_title, "quantity": item.quantity}


def _numbers(parcel: Parcel) -> Iterator[Answer]:
    """`url` is None where a browser may not follow it, `number` where the carrier gave only an address."""
    for tracking in parcel.shipment.tracking:
        yield {"number": tracking.get("number"), "url": addresses.web(tracking.get("url"))}
