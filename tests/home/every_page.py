"""All pages of a merchant's, and a shop that has something to show on each."""

from flask import Flask
from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.feedback.models import OPEN, Case
from shopify_app.mail import outbox
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.returns import requests
from shopify_app.returns.models import RECEIVED
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.home.test_privacy import asked
from tests.returns import staff

Numbers = dict[str, int | str]
"""One of everything that a page of its own tells of, by the name that routes give it."""


def furnish(shop: Shop, tell: Tell) -> Numbers:
    tell("orders/create", orders.order(), "customers/data_request", asked(orders_requested=[4711]))
    tell("customers/redact", asked(orders_to_redact=[1], customer={"id": 78, "email": "x@example.com", "phone": None}))
    request = half_accepted(shop)
    staff.file(shop)
    with transaction():
        case = Case(shop_id=shop.id, order_id=4711, opened_at=clock.now(), state=OPEN)
        db.session.add(case)
        outbox.write(shop, "confirmations/order", "confirmation/4711", 4711, to="x@example.com", skip="too_late")
    message = outbox.keyed(shop, "confirmation/4711")
    assert message is not None
    known: Numbers = {"order_id": 4711, "message_id": message.id, "name": "tracking/shipped", "case_id": case.id}
    known |= {"/returns/": request, "/privacy/": _privacy("erase_customer"), "/export": _privacy("export")}
    rest()
    return known


def half_accepted(shop: Shop) -> int:
    """A return whose refund only Shopify can work out."""
    number = staff.file(shop)
    found = staff.found(shop, number)
    with transaction():
        found.state, found.received_at = RECEIVED, clock.now()
        [item] = requests.items(shop, [number])[number]
        item.received, item.rejected = 2, 1
        item.accept(1, "restocked")
    return number


def _privacy(kind: str) -> int:
    return db.session.scalars(select(PrivacyRequest.id).where(PrivacyRequest.kind == kind)).one()


def paths(app: Flask, numbers: Numbers) -> list[str]:
    """Every GET of a merchant's; KeyError for a new route of something that `furnish` does not bring."""
    found = []
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.rpartition(".")[0]
        if guards.merchant not in app.before_request_funcs.get(blueprint, []) or "GET" not in (rule.methods or ()):
            continue
        owner = next((part for part in ("/export", "/privacy/", "/returns/") if part in rule.rule), "")
        known = numbers | {"request_id": numbers.get(owner, 0)}
        with app.test_request_context():
            found.append(app.url_map.bind("").build(rule.endpoint, {name: known[name] for name in rule.arguments}))
    return sorted(found)
