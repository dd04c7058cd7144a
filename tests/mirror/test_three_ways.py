"""An order is the same whether a webhook told it, a round read it, or the first import brought it in bulk."""

from typing import Any

import pytest

from devstore import deeds, server
from devstore.records import Order as Placed
from devstore.records import Product
from shopify_app.db import db, rest, transaction
from shopify_app.orders import reconcile
from shopify_app.orders.models import Line, Order, ParcelEvent, Refund, Shipment
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs
from tests.mirror.conftest import Buy, Rounds

TABLES = (Order, Line, Shipment, ParcelEvent, Refund)
OF_THE_WAY = {"seen_at", "updated_at"}
"""Columns that tell how the news came: webhooks are dated more finely than the Admin API."""
NOTHING = {"amount": 0, "currency": None}
"""A webhook does not say in which currency no money went back."""


def state() -> dict[str, list[dict[str, Any]]]:
    rest()
    found = {}
    for model in TABLES:
        names = [column.key for column in model.__mapper__.column_attrs if column.key not in OF_THE_WAY]
        rows = db.session.query(model).order_by(model.id)
        told = [{name: plain(getattr(row, name)) for name in names} for row in rows]
        found[model.__name__] = [row | (NOTHING if row.get("amount") == 0 else {}) for row in told]
    return found


def plain(value: Any) -> Any:
    """Times without what is below a second."""
    return value.replace(microsecond=0) if hasattr(value, "microsecond") else value


def forget() -> None:
    with transaction():
        for model in TABLES:
            db.session.query(model).delete()


def shown(shop: Shop, rounds: Rounds, jobs: Jobs, order: Placed) -> list[dict[str, list[dict[str, Any]]]]:
    """The mirror by webhooks, by a single reading, by the import."""
    rounds.told()
    ways = [state()]
    forget()
    reconcile.want(shop.id, "order", order.id)
    jobs.run()
    ways.append(state())
    forget()
    reconcile.begin(shop)
    rounds.until_done(shop)
    rounds.until_done(shop, "details")
    ways.append(state())
    return ways


def check(ways: list[dict[str, list[dict[str, Any]]]]) -> dict[str, list[dict[str, Any]]]:
    told, fetched, imported = ways
    assert fetched == told
    assert imported == fetched
    assert [name for name, rows in told.items() if not rows] == []
    return told


def test_an_order_with_all_that_can_happen_to_it(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs, lamp: Product
) -> None:
    lines = [(lamp.variants[0].id, 2), (lamp.variants[1].id, 3)]
    order = buy(lines=lines, discount=("AUTUMN", "percentage", "10"), customer_locale="fr-CA", note="Ring twice")
    parcel = deeds.fulfil(
        shopify.state, order, [(order.lines[0].id, 2)], company="DHL", number="0034", url="https://x.example"
    )
    deeds.scan(shopify.state, parcel, "in_transit", city="Lyon", country="FR", message="On its way")
    deeds.refund(shopify.state, order, [(order.lines[1].id, 1)], shipping="2.00")
    told = check(shown(lumen, rounds, jobs, order))
    assert told["Order"][0]["fulfillment_status"] == "partial"
    assert told["Order"][0]["locale"] == "fr-CA"


@pytest.mark.parametrize(("currency", "total", "back"), [("JPY", 95, 90), ("KWD", 94800, 89900), ("EUR", 9480, 8990)])
def test_an_order_of_a_shop_in_any_currency(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs, currency: str, total: int, back: int
) -> None:
    deeds.update_shop(shopify.state, shopify.state.shops[LUMEN], currency=currency)
    order = buy()
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    deeds.refund(shopify.state, order, [(order.lines[0].id, 1)])
    told = check(shown(lumen, rounds, jobs, order))
    assert (told["Order"][0]["currency"], told["Refund"][0]["currency"]) == (currency, currency)
    assert told["Refund"][0]["amount"] == back
    assert told["Order"][0]["total"] == total - back


def test_an_order_that_the_buyer_paid_in_another_currency(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs
) -> None:
    order = buy(presentment_currency="JPY", exchange_rate="160")
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    deeds.refund(shopify.state, order, [(order.lines[0].id, 1)])
    told = check(shown(lumen, rounds, jobs, order))
    assert (told["Order"][0]["currency"], told["Line"][0]["price"]) == ("JPY", 14384)
    assert (told["Refund"][0]["currency"], told["Refund"][0]["amount"]) == ("JPY", 14384)


def test_a_cancelled_test_order_of_a_guest(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs, clock: Clock
) -> None:
    order = buy(customer=None, email="guest@example.com", test=True, paid=False)
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "failure")
    deeds.refund(shopify.state, order, [(order.lines[0].id, 1)], amount="0")
    clock.forward(seconds=2)
    deeds.cancel(shopify.state, order, "fraud")
    told = check(shown(lumen, rounds, jobs, order))
    assert (told["Order"][0]["is_test"], told["Order"][0]["cancel_reason"]) == (True, "fraud")
