"""Stars in the fields that all themes read: only where the merchant wants them, true, and gone when switched off."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds
from devstore.records import Order, Product
from devstore.server import Running
from shopify_app import feedback
from shopify_app.db import db, rest
from shopify_app.feedback import links
from shopify_app.feedback.models import Rating, Review
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.carts.test_killed import killed
from tests.conftest import LUMEN, Clock, Jobs, Sender, allow
from tests.home.conftest import Merchant

SYNC = "from jobs import sync; sync.drain()"


class Shelf:
    """A lamp, those who bought it, and what its product page can say."""

    def __init__(self, shopify: Running, shop: Shop, client: FlaskClient, jobs: Jobs, clock: Clock) -> None:
        self.shopify, self.shop, self.client, self.jobs, self.clock = shopify, shop, client, jobs, clock
        self.merchant = Merchant(client, LUMEN)
        variant = {"title": "Default Title", "price": "40.00", "inventory_quantity": 50}
        self.lamp: Product = deeds.add_product(shopify.state, LUMEN, "Desk lamp", [variant])

    def settle(self) -> None:
        assert self.shopify.log.settle()
        self.jobs.run()

    def bought(self, email: str) -> Order:
        wanted = [(self.lamp.variants[0].id, 1)]
        order = deeds.place_order(self.shopify.state, LUMEN, wanted, email=email)
        self.settle()
        return order

    def reviewed(self, stars: int, email: str) -> Order:
        order = self.bought(email)
        self.says(order, stars)
        self.settle()
        return order

    def says(self, order: Order, stars: int) -> None:
        token = links.token(self.shop, order.id, "")
        path = f"/feedback/{token}/reviews/{self.lamp.id}"
        answer = Storefront(self.client, LUMEN).post(path, {"stars": str(stars), "text": "So be it."})
        assert answer.status_code == 200

    def switch(self, on: bool = True) -> int:
        status = self.merchant.sends("/feedback/reviews/ratings", {"on": "yes"} if on else {}).status_code
        self.settle()
        return status

    def fields(self) -> dict[str, Any]:
        return {one.key: one.value for one in self.lamp.metafields if one.namespace == "reviews"}

    def rated(self) -> tuple[str, int] | None:
        """As a theme reads it."""
        found = self.fields()
        return (json.loads(found["rating"])["value"], int(found["rating_count"])) if found else None


@pytest.fixture
def shelf(shopify: Running, installed: Shop, client: FlaskClient, jobs: Jobs, clock: Clock) -> Shelf:
    allow(shopify, "write_products")
    found = Shelf(shopify, installed, client, jobs, clock)
    found.settle()
    return found


def results() -> list[str | None]:
    rest()
    return [row.result for row in db.session.query(Rating).order_by(Rating.id)]


def test_nothing_is_written_before_the_merchant_says_so(shelf: Shelf) -> None:
    shelf.reviewed(4, "a@example.com")
    assert (shelf.rated(), results()) == (None, [])
    assert shelf.switch() == 200
    assert shelf.rated() == ("4.0", 1)
    assert shelf.shopify.state.shops[LUMEN].definitions == ["reviews.rating", "reviews.rating_count"]


def test_it_follows_every_review_that_is_written_hidden_or_shown_again(shelf: Shelf) -> None:
    shelf.switch()
    shelf.reviewed(5, "a@example.com")
    shelf.reviewed(2, "b@example.com")
    assert shelf.rated() == ("3.5", 2)
    assert json.loads(shelf.fields()["rating"]) == {"value": "3.5", "scale_min": "1.0", "scale_max": "5.0"}
    rest()
    worst = db.session.query(Review).filter(Review.stars == 2).one().id
    shelf.merchant.sends(f"/feedback/reviews/{worst}/hiding", {"why": "insult"})
    shelf.settle()
    assert shelf.rated() == ("5.0", 1)
    shelf.merchant.sends(f"/feedback/reviews/{worst}/showing")
    shelf.settle()
    assert shelf.rated() == ("3.5", 2)


def test_the_last_review_takes_the_fields_with_it(shelf: Shelf, sends: Sender) -> None:
    """Its buyer is erased, and nobody tells the ratings: they are counted again."""
    shelf.switch()
    order = shelf.reviewed(4, "a@example.com")
    customer = {"id": order.customer_id, "email": "a@example.com", "phone": None}
    sends("customers/redact", {"shop_domain": LUMEN, "customer": customer, "orders_to_redact": [order.id]})
    shelf.settle()
    assert feedback.recount() == 1
    shelf.settle()
    assert (shelf.rated(), results()) == (None, ["removed"])
    assert feedback.recount() == 0


def test_switched_off_they_are_taken_away_and_nothing_else_is(shelf: Shelf) -> None:
    deeds.set_metafield(shelf.shopify.state, shelf.lamp, "custom", "material", "single_line_text_field", "Brass")
    shelf.switch()
    shelf.reviewed(4, "a@example.com")
    assert shelf.switch(on=False) == 200
    assert shelf.fields() == {}
    assert [one.key for one in shelf.lamp.metafields] == ["material"]
    shelf.reviewed(5, "b@example.com")
    assert shelf.rated() is None


def test_without_the_permission_it_cannot_be_switched_on(shelf: Shelf) -> None:
    install = shelf.shopify.state.install(LUMEN)
    assert install is not None
    deeds.grant(shelf.shopify.state, LUMEN, [scope for scope in install.scopes if scope != "write_products"])
    shelf.settle()
    assert shelf.switch() == 409
    page = shelf.merchant.opens("/feedback/reviews").text
    assert 'data-grant="write_products"' in page


def test_a_shopify_that_is_busy_has_them_a_little_later(shelf: Shelf) -> None:
    shelf.switch()
    shelf.shopify.faults.graphql.throttled = 3
    shelf.reviewed(3, "a@example.com")
    for _ in range(6):
        shelf.clock.forward(seconds=30)
        shelf.settle()
    assert shelf.rated() == ("3.0", 1)


@pytest.mark.faults
@pytest.mark.parametrize("point", ["rating_intended", "rating_told"])
def test_a_worker_that_is_killed_on_the_way_leaves_them_true(app: Flask, shelf: Shelf, point: str) -> None:
    shelf.switch()
    order = shelf.bought("a@example.com")
    shelf.says(order, 3)
    assert killed(app, point, SYNC)
    shelf.clock.forward(minutes=2)
    shelf.settle()
    assert shelf.rated() == ("3.0", 1)
    assert results() == ["told"]


def test_the_store_takes_no_rating_that_shopify_would_not(shelf: Shelf) -> None:
    owner = f"gid://shopify/Product/{shelf.lamp.id}"
    field = {"ownerId": owner, "namespace": "reviews", "key": "rating", "type": "rating"}
    outside = json.dumps({"value": "6.0", "scale_min": "1.0", "scale_max": "5.0"})
    bare = json.dumps({"value": 4.5, "scale_min": 1, "scale_max": 5})
    for wrong in (
        field | {"value": outside},
        field | {"value": bare},
        field | {"type": "number_integer", "value": "4"},
    ):
        with pytest.raises(Refused):
            AdminApi(shelf.shop).run("feedback/set_ratings", fields=[field | wrong])
    assert shelf.fields() == {}
