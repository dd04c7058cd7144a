"""A shop with something in every table that a page leads to, and all that lies in the database."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shopify_app import clock
from shopify_app.changes.models import Change
from shopify_app.db import Model, db, rest, transaction
from shopify_app.feedback.models import Case, Review
from shopify_app.mail.models import Message
from shopify_app.privacy import certificate
from shopify_app.privacy.models import EXPORT, READY, PrivacyRequest
from shopify_app.returns.models import Goodwill
from shopify_app.settings import Change as Setting
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from tests.buyers import Storefront, storefront
from tests.home.conftest import Merchant, merchant, neighbour
from tests.returns.staff import file, place
from tests.routes import Values

__all__ = ("merchant", "neighbour", "storefront")

NAMES = ("Nora", "Lindqvist", "nora.lindqvist@example.com", "Rue de l")
"""What gives away the buyer of the shop that is looked into."""

CERTIFICATE = certificate.issue("lumen-goods.myshopify.com", EXPORT, clock.now(), clock.now(), {"orders": 1})

Rows = Callable[..., dict[str, list[str]]]


@pytest.fixture
def rows(app: Flask) -> Rows:
    """rows(): all that is in the database; rows(shop): what is that shop's."""

    def read(shop: Shop | None = None) -> dict[str, list[str]]:
        rest()
        found = {}
        for table in db.metadata.sorted_tables:
            asked = db.select(table)
            if shop is not None and "shop_id" in table.c:
                asked = asked.where(table.c.shop_id == shop.id)
            elif shop is not None and "shop_domain" in table.c:
                asked = asked.where(table.c.shop_domain == shop.domain)
            elif shop is not None and table.name == "shops":
                asked = asked.where(table.c.id == shop.id)
            elif shop is not None:
                continue
            found[table.name] = sorted(repr(row) for row in db.session.execute(asked))
        rest()
        return found

    return read


@pytest.fixture
def filled(merchant: Merchant, shop: Shop, configure: Callable[..., None]) -> Values:
    """Numbers of rows of this shop. Shopify does not answer meanwhile."""
    configure(shop_url="http://127.0.0.1:9/{shop}")
    now = clock.now()
    order, name = place(shop)
    returned = file(shop, order=(order, name))
    about = {"shop_id": shop.id, "order_id": order}
    change = Change(**about, kind="cancel", content={"note": "Nora changed her mind"}, asked_at=now)
    case = Case(**about, state="open", opened_at=now)
    review = Review(**about, product_id=9001, stars=4, content={"name": "Nora L.", "text": "Bright."}, language="en")
    review.written_at = review.changed_at = now
    message = Message(**about, key="confirmation/1", template="confirmations/welcome", created_at=now)
    message.done_at, message.result, message.error = now, "failed", "550"
    webhook = Webhook(shop_domain=shop.domain, webhook_id="1", topic="orders/create", triggered_at=now, received_at=now)
    webhook.body, webhook.done_at, webhook.result = b'{"note": "Nora"}', now, "failed"
    spare = Webhook(shop_domain=shop.domain, webhook_id="2", topic="orders/create", triggered_at=now, received_at=now)
    spare.body, spare.done_at, spare.result = b"{}", now, "failed"
    wish = PrivacyRequest(shop_domain=shop.domain, kind=EXPORT, asked_at=now, export={"name": "Nora"})
    wish.done_at, wish.result, wish.certificate = now, READY, CERTIFICATE
    gift = Goodwill(**about, request_id=returned, kind="outside", amount=95_00, currency="EUR")
    gift.asked_by, gift.asked_at = "8", now
    setting = Setting(shop_id=shop.id, key="informal", before=None, after=["de"], by="8", at=now)
    _add(change, case, review, message, webhook, spare, wish, gift, setting)
    return {
        ("block", "order_id"): order,
        ("changes_admin", "change_id"): change.id,
        ("condition", "row_id"): spare.id,
        ("feedback_admin", "case_id"): case.id,
        ("home", "order_id"): order,
        ("privacy", "request_id"): wish.id,
        ("home", "webhook_id"): webhook.id,
        ("letters", "number"): 1,
        ("history", "change_id"): setting.id,
        ("history", "number"): 1,
        ("messages", "message_id"): message.id,
        ("returns_review", "number"): gift.id,
        ("returns_review", "request_id"): returned,
        ("reviews_admin", "review_id"): review.id,
    }


def _add(*made: Model) -> None:
    with transaction():
        db.session.add_all(made)


@pytest.fixture
def order(filled: Values) -> int:
    """The number of the order in it."""
    return filled["home", "order_id"]


@pytest.fixture
def other_storefront(client: FlaskClient, other_shop: Shop) -> Storefront:
    return Storefront(client, other_shop.domain)
