"""What a buyer said of an order is theirs: they may have it, and have it erased."""

import io
import json

import pytest
from sqlalchemy import func, select

from shopify_app import photos, privacy
from shopify_app.db import db, rest
from shopify_app.feedback import cases
from shopify_app.feedback.models import Answer, Case, Entry, Request, Review, ReviewEntry, ReviewPhoto
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.privacy.scan import scan
from shopify_app.shopify.models import Shop
from tests import factories
from tests.buyers import Storefront, Tell
from tests.conftest import Clock
from tests.feedback.conftest import LAMP, Buyer, Buys
from tests.feedback.test_reviews import picture, writes

TABLES = (Request, Answer, Case, Entry, Review, ReviewEntry, ReviewPhoto)


def counts() -> list[int]:
    rest()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@pytest.fixture
def spoken(mira: Buyer, shop: Shop) -> None:
    """Mira has said all that one can."""
    mira.sends("", {"verdict": "wrong", "cause": "damaged", "wrong": "Broken at Lindenweg 4."})
    mira.sends("/answers", {"items": "1", "items_text": "Call Mira Sommer."})
    writes(mira, 2, "My name is Sommer.", photo=[(io.BytesIO(picture()), "a.jpg")])
    cases.note(shop, db.session.scalars(select(Case.id)).one(), "7", "Mrs Sommer called.")


def test_an_export_holds_what_the_buyer_said(spoken: None, shop: Shop, tell: Tell) -> None:
    tell("customers/data_request", factories.privacy("customers/data_request"))
    asked = db.session.scalars(select(PrivacyRequest)).one()
    told = json.dumps(privacy.export_of(shop, asked.id), ensure_ascii=False)
    for text in ("Broken at Lindenweg 4.", "Call Mira Sommer.", "My name is Sommer.", "Mrs Sommer called."):
        assert text in told


def test_nothing_of_it_is_left_when_the_buyer_is_erased(
    spoken: None, shop: Shop, tell: Tell, buys: Buys, storefront: Storefront, clock: Clock
) -> None:
    tom = {"id": 7002, "first_name": "Tom", "last_name": "Fels", "email": "tom@example.com", "phone": None}
    home = factories.HOME | {"first_name": "Tom", "last_name": "Fels", "name": "Tom Fels", "phone": None}
    other = {"customer": tom, "email": tom["email"], "contact_email": tom["email"], "shipping_address": home}
    buys(2001, billing_address=home, **other).arrives()
    tell("products/create", factories.product())
    Buyer(storefront, shop, 2001).sends(f"/reviews/{LAMP}", {"stars": "4", "text": "Fine."})
    tell("customers/redact", factories.privacy("customers/redact"))
    assert counts() == [1, 0, 0, 0, 1, 1, 0], "what is left is Tom's"
    page = storefront.get("/reviews/reading-lamp").text
    assert "Fine." in page and "Sommer" not in page
    assert list(scan(shop.domain, ["Lindenweg 4.", "Call Mira", "My name is"])) == []
    clock.forward(days=2)
    assert photos.sweep() >= 1, "the picture is gone too"
