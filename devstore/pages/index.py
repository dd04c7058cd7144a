"""The start page: what there is to click."""

from typing import Any

from flask import Blueprint, render_template

from devstore import words
from devstore.context import store
from devstore.records import Order, Shop

blueprint = Blueprint("index", __name__)


@blueprint.get("/")
def start() -> str:
    running = store()
    app = running.app
    return render_template(
        "index.html",
        running=running,
        shops=[_card(shop) for shop in running.state.shops.values()],
        tracking_page=f"/{app.proxy_prefix}/{app.proxy_subpath}",
        mails=len(running.mailbox.messages()),
    )


def _last_scan(order: Order) -> str | None:
    """What the carrier said last about its newest parcel; None without one."""
    return words.shipment_status(order.fulfillments[-1]) if order.fulfillments else None


def _card(shop: Shop) -> dict[str, Any]:
    running = store()
    orders = running.state.orders.of(shop.domain)
    moving = [order for order in orders if _last_scan(order) == "in_transit" and order.email]
    example = (moving or orders)[-1:]
    return {
        "name": shop.name,
        "domain": shop.domain,
        "handle": shop.handle,
        "orders": len(orders),
        "installed": running.state.install(shop.domain) is not None,
        "app": f"/store/{shop.handle}/apps/{running.client_id}",
        "storefront": running.storefront_url(shop.domain),
        "example": next(((order.name, order.email) for order in example), ("#1001", "an e-mail")),
    }
