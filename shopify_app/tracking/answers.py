"""What our extensions on Shopify's pages are told of an order: what its page on the storefront shows, as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from shopify_app import addresses
from shopify_app.language import Language
from shopify_app.orders import links
from shopify_app.orders.doors import Door
from shopify_app.shopify.models import Shop
from shopify_app.tracking import faq
from shopify_app.tracking.page import OrderPage
from shopify_app.tracking.sentence import headline
from shopify_app.tracking.state import Item, Parcel, Progress

Answer = dict[str, Any]
OPEN = ("requested", "open")
"""States of a return that somebody still has to do something about."""


def row(shop: Shop, progress: Progress, language: Language) -> Answer:
    """An order among others; `parcels` and `returns` are counts, the latter of the open ones."""
    order = progress.order
    return _head(shop, progress, language) | {
        "id": order.id,
        "placed": language.day(order.placed_at, progress.zone),
        "parcels": len(progress.parcels),
        "returns": sum(one.status in OPEN for one in progress.whole.returns),
    }


def whole(page: OrderPage) -> Answer:
    """One order with everything about it."""
    url = links.url(page.shop, page.progress.order.id)
    elsewhere = page.language.t(faq.WHO_SEES_IT.question)
    return _head(page.shop, page.progress, page.language) | {
        "placed": page.ordered,
        "destination": page.destination,
        "parts": [part.text for part in page.parts],
        "parcels": [_parcel(page, parcel) for parcel in page.progress.parcels],
        "guide": list(page.guide),
        "questions": [one._asdict() for one in page.texts.questions if one.question != elsewhere],
        "doors": [
            {"words": door.words, "url": door.path and f"{url}/{door.path}", "note": door.note} for door in _doors(page)
        ],
        "shop": {"name": page.shop.name or page.shop.domain, "email": page.shop.email},
    }


def _doors(page: OrderPage) -> Iterator[Door]:
    """What can be done, and how far what was asked for has come."""
    for journey in page.way_back.journeys:
        yield Door(journey.name, journey.path, journey.status)
    yield from (*page.way_back.doors, *page.doors)


def _head(shop: Shop, progress: Progress, language: Language) -> Answer:
    order = progress.order
    told = {"name": order.name, "state": progress.state, "headline": headline(progress, language)}
    return told | {"url": links.url(shop, order.id)}


def _parcel(page: OrderPage, parcel: Parcel) -> Answer:
    expected = page.expected(parcel)
    return {
        "title": page.title(parcel),
        "status": page.status(parcel),
        "state": parcel.state,
        "expected": expected and f"{expected.words} ({expected.by})",
        "promised_first": page.promised_first(parcel),
        "arrived": page.arrived(parcel),
        "carrier": parcel.shipment.carrier,
        "numbers": list(_numbers(page, parcel)),
        "items": [_item(item) for item in parcel.items],
        "scans": [asdict(step) for step in page.scans(parcel)],
    }


def _item(item: Item) -> Answer:
    return {"title": item.line.title, "variant": item.line.variant_title, "quantity": item.quantity}


def _numbers(page: OrderPage, parcel: Parcel) -> Iterator[Answer]:
    """`url` is None where a browser may not follow it, `number` where the carrier gave only an address."""
    for tracking in page.numbers(parcel):
        yield {"number": tracking.get("number"), "url": addresses.web(tracking.get("url"))}
