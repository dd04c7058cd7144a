"""What the message says: the items, the obstacle, one button, in the buyer's language and register."""

from collections.abc import Callable

import pytest
import requests

from devstore import deeds
from devstore.records import Address
from shopify_app.db import transaction
from shopify_app.shopify.models import Shop
from tests.carts.conftest import Store

HOME = Address(first_name="Ann", last_name="Hall", address1="1 Road", city="Reykjavík", zip="101", country_code="IS")


def test_a_declined_card_is_named(store: Store) -> None:
    deeds.decline_payment(store.state, store.left())
    store.later(hours=1)
    assert "Your payment did not go through." in (store.mails()[0].text or "")


def test_an_address_without_a_way_of_delivery_is_named(store: Store) -> None:
    deeds.update_checkout(store.state, store.left(), shipping_address=HOME)
    store.later(hours=1)
    assert "We found no way to deliver to your address." in (store.mails()[0].text or "")


def test_without_an_obstacle_none_is_invented(store: Store) -> None:
    checkout = store.left()
    deeds.update_checkout(store.state, checkout, shipping_address=HOME, shipping=("Standard", "4.90"))
    store.later(hours=1)
    text = store.mails()[0].text or ""
    assert "payment" not in text
    assert "deliver" not in text


SAID = {
    "en": ("You left something in your cart", "Go on with my order"),
    "fr": ("Il reste quelque chose dans votre panier", "Reprendre ma commande"),
    "de": ("In Ihrem Warenkorb liegt noch etwas", "Bestellung fortsetzen"),
    "es": ("Ha dejado algo en su carrito", "Seguir con mi pedido"),
}
FRIENDLY = {
    "fr": "Il reste quelque chose dans ton panier",
    "de": "In deinem Warenkorb liegt noch etwas",
}


@pytest.mark.parametrize("locale", SAID)
def test_it_speaks_the_language_of_the_checkout(store: Store, locale: str) -> None:
    store.left(locale=locale)
    store.later(hours=1)
    [mail] = store.mails()
    subject, button = SAID[locale]
    assert mail.subject == subject
    for twin in (mail.text, mail.html):
        assert button in (twin or "")


@pytest.mark.parametrize("locale", FRIENDLY)
def test_a_shop_that_says_du_says_it_here_too(store: Store, lumen: Shop, locale: str) -> None:
    with transaction():
        lumen.settings = lumen.settings | {"informal": [locale]}
    store.left(locale=locale)
    store.later(hours=1)
    assert store.mails()[0].subject == FRIENDLY[locale]


def test_a_robot_that_opens_its_links_changes_nothing(store: Store, switch: Callable[..., None]) -> None:
    switch(percent=10)
    checkout = store.left(email="ann@example.com")
    store.later(hours=1)
    [mail] = store.mails("ann@example.com")
    [link] = [line for line in (mail.text or "").splitlines() if "/recover?" in line]
    before = (checkout.updated_at, checkout.completed_at)
    for method in ("GET", "HEAD"):
        assert requests.request(method, link.strip(), timeout=10).status_code == 200
    store.settle()
    assert (checkout.updated_at, checkout.completed_at) == before
    [code] = store.state.codes.of("lumen-goods.myshopify.com")
    assert code.uses == 0
