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
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.home.test_privacy import asked
from tests.returns import staff
from tests.routes import Values, doors

FILES = (".csv", ".json", "/file", "/block", "/import", "/progress", "/certificate", "/export")
PARTS = ("/figures/tiles/", "/health/lights")


def furnish(shop: Shop, tell: Tell) -> Values:
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
    erased, exported = _privacy("erase_customer"), _privacy("export")
    rest()
    return {
        ("block", "order_id"): 4711,
        ("feedback_admin", "case_id"): case.id,
        ("home", "order_id"): 4711,
        ("messages", "message_id"): message.id,
        ("privacy", "request_id"): erased,
        ("privacy.export", "request_id"): exported,
        ("returns_review", "request_id"): request,
    }


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


def paths(app: Flask, values: Values) -> list[str]:
    """Every GET of a merchant's; KeyError for a new route of something that `furnish` does not bring."""
    return sorted({one.address(one.rows(values)) for one in doors(app, "merchant") if one.method == "GET"})


def documents(app: Flask, values: Values) -> list[str]:
    """Of these, what a person opens: no files, and no parts of pages."""
    return [path for path in paths(app, values) if not path.endswith(FILES) and not path.startswith(PARTS)]
