"""Webhooks come twice, late and out of order. The mirror ends in the same state, and the buyer hears once."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shopify_app import clock as app_clock
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.orders import read
from shopify_app.orders.models import Line, Order, ParcelEvent, Refund, Shipment
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from tests import factories
from tests.conftest import Sender
from tests.factories import Body, later, written

numbers = itertools.count(10_000)
some = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],  # a shorter shuffle is not worth the minutes of looking for it
)
News = tuple[str, Body, datetime]


def history(number: int, began: datetime) -> list[News]:
    """All that Shopify says about one order, from the first word to the last. The first three fall into one second."""

    def order(hours: float, **keys: Any) -> Body:
        return factories.new_order(began, number, updated_at=written(began + timedelta(hours=hours)), **keys)

    def parcel(hours: float, **keys: Any) -> Body:
        return factories.fulfillment(number, number, updated_at=written(began + timedelta(hours=hours)), **keys)

    lines = [factories.line(number * 10 + 1, current_quantity=0), factories.line(number * 10 + 2, title="Bulb")]
    sent = parcel(1)
    seen = parcel(3, shipment_status="in_transit")
    told: list[tuple[str, Body]] = [
        ("orders/create", order(0, financial_status="pending")),
        ("orders/updated", order(0, financial_status="authorized")),
        ("orders/paid", order(0)),
        ("fulfillments/create", sent),
        ("orders/fulfilled", order(1, fulfillment_status="fulfilled", fulfillments=[sent])),
        ("fulfillment_events/create", factories.event(number, number, number)),
        ("fulfillment_events/create", factories.event(number + 1_000_000, number, number, status="delayed")),
        ("fulfillment_events/delete", factories.event(number + 1_000_000, number, number, status="delayed")),
        ("fulfillments/update", seen),
        ("orders/updated", order(3, fulfillment_status="fulfilled", fulfillments=[seen])),
        ("refunds/create", factories.refund(number, number)),
        ("orders/updated", order(48, financial_status="refunded", line_items=lines, fulfillments=[seen])),
    ]
    return [(topic, body, began + timedelta(seconds=place)) for place, (topic, body) in enumerate(told)]


KEYED = ("email_index", "phone_index", "email_lookup", "phone_lookup", "checkout_index", "name_index")
SKIPPED = ("id", "order_id", "shipment_id", "deleted_at", "lines", *KEYED)


def state(shop: Shop, number: int) -> list[Any]:
    """Every row about the order, as far as it does not hold the number itself."""
    rest()
    found: list[Any] = []
    for model in (Order, Line, Shipment, ParcelEvent, Refund):
        of_order = model.id == number if model is Order else model.order_id == number
        names = [column.key for column in model.__mapper__.column_attrs if column.key not in SKIPPED]
        rows = db.session.query(model).filter(model.shop_id == shop.id, of_order).order_by(model.id)
        told = [{name: getattr(row, name) for name in names} for row in rows]
        gone = [getattr(row, "deleted_at", None) is not None for row in rows]
        found.append((model.__name__, repr(told).replace(str(number), "N"), gone))
    return found


@some
@given(data=st.data())
def test_any_shuffle_of_an_orders_news_ends_in_the_same_state(sends: Sender, shop: Shop, data: st.DataObject) -> None:
    began = app_clock.now().replace(microsecond=0)
    straight, shuffled = next(numbers), next(numbers)
    for news in history(straight, began):
        deliver(sends, news)
    inbox.process()
    told = history(shuffled, began)
    again = data.draw(st.lists(st.sampled_from(range(len(told))), max_size=5), label="repeated")
    for place in data.draw(st.permutations([*range(len(told)), *again]), label="order"):
        deliver(sends, told[place])
    inbox.process()
    assert state(shop, shuffled) == state(shop, straight)
    assert len(read.whole(shop, shuffled).events) == 1  # type: ignore[union-attr]
    for number in (straight, shuffled):
        assert db.session.query(Message).filter_by(key=f"confirmation/{number}").count() == 1


def deliver(sends: Sender, news: News) -> None:
    topic, body, at = news
    assert sends(topic, body, at=at).status_code == 200


def test_one_worked_through_after_the_other_is_no_different_from_all_at_once(sends: Sender, shop: Shop) -> None:
    began = app_clock.now().replace(microsecond=0)
    straight, backwards = next(numbers), next(numbers)
    for news in history(straight, began):
        deliver(sends, news)
        inbox.process()
    for news in history(backwards, began)[::-1]:
        deliver(sends, news)
        inbox.process()
    assert state(shop, backwards) == state(shop, straight)


def test_of_two_news_of_the_same_second_the_one_sent_later_holds(sends: Sender, shop: Shop) -> None:
    now = app_clock.now()
    for seconds, status in ((2, "paid"), (1, "authorized"), (3, "refunded"), (0, "pending")):
        sends("orders/updated", factories.order(financial_status=status), at=now + timedelta(seconds=seconds))
        inbox.process()
    assert db.session.query(Order).one().financial_status == "refunded"


def test_older_news_does_not_bring_back_lines(sends: Sender, shop: Shop) -> None:
    sends("orders/updated", factories.order(updated_at=later(5), line_items=[factories.line(1, title="Now")]))
    sends("orders/create", factories.order(line_items=[factories.line(1, title="Then")]))
    inbox.process()
    assert [line.title for line in db.session.query(Line)] == ["Now"]
